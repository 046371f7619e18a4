"""A row becomes a mark of the quadrant picture, with how sure its place is."""

from typing import Any

import pytest

from projects.web.points import point_of
from tests.factories import CapabilityFactory, ChallengeFactory

pytestmark = pytest.mark.django_db
PLACE = {"understanding": 0.7, "use": 0.4, "understanding_sd": 0.1, "use_sd": 0.2, "quadrant": "bohr"}


@pytest.mark.parametrize(("factory", "side"), [(ChallengeFactory, "challenge"), (CapabilityFactory, "capability")])
def test_a_placed_row_is_a_point_with_its_deviations(factory: Any, side: str) -> None:
    point = point_of(factory(title_zh="极片", title_en="Foil", **PLACE), side, href="/x")

    assert point is not None
    assert (point.understanding, point.use, point.sd_u, point.sd_a) == (0.7, 0.4, 0.1, 0.2)
    assert (point.label, point.side, point.href, point.quadrant) == ("Foil", side, "/x", "bohr")


def test_a_row_matched_before_deviations_were_stored_has_no_ellipse_and_one_without_a_place_no_point() -> None:
    old = point_of(ChallengeFactory(**PLACE | {"understanding_sd": None, "use_sd": None}), "challenge")

    assert old is not None
    assert (old.sd_u, old.sd_a) == (0.0, 0.0)
    assert point_of(ChallengeFactory(understanding=None, use=None), "challenge") is None
