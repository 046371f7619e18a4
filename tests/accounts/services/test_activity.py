"""The log of deeds."""

import pytest

from accounts.models import Activity, Organisation
from accounts.services.activity import record
from tests.factories import MembershipFactory, OrganisationFactory

pytestmark = pytest.mark.django_db


def test_a_deed_says_who_did_what_to_what_and_for_whom() -> None:
    member = MembershipFactory()

    record(
        member.user, "edited", member.organisation, organisation=member.organisation, reason="更名", fields=["name_zh"]
    )

    deed = Activity.objects.get()
    assert (deed.actor, deed.verb, deed.object_type, deed.object_id) == (
        member.user,
        "edited",
        "organisation",
        str(member.organisation.pk),
    )
    assert (deed.organisation, deed.reason, deed.data) == (member.organisation, "更名", {"fields": ["name_zh"]})


def test_what_the_site_does_by_itself_has_no_actor() -> None:
    assert record(None, "expire", OrganisationFactory()).actor is None


def test_the_log_outlives_the_person_and_the_organisation() -> None:
    member = MembershipFactory()
    record(member.user, "edited", member.organisation, organisation=member.organisation)

    member.user.delete()
    Organisation.objects.all().delete()

    deed = Activity.objects.get()
    assert (deed.verb, deed.actor, deed.organisation) == ("edited", None, None)


def test_the_newest_deed_stands_first() -> None:
    organisation = OrganisationFactory()
    for verb in ("founded", "verified"):
        record(None, verb, organisation)

    assert [deed.verb for deed in Activity.objects.all()] == ["verified", "founded"]
