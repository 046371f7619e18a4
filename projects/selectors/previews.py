"""Reads what a preview found."""

from projects.choices import PreviewScope
from projects.models import ArchiveRecord, Capability, Preview
from projects.selectors.access import directory_capabilities
from projects.selectors.claimants import records_with_claimants
from projects.selectors.matches import Card, cards_of_details


def preview_cards(preview: Preview) -> list[Card]:
    """Cards of a preview, of what is still public."""
    details = preview.results.get("matches", [])
    keys = [detail["capability"] for detail in details]
    rows: dict[str, Capability | ArchiveRecord]
    if preview.scope == PreviewScope.ARCHIVE:
        rows = {str(row.pk): row for row in records_with_claimants().filter(pk__in=keys)}
    else:
        found = directory_capabilities().filter(pk__in=keys).prefetch_related("evidence")
        rows = {str(row.pk): row for row in found}
    return cards_of_details(details, rows)
