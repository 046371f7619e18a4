"""Cuts public text and search words alike, so that a query in either script finds what was written in the other."""

from collections.abc import Iterable

from matchmaker.engine import text as cutting
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
    found: set[str] | None = None
    for term in sorted(terms, key=len, reverse=True):
        rows = SearchTerm.objects.filter(kind=kind, term=term)
        if found is not None:
            rows = rows.filter(object_id__in=found)
        found = set(rows.values_list("object_id", flat=True))
        if not found:
            return set()
    return found


def _terms(text: str) -> set[str]:
    """The searchable words of a text."""
    return _short(token.term for token in cutting.analyse(text))


def _short(terms: Iterable[str]) -> set[str]:
    """Leaves out what is longer than the column."""
    return {term for term in terms if len(term) <= 60}
