"""Who sees which recognitions."""

from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser

from accounts.choices import MembershipRole
from accounts.models import Organisation
from accounts.selectors.recognitions import recognitions_for, with_recognitions
from tests.factories import MembershipFactory, OrganisationFactory, RecognitionFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def firm() -> Organisation:
    """A firm with one recognition in each state."""
    made: Organisation = OrganisationFactory()
    for kind, state in (("gazelle", "confirmed"), ("unicorn", "waiting"), ("listed", "refused")):
        RecognitionFactory(organisation=made, kind=kind, state=state)
    RecognitionFactory(kind="fortune_500")  # of another firm
    return made


def kinds(rows: Any) -> set[str]:
    return {label.kind for label in rows}


def test_the_firms_own_people_and_moderators_see_all_and_others_the_confirmed(firm: Organisation) -> None:
    inside = [MembershipFactory(organisation=firm, role=role).user for role in MembershipRole]
    inside += [UserFactory(is_moderator=True), UserFactory(is_superuser=True)]
    outside = [AnonymousUser(), MembershipFactory().user, UserFactory(is_bridge=True)]
    gone = UserFactory(is_moderator=True, is_active=False)

    assert [kinds(recognitions_for(user, firm)) for user in inside] == [{"gazelle", "unicorn", "listed"}] * 5
    assert [kinds(recognitions_for(user, firm)) for user in (*outside, gone)] == [{"gazelle"}] * 4


def test_a_list_of_organisations_reads_the_confirmed_in_one_query(
    firm: Organisation, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(2):
        found = {row.pk: kinds(row.confirmed) for row in with_recognitions(Organisation.objects.all())}

    assert found[firm.pk] == {"gazelle"}
    assert len(found) == 2


def test_the_latest_comes_first(firm: Organisation) -> None:
    firm.labels.all().delete()
    for kind, since in (("gazelle", "2020-01-01"), ("unicorn", "2024-01-01"), ("listed", "2022-01-01")):
        RecognitionFactory(organisation=firm, kind=kind, since=since)

    assert [label.kind for label in recognitions_for(AnonymousUser(), firm)] == ["unicorn", "listed", "gazelle"]
