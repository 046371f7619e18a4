"""Cuts a text into plain and marked pieces, so that a page can link a shared word to its twin in the other text."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Mark:
    """A stretch of a text, in characters of the text as written, with its own anchor and that of its twin."""

    start: int
    end: int
    anchor: str
    twin: str = ""


@dataclass(frozen=True)
class Piece:
    """A run of text; plain when the anchor is empty."""

    text: str
    anchor: str = ""
    twin: str = ""


def mark(text: str, marks: Iterable[Mark]) -> list[Piece]:
    """Returns the pieces of ``text`` in order; joined they give the text again.

    Where marks overlap, the one that starts first wins, and of two that start together the longer. Marks outside the text are left out.
    """
    pieces: list[Piece] = []
    at = 0
    for item in sorted(marks, key=lambda item: (item.start, -item.end)):
        if item.start < at or item.end <= item.start or item.end > len(text):
            continue
        if item.start > at:
            pieces.append(Piece(text[at : item.start]))
        pieces.append(Piece(text[item.start : item.end], item.anchor, item.twin))
        at = item.end
    if at < len(text):
        pieces.append(Piece(text[at:]))
    return pieces
