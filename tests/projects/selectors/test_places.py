"""The list of places that the forms of challenges and capabilities offer."""

import pytest

from accounts.services.places import place_named
from projects.selectors.places import offered_places
from tests.factories import CapabilityFactory, ChallengeFactory

pytestmark = pytest.mark.django_db


def test_only_places_that_public_pages_name_are_offered() -> None:
    ChallengeFactory(state="published", city=place_named("Aveiro"))
    ChallengeFactory(state="published", anonymous=True, city=place_named("Iquique"))
    ChallengeFactory(state="draft", city=place_named("A secret site"))
    CapabilityFactory(state="published", city=place_named("景德镇"))
    CapabilityFactory(state="draft", city=place_named("A secret bench"))

    offered = {place.key for place in offered_places()}

    assert {"aveiro", "place-666f-5fb7-9547", "shenzhen", "ningde"} <= offered
    assert not offered & {"iquique", "a-secret-site", "a-secret-bench"}
