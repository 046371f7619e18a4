"""Finds room for labels in a picture: beside what they name, over nothing else, inside the frame."""

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from unicodedata import east_asian_width

SIZE = 14
UNITS = 24
CROWD = 12
"""With more labels than this each stands beside its point or nowhere, so that nobody wonders whose it is."""


@dataclass(frozen=True)
class Box:
    """A rectangle, y running down."""

    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: "Box") -> bool:
        """Tells whether the two share any area."""
        across = self.left < other.right and other.left < self.right
        return across and self.top < other.bottom and other.top < self.bottom

    def inside(self, other: "Box") -> bool:
        """Tells whether this one lies wholly in the other."""
        across = self.left >= other.left and self.right <= other.right
        return across and self.top >= other.top and self.bottom <= other.bottom


@dataclass(frozen=True)
class Spot:
    """A point with the text that should stand by it."""

    x: float
    y: float
    text: str


@dataclass(frozen=True)
class Label:
    """A text with its place; ``anchor`` is SVG's ``text-anchor``."""

    x: float
    baseline: float
    anchor: str
    text: str


def text_width(text: str, size: float = SIZE) -> float:
    """Estimates how wide a text runs: a Chinese character as the type is high, a Latin one a little over half."""
    return sum(size if east_asian_width(letter) in "WF" else size * 0.56 for letter in text)


def shortened(text: str) -> str:
    """Cuts a text that is too long for a label; a Chinese character counts for two."""
    used = 0
    for position, letter in enumerate(text):
        used += 2 if east_asian_width(letter) in "WF" else 1
        if used > UNITS:
            return text[:position].rstrip() + "…"
    return text


def along(stations: Sequence[tuple[float, float]]) -> list[Box]:
    """Covers a line with small boxes, so that labels keep off it."""
    boxes = []
    for (x1, y1), (x2, y2) in itertools.pairwise(stations):
        for step in range(1, 16):
            x, y = x1 + (x2 - x1) * step / 16, y1 + (y2 - y1) * step / 16
            boxes.append(Box(x - 2, y - 2, x + 2, y + 2))
    return boxes


def place(spots: Sequence[Spot], *, frame: Box, taken: Sequence[Box]) -> dict[int, Label]:
    """Places the labels in the order given, by index; one that finds no room is left out."""
    busy = [*taken, *(Box(spot.x - 8, spot.y - 8, spot.x + 8, spot.y + 8) for spot in spots)]
    choices = 2 if len(spots) > CROWD else None
    placed: dict[int, Label] = {}
    for index, spot in enumerate(spots):
        for label, box in itertools.islice(_choices(spot), choices):
            if box.inside(frame) and not any(box.meets(other) for other in busy):
                busy.append(box)
                placed[index] = label
                break
    return placed


def _choices(spot: Spot) -> Iterator[tuple[Label, Box]]:
    """Yields where a label may stand, the best first: right of its point, left, above, below."""
    text = shortened(spot.text)
    width = text_width(text)
    x, y = spot.x, spot.y
    for anchor, at, baseline in (
        ("start", x + 12, y + 4),
        ("end", x - 12, y + 4),
        ("middle", x, y - 13),
        ("middle", x, y + 23),
        ("end", x - 4, y - 13),
        ("start", x + 4, y - 13),
        ("end", x - 4, y + 23),
        ("start", x + 4, y + 23),
    ):
        left = at - {"start": 0.0, "middle": width / 2, "end": width}[anchor]
        yield Label(at, baseline, anchor, text), Box(left, baseline - 12, left + width, baseline + 4)
