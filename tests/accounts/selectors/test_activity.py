"""Who edited an object last, as the log says."""

import pytest

from accounts.models import Organisation
from accounts.selectors.activity import edit_by_another, last_edit
from accounts.services.activity import record
from tests.factories import OrganisationFactory, UserFactory

pytestmark = pytest.mark.django_db


def test_only_edits_of_this_object_by_others_count() -> None:
    firm, me, other = OrganisationFactory(), UserFactory(), UserFactory()
    assert last_edit(Organisation, firm.pk) == 0

    theirs, mine = record(other, "edited", firm), record(me, "edited", firm)
    record(other, "verified", firm)
    record(other, "edited", OrganisationFactory())

    assert last_edit(Organisation, firm.pk) == mine.pk
    assert edit_by_another(firm, after=0, than=me) == theirs
    assert edit_by_another(firm, after=theirs.pk, than=me) is None
    assert edit_by_another(firm, after=theirs.pk, than=other) == mine


def test_an_edit_of_somebody_who_has_left_the_site_still_counts() -> None:
    firm = OrganisationFactory()
    gone = record(None, "edited", firm)

    assert edit_by_another(firm, after=0, than=UserFactory()) == gone
