"""Notices: each event told once per channel, mailed once, and only to those who want mail."""

import re
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from accounts.choices import Channel, NoticeKind
from accounts.models import Notice, User
from accounts.services.notices import mark_read, send_by_email, tell, tell_of_given_up
from accounts.services.profiles import edit_person
from matchmaker.queueing import jobs
from matchmaker.queueing.models import Job
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
TITLES = {"title_zh": "极片检测", "title_en": "Foil inspection"}


@pytest.fixture(autouse=True)
def no_broker(monkeypatch: pytest.MonkeyPatch) -> None:
    """Mails wait until a test drains them."""
    monkeypatch.setattr(jobs, "send", lambda job: False)


def told(person: User, key: str = "challenge:1:published", **changed: Any) -> Notice | None:
    fields = {"kind": NoticeKind.CHALLENGE_PUBLISHED, "data": TITLES, "path": "challenges/1/", **changed}
    return tell(person, event_key=key, **fields)


def channels(person: User) -> list[str]:
    return sorted(Notice.objects.filter(recipient=person).values_list("channel", flat=True))


def test_an_event_is_told_once_on_the_site_and_once_by_mail() -> None:
    person = UserFactory()

    first, second = told(person), told(person)
    jobs.drain()
    jobs.drain()

    assert first is not None
    assert second is None
    assert channels(person) == [Channel.EMAIL, Channel.IN_APP]
    assert len(mail.outbox) == 1


def test_two_people_and_two_events_are_told_apart() -> None:
    one, two = UserFactory(), UserFactory()

    for person in (one, two):
        told(person)
    told(one, "challenge:2:published")
    jobs.drain()

    assert sorted(message.to[0] for message in mail.outbox) == sorted([one.email, one.email, two.email])


def test_who_switched_mail_off_is_told_on_the_site_only() -> None:
    person = UserFactory(email_notices=False)

    told(person)
    jobs.drain()

    assert channels(person) == [Channel.IN_APP]
    assert mail.outbox == []


def test_switching_mail_off_stops_mails_that_wait() -> None:
    person = UserFactory()
    told(person)

    edit_person(person, email_notices=False)
    jobs.drain()

    assert channels(person) == [Channel.EMAIL, Channel.IN_APP]
    assert mail.outbox == []


def test_what_is_told_on_the_site_only_makes_no_mail() -> None:
    person = UserFactory()

    told(person, by_email=False)

    assert channels(person) == [Channel.IN_APP]


def test_who_left_gets_no_mail() -> None:
    person = UserFactory()
    told(person)

    User.objects.filter(pk=person.pk).update(is_active=False)
    jobs.drain()

    assert mail.outbox == []
    assert Notice.objects.get(channel=Channel.EMAIL).sent_at is None


@pytest.mark.parametrize(
    ("language", "subject", "body"),
    [
        ("zh-hans", "极片检测", "/zh-hans/challenges/1/"),
        ("zh-hant", "极片检测", "/zh-hant/challenges/1/"),
        ("en", "Foil inspection", "/en/challenges/1/"),
        ("", "极片检测", "/zh-hans/challenges/1/"),
    ],
)
def test_a_mail_is_in_the_readers_language_and_leads_to_the_page_and_the_switch(
    language: str, subject: str, body: str, settings: Any
) -> None:
    person = UserFactory(language=language)
    told(person)

    jobs.drain()

    sent = mail.outbox[0]
    assert subject in sent.subject
    assert f"{settings.SITE_URL}{body}" in sent.body
    assert f"{settings.SITE_URL}/{language or 'zh-hans'}/settings/" in sent.body


def test_the_message_id_is_the_same_each_time_and_differs_by_event_and_reader() -> None:
    one, two = UserFactory(), UserFactory()
    told(one)
    told(two)
    told(one, "challenge:2:published")
    notices = list(Notice.objects.filter(channel=Channel.EMAIL))

    for notice in (*notices, *notices):  # the row still says unsent, as after a crash behind the mail server's answer
        send_by_email(notice)

    ids = [message.extra_headers["Message-ID"] for message in mail.outbox]
    assert ids[:3] == ids[3:]
    assert len(set(ids)) == 3
    assert all(re.fullmatch(r"<[0-9a-f]{32}\.[0-9a-f-]{36}@matchmaker>", one) for one in ids)


def test_a_mail_that_was_sent_is_not_sent_again() -> None:
    told(UserFactory())
    for _again in range(2):
        send_by_email(Notice.objects.get(channel=Channel.EMAIL))

    assert len(mail.outbox) == 1


def test_a_title_with_a_line_break_stays_in_the_subject() -> None:
    told(UserFactory(language="en"), data={"title_en": "Foils\r\nBcc: all@firm.example", "title_zh": ""})

    jobs.drain()

    assert "\n" not in mail.outbox[0].subject
    assert mail.outbox[0].recipients() == mail.outbox[0].to


def test_marking_as_read_touches_ones_own_notices_only() -> None:
    mine, other = UserFactory(), UserFactory()
    first, second, strange = told(mine, "1"), told(mine, "2"), told(other, "1")

    assert mark_read(mine, strange) == 0
    assert mark_read(mine, first) == 1
    assert mark_read(mine, first) == 0
    assert mark_read(mine) == 1

    unread = Notice.objects.filter(channel=Channel.IN_APP, read_at__isnull=True)
    assert list(unread) == [strange]
    assert second is not None


@pytest.mark.parametrize("language", ["en", "zh-hans", "zh-hant"])
def test_moderators_are_told_once_of_work_that_was_given_up(client: Client, language: str) -> None:
    first, second = UserFactory(is_moderator=True, is_staff=True), UserFactory(is_superuser=True)
    UserFactory(), UserFactory(is_moderator=True, is_active=False)
    job = Job.objects.create(kind="projects.match_challenge", state="dead")

    tell_of_given_up(job)
    tell_of_given_up(job)

    assert set(Notice.objects.values_list("recipient", "channel")) == {(first.pk, "in_app"), (second.pk, "in_app")}
    client.force_login(first)
    page = client.get(f"/{language}/notices/").content.decode()
    assert ("has given up" in page) == (language == "en")
    assert client.get(f"/{language}/notices/{first.notices.get().pk}/", follow=True).status_code == 200
