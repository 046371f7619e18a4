"""Organisations: founded, edited, verified, joined and left."""

from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts.choices import MembershipRole, VerifiedBy
from accounts.models import Activity, Membership, Notice, Organisation
from accounts.rules import can_act_for, can_edit_organisation, is_member
from accounts.services.organisations import (
    add_member,
    edit_organisation,
    found_organisation,
    join_by_domain,
    organisation_edited,
    remove_member,
    verify_by_domain,
    verify_organisation,
)
from tests.factories import MembershipFactory, OrganisationFactory, UserFactory

pytestmark = pytest.mark.django_db


def found(email: str = "li@firm.example", **values: Any) -> Organisation:
    return found_organisation(by=UserFactory(email=email), **{"kind": "company", "name_zh": "敏澜动力", **values})


def test_who_founds_an_organisation_owns_it_at_once() -> None:
    founder, outsider = UserFactory(), UserFactory()
    assert not can_act_for(founder, OrganisationFactory().pk)  # the roles are asked for before and after

    organisation = found_organisation(by=founder, kind="company", name_en="Firm")

    assert can_edit_organisation(founder, organisation)
    assert not is_member(outsider, organisation.pk)
    assert not organisation.trusted


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"trusted": True}, "trusted"),
        ({"verified_at": timezone.now()}, "verified_at"),
        ({"kind": "club"}, "kind"),
        ({"name_zh": "名" * 121}, "name_zh"),
        ({"website": "javascript:alert(1)"}, "website"),
        ({"industry": "Z99"}, "industry"),
    ],
)
def test_bad_input_names_its_field_and_founds_nothing(values: dict[str, Any], field: str) -> None:
    with pytest.raises(ValidationError) as caught:
        found(**values)

    assert list(caught.value.message_dict) == [field]
    assert not Organisation.objects.exists()
    assert not Membership.objects.exists()


def test_an_organisation_without_any_name_is_refused() -> None:
    with pytest.raises(ValidationError):
        found(name_zh=" \u200b ", name_en="")

    assert not Organisation.objects.exists()


def test_texts_are_cleaned() -> None:
    organisation = found(name_zh="敏澜\u202e动力\n集团", description_zh="一\r\n\r\n\r\n二", domain="@WWW.Firm.Example")

    assert (organisation.name_zh, organisation.description_zh) == ("敏澜动力 集团", "一\n\n二")
    assert organisation.domain == "firm.example"


@pytest.mark.parametrize(
    ("email", "domain", "verified"),
    [
        ("li@firm.example", "firm.example", True),
        ("li@lab.firm.example", "firm.example", True),
        ("li@firm.example", "www.firm.example", True),
        ("Li@Firm.Example", "FIRM.example", True),
        ("li@firm.example", "", False),
        ("li@firm.example", "lab.firm.example", False),
        ("li@notfirm.example", "firm.example", False),
        ("li@firm.example.evil.example", "firm.example", False),
        ("li@firm-example.com", "firm.example", False),
        ("li@fırm.example", "firm.example", False),
        ("li@firm.example", "https://www.firm.example/about", True),
        ("li@firm.example", "office@firm.example", True),
        ("li@gmail.com", "firm.example", False),
        ("li@sustech.edu.cn", "sustech.edu.cn", True),
        ("li@hku.hk", "hku.hk", True),
    ],
)
def test_the_domain_of_a_confirmed_address_verifies_and_nothing_like_it(
    email: str, domain: str, verified: bool
) -> None:
    organisation = found(email, domain=domain)

    organisation.refresh_from_db()
    assert organisation.verified is verified
    assert organisation.verified_how == (VerifiedBy.DOMAIN if verified else "")


@pytest.mark.parametrize(
    ("email", "domain"),
    [
        ("li@qq.com", "qq.com"),
        ("li@vip.qq.com", "qq.com"),
        ("li@vip.163.com", "vip.163.com"),
        ("li@139.com", "https://139.com/"),
        ("li@sustech.edu.cn", "edu.cn"),
        ("li@firm.com.hk", "com.hk"),
        ("li@firm.gd.cn", "gd.cn"),
        ("li@firm.example", "example"),
        ("li@firm.example", ".example"),
        ("li@firm.example", "https://"),
    ],
)
def test_a_domain_that_many_share_is_no_organisations(email: str, domain: str) -> None:
    with pytest.raises(ValidationError) as caught:
        found(email, domain=domain)

    assert list(caught.value.message_dict) == ["domain"]
    assert not Organisation.objects.exists()


def test_an_address_that_is_not_confirmed_verifies_nothing() -> None:
    person = UserFactory(email="li@firm.example")
    organisation = OrganisationFactory(domain="firm.example")
    EmailAddress.objects.filter(user=person).update(verified=False)

    assert not verify_by_domain(organisation, by=person)

    EmailAddress.objects.filter(user=person).update(verified=True)
    assert verify_by_domain(organisation, by=person)


@pytest.mark.parametrize("change", [{"name_zh": "别的公司"}, {"name_en": "Another Ltd"}, {"domain": "other.example"}])
def test_a_new_name_or_domain_must_be_verified_and_trusted_again(change: dict[str, str]) -> None:
    organisation = OrganisationFactory(domain="firm.example", verified_how="moderator", verified_at=timezone.now())
    organisation.verified_by = UserFactory(is_moderator=True)
    organisation.save()

    edit_organisation(organisation, by=UserFactory(email="li@elsewhere.example"), **change)

    organisation.refresh_from_db()
    assert (organisation.verified, organisation.verified_how, organisation.trusted) == (False, "", False)
    assert organisation.verified_by is None


@pytest.mark.parametrize("change", [{"name_zh": "别的公司"}, {"domain": "firm.example"}, {"description_en": "More"}])
def test_the_domain_of_whoever_edits_verifies_at_once_and_never_gives_trust(change: dict[str, str]) -> None:
    organisation = OrganisationFactory(domain="" if "domain" in change else "firm.example", trusted=False)
    assert not organisation.verified

    edit_organisation(organisation, by=UserFactory(email="li@firm.example"), **change)

    organisation.refresh_from_db()
    assert (organisation.verified, organisation.verified_how, organisation.trusted) == (True, "domain", False)


def test_an_edit_names_to_others_only_what_changed() -> None:
    heard = []

    def hear(sender: Any, *, organisation: Organisation, changed: set[str], **_more: Any) -> None:
        heard.append((organisation, changed))

    organisation_edited.connect(hear)
    try:
        organisation = OrganisationFactory()
        same = {"name_zh": organisation.name_zh, "city": organisation.city}
        edit_organisation(organisation, by=UserFactory(), **same)
        edit_organisation(organisation, by=UserFactory(), **same, size="small", website="https://firm.example")
    finally:
        organisation_edited.disconnect(hear)

    assert heard == [(organisation, {"size", "website"})]


def test_other_edits_leave_the_verification_and_are_logged_by_name_only() -> None:
    organisation = OrganisationFactory(verified_at=timezone.now(), verified_how="moderator", domain="firm.example")

    edit_organisation(
        organisation, by=UserFactory(), name_zh=organisation.name_zh, domain="WWW.firm.example", description_zh="介绍"
    )

    organisation.refresh_from_db()
    assert (organisation.verified, organisation.trusted, organisation.description_zh) == (True, True, "介绍")
    assert Activity.objects.get(verb="edited").data == {"fields": ["description_zh", "domain", "name_zh"]}


def test_a_refused_edit_changes_nothing() -> None:
    organisation = OrganisationFactory(verified_at=timezone.now())

    with pytest.raises(ValidationError):
        edit_organisation(organisation, by=UserFactory(), name_zh="别的公司", industry="Z99")

    stored = Organisation.objects.get()
    assert (stored.name_zh != "别的公司", stored.verified) == (True, True)


def test_a_moderator_verifies_and_the_owners_are_told() -> None:
    owner = MembershipFactory(organisation=OrganisationFactory(trusted=False))
    colleague = MembershipFactory(organisation=owner.organisation, role=MembershipRole.MEMBER)
    moderator = UserFactory(is_moderator=True)

    verify_organisation(owner.organisation, by=moderator, trusted=True)

    stored = Organisation.objects.get()
    assert (stored.verified, stored.verified_how, stored.verified_by, stored.trusted) == (
        True,
        "moderator",
        moderator,
        True,
    )
    told = Notice.objects.filter(kind="organisation_verified", channel="in_app").values_list("recipient", flat=True)
    assert list(told) == [owner.user.pk]
    assert colleague.user.pk not in told


def test_verifying_without_a_word_on_trust_leaves_trust_as_it_was() -> None:
    organisation = OrganisationFactory(trusted=False)

    verify_organisation(organisation, by=UserFactory(is_moderator=True))

    assert not Organisation.objects.get().trusted


def test_a_member_is_added_once_and_roles_change() -> None:
    owner, person = MembershipFactory(), UserFactory()

    for role in (MembershipRole.MEMBER, MembershipRole.VIEWER):
        add_member(owner.organisation, person, by=owner.user, role=role)

    assert [(one.role) for one in person.memberships.all()] == ["viewer"]


def test_the_last_owner_cannot_step_down_or_leave() -> None:
    owner = MembershipFactory()
    MembershipFactory(organisation=owner.organisation, role=MembershipRole.MEMBER)
    MembershipFactory()  # an owner elsewhere does not count

    with pytest.raises(ValidationError):
        add_member(owner.organisation, owner.user, by=owner.user, role=MembershipRole.VIEWER)
    with pytest.raises(ValidationError):
        remove_member(owner, by=owner.user)

    owner.refresh_from_db()
    assert owner.role == "owner"


def test_with_a_second_owner_the_first_may_leave_and_loses_every_right() -> None:
    owner = MembershipFactory()
    second = UserFactory()
    add_member(owner.organisation, second, by=owner.user, role=MembershipRole.OWNER)

    remove_member(owner, by=owner.user)

    left = type(owner.user).objects.get(pk=owner.user_id)
    assert not is_member(left, owner.organisation_id)
    assert can_edit_organisation(second, owner.organisation)


def test_a_member_who_leaves_needs_no_other_owner() -> None:
    member = MembershipFactory(role=MembershipRole.MEMBER)

    remove_member(member, by=member.user)

    assert not Membership.objects.exists()


def test_joining_by_domain_gives_the_right_to_look_and_no_more() -> None:
    organisation = OrganisationFactory(domain="firm.example", verified_at=timezone.now())
    colleague, outsider = UserFactory(email="a@lab.firm.example"), UserFactory(email="a@notfirm.example")

    for _again in range(2):
        join_by_domain(organisation, colleague)
    with pytest.raises(ValidationError):
        join_by_domain(organisation, outsider)

    assert [one.role for one in organisation.memberships.all()] == ["viewer"]
    assert is_member(colleague, organisation.pk)
    assert not can_act_for(colleague, organisation.pk)


def test_joining_again_does_not_lower_a_role() -> None:
    member = MembershipFactory(organisation=OrganisationFactory(domain="firm.example", verified_at=timezone.now()))

    join_by_domain(member.organisation, member.user)

    member.refresh_from_db()
    assert member.role == "owner"


@pytest.mark.parametrize("typed", ["03yrm5c26", "https://ror.org/03YRM5C26", "ror.org/03yrm5c26/"])
def test_a_ror_id_is_stored_as_it_is_written(typed: str) -> None:
    organisation = OrganisationFactory()

    edit_organisation(organisation, by=UserFactory(), ror=typed)

    assert Organisation.objects.get().ror == "03yrm5c26"


@pytest.mark.parametrize(
    "typed", ["03yrm5c27", "03yrm5c2", "13yrm5c26", "0iyrm5c26", "https://elsewhere.example/03yrm5c26"]
)
def test_what_is_no_ror_id_is_refused(typed: str) -> None:
    with pytest.raises(ValidationError) as caught:
        edit_organisation(OrganisationFactory(), by=UserFactory(), ror=typed)

    assert list(caught.value.message_dict) == ["ror"]
