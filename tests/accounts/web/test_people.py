"""Welcome, settings, profile, tokens and notices of a person."""

from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.choices import NoticeKind
from accounts.models import ApiToken, Notice, User
from accounts.services.notices import send_by_email, tell
from accounts.services.tokens import find_token, make_token
from tests.factories import MembershipFactory, OrganisationFactory, ProfileFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def person(client: Client) -> User:
    """A signed-in person who belongs nowhere."""
    made = UserFactory()
    client.force_login(made)
    return made


PAGES = ("welcome", "settings", "profile_edit", "tokens", "notices", "organisation_new")


@pytest.mark.parametrize("name", PAGES)
def test_pages_of_a_person_ask_to_sign_in(client: Client, name: str) -> None:
    assert client.get(reverse(name)).url.startswith(reverse("account_login"))


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("language", ["en", "zh-hans", "zh-hant"])
def test_pages_of_a_person_open_in_every_language_within_twelve_queries(
    client: Client, person: User, name: str, language: str, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(12):
        answer = client.get(reverse(name).replace("/en/", f"/{language}/"))

    assert answer.status_code == 200


def test_settings_are_kept_and_the_page_goes_on_in_the_chosen_language(client: Client, person: User) -> None:
    sent = {"name_zh": "陈一", "name_en": "Chen Yi", "language": "zh-hant", "theme": "dark"}

    answer = client.post(reverse("settings"), sent)

    person.refresh_from_db()
    assert (person.name_zh, person.language, person.theme, person.email_notices) == ("陈一", "zh-hant", "dark", False)
    assert answer.url == "/zh-hant/settings/"
    assert answer.cookies["theme"].value == "dark"


def test_kinds_of_mail_are_chosen_in_the_settings(client: Client, person: User) -> None:
    person.muted_kinds = ["claim_answer"]
    person.save()
    sent = {"theme": "system", "email_notices": "on", "mail_kinds": ["invitation", "claim_answer"]}

    shown = client.get(reverse("settings")).context["form"].initial["mail_kinds"]
    client.post(reverse("settings"), sent)

    person.refresh_from_db()
    assert "claim_answer" not in shown
    assert "invitation" in shown
    assert person.email_notices
    assert {"invitation", "claim_answer", "new_match"}.isdisjoint(person.muted_kinds)
    assert "challenge_published" in person.muted_kinds


def test_a_wrong_setting_keeps_what_was_typed(client: Client, person: User) -> None:
    page = client.post(reverse("settings"), {"name_en": "typed name", "theme": "pink"}).content.decode()

    assert 'value="typed name"' in page
    assert 'href="#id_theme"' in page


def test_a_name_that_is_too_long_is_told(client: Client, person: User) -> None:
    page = client.post(reverse("settings"), {"name_zh": "名" * 200, "theme": "system"}).content.decode()

    assert "名" * 200 in page
    assert 'href="#id_name_zh"' in page


def test_a_visitor_keeps_dark_in_a_cookie(client: Client) -> None:
    answer = client.post(reverse("theme"), {"theme": "dark", "next": "/en/challenges/"})

    assert (answer.url, answer.cookies["theme"].value) == ("/en/challenges/", "dark")
    assert "theme" not in client.post(reverse("theme"), {"theme": "pink"}).cookies


def test_a_profile_is_made_and_leads_to_the_first_capability(client: Client, person: User) -> None:
    sent = {"name_zh": "陈一", "headline_zh": "机器视觉", "languages": ["zh", "en"], "match_me": "on"}

    answer = client.post(reverse("profile_edit"), sent)

    person.refresh_from_db()
    assert (person.profile.headline_zh, person.profile.languages, person.profile.match_me) == (
        "机器视觉",
        ["zh", "en"],
        True,
    )
    assert answer.url == reverse("capability_new")


def test_a_profile_without_a_name_is_asked_for_one(client: Client, person: User) -> None:
    page = client.post(reverse("profile_edit"), {"headline_en": "typed headline"}).content.decode()

    assert 'href="#id_name_zh"' in page
    assert 'value="typed headline"' in page


def test_a_token_is_shown_once_and_revoked_by_its_owner_only(client: Client, person: User) -> None:
    answer = client.post(reverse("tokens"), {"name": "lab", "scope": "read", "days": "30"})
    plain = answer.context["plain"]
    token = ApiToken.objects.get()
    assert find_token(plain) == token
    assert plain in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]
    assert plain not in client.get(reverse("tokens")).content.decode()

    strange, _plain = make_token(UserFactory(), name="other")
    assert client.post(reverse("token_revoke", args=[strange.pk])).status_code == 404
    client.post(reverse("token_revoke", args=[token.pk]))
    assert find_token(plain) is None


DATA = {
    "title_zh": "极片检测",
    "title_en": "Foil <b>inspection</b>",
    "name_zh": "公司",
    "name_en": "Firm & Co",
    "state": "accepted",
    "recognition": "unicorn",
}
ABOUT_AN_ORGANISATION = (
    NoticeKind.ORGANISATION_VERIFIED,
    NoticeKind.RECOGNITION_NAMED,
    NoticeKind.RECOGNITION_DECIDED,
)


@pytest.mark.parametrize("kind", NoticeKind.values)
@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en", ("Foil", "Firm", "five tries")),
        ("zh-hans", ("极片检测", "公司", "五次")),
        ("zh-hant", ("极片检测", "公司", "五次")),
    ],
)
def test_every_notice_has_words_on_the_page_and_in_the_mail(
    client: Client, person: User, kind: str, language: str, expected: tuple[str, str, str]
) -> None:
    person.language = language
    person.save()
    tell(person, event_key=f"k:{kind}", kind=kind, data={**DATA, "reason": "canary-reason"}, path="challenges/x/")
    subject = expected[1 if kind in ABOUT_AN_ORGANISATION else 2 if kind == NoticeKind.JOB_GIVEN_UP else 0]

    page = client.get(f"/{language}/notices/").content.decode()
    send_by_email(Notice.objects.get(channel="email"))

    assert subject in page
    assert "<b>inspection</b>" not in page
    assert subject in mail.outbox[-1].subject
    assert "&lt;" not in mail.outbox[-1].subject + mail.outbox[-1].body
    assert f"/{language}/challenges/x/" in mail.outbox[-1].body
    assert f"/{language}/settings/" in mail.outbox[-1].body
    assert "canary-reason" not in mail.outbox[-1].subject + mail.outbox[-1].body


def test_a_notice_is_read_by_its_own_reader(client: Client, person: User) -> None:
    mine = tell(person, event_key="a", kind=NoticeKind.NEW_MATCH, data=DATA, path="challenges/", by_email=False)
    other = tell(UserFactory(), event_key="a", kind=NoticeKind.NEW_MATCH, data=DATA, path="challenges/", by_email=False)
    assert mine is not None
    assert other is not None

    assert client.get(reverse("notice", args=[other.pk])).status_code == 404
    assert client.get(reverse("notice", args=[mine.pk])).url == "/en/challenges/"
    mine.refresh_from_db()
    assert mine.read_at is not None


def test_all_notices_are_marked_as_read(client: Client, person: User) -> None:
    for key in "abc":
        tell(person, event_key=key, kind=NoticeKind.NEW_MATCH, data=DATA, path="challenges/", by_email=False)

    client.post(reverse("notices_read"))

    assert not Notice.objects.filter(read_at__isnull=True).exists()


def test_the_welcome_page_offers_the_verified_organisation_of_ones_domain(client: Client, person: User) -> None:
    verified = OrganisationFactory(domain="firm.example", verified_at=timezone.now())
    OrganisationFactory(domain="firm.example", name_en="Unverified namesake")
    OrganisationFactory(domain="other.example", verified_at=timezone.now(), name_en="Somebody else")

    page = client.get(reverse("welcome")).content.decode()
    client.post(reverse("organisation_join", args=[verified.pk]))

    assert verified.name_en in page
    assert "Unverified namesake" not in page
    assert "Somebody else" not in page
    assert person.memberships.get().role == "viewer"


def test_one_cannot_join_an_organisation_of_another_domain(client: Client, person: User) -> None:
    for organisation in (OrganisationFactory(domain="other.example"), OrganisationFactory(domain="firm.example")):
        client.post(reverse("organisation_join", args=[organisation.pk]))

    assert not person.memberships.exists()


def test_the_settings_list_ones_organisations(client: Client) -> None:
    membership = MembershipFactory(user=ProfileFactory().user)
    client.force_login(membership.user)

    page = client.get(reverse("settings")).content.decode()

    assert membership.organisation.name_en in page
    assert reverse("organisation_edit", args=[membership.organisation_id]) in page
