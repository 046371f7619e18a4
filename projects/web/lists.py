"""Reads what the address of the board or of the directory asks for: the page, its table and its feed show the same rows."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpRequest

from projects.selectors import board, directory
from projects.selectors.facets import Facet, Narrowed, Row, narrow
from projects.services.search import find
from projects.web.filters import Asked, read_address


@dataclass(frozen=True)
class Listing:
    """The rows asked for, in their order, with what was asked and how the facets count; ``wordless`` when no word can be searched."""

    asked: Asked
    facets: list[Facet]
    narrowed: Narrowed
    rows: list[Row]
    wordless: bool

    @property
    def tail(self) -> str:
        """What an address of the same state ends with; nothing for the whole list."""
        pairs = self.asked.pairs("page_size")
        return f"?{urlencode(pairs)}" if pairs else ""


def board_listing(request: HttpRequest) -> Listing:
    """Challenges on the board."""
    found, wordless = _found("challenge", request)
    rows = board.board_rows(found)
    facets = board.board_facets(board.places_of(rows, request.GET.getlist("place")))
    asked = read_address(request, facets, board.SORTS)
    narrowed = narrow([] if wordless else rows, facets, asked.chosen.options)
    return Listing(asked, facets, narrowed, board.sorted_rows(narrowed.rows, asked.sort), wordless)


def directory_listing(request: HttpRequest) -> Listing:
    """Capabilities in the directory."""
    found, wordless = _found("capability", request)
    rows = directory.directory_rows(found)
    facets = directory.directory_facets(board.places_of(rows, request.GET.getlist("place")))
    asked = read_address(request, facets, directory.SORTS)
    narrowed = narrow([] if wordless else rows, facets, asked.chosen.options)
    return Listing(asked, facets, narrowed, directory.sorted_rows(narrowed.rows, asked.sort), wordless)


def _found(kind: str, request: HttpRequest) -> tuple[set[str] | None, bool]:
    """What the words in the address find, None without any; and whether none of them can be searched for."""
    words = request.GET.get("q", "").strip()
    found = find(kind, words) if words else None
    return found, bool(words) and found is None
