"""Reads what a moderator needs to decide."""

import difflib
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from accounts.models import Activity
from projects.models import Challenge


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
    now = {**{name: _value(challenge, name) for name in _names(challenge)}, **challenge.pending}
    found = []
    for name in _names(challenge):
        old, new = _words(before.get(name)), _words(now.get(name))
        if old != new:
            label = str(getattr(Challenge._meta.get_field(name), "verbose_name", name))
            found.append(Change(name, label, tuple(pieces(old, new))))
    return found


def deeds_on(challenge: Challenge) -> QuerySet[Activity]:
    """What happened to a challenge, newest first."""
    rows = Activity.objects.filter(object_type="challenge", object_id=str(challenge.pk))
    return rows.select_related("actor").order_by("-at")


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


def _names(challenge: Challenge) -> list[str]:
    """The public fields that are looked at, in the order of the form."""
    version = challenge.versions.first()
    if version:
        return list(version.fields)
    texts = [f"{name}_{language}" for name in Challenge.TEXTS for language in ("zh", "en")]
    return [
        *texts,
        "baseline_metrics",
        "target_metrics",
        "budget_min",
        "budget_max",
        "currency",
        "answer_by",
        "ip_preference",
    ]


def _value(challenge: Challenge, name: str) -> Any:
    """A field's plain value."""
    return getattr(challenge, f"{name}_id" if name in ("city", "parent_challenge") else name)


def _words(value: Any) -> str:
    """A value as text that can be compared."""
    if value in (None, "", [], False):
        return ""
    if isinstance(value, list):
        return "\n".join(_words(one) for one in value)
    if isinstance(value, dict):
        return " ".join(
            f"{one:g}" if isinstance(one, float) else str(one) for one in value.values() if one not in ("", None)
        )
    return str(value)
