"""Makes of a stored pair what a page or the API shows: bands, shares, reasons with the words around them, blockers.

The engine's exact numbers end here: totals leave as bands, shares in hundredths, parts in steps of a tenth.
"""

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet, prefetch_related_objects

from accounts.choices import OrganisationKind, Size, Tech
from accounts.models import Organisation
from accounts.rules import Viewer
from projects.choices import Band, PairKind
from projects.models import ArchiveRecord, Capability, Challenge, EvidenceItem, Match
from projects.rules import can_see_poster
from projects.selectors.access import visible_matches, with_known_poster
from projects.selectors.pair_columns import for_a_list, for_a_page

PARTS = ("relevance", "pasteur_fit", "complement", "feasibility")
LEFT_OUT = ("pasteur_fit", "feasibility")
"""The parts that a reader may leave out of the score: all that count but the relevance."""
LEAST = 1e-12
"""Keeps the share of a part that is zero finite, as where the score was made."""
SHOWN = 20
BARS = {Band.STRONG: 5, Band.POSSIBLE: 3, Band.WEAK: 1}


@dataclass(frozen=True)
class Point:
    """A place in the quadrant with its uncertainty, each 0 to 1."""

    understanding: float
    use: float
    understanding_sd: float
    use_sd: float
    name: str
    abstained: bool
    cues: tuple[tuple[str, str], ...]

    @classmethod
    def of(cls, value: Mapping[str, Any]) -> "Point":
        """Reads what the engine stored."""
        return cls(
            round(value["understanding"], 2),
            round(value["use"], 2),
            round(value["understanding_sd"], 2),
            round(value["use_sd"], 2),
            value["quadrant"],
            value["abstained"],
            tuple((cue["axis"], cue["term"]) for cue in value["cues"]),
        )


@dataclass(frozen=True)
class Reason:
    """A word both texts share, with the words of each side and where they stand."""

    term: str
    share: float
    evidence: str
    evidence_key: str
    in_challenge: tuple[int, int] | None
    in_capability: tuple[int, int] | None
    challenge_field: str
    capability_field: str
    pair: tuple[str, str] | None
    gloss: str = ""
    """What the word means in the other language; it need not stand in either text."""
    also: "Reason | None" = None
    """The same in the other language, where both texts hold that too."""


@dataclass(frozen=True)
class Card:
    """All that a match card, a match page or an API result shows of one pair."""

    rank: int
    band: str
    challenge: Challenge | ArchiveRecord | None
    capability: Capability | ArchiveRecord
    parts: tuple[tuple[str, float | None], ...]
    """Each part in tenths; None where nothing is known of it."""
    reasons: tuple[Reason, ...]
    evidence_shares: tuple[tuple[EvidenceItem | None, float], ...]
    rows: tuple[Mapping[str, Any], ...]
    blockers: tuple[Mapping[str, Any], ...]
    gates: tuple[Mapping[str, Any], ...]
    joint: Point
    challenge_point: Point
    capability_point: Point
    theory_from: str
    use_from: str
    pair_kinds: tuple[str, ...]
    weights: Mapping[str, float] = field(default_factory=dict)
    """The part of each in the score; they sum to one."""
    match: Match | None = None

    @property
    def steps(self) -> int:
        """How many of five steps of the band are filled."""
        return BARS[Band(self.band)]


def matches_of_challenge(
    user: Viewer,
    challenge: Challenge,
    *,
    pasteur_first: bool | None = None,
    kinds: Iterable[str] = (),
    gated: bool | None = False,
) -> QuerySet[Match]:
    """The stored matches of a challenge, best first; with the aim "Pasteur partnerships first" in the aim's order.

    ``gated`` asks for the pairs that are ruled out for now; ``None`` for both.
    """
    aim = challenge.wants_pasteur if pasteur_first is None else pasteur_first
    order = ("-aim_score", "-score") if aim else ("-score",)
    rows = visible_matches(user).filter(challenge=challenge, **({} if gated is None else {"gated": gated}))
    return of_kinds(rows, kinds, user).prefetch_related("capability__evidence").order_by(*order, "capability_id")


def matches_of_capability(
    user: Viewer, capability: Capability, *, kinds: Iterable[str] = (), gated: bool | None = False
) -> QuerySet[Match]:
    """The stored matches of a capability with challenges on the board, best first; ``gated`` as for a challenge.

    Why a pair is ruled out may tell who posts (both sides are one organisation), so of unknown posters none such is listed.
    """
    rows = visible_matches(user).filter(capability=capability)
    if gated is not True:
        open_ones = rows.filter(gated=False)
    if gated is not False:
        ruled_out = with_known_poster(user, rows.filter(gated=True))
    rows = open_ones if gated is False else ruled_out if gated else open_ones | ruled_out
    return of_kinds(rows, kinds, user).prefetch_related("capability__evidence").order_by("-score", "challenge_id")


def matches_for_researcher(user: Viewer) -> QuerySet[Match]:
    """The challenges ranked over all capabilities of one person."""
    rows = visible_matches(user).filter(gated=False)
    if not user.is_authenticated:
        return rows.none()
    return rows.filter(capability__owner_id=user.pk).order_by("-score", "challenge_id", "capability_id")


def ranked(matches: QuerySet[Match], *, by: str = "", without: Collection[str] = ()) -> list[tuple[UUID, bool]]:
    """The pairs of a list by key, each with whether it is ruled out, in the order that a reader asks for.

    ``by`` names a part of the score: its tenths decide, and among equals the order given. ``without`` names parts to leave out:
    the score is put together anew from what is stored of the others, value ** weight, their weights made to sum to one.
    """
    rows = list(matches.values_list("pk", "gated", "parts"))
    if without:
        rows.sort(key=lambda row: -_score(row[2], without))
    if by:
        rows.sort(key=lambda row: -next((round(value, 1) for name, value, _weight in row[2] if name == by), 0.0))
    return [(pk, gated) for pk, gated, _parts in rows]


def _score(parts: Iterable[Sequence[Any]], without: Collection[str]) -> float:
    """The log of a score without some of its parts."""
    kept = [(value, weight) for name, value, weight in parts if name not in without]
    total = math.fsum(weight for _value, weight in kept) or 1.0
    return math.fsum(weight * math.log(max(value, LEAST)) for value, weight in kept) / total


def of_kinds(rows: QuerySet[Match], kinds: Iterable[str], viewer: Viewer) -> QuerySet[Match]:
    """Narrows matches to kinds of pair; each kind is a plain condition on the two organisations.

    A pair whose poster the viewer may not know is of no kind: the filter would tell what the card keeps back.
    """
    kinds = set(kinds) & set(PairKind.values)
    if kinds:
        rows = with_known_poster(viewer, rows)
    firm, partner = "challenge__organisation", "capability__organisation"
    academic = [OrganisationKind.UNIVERSITY, OrganisationKind.INSTITUTE]
    small = [Size.SMALL, Size.MICRO]
    for kind in kinds:
        if kind == PairKind.INDUSTRY_ACADEMIA:
            rows = rows.filter(**{f"{firm}__kind": OrganisationKind.COMPANY, f"{partner}__kind__in": academic})
        elif kind == PairKind.TECHNOLOGY_TRADITIONAL:
            old = Q(challenge__is_traditional_industry=True) | Q(**{f"{firm}__tech": Tech.TRADITIONAL})
            new = Q(challenge__is_traditional_industry=False, **{f"{firm}__tech": Tech.TECHNOLOGY})
            crossed = old & Q(**{f"{partner}__tech": Tech.TECHNOLOGY})
            rows = rows.filter(crossed | new & Q(**{f"{partner}__tech": Tech.TRADITIONAL}))
        elif kind == PairKind.TECHNOLOGY_TECHNOLOGY:
            both = {f"{firm}__tech": Tech.TECHNOLOGY, f"{partner}__tech": Tech.TECHNOLOGY}
            rows = rows.filter(challenge__is_traditional_industry=False, **both)
        elif kind == PairKind.LARGE_SMALL:
            rows = _crossed(rows, firm, partner, "size", [Size.LARGE], small)
    return rows


def _crossed(
    rows: QuerySet[Match], firm: str, partner: str, field: str, one: Sequence[str], other: Sequence[str]
) -> QuerySet[Match]:
    """Pairs with one value on either side and the other value across."""
    there = rows.filter(**{f"{firm}__{field}__in": one, f"{partner}__{field}__in": other})
    back = rows.filter(**{f"{firm}__{field}__in": other, f"{partner}__{field}__in": one})
    return there | back


def pair_kinds(
    firm: Organisation | None, partner: Organisation | None, *, traditional: bool = False
) -> tuple[str, ...]:
    """Derives which kinds of party a pair brings together; a challenge in a ``traditional`` industry is one, whoever posts it."""
    if firm is None or partner is None:
        return ()
    found = []
    if firm.kind == OrganisationKind.COMPANY and partner.kind in (
        OrganisationKind.UNIVERSITY,
        OrganisationKind.INSTITUTE,
    ):
        found.append(PairKind.INDUSTRY_ACADEMIA)
    tech = Tech.TRADITIONAL if traditional else firm.tech
    if {tech, partner.tech} == {Tech.TECHNOLOGY, Tech.TRADITIONAL}:
        found.append(PairKind.TECHNOLOGY_TRADITIONAL)
    if tech == partner.tech == Tech.TECHNOLOGY:
        found.append(PairKind.TECHNOLOGY_TECHNOLOGY)
    sizes = {firm.size, partner.size}
    if Size.LARGE in sizes and sizes & {Size.SMALL, Size.MICRO}:
        found.append(PairKind.LARGE_SMALL)
    return tuple(found)


def pair_of(user: Viewer, *, challenge: UUID, capability: UUID) -> Match | None:
    """The stored pair with all that its page shows; the latest, where several versions of the matcher left one."""
    rows = for_a_page(visible_matches(user).filter(challenge_id=challenge, capability_id=capability))
    return max(rows, key=lambda match: match.updated_at, default=None)


def pairs_for_a_list(user: Viewer, pks: Sequence[UUID], known: Challenge | Capability) -> list[Match]:
    """The given pairs of one challenge or capability in the given order, as far as somebody may see them."""
    other = "capability" if isinstance(known, Challenge) else "challenge"
    found = {pair.pk: pair for pair in for_a_list(visible_matches(user).filter(pk__in=pks), other=other)}
    return with_side((found[pk] for pk in pks if pk in found), known)


def with_side(matches: Iterable[Match], known: Challenge | Capability) -> list[Match]:
    """Gives each pair of a list the side that all of them share, so that it is read once."""
    side = "challenge" if isinstance(known, Challenge) else "capability"
    found = list(matches)
    if found and isinstance(known, Capability):
        prefetch_related_objects([known], "evidence")
    for match in found:
        setattr(match, side, known)
    return found


def cards(matches: Iterable[Match], viewer: Viewer, *, first: int = 1) -> list[Card]:
    """Cards for stored matches in the given order; ``first`` is the rank of the first."""
    return [_stored_card(match, viewer, rank) for rank, match in enumerate(matches, first)]


def cards_of_details(
    details: Sequence[Mapping[str, Any]], rows: Mapping[str, Capability | ArchiveRecord]
) -> list[Card]:
    """Cards for a preview or the archive, from what the engine answered; a partner that is gone by now is left out."""
    alive = [detail for detail in details if detail["capability"] in rows]
    return [card_of(detail, rank, None, rows[detail["capability"]]) for rank, detail in enumerate(alive, 1)]


def card_of(
    detail: Mapping[str, Any],
    rank: int,
    challenge: Challenge | ArchiveRecord | None,
    capability: Capability | ArchiveRecord,
    *,
    kinds: tuple[str, ...] = (),
    match: Match | None = None,
) -> Card:
    """One card from the engine's answer."""
    items = _evidence_items(capability)
    values = {part["name"]: round(part["value"], 1) if part.get("known", True) else None for part in detail["parts"]}
    return Card(
        rank=rank,
        band=detail["band"],
        challenge=challenge,
        capability=capability,
        parts=tuple((name, values[name]) for name in PARTS if name in values),
        reasons=tuple(_reason(reason, items) for reason in detail["reasons"]),
        evidence_shares=tuple(
            (items[share["key"]], round(share["share"], 2))
            for share in detail["evidence_shares"]
            if share["key"] in items
        ),
        rows=tuple(detail["rows"]),
        blockers=tuple(detail["blockers"]),
        gates=tuple(detail["gates"]),
        joint=Point.of(detail["joint"]),
        challenge_point=Point.of(detail["challenge_placement"]),
        capability_point=Point.of(detail["capability_placement"]),
        theory_from=detail["theory_from"],
        use_from=detail["use_from"],
        pair_kinds=kinds,
        weights={part["name"]: part["weight"] for part in detail["parts"]},
        match=match,
    )


def _stored_card(match: Match, viewer: Viewer, rank: int) -> Card:
    """The card of a stored match; who posted an anonymous challenge stays out of the kind of pair."""
    firm = match.challenge.organisation if can_see_poster(viewer, match.challenge) else None
    traditional = match.challenge.is_traditional_industry
    kinds = pair_kinds(firm, match.capability.organisation, traditional=traditional)
    return card_of(match.detail, rank, match.challenge, match.capability, kinds=kinds, match=match)


def _evidence_items(capability: Capability | ArchiveRecord) -> dict[str, EvidenceItem | None]:
    """Each evidence item by its key; the own description has the empty key and is no item."""
    items: dict[str, EvidenceItem | None] = {"": None}
    if isinstance(capability, Capability):
        items |= {str(item.pk): item for item in capability.evidence.all()}
    return items


def _reason(value: Mapping[str, Any], items: Mapping[str, EvidenceItem | None]) -> Reason:
    """One reason, its share in hundredths."""
    there, here, also = value["in_challenge"], value["in_capability"], value.get("also")
    return Reason(
        term=value["term"],
        share=round(value["share"], 2),
        evidence=str(items.get(value["evidence"]) or ""),
        evidence_key=value["evidence"],
        in_challenge=(there["start"], there["end"]) if there else None,
        in_capability=(here["start"], here["end"]) if here else None,
        challenge_field=there["field"] if there else "",
        capability_field=here["field"] if here else "",
        pair=tuple(value["pair"]) if value["pair"] else None,
        gloss=value.get("gloss", ""),
        also=_reason({**value, **also, "also": None}, items) if also else None,
    )
