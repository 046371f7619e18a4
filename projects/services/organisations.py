"""Has challenges and capabilities follow when the organisation behind them has changed."""

from collections.abc import Collection as Several

from django.db import transaction

from accounts.models import Organisation
from projects import queue
from projects.choices import Collection
from projects.models import Capability, Challenge
from projects.states import LIVE_CAPABILITIES, OVER_CHALLENGES

READ = frozenset({"kind", "size", "tech"})
"""What matching reads of an organisation itself."""
READ_IN_PLACE = frozenset({"city"})
"""What matching reads of an organisation where a challenge or capability does not name its own."""


def follow_organisation(organisation: Organisation, changed: Several[str]) -> None:
    """Has what an organisation posted and offers matched again, as far as matching reads one of the ``changed`` fields.

    No date moves: an edit that touches all texts at once must not show which anonymous challenges belong together.
    """
    if not (READ | READ_IN_PLACE) & set(changed):
        return
    with transaction.atomic():
        challenges = Challenge.objects.select_for_update().filter(organisation=organisation)
        for challenge in challenges.exclude(state__in=OVER_CHALLENGES).order_by("pk"):
            if _reads(challenge, set(changed), named=not challenge.anonymous):
                _ask_anew(challenge)
                if challenge.live:
                    queue.index_changed(Collection.CHALLENGES, challenge.pk)
                queue.match_challenge(challenge)
        capabilities = Capability.objects.select_for_update().filter(organisation=organisation)
        for capability in capabilities.filter(state__in=LIVE_CAPABILITIES).order_by("pk"):
            if _reads(capability, set(changed)):
                _ask_anew(capability)
                queue.index_changed(Collection.CAPABILITIES, capability.pk)
                queue.match_capability(capability)


def _reads(row: Challenge | Capability, changed: set[str], *, named: bool = True) -> bool:
    """Whether matching reads a changed field of the organisation for this row; an anonymous challenge shows its region only."""
    return bool(named and READ & changed) or (row.city_id is None and bool(READ_IN_PLACE & changed))


def _ask_anew(row: Challenge | Capability) -> None:
    """Marks the stored matches as those of an earlier text."""
    row.input_version += 1
    row.save(update_fields=["input_version"])
