"""Both sides in the quadrant, and how many have no place in it."""

import pytest

from projects.selectors.explorer import explorer_facets, explorer_rows, placed_items
from projects.selectors.facets import narrow
from tests.factories import CapabilityFactory, ChallengeFactory, DraftFactory

pytestmark = pytest.mark.django_db


def test_both_sides_stand_newest_first_and_what_has_no_place_is_counted() -> None:
    challenge = ChallengeFactory(quadrant="pasteur", understanding=0.7, use=0.8)
    capability = CapabilityFactory(quadrant="bohr", understanding=0.8, use=0.2)
    ChallengeFactory()
    DraftFactory(quadrant="pasteur")

    items, without = placed_items(explorer_rows())

    assert [(one.side, one.item) for one in items] == [("capability", capability), ("challenge", challenge)]
    assert without == 1


def test_no_corner_is_chosen_at_first_and_each_side_can_be_taken_alone() -> None:
    ChallengeFactory(quadrant="pasteur")
    CapabilityFactory(quadrant="edison")
    facets = explorer_facets([])

    assert narrow(explorer_rows(), facets, {}).counts["quadrant"] == {"pasteur": 1, "edison": 1}
    assert [row["side"] for row in narrow(explorer_rows(), facets, {"side": ("capability",)}).rows] == ["capability"]


def test_the_place_of_an_anonymous_firm_is_not_told() -> None:
    ChallengeFactory(anonymous=True, quadrant="pasteur")

    assert narrow(explorer_rows(), explorer_facets([]), {}).counts["place"] == {}
