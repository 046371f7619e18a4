"""Asks for work about challenges, capabilities and the archive to be done later, and notes what an index must follow."""

from uuid import UUID

from django.db import transaction
from django.db.models import F

from matchmaker.queueing import jobs
from matchmaker.queueing.models import Job
from projects.choices import MATCH_ARCHIVE, MATCH_CAPABILITY, MATCH_CHALLENGE, PREVIEW, REMATCH
from projects.models import Capability, Challenge, IndexChange, IndexClock


def match_challenge(challenge: Challenge) -> Job:
    """Asks for a challenge's matches to be found for its text as it stands."""
    due = jobs.after_a_burst(MATCH_CHALLENGE, challenge.pk)
    return jobs.enqueue(MATCH_CHALLENGE, challenge.pk, input_version=challenge.input_version, run_after=due)


def match_capability(capability: Capability) -> Job:
    """Asks for a capability to be scored against the open challenges."""
    return jobs.enqueue(MATCH_CAPABILITY, capability.pk, input_version=capability.input_version)


def match_archive(record_id: UUID) -> Job:
    """Asks for an archived challenge to be matched with the archived research."""
    return jobs.enqueue(MATCH_ARCHIVE, record_id)


def preview(preview_id: UUID) -> Job:
    """Asks for a pasted text to be matched, before all other work."""
    return jobs.enqueue(PREVIEW, preview_id, queue="preview")


def rematch_all() -> Job:
    """Asks for every live challenge to be matched again."""
    return jobs.enqueue(REMATCH)


def index_changed(collection: str, key: object) -> None:
    """Notes that an object entered, changed in, or left a collection; call it in the transaction of the change.

    The clock's row stays locked until the commit, so that numbers become visible in order and no index misses one.
    """
    with transaction.atomic():
        IndexClock.objects.get_or_create(collection=collection)
        IndexClock.objects.filter(collection=collection).update(now=F("now") + 1)
        number = IndexClock.objects.values_list("now", flat=True).get(collection=collection)
        IndexChange.objects.create(collection=collection, number=number, key=str(key))
