"""Reads what a moderator needs to decide."""

import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, cast

from django.db.models import DecimalField, Field, QuerySet
from django.utils.translation import gettext as _

from accounts.choices import Language
from accounts.models import Activity
from projects.choices import CooperationMode
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
    now = challenge.revised()
    found = []
    for name in dict.fromkeys((*now.moderated, *before)):
        field = cast("Field[Any, Any]", Challenge._meta.get_field(name))
        old = _words(field, before.get(name))
        new = _words(field, getattr(now, field.attname) if name in now.moderated else None)
        if old != new:
            found.append(Change(name, str(field.verbose_name), tuple(pieces(old, new))))
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
