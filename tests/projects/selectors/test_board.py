"""The board beyond its facets (those are in test_facets): what stands on it, and what stands under a firm's name."""

from datetime import date

import pytest

from projects.choices import Domain
from projects.models import Challenge, SimilarChallenge
from projects.selectors.board import (
    areas_of,
    board_count,
    board_facets,
    board_rows,
    challenges_of_organisation,
    challenges_shown,
    places_of,
    similar_challenges,
    titled,
    trl_gap,
    trl_range,
)
from projects.selectors.facets import narrow
from projects.states import LIVE_CHALLENGES, ChallengeState
from tests.factories import ChallengeFactory, OrganisationFactory, PlaceFactory

pytestmark = pytest.mark.django_db


def test_only_live_challenges_are_listed_counted_and_shown() -> None:
    made = {state: ChallengeFactory(state=state) for state in ChallengeState.values}
    live = {made[state].pk for state in LIVE_CHALLENGES}

    assert {row["pk"] for row in board_rows()} == live
    assert board_count() == len(live) == len(LIVE_CHALLENGES)
    assert {row.pk for row in challenges_shown([challenge.pk for challenge in made.values()])} == live


def test_under_the_name_of_a_firm_stands_what_was_published_and_nothing_anonymous() -> None:
    firm = OrganisationFactory()
    made = {state: ChallengeFactory(state=state, organisation=firm) for state in ChallengeState.values}
    ChallengeFactory(organisation=firm, anonymous=True)

    shown = {challenge.state for challenge in challenges_of_organisation(firm)}

    assert shown == {*LIVE_CHALLENGES, "awarded", "closed", "expired"}
    assert set(made) - shown == {"draft", "submitted", "needs_changes", "rejected", "withdrawn"}


def test_similar_challenges_are_found_from_either_side_the_likest_first_and_only_on_the_board() -> None:
    challenge, near, nearer, over = (ChallengeFactory() for _ in range(4))
    Challenge.objects.filter(pk=over.pk).update(state=ChallengeState.WITHDRAWN)
    SimilarChallenge.objects.create(challenge=challenge, other=near, likeness=0.2)
    SimilarChallenge.objects.create(challenge=nearer, other=challenge, likeness=0.3)
    SimilarChallenge.objects.create(challenge=challenge, other=over, likeness=0.9)
    SimilarChallenge.objects.create(challenge=near, other=challenge, likeness=0.1)

    assert similar_challenges(challenge) == [nearer, near]
    assert similar_challenges(challenge, limit=1) == [nearer]
    assert similar_challenges(over) == [challenge]


def test_an_anonymous_challenge_is_no_example_by_its_title() -> None:
    named = ChallengeFactory(title_zh="甲")
    ChallengeFactory(title_zh="乙", anonymous=True)

    assert list(titled(["甲", "乙"])) == [named]


def test_a_deadline_counts_in_every_span_that_holds_it_and_not_once_it_is_past() -> None:
    today = date(2027, 1, 1)
    for deadline in ("2026-12-31", "2027-01-31", "2027-02-01", "2027-06-30", "2027-07-01", None):
        ChallengeFactory(deadline=deadline)

    counts = narrow(board_rows(), board_facets([], today=today), {}).counts["deadline"]

    assert dict(counts) == {"30": 1, "90": 2, "180": 3}


def test_a_bottleneck_is_counted_only_when_the_firm_shows_it() -> None:
    ChallengeFactory(is_bottleneck=True)
    ChallengeFactory(is_bottleneck=True, bottleneck_public=True)

    assert dict(narrow(board_rows(), board_facets([]), {}).counts["bottleneck"]) == {"yes": 1}


def test_places_are_the_bay_first_then_the_others_and_those_asked_for() -> None:
    for key in ("ningde", "aveiro", "zhuhai", "hong-kong", "unused"):
        PlaceFactory(key=key)

    found = places_of([{"place": "ningde"}, {"place": None}], ["aveiro", "nowhere"])

    assert [place.key for place in found] == ["hong-kong", "zhuhai", "aveiro", "ningde"]
    assert areas_of("zhuhai") == ("bay", "zhuhai")
    assert areas_of("ningde") == ("outside", "ningde")
    assert areas_of(None) == ()


def test_every_level_of_readiness_and_every_field_has_its_option() -> None:
    options = {facet.name: {value for value, _words in facet.options} for facet in board_facets([])}

    assert [trl_range(level)[0] for level in range(1, 10)] == ["1-3"] * 3 + ["4-6"] * 3 + ["7-9"] * 3
    assert trl_range(None) == ()
    assert options["field"] == set(Domain.values)
    assert options["trl"] == {"1-3", "4-6", "7-9"}


@pytest.mark.parametrize(
    ("now", "wanted", "gap"),
    [
        (3, 5, ("0-2",)),
        (3, 6, ("3-4",)),
        (3, 7, ("3-4",)),
        (1, 9, ("5-8",)),
        (4, 4, ("0-2",)),
        (None, 7, ()),
        (3, None, ()),
    ],
)
def test_the_gap_is_the_way_from_the_readiness_now_to_the_one_wanted(
    now: int | None, wanted: int | None, gap: tuple[str, ...]
) -> None:
    assert trl_gap(now, wanted) == gap
