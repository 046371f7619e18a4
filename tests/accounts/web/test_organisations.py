"""Founding and editing an organisation, and the people in it."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.choices import MembershipRole
from accounts.models import Membership, Organisation
from tests.factories import MembershipFactory, OrganisationFactory, UserFactory

pytestmark = pytest.mark.django_db


def typed(**changed: Any) -> dict[str, Any]:
    """What the browser sends for a firm with a name."""
    return {"kind": "company", "name_zh": "敏澜动力", "city": "佛山", **changed}


def test_founding_makes_an_owner_and_goes_on_to_the_intent(client: Client) -> None:
    person = UserFactory()
    client.force_login(person)

    answer = client.post(reverse("organisation_new"), typed(next="/en/challenges/new/", domain="firm.example"))

    organisation = Organisation.objects.get()
    assert (organisation.name_zh, organisation.city.name_zh, organisation.verified) == ("敏澜动力", "佛山", True)
    assert person.memberships.get().role == "owner"
    assert answer.url == "/en/challenges/new/"


@pytest.mark.parametrize("address", ["https://elsewhere.example/", "//elsewhere.example"])
def test_founding_never_leads_to_another_site(client: Client, address: str) -> None:
    client.force_login(UserFactory())

    assert client.post(reverse("organisation_new"), typed(next=address)).url == reverse("dashboard")


@pytest.mark.parametrize(
    ("change", "anchor"),
    [
        ({"name_zh": ""}, "id_name_zh"),
        ({"website": "no address"}, "id_website"),
        ({"kind": "club"}, "id_kind"),
        ({"name_zh": "名" * 300}, "id_name_zh"),
    ],
)
def test_bad_input_comes_back_with_everything_typed(client: Client, change: dict[str, str], anchor: str) -> None:
    client.force_login(UserFactory())

    page = client.post(reverse("organisation_new"), typed(description_en="typed text", **change)).content.decode()

    assert f'href="#{anchor}"' in page
    assert "typed text" in page
    assert not Organisation.objects.exists()


@pytest.mark.parametrize(
    ("email", "offered"),
    [
        ("li@firm.example", "firm.example"),
        ("li@qq.com", ""),
        ("li@vip.qq.com", ""),
        ("li@example", ""),
        ("li@gd.cn", ""),
    ],
)
def test_only_a_domain_of_an_employer_is_offered_as_ones_organisations(
    client: Client, email: str, offered: str
) -> None:
    client.force_login(UserFactory(email=email))

    assert client.get(reverse("organisation_new")).context["form"]["domain"].value() == offered


@pytest.mark.parametrize("domain", ["qq.com", "com.hk"])
def test_a_shared_domain_is_refused_beside_its_field(client: Client, domain: str) -> None:
    client.force_login(UserFactory())

    page = client.post(reverse("organisation_new"), typed(domain=domain)).content.decode()

    assert f"“{domain}” does not belong to one organisation alone." in page
    assert 'href="#id_domain"' in page
    assert f'value="{domain}"' in page
    assert not Organisation.objects.exists()


def test_a_website_without_a_scheme_is_completed(client: Client) -> None:
    client.force_login(UserFactory())

    client.post(reverse("organisation_new"), typed(website="www.firm.example/关于"))

    assert Organisation.objects.get().website == "https://www.firm.example/关于"


@pytest.fixture
def firm(client: Client) -> Membership:
    """A signed-in owner."""
    membership = MembershipFactory()
    client.force_login(membership.user)
    return membership


def test_every_stored_answer_comes_back_unchanged(client: Client, firm: Membership) -> None:
    address = reverse("organisation_edit", args=[firm.organisation_id])
    before = Organisation.objects.values().get()
    form = client.get(address).context["form"]

    client.post(address, {name: form[name].value() or "" for name in form.fields})

    assert Organisation.objects.values().get() == before


def test_saving_says_what_it_means_for_the_verification(client: Client, firm: Membership) -> None:
    address = reverse("organisation_edit", args=[firm.organisation_id])
    said = [
        str(next(iter(client.post(address, typed(**change), follow=True).context["messages"])))
        for change in (
            {"domain": "firm.example"},
            {"domain": "firm.example", "description_en": "More"},
            {"domain": "other.example"},
            {"domain": "other.example", "description_en": "Less"},
        )
    ]

    assert said == [
        "Saved, and verified by your e-mail domain.",
        "Saved.",
        "Saved. The name or the domain is another now, so a moderator looks at the organisation again.",
        "Saved.",
    ]


def test_an_owner_adds_a_person_who_has_an_account(client: Client, firm: Membership) -> None:
    other = UserFactory(email="colleague@firm.example")
    address = reverse("member_add", args=[firm.organisation_id])

    client.post(address, {"email": "Colleague@Firm.example", "role": "member"})
    unknown = client.post(address, {"email": "nobody@firm.example", "role": "member"}).content.decode()

    assert other.memberships.get().role == "member"
    assert "There is no account with this address." in unknown
    assert 'value="nobody@firm.example"' in unknown


def test_adding_people_is_limited(client: Client, firm: Membership, settings: Any) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"member_add": "2/h/user"}
    address = reverse("member_add", args=[firm.organisation_id])

    answers = [client.post(address, {"email": f"a{n}@firm.example", "role": "member"}).status_code for n in range(3)]

    assert answers == [200, 200, 429]


def test_roles_change_and_people_leave(client: Client, firm: Membership) -> None:
    other = MembershipFactory(organisation=firm.organisation, role=MembershipRole.MEMBER)
    person = other.user_id

    client.post(reverse("member_role", args=[firm.organisation_id, person]), {f"role-{person}": "viewer"})
    other.refresh_from_db()
    assert other.role == "viewer"

    client.post(reverse("member_remove", args=[firm.organisation_id, person]))
    assert list(firm.organisation.memberships.all()) == [firm]


def test_the_last_owner_stays(client: Client, firm: Membership) -> None:
    page = client.post(reverse("organisation_leave", args=[firm.organisation_id]), follow=True).content.decode()

    assert "An organisation needs an owner." in page
    assert firm.organisation.memberships.count() == 1


def test_a_role_changed_takes_effect_on_the_next_click(client: Client) -> None:
    organisation = OrganisationFactory()
    MembershipFactory(organisation=organisation)
    second = MembershipFactory(organisation=organisation)
    client.force_login(second.user)
    address = reverse("organisation_edit", args=[organisation.pk])
    assert client.get(address).status_code == 200

    Membership.objects.filter(pk=second.pk).update(role=MembershipRole.VIEWER)

    assert client.get(address).status_code == 404


def test_only_owners_may(client: Client) -> None:
    membership = MembershipFactory()
    organisation = membership.organisation
    colleague = MembershipFactory(organisation=organisation, role=MembershipRole.MEMBER)
    person = colleague.user_id
    posts = [
        (reverse("organisation_edit", args=[organisation.pk]), typed()),
        (reverse("member_add", args=[organisation.pk]), {"email": colleague.user.email, "role": "owner"}),
        (reverse("member_role", args=[organisation.pk, person]), {f"role-{person}": "owner"}),
        (reverse("member_remove", args=[organisation.pk, person]), {}),
    ]
    for outsider in (colleague.user, MembershipFactory().user, UserFactory(is_bridge=True)):
        client.force_login(outsider)
        assert [client.post(address, data).status_code for address, data in posts] == [404] * 4
        assert client.get(posts[0][0]).status_code == 404
    client.logout()
    assert all(client.post(address, data).url.startswith(reverse("account_login")) for address, data in posts)
    colleague.refresh_from_db()
    assert colleague.role == "member"


def test_a_stranger_cannot_leave_what_they_do_not_belong_to(client: Client) -> None:
    client.force_login(UserFactory())

    assert client.post(reverse("organisation_leave", args=[OrganisationFactory().pk])).status_code == 404


def test_a_place_that_is_not_known_is_told_by_province_and_country(client: Client) -> None:
    client.force_login(UserFactory())

    wrong = client.post(reverse("organisation_new"), typed(city="Aveiro", country="Lusitania"))
    client.post(reverse("organisation_new"), typed(city="阿威罗", province="阿威罗区", country="葡萄牙"))

    assert "This country or region is not known here." in wrong.content.decode()
    place = Organisation.objects.get().city
    assert (place.name_zh, place.province_zh, place.country, place.region) == ("阿威罗", "阿威罗区", "PT", "阿威罗区")
    edit = client.get(reverse("organisation_edit", args=[Organisation.objects.get().pk])).content.decode()
    assert 'name="country" value="Portugal"' in edit
