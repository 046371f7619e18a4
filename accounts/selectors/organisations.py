"""Reads organisations."""

from django.db.models import QuerySet

from accounts.models import Membership, Organisation, User

FREE_MAIL = frozenset(
    "gmail.com outlook.com hotmail.com live.com msn.com yahoo.com yahoo.com.hk icloud.com me.com aol.com gmx.com proton.me "
    "protonmail.com qq.com foxmail.com 163.com 126.com yeah.net 139.com 189.cn sina.com sina.cn sohu.com aliyun.com 21cn.com "
    "netvigator.com".split()
)
"""Domains that say nothing about where somebody works."""
SHARED_ENDINGS = frozenset("ac co com edu gov net org".split())
"""What stands before a country's code where the ending is sold to many: edu.cn, com.hk, ac.uk."""


def names_an_employer(domain: str) -> bool:
    """True for a domain that one organisation holds; false for free mail, also below it (vip.qq.com), and for shared endings."""
    labels = domain.split(".")
    if len(labels) < 2 or not all(labels):
        return False
    if any(".".join(labels[start:]) in FREE_MAIL for start in range(len(labels) - 1)):
        return False
    name, ending = labels[-2:]
    shared = len(ending) == 2 and (name in SHARED_ENDINGS or (ending == "cn" and len(name) == 2))  # gd.cn is a province
    return len(labels) > 2 or not shared


def organisations_of(user: User) -> QuerySet[Organisation]:
    """The organisations a person belongs to."""
    return Organisation.objects.filter(memberships__user=user).select_related("city")


def public_organisations() -> QuerySet[Organisation]:
    """Every organisation, with its place."""
    return Organisation.objects.select_related("city")


def members_of(organisation: Organisation) -> QuerySet[Membership]:
    """The people of an organisation."""
    return organisation.memberships.select_related("user").order_by("since")


def organisations_by_domain(user: User) -> QuerySet[Organisation]:
    """The verified organisations whose e-mail domain is that of a person's confirmed address."""
    addresses = user.emailaddress_set.filter(verified=True)  # type: ignore[attr-defined]
    domains = {address.email.rpartition("@")[2].lower() for address in addresses}
    wider = {".".join(domain.split(".")[start:]) for domain in domains for start in range(domain.count("."))}
    own = [domain for domain in wider if names_an_employer(domain)]
    return Organisation.objects.filter(verified_at__isnull=False, domain__in=own).select_related("city")


def memberships_of(user: User) -> QuerySet[Membership]:
    """A person's place in each of their organisations."""
    return Membership.objects.filter(user=user).select_related("organisation").order_by("since")
