"""The list of places that a browser offers while typing."""

import pytest

from accounts.selectors.places import known_places
from accounts.services.places import place_named

pytestmark = pytest.mark.django_db


def test_every_place_that_was_named_is_offered_once() -> None:
    for name in ("宁德", "Zhuhai", "珠海", "Aveiro"):
        place_named(name)

    assert [(place.name_zh, place.name_en) for place in known_places()] == [
        ("", "Aveiro"),
        ("宁德", ""),
        ("珠海", "Zhuhai"),
    ]
