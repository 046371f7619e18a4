"""Reads places for the forms of challenges and capabilities."""

from accounts.models import Place
from accounts.selectors.places import known_places
from projects.selectors.access import board_challenges, directory_capabilities


def offered_places() -> list[Place]:
    """The places that a browser offers while typing: those we know, and those that public pages name anyway."""
    named = board_challenges().filter(anonymous=False, city__isnull=False).values_list("city", flat=True)
    return known_places([*named, *directory_capabilities().filter(city__isnull=False).values_list("city", flat=True)])
