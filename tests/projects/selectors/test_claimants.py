"""Who stands behind an archived record: those whose claim was accepted and who can be shown."""

from typing import Any

import pytest

from projects.models import ArchiveClaim, ArchiveRecord
from projects.selectors.claimants import Claimant, claimants_of, records_with_claimants
from tests.factories import ArchiveRecordFactory, CapabilityFactory, MembershipFactory, ProfileFactory, UserFactory

pytestmark = pytest.mark.django_db


def claim(record: ArchiveRecord, user: Any, state: str = "accepted") -> None:
    """A claim in a state."""
    ArchiveClaim.objects.create(record=record, user=user, state=state, message="This is my own work.")


def test_a_person_with_a_page_stands_for_themselves_and_any_other_for_their_organisation() -> None:
    record = ArchiveRecordFactory()
    profiled, offering = ProfileFactory().user, CapabilityFactory().owner
    member = MembershipFactory()
    for user in (profiled, offering, member.user, UserFactory()):
        claim(record, user)

    found = claimants_of(records_with_claimants().get())

    assert set(found) == {
        Claimant(person=profiled),
        Claimant(person=offering),
        Claimant(organisation=member.organisation),
    }


def test_nobody_is_shown_for_a_claim_that_waits_or_was_refused_or_whose_maker_left() -> None:
    record = ArchiveRecordFactory()
    claim(record, ProfileFactory().user, "open")
    claim(record, ProfileFactory().user, "refused")
    claim(record, ProfileFactory(user__is_active=False).user)

    assert claimants_of(records_with_claimants().get()) == []


@pytest.mark.parametrize("rows", [1, 3])
def test_claimants_cost_no_query_per_record(rows: int, django_assert_max_num_queries: Any) -> None:
    for _ in range(rows):
        claim(ArchiveRecordFactory(), ProfileFactory().user)

    with django_assert_max_num_queries(3):
        assert [len(claimants_of(record)) for record in records_with_claimants()] == [1] * rows
