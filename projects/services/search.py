"""Cuts public text and search words alike, so that a query in either script finds what was written in the other."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Count

from matchmaker.engine import text as cutting
from matchmaker.engine.config import DEFAULT
from projects.models import SearchTerm

LONGEST_QUERY = 200
KINDS = ("challenge", "capability", "archive")


def store_terms(kind: str, object_id: str, text: str) -> None:
    """Replaces the words by which a public object is found."""
    terms = _terms(text)
    SearchTerm.objects.filter(kind=kind, object_id=object_id).exclude(term__in=terms).delete()
    SearchTerm.objects.bulk_create(
        (SearchTerm(kind=kind, object_id=object_id, term=term) for term in sorted(terms)), ignore_conflicts=True
    )


def forget_terms(kind: str, object_id: str) -> None:
    """Removes an object from the search."""
    SearchTerm.objects.filter(kind=kind, object_id=object_id).delete()


def find(kind: str, query: str) -> set[str] | None:
    """Returns the ids that hold every word of the query; None when the query has no word to search for."""
    terms = _terms(query[:LONGEST_QUERY])
    if not terms:
        return None
    held = SearchTerm.objects.filter(kind=kind, term__in=terms).values("object_id").annotate(words=Count("pk"))
    return set(held.filter(words=len(terms)).values_list("object_id", flat=True))


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
    there = _terms(public)
    written = {
        token.term: token.surface for token in cutting.analyse(secret) if token.term in there and len(token.surface) > 1
    }
    known = SearchTerm.objects.filter(term__in=written).values("term").annotate(holders=Count("object_id"))
    common = {row["term"] for row in known if row["holders"] > known_by}
    return sorted({surface for term, surface in written.items() if term not in common}, key=len, reverse=True)[:most]


def _terms(text: str) -> set[str]:
    """The searchable words of a text."""
    return _short(token.term for token in cutting.analyse(text))


def _short(terms: Iterable[str]) -> set[str]:
    """Leaves out what is longer than the column."""
    return {term for term in terms if len(term) <= 60}
