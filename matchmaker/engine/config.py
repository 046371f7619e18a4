"""Every weight and threshold of the engine in one place; the fingerprint is stored with each run."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any, Self

from matchmaker.engine.errors import UnknownOptionError


@dataclass(frozen=True, slots=True)
class TextWeights:
    """How a count becomes a weight; measured in bench/quality.md."""

    k1: float = 2.5  # saturation of a word repeated in a capability
    b: float = 0.6  # how far a long text is brought down to the mean length
    query_k1: float = 2.5  # saturation of a word repeated in a challenge
    idf_power: float = 1.5  # of the query's idf; the document side carries idf to the first power
    bigram: float = 0.3  # weight of two neighbouring words taken together, 0 to switch off
    concept: float = 1.0  # weight of a meaning shared by Chinese and English words


@dataclass(frozen=True, slots=True)
class EngineConfig:
    """Is the one configuration the site runs with; `evaluate --config FILE` may override single values."""

    text: TextWeights = field(default_factory=TextWeights)
    pool_decay: float = 0.8  # weights 1, .8, .64 … over a capability's items, best first
    relevance_weight: float = 0.55
    pasteur_weight: float = 0.15
    complement_weight: float = 0.12
    feasibility_weight: float = 0.18
    relevance_scale: float = 0.35  # the relevance that counts as a full fit in the combined score
    soft_floor: float = 0.5  # no single soft fact can take more than half of the feasibility
    place_bonus: float = 0.0
    strong_at: float = 0.6
    possible_at: float = 0.4
    floor: float = 0.02  # best relevance below this: "no good match"
    reasons: int = 8

    def fingerprint(self) -> str:
        """Returns twelve hex digits that change whenever any value does."""
        text = json.dumps(asdict(self), sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:12]

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        """Takes the default for every value that is not named; an unknown name is an error."""
        given = dict(value)
        text = given.pop("text", {})
        for names, kind in ((given, cls), (text, TextWeights)):
            if strange := sorted(set(names) - {item.name for item in fields(kind)}):
                raise UnknownOptionError(f"unknown settings: {', '.join(strange)}")
        return cls(text=TextWeights(**text), **given)


DEFAULT = EngineConfig()
