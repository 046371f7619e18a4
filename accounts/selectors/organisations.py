"""Reads organisations."""

from django.db.models import QuerySet

from accounts.models import Membership, Organisation, User

FREE_MAIL = frozenset(
    "gmail.com outlook.com hotmail.com yahoo.com qq.com 163.com 126.com foxmail.com sina.com icloud.com proton.me".split()
)
"""Domains that say nothing about where somebody works."""


def organisations_of(user: User) -> QuerySet[Organisation]:
    """The organisations a person belongs to."""
    return Organisation.objects.filter(memberships__user=user).select_related("city")


def public_organisations() -> QuerySet[Organisation]:
    """Every organisation, with what its page shows."""
    return Organisation.objects.select_related("city").prefetch_related("labels")


def members_of(organisation: Organisation) -> QuerySet[Membership]:
    """The people of an organisation."""
    return organisation.memberships.select_related("user").order_by("since")


def organisations_by_domain(user: User) -> QuerySet[Organisation]:
    """The verified organisations whose e-mail domain is that of a person's confirmed address."""
    addresses = user.emailaddress_set.filter(verified=True)  # type: ignore[attr-defined]
    domains = {address.email.rpartition("@")[2].lower() for address in addresses}
    wider = {".".join(domain.split(".")[start:]) for domain in domains for start in range(domain.count("."))}
    return Organisation.objects.filter(verified_at__isnull=False, domain__in=wider - FREE_MAIL).select_related("city")


def memberships_of(user: User) -> QuerySet[Membership]:
    """A person's place in each of their organisations."""
    return Membership.objects.filter(user=user).select_related("organisation").order_by("since")
