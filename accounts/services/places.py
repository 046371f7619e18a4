"""Writes down places by name."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.text import slugify
from django.utils.translation import gettext as _

from accounts.models import Place
from accounts.selectors.gazetteer import City, Reading, cities, find_country, find_province, read_place
from matchmaker.plaintext import language_of, tidy_line

AROUND = ("province", "country")
"""What may be typed beside the name of a place; there is no column of either name where the place is chosen."""


def place_in(values: Mapping[str, Any]) -> Place | None:
    """The place among values typed into a form or sent to the API: ``city``, and beside it ``province`` and ``country``."""
    city = values.get("city")
    if city is None or isinstance(city, Place):
        return city
    return place_named(city, province=values.get("province") or "", country=values.get("country") or "")


def place_named(text: str, *, province: str = "", country: str = "") -> Place | None:
    """Finds a place by its name in any language, or makes one that is not known; None for no name.

    The same name with another province or country is another place. A country is a name or a code; an unknown one is an error.
    """
    name, province, code = tidy_line(text)[:80], tidy_line(province)[:80], find_country(tidy_line(country))
    if code is None:
        raise ValidationError(
            {"country": _("This country or region is not known here. Write its usual name or its code.")}
        )
    if not name:
        if province or code:
            raise ValidationError({"city": _("Name the place too, or leave province and country empty.")})
        return None
    read = read_place(name, province, code)
    return write_down(read.city) if read.city else _other(read)


def write_down(city: City) -> Place:
    """One of the cities that we know, as a row; one that was made when less was known of it is filled in."""
    fields = {name: value for name, value in asdict(city).items() if name not in ("key", "also", "districts")}
    place, _new = Place.objects.get_or_create(key=city.key, defaults=fields)
    if not place.country:
        Place.objects.filter(pk=place.pk).update(**fields)
        place.refresh_from_db()
    return place


def write_down_cities() -> None:
    """Every city that we know."""
    for city in cities():
        write_down(city)


def _other(read: Reading) -> Place:
    """A place that only its typing tells of. The key spells Latin names, and encodes any other."""
    found = find_province(read.province)
    zh = language_of(read.province) == "zh"
    around = {
        "province_zh": found.name_zh if found else read.province if zh else "",
        "province_en": found.name_en if found else "" if zh else read.province,
        "country": read.country or ("CN" if found else ""),
    }
    named = Q(name_en__iexact=read.name) | Q(name_zh=read.name) | Q(name_hant=read.name)
    if known := Place.objects.filter(named, **around).first():
        return known
    parts = [read.name, around["province_en"] or around["province_zh"], around["country"]]
    key = "-".join(_slug(part) for part in parts if part)[:80]
    own = {"name_zh" if language_of(read.name) == "zh" else "name_en": read.name}
    return Place.objects.get_or_create(key=key, defaults=own | around)[0]


def _slug(name: str) -> str:
    """A name as part of a key."""
    latin = all(ord(letter) < 0x250 for letter in name)
    return (slugify(name) if latin else "") or "place-" + "-".join(f"{ord(letter):x}" for letter in name[:14])
