"""Signing up and in on our own pages, and the way back to what one wanted to do."""

import re
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client
from django.urls import reverse

from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
INTENT = "/en/challenges/new/"
CODE = re.compile(r"^([A-Z0-9]{4}-[A-Z0-9]{4})\s*$", re.M)


def code_in_mail() -> str:
    """The code of the last mail."""
    found = CODE.search(mail.outbox[-1].body)
    assert found, mail.outbox[-1].body
    assert mail.outbox[-1].subject.startswith("[Matchmaker] ")
    assert "testserver" not in mail.outbox[-1].body
    return found[1]


def test_signing_up_by_code_returns_to_the_intent(client: Client) -> None:
    client.post(reverse("account_signup"), {"email": "new@firm.example", "password1": "", "next": INTENT})
    answer = client.post(reverse("account_email_verification_sent"), {"code": code_in_mail(), "next": INTENT})

    assert EmailAddress.objects.get(email="new@firm.example").verified
    assert answer.url == INTENT


def test_signing_up_says_that_a_password_is_a_choice(client: Client) -> None:
    page = client.get(reverse("account_signup")).content.decode()

    assert "Without one you sign in with a code by e-mail." in page
    assert "at least 10 characters" in page


def test_the_keyboard_comes_from_the_address_to_the_password(client: Client) -> None:
    page = client.get(reverse("account_login")).content.decode()

    between = page[page.index('name="login"') : page.index('name="password"')]
    assert "<a " not in between
    assert reverse("account_reset_password") in page


def test_signing_in_by_code_returns_to_the_intent(client: Client) -> None:
    person = UserFactory()

    asked = client.post(reverse("account_request_login_code"), {"email": person.email, "next": INTENT})
    page = client.get(asked.url).content.decode()
    kept = re.findall(r'name="next" value="([^"]*)"', page)
    answer = client.post(reverse("account_confirm_login_code"), {"code": code_in_mail(), "next": kept[0]})

    assert answer.url == INTENT


def test_signing_in_by_password_returns_to_the_intent(client: Client) -> None:
    person = UserFactory()

    answer = client.post(
        reverse("account_login"), {"login": person.email, "password": "a-good-password", "next": INTENT}
    )

    assert answer.url == INTENT


@pytest.mark.parametrize("address", ["https://elsewhere.example/", "//elsewhere.example/", "javascript:alert(1)"])
def test_the_intent_never_leads_to_another_site(client: Client, address: str) -> None:
    person = UserFactory()
    before = client.post(reverse("theme"), {"theme": "dark", "next": address})

    answer = client.post(
        reverse("account_login"), {"login": person.email, "password": "a-good-password", "next": address}
    )

    assert (before.url, answer.url) == (reverse("landing"), reverse("dashboard"))


def test_a_wrong_password_keeps_the_address_and_says_so(client: Client) -> None:
    person = UserFactory()

    page = client.post(reverse("account_login"), {"login": person.email, "password": "wrong"}).content.decode()

    assert f'value="{person.email}"' in page
    assert 'id="form-errors"' in page


def test_a_stranger_learns_nothing_from_the_pages(client: Client) -> None:
    known = UserFactory()
    answers = []
    for email in (known.email, "nobody@firm.example"):
        answers.append(client.post(reverse("account_request_login_code"), {"email": email}).url)
        answers.append(Client().post(reverse("account_reset_password"), {"email": email}).url)

    assert answers[:2] == answers[2:]


def test_too_many_tries_are_told_to_wait(client: Client, settings: Any) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"signup": "1/h/ip"}
    for _try in (1, 2):
        answer = client.post(reverse("account_signup"), {"email": "a@firm.example", "password1": "x"})

    assert answer.status_code == 429
    assert "Too many tries" in answer.content.decode()


OPEN = ("account_login", "account_signup", "account_request_login_code", "account_reset_password")
OWN = (
    "account_logout",
    "account_email",
    "account_change_password",
    "mfa_index",
    "mfa_activate_totp",
    "account_reauthenticate",
)


@pytest.mark.parametrize("name", OPEN)
@pytest.mark.parametrize("language", ["en", "zh-hans", "zh-hant"])
def test_open_pages_stand_on_our_base_page_without_scripts_of_their_own(
    client: Client, name: str, language: str
) -> None:
    stands_on_our_page(client, name, language)


@pytest.mark.parametrize("name", OWN)
@pytest.mark.parametrize("language", ["en", "zh-hans", "zh-hant"])
def test_ones_own_pages_stand_on_our_base_page_without_scripts_of_their_own(
    client: Client, name: str, language: str
) -> None:
    sign_in(client)

    stands_on_our_page(client, name, language)


def stands_on_our_page(client: Client, name: str, language: str) -> None:
    """Opens a page and looks at its frame."""
    answer = client.get(re.sub(r"^/en/", f"/{language}/", reverse(name)))
    page = answer.content.decode()

    assert answer.status_code == 200
    assert 'class="site-header"' in page
    assert re.findall(r"<script(?! src=)", page) == []
    assert re.findall(r"\s(?:style|on[a-z]+)=", page) == []
    assert page.count("<h1") == 1
    assert not re.search(r"<title>\s*·", page)


def test_the_second_factor_shows_its_code_as_a_picture(client: Client) -> None:
    sign_in(client)

    assert 'src="data:image/svg+xml' in client.get(reverse("mfa_activate_totp")).content.decode()


def sign_in(client: Client) -> None:
    """Signs a new person in, and says the password once more as the sensitive pages ask."""
    person = UserFactory()
    client.post(reverse("account_login"), {"login": person.email, "password": "a-good-password"})
    client.post(reverse("account_reauthenticate"), {"password": "a-good-password"})
