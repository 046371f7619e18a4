"""The API of people and organisations: tokens, oneself, notices, and what anyone may read."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.contrib.auth.hashers import MD5PasswordHasher
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from accounts.choices import NoticeKind
from accounts.models import ApiToken, User
from accounts.services.notices import tell
from accounts.services.tokens import make_token, revoke_token
from tests.factories import MembershipFactory, OrganisationFactory, RecognitionFactory, UserFactory
from tests.queries import assert_flat

pytestmark = pytest.mark.django_db
PASSWORD = "a-good-password"


def call(method: str, path: str, body: Any = None, *, user: User | None = None, plain: str = "") -> Any:
    plain = plain or (make_token(user, name="t")[1] if user else "")
    headers = {"HTTP_AUTHORIZATION": f"Token {plain}"} if plain else {}
    return getattr(Client(), method)(f"/api/v1/{path}", body, content_type="application/json", **headers)


def sign_in(**changed: str) -> Any:
    return call("post", "auth/token/", {"email": "li@firm.example", "password": PASSWORD, **changed})


def test_a_token_made_by_password_says_when_it_ends_and_is_stored_as_a_digest() -> None:
    UserFactory(email="li@firm.example")

    answer = sign_in(name="lab script").json()

    token = ApiToken.objects.get()
    assert token.name == "lab script"
    assert answer["token"] not in str(ApiToken.objects.values())
    assert timezone.now() < token.expires_at < timezone.now() + timedelta(days=91)


def test_who_left_gets_no_token() -> None:
    UserFactory(email="li@firm.example")
    assert sign_in().status_code == 200

    User.objects.update(is_active=False)

    assert sign_in().status_code == 400


def test_who_has_a_second_factor_must_give_its_code() -> None:
    person = UserFactory(email="li@firm.example")
    TOTP.activate(person, generate_totp_secret())
    assert Authenticator.objects.filter(user=person).exists()

    without, wrong, bad_password = sign_in(), sign_in(code="000000"), sign_in(password="wrong", code="000000")

    assert [answer.status_code for answer in (without, wrong, bad_password)] == [400, 400, 400]
    assert without.json() == wrong.json() == bad_password.json()
    assert not ApiToken.objects.exists()


def test_asking_for_tokens_is_limited() -> None:
    cache.clear()
    UserFactory(email="li@firm.example")

    answers = [sign_in(password="wrong") for _number in range(11)]

    assert [answer.status_code for answer in answers] == [400] * 10 + [429]
    assert int(answers[-1]["Retry-After"]) > 0


def sign_in_from(address: str, **changed: str) -> Any:
    body = {"email": "li@firm.example", "password": PASSWORD, **changed}
    return Client(REMOTE_ADDR=address).post("/api/v1/auth/token/", body, content_type="application/json")


def sign_in_on_page(address: str, password: str) -> Any:
    return Client(REMOTE_ADDR=address).post("/en/account/login/", {"login": "li@firm.example", "password": password})


@pytest.mark.parametrize("known", [True, False], ids=["known", "unknown"])
def test_wrong_passwords_are_counted_by_account_whatever_the_address(known: bool) -> None:
    if known:
        UserFactory(email="li@firm.example")

    wrong = [sign_in_from(f"198.51.100.{number % 2}", password="wrong") for number in range(10)]
    more = [sign_in_from(f"203.0.113.{number}", password=word) for number, word in enumerate(["wrong", PASSWORD])]
    other = sign_in_from("203.0.113.9", email="chan@firm.example")

    assert [answer.status_code for answer in wrong] == [400] * 10
    assert {answer.content for answer in wrong} == {other.content}
    for answer in more:
        assert answer.status_code == 429
        assert answer["Content-Type"] == "application/problem+json"
        assert 14 * 60 < int(answer["Retry-After"]) <= 15 * 60 + 1
    assert more[0].json().keys() == more[1].json().keys()


def test_an_unknown_account_takes_as_much_work_as_a_wrong_password(monkeypatch: pytest.MonkeyPatch) -> None:
    UserFactory(email="li@firm.example")
    hashed: list[str] = []
    encode = MD5PasswordHasher.encode
    monkeypatch.setattr(MD5PasswordHasher, "encode", lambda *given: hashed.append(given[1]) or encode(*given))

    sign_in(password="wrong-known")
    sign_in(email="nobody@firm.example", password="wrong-unknown")

    assert hashed == ["wrong-known", "wrong-unknown"]


def test_page_and_api_count_wrong_passwords_together() -> None:
    UserFactory(email="li@firm.example")
    for _number in range(5):
        assert sign_in_on_page("198.51.100.1", "wrong").status_code == 200
        assert sign_in_from("198.51.100.2", password="wrong").status_code == 400

    assert sign_in_from("198.51.100.3").status_code == 429
    assert sign_in_on_page("198.51.100.4", PASSWORD).status_code == 200  # the form again, not the way in

    with time_machine.travel(timezone.now() + timedelta(minutes=16)):
        assert sign_in_from("198.51.100.3").status_code == 200


def test_a_wrong_code_counts_as_a_wrong_password() -> None:
    person = UserFactory(email="li@firm.example")
    TOTP.activate(person, generate_totp_secret())

    answers = [sign_in_from(f"198.51.100.{number}", code="000000") for number in range(11)]

    assert [answer.status_code for answer in answers] == [400] * 10 + [429]


def test_right_passwords_use_up_nothing_of_the_account() -> None:
    UserFactory(email="li@firm.example")

    assert {sign_in_from(f"198.51.100.{number}").status_code for number in range(20)} == {200}


def test_one_address_may_sign_in_a_hundred_times_an_hour() -> None:
    UserFactory(email="li@firm.example")
    now = timezone.now()
    answers = []
    for number in range(101):
        with time_machine.travel(now + timedelta(seconds=10 * number)):
            answers.append(sign_in_from("198.51.100.1"))

    assert [answer.status_code for answer in answers] == [200] * 100 + [429]
    assert 2500 < int(answers[-1]["Retry-After"]) <= 2610  # the rest of the hour, rounded up


@pytest.mark.parametrize("path", ["me/", "notices/"])
def test_nobody_in_particular_is_asked_to_sign_in(path: str) -> None:
    answer = call("get", path)

    assert (answer.status_code, answer["WWW-Authenticate"]) == (401, "Token")
    assert answer["Content-Type"] == "application/problem+json"


def test_a_token_that_ended_is_refused_as_an_unknown_one_is() -> None:
    person = UserFactory()
    with time_machine.travel(timezone.now() - timedelta(days=2)):
        _expired, expired = make_token(person, name="old", days=1)
    token, revoked = make_token(person, name="revoked")
    assert call("get", "me/", plain=revoked).status_code == 200
    revoke_token(token, by=person)

    answers = [call("get", "me/", plain=plain) for plain in (expired, revoked, "mm_unknown")]

    assert [answer.status_code for answer in answers] == [401] * 3
    assert answers[0].json() == answers[1].json() == answers[2].json()


def test_one_reads_oneself_with_the_role_in_each_organisation() -> None:
    member = MembershipFactory()

    answer = call("get", "me/", user=member.user).json()

    assert answer["email"] == member.user.email
    assert answer["organisations"] == {str(member.organisation_id): "owner"}
    assert {"password", "is_staff", "is_superuser", "is_moderator"}.isdisjoint(answer)


def test_one_changes_names_and_preferences() -> None:
    person = UserFactory()

    sent = {"name_zh": "陈一", "language": "zh-hant", "email_notices": False, "muted_kinds": ["invitation"]}
    answer = call("patch", "me/", sent, user=person)

    person.refresh_from_db()
    assert answer.status_code == 200
    assert {name: getattr(person, name) for name in sent} == sent


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"email": "other@firm.example"}, "email"),
        ({"is_bridge": True}, "is_bridge"),
        ({"is_moderator": True}, "is_moderator"),
        ({"language": "fr"}, "language"),
        ({"muted_kinds": ["login_code"]}, "muted_kinds"),
        ({"muted_kinds": "invitation"}, "muted_kinds"),
        ({"name_zh": "名" * 81}, "name_zh"),
    ],
)
def test_what_one_cannot_change_is_named(body: dict[str, Any], field: str) -> None:
    person = UserFactory()
    before = User.objects.values().get()

    answer = call("patch", "me/", body, user=person)

    assert answer.status_code == 400
    assert list(answer.json()["errors"]) == [field]
    assert User.objects.values().get() == before


def test_notices_are_ones_own() -> None:
    mine, other = UserFactory(), UserFactory()
    notices = [
        tell(person, event_key="1", kind=NoticeKind.NEW_MATCH, data={"title_zh": "极片"}, path="challenges/")
        for person in (mine, other)
    ]
    assert None not in notices
    first, strange = (str(notice.pk) for notice in notices if notice)

    listed = call("get", "notices/", user=mine).json()["results"]
    read = call("post", f"notices/{first}/read/", user=mine)
    refused = call("post", f"notices/{strange}/read/", user=mine)
    unknown = call("post", f"notices/{other.pk}/read/", user=mine)

    assert [row["id"] for row in listed] == [first]
    assert read.json()["read_at"] is not None
    assert refused.status_code == 404
    assert refused.json() == unknown.json()


def test_anyone_reads_organisations_and_nobody_reads_their_inner_facts() -> None:
    organisation = OrganisationFactory(domain="firm.example", verified_at=timezone.now(), verified_how="domain")
    RecognitionFactory(organisation=organisation, kind="little_giant")
    RecognitionFactory(organisation=organisation, kind="unicorn", state="waiting")

    answer = call("get", f"organisations/{organisation.pk}/").json()

    assert (answer["city"], answer["in_bay"], answer["labels"], answer["verified"]) == (
        "shenzhen",
        True,
        ["little_giant"],
        True,
    )
    assert {"domain", "trusted", "verified_by", "verified_how", "created_at"}.isdisjoint(answer)
    assert call("get", f"organisations/{UserFactory().pk}/").status_code == 404


def test_the_list_of_organisations_costs_the_same_at_any_length() -> None:
    assert_flat(lambda: RecognitionFactory(kind="gazelle"), (4, lambda: call("get", "organisations/")))

    assert call("get", "organisations/").json()["count"] == 3
