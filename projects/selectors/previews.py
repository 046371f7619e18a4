"""Reads what a preview found, and how it stands with one that has found nothing yet."""

from datetime import timedelta

from django.utils import timezone

from projects.choices import PreviewScope
from projects.models import ArchiveRecord, Capability, Preview
from projects.selectors.access import directory_capabilities
from projects.selectors.claimants import records_with_claimants
from projects.selectors.matches import Card, cards_of_details
from projects.states import PreviewState

LATE_AFTER = timedelta(seconds=15)
"""Normally matches are there within two seconds."""
FAILED_AFTER = timedelta(minutes=10)
"""Then the page stops looking. The text stays for an hour, and is answered when a worker comes back in that time."""


def preview_state(preview: Preview) -> PreviewState:
    """How a preview stands: one that nobody has answered for long counts as failed."""
    if preview.state == PreviewState.PENDING and preview.created_at < timezone.now() - FAILED_AFTER:
        return PreviewState.FAILED
    return PreviewState(preview.state)


def is_late(preview: Preview) -> bool:
    """True when a pending preview waits longer than is normal: the worker is down, or has much to do."""
    return preview.created_at < timezone.now() - LATE_AFTER


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
