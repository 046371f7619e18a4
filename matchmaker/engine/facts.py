"""Compares the structured facts of both sides: rows to show, blockers, gates, and one soft factor for each row.

What one side has not said costs nothing: its row is "unknown" and its factor is one.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from matchmaker.engine.documents import IP_LADDER, NEGOTIABLE, Facts
from matchmaker.engine.results import Blocker, FactRow, Gate, Level, Value

OPPOSITE_ENDS = len(IP_LADDER) - 1  # one side publishes freely, the other lets the firm own all
BLOCKING_STEPS = 2  # of the IP ladder
BRIDGED_GAP = 3  # TRL steps from which a pair needs a bridge
STALE_DAYS = 183  # the site asks owners to confirm after half a year, and hides after a year
LONG_DELAYS = (90, 180, 365)  # days from which a publication waits noticeably, long, and too long for who must publish
CHINESE = frozenset({"zh", "yue"})  # spoken apart, written alike

_TRL_FACTORS = (1.0, 1.0, 0.95, 0.85, 0.75, 0.65, 0.55, 0.5)
_IP_FACTORS = (1.0, 0.95, 0.85, 0.7, 0.5)
_PUBLICATION_FACTORS = {
    "required": (1.0, 0.95, 0.85, 0.7),
    "preferred": (1.0, 1.0, 0.95, 0.9),
    "none": (1.0, 1.0, 1.0, 1.0),
}


class Compared(NamedTuple):
    """One row, its factor from 0.5 to 1, and whether it deserves a chip as a blocker."""

    row: FactRow
    factor: float
    blocks: str = ""


@dataclass(frozen=True, slots=True)
class Comparison:
    """Is everything the structured facts say about a pair; `factor` is the product of the rows' factors."""

    rows: tuple[FactRow, ...]
    blockers: tuple[Blocker, ...]
    gates: tuple[Gate, ...]
    factor: float

    @property
    def known(self) -> bool:
        """Tells whether both sides have said anything that compares."""
        return any(row.level != "unknown" for row in self.rows)


def compare(challenge: Facts, capability: Facts, floor: float) -> Comparison:
    """Compares two sides; no single row takes the factor below `floor`."""
    compared = (
        _trl(challenge, capability),
        _budget(challenge, capability, floor),
        _languages(challenge, capability),
        _ip(challenge, capability),
        _place(challenge, capability),
        _modes(challenge, capability),
        _industry(challenge, capability),
        _publication(challenge, capability),
        _freshness(capability),
    )
    factor = 1.0
    for item in compared:
        factor *= max(floor, item.factor)
    blockers = tuple(Blocker(item.blocks, item.row.values) for item in compared if item.blocks)
    return Comparison(tuple(item.row for item in compared), blockers, tuple(_gates(challenge, capability)), factor)


def complement(challenge: Facts, capability: Facts) -> float | None:
    """Says 0 to 1 how different in kind the two are; None when nothing is known.

    Research meets industry, technology meets tradition, large meets small.
    """
    known = []
    if challenge.org_kind and capability.org_kind:
        known.append(1.0 if (challenge.org_kind == "company") != (capability.org_kind == "company") else 0.4)
    if challenge.tech and capability.tech:
        known.append(1.0 if challenge.tech != capability.tech else 0.5)
    if challenge.size and capability.size:
        known.append(0.9 if (challenge.size == "large") != (capability.size == "large") else 0.5)
    return sum(known) / len(known) if known else None


def same_place(first: str, second: str) -> bool:
    """Tells whether two known places are one."""
    return bool(first) and first == second


def _trl(challenge: Facts, capability: Facts) -> Compared:
    wanted = challenge.trl_wanted
    if wanted is None or capability.trl is None:
        return _unknown("trl_gap")
    gap = max(0, wanted - capability.trl)
    factor = _TRL_FACTORS[min(gap, len(_TRL_FACTORS) - 1)]
    level: Level = "good" if gap < BRIDGED_GAP else "fair" if gap <= BRIDGED_GAP + 1 else "poor"
    values: dict[str, Value] = {"wanted": wanted, "has": capability.trl, "gap": gap}
    return Compared(FactRow("trl_gap", level, values), factor, "trl_gap" if gap >= BRIDGED_GAP else "")


def _budget(challenge: Facts, capability: Facts, floor: float) -> Compared:
    offered, needed = challenge.budget_max, capability.budget_min
    if offered is None or needed is None:
        return _unknown("budget")
    ratio = 1.0 if needed <= 0 else min(1.0, max(0.0, offered) / needed)
    level: Level = "good" if ratio >= 1 else "fair" if ratio >= 1 - floor / 2 else "poor"
    values: dict[str, Value] = {"offered": offered, "needed": needed}
    return Compared(FactRow("budget", level, values), ratio, "" if level == "good" else "budget_below")


def _languages(challenge: Facts, capability: Facts) -> Compared:
    if not challenge.languages or not capability.languages:
        return _unknown("languages")
    ours, theirs = set(challenge.languages), set(capability.languages)
    common = sorted(ours & theirs)
    values: dict[str, Value] = {"common": common, "challenge": sorted(ours), "capability": sorted(theirs)}
    if common:
        return Compared(FactRow("languages", "good", values), 1.0)
    if ours & CHINESE and theirs & CHINESE:
        return Compared(FactRow("languages", "fair", values), 0.9)
    return Compared(FactRow("languages", "poor", values), 0.5, "no_common_language")


def _ip(challenge: Facts, capability: Facts) -> Compared:
    steps = ip_distance(challenge.ip, capability.ip)
    if steps is None:
        return _unknown("ip")
    level: Level = "good" if steps <= 1 else "fair" if steps == BLOCKING_STEPS else "poor"
    values: dict[str, Value] = {"challenge": challenge.ip, "capability": capability.ip, "steps": steps}
    return Compared(FactRow("ip", level, values), _IP_FACTORS[steps], "ip_conflict" if steps >= BLOCKING_STEPS else "")


def ip_distance(first: str, second: str) -> int | None:
    """Returns the steps between two wishes on the IP ladder, 0 when one is negotiable, None when one is unknown."""
    if NEGOTIABLE in (first, second) and first and second:
        return 0
    if first not in IP_LADDER or second not in IP_LADDER:
        return None
    return abs(IP_LADDER.index(first) - IP_LADDER.index(second))


def _place(challenge: Facts, capability: Facts) -> Compared:
    if same_place(challenge.place, capability.place):
        return Compared(FactRow("place", "good", {"shared": "city"}), 1.0)
    if same_place(challenge.region, capability.region):
        return Compared(FactRow("place", "good", {"shared": "region"}), 0.95)
    if challenge.in_bay and capability.in_bay:
        return Compared(FactRow("place", "fair", {"shared": "bay"}), 0.9)
    if challenge.region and capability.region:
        return Compared(FactRow("place", "fair", {"shared": ""}), 0.8)
    return _unknown("place")


def _modes(challenge: Facts, capability: Facts) -> Compared:
    if not challenge.modes or not capability.modes:
        return _unknown("modes")
    common = sorted(set(challenge.modes) & set(capability.modes))
    values: dict[str, Value] = {"common": common}
    return (
        Compared(FactRow("modes", "good", values), 1.0) if common else Compared(FactRow("modes", "fair", values), 0.8)
    )


def _industry(challenge: Facts, capability: Facts) -> Compared:
    """Costs nothing: a method often comes from another industry."""
    if not challenge.industry or not capability.sectors:
        return _unknown("industry")
    level: Level = "good" if challenge.industry in capability.sectors else "fair"
    values: dict[str, Value] = {"challenge": challenge.industry, "capability": sorted(capability.sectors)}
    return Compared(FactRow("industry", level, values), 1.0)


def _publication(challenge: Facts, capability: Facts) -> Compared:
    days, need = challenge.publish_after, capability.publication
    if days is None or need not in _PUBLICATION_FACTORS:
        return _unknown("publication")
    step = sum(days >= limit for limit in LONG_DELAYS)
    factor = _PUBLICATION_FACTORS[need][step]
    blocks = need == "required" and days >= LONG_DELAYS[-1]
    level: Level = "poor" if blocks else "fair" if factor < 1 else "good"
    values: dict[str, Value] = {"days": days, "need": need}
    return Compared(FactRow("publication", level, values), factor, "publication_delay" if blocks else "")


def _freshness(capability: Facts) -> Compared:
    days = capability.fresh_days
    if days is None:
        return _unknown("freshness")
    stale = days >= STALE_DAYS
    return Compared(FactRow("freshness", "fair" if stale else "good", {"days": days}), 0.95 if stale else 1.0)


def _unknown(code: str) -> Compared:
    return Compared(FactRow(code, "unknown", {}), 1.0)


def _gates(challenge: Facts, capability: Facts) -> Iterator[Gate]:
    """Yields what rules a pair out; who conflicts with whom is not repeated."""
    if challenge.owner and challenge.owner == capability.owner:
        yield Gate("conflict_of_interest", {"why": "same_owner"})
    elif set(challenge.people) & set(capability.people):
        yield Gate("conflict_of_interest", {"why": "shared_person"})
    elif _excludes(challenge, capability) or _excludes(capability, challenge):
        yield Gate("conflict_of_interest", {"why": "excluded"})
    for side, facts in (("challenge", challenge), ("capability", capability)):
        if not facts.open:
            yield Gate("closed", {"side": side})
        if facts.places_free is not None and facts.places_free <= 0:
            yield Gate("no_capacity", {"side": side})
    if ip_distance(challenge.ip, capability.ip) == OPPOSITE_ENDS:
        yield Gate("ip_incompatible", {"challenge": challenge.ip, "capability": capability.ip})


def _excludes(one: Facts, other: Facts) -> bool:
    return bool(other.owner) and other.owner in one.excluded
