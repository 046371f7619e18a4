"""The pages on which an owner names a recognition, and those on which others see it."""

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.choices import MembershipRole
from accounts.models import Membership, OrganisationLabel
from tests.factories import MembershipFactory, RecognitionFactory, UserFactory
from tests.queries import assert_flat

pytestmark = pytest.mark.django_db
TYPED = {"kind": "little_giant", "since": "2024-06-01", "evidence_url": "https://list.example/2024"}


@pytest.fixture
def firm(client: Client) -> Membership:
    """A signed-in owner."""
    membership: Membership = MembershipFactory()
    client.force_login(membership.user)
    return membership


def add(client: Client, firm: Membership, **changed: str) -> Any:
    return client.post(reverse("recognition_add", args=[firm.organisation_id]), {**TYPED, **changed}, follow=True)


def public(client: Client, firm: Membership, language: str = "en") -> str:
    return client.get(f"/{language}/organisations/{firm.organisation_id}/").content.decode()


def test_an_owner_names_one_and_sees_that_it_waits(client: Client, firm: Membership) -> None:
    page = add(client, firm).content.decode()

    label = OrganisationLabel.objects.get()
    assert (label.kind, label.since, label.state) == ("little_giant", date(2024, 6, 1), "waiting")
    assert "Everyone sees it once a moderator has confirmed it." in page
    assert "Waiting for a moderator" in page


def test_an_address_without_a_scheme_is_completed(client: Client, firm: Membership) -> None:
    add(client, firm, evidence_url="list.example/专精特新")

    assert OrganisationLabel.objects.get().evidence_url == "https://list.example/专精特新"


@pytest.mark.parametrize(
    ("change", "anchor"),
    [
        ({"kind": ""}, "recognition_kind"),
        ({"kind": "best_firm"}, "recognition_kind"),
        ({"since": ""}, "recognition_since"),
        ({"since": "2999-01-01"}, "recognition_since"),
        ({"since": "yesterday"}, "recognition_since"),
        ({"evidence_url": ""}, "recognition_evidence_url"),
        ({"evidence_url": "in our office"}, "recognition_evidence_url"),
        ({"evidence_url": "javascript:alert(1)"}, "recognition_evidence_url"),
    ],
)
def test_bad_input_comes_back_with_everything_typed(
    client: Client, firm: Membership, change: dict[str, str], anchor: str
) -> None:
    sent = {**TYPED, **change}

    page = add(client, firm, **change).content.decode()

    assert f'href="#{anchor}"' in page
    assert f'id="{anchor}"' in page
    for name in ("since", "evidence_url"):
        assert not sent[name] or f'value="{sent[name]}"' in page
    assert not OrganisationLabel.objects.exists()


@pytest.mark.parametrize("name", ["recognition_add", "member_add"])
def test_who_comes_back_to_the_address_of_a_form_is_led_to_it(client: Client, firm: Membership, name: str) -> None:
    answer = client.get(reverse(name, args=[firm.organisation_id]))

    assert answer.url.startswith(reverse("organisation_edit", args=[firm.organisation_id]))
    client.force_login(UserFactory())
    assert client.get(reverse(name, args=[firm.organisation_id])).status_code == 404


def test_what_is_missing_is_said_in_a_sentence(client: Client, firm: Membership) -> None:
    page = add(client, firm, kind="", since="", evidence_url="").content.decode()

    for sentence in ("Choose a recognition.", "Give the day on which it was awarded", "Give the address of a page"):
        assert page.count(sentence) == 2  # above the form and beside the field
    assert "required." not in page


def test_one_that_is_named_already_is_not_overwritten(client: Client, firm: Membership) -> None:
    RecognitionFactory(organisation=firm.organisation)

    page = add(client, firm, since="2020-01-01").content.decode()

    assert "This recognition is named already. Change that one instead." in page
    assert OrganisationLabel.objects.get().since == date(2024, 6, 1)


def test_a_refused_one_shows_why_and_is_mended(client: Client, firm: Membership) -> None:
    label = RecognitionFactory(organisation=firm.organisation, state="refused", note="名单上没有贵公司。")
    address = reverse("recognition_change", args=[firm.organisation_id, label.kind])
    page = client.get(address).content.decode()
    assert "名单上没有贵公司。" in page
    assert 'value="2024-06-01"' in page
    assert 'value="https://list.example/2024"' in page

    wrong = client.post(address, {"since": "2999-01-01", "evidence_url": "https://list.example/new"}).content.decode()
    assert 'href="#recognition_since"' in wrong
    assert 'value="https://list.example/new"' in wrong

    answer = client.post(address, {"since": "2024-06-02", "evidence_url": "https://list.example/new"})
    label.refresh_from_db()
    assert (label.state, label.note, label.evidence_url) == ("waiting", "", "https://list.example/new")
    assert answer.url.endswith("/edit/#recognitions")


def test_one_is_withdrawn(client: Client, firm: Membership) -> None:
    RecognitionFactory(organisation=firm.organisation)

    page = client.post(reverse("recognition_withdraw", args=[firm.organisation_id, "little_giant"]), follow=True)

    assert "Withdrawn. Nobody sees it any more." in page.content.decode()
    assert not OrganisationLabel.objects.exists()


def test_only_owners_and_moderators_change_them(client: Client, firm: Membership) -> None:
    RecognitionFactory(organisation=firm.organisation)
    names = [
        ("recognition_add", []),
        ("recognition_change", ["little_giant"]),
        ("recognition_withdraw", ["little_giant"]),
    ]
    addresses = [reverse(name, args=[firm.organisation_id, *more]) for name, more in names]
    colleague = MembershipFactory(organisation=firm.organisation, role=MembershipRole.MEMBER).user

    for person in (colleague, MembershipFactory().user, UserFactory(is_bridge=True)):
        client.force_login(person)
        assert [client.post(address, {**TYPED, "kind": "unicorn"}).status_code for address in addresses] == [404] * 3

    assert [(label.kind, label.state) for label in OrganisationLabel.objects.all()] == [("little_giant", "confirmed")]


def test_another_organisations_recognition_is_not_there(client: Client, firm: Membership) -> None:
    RecognitionFactory()

    assert client.get(reverse("recognition_change", args=[firm.organisation_id, "little_giant"])).status_code == 404


@pytest.mark.parametrize(
    ("language", "confirmed", "waiting", "state"),
    [
        ("en", "Little Giant", "Unicorn", "Waiting for a moderator"),
        ("zh-hans", "专精特新“小巨人”", "独角兽企业", "待审核"),
        ("zh-hant", "專精特新「小巨人」", "獨角獸企業", "待審核"),
    ],
)
def test_outsiders_see_the_confirmed_and_colleagues_all_marked(
    client: Client, firm: Membership, language: str, confirmed: str, waiting: str, state: str
) -> None:
    RecognitionFactory(organisation=firm.organisation)
    RecognitionFactory(
        organisation=firm.organisation, kind="unicorn", state="waiting", evidence_url="https://canary.example/"
    )
    viewer = MembershipFactory(organisation=firm.organisation, role=MembershipRole.VIEWER).user

    for person in (firm.user, viewer, UserFactory(is_moderator=True)):
        client.force_login(person)
        page = public(client, firm, language)
        assert confirmed in page
        assert waiting in page
        assert state in page
        assert "https://canary.example/" in page
    for outsider in (None, MembershipFactory().user):
        client.logout()
        if outsider is not None:
            client.force_login(outsider)
        page = public(client, firm, language)
        assert confirmed in page
        assert "https://list.example/2024" in page
        assert waiting not in page
        assert state not in page
        assert "canary" not in page


def test_a_refusals_reason_is_on_the_form_and_not_on_the_public_page(client: Client, firm: Membership) -> None:
    RecognitionFactory(organisation=firm.organisation, state="refused", note="canary-note")
    assert "canary-note" in client.get(reverse("organisation_edit", args=[firm.organisation_id])).content.decode()

    for person in (firm.user, MembershipFactory().user):
        client.force_login(person)
        assert "canary-note" not in public(client, firm)


def test_the_form_costs_the_same_at_any_length(client: Client, firm: Membership) -> None:
    kinds = iter(("unicorn", "gazelle", "listed"))

    assert_flat(
        lambda: RecognitionFactory(organisation=firm.organisation, kind=next(kinds)),
        (8, lambda: client.get(reverse("organisation_edit", args=[firm.organisation_id]))),
    )
