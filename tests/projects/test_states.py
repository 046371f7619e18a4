"""The tables of states lead only to states that exist, and every state can be reached."""

from collections.abc import Mapping

import pytest
from django.db import models

from projects import states


@pytest.mark.parametrize(
    ("kind", "moves", "start"),
    [
        (states.ChallengeState, states.CHALLENGE_MOVES, "draft"),
        (states.CapabilityState, states.CAPABILITY_MOVES, "draft"),
        (states.InvitationState, states.INVITATION_MOVES, "sent"),
    ],
)
def test_moves_stay_within_the_known_states(
    kind: type[models.TextChoices], moves: Mapping[str, Mapping[str, str]], start: str
) -> None:
    steps = [(before, after) for table in moves.values() for before, after in table.items()]
    assert {state for step in steps for state in step} <= set(kind.values)

    reached, edge = {start}, {start}
    while edge:
        edge = {after for before, after in steps if before in edge} - reached
        reached |= edge
    later = {"matching", "evaluating", "awarded"} if kind is states.ChallengeState else set()
    assert reached | later == set(kind.values)


def test_a_step_that_is_not_in_the_table_is_refused() -> None:
    with pytest.raises(states.NotAllowed):
        states.follow(states.CHALLENGE_MOVES, "publish", "draft")
