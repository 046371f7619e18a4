"""Draws Pasteur's quadrant as SVG: use to the right, understanding up. Values in, text out; no models, no requests.

The picture is never the only carrier: ``Picture.rows`` holds the same points for a table, in the same order.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from html import escape as escape_markup

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext, pgettext

from projects.web.label_places import Box, Label, Spot, along, place, text_width

SIZE = 400
LEFT, TOP, RIGHT, BOTTOM = 34, 12, 12, 34
WIDTH, HEIGHT = LEFT + SIZE + RIGHT, TOP + SIZE + BOTTOM
INSET = 10
SPAN = SIZE - 2 * INSET
"""0 and 1 lie a little inside the frame, so that a point there is seen whole."""
CROWD = 40
"""With more points than this an ellipse is seen only while its point is looked at; the table says how sure each place is."""
LINE = 17
FRAME = Box(LEFT, TOP, LEFT + SIZE, TOP + SIZE)
HUES = {"bohr": "#0072B2", "pasteur": "#009E73", "edison": "#D55E00", "fourth": "#7A7A7A"}
PAINT = {
    "q-frame": 'fill="#ffffff" stroke="#85817a"',
    "q-axis": 'stroke="#dcd8d0"',
    "q-text": 'fill="#1c2126" font-size="14"',
    "q-corner": 'fill="#565d65" font-size="14" font-weight="600"',
    "q-gloss": 'fill="#565d65" font-size="12.5"',
    "q-label": 'fill="#1c2126" font-size="14"',
    "q-ellipse": 'fill="currentColor" fill-opacity="0.09" stroke="currentColor" stroke-opacity="0.5"',
    "q-shape": 'fill="currentColor" stroke="#ffffff"',
    "q-shape hollow": 'fill="#ffffff" stroke="currentColor" stroke-width="2"',
    "q-ring": 'fill="none" stroke="currentColor" stroke-width="2"',
    "q-pair": 'fill="none" stroke="#1c2126" stroke-width="1.5" stroke-dasharray="5 4"',
    "q-hit": 'fill="none"',
}
"""What the style sheet says on a page, as attributes for a file that stands alone."""
SAFE_ADDRESS = re.compile(r"(?:https?://|[/?#])", re.IGNORECASE)
NOT_XML = re.compile("[^\\t\\n\\r\\x20-\\ud7ff\\ue000-\\ufffd\\U00010000-\\U0010ffff]")


@dataclass(frozen=True)
class Point:
    """One item with its place, both axes 0–1, and how unsure each is. ``hollow``: the text model could not tell."""

    label: str
    side: str
    understanding: float
    use: float
    sd_u: float = 0.0
    sd_a: float = 0.0
    href: str = ""
    hollow: bool = False
    lang: str = ""
    corner: str = ""
    tag: str = ""
    """A short name, drawn in place of the label: the rank in a list, the side in a pair."""

    @property
    def quadrant(self) -> str:
        """Returns the quadrant that was given as ``corner``, else the one in which the point is drawn."""
        if self.corner in HUES:
            return self.corner
        if self.understanding >= 0.5:
            return "pasteur" if self.use >= 0.5 else "bohr"
        return "edison" if self.use >= 0.5 else "fourth"


@dataclass(frozen=True)
class Words:
    """The words in the picture, in the reader's language."""

    title: str
    understanding: str
    use: str
    corners: dict[str, str]
    glosses: dict[str, str]
    sides: dict[str, str]
    unsure: str


@dataclass(frozen=True)
class Row:
    """A point as a row of the table beneath the picture."""

    label: str
    href: str
    side: str
    side_word: str
    quadrant: str
    understanding: float
    use: float
    sd_u: float
    sd_a: float
    hollow: bool
    lang: str
    tag: str


@dataclass(frozen=True)
class Picture:
    """The drawing, and the same points as rows."""

    svg: SafeString
    rows: tuple[Row, ...]
    crowded: bool = False


def words_in_use() -> Words:
    """Returns the picture's words in the language of the page being made."""
    return Words(
        title=gettext("Pasteur's quadrant"),
        understanding=gettext("Understanding sought"),
        use=gettext("Use in sight"),
        corners={
            "bohr": pgettext("quadrant", "Bohr"),
            "pasteur": pgettext("quadrant", "Pasteur"),
            "edison": pgettext("quadrant", "Edison"),
            "fourth": pgettext("quadrant", "Unnamed"),
        },
        glosses={
            "bohr": pgettext("quadrant", "to understand"),
            "pasteur": pgettext("quadrant", "to understand and to use"),
            "edison": pgettext("quadrant", "to use"),
            "fourth": pgettext("quadrant", "neither yet"),
        },
        sides={side: side_word(side) for side in ("challenge", "capability", "joint")},
        unsure=gettext("the text is too short to be sure"),
    )


def side_word(side: str) -> str:
    """Names a side of a pair, or both together, in the language of the page being made."""
    names = {
        "challenge": pgettext("side", "Challenge"),
        "capability": pgettext("side", "Capability"),
        "joint": pgettext("side", "The two together"),
    }
    return names.get(side, side)


def picture(
    points: Iterable[Point],
    *,
    pairs: Sequence[tuple[int, int, int]] = (),
    words: Words | None = None,
    prefix: str = "quadrant",
    standalone: bool = False,
) -> Picture:
    """Draws the points. Each pair gives the indices of its challenge, joint point and capability, joined by a line.

    The points of a pair, and one that stands alone, are named by their side: the page says already what they are called.

    ``prefix`` keeps ids apart when a page has two pictures. ``standalone`` makes a file that needs no style sheet and has no links.
    """
    points = [_clamped(point) for point in points]
    words = words or words_in_use()
    if pairs or len(points) == 1:
        points = [replace(point, tag=point.tag or words.sides.get(point.side, "")) for point in points]
    pen = _Pen(prefix=prefix, standalone=standalone, crowded=not standalone and len(points) > CROWD)
    taken = [*_corner_boxes(words), *(box for pair in pairs for box in along([_at(points[index]) for index in pair]))]
    labels = place([Spot(*_at(point), point.tag or point.label) for point in points], frame=FRAME, taken=taken)
    body = [
        pen.frame(words),
        *(pen.ellipse(point) for point in points if not pen.crowded),
        *(pen.pair([points[index] for index in pair]) for pair in pairs),
        *(pen.point(points[index], words, labels.get(index)) for index in _reading_order(points)),
        pen.corners(words),
    ]
    role = "group" if not standalone and any(point.href for point in points) else "img"
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="{role}"'
        f' aria-labelledby="{escape(prefix)}-title {escape(prefix)}-desc"'
        f"{pen.document_attributes()}>"
        f'<title id="{escape(prefix)}-title">{escape(words.title)}</title>'
        f'<desc id="{escape(prefix)}-desc">{escape(_described(points, words))}</desc>' + "".join(body) + "</svg>"
    )
    rows = tuple(_row(points[index], words) for index in _reading_order(points))
    return Picture(svg=mark_safe(svg), rows=rows, crowded=pen.crowded)  # noqa: S308 (every value above is escaped or a number)


def escape(text: str) -> str:
    """Makes a text safe inside markup and inside quotes, and drops what no XML file may hold."""
    return escape_markup(NOT_XML.sub("", str(text)), quote=True)


def _clamped(point: Point) -> Point:
    def inside(value: float) -> float:
        return min(1.0, max(0.0, float(value)))

    return replace(
        point,
        understanding=inside(point.understanding),
        use=inside(point.use),
        sd_u=inside(point.sd_u),
        sd_a=inside(point.sd_a),
        href=point.href if SAFE_ADDRESS.match(point.href) else "",
    )


def _reading_order(points: Sequence[Point]) -> list[int]:
    """Orders from the top left, as a page is read; ties keep the order given."""
    return sorted(
        range(len(points)), key=lambda index: (-round(points[index].understanding, 1), points[index].use, index)
    )


def _row(point: Point, words: Words) -> Row:
    return Row(
        label=point.label,
        href=point.href,
        side=point.side,
        side_word=words.sides.get(point.side, point.side),
        quadrant=point.quadrant,
        understanding=point.understanding,
        use=point.use,
        sd_u=point.sd_u,
        sd_a=point.sd_a,
        hollow=point.hollow,
        lang=point.lang,
        tag=point.tag,
    )


def _described(points: Sequence[Point], words: Words) -> str:
    """Says in one line what is in the picture: each point when they are few, else how many in each corner."""
    if len(points) <= 6:
        return "; ".join(_spoken(point, words) for point in points)
    counts = {name: sum(point.quadrant == name for point in points) for name in words.corners}
    return "; ".join(f"{words.corners[name]}: {count}" for name, count in counts.items())


def _spoken(point: Point, words: Words) -> str:
    side = words.sides.get(point.side, point.side)
    if point.tag and point.tag != side:
        side = f"{side} {point.tag}"
    place = f"{words.understanding} {point.understanding:.2f}, {words.use} {point.use:.2f}"
    return f"{side}: {point.label} ({place}{', ' + words.unsure if point.hollow else ''})"


def _at(point: Point) -> tuple[float, float]:
    """Returns where a point stands in the drawing."""
    return LEFT + INSET + point.use * SPAN, TOP + INSET + (1 - point.understanding) * SPAN


def _corner_boxes(words: Words) -> list[Box]:
    """Returns where the names of the corners stand, each with its gloss beneath."""
    boxes = []
    for name, text in words.corners.items():
        width = max(text_width(text, 15), text_width(words.glosses[name], 12.5))
        left = LEFT + 8 if name in ("bohr", "fourth") else LEFT + SIZE - 8 - width
        top = TOP + 6 if name in ("bohr", "pasteur") else TOP + SIZE - 6 - 2 * LINE
        boxes.append(Box(left, top, left + width, top + 2 * LINE))
    return boxes


@dataclass(frozen=True)
class _Pen:
    """Writes the marks, by class for a page or with paint for a file."""

    prefix: str
    standalone: bool
    crowded: bool

    def document_attributes(self) -> str:
        if not self.standalone:
            return ""
        return f' width="{WIDTH * 2}" height="{HEIGHT * 2}" font-family="system-ui, Noto Sans CJK SC, Microsoft YaHei, sans-serif"'

    def look(self, name: str, variant: str = "") -> str:
        """Returns how a mark looks: a class on a page, paint in a file."""
        if not self.standalone:
            return f'class="{name}"'
        return PAINT.get(f"{name} {variant}", PAINT[name])

    def frame(self, words: Words) -> str:
        """Draws the square, its middle lines, its clip and the names of the axes."""
        middle_x, middle_y, right, bottom = LEFT + SIZE / 2, TOP + SIZE / 2, LEFT + SIZE, TOP + SIZE
        clip = f"{escape(self.prefix)}-clip"
        parts = [
            f'<clipPath id="{clip}"><rect x="{LEFT}" y="{TOP}" width="{SIZE}" height="{SIZE}"/></clipPath>',
            f'<rect {self.look("q-frame")} x="{LEFT}" y="{TOP}" width="{SIZE}" height="{SIZE}"/>',
            f'<path {self.look("q-axis")} d="M{middle_x:g} {TOP}V{bottom}M{LEFT} {middle_y:g}H{right}"/>',
            f'<text {self.look("q-text")} x="{right}" y="{bottom + 22}" text-anchor="end">{escape(words.use)} →</text>',
            f'<text {self.look("q-text")} transform="translate({LEFT - 14} {TOP}) rotate(-90)" text-anchor="end">{escape(words.understanding)} →</text>',
        ]
        return "".join(parts)

    def corners(self, words: Words) -> str:
        """Names the corners, over whatever lies there."""
        parts = []
        for (name, text), box in zip(words.corners.items(), _corner_boxes(words), strict=True):
            anchor, x = ("start", box.left) if name in ("bohr", "fourth") else ("end", box.right)
            for look, line, y in (("q-corner", text, box.top + 13), ("q-gloss", words.glosses[name], box.bottom - 3)):
                parts.append(
                    f'<text {self.look(look)} x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(line)}</text>'
                )
        return "".join(parts)

    def hue(self, point: Point) -> str:
        """Colours a mark by its corner."""
        return f'color="{HUES[point.quadrant]}"' if self.standalone else f'class="q-{point.quadrant}"'

    def ellipse(self, point: Point) -> str:
        """Draws one standard deviation around a point; nothing when it is certain."""
        if not (point.sd_u or point.sd_a):
            return ""
        x, y = _at(point)
        return (
            f'<g {self.hue(point)}><ellipse {self.look("q-ellipse")} clip-path="url(#{escape(self.prefix)}-clip)" cx="{x:.1f}" cy="{y:.1f}"'
            f' rx="{max(2.0, point.sd_a * SPAN):.1f}" ry="{max(2.0, point.sd_u * SPAN):.1f}"/></g>'
        )

    def pair(self, ends: Sequence[Point]) -> str:
        """Draws the line from the challenge over the joint point to the capability."""
        path = "L".join("{:.1f} {:.1f}".format(*_at(point)) for point in ends)
        return f'<path {self.look("q-pair")} d="M{path}"/>'

    def point(self, point: Point, words: Words, label: Label | None) -> str:
        """Draws a point with its title and, where there is room, its label; a link on a page."""
        x, y = _at(point)
        inner = [
            f"<title>{escape(_spoken(point, words))}</title>",
            self.ellipse(point) if self.crowded else "",
            f'<circle {self.look("q-hit")} cx="{x:.1f}" cy="{y:.1f}" r="12"/>',
            self.shape(point, x, y),
        ]
        if label:
            lang = f' lang="{escape(point.lang)}"' if point.lang and not point.tag else ""
            place = f'x="{label.x:.1f}" y="{label.baseline:.1f}" text-anchor="{label.anchor}"'
            inner.append(f"<text {self.look('q-label')} {place}{lang}>{escape(label.text)}</text>")
        if self.standalone:
            return f"<g {self.hue(point)}>{''.join(inner)}</g>"
        classes = f"q-point q-{point.quadrant}{' q-hollow' if point.hollow else ''}"
        if not point.href:
            return f'<g class="{classes}">{"".join(inner)}</g>'
        return f'<a class="{classes}" href="{escape(point.href)}" aria-label="{escape(_spoken(point, words))}">{"".join(inner)}</a>'

    def shape(self, point: Point, x: float, y: float) -> str:
        """Draws the shape of a side: circle, triangle, or a dot in a ring."""
        look = self.look("q-shape", "hollow" if point.hollow else "")
        if point.side == "capability":
            return f'<path {look} d="M{x:.1f} {y - 7.5:.1f}l7 12.5h-14z"/>'
        if point.side == "joint":
            return f'<circle {look} cx="{x:.1f}" cy="{y:.1f}" r="4.5"/><circle {self.look("q-ring")} cx="{x:.1f}" cy="{y:.1f}" r="8"/>'
        return f'<circle {look} cx="{x:.1f}" cy="{y:.1f}" r="6"/>'
