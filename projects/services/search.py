"""Finds public text by words of either language and either script."""

from collections.abc import Iterable
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Q

from matchmaker.engine import lookup
from matchmaker.engine.config import DEFAULT
from projects.models import SearchText

LONGEST_QUERY = 200
KINDS = ("challenge", "capability", "archive")


def store_terms(kind: str, object_id: str, text: str) -> None:
    """Replaces the terms by which a public object is found."""
    terms = f" {' '.join(sorted(lookup.terms_of(text)))} "
    SearchText.objects.update_or_create(kind=kind, object_id=object_id, defaults={"terms": terms})


def forget_terms(kind: str, object_id: str) -> None:
    """Removes an object from the search."""
    SearchText.objects.filter(kind=kind, object_id=object_id).delete()


def load_dictionaries() -> None:
    """Reads what a query in Chinese needs, some 16 MiB, before the first of them waits for it."""
    lookup.needs_of("查询")


def find(kind: str, query: str) -> set[str] | None:
    """Returns the ids that hold every word of the query, in whichever language; None when it has no word to search for."""
    needs = lookup.needs_of(query[:LONGEST_QUERY])
    if not needs:
        return None
    found = SearchText.objects.filter(kind=kind)
    for need in needs:
        found = found.filter(reduce(or_, (_holding(option) for option in need)))
    return set(found.values_list("object_id", flat=True))


def _holding(terms: Iterable[str]) -> Q:
    """The objects that hold all of some terms."""
    return Q(*(Q(terms__contains=f" {term} ") for term in sorted(terms)))


def matching_values() -> dict[str, Any]:
    """The weights and thresholds that the matcher runs with, for the page that says how matching works."""
    return {
        "weights": {
            "relevance": DEFAULT.relevance_weight,
            "pasteur_fit": DEFAULT.pasteur_weight,
            "complement": DEFAULT.complement_weight,
            "feasibility": DEFAULT.feasibility_weight,
        },
        "strong_at": DEFAULT.strong_at,
        "possible_at": DEFAULT.possible_at,
        "clear_score": DEFAULT.clear_score,
        "least_score": DEFAULT.least_score,
        "stand_out": DEFAULT.stand_out,
        "abstain_words": DEFAULT.quadrant.abstain_words,
        "fingerprint": DEFAULT.fingerprint(),
    }


def rare_words_in_both(secret: str, public: str, *, known_by: int = 2, most: int = 8) -> list[str]:
    """Names words of a confidential text that also stand in the public one and that hardly any public object here holds.

    Returned as they are written in the confidential text. Nothing of either text is kept or logged.
    """
    there = {word.term for word in lookup.words_of(public)}
    written = {
        word.term: word.surface for word in lookup.words_of(secret) if word.term in there and len(word.surface) > 1
    }
    left = dict.fromkeys(written, known_by)
    for held in SearchText.objects.values_list("terms", flat=True).iterator() if left else ():
        for term in [term for term in left if all(f" {pair} " in held for pair in lookup.pairs_of(term))]:
            left[term] -= 1
        left = {term: count for term, count in left.items() if count >= 0}
        if not left:
            break
    return sorted({written[term] for term in left}, key=len, reverse=True)[:most]
