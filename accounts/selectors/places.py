"""Reads places."""

from collections.abc import Iterable
from dataclasses import asdict

from django.utils.translation import get_language

from accounts.models import Place
from accounts.models.naming import in_readers_language
from accounts.selectors.gazetteer import cities, countries
from accounts.selectors.organisations import public_organisations


def known_places(also: Iterable[str] = ()) -> list[Place]:
    """The places that a browser offers while typing: the cities that we know, those of organisations, and those in ``also``.

    What somebody typed into a draft, or into a challenge without the firm's name, is not among them.
    """
    curated = {
        city.key: Place(**{name: value for name, value in asdict(city).items() if name not in ("also", "districts")})
        for city in cities()
    }
    named = {*public_organisations().filter(city__isnull=False).values_list("city", flat=True), *also}
    others = Place.objects.filter(key__in=named - set(curated)).order_by("key")
    return [*curated.values(), *others]


def typed_place(place: Place | None, name: str) -> dict[str, str]:
    """What stands in the boxes of a place that is called ``name``; a city that we know needs no province and country."""
    if place is None or any(place.key == city.key for city in cities()):
        return {"city": name, "province": "", "country": ""}
    province = in_readers_language(zh=place.province_zh, en=place.province_en)
    return {"city": name, "province": province, "country": country_name(place.country)}


def country_name(code: str) -> str:
    """The name of a country or region in the reader's language; the code itself where it is not known."""
    names = countries().get(code)
    return names[{"zh-hans": 0, "zh-hant": 1}.get(get_language() or "", 2)] if names else code
