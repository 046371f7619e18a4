"""Recognitions over the API."""

from typing import Any

import pytest
from django.test import Client

from accounts.models import Membership, OrganisationLabel, User
from accounts.services.tokens import make_token
from tests.factories import MembershipFactory, RecognitionFactory, UserFactory

pytestmark = pytest.mark.django_db
GIVEN = {"kind": "unicorn", "since": "2024-06-01", "evidence_url": "https://list.example/2024"}


def call(method: str, firm: Membership, path: str = "", body: Any = None, *, user: User | None = None) -> Any:
    headers = {"HTTP_AUTHORIZATION": f"Token {make_token(user, name='t')[1]}"} if user else {}
    address = f"/api/v1/organisations/{firm.organisation_id}/recognitions/{path}"
    return getattr(Client(), method)(address, body, content_type="application/json", **headers)


@pytest.fixture
def firm() -> Membership:
    """An owner."""
    made: Membership = MembershipFactory()
    return made


def test_from_naming_to_confirmed(firm: Membership) -> None:
    moderator = UserFactory(is_moderator=True)

    named = call("post", firm, body=GIVEN, user=firm.user)
    assert (named.status_code, named.json()["state"]) == (201, "waiting")
    assert call("get", firm).json() == []
    assert call("get", firm, user=firm.user).json() == [named.json()]

    refused = call("post", firm, "unicorn/refuse/", {"note": "链接打不开。"}, user=moderator).json()
    assert (refused["state"], refused["note"]) == ("refused", "链接打不开。")
    mended = call("patch", firm, "unicorn/", {"evidence_url": "https://list.example/2"}, user=firm.user).json()
    assert (mended["state"], mended["note"], mended["since"]) == ("waiting", "", "2024-06-01")

    confirmed = call("post", firm, "unicorn/confirm/", user=moderator).json()
    assert confirmed["state"] == "confirmed"
    assert call("get", firm).json() == [confirmed]
    assert set(confirmed) == {"kind", "since", "evidence_url", "state", "note", "decided_at"}

    assert call("delete", firm, "unicorn/", user=firm.user).status_code == 204
    assert call("get", firm).json() == []


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"kind": "best_firm"}, "kind"),
        ({"kind": "little_giant"}, "kind"),
        ({"since": "soon"}, "since"),
        ({"since": "2999-01-01"}, "since"),
        ({"since": None}, "since"),
        ({"evidence_url": "in our office"}, "evidence_url"),
        ({"evidence_url": ["https://list.example/"]}, "evidence_url"),
        ({"state": "confirmed"}, "state"),
        ({"decided_at": "2024-01-01"}, "decided_at"),
    ],
)
def test_bad_input_names_its_field(firm: Membership, change: dict[str, Any], field: str) -> None:
    RecognitionFactory(organisation=firm.organisation, kind="little_giant")

    answer = call("post", firm, body={**GIVEN, **change}, user=firm.user)

    assert (answer.status_code, list(answer.json()["errors"])) == (400, [field])
    assert OrganisationLabel.objects.count() == 1


def test_a_kind_stays_what_it_is(firm: Membership) -> None:
    RecognitionFactory(organisation=firm.organisation)

    answer = call("patch", firm, "little_giant/", {"kind": "unicorn"}, user=firm.user)

    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["kind"])


def test_refusing_needs_a_reason_and_nothing_is_decided_twice(firm: Membership) -> None:
    RecognitionFactory(organisation=firm.organisation)
    moderator = UserFactory(is_moderator=True)

    without = call("post", firm, "little_giant/refuse/", {}, user=moderator)
    twice = call("post", firm, "little_giant/confirm/", user=moderator)

    assert (without.status_code, list(without.json()["errors"])) == (400, ["note"])
    assert twice.status_code == 400
    assert OrganisationLabel.objects.get().state == "confirmed"


def test_who_may_not_is_told_the_same_whether_it_is_there_or_not(firm: Membership) -> None:
    RecognitionFactory(organisation=firm.organisation, state="waiting")
    outsider, member = MembershipFactory().user, MembershipFactory(organisation=firm.organisation, role="member").user

    for person in (outsider, member):
        for method, path in (("patch", ""), ("delete", ""), ("post", "confirm/"), ("post", "refuse/")):
            there = call(method, firm, f"little_giant/{path}", {}, user=person)
            nowhere = call(method, firm, f"unicorn/{path}", {}, user=person)
            assert there.status_code == nowhere.status_code == 403
            assert there.json() == nowhere.json()
    assert call("post", firm, "little_giant/confirm/", user=firm.user).status_code == 403
    assert OrganisationLabel.objects.get().state == "waiting"
