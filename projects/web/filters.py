"""Shapes facets into what ``templates/components/_filters.html`` expects: every state of a list has its own address."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlencode

from django.core.paginator import Page, Paginator
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext, pgettext

from accounts.models import Place
from projects.selectors.facets import Chosen, Facet, Row, read_choices
from projects.web.names import place_name

PAGE_SIZES = (20, 50)
PLAIN = ("q", "sort", "page", "page_size")
"""Parameters that are no facets."""
PASSED_BY = ("utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content", "fbclid", "gclid", "from")
"""What other sites hang on to an address; it changes nothing here."""


@dataclass(frozen=True)
class Asked:
    """What the address of a list asks for; ``errors`` are whole sentences for what it does not know."""

    chosen: Chosen
    query: str
    sort: str
    page: int
    page_size: int
    errors: tuple[str, ...] = ()
    beside: Mapping[str, str] = field(default_factory=dict)
    """The sentence for a facet of which an unknown option was asked."""

    def pairs(self, *without: str) -> list[tuple[str, str]]:
        """The parameters of this state; the page number is never kept."""
        pairs = [("q", self.query)] if self.query else []
        pairs += [(name, value) for name, values in self.chosen.options.items() for value in values]
        pairs += [("sort", self.sort)] if self.sort else []
        pairs += [("page_size", str(self.page_size))] if self.page_size != PAGE_SIZES[0] else []
        return [pair for pair in pairs if pair[0] not in without]


def read_address(request: HttpRequest, facets: Sequence[Facet], sorts: Iterable[tuple[str, Any]] = ()) -> Asked:
    """Reads the address of a list. An option that is not known is an error, not silently another list."""
    given = request.GET
    chosen = read_choices(facets, dict(given.lists()), (*PLAIN, *PASSED_BY))
    labels = {facet.name: facet.label for facet in facets}
    errors = [_unknown(name, value, labels) for name, value in chosen.unknown]
    beside = {name: words for (name, _value), words in zip(chosen.unknown, errors, strict=True) if name in labels}
    sort, orders = given.get("sort", ""), [key for key, _words in sorts]
    if sort and sort not in orders:
        errors.append(_unknown("sort", sort, {"sort": gettext("Order")}))
        sort = ""
    size = _number(given.get("page_size"), PAGE_SIZES[0])
    if size not in PAGE_SIZES:
        errors.append(gettext("A page has %(sizes)s rows.") % {"sizes": " / ".join(map(str, PAGE_SIZES))})
        size = PAGE_SIZES[0]
    page = _number(given.get("page"), 1)
    if page < 1:
        errors.append(gettext("“%(value)s” is not the number of a page.") % {"value": given.get("page", "")[:40]})
        page = 1
    return Asked(chosen, given.get("q", "").strip()[:200], sort, page, size, tuple(errors), beside)


def page_of(rows: Sequence[Row], asked: Asked) -> tuple[Page[Row], str]:
    """The page asked for, and a sentence when there is no such page."""
    paginator = Paginator(rows, asked.page_size)
    error = ""
    if asked.page > paginator.num_pages:
        error = gettext("There is no page %(number)d; the list has %(pages)d.") % {
            "number": asked.page,
            "pages": paginator.num_pages,
        }
    return paginator.get_page(asked.page), error


def filter_view(asked: Asked, facets: Sequence[Facet], counts: Mapping[str, Counter[str]]) -> dict[str, Any]:
    """The left column: each option with its count and the address that turns it on or off."""
    before = asked.pairs()
    groups = []
    active = []
    for facet in facets:
        chosen = asked.chosen.of(facet.name)
        found: Mapping[str, int] = counts.get(facet.name, {})
        rest = urlencode([pair for pair in before if pair[0] != facet.name])
        options: list[dict[str, Any]] = []
        for value, words in facet.options:
            on = value in chosen
            if not on and not found.get(value):
                continue
            label = _label(words)
            others = [other for other in chosen if other != value] if on else [*chosen, value]
            href = "?" + "&".join(filter(None, [rest, *(f"{facet.name}={quote(other)}" for other in others)]))
            options.append({"label": label, "href": href, "count": found.get(value, 0), "active": on, "lang": ""})
            if on:
                active.append({"text": f"{facet.label}: {label}", "remove": href})
        groups.append({"label": facet.label, "options": options, "error": asked.beside.get(facet.name, "")})
    if asked.query:
        active.insert(0, {"text": f"“{asked.query}”", "remove": f"?{urlencode(asked.pairs('q'))}"})
    return {
        "groups": groups,
        "active": active,
        "clear_href": "?" if active else "",
        "open": bool(asked.beside),
        "query": asked.query,
        "query_name": "q",
        "hidden": [{"name": name, "value": value} for name, value in asked.pairs("q")],
    }


def exports(noun: str, tail: str) -> list[dict[str, str]]:
    """The same list to take away: as a table, and as a feed of what is new in it."""
    return [
        {"label": gettext("Download as CSV"), "href": reverse(f"{noun}_csv") + tail},
        {"label": gettext("Follow as a feed"), "href": reverse(f"{noun}_feed") + tail},
    ]


def sort_links(asked: Asked, sorts: Iterable[tuple[str, Any]]) -> list[dict[str, Any]]:
    """The orders of a list; the first is the one without a name in the address."""
    pairs = urlencode(asked.pairs("sort"))
    links = []
    for place, (key, words) in enumerate(sorts):
        named = "" if place == 0 else f"sort={key}"
        href = "?" + "&".join(filter(None, [pairs, named]))
        links.append({"label": words, "href": href, "active": asked.sort == key or (not asked.sort and place == 0)})
    return links


def to_relax(asked: Asked, facets: Sequence[Facet], kept_out: Mapping[str, int]) -> list[dict[str, Any]]:
    """For an empty list: which choice to take away, and how many items that would show; the words searched come last."""
    found = []
    for facet in facets:
        chosen = asked.chosen.of(facet.name)
        if chosen and (count := kept_out.get(facet.name, 0)):
            words = dict(facet.options)
            label = pgettext("between items of a list", ", ").join(_label(words[value]) for value in chosen)
            text = gettext("Without “%(choice)s”: %(count)d") % {"choice": label, "count": count}
            found.append({"text": text, "href": f"?{urlencode(asked.pairs(facet.name))}"})
    if asked.query:
        text = gettext("Without the words “%(words)s”") % {"words": asked.query}
        found.append({"text": text, "href": f"?{urlencode(asked.pairs('q'))}"})
    return found


def _label(words: Any) -> str:
    """The name of an option in the reader's language."""
    return place_name(words) if isinstance(words, Place) else str(words)


def _unknown(name: str, value: str, labels: Mapping[str, Any]) -> str:
    """Says which option is not known."""
    if name not in labels:
        return gettext("There is no filter “%(name)s”.") % {"name": name[:40]}
    return gettext("“%(value)s” is not an option of “%(filter)s”. Choose one from the list.") % {
        "value": value[:60],
        "filter": labels[name],
    }


def _number(text: str | None, default: int) -> int:
    """A whole number from an address; 0 for what is none."""
    if text is None:
        return default
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 0
