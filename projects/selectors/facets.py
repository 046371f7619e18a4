"""Narrows a list by chosen options, and counts for every option how many items it would leave.

Works on the few columns of all public items that options are about, read in one query. Within a facet the choices add up,
between facets they narrow. A count is the true number of items shown when that option is chosen with the other facets as they are.
"""

import json
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from typing import Any

from django.utils.functional import Promise

Row = Mapping[str, Any]
Words = str | Promise


@dataclass(frozen=True)
class Facet:
    """A question with fixed answers. ``read`` says which answers a row has; a guarded facet tells who or where a poster is."""

    name: str
    label: Words
    options: tuple[tuple[str, Words], ...]
    read: Callable[[Row], Iterable[str]]
    guarded: bool = False

    def with_options(self, options: Iterable[tuple[str, Words]]) -> "Facet":
        """The same facet with other answers, for lists that depend on the data."""
        return Facet(self.name, self.label, tuple(options), self.read, self.guarded)


@lru_cache(maxsize=5_000)
def codes(stored: str) -> tuple[str, ...]:
    """Reads a stored list of codes. A list of 500 rows has a few different ones; the database would have each read anew."""
    return tuple(json.loads(stored))


@dataclass(frozen=True)
class Narrowed:
    """The rows that are left, in the order given, the counts of each facet's options, and how many each facet alone keeps out."""

    rows: list[Row]
    counts: Mapping[str, Counter[str]]
    kept_out: Mapping[str, int]


@dataclass(frozen=True)
class Chosen:
    """What was asked for: the options by facet, and what of it is unknown."""

    options: Mapping[str, tuple[str, ...]]
    unknown: tuple[tuple[str, str], ...] = ()
    """Pairs of facet or parameter and value."""

    def of(self, name: str) -> tuple[str, ...]:
        """The options chosen of one facet."""
        return self.options.get(name, ())


def read_choices(facets: Iterable[Facet], asked: Mapping[str, Sequence[str]], others: Collection[str] = ()) -> Chosen:
    """Sorts what was asked into options and unknown ones; ``others`` are names that mean something else on the page."""
    known = {facet.name: {value for value, _ in facet.options} for facet in facets}
    options: dict[str, tuple[str, ...]] = {}
    unknown: list[tuple[str, str]] = []
    for name, values in asked.items():
        if name in known:
            options[name] = tuple(dict.fromkeys(value for value in values if value in known[name]))
            unknown += [(name, value) for value in values if value not in known[name]]
        elif name not in others:
            unknown.append((name, ""))
    return Chosen({name: values for name, values in options.items() if values}, tuple(unknown))


def narrow(rows: Iterable[Row], facets: Sequence[Facet], chosen: Mapping[str, Collection[str]]) -> Narrowed:
    """Keeps the rows that have an answer asked for in every facet, and counts the answers.

    A row that fails in one facet only still counts there: that is how many would join if its option were chosen too.
    """
    rows = list(rows)
    answers = {facet.name: [tuple(facet.read(row)) for row in rows] for facet in facets}
    failures = [0] * len(rows)
    failed_in = [""] * len(rows)
    for name, values in chosen.items():
        asked = frozenset(values)
        for place, answer in enumerate(answers[name] if asked else ()):
            if asked.isdisjoint(answer):
                failures[place] += 1
                failed_in[place] = name
    kept = [place for place, count in enumerate(failures) if not count]
    nearly: dict[str, list[int]] = {}
    for place, count in enumerate(failures):
        if count == 1:
            nearly.setdefault(failed_in[place], []).append(place)
    return Narrowed(
        [rows[place] for place in kept],
        {name: _counted(found, kept, nearly.get(name, ())) for name, found in answers.items()},
        {name: len(places) for name, places in nearly.items()},
    )


def _counted(answers: Sequence[tuple[str, ...]], *places: Iterable[int]) -> Counter[str]:
    """How often each answer is given by the rows at these places."""
    return Counter(chain.from_iterable(answers[place] for place in chain(*places)))
