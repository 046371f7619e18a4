"""Reads places."""

from django.db.models import QuerySet

from accounts.models import Place


def known_places() -> QuerySet[Place]:
    """Every place that has been named, for the list that a browser offers while typing."""
    return Place.objects.order_by("key")
