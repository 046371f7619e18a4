"""What the engine is told: the public texts and facts of a challenge or a capability.

There is no field for confidential text, so nothing that a viewer without clearance may not see can reach a score or a reason.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any, Literal, Self

from matchmaker.engine.errors import BrokenDocumentError

Side = Literal["challenge", "capability"]
SIDES: tuple[Side, Side] = ("challenge", "capability")

# From "publish freely" to "the firm owns all"; "negotiable" is compatible with every step, "" means not said.
IP_LADDER = ("open", "researcher_owns", "joint", "firm_exclusive", "firm_owns")
NEGOTIABLE = "negotiable"

OWN_DESCRIPTION = ""  # the evidence key of a document's own passages


@dataclass(frozen=True, slots=True)
class Passage:
    """One field of public text, exactly as its author wrote it."""

    field: str
    text: str
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class EvidenceItem:
    """A paper, patent, project or facility that stands behind a capability."""

    key: str
    label: str
    kind: str
    year: int | None = None
    passages: tuple[Passage, ...] = ()

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        """Reads what `asdict` wrote."""
        return cls(value["key"], value["label"], value["kind"], value.get("year"), _passages(value))


@dataclass(frozen=True, slots=True)
class TermPair:
    """Says that a firm's word and a researcher's word mean the same; comes from an accepted translation sheet."""

    firm: str
    research: str
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Facts:
    """Holds the structured public facts of one side; whatever is empty or None is unknown and costs nothing.

    Budgets are in CNY, `months` is a duration, `publish_after` the days for which a firm holds a publication back, `publication`
    what the researcher needs of it (required, preferred, none), `understanding` and `use` are answers on a five-point scale.
    `owner` and `people` are stable keys used only to find conflicts of interest, never words for the ranking.
    """

    owner: str = ""
    people: tuple[str, ...] = ()
    open: bool = True
    places_free: int | None = None
    trl: int | None = None
    trl_wanted: int | None = None
    budget_min: float | None = None
    budget_max: float | None = None
    languages: tuple[str, ...] = ()
    ip: str = ""
    modes: tuple[str, ...] = ()
    place: str = ""
    region: str = ""
    in_bay: bool = False
    size: str = ""
    tech: str = ""
    org_kind: str = ""
    months: int | None = None
    industry: str = ""
    sectors: tuple[str, ...] = ()
    publish_after: int | None = None
    publication: str = ""
    understanding: int | None = None
    use: int | None = None
    fresh_days: int | None = None
    excluded: tuple[str, ...] = ()

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        """Reads what `asdict` wrote; JSON lists become tuples again."""
        known = {item.name for item in fields(cls)}
        if strange := sorted(set(value) - known):
            raise BrokenDocumentError(f"unknown facts: {', '.join(strange)}")
        values: dict[str, Any] = {name: tuple(item) if isinstance(item, list) else item for name, item in value.items()}
        return cls(**values)


@dataclass(frozen=True, slots=True)
class MatchDocument:
    """Is one challenge or one capability as the engine sees it."""

    key: str
    side: Side
    passages: tuple[Passage, ...] = ()
    evidence: tuple[EvidenceItem, ...] = ()
    facts: Facts = field(default_factory=Facts)
    pairs: tuple[TermPair, ...] = ()

    def items(self) -> tuple[tuple[str, tuple[Passage, ...]], ...]:
        """Returns (evidence key, passages) of everything that is scored, the own description first."""
        own = ((OWN_DESCRIPTION, self.passages),) if self.passages else ()
        return own + tuple((item.key, item.passages) for item in self.evidence)

    def text(self) -> str:
        """Returns all public text in one string, one passage a line."""
        return "\n".join(passage.text for _, passages in self.items() for passage in passages)

    def to_json(self) -> dict[str, Any]:
        """Returns plain dicts, lists, strings and numbers."""
        return asdict(self)

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        """Reads what `to_json` wrote."""
        try:
            if value["side"] not in SIDES:
                raise BrokenDocumentError(f"unknown side {value['side']!r}")
            return cls(
                key=value["key"],
                side=value["side"],
                passages=_passages(value),
                evidence=tuple(EvidenceItem.from_json(item) for item in value.get("evidence", ())),
                facts=Facts.from_json(value.get("facts", {})),
                pairs=tuple(TermPair(**pair) for pair in value.get("pairs", ())),
            )
        except (KeyError, TypeError, AttributeError) as error:
            raise BrokenDocumentError(f"not a document: {error}") from error


def blind(document: MatchDocument, names: Iterable[str]) -> MatchDocument:
    """Blanks names of people and organisations wherever they stand, so that who somebody is changes no score.

    A blanked name keeps its length: the places of all other words stay as their author wrote them.
    """
    wanted = sorted({name.strip() for name in names if len(name.strip()) > 1}, key=lambda name: (-len(name), name))
    if not wanted:
        return document
    edges = "|".join(rf"(?<![A-Za-z0-9]){re.escape(name)}(?![A-Za-z0-9])" for name in wanted)
    pattern = re.compile(edges, re.IGNORECASE)
    return replace(
        document,
        passages=_without(document.passages, pattern),
        evidence=tuple(replace(item, passages=_without(item.passages, pattern)) for item in document.evidence),
    )


def _without(passages: tuple[Passage, ...], pattern: re.Pattern[str]) -> tuple[Passage, ...]:
    return tuple(
        replace(passage, text=pattern.sub(lambda found: " " * len(found.group()), passage.text)) for passage in passages
    )


def _passages(value: Mapping[str, Any]) -> tuple[Passage, ...]:
    return tuple(Passage(**passage) for passage in value.get("passages", ()))
