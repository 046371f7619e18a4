"""API tokens: only a digest is stored, and what has ended opens nothing."""

import hashlib
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Activity, ApiToken, User
from accounts.services.tokens import find_token, make_token, revoke_token
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


def test_the_key_is_shown_once_and_only_its_digest_is_stored() -> None:
    token, plain = make_token(UserFactory(), name="lab", scope="read", days=30)

    stored = ApiToken.objects.values().get()
    assert stored["digest"] == hashlib.sha256(plain.encode()).hexdigest()
    assert plain not in str(stored) + str(Activity.objects.values())
    assert len(plain) > 40
    assert (token.scope, token.name) == ("read", "lab")
    assert timedelta(days=29) < token.expires_at - timezone.now() <= timedelta(days=30)


def test_no_two_keys_are_alike() -> None:
    person = UserFactory()

    assert len({make_token(person, name="same")[1] for _number in range(20)}) == 20


def test_a_key_finds_its_own_token_and_nothing_near_it() -> None:
    token, plain = make_token(UserFactory(), name="one")
    other, other_plain = make_token(UserFactory(), name="two")

    assert (find_token(plain), find_token(other_plain)) == (token, other)
    for wrong in ("", plain[:-1], plain.upper(), plain + " ", token.digest):
        assert find_token(wrong) is None


def test_an_expired_token_opens_nothing() -> None:
    with time_machine.travel("2026-05-01 08:00", tick=False) as clock:
        _token, plain = make_token(UserFactory(), name="short", days=1)
        assert find_token(plain) is not None

        clock.shift(timedelta(days=1))
        assert find_token(plain) is None


def test_the_token_of_somebody_who_left_opens_nothing() -> None:
    token, plain = make_token(UserFactory(), name="lab")
    assert find_token(plain) == token

    User.objects.update(is_active=False)

    assert find_token(plain) is None


def test_the_last_use_is_noted_once_a_minute() -> None:
    with time_machine.travel("2026-05-01 08:00", tick=False) as clock:
        token, plain = make_token(UserFactory(), name="lab")
        assert token.last_used_at is None
        find_token(plain)
        first = ApiToken.objects.get().last_used_at

        clock.shift(timedelta(seconds=50))
        with CaptureQueriesContext(
            connection,
        ) as within:
            find_token(plain)
        assert ApiToken.objects.get().last_used_at == first == timezone.now() - timedelta(seconds=50)

        clock.shift(timedelta(seconds=20))
        find_token(plain)
        assert ApiToken.objects.get().last_used_at == timezone.now()
    assert [query["sql"][:6] for query in within] == ["SELECT"]


def test_a_revoked_token_ends_at_once_and_the_deed_stays() -> None:
    person = UserFactory()
    token, plain = make_token(person, name="lab")
    _kept, other = make_token(person, name="other")

    revoke_token(token, by=person)

    assert find_token(plain) is None
    assert find_token(other) is not None
    assert [deed.verb for deed in Activity.objects.all()] == ["revoked token", "made token", "made token"]
