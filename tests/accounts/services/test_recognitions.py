"""Recognitions: named, changed, withdrawn and decided, and who is told."""

from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.core.exceptions import ValidationError
from django.utils import timezone, translation

from accounts.choices import LabelKind, MembershipRole
from accounts.models import Activity, Membership, Notice, OrganisationLabel, User
from accounts.services.notices import send_by_email
from accounts.services.recognitions import (
    change_recognition,
    decide_recognition,
    name_recognition,
    withdraw_recognition,
)
from tests.factories import MembershipFactory, RecognitionFactory, UserFactory

pytestmark = pytest.mark.django_db
LIST = "https://list.example/little-giants"
DAY = date(2024, 6, 1)


@pytest.fixture
def owner() -> Membership:
    """An owner of a firm."""
    made: Membership = MembershipFactory()
    return made


@pytest.fixture
def moderator() -> User:
    """A moderator."""
    made: User = UserFactory(is_moderator=True)
    return made


def name(owner: Membership, **given: Any) -> OrganisationLabel:
    values = {"kind": "little_giant", "since": DAY, "evidence_url": LIST, **given}
    return name_recognition(owner.organisation, by=owner.user, **values)


def told(kind: str) -> list[tuple[Any, str]]:
    rows = Notice.objects.filter(kind=kind, channel="in_app").order_by("created_at")
    return [(notice.recipient, notice.data.get("state", "")) for notice in rows]


def test_what_is_named_waits_and_the_moderators_are_told_on_the_site(owner: Membership, moderator: User) -> None:
    superuser = UserFactory(is_superuser=True)
    UserFactory(is_moderator=True, is_active=False)

    label = name(owner, evidence_url=" https://list.example/little-giants\u200b ")

    assert (label.state, label.named_by, label.since, label.evidence_url) == ("waiting", owner.user, DAY, LIST)
    notices = Notice.objects.all()
    assert {(notice.recipient, notice.channel, notice.kind) for notice in notices} == {
        (moderator, "in_app", "recognition_named"),
        (superuser, "in_app", "recognition_named"),
    }


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"kind": "best_firm"}, "kind"),
        ({"kind": ""}, "kind"),
        ({"since": None}, "since"),
        ({"since": date(1, 1, 1)}, "since"),
        ({"since": date(2999, 1, 1)}, "since"),
        ({"evidence_url": ""}, "evidence_url"),
        ({"evidence_url": "证书在办公室"}, "evidence_url"),
        ({"evidence_url": "javascript:alert(1)"}, "evidence_url"),
        ({"evidence_url": "ftp://list.example/a"}, "evidence_url"),
        ({"evidence_url": "https://"}, "evidence_url"),
        ({"evidence_url": "https://list.example/" + "a" * 500}, "evidence_url"),
    ],
)
def test_bad_input_names_its_field_and_nothing_is_named(
    owner: Membership, moderator: User, values: dict[str, Any], field: str
) -> None:
    with pytest.raises(ValidationError) as caught:
        name(owner, **values)

    assert list(caught.value.message_dict) == [field]
    assert not OrganisationLabel.objects.exists()
    assert not Notice.objects.exists()


def test_all_that_is_wrong_is_said_at_once(owner: Membership) -> None:
    with pytest.raises(ValidationError) as caught:
        name(owner, kind="best_firm", since=None, evidence_url="")

    assert set(caught.value.message_dict) == {"kind", "since", "evidence_url"}


def test_today_and_a_chinese_address_are_accepted(owner: Membership) -> None:
    label = name(owner, since=timezone.localdate(), evidence_url="https://list.example/专精特新?年=2024")

    assert label.evidence_url == "https://list.example/专精特新?年=2024"


def test_one_of_a_kind(owner: Membership) -> None:
    first = name(owner)
    with pytest.raises(ValidationError) as caught:
        name(owner, since=date(2020, 1, 1))
    name(owner, kind="unicorn")

    assert list(caught.value.message_dict) == ["kind"]
    assert OrganisationLabel.objects.get(kind="little_giant").since == first.since
    assert owner.organisation.labels.count() == 2


def test_a_moderator_confirms_and_each_owner_is_told_once(owner: Membership, moderator: User) -> None:
    label = name(owner)
    second = MembershipFactory(organisation=owner.organisation)
    MembershipFactory(organisation=owner.organisation, role=MembershipRole.MEMBER)

    decide_recognition(label, by=moderator, confirm=True)
    with pytest.raises(ValidationError):
        decide_recognition(label, by=moderator, confirm=True)

    label.refresh_from_db()
    assert (label.state, label.note, label.decided_by) == ("confirmed", "", moderator)
    assert label.decided_at is not None
    assert set(told("recognition_decided")) == {(owner.user, "confirmed"), (second.user, "confirmed")}
    assert len(told("recognition_decided")) == 2


@pytest.mark.parametrize("note", ["", "  ", "\u200b"])
def test_a_refusal_needs_a_reason(owner: Membership, moderator: User, note: str) -> None:
    label = name(owner)

    with pytest.raises(ValidationError) as caught:
        decide_recognition(label, by=moderator, confirm=False, note=note)

    assert list(caught.value.message_dict) == ["note"]
    label.refresh_from_db()
    assert label.state == "waiting"


def test_a_reason_of_endless_length_is_refused(owner: Membership, moderator: User) -> None:
    with pytest.raises(ValidationError) as caught:
        decide_recognition(name(owner), by=moderator, confirm=False, note="长" * 2001)

    assert list(caught.value.message_dict) == ["note"]
    assert OrganisationLabel.objects.get().state == "waiting"


def test_what_was_refused_is_mended_and_waits_again(owner: Membership, moderator: User) -> None:
    label = decide_recognition(name(owner), by=moderator, confirm=False, note="The list names another firm.")
    assert (label.state, label.note) == ("refused", "The list names another firm.")

    label = change_recognition(label, by=owner.user, since=DAY, evidence_url="https://list.example/2")
    assert (label.state, label.note, label.decided_by, label.decided_at) == ("waiting", "", None, None)
    decide_recognition(label, by=moderator, confirm=True)

    assert told("recognition_decided") == [(owner.user, "refused"), (owner.user, "confirmed")]


def test_a_changed_recognition_must_be_confirmed_anew_and_an_unchanged_one_not(owner: Membership) -> None:
    label = RecognitionFactory(organisation=owner.organisation, since=DAY, evidence_url=LIST)

    same = change_recognition(label, by=owner.user, since=DAY, evidence_url=LIST + " ")
    assert same.state == "confirmed"

    changed = change_recognition(label, by=owner.user, since=date(2024, 6, 2), evidence_url=LIST)
    assert changed.state == "waiting"


def test_a_refused_change_leaves_what_was_confirmed(owner: Membership) -> None:
    label = RecognitionFactory(organisation=owner.organisation, since=DAY)

    with pytest.raises(ValidationError):
        change_recognition(label, by=owner.user, since=date(2999, 1, 1), evidence_url=LIST)

    label.refresh_from_db()
    assert (label.state, label.since) == ("confirmed", DAY)


def test_a_confirmation_can_be_taken_back_with_a_reason(moderator: User) -> None:
    label = RecognitionFactory()

    decide_recognition(label, by=moderator, confirm=False, note="证书已过期。")

    label.refresh_from_db()
    assert (label.state, label.note) == ("refused", "证书已过期。")


def test_withdrawing_leaves_only_the_log(owner: Membership) -> None:
    label = name(owner)

    withdraw_recognition(label, by=owner.user)

    assert not OrganisationLabel.objects.exists()
    name(owner)  # may be named again


def test_what_was_withdrawn_meanwhile_is_neither_changed_nor_decided(owner: Membership, moderator: User) -> None:
    label = name(owner)
    withdraw_recognition(OrganisationLabel.objects.get(pk=label.pk), by=owner.user)

    for deed in (
        lambda: withdraw_recognition(label, by=owner.user),
        lambda: change_recognition(label, by=owner.user, since=DAY, evidence_url="https://list.example/2"),
        lambda: decide_recognition(label, by=moderator, confirm=True),
    ):
        with pytest.raises(ValidationError, match="withdrawn meanwhile"):
            deed()

    assert not OrganisationLabel.objects.exists()
    assert Activity.objects.filter(verb="withdrew recognition").count() == 1


def test_every_deed_is_in_the_log_with_who_did_it_and_why(owner: Membership, moderator: User) -> None:
    label = name(owner)
    decide_recognition(label, by=moderator, confirm=False, note="The page is empty.")
    label = change_recognition(label, by=owner.user, since=DAY, evidence_url="https://list.example/2")
    decide_recognition(label, by=moderator, confirm=True)
    withdraw_recognition(label, by=owner.user)

    deeds = Activity.objects.filter(object_type="organisationlabel").order_by("pk")
    assert [(deed.verb, deed.actor, deed.reason) for deed in deeds] == [
        ("named recognition", owner.user, ""),
        ("refused recognition", moderator, "The page is empty."),
        ("changed recognition", owner.user, ""),
        ("confirmed recognition", moderator, ""),
        ("withdrew recognition", owner.user, ""),
    ]
    assert {deed.organisation for deed in deeds} == {owner.organisation}
    assert {str(deed.data) for deed in deeds} == {"{'kind': 'little_giant'}"}


def test_moderators_are_told_of_one_recognition_once_a_day(owner: Membership, moderator: User) -> None:
    with time_machine.travel("2026-11-24 08:00+08:00", tick=False):
        for _again in range(3):
            withdraw_recognition(name(owner), by=owner.user)
        assert len(told("recognition_named")) == 1

    with time_machine.travel("2026-11-25 08:00+08:00", tick=False):
        name(owner)
        assert len(told("recognition_named")) == 2


@pytest.mark.parametrize(
    ("language", "confirmed", "refused"),
    [
        ("en", "The recognition “Little Giant” of Minlan is confirmed", "The page says why."),
        ("zh-hans", "敏澜的资质已确认，所有人可见：专精特新“小巨人”", "原因见页面"),
        ("zh-hant", "敏澜的資質已確認，所有人可見：專精特新「小巨人」", "原因見頁面"),
    ],
)
def test_owners_read_of_it_in_their_language(
    owner: Membership, moderator: User, language: str, confirmed: str, refused: str
) -> None:
    owner.organisation.name_zh, owner.organisation.name_en = "敏澜", "Minlan"
    owner.organisation.save()
    owner.user.language = language
    owner.user.save()
    label = name(owner)

    decide_recognition(label, by=moderator, confirm=False, note="A reason that no mail repeats.")
    decide_recognition(label, by=moderator, confirm=True)
    for notice in Notice.objects.filter(kind="recognition_decided", channel="email").order_by("created_at"):
        send_by_email(notice)

    first, second = mail.outbox
    assert refused in first.body
    assert confirmed in second.subject
    assert f"/{language}/organisations/{owner.organisation_id}/edit/" in second.body
    assert "no mail repeats" not in first.body


def test_every_recognition_has_a_name_in_a_notice() -> None:
    for kind in LabelKind:
        with translation.override("en"):
            assert Notice(data={"recognition": kind.value}).recognition == kind.label
    assert Notice(data={}).recognition == ""


def test_a_day_in_hong_kong_is_not_yet_tomorrow_elsewhere(owner: Membership) -> None:
    with time_machine.travel("2026-11-24 00:30+08:00", tick=False):
        assert name(owner, since=date(2026, 11, 24)).since == date(2026, 11, 24)
        with pytest.raises(ValidationError):
            name(owner, kind="unicorn", since=date(2026, 11, 24) + timedelta(days=1))
