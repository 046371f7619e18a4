"""Reads the archive of published records: never users, never on the board, never in its counts."""

from collections.abc import Collection, Iterable
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from projects.choices import ArchiveKind, Quadrant
from projects.models import ArchiveClaim, ArchiveRecord, ArchiveSource
from projects.selectors.access import visible_archive
from projects.selectors.claimants import accepted_claims
from projects.selectors.facets import Facet, Row
from projects.selectors.matches import Card, card_of

COLUMNS = ("pk", "kind", "source_id", "year", "country", "city", "quadrant")
SHOWN = (
    "kind", "source", "language", "title_zh", "title_en", "institution_zh", "institution_en", "city", "country", "year", "quadrant",
    "source__title_zh", "source__title_en", "source__licence",
)  # fmt: skip


def archive_cards(record: ArchiveRecord) -> list[Card]:
    """The archived research that matches an archived challenge, as cards."""
    rows = record.matches.select_related("research__source").order_by("rank")
    rows = rows.prefetch_related(accepted_claims("research__claims"))
    return [card_of(row.detail, row.rank, record, row.research) for row in rows]


def archive_rows(found: Collection[str] | None = None) -> list[dict[str, Any]]:
    """The columns that facets are about, of all records or of those found by a search, newest first."""
    rows = visible_archive().select_related(None).order_by("-year", "key")
    if found is not None:
        rows = rows.filter(pk__in=found)
    return list(rows.values(*COLUMNS))


def archive_facets(rows: Iterable[Row], sources: Iterable[ArchiveSource]) -> list[Facet]:
    """The facets of the archive; years, countries and collections are those that occur."""
    rows = list(rows)
    years = sorted({row["year"] for row in rows if row["year"]}, reverse=True)
    countries = sorted({row["country"] for row in rows if row["country"]})
    collections = tuple((source.collection, source) for source in sources)
    return [
        Facet("kind", _("Kind"), tuple(ArchiveKind.choices), lambda row: (row["kind"],)),
        Facet("collection", _("Collection"), collections, lambda row: (row["source_id"],)),  # type: ignore[arg-type]  # the page names it
        Facet(
            "quadrant",
            _("Quadrant"),
            tuple(Quadrant.choices),
            lambda row: (row["quadrant"],) if row["quadrant"] else (),
        ),
        Facet(
            "country", _("Country or region"), tuple((code, code) for code in countries), lambda row: (row["country"],)
        ),
        Facet("year", _("Year"), tuple((str(year), str(year)) for year in years), lambda row: (str(row["year"]),)),
    ]


def archive_sources() -> QuerySet[ArchiveSource]:
    """Where the records come from."""
    return ArchiveSource.objects.order_by("collection")


def records_shown(pks: Collection[Any]) -> list[ArchiveRecord]:
    """The records of one page, in the order given."""
    rows = visible_archive().only(*SHOWN).in_bulk(list(pks))
    return [rows[pk] for pk in pks if pk in rows]


def own_claim(user: User, record: ArchiveRecord) -> ArchiveClaim | None:
    """The claim that a person made to a record, the latest first."""
    return ArchiveClaim.objects.filter(user=user, record=record).first()
