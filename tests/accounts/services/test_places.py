"""Places: found by any of their names, made when new, in the bay or not."""

import pytest

from accounts.choices import BAY_CITIES
from accounts.models import Place
from accounts.services.places import BAY_NAMES, place_named
from tests.factories import PlaceFactory

pytestmark = pytest.mark.django_db


def key_of(name: str) -> str:
    place = place_named(name)
    assert place is not None
    return place.key


@pytest.mark.parametrize("name", ["ningde", "宁德", "寧德", "Ningde", "NINGDE", "  ningde ", "宁德市", "寧德市"])
def test_a_known_place_is_found_by_any_of_its_names(name: str) -> None:
    place = PlaceFactory(key="ningde", name_zh="宁德", name_hant="寧德", name_en="Ningde", province_en="Fujian")

    assert place_named(name) == place
    assert Place.objects.count() == 1


@pytest.mark.parametrize(
    ("name", "key", "region"),
    [
        ("深圳", "shenzhen", "guangdong"),
        ("深圳市", "shenzhen", "guangdong"),
        ("广东省深圳市", "shenzhen", "guangdong"),
        ("廣東省東莞市", "dongguan", "guangdong"),
        ("Guangzhou", "guangzhou", "guangdong"),
        ("深圳 Shenzhen", "shenzhen", "guangdong"),
        ("Hong Kong", "hong-kong", "hong-kong"),
        ("Hongkong", "hong-kong", "hong-kong"),
        ("香港特别行政区", "hong-kong", "hong-kong"),
        ("澳門特別行政區", "macao", "macao"),
        ("Macau", "macao", "macao"),
    ],
)
def test_a_city_of_the_bay_is_known_before_anyone_has_named_it(name: str, key: str, region: str) -> None:
    place = place_named(name)

    assert place is not None
    assert (place.key, place.in_bay, place.region) == (key, True, region)
    assert place.name_zh
    assert place.name_hant
    assert place.name_en


def test_all_eleven_cities_are_known_in_both_scripts_and_english() -> None:
    found = [{key_of(zh), key_of(hant), key_of(en)} for zh, hant, en in BAY_NAMES.values()]

    assert found == [{key} for key in BAY_CITIES]


def test_an_unknown_name_makes_one_place_outside_the_bay() -> None:
    made = place_named("Iquique")
    again = place_named("iquique")

    assert made is not None
    assert (made, made.key, made.name_en, made.name_zh, made.in_bay) == (again, "iquique", "Iquique", "", False)


def test_an_unknown_chinese_name_is_kept_as_chinese() -> None:
    made = place_named("景德镇")

    assert made is not None
    assert (made.name_zh, made.name_en, made.in_bay) == ("景德镇", "", False)
    assert place_named("景德镇") == made


def test_names_that_share_their_latin_letters_stay_apart() -> None:
    assert len({key_of(name) for name in ("A区", "A县", "平潭 new area", "横琴 new area", "Москва", "Киев")}) == 6


def test_long_names_that_begin_alike_stay_apart() -> None:
    assert key_of("新疆维吾尔自治区伊宁县") != key_of("新疆维吾尔自治区伊宁市")


@pytest.mark.parametrize("name", ["", "  ", "\u200b", "\n"])
def test_no_name_is_no_place(name: str) -> None:
    assert place_named(name) is None
    assert not Place.objects.exists()


@pytest.mark.parametrize(
    ("fields", "region"),
    [
        ({"key": "xian", "province_en": "Shaanxi", "country": "CN"}, "shaanxi"),
        ({"key": "shantou", "province_en": "Guangdong", "country": "CN"}, "guangdong"),
        ({"key": "munich", "province_en": "", "country": "DE"}, "de"),
        ({"key": "somewhere", "province_en": "", "country": ""}, "somewhere"),
        ({"key": "reykjavik", "province_en": "Capital Region", "country": "IS"}, "capital-region"),
    ],
)
def test_the_region_outside_the_bay_is_the_province_the_country_or_the_place(
    fields: dict[str, str], region: str
) -> None:
    place = Place(**fields)

    assert (place.in_bay, place.region) == (False, region)
