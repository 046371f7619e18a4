"""Scores a pair: pooled relevance, quadrant fit, complement and feasibility, combined so that every part's share is exact."""

import math
from collections.abc import Collection
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from matchmaker.engine import pasteur
from matchmaker.engine.config import EngineConfig
from matchmaker.engine.documents import Facts
from matchmaker.engine.facts import Comparison, compare, complement
from matchmaker.engine.results import Band, Origin, Part, PartName, Placement
from matchmaker.engine.vectors import Floats

LEAST = 1e-12  # a part's value in logs; keeps the share of a part that is zero finite
NEUTRAL = 0.5  # the complement of two sides of which nothing is known
LEVEL = 1e-9  # axes closer than this come from both sides


class Side(NamedTuple):
    """What scoring needs to know of one side besides its terms."""

    facts: Facts
    placement: Placement


class Judged(NamedTuple):
    """The score of one pair with all that led to it."""

    score: float
    parts: tuple[Part, ...]
    comparison: Comparison
    joint: Placement


def pool(owners: npt.NDArray[np.int32], scores: Floats, count: int, decay: float) -> Floats:
    """Pools item scores into one score for each of `count` owners.

    An owner's items weigh 1, decay, decay² … from best to worst, divided by the sum of these weights. Taking the best item alone
    would favour long lists: they have a higher maximum by chance.
    """
    order = np.lexsort((-scores, owners))
    counts = np.bincount(owners, minlength=count)
    firsts = np.cumsum(counts) - counts
    ranks = np.arange(len(order)) - firsts[owners[order]]
    pooled = np.bincount(owners[order], weights=decay**ranks * scores[order], minlength=count)
    return np.asarray(pooled / np.maximum(pool_norms(counts, decay), LEAST))


def pool_each(scores: Floats, decay: float) -> Floats:
    """Pools a matrix of items (rows) by texts (columns) down its columns; the same numbers as `pool`."""
    total = np.zeros(scores.shape[1])
    for weight, row in zip(decay ** np.arange(len(scores)), -np.sort(-scores, axis=0), strict=True):
        total += weight * row
    return np.asarray(total / pool_norms(np.array([len(scores)]), decay)[0])


def pool_norms(counts: npt.NDArray[np.int64], decay: float) -> Floats:
    """Returns 1 + decay + decay² + … for each number of items."""
    sums = np.concatenate(([0.0], np.cumsum(decay ** np.arange(int(counts.max(initial=0))))))
    return np.asarray(sums[counts])


def relevance(raw: float, config: EngineConfig) -> float:
    """Brings a text score into 0 … 1 without changing any order; `relevance_half` becomes one half."""
    return raw / (raw + config.relevance_half)


def judge(raw: float, challenge: Side, capability: Side, config: EngineConfig) -> Judged:
    """Scores a pair from its text score and both sides' facts and placements."""
    comparison = compare(challenge.facts, capability.facts, config.soft_floor)
    joint = pasteur.joint(challenge.placement, capability.placement)
    difference = complement(challenge.facts, capability.facts)
    values: dict[PartName, tuple[float, float]] = {
        "relevance": (relevance(raw, config), config.relevance_weight),
        "pasteur_fit": (pasteur.fit(challenge.placement, capability.placement, config), config.pasteur_weight),
        "complement": (NEUTRAL if difference is None else difference, config.complement_weight),
        "feasibility": (comparison.factor, config.feasibility_weight),
    }
    unknown: dict[PartName, bool] = {
        "pasteur_fit": challenge.placement.abstained and capability.placement.abstained,
        "complement": difference is None,
        "feasibility": not comparison.known,
    }
    parts = combine(values, {name for name, missing in unknown.items() if missing})
    return Judged(math.exp(sum(part.share for part in parts)), parts, comparison, joint)


def combine(values: dict[PartName, tuple[float, float]], unknown: Collection[PartName] = ()) -> tuple[Part, ...]:
    """Turns {part: (value, weight)} into parts whose shares add up to the log of the score; weights are made to sum to one."""
    total = sum(weight for _, weight in values.values()) or 1.0
    return tuple(
        Part(name, value, weight / total, weight / total * math.log(max(value, LEAST)), name not in unknown)
        for name, (value, weight) in values.items()
    )


def best_score(raw: float, config: EngineConfig) -> float:
    """Returns the highest score a pair with this text score can have, when all its other parts are perfect."""
    total = config.relevance_weight + config.pasteur_weight + config.complement_weight + config.feasibility_weight
    return math.exp(config.relevance_weight / total * math.log(max(relevance(raw, config), LEAST)))


def origin(challenge: float, capability: float) -> Origin:
    """Says which side brings more of an axis."""
    if abs(challenge - capability) <= LEVEL:
        return "both"
    return "challenge" if challenge > capability else "capability"


def band(score: float, config: EngineConfig) -> Band:
    """Names the range a score falls in."""
    return "strong" if score >= config.strong_at else "possible" if score >= config.possible_at else "weak"


def pasteur_order(judged: Judged, key: str, config: EngineConfig) -> tuple[int, bool, float, str]:
    """Sorts band by band, in each the joint-Pasteur pairs first: a declared aim, not a predictor of success."""
    steps = (config.possible_at, config.strong_at)
    return -sum(judged.score >= step for step in steps), judged.joint.quadrant != "pasteur", -judged.score, key


def good_enough(best: float, tenth: float, config: EngineConfig) -> bool:
    """Tells whether a list has a good match: its best text score is high, or fair and far above the crowd.

    The second way is for texts in two languages: what the glossary cannot translate lowers all their scores alike.
    """
    return best >= config.clear_score or best >= max(config.least_score, config.stand_out * tenth)
