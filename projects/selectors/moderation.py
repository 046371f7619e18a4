"""Reads what a moderator needs to decide."""

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, cast

from django.db.models import Count, DecimalField, Field, Min, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.choices import Language, RecognitionState
from accounts.models import Organisation, OrganisationLabel
from accounts.rules import Viewer, can_moderate
from matchmaker.queueing.models import Job, JobState
from projects.choices import CooperationMode
from projects.models import ArchiveClaim, Capability, Challenge
from projects.states import CapabilityState, ChallengeState, ClaimState


@dataclass(frozen=True)
class Piece:
    """A run of text: ``same``, ``added`` or ``removed``."""

    kind: str
    text: str


@dataclass(frozen=True)
class Change:
    """One public field as it was approved and as it stands now."""

    name: str
    label: str
    pieces: tuple[Piece, ...]


def changes_of(challenge: Challenge) -> list[Change]:
    """What differs between the last approved version and what waits; everything, for a first submission."""
    version = challenge.versions.first()
    before: dict[str, Any] = version.fields if version else {}
    now = challenge.revised()
    found = []
    for name in dict.fromkeys((*now.moderated, *before)):
        field = cast("Field[Any, Any]", Challenge._meta.get_field(name))
        old = _words(field, before.get(name))
        new = _words(field, getattr(now, field.attname) if name in now.moderated else None)
        if old != new:
            found.append(Change(name, str(field.verbose_name), tuple(pieces(old, new))))
    return found


@dataclass(frozen=True)
class Queue:
    """How much waits of one kind, and since when."""

    name: str
    count: int
    since: datetime | date | None

    @property
    def days(self) -> int | None:
        """How many whole days the oldest has waited."""
        if isinstance(self.since, datetime):
            return (timezone.now() - self.since).days
        return (timezone.localdate() - self.since).days if self.since else None


def queues_for(user: Viewer) -> list[Queue]:
    """What waits for a moderator, the most urgent kind first; nothing for anyone else."""
    if not can_moderate(user):
        return []
    submitted, revised = Q(state=ChallengeState.SUBMITTED), Q(state=ChallengeState.REVISION_PENDING)
    due, dead = Q(state=JobState.READY, run_after__lte=timezone.now()), Q(state=JobState.DEAD)
    return [
        *_queues(Challenge.objects.all(), submitted=(submitted, "submitted_at"), revisions=(revised, "updated_at")),
        *_queues(ArchiveClaim.objects.all(), claims=(Q(state=ClaimState.OPEN), "created_at")),
        *_queues(Organisation.objects.all(), organisations=(Q(verified_at=None), "created_at")),
        *_queues(OrganisationLabel.objects.all(), recognitions=(Q(state=RecognitionState.WAITING), "named_at")),
        *_queues(Capability.objects.all(), capabilities=(Q(state=CapabilityState.STALE), "last_confirmed")),
        *_queues(Job.objects.all(), dead=(dead, "finished_at"), due=(due, "created_at")),
    ]


def _queues(rows: "QuerySet[Any]", **kinds: tuple[Q, str]) -> list[Queue]:
    """Counts rows of several kinds, and the oldest of each, in one query."""
    counted = {name: Count("pk", filter=which) for name, (which, _since) in kinds.items()}
    oldest = {f"{name}_since": Min(since, filter=which) for name, (which, since) in kinds.items()}
    found = rows.aggregate(**counted, **oldest)
    return [Queue(name, found[name], found[f"{name}_since"]) for name in kinds]


def filled(challenge: Challenge, names: Iterable[str]) -> list[tuple[str, str]]:
    """Those of the named fields that hold more than a no, with their labels, as the waiting revision would make them."""
    now = challenge.revised()
    fields = [cast("Field[Any, Any]", Challenge._meta.get_field(name)) for name in names]
    values = [(field, getattr(now, field.attname)) for field in fields]
    return [
        (str(field.verbose_name), _words(field, value)) for field, value in values if value not in (None, "", [], False)
    ]


def pieces(old: str, new: str) -> list[Piece]:
    """The difference of two texts, letter by letter for Chinese and word by word for the rest."""
    before, after = _units(old), _units(new)
    found: list[Piece] = []
    for tag, a, b, c, d in difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            found.append(Piece("same", "".join(before[a:b])))
            continue
        if b > a:
            found.append(Piece("removed", "".join(before[a:b])))
        if d > c:
            found.append(Piece("added", "".join(after[c:d])))
    return found


def _units(text: str) -> list[str]:
    """Single Chinese letters, and words with the blank after them."""
    units: list[str] = []
    word = ""
    for letter in text:
        if "\u3400" <= letter <= "\u9fff" or letter in "，。；：、！？\n":
            units += [word, letter] if word else [letter]
            word = ""
        else:
            word += letter
            if letter == " ":
                units.append(word)
                word = ""
    return [*units, word] if word else units


OPTIONS = {"cooperation_modes": CooperationMode, "languages": Language}
"""What the codes in a list stand for."""


def _words(field: "Field[Any, Any]", value: Any) -> str:
    """A value, as a version holds it or as it stands, in the reader's language."""
    if value in (None, "", []):
        return ""
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    if field.name in OPTIONS:
        labels = dict(OPTIONS[field.name].choices)
        return "\n".join(str(labels.get(one, one)) for one in value)
    if field.related_model is not None:
        row = field.related_model._default_manager.filter(pk=value).first()
        return str(row or value)
    if isinstance(value, list):
        return "\n".join(_figure(row) for row in value)
    if isinstance(field, DecimalField):
        amount = Decimal(str(value))
        return f"{int(amount) if amount == int(amount) else amount:,}"
    return str(value)


def _figure(row: Mapping[str, Any]) -> str:
    """A figure in one line, with its name in both languages."""
    names = " / ".join(row[key] for key in ("name_zh", "name_en") if row.get(key))
    value = f"{row['value']:.15g} {row.get('unit', '')}".strip()
    must = _("A must") if row.get("must") else ""
    return " · ".join(filter(None, (names, value, must)))
