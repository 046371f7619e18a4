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
    meaning: float = 1.0  # weight of the English readings of a Chinese word, shared by them
    chinese: float = 0.3  # weight of the Chinese word itself; more, and a text in the other language cannot win
    pool_decay: float = 0.9  # weights 1, .9, .81 … over a capability's items, best first


@dataclass(frozen=True, slots=True)
class QuadrantWeights:
    """Says how far each kind of evidence of a quadrant placement is trusted (standard deviations on axes from 0 to 1)."""

    self_sd: float = 0.12  # the owner's answers to the two questions
    facts_sd: float = 0.18  # stage, deadline, kinds of evidence
    text_sd: float = 0.22  # the text model on a text of the usual length
    unknown_sd: float = 0.5  # nothing is known
    abstain_sd: float = 0.3  # a wider placement abstains …
    abstain_words: int = 40  # … and so does one that rests on fewer words alone
    cues: int = 5  # words shown per axis


@dataclass(frozen=True, slots=True)
class EngineConfig:
    """Is the one configuration the site runs with; `evaluate --config FILE` may override single values."""

    text: TextWeights = field(default_factory=TextWeights)
    quadrant: QuadrantWeights = field(default_factory=QuadrantWeights)
    relevance_half: float = 1.0  # the text score that counts as relevance 0.5
    relevance_weight: float = 0.55
    pasteur_weight: float = 0.15  # the declared aim of the platform, not a predictor of success
    complement_weight: float = 0.0  # no set shows its worth yet: shown, not counted
    feasibility_weight: float = 0.18
    pasteur_bonus: float = 0.2  # of the quadrant fit, what the pair's joint point earns
    soft_floor: float = 0.5  # no single soft fact takes more than half of the feasibility
    strong_at: float = 0.58
    possible_at: float = 0.42
    clear_score: float = 0.5  # a best text score from here on is a good match; below it …
    least_score: float = 0.3  # … it is one only from here on, and when it stands out:
    stand_out: float = 2.0  # so many times the tenth best text score
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
        text, quadrant = given.pop("text", {}), given.pop("quadrant", {})
        for names, kind in ((given, cls), (text, TextWeights), (quadrant, QuadrantWeights)):
            if strange := sorted(set(names) - {item.name for item in fields(kind)}):
                raise UnknownOptionError(f"unknown settings: {', '.join(strange)}")
        return cls(text=TextWeights(**text), quadrant=QuadrantWeights(**quadrant), **given)


DEFAULT = EngineConfig()
