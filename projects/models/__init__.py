"""Challenges, capabilities, matches, and the archive of published records."""

from projects.models.archive import ArchiveClaim, ArchiveMatch, ArchiveRecord, ArchiveSource
from projects.models.capabilities import Capability, EvidenceItem
from projects.models.challenges import Challenge, ChallengeVersion, ConfidentialReading, ConfidentialText
from projects.models.matches import (
    Epoch,
    IndexChange,
    IndexClock,
    Invitation,
    Match,
    Preview,
    SearchText,
    SimilarChallenge,
)

__all__ = [
    "ArchiveClaim",
    "ArchiveMatch",
    "ArchiveRecord",
    "ArchiveSource",
    "Capability",
    "Challenge",
    "ChallengeVersion",
    "ConfidentialReading",
    "ConfidentialText",
    "Epoch",
    "EvidenceItem",
    "IndexChange",
    "IndexClock",
    "Invitation",
    "Match",
    "Preview",
    "SearchText",
    "SimilarChallenge",
]
