"""Places challenges and capabilities in Pasteur's quadrant: two independent axes, each with its uncertainty and its words.

Three kinds of evidence are weighed by their precision: a text model, the owner's answers to two five-point questions, and
structured facts. The text model is one logistic regression per axis, so the words it shows are exactly those that moved it;
bench/train_pasteur.py makes it, data/README.md names its sources. A placement describes a text, never a person.
"""

import gzip
import hashlib
import json
import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Literal, NamedTuple

from matchmaker.engine import cues
from matchmaker.engine.config import DEFAULT, EngineConfig, QuadrantWeights
from matchmaker.engine.documents import EvidenceItem, Facts, MatchDocument
from matchmaker.engine.errors import MissingModelError
from matchmaker.engine.results import Cue, Placement, Quadrant

Axis = Literal["understanding", "use"]
AXES: tuple[Axis, Axis] = ("understanding", "use")
DATA = Path(__file__).parent / "data"
FILES = ("pasteur_model.json", "pasteur_weights.tsv.gz", "pasteur_cues.json")
USUAL_TEXT = 100.0  # words; a text this long is trusted as far as `text_sd` says
LONG_TEXT = 200.0  # words; no item of evidence counts for more
LEAST_CUE = 0.01  # log-odds; weaker words are not worth showing
BASIC_KINDS = frozenset({"paper", "dataset"})
APPLIED_KINDS = frozenset({"patent", "prototype", "pilot", "customer"})


class Model(NamedTuple):
    """The shipped text model: term → (idf, understanding, use), and what the norm and the uncertainty need."""

    terms: dict[str, tuple[float, float, float]]
    intercept: tuple[float, float]
    spread: tuple[float, float]
    half: float
    empty: float


class Estimate(NamedTuple):
    """What one kind of evidence says of one axis."""

    source: str
    value: float
    sd: float


class TextEstimate(NamedTuple):
    """What the texts say: log-odds per axis, the words they rest on, and the words that moved them."""

    odds: tuple[float, float]
    words: float
    cues: tuple[Cue, ...]


def place_text(text: str, config: EngineConfig = DEFAULT) -> Placement:
    """Places a single text by its words alone."""
    return _placement(_read_texts([text], config.quadrant), Facts(), {}, config.quadrant)


def place(document: MatchDocument, config: EngineConfig = DEFAULT) -> Placement:
    """Places a challenge or capability by its texts (description and evidence pooled), its owner's answers and its facts."""
    texts = ["\n".join(passage.text for passage in passages) for _, passages in document.items()]
    facts = document.facts
    told = _challenge_facts(facts) if document.side == "challenge" else _capability_facts(facts, document.evidence)
    return _placement(_read_texts(texts, config.quadrant), facts, told, config.quadrant)


def joint(challenge: Placement, capability: Placement) -> Placement:
    """Returns where the pair stands together: on each axis the point, the spread and the words of the side that brings more."""
    theory = max(challenge, capability, key=lambda side: side.understanding)
    practice = max(challenge, capability, key=lambda side: side.use)
    return Placement(
        understanding=theory.understanding,
        use=practice.use,
        understanding_sd=theory.understanding_sd,
        use_sd=practice.use_sd,
        quadrant=quadrant(theory.understanding, practice.use),
        abstained=challenge.abstained or capability.abstained,
        source="joint",
        cues=tuple(cue for cue in theory.cues if cue.axis == "understanding")
        + tuple(cue for cue in practice.cues if cue.axis == "use"),
    )


def fit(challenge: Placement, capability: Placement, config: EngineConfig = DEFAULT) -> float:
    """Says from 0 to 1 how far the capability covers what the challenge asks, with a small bonus for a joint Pasteur point.

    Coverage, not likeness: a theorist and a production line together can make a Pasteur pair.
    """
    missing_theory = max(0.0, challenge.understanding - capability.understanding)
    missing_use = max(0.0, challenge.use - capability.use)
    together = min(max(challenge.understanding, capability.understanding), max(challenge.use, capability.use))
    bonus = config.pasteur_bonus
    return (1 - 0.5 * missing_theory - 0.5 * missing_use) * (1 - bonus + bonus * together)


def quadrant(understanding: float, use: float) -> Quadrant:
    """Names the quadrant of a point."""
    if understanding >= 0.5:
        return "pasteur" if use >= 0.5 else "bohr"
    return "edison" if use >= 0.5 else "fourth"


@lru_cache(maxsize=1)
def fingerprint() -> str:
    """Returns twelve hex digits that change whenever the shipped model does."""
    digest = hashlib.sha256()
    for name in FILES:
        digest.update((DATA / name).read_bytes())
    return digest.hexdigest()[:12]


@lru_cache(maxsize=1)
def model() -> Model:
    """Loads the shipped weights at the first use."""
    try:
        settings = json.loads((DATA / "pasteur_model.json").read_text(encoding="utf-8"))
        terms = {}
        with gzip.open(DATA / "pasteur_weights.tsv.gz", "rt", encoding="utf-8") as lines:
            next(lines)
            for line in lines:
                term, idf, understanding, use = line.rstrip("\n").split("\t")
                terms[term] = (float(idf), float(understanding), float(use))
        intercept, spread = (
            (float(settings[name]["understanding"]), float(settings[name]["use"])) for name in ("intercept", "spread")
        )
        return Model(terms, intercept, spread, float(settings["half"]), float(settings["empty"]))
    except (OSError, ValueError, KeyError, StopIteration) as error:
        raise MissingModelError(f"the quadrant model cannot be read: {error}") from error


# Text


def _read_texts(texts: Iterable[str], weights: QuadrantWeights) -> TextEstimate:
    """Pools several texts of one document; each counts by its length, up to LONG_TEXT words."""
    odds = [0.0, 0.0]
    moved: tuple[dict[str, float], dict[str, float]] = ({}, {})
    shown: dict[str, str] = {}
    total = 0.0
    readings = [(text, cues.read(text)) for text in texts]
    for text, reading in readings:
        share = min(float(reading.words), LONG_TEXT)
        total += share
        for axis, parts in enumerate(_weigh(text, reading.marks, shown)):
            odds[axis] += share * sum(parts.values())
            for surface, part in parts.items():
                moved[axis][surface] = moved[axis].get(surface, 0.0) + share * part
    if not total:
        return TextEstimate((0.0, 0.0), 0.0, ())
    intercept = model().intercept
    words = float(sum(reading.words for _, reading in readings))
    strongest = tuple(cue for axis in (0, 1) for cue in _strongest(axis, moved[axis], shown, total, weights.cues))
    return TextEstimate((intercept[0] + odds[0] / total, intercept[1] + odds[1] / total), words, strongest)


def _weigh(text: str, marks: Sequence[cues.Mark], shown: dict[str, str]) -> tuple[dict[str, float], dict[str, float]]:
    """Returns per axis what each word, as its author wrote it, adds to the log-odds; without the intercept that is all of them."""
    known = model()
    marks = [mark for mark in marks if mark.key in known.terms]
    counts: dict[str, float] = defaultdict(float)
    for mark in marks:
        counts[mark.key] += mark.amount
    units = _units(counts, known)
    moved: tuple[dict[str, float], dict[str, float]] = (defaultdict(float), defaultdict(float))
    for mark, surface in zip(marks, _surfaces(text, marks, shown), strict=True):
        part = mark.amount * units.get(mark.key, 0.0)
        _, understanding, use = known.terms[mark.key]
        moved[0][surface] += part * understanding
        moved[1][surface] += part * use
    return moved


def _units(counts: dict[str, float], known: Model) -> dict[str, float]:
    """Returns what one occurrence of each term is worth: saturated, times idf, over a norm that spares short texts; cues apart."""
    units = {}
    squares = known.empty**2
    for key, count in counts.items():
        if key.startswith(cues.CUE):
            units[key] = 1 / (1 + abs(count))
        else:
            units[key] = (1 + known.half) / (abs(count) + known.half) * known.terms[key][0]
            squares += (count * units[key]) ** 2
    norm = math.sqrt(squares)
    return {key: unit if key.startswith(cues.CUE) else unit / norm for key, unit in units.items()}


def _surfaces(text: str, marks: Sequence[cues.Mark], shown: dict[str, str]) -> list[str]:
    """Returns for each mark the name of the stretch of text it belongs to; a word inside a cue phrase belongs to the phrase."""
    phrases = {(mark.start, mark.end) for mark in marks if mark.key.startswith(cues.CUE)}
    longest = sorted(phrases, key=lambda span: (span[0] - span[1], span[0]))
    names: dict[tuple[int, int], str] = {}
    for span in dict.fromkeys((mark.start, mark.end) for mark in marks):
        start, end = next((phrase for phrase in longest if phrase[0] <= span[0] and span[1] <= phrase[1]), span)
        names[span] = text[start:end].casefold()
        shown.setdefault(names[span], text[start:end])
    return [names[mark.start, mark.end] for mark in marks]


def _strongest(axis: int, moved: dict[str, float], shown: dict[str, str], total: float, most: int) -> list[Cue]:
    """Returns the words that moved an axis most, in log-odds, the strongest first."""
    ranked = sorted(moved.items(), key=lambda item: (-abs(item[1]), item[0]))[:most]
    return [Cue(AXES[axis], shown[name], value / total) for name, value in ranked if abs(value / total) >= LEAST_CUE]


def _text_sd(axis: int, value: float, words: float, weights: QuadrantWeights) -> float:
    """Grows as the text gets shorter: `text_sd` from USUAL_TEXT words on, and below it the spread measured on parts of texts.

    The variance is proportional to value * (1 - value), as for a vote of words: a clear case stays clear when it is short.
    """
    missing = max(0.0, 1 / words - 1 / USUAL_TEXT)
    return math.hypot(weights.text_sd, model().spread[axis] * math.sqrt(value * (1 - value) * missing))


# Facts


def _challenge_facts(facts: Facts) -> dict[Axis, float]:
    """Reads the stage a challenge is at and wants to reach: an early start leaves more to understand, a late goal more to use."""
    told: dict[Axis, list[float]] = {"understanding": [], "use": []}
    if facts.trl is not None:
        told["understanding"].append(_between(0.85, 0.25, facts.trl))
    if facts.trl_wanted is not None:
        told["use"].append(_between(0.3, 0.9, facts.trl_wanted))
    if facts.months is not None and facts.months <= 12:
        told["use"].append(0.85)
    return _means(told)


def _capability_facts(facts: Facts, evidence: Sequence[EvidenceItem]) -> dict[Axis, float]:
    """Reads the stage a capability has reached and what stands behind it: papers and data, or patents, pilots and customers."""
    told: dict[Axis, list[float]] = {"understanding": [], "use": []}
    if facts.trl is not None:
        told["understanding"].append(_between(0.85, 0.25, facts.trl))
        told["use"].append(_between(0.25, 0.9, facts.trl))
    basic = sum(item.kind in BASIC_KINDS for item in evidence)
    applied = sum(item.kind in APPLIED_KINDS for item in evidence)
    if basic + applied >= 2:
        told["understanding"].append(0.3 + 0.5 * basic / (basic + applied))
        told["use"].append(0.3 + 0.6 * applied / (basic + applied))
    return _means(told)


def _between(first: float, last: float, level: int) -> float:
    """Walks from the value of readiness level 1 to that of level 9."""
    return first + (last - first) * (min(max(level, 1), 9) - 1) / 8


def _means(told: dict[Axis, list[float]]) -> dict[Axis, float]:
    return {axis: sum(values) / len(values) for axis, values in told.items() if values}


# Fusion


def _placement(text: TextEstimate, facts: Facts, told: dict[Axis, float], weights: QuadrantWeights) -> Placement:
    """Fuses the three kinds of evidence per axis; thin evidence gives a wide placement that says it abstains."""
    fused = []
    sources: dict[str, None] = {}
    thin = False
    for place_of, axis in enumerate(AXES):
        estimates = list(_estimates(place_of, axis, text, facts, told, weights))
        sources |= {estimate.source: None for estimate in estimates}
        only_text = all(estimate.source == "text" for estimate in estimates)
        value, sd = _fuse(estimates, weights)
        thin = thin or sd > weights.abstain_sd or (only_text and text.words < weights.abstain_words)
        fused.append((value, sd))
    (understanding, understanding_sd), (use, use_sd) = fused
    return Placement(
        understanding=understanding,
        use=use,
        understanding_sd=understanding_sd,
        use_sd=use_sd,
        quadrant=quadrant(understanding, use),
        abstained=thin,
        source="+".join(name for name in ("self", "facts", "text") if name in sources) or "none",
        cues=text.cues,
    )


def _estimates(
    place_of: int, axis: Axis, text: TextEstimate, facts: Facts, told: dict[Axis, float], weights: QuadrantWeights
) -> Iterator[Estimate]:
    """Yields what is known of one axis."""
    answer = facts.understanding if axis == "understanding" else facts.use
    if answer is not None:
        middle = (min(max(answer, 1), 5) - 0.5) / 5  # each answer stands for a fifth of the axis
        yield Estimate("self", middle, weights.self_sd)
    if axis in told:
        yield Estimate("facts", told[axis], weights.facts_sd)
    if text.words:
        value = 1 / (1 + math.exp(-text.odds[place_of]))
        yield Estimate("text", value, _text_sd(place_of, value, text.words, weights))


def _fuse(estimates: Sequence[Estimate], weights: QuadrantWeights) -> tuple[float, float]:
    """Takes the precision-weighted mean; evidence that disagrees more than its spreads allow widens the result (Birge ratio)."""
    if not estimates:
        return 0.5, weights.unknown_sd
    precisions = [1 / estimate.sd**2 for estimate in estimates]
    total = sum(precisions)
    value = sum(p * estimate.value for p, estimate in zip(precisions, estimates, strict=True)) / total
    variance = 1 / total
    if len(estimates) > 1:
        gap = sum(p * (estimate.value - value) ** 2 for p, estimate in zip(precisions, estimates, strict=True))
        variance *= max(1.0, gap / (len(estimates) - 1))
    return value, math.sqrt(variance)
