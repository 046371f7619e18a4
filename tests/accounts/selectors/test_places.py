"""The list of places that a browser offers while typing, and what stands in the boxes of a place."""

import pytest
from django.utils.translation import override

from accounts.selectors.gazetteer import cities
from accounts.selectors.places import known_places, typed_place
from accounts.services.places import place_named
from tests.factories import OrganisationFactory

pytestmark = pytest.mark.django_db


def test_known_cities_are_offered_at_once_and_others_only_where_an_organisation_is() -> None:
    OrganisationFactory(city=place_named("Aveiro"))
    place_named("A secret site")

    assert [place.key for place in known_places()] == [*[city.key for city in cities()], "aveiro"]


def test_a_known_city_needs_no_province_and_another_shows_it_in_the_readers_language() -> None:
    other = place_named("常德", province="湖南")

    with override("zh-hans"):
        assert typed_place(other, "常德") == {"city": "常德", "province": "湖南", "country": "中国"}
    assert typed_place(other, "常德")["province"] == "Hunan"
    assert typed_place(place_named("深圳"), "深圳") == {"city": "深圳", "province": "", "country": ""}
