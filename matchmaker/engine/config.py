"""Every weight and threshold of the engine in one place; the fingerprint is stored with each run."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any, Self

from matchmaker.engine.errors import UnknownOptionError


@dataclass(frozen=True, slots=True)
class TextWeights:
    """Says how counts of terms become weights; each value was chosen on the development sets (bench/quality.md)."""

    k1: float = 2.0  # saturation of a term repeated in a capability
    b: float = 0.6  # how far a long text is brought down to the mean length
    query_k1: float = 2.5  # saturation of a term repeated in a challenge
    phrase: float = 0.4  # weight of two neighbouring English words taken together
    meaning: float = 1.0  # weight of the English readings of a Chinese word
    pool_decay: float = 0.9  # weights 1, .9, .81 … over a capability's items, best first


@dataclass(frozen=True, slots=True)
class EngineConfig:
    """Is the one configuration the site runs with; `evaluate --config FILE` may override single values."""

    text: TextWeights = field(default_factory=TextWeights)
    relevance_half: float = 1.0  # the text score that counts as relevance 0.5
    relevance_weight: float = 0.55
    pasteur_weight: float = 0.15  # the declared aim of the platform, not a predictor of success
    complement_weight: float = 0.0  # no set shows its worth yet: shown, not counted
    feasibility_weight: float = 0.18
    pasteur_bonus: float = 0.2  # of the quadrant fit, what the pair's joint point earns
    soft_floor: float = 0.5  # no single soft fact takes more than half of the feasibility
    strong_at: float = 0.6
    possible_at: float = 0.4
    floor: float = 0.2  # best relevance below this: "no good match"
    reasons: int = 8
    merge_share: float = 0.25  # a delta above this share of the base …
    merge_least: int = 512  # … and above this number of documents is merged

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
