"""The gazetteer tells a city, a province and a country apart, in the order in which each language writes them."""

import pytest

from accounts.selectors.gazetteer import Reading, cities, countries, find_country, find_province, read_place


@pytest.mark.parametrize(
    ("text", "name", "province", "country"),
    [
        ("湖南省常德市", "常德市", "Hunan", ""),
        ("中国湖南常德", "常德", "Hunan", "CN"),
        ("Changde, Hunan, China", "Changde", "Hunan", "CN"),
        ("Changde Hunan", "Changde", "Hunan", ""),
        ("葡萄牙，阿威罗", "阿威罗", "", "PT"),
        ("Macau, Brazil", "Macau", "", "BR"),
        ("吉林省吉林市", "吉林市", "Jilin", ""),
        ("吉林市", "吉林市", "", ""),
        ("巴西利亚", "巴西利亚", "", ""),
        ("A区", "A区", "", ""),
    ],
)
def test_a_place_that_is_not_known_keeps_its_name_and_loses_what_stood_around_it(
    text: str, name: str, province: str, country: str
) -> None:
    assert read_place(text) == Reading(None, name, province, country)


def test_what_was_typed_apart_speaks_against_a_city_or_for_it() -> None:
    assert read_place("惠州", province="安徽").city is None
    assert read_place("惠州", province="广东省", country="CN").city is not None
    assert read_place("香港", province="九龙", country="CN").city is not None
    assert read_place("Cambridge", country="US").city is None


def test_no_two_cities_share_a_name() -> None:
    names = [name for city in cities() for name in {*city.names(), *city.districts}]

    assert len(names) == len(set(names))


def test_countries_and_provinces_are_found_by_code_and_in_three_scripts() -> None:
    assert {find_country(text) for text in ("PT", "pt", "葡萄牙", "Portugal", "ＰＯＲＴＵＧＡＬ")} == {"PT"}
    assert (find_country(""), find_country("Lusitania")) == ("", None)
    assert {find_province(text) for text in ("廣西", "广西壮族自治区", "Guangxi", "guangxi province")} == {
        find_province("广西")
    }
    assert find_province("Ohio") is None
    assert {city.country for city in cities()} <= set(countries())
