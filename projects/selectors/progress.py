"""Reads how far the matching of an object is."""

from dataclasses import dataclass

from matchmaker.queueing.jobs import latest
from matchmaker.queueing.models import JobState
from projects.choices import MATCH_CAPABILITY, MATCH_CHALLENGE
from projects.models import Capability, Challenge


@dataclass(frozen=True)
class Progress:
    """``ready`` or ``pending``; while pending how far it is, and whether it got stuck and waits for a moderator."""

    state: str
    done: int = 0
    total: int = 0
    stuck: bool = False


def matching_progress(subject: Challenge | Capability) -> Progress:
    """Says whether the stored matches belong to the present text, and if not, how far the worker is."""
    if subject.matches_ready:
        return Progress("ready")
    kind = MATCH_CHALLENGE if isinstance(subject, Challenge) else MATCH_CAPABILITY
    job = latest(kind, subject.pk)
    if job is None:
        return Progress("pending")
    return Progress("pending", job.done, job.total, stuck=job.state == JobState.DEAD)
