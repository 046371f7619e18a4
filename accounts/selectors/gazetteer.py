"""Reads a place as people type it: which city that we know, which province, which country. Needs no database.

Chinese names go from large to small (广东省深圳市南山区), English ones from small to large (Nansha, Guangzhou, China).
"""

import json
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from accounts.choices import BAY_CITIES

FOLDER = Path(__file__).resolve().parent.parent / "data"
CITY_RANK = re.compile(r"(特别行政区|特別行政區|市| special administrative region| sar| city| municipality)$")
PROVINCE_RANK = r"(?:(?:维吾尔|維吾爾|壮族|壯族|回族)?(?:自治区|自治區)|省|市| province)?"
NOT_THE_CITY = re.compile(
    r"[东西南北中東一二三]?(区|區|县|縣|路|街|大道|大学|大學)| (district|road|street|avenue|university)"
)
"""What follows a city's name in the name of something else: 中山区 is a district of Dalian, 澳门路 a street."""


@dataclass(frozen=True, slots=True)
class City:
    """A city that is known in both scripts and English before anyone has typed it."""

    key: str
    name_zh: str
    name_hant: str
    name_en: str
    province_zh: str
    province_en: str
    country: str
    latitude: float
    longitude: float
    also: tuple[str, ...] = ()
    districts: tuple[str, ...] = ()

    @property
    def in_bay(self) -> bool:
        """True for the eleven cities of the Greater Bay Area."""
        return self.key in BAY_CITIES

    def names(self) -> list[str]:
        """All its names, folded."""
        return [_fold(name) for name in (self.name_zh, self.name_hant, self.name_en, self.key, *self.also)]


@dataclass(frozen=True, slots=True)
class Province:
    """A province of mainland China."""

    name_zh: str
    name_hant: str
    name_en: str


@dataclass(frozen=True, slots=True)
class Reading:
    """A city that we know, or None; and the name, province and country as they were told apart."""

    city: City | None
    name: str
    province: str
    country: str


def read_place(text: str, province: str = "", country: str = "") -> Reading:
    """Reads a name, which may hold province and country too; ``province`` and ``country``, a code, are what was typed apart.

    No city is taken whose province or country is another.
    """
    chinese = _chinese(text)
    typed = [piece for piece in re.split(r"\s*[,，、/·;；()（）]\s*", text) if piece]
    pieces = [part for piece in typed for part in re.findall(r"[\u3400-\u9fff]+|[^\u3400-\u9fff]+", piece)]
    pieces = [piece.strip() for piece in (pieces if chinese else reversed(pieces)) if piece.strip()]
    around, inner = _peel(pieces)
    province, country = province or around.get("province", ""), country or around.get("country", "")
    for number, piece in enumerate(inner):
        city = _city(piece, whole=number > 0)
        if city is not None and _fits(city, province, country):
            return Reading(city, city.name_en, province, country)
    name = text if inner == pieces else ("" if chinese else ", ").join(inner if chinese else reversed(inner))
    return Reading(None, name, province, country)


def find_country(text: str) -> str | None:
    """Returns the code of a country or region by code or name; "" for no text, None for one that is not known."""
    name = _fold(text)
    return "" if not name else name.upper() if name.upper() in countries() else _country_codes().get(name)


def find_province(text: str) -> Province | None:
    """Returns a province of mainland China by any of its names, None for another."""
    return _province_names().get(re.sub(PROVINCE_RANK + "$", "", _fold(text)))


@cache
def cities() -> tuple[City, ...]:
    """Every city that we know, those of the bay first."""
    return tuple(
        City(**{**row, "also": tuple(row["also"]), "districts": tuple(row["districts"])}) for row in _rows("places")
    )


@cache
def countries() -> dict[str, list[str]]:
    """The names of countries and regions by code: simplified, traditional, English, then others."""
    return dict(_rows("countries"))


def _peel(pieces: list[str]) -> tuple[dict[str, str], list[str]]:
    """Takes country and province off the large end; what would leave nothing stays."""
    around: dict[str, str] = {}
    left = list(pieces)
    while left:
        piece = left[0]
        if len(left) > 1 and "country" not in around and (code := find_country(piece)) and not _city(piece):
            around["country"] = code
            left.pop(0)
        elif len(left) > 1 and "province" not in around and (found := find_province(piece)) and not _city(piece):
            around["province"] = found.name_en
            left.pop(0)
        elif match := _inside().fullmatch(piece):
            part, rest = match["part"] or match["end"], match["rest"] or match["start"]
            if find_country(part):
                around["country"] = "CN"
            elif province := find_province(part):
                around["province"] = province.name_en
            left[0] = rest
        else:
            break
    return around, left


@cache
def _inside() -> re.Pattern[str]:
    """Finds China or a province at the large end of one piece, where two more letters or a word are left."""
    own = {name for city in cities() for name in city.names()}  # 上海 is both; it stays
    china = [_fold(name) for name in countries()["CN"]]
    provinces = [name for name in _province_names() if name not in own]
    han = (
        _any(name for name in china if _chinese(name)) + "|" + _any(n for n in provinces if _chinese(n)) + PROVINCE_RANK
    )
    latin = _any(name for name in china if not _chinese(name)) + "|" + _any(n for n in provinces if not _chinese(n))
    return re.compile(rf"(?P<part>{han})(?P<rest>.{{2,}})|(?P<start>.{{2,}}) (?P<end>(?:{latin})(?: province)?)", re.I)


def _city(piece: str, *, whole: bool = False) -> City | None:
    """The city that a piece names or begins with, or whose district it is; with ``whole`` only one of the bay by its full name."""
    name = _fold(piece)
    bare = CITY_RANK.sub("", name) or name
    if whole:
        return next((city for city in cities() if city.in_bay and bare in city.names()[:3]), None)
    for city in cities():
        if bare in city.names():
            return city
    for city in cities():
        for own in (_fold(city.name_zh), _fold(city.name_hant), _fold(city.name_en) + " "):
            rest = name.removeprefix(own)
            known = city.in_bay or _chinese(own)
            if rest != name and known and not NOT_THE_CITY.match(rest if _chinese(own) else f" {rest}"):
                return city
        if city.in_bay and name.endswith(" " + _fold(city.name_en)):
            return city
        if any(
            name == district or name.startswith(district + ("" if _chinese(district) else " "))
            for district in city.districts
        ):
            return city
    return None


def _fits(city: City, province: str, country: str) -> bool:
    """True when nothing that was said about province and country speaks against a city."""
    named = find_province(province)
    own = {_fold(name) for name in (city.province_zh, city.province_en, *city.districts)}
    inside = not province or _fold(named.name_en if named else province) in own
    china = country == "CN" and city.country in ("HK", "MO")
    return inside and (country in ("", city.country) or china)


@cache
def _country_codes() -> dict[str, str]:
    """The code of each name."""
    return {_fold(name): code for code, names in countries().items() for name in names}


@cache
def _province_names() -> dict[str, Province]:
    """The province of each name."""
    return {_fold(name): Province(*row) for row in _rows("provinces") for name in row}


def _rows(name: str) -> Any:
    """What a file of data holds."""
    return json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))


def _any(names: Iterable[str]) -> str:
    """A pattern for any of some names, the longest first."""
    return "(?:" + "|".join(re.escape(name) for name in sorted(names, key=lambda name: (-len(name), name))) + ")"


def _fold(text: str) -> str:
    """A name as it is compared."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().replace("\u2019", "'").split())


def _chinese(text: str) -> bool:
    """True where a Chinese character stands."""
    return re.search(r"[\u3400-\u9fff]", text) is not None
