"""What a preview shows: only what is still public."""

import pytest

from projects.models import Preview
from projects.selectors.previews import preview_cards
from projects.states import CapabilityState
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
