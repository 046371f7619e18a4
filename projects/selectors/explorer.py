"""Reads all public items that have a place in the quadrant."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Place
from projects.choices import Domain, Quadrant
from projects.models import Capability, Challenge
from projects.selectors.access import board_challenges, directory_capabilities
from projects.selectors.board import areas_of, board_rows, place_options
from projects.selectors.directory import directory_rows
from projects.selectors.facets import Facet, Row

MOST = 250
"""So many marks can still be told apart; the newest are drawn."""
SIDES = (("challenge", pgettext_lazy("side", "Challenge")), ("capability", pgettext_lazy("side", "Capability")))
TITLES = ("title_zh", "title_en", "script", "understanding", "use", "understanding_sd", "use_sd", "quadrant")


@dataclass(frozen=True)
class Placed:
    """An item with the side it stands on."""

    side: str
    item: Challenge | Capability


def explorer_rows() -> list[Row]:
    """The columns that facets are about, of both sides, the newest first."""
    asked = [row | {"side": "challenge"} for row in board_rows()]
    offered = [row | {"side": "capability", "told": True, "technology_domain": ""} for row in directory_rows()]
    return sorted([*asked, *offered], key=lambda row: row["published"] or "", reverse=True)


def explorer_facets(places: Iterable[Place]) -> list[Facet]:
    """The facets of the explorer. None is set at first: no corner is better than another."""
    return [
        Facet("side", _("Side"), SIDES, lambda row: (row["side"],)),
        Facet(
            "quadrant",
            _("Quadrant"),
            tuple(Quadrant.choices),
            lambda row: (row["quadrant"],) if row["quadrant"] else (),
        ),
        Facet("field", _("Field of the challenge"), tuple(Domain.choices), lambda row: (row["technology_domain"],)),
        Facet("place", _("Place"), place_options(places), _places, guarded=True),
    ]


def placed_items(rows: Iterable[Row]) -> tuple[list[Placed], int]:
    """The items of rows that have a place, in their order, and how many have none because the text is too short."""
    rows = list(rows)
    with_place = [row for row in rows if row["quadrant"]][:MOST]
    keys = {side: [row["pk"] for row in with_place if row["side"] == side] for side, _words in SIDES}
    found: dict[object, Challenge | Capability] = {}
    found |= board_challenges().select_related(None).only(*TITLES).in_bulk(keys["challenge"])
    found |= directory_capabilities().select_related(None).only(*TITLES).in_bulk(keys["capability"])
    items = [Placed(row["side"], found[row["pk"]]) for row in with_place if row["pk"] in found]
    return items, sum(not row["quadrant"] for row in rows)


def _places(row: Row) -> tuple[str, ...]:
    return areas_of(row["place"]) if row["told"] else ()
