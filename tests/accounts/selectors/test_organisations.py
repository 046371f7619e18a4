"""Reading organisations and who belongs to them."""

import pytest
from django.utils import timezone

from accounts.models import Organisation
from accounts.selectors.organisations import (
    members_of,
    memberships_of,
    names_an_employer,
    organisations_by_domain,
    organisations_of,
    public_organisations,
)
from tests.factories import MembershipFactory, OrganisationFactory, UserFactory

pytestmark = pytest.mark.django_db


def test_members_colleagues_and_outsiders_are_told_apart() -> None:
    owner = MembershipFactory()
    colleague = MembershipFactory(organisation=owner.organisation, role="viewer")
    outsider = MembershipFactory()

    assert [member.user for member in members_of(owner.organisation)] == [owner.user, colleague.user]
    assert list(organisations_of(colleague.user)) == [owner.organisation]
    assert list(organisations_of(outsider.user)) == [outsider.organisation]
    assert list(memberships_of(colleague.user)) == [colleague]
    assert set(public_organisations()) == set(Organisation.objects.all())


@pytest.mark.parametrize(
    ("email", "offered"),
    [
        ("a@firm.example", ["firm.example"]),
        ("a@lab.firm.example", ["firm.example"]),
        ("a@notfirm.example", []),
        ("a@example", []),
        ("a@qq.com", []),
        ("a@vip.qq.com", []),
        ("a@sustech.edu.cn", []),
    ],
)
def test_only_verified_organisations_of_ones_own_domain_are_offered(email: str, offered: list[str]) -> None:
    for domain in ("firm.example", "qq.com", "vip.qq.com", "edu.cn", "example", ""):
        OrganisationFactory(domain=domain, verified_at=timezone.now())
    OrganisationFactory(domain="firm.example", name_en="Not verified")

    found = organisations_by_domain(UserFactory(email=email))

    assert [organisation.domain for organisation in found] == offered


def test_an_address_that_is_not_confirmed_offers_nothing() -> None:
    OrganisationFactory(domain="firm.example", verified_at=timezone.now())
    person = UserFactory(email="a@firm.example")
    assert organisations_by_domain(person).exists()

    person.emailaddress_set.update(verified=False)

    assert not organisations_by_domain(person).exists()


@pytest.mark.parametrize("domain", ["firm.example", "hku.hk", "cuhk.edu.hk", "catl.com", "lab.ust.hk", "um.edu.mo"])
def test_a_domain_of_its_own_names_an_employer(domain: str) -> None:
    assert names_an_employer(domain)


@pytest.mark.parametrize(
    "domain", ["", "cn", "edu.cn", "ac.uk", "com.mo", "gd.cn", "qq.com", "vip.qq.com", ".cn", "a..cn"]
)
def test_a_shared_domain_names_nobody(domain: str) -> None:
    assert not names_an_employer(domain)
