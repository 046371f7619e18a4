"""Shapes a Card into what ``templates/components/_match_card.html`` and the quadrant picture expect."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.urls import reverse

from accounts.rules import Viewer
from matchmaker.plaintext import language_of, script_of
from projects.models import ArchiveRecord, Capability, Challenge
from projects.selectors.matches import Card, Reason
from projects.selectors.matches import Point as CardPoint
from projects.templatetags.look import localized, text_lang
from projects.web import names, words
from projects.web.quadrant import Picture, Point, picture, side_word
from projects.web.readers_words import in_readers_words

MOST_REASONS = 5
MOST_EVIDENCE = 2


@dataclass(frozen=True)
class Action:
    """A button or link of a card. A card never has one that leads nowhere."""

    label: str
    url: str
    kind: str = "quiet"
    method: str = "get"
    name: str = ""
    value: str = ""


@dataclass(frozen=True)
class CardView:
    """A match as its card shows it: decide in ten seconds."""

    id: str
    href: str
    rank: int
    title: str
    title_lang: str
    band: str
    quadrant: str
    who: list[str]
    reasons: list[dict[str, Any]]
    evidence: list[dict[str, Any]]
    parts: list[dict[str, Any]]
    blockers: list[dict[str, str]]
    evidence_year: int | None = None
    places_free: int | None = None
    places_total: int | None = None
    pair_kind: str = ""
    state_text: str = ""
    quadrant_href: str = ""
    actions: list[Action] = field(default_factory=list)


def card_view(
    card: Card,
    viewer: Viewer,
    *,
    other: str = "capability",
    accepted: Mapping[UUID, int] | None = None,
    state_text: str = "",
    actions: Iterable[Action] = (),
    href: str | None = None,
) -> CardView:
    """Shows the ``other`` side of a pair: its capability to the firm, its challenge to the researcher.

    ``accepted`` holds how many projects each capability has taken on, where that is known.
    """
    shown = card.capability if other == "capability" else card.challenge
    assert shown is not None, "a card shows a side that it has"
    who = names.poster(shown, viewer) if isinstance(shown, Challenge) else names.provider(shown)
    own = card.capability if isinstance(card.capability, Capability) and other == "capability" else None
    return CardView(
        id=str(card.match.pk) if card.match else f"{card.rank}",
        href=pair_address(card) if href is None else href,
        rank=card.rank,
        title=localized(shown, "title"),
        title_lang=text_lang(shown, "title"),
        band=card.band,
        quadrant=card.joint.name,
        who=who,
        reasons=[
            {"term": reason.term, "pair": reason.pair, "gloss": reason.gloss, "share": share}
            for reason, share in _distinct(card)[:MOST_REASONS]
        ],
        evidence=_evidence(card) if other == "capability" else [],
        parts=[{"name": name, "value": value} for name, value in card.parts],
        blockers=[{"text": words.blocker(item["code"], item["values"])} for item in card.blockers],
        evidence_year=_newest(own),
        places_free=max(0, own.max_active - accepted.get(own.pk, 0)) if own and accepted is not None else None,
        places_total=own.max_active if own and accepted is not None else None,
        pair_kind=words.pair_kinds(card.pair_kinds),
        state_text=state_text,
        actions=list(actions),
    )


def pair_address(card: Card) -> str:
    """The page of a stored pair; of what stands behind a card without one."""
    if card.match is not None:
        return reverse("match", args=[card.match.challenge_id, card.match.capability_id])
    if isinstance(card.capability, ArchiveRecord):
        return reverse("archive_record", args=[card.capability.pk])
    return reverse("capability", args=[card.capability.pk])


def _distinct(card: Card) -> list[tuple[Reason, float]]:
    """The reasons with each word once and its share of the relevance over all its places, the strongest first."""
    first: dict[str, Reason] = {}
    shares: dict[str, float] = {}
    for reason in in_readers_words(card.reasons):
        key = "↔".join(reason.pair) if reason.pair else reason.term.casefold()
        first.setdefault(key, reason)
        shares[key] = shares.get(key, 0.0) + reason.share
    return sorted(((reason, shares[key]) for key, reason in first.items()), key=lambda found: -found[1])


def _evidence(card: Card) -> list[dict[str, Any]]:
    """The evidence that carries most of the relevance, with its year."""
    if not isinstance(card.capability, Capability):
        return []
    strongest = sorted((pair for pair in card.evidence_shares if pair[1] > 0), key=lambda pair: -pair[1])
    found = []
    for item, share in strongest[:MOST_EVIDENCE]:
        title = localized(item, "title") if item else ""
        found.append({"label": title, "lang": _lang_of(title), "year": item.year if item else None, "share": share})
    return found


def _lang_of(text: str) -> str:
    """The ``lang`` attribute of a text that says nothing about its own language."""
    if language_of(text) == "en":
        return "en"
    return "zh-Hant" if script_of(text) == "hant" else "zh-Hans"


def _newest(capability: Capability | None) -> int | None:
    """The year of the newest evidence."""
    years = [item.year for item in capability.evidence.all() if item.year] if capability else []
    return max(years, default=None)


def pair_picture(card: Card, *, challenge_href: str = "", capability_href: str = "", joint_label: str = "") -> Picture:
    """The quadrant with the two sides of one pair and the point they reach together."""
    assert card.challenge is not None, "a pair has two sides"
    return picture(
        [
            _point(card.challenge, "challenge", card.challenge_point, challenge_href),
            Point(joint_label, "joint", card.joint.understanding, card.joint.use, corner=card.joint.name),
            _point(card.capability, "capability", card.capability_point, capability_href),
        ],
        pairs=[(0, 1, 2)],
        prefix="pair",
    )


def list_picture(cards: Sequence[Card], hrefs: Sequence[str], *, other: str = "capability") -> Picture | None:
    """The quadrant with one side of a list's pairs and all their counterparts by rank, each with its address; none for an empty list."""
    if not cards:
        return None
    points = []
    first = cards[0]
    if other == "capability" and first.challenge is not None:
        points.append(_point(first.challenge, "challenge", first.challenge_point))
    elif other == "challenge":
        points.append(_point(first.capability, "capability", first.capability_point))
    for card, href in zip(cards, hrefs, strict=True):
        if other == "capability":
            points.append(_point(card.capability, "capability", card.capability_point, href, card.rank))
        elif card.challenge is not None:
            points.append(_point(card.challenge, "challenge", card.challenge_point, href, card.rank))
    return picture(points, prefix="list")


def _point(
    source: Challenge | Capability | ArchiveRecord, side: str, place: CardPoint, href: str = "", rank: int | None = None
) -> Point:
    """One side as a point of the picture: by its rank in a list, else by its side."""
    return Point(
        localized(source, "title"),
        side,
        understanding=place.understanding,
        use=place.use,
        sd_u=place.understanding_sd,
        sd_a=place.use_sd,
        href=href,
        hollow=place.abstained,
        corner=place.name,
        lang=text_lang(source, "title"),
        tag=str(rank) if rank else side_word(side),
    )
