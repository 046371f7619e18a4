"""What the engine answers: data that adds up, before any words are made of it."""

from dataclasses import dataclass
from typing import Any, Literal

PartName = Literal["relevance", "pasteur_fit", "complement", "feasibility"]
Quadrant = Literal["bohr", "pasteur", "edison", "fourth"]
Band = Literal["strong", "possible", "weak"]
Level = Literal["good", "fair", "poor", "unknown"]
Origin = Literal["challenge", "capability", "both"]
Value = str | int | float | bool | None | list[str]


@dataclass(frozen=True, slots=True)
class Cue:
    """Is a word that moved a text along one axis; a negative weight moved it down."""

    axis: Literal["understanding", "use"]
    term: str
    weight: float


@dataclass(frozen=True, slots=True)
class Placement:
    """Is a point in Pasteur's quadrant, each axis 0 to 1 with its standard deviation; never a label on a person."""

    understanding: float
    use: float
    understanding_sd: float
    use_sd: float
    quadrant: Quadrant
    abstained: bool
    source: str
    cues: tuple[Cue, ...] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """Is one factor of the score.

    The score is the product of value ** weight, with the weights of all parts summing to one, and `share` is what the part
    takes off in log terms: the shares of a match add up to log(score). A part of which nothing is `known` has a neutral value.
    """

    name: PartName
    value: float
    weight: float
    share: float
    known: bool = True


@dataclass(frozen=True, slots=True)
class Span:
    """Marks text[start:end] of one passage as its author wrote it."""

    field: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Twin:
    """Is a reason's word in the other language, where both texts hold that one too."""

    term: str
    in_challenge: Span
    in_capability: Span


@dataclass(frozen=True, slots=True)
class Reason:
    """Is one word that both texts share, with its exact part of the relevance.

    `gloss` says in the other language what the word means, for readers of that one; it need not stand in either text.
    """

    term: str
    share: float
    evidence: str
    contribution: float
    in_challenge: Span | None
    in_capability: Span | None
    pair: tuple[str, str] | None = None
    also: Twin | None = None
    gloss: str = ""


@dataclass(frozen=True, slots=True)
class EvidenceShare:
    """Says how much of the relevance one evidence item carries; "" is the own description."""

    key: str
    share: float


@dataclass(frozen=True, slots=True)
class FactRow:
    """Compares one structured fact of both sides; words are made in the site."""

    code: str
    level: Level
    values: dict[str, Value]


@dataclass(frozen=True, slots=True)
class Blocker:
    """Is something that stands in the way and can be talked about."""

    code: str
    values: dict[str, Value]


@dataclass(frozen=True, slots=True)
class Gate:
    """Is something that rules the pair out for now; it is shown, never silent."""

    code: str
    values: dict[str, Value]


@dataclass(frozen=True, slots=True)
class PairMatch:
    """Is one challenge and one capability: the score, why, what blocks it, and where the pair would sit."""

    challenge: str
    capability: str
    score: float
    relevance: float
    parts: tuple[Part, ...]
    reasons: tuple[Reason, ...]
    evidence_shares: tuple[EvidenceShare, ...]
    rows: tuple[FactRow, ...]
    blockers: tuple[Blocker, ...]
    gates: tuple[Gate, ...]
    band: Band
    joint: Placement
    challenge_placement: Placement
    capability_placement: Placement
    theory_from: Origin
    use_from: Origin

    def to_json(self) -> dict[str, Any]:
        """Returns plain dicts, lists, strings and numbers, in full precision."""
        return {name: _plain(getattr(self, name)) for name in self.__dataclass_fields__}


@dataclass(frozen=True, slots=True)
class QueryResult:
    """Is the answer to one query: matches best first, pairs ruled out by a gate apart, and a plain "no good match"."""

    matches: tuple[PairMatch, ...]
    gated: tuple[PairMatch, ...]
    no_good_match: bool
    considered: int


def _plain(value: Any) -> Any:
    """Takes results apart; a third of the time of `dataclasses.asdict`, which copies every string and number deeply."""
    if value is None or isinstance(value, str | int | float):
        return value
    if isinstance(value, dict):
        return {name: _plain(item) for name, item in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    return {name: _plain(getattr(value, name)) for name in value.__dataclass_fields__}
