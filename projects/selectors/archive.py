"""Reads the archive."""

from projects.models import ArchiveRecord
from projects.selectors.matches import Card, card_of


def archive_cards(record: ArchiveRecord) -> list[Card]:
    """The archived research that matches an archived challenge, as cards."""
    rows = record.matches.select_related("research__source").order_by("rank")
    return [card_of(row.detail, row.rank, record, row.research) for row in rows]
