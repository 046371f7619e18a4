"""Places: found by any of their names, made when new, in the bay or not."""

import pytest
from django.core.exceptions import ValidationError

from accounts.choices import BAY_CITIES
from accounts.models import Place
from accounts.selectors.gazetteer import cities
from accounts.services.places import place_in, place_named
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
        ("澳門", "macao", "macao"),
        ("東莞", "dongguan", "guangdong"),
        ("深圳市南山区", "shenzhen", "guangdong"),
        ("中国广东省深圳市南山区", "shenzhen", "guangdong"),
        ("东莞松山湖", "dongguan", "guangdong"),
        ("香港九龙", "hong-kong", "hong-kong"),
        ("九龍", "hong-kong", "hong-kong"),
        ("长沙湾", "hong-kong", "hong-kong"),
        ("横琴", "zhuhai", "guangdong"),
        ("Shenzhen, China", "shenzhen", "guangdong"),
        ("Shenzhen China", "shenzhen", "guangdong"),
        ("Shenzhen, Nanshan", "shenzhen", "guangdong"),
        ("Hong Kong SAR", "hong-kong", "hong-kong"),
        ("Hong Kong SAR, China", "hong-kong", "hong-kong"),
        ("Nansha, Guangzhou", "guangzhou", "guangdong"),
        ("Nansha Guangzhou", "guangzhou", "guangdong"),
        ("Guangzhou City, Guangdong Province, P.R. China", "guangzhou", "guangdong"),
        ("Shunde District", "foshan", "guangdong"),
        ("Kowloon", "hong-kong", "hong-kong"),
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
    bay = [city for city in cities() if city.in_bay]

    assert [{key_of(name) for name in city.names()} for city in bay] == [{key} for key in BAY_CITIES]


@pytest.mark.parametrize(
    "name",
    [
        "澳门路", "中山区", "中山大学", "大连中山区", "Zhongshan Road", "Macau, Brazil", "Canton, Ohio", "Huizhou, Anhui", "巴西利亚",
        "New Territory", "广东", "China",
    ],
)  # fmt: skip
def test_what_only_sounds_like_a_city_of_the_bay_is_none(name: str) -> None:
    place = place_named(name)

    assert place is not None
    assert not place.in_bay


@pytest.mark.parametrize(
    ("names", "key", "region"),
    [
        (("宁德", "Ningde", "寧德市", "福建省宁德市蕉城区", "Ningde, Fujian, China"), "ningde", "fujian"),
        (("上海", "上海浦东", "Pudong, Shanghai", "Shanghai, China"), "shanghai", "shanghai"),
        (("西安", "Xi’an", "Xian", "陕西西安", "陝西省西安市"), "xian", "shaanxi"),
        (("慕尼黑", "München", "Munich, Germany", "德国，慕尼黑"), "munich", "bavaria"),
        (("新加坡", "Singapore"), "singapore", "sg"),
    ],
)  # fmt: skip
def test_a_known_city_outside_the_bay_is_one_place_in_every_language(
    names: tuple[str, ...], key: str, region: str
) -> None:
    found = {place_named(name) for name in names}

    (place,) = found
    assert place is not None
    assert (place.key, place.in_bay, place.region) == (key, False, region)
    assert place.name_zh
    assert place.name_en


def test_a_province_or_country_beside_the_name_makes_another_place_of_it() -> None:
    home = place_named("Cambridge", country="United Kingdom")
    other = place_named("Cambridge", province="Massachusetts", country="美国")

    assert home is not None
    assert other is not None
    assert home.key == "cambridge-uk"
    assert (other.key, other.name_en, other.region) == ("cambridge-massachusetts-us", "Cambridge", "massachusetts")
    assert place_named("cambridge", province="Massachusetts", country="us") == other


def test_a_province_in_the_name_or_beside_it_is_the_same() -> None:
    named = {
        place_named("湖南省常德市"),
        place_named("常德市", province="湖南"),
        place_named("常德市", province="Hunan", country="CN"),
    }

    (place,) = named
    assert place is not None
    assert (place.name_zh, place.province_zh, place.province_en, place.country) == ("常德市", "湖南", "Hunan", "CN")


def test_a_place_of_which_little_was_known_is_filled_in() -> None:
    Place.objects.create(key="ningde", name_en="Ningde")

    place = place_named("宁德")

    assert place is not None
    assert (place.key, place.name_zh, place.region) == ("ningde", "宁德", "fujian")


def test_an_unknown_country_and_a_country_without_a_place_are_errors() -> None:
    with pytest.raises(ValidationError) as unknown:
        place_named("Aveiro", country="Lusitania")
    with pytest.raises(ValidationError) as alone:
        place_in({"city": "", "country": "Portugal"})

    assert set(unknown.value.message_dict) == {"country"}
    assert set(alone.value.message_dict) == {"city"}
    assert not Place.objects.exists()


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
        ({"key": "somewhere", "province_en": "", "country": ""}, "elsewhere"),
        ({"key": "iquique", "name_en": "Iquique", "province_en": "Iquique", "country": "CL"}, "cl"),
        ({"key": "lisbon", "name_zh": "里斯本", "name_en": "Lisbon", "province_zh": "里斯本", "country": "PT"}, "pt"),
        ({"key": "x", "name_zh": "利马", "province_zh": "卡亚俄", "country": "PE"}, "卡亚俄"),
        ({"key": "beijing", "name_en": "Beijing", "province_en": "Beijing", "country": "CN"}, "beijing"),
        ({"key": "reykjavik", "province_en": "Capital Region", "country": "IS"}, "capital-region"),
    ],
)
def test_the_region_outside_the_bay_is_the_province_or_the_country_and_never_the_place(
    fields: dict[str, str], region: str
) -> None:
    place = Place(**fields)

    assert (place.in_bay, place.region) == (False, region)
