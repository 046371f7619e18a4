"""Reads organisations."""

from django.db.models import QuerySet

from accounts.models import Membership, Organisation, User


def organisations_of(user: User) -> QuerySet[Organisation]:
    """The organisations a person belongs to."""
    return Organisation.objects.filter(memberships__user=user).select_related("city")


def public_organisations() -> QuerySet[Organisation]:
    """Every organisation, with what its page shows."""
    return Organisation.objects.select_related("city").prefetch_related("labels")


def members_of(organisation: Organisation) -> QuerySet[Membership]:
    """The people of an organisation."""
    return organisation.memberships.select_related("user").order_by("since")
