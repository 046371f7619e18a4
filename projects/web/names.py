"""Names of people, organisations and places as the reader's language writes them. An e-mail address is never a name."""

from functools import cache

from django.utils.translation import get_language, gettext, pgettext, pgettext_lazy

from accounts.models import Organisation, Place, User
from accounts.rules import Viewer
from accounts.selectors import places
from accounts.selectors.gazetteer import City, cities, find_province
from projects.models import ArchiveRecord, Capability, Challenge
from projects.rules import can_see_poster
from projects.templatetags.look import localized

BRITISH_CITIES = {
    "Birmingham": pgettext_lazy("city", "Birmingham"),
    "Bristol": pgettext_lazy("city", "Bristol"),
    "Canterbury": pgettext_lazy("city", "Canterbury"),
    "Durham": pgettext_lazy("city", "Durham"),
    "Exeter": pgettext_lazy("city", "Exeter"),
    "Glasgow": pgettext_lazy("city", "Glasgow"),
    "Guildford": pgettext_lazy("city", "Guildford"),
    "Hatfield": pgettext_lazy("city", "Hatfield"),
    "Huddersfield": pgettext_lazy("city", "Huddersfield"),
    "Lancaster": pgettext_lazy("city", "Lancaster"),
    "Leeds": pgettext_lazy("city", "Leeds"),
    "Lincoln": pgettext_lazy("city", "Lincoln"),
    "London": pgettext_lazy("city", "London"),
    "Manchester": pgettext_lazy("city", "Manchester"),
    "Newcastle upon Tyne": pgettext_lazy("city", "Newcastle upon Tyne"),
    "Norwich": pgettext_lazy("city", "Norwich"),
    "Nottingham": pgettext_lazy("city", "Nottingham"),
    "Oxford": pgettext_lazy("city", "Oxford"),
    "Plymouth": pgettext_lazy("city", "Plymouth"),
    "Salford": pgettext_lazy("city", "Salford"),
    "Sheffield": pgettext_lazy("city", "Sheffield"),
    "Southampton": pgettext_lazy("city", "Southampton"),
}
"""The British cities of the archive."""


def person_name(person: User | None) -> str:
    """The name of a person; empty when they gave none or are gone."""
    return localized(person, "name") if person is not None else ""


def organisation_name(organisation: Organisation | None) -> str:
    """The name of an organisation; empty for none."""
    return localized(organisation, "name") if organisation is not None else ""


def place_name(place: Place | None) -> str:
    """The name of a place, in the reader's script; empty for none."""
    if place is None:
        return ""
    if get_language() == "zh-hant" and place.name_hant:
        return place.name_hant
    return localized(place, "name") or place.key


def region_name(place: Place | None) -> str:
    """Only the region of a place, for a challenge posted without the firm's name."""
    if place is None:
        return ""
    known = {
        "hong-kong": pgettext("region", "Hong Kong"),
        "macao": pgettext("region", "Macao"),
        "guangdong": pgettext("region", "Guangdong"),
    }
    if place.region in known:
        return known[place.region]
    if not place.province:
        return country_name(place.country) or pgettext("region", "Elsewhere")
    province = find_province(place.province_en)
    if get_language() == "zh-hant" and province is not None:
        return province.name_hant
    return localized(place, "province")


def country_name(code: str) -> str:
    """The name of a country or region of the archive."""
    names = {
        "CN": pgettext("country or region", "Mainland China"),
        "HK": pgettext("country or region", "Hong Kong"),
        "MO": pgettext("country or region", "Macao"),
        "GB": pgettext("country or region", "United Kingdom"),
        "US": pgettext("country or region", "United States"),
    }
    return names.get(code) or places.country_name(code)


def city_name(name: str) -> str:
    """The name of a city of the archive, which its sources give in English."""
    if city := _known_cities().get(name):
        return {"zh-hans": city.name_zh, "zh-hant": city.name_hant}.get(get_language() or "", city.name_en)
    return str(BRITISH_CITIES.get(name, name))


@cache
def _known_cities() -> dict[str, City]:
    """The cities that the site knows, by their English names."""
    return {city.name_en: city for city in cities()}


def archive_place(record: ArchiveRecord) -> list[str]:
    """City and country of a published record, as far as they are known; Hong Kong and Macao are both at once."""
    return [*dict.fromkeys(part for part in (city_name(record.city), country_name(record.country)) if part)]


def poster(challenge: Challenge, viewer: Viewer) -> list[str]:
    """Who posts a challenge and where; for an anonymous one only that it is a firm, and the region."""
    place = challenge.city or challenge.organisation.city
    if not can_see_poster(viewer, challenge):
        return [part for part in (gettext("A firm"), region_name(place)) if part]
    return [part for part in (organisation_name(challenge.organisation), place_name(place)) if part]


def provider(capability: Capability | ArchiveRecord) -> list[str]:
    """Who offers a capability and where. A published record names its institution and place as text."""
    if isinstance(capability, ArchiveRecord):
        return [part for part in (localized(capability, "institution"), *archive_place(capability)) if part]
    who = localized(capability, "team") or ("" if capability.for_organisation else person_name(capability.owner))
    place = capability.city or (capability.organisation.city if capability.organisation else None)
    home = organisation_name(capability.organisation)
    return [part for part in (who, "" if home and home in who else home, place_name(place)) if part]
