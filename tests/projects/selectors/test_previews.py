"""What a preview shows: only what is still public."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from projects.models import Preview
from projects.selectors.previews import FAILED_AFTER, is_late, preview_cards, preview_state
from projects.states import CapabilityState, PreviewState
from tests.factories import ArchiveRecordFactory, CapabilityFactory, ChallengeFactory, match_detail

pytestmark = pytest.mark.django_db


def test_a_capability_that_was_hidden_since_is_not_shown() -> None:
    hidden, shown = CapabilityFactory(), CapabilityFactory()
    details = [match_detail(ChallengeFactory(), capability) for capability in (hidden, shown)]
    preview = Preview.objects.create(visitor="a", text="x", results={"matches": details})
    assert [card.capability for card in preview_cards(preview)] == [hidden, shown]

    hidden.state = CapabilityState.HIDDEN
    hidden.save()

    assert [(card.rank, card.capability) for card in preview_cards(preview)] == [(1, shown)]


def test_the_archive_answers_with_its_records() -> None:
    record = ArchiveRecordFactory()
    details = [match_detail(ChallengeFactory(), record)]
    preview = Preview.objects.create(visitor="a", text="x", scope="archive", results={"matches": details})

    assert [card.capability for card in preview_cards(preview)] == [record]


def test_what_is_not_answered_yet_has_no_cards() -> None:
    assert preview_cards(Preview.objects.create(visitor="a", text="x")) == []


@pytest.mark.parametrize(
    ("seconds", "late", "state"),
    [(2, False, PreviewState.PENDING), (60, True, PreviewState.PENDING), (601, True, PreviewState.FAILED)],
)
def test_who_waits_for_long_is_told_so_and_at_last_that_it_failed(
    seconds: int, late: bool, state: PreviewState
) -> None:
    preview = Preview.objects.create(visitor="a", text="x")

    with time_machine.travel(timezone.now() + timedelta(seconds=seconds)):
        assert (is_late(preview), preview_state(preview)) == (late, state)


def test_what_was_answered_never_fails() -> None:
    preview = Preview.objects.create(visitor="a", text="x", state=PreviewState.READY)

    with time_machine.travel(timezone.now() + 2 * FAILED_AFTER):
        assert preview_state(preview) == PreviewState.READY
