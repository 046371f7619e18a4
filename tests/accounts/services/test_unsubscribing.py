"""The link in a mail that stops mails of its kind: for that person and kind alone, as often as it is pressed."""

import re
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import translation

from accounts.choices import Channel, NoticeKind
from accounts.models import Activity, Notice, User
from accounts.services.notices import tell
from accounts.services.unsubscribing import SIGNER, stop_mails, subscription_of, token_for
from matchmaker.queueing import jobs
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
ONE_CLICK = {"List-Unsubscribe": "One-Click"}


@pytest.fixture(autouse=True)
def no_broker(monkeypatch: pytest.MonkeyPatch) -> None:
    """Mails wait until a test drains them."""
    monkeypatch.setattr(jobs, "send", lambda job: False)


def told(person: User, key: str = "1", kind: str = NoticeKind.INVITATION) -> None:
    data = {"title_zh": "极片检测", "title_en": "Foil inspection"}
    tell(person, event_key=key, kind=kind, data=data, path="invitations/1/")


def link_in(message: Any, settings: Any) -> str:
    """The path of the link in a mail's header, which stands in its text as well."""
    found = re.fullmatch(r"<(\S+)>", message.extra_headers["List-Unsubscribe"])
    assert found
    assert found[1] in message.body.split()
    assert found[1].startswith(settings.SITE_URL)
    return found[1].removeprefix(settings.SITE_URL)


@pytest.mark.parametrize(
    ("language", "ask", "done"),
    [
        ("zh-hans", "不再发送这类邮件", "不会再发送"),
        ("zh-hant", "不再寄送這類電郵", "不會再寄送"),
        ("en", "Stop these mails", "You get no more mails about “Invitation”"),
    ],
)
def test_one_click_stops_this_kind_for_this_person_without_signing_in(
    language: str, ask: str, done: str, settings: Any
) -> None:
    person, other = UserFactory(language=language), UserFactory(language=language)
    told(person)
    told(other)
    jobs.drain()
    message = next(sent for sent in mail.outbox if sent.to == [person.email])
    assert message.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    link = link_in(message, settings)

    browser = Client(enforce_csrf_checks=True)
    asked = browser.get(link).content.decode()
    assert ask in asked
    assert person.email not in asked
    assert User.objects.get(pk=person.pk).muted_kinds == []
    answer = browser.post(link, ONE_CLICK)

    assert (answer.status_code, done in answer.content.decode()) == (200, True)
    for reader in (person, other):
        told(User.objects.get(pk=reader.pk), "2")
        told(User.objects.get(pk=reader.pk), "2b", NoticeKind.CLAIM_ANSWER)
    jobs.drain()
    later = [(sent.to[0], sent.body) for sent in mail.outbox[2:]]
    assert sorted(to for to, _body in later) == sorted([person.email, other.email, other.email])
    assert Notice.objects.filter(recipient=person, channel=Channel.IN_APP).count() == 3


def test_a_mail_that_waits_is_stopped_as_well() -> None:
    person = UserFactory()
    told(person)
    found = subscription_of(token_for(Notice.objects.get(channel=Channel.EMAIL)))
    assert found

    stop_mails(found)
    jobs.drain()

    assert mail.outbox == []


def test_a_second_click_changes_nothing() -> None:
    person = UserFactory()
    told(person)
    link = f"/en/notices/stop/{token_for(Notice.objects.first())}/"  # type: ignore[arg-type]  # just made

    answers = [Client().post(link, ONE_CLICK), Client().post(link, ONE_CLICK), Client().get(link)]

    assert [answer.status_code for answer in answers] == [200, 200, 200]
    assert all("no more mails" in answer.content.decode() for answer in answers)
    assert User.objects.get(pk=person.pk).muted_kinds == ["invitation"]
    assert Activity.objects.filter(verb="stopped mails").count() == 1


@pytest.mark.parametrize("language", ["zh-hans", "zh-hant", "en"])
def test_a_link_that_was_made_up_altered_or_of_somebody_who_left_is_absent(language: str) -> None:
    person, other, left = UserFactory(), UserFactory(), UserFactory(is_active=False)
    good = SIGNER.sign(f"{person.pk.hex}:invitation")
    forged = [
        good.replace(person.pk.hex, other.pk.hex),
        good.replace("invitation", "claim_answer"),
        good[:-1] + ("A" if good[-1] != "A" else "B"),
        SIGNER.sign(f"{person.pk.hex}:login_code"),
        SIGNER.sign(f"{left.pk.hex}:invitation"),
        SIGNER.sign("none:invitation"),
        "极片",
    ]

    with translation.override(language):
        answers = {Client().post(f"/{language}/notices/stop/{token}/", ONE_CLICK).status_code for token in forged}

    assert subscription_of(good)
    assert answers == {404}
    assert not User.objects.exclude(muted_kinds=[]).exists()


def test_a_code_to_sign_in_cannot_be_stopped(client: Client) -> None:
    person = UserFactory()

    client.post(reverse("account_request_login_code"), {"email": person.email})

    assert len(mail.outbox) == 1
    assert "List-Unsubscribe" not in mail.outbox[0].extra_headers
    assert "/notices/stop/" not in mail.outbox[0].body


def test_the_header_reaches_the_mail_program_in_one_piece(settings: Any) -> None:
    settings.SITE_URL = "https://matchmaker.a-rather-long-name-of-a-host.example"
    told(UserFactory())
    jobs.drain()

    sent = mail.outbox[0].message()

    assert re.fullmatch(rf"<{settings.SITE_URL}/\S+>", str(sent["List-Unsubscribe"]).strip())
    assert b"=?utf-8?" not in sent.as_bytes().split(b"List-Unsubscribe-Post")[0].split(b"List-Unsubscribe:")[1]
