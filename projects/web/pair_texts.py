"""Sets the two texts of a pair side by side, with the words they share marked in both."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext

from accounts.rules import Viewer
from projects.models import Capability, Challenge, EvidenceItem
from projects.selectors.access import fields_for
from projects.selectors.matches import Card
from projects.templatetags.look import chinese_lang, localized, text_lang
from projects.web.marked_text import Mark, Piece, mark
from projects.web.readers_words import in_readers_words

Place = tuple[str, str]
"""Where a passage stands: the evidence key (empty for the own description) and the field."""
ALWAYS = ("title", "summary", "problem", "what_it_enables")


@dataclass(frozen=True)
class Passage:
    """A labelled piece of text, cut at its marks."""

    label: str
    lang: str
    pieces: list[Piece]


@dataclass(frozen=True)
class Side:
    """One of the two texts."""

    heading: str
    href: str
    passages: list[Passage]


def shared_words(card: Card) -> tuple[dict[Place, list[Mark]], dict[Place, list[Mark]]]:
    """The marks of both sides, each the other's twin. Marks of a text that changed since it was matched are left out."""
    challenge, capability = card.challenge, card.capability
    assert isinstance(challenge, Challenge), "an archived pair has no texts to mark here"
    left: dict[Place, list[Mark]] = defaultdict(list)
    right: dict[Place, list[Mark]] = defaultdict(list)
    matched_at = card.match.updated_at if card.match else None
    changed = isinstance(capability, Capability) and matched_at is not None and capability.updated_at > matched_at
    for number, reason in enumerate(in_readers_words(card.reasons), 1):
        there = (
            reason.in_challenge
            if _still_there(challenge, reason.challenge_field, reason.in_challenge, reason.term)
            else None
        )
        here = reason.in_capability if not changed else None
        if there:
            left["", reason.challenge_field].append(Mark(*there, f"c-{number}", f"k-{number}" if here else ""))
        if here:
            place = (reason.evidence_key, reason.capability_field)
            right[place].append(Mark(*here, f"k-{number}", f"c-{number}" if there else ""))
    return left, right


def _still_there(source: Any, name: str, span: tuple[int, int] | None, term: str) -> bool:
    """True when the text still holds the word where it stood."""
    return span is not None and str(getattr(source, name, ""))[slice(*span)].casefold() == term.casefold()


def sides(card: Card, viewer: Viewer, *, labels: Mapping[str, Any], hrefs: tuple[str, str]) -> list[Side]:
    """Both texts: what always tells the story, and every passage that holds a shared word. Only fields the viewer may read."""
    challenge, capability = card.challenge, card.capability
    assert isinstance(challenge, Challenge), "an archived pair has no texts to mark here"
    assert isinstance(capability, Capability), "an archived pair has no texts to mark here"
    left, right = shared_words(card)
    texts = [*_own(challenge, (*Challenge.TEXTS, "figures"), viewer, left, labels)]
    offers = [*_own(capability, (*Capability.TEXTS, "keywords"), viewer, right, labels)]
    for item in capability.evidence.all():
        offers += _evidence(item, right)
    return [
        Side(gettext("The challenge"), hrefs[0], _without_cut_twins(texts)),
        Side(gettext("The capability"), hrefs[1], _without_cut_twins(offers)),
    ]


def _own(
    source: Challenge | Capability,
    names: Sequence[str],
    viewer: Viewer,
    marks: Mapping[Place, list[Mark]],
    labels: Mapping[str, Any],
) -> Iterator[Passage]:
    """The passages of a row's own description."""
    allowed = fields_for(viewer, source)
    if "target_metrics" in allowed:
        allowed |= {"figures_zh", "figures_en"}
    for name in names:
        marked = [code for code in ("zh", "en") if marks.get(("", f"{name}_{code}"))]
        if not marked and name in ALWAYS:
            marked = ["en" if text_lang(source, name) == "en" else "zh"]
        for code in marked:
            column = f"{name}_{code}"
            if column in allowed and (text := passage_text(source, column)):
                lang = "en" if code == "en" else chinese_lang(source, text)
                yield Passage(str(labels.get(name, name)), lang, mark(text, marks.get(("", column), ())))


def _evidence(item: EvidenceItem, marks: Mapping[Place, list[Mark]]) -> Iterator[Passage]:
    """The passages of an evidence item that hold a shared word."""
    for column in ("title_zh", "title_en", "summary_zh", "summary_en"):
        if found := marks.get((str(item.pk), column)):
            label = gettext("%(kind)s: %(title)s") % {
                "kind": item.get_kind_display(),
                "title": localized(item, "title"),
            }
            if column.startswith("title"):
                label = f"{item.get_kind_display()} {item.year or ''}".strip()
            text = getattr(item, column)
            yield Passage(label, "en" if column.endswith("en") else chinese_lang(item, text), mark(text, found))


def passage_text(source: Any, column: str) -> str:
    """The text of a column as it was matched; keywords stand in one line."""
    value = getattr(source, column, "")
    return ("，" if column.endswith("_zh") else ", ").join(value) if isinstance(value, list) else value


def _without_cut_twins(passages: list[Passage]) -> list[Passage]:
    """Passages in order, each text once."""
    seen: set[tuple[str, str]] = set()
    found = []
    for passage in passages:
        key = (passage.label, "".join(piece.text for piece in passage.pieces))
        if key not in seen:
            seen.add(key)
            found.append(passage)
    return found
