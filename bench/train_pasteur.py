"""Trains the two axes of the quadrant model and writes the arrays that ship with the engine.

    python -m bench.train_pasteur DATA_FOLDER [--out matchmaker/engine/data]

DATA_FOLDER holds research_level_dev.jsonl.gz, research_level_zh_dev.jsonl and bilingual_dev.jsonl.gz. Two runs write the same bytes.

1. Each axis is a logistic regression of its own over words and its own cue groups (matchmaker/engine/cues.py). Labels: programmes of
   research_level_dev, columns of research_level_zh_dev (basic: understanding, clinical: use). Each quadrant counts the same.
2. A teacher fitted on the labels places the unlabelled pairs of bilingual_dev. The student sees both texts of a pair with the
   same soft label, so that a text and its translation are drawn together and Chinese words get weights of their own.
3. The probabilities are calibrated (Platt) on folds that leave out whole fields, and the spread of short texts is measured.
"""

import argparse
import gzip
import io
import json
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import scipy.sparse as sp
from scipy.optimize import minimize
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from matchmaker.engine import cues

AXES = ("understanding", "use")
MASK = re.compile(r"\[(NAME|ORG|FIRM|URL|EMAIL)\]")
LEAST_TEXTS = 6  # a word must stand in so many training texts; a Chinese word of its own in so many Chinese ones
HALF = 1.0  # occurrences at which a repeated word has half of its full weight
EMPTY = 3.0  # norm that an empty text would have: short texts stay near the middle
STRENGTH = 1.0  # how far the labels may move the weights; inverse of the ridge penalty
WINDOW = 80  # words; challenges are shorter than abstracts
ZH_WEIGHT = 3.0  # of a text of research_level_zh_dev, both languages
PAIR_WEIGHT = 15.0  # of each text of a parallel pair
FOLDS = 8

Counts = dict[str, float]
Array = np.ndarray[Any, np.dtype[np.float64]]


@dataclass(frozen=True)
class Texts:
    """Readings of one set of texts."""

    counts: list[Counts]
    words: list[int]


@dataclass(frozen=True)
class Space:
    """The vocabulary with the inverse document frequencies; cue groups stand outside the norm."""

    places: dict[str, int]
    idf: Array

    def matrix(self, counts: Sequence[Counts]) -> sp.csr_matrix:
        """Turns counts into rows: saturated counts times idf over a norm that grows with the text, cues beside it."""
        rows, columns, values = [], [], []
        for row, given in enumerate(counts):
            known = [(key, self.places[key], count) for key, count in given.items() if key in self.places and count]
            words = [(p, saturated(c) * self.idf[p]) for key, p, c in known if not key.startswith(cues.CUE)]
            norm = float(np.sqrt(EMPTY**2 + sum(value * value for _, value in words)))
            words = [(place, value / norm) for place, value in words]
            words += [(p, c / (1 + abs(c))) for key, p, c in known if key.startswith(cues.CUE)]
            for place, value in words:
                rows.append(row)
                columns.append(place)
                values.append(value)
        return sp.csr_matrix((values, (rows, columns)), shape=(len(counts), len(self.places)))


def saturated(count: float) -> float:
    """Weighs a repeated word: 1 for one occurrence, at most 1 + HALF."""
    return count * (1 + HALF) / (abs(count) + HALF)


def read_jsonl(path: Path) -> list[dict[str, Any]]:
    """Reads one record a line."""
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def read(texts: Iterable[str]) -> Texts:
    """Counts the marks of each text without the masks of the data sets."""
    counts, words = [], []
    for text in texts:
        reading = cues.read(MASK.sub(" ", text))
        count: Counts = {}
        for mark in reading.marks:
            count[mark.key] = count.get(mark.key, 0.0) + mark.amount
        counts.append(count)
        words.append(reading.words)
    return Texts(counts, words)


def window(text: str, index: int) -> str:
    """Cuts WINDOW words out of a text at a place that depends on its number only."""
    words = text.split()
    start = (index * 7919) % max(1, len(words) - WINDOW)
    return " ".join(words[start : start + WINDOW])


def space_of(labelled: Sequence[Counts], chinese: Sequence[Counts]) -> Space:
    """Builds the vocabulary: words of the labelled texts, Chinese words of the parallel ones, all cue groups."""
    seen = Counter(key for counts in labelled for key in counts if not key.startswith((cues.CUE, cues.OWN)))
    own = Counter(key for counts in chinese for key in counts if key.startswith(cues.OWN))
    drop = cues.patterns().register
    keys = [key for key, count in seen.items() if count >= LEAST_TEXTS and key not in drop and not key[0].isdigit()]
    keys += [key for key, count in own.items() if count >= LEAST_TEXTS]
    keys = sorted(keys) + sorted(cues.patterns().leans)
    total = {True: len(chinese), False: len(labelled)}
    idf = [
        1.0
        if key.startswith(cues.CUE)
        else np.log((total[key in own] + 1) / ((own if key in own else seen)[key] + 1)) + 1
        for key in keys
    ]
    return Space({key: place for place, key in enumerate(keys)}, np.round(np.array(idf), 3))


def leans_of(space: Space, axis: str) -> Array:
    """Returns the weights training starts from: the leans of the cue groups, zero for words."""
    start = np.zeros(len(space.places))
    for key, (group_axis, lean) in cues.patterns().leans.items():
        if group_axis == axis:
            start[space.places[key]] = lean
    return start


def own_columns(space: Space, axis: str) -> sp.dia_matrix:
    """Blanks the cue groups of the other axis: asking why says nothing against use, a cost nothing against understanding."""
    kept = np.ones(len(space.places))
    for key, (group_axis, _) in cues.patterns().leans.items():
        if group_axis != axis:
            kept[space.places[key]] = 0.0
    return sp.diags(kept)


def fit(rows: sp.csr_matrix, target: Array, weight: Array, start: Array) -> tuple[Array, float]:
    """Fits a logistic regression with soft targets whose ridge penalty pulls towards `start`; returns weights and intercept."""

    def loss(given: Array) -> tuple[float, Array]:
        margin = rows @ given[:-1] + given[-1]
        gap = weight * (1 / (1 + np.exp(-margin)) - target)
        pull = given[:-1] - start
        value = float(weight @ (np.logaddexp(0, margin) - target * margin) + pull @ pull / (2 * STRENGTH))
        return value, np.append(rows.T @ gap + pull / STRENGTH, gap.sum())

    found = minimize(loss, np.append(start, 0.0), jac=True, method="L-BFGS-B", options={"maxiter": 500, "maxfun": 800})
    return found.x[:-1], float(found.x[-1])


@dataclass(frozen=True)
class Labelled:
    """The labelled texts of one run: rows, labels per axis, weights, and the fold that leaves each text out."""

    rows: sp.csr_matrix
    labels: dict[str, Array]
    weight: Array
    fold: Array
    source: list[str]


@dataclass(frozen=True)
class Pairs:
    """The unlabelled Chinese and English abstracts of the same papers, row by row."""

    chinese: sp.csr_matrix
    english: sp.csr_matrix


@dataclass(frozen=True)
class Axis:
    """One trained axis: the log-odds of a text are its row times the weights plus the intercept."""

    weights: Array
    intercept: float

    def odds(self, rows: sp.csr_matrix) -> Array:
        """Returns the log-odds of each row."""
        return np.asarray(rows @ self.weights + self.intercept)


def chance(odds: Array) -> Array:
    """Turns log-odds into a number from 0 to 1."""
    return np.asarray(1 / (1 + np.exp(-odds)))


def train(given: Labelled, pairs: Pairs | None, space: Space, axis: str, keep: Array) -> Axis:
    """Fits the teacher on the kept labelled texts and, with pairs, the student on those and the pairs' shared soft labels."""
    start, own = leans_of(space, axis), own_columns(space, axis)
    rows, target, weight = (given.rows[keep] @ own).tocsr(), given.labels[axis][keep], given.weight[keep]
    teacher = Axis(*fit(rows, target, weight, start))
    if pairs is None:
        return teacher
    soft = chance((teacher.odds(pairs.chinese) + teacher.odds(pairs.english)) / 2)
    rows = sp.vstack([rows, pairs.chinese @ own, pairs.english @ own]).tocsr()
    weight = np.concatenate([weight, np.full(2 * len(soft), PAIR_WEIGHT)])
    return Axis(*fit(rows, np.concatenate([target, soft, soft]), weight, start))


def calibrated(axis: Axis, odds: Array, label: Array, weight: Array) -> Axis:
    """Rescales an axis so that held-out log-odds fit the labels (Platt); the order of texts stays as it is."""
    platt = LogisticRegression(C=1e6).fit(odds[:, None], label, sample_weight=weight)
    slope = float(platt.coef_[0, 0])
    return Axis(axis.weights * slope, axis.intercept * slope + float(platt.intercept_[0]))


def spread(whole: Array, part: Array, whole_words: Array, part_words: Array) -> float:
    """Measures how far a part of a text lies from the whole: the variance is spread² p (1 - p) (1 / part - 1 / whole)."""
    shorter = part * (1 - part) * (1 / part_words - 1 / whole_words)
    told = shorter > 0
    return float(np.sqrt(np.sum((whole - part)[told] ** 2) / np.sum(shorter[told])))


def field_folds(fields: Sequence[str]) -> Array:
    """Gives each field of research a fold, the largest fields first to the smallest fold."""
    sizes = [0] * FOLDS
    fold_of: dict[str, int] = {}
    for field, count in sorted(Counter(fields).items(), key=lambda item: (-item[1], item[0])):
        fold_of[field] = sizes.index(min(sizes))
        sizes[fold_of[field]] += count
    return np.array([fold_of[field] for field in fields])


def load(folder: Path) -> tuple[Labelled, Pairs, Space, dict[str, Array]]:
    """Reads the three sets and turns them into rows; the last value holds word counts of whole texts and windows."""
    levels = read_jsonl(folder / "research_level_dev.jsonl.gz")
    columns = read_jsonl(folder / "research_level_zh_dev.jsonl")
    parallel = read_jsonl(folder / "bilingual_dev.jsonl.gz")
    both = [place for place, record in enumerate(columns) if record.get("abstract_en")]
    whole = read(record["text"] for record in levels)
    cut = read(window(record["text"], place) for place, record in enumerate(levels))
    zh = read(record["abstract_zh"] for record in columns)
    en = read(columns[place]["abstract_en"] for place in both)
    pair_zh = read(record["abstract_zh"] for record in parallel)
    pair_en = read(record["abstract_en"] for record in parallel)
    labelled = whole.counts + cut.counts + zh.counts + en.counts
    space = space_of(labelled, zh.counts + pair_zh.counts)

    quadrants = Counter(record["quadrant"] for record in levels)
    even = np.array([len(levels) / len(quadrants) / quadrants[record["quadrant"]] / 2 for record in levels])
    basic = np.array([float(record["label"] == "basic") for record in columns])
    labels = {}
    for axis, column in (("understanding", basic), ("use", 1 - basic)):
        programme = np.array([float(record[axis]) for record in levels])
        labels[axis] = np.concatenate([programme, programme, column, column[both]])
    fold = field_folds([record["field"] for record in levels])
    turn = np.arange(len(columns)) % FOLDS
    given = Labelled(
        rows=space.matrix(labelled),
        labels=labels,
        weight=np.concatenate([even, even, np.full(len(columns) + len(both), ZH_WEIGHT)]),
        fold=np.concatenate([fold, fold, turn, turn[both]]),
        source=["whole"] * len(levels) + ["window"] * len(levels) + ["zh"] * len(columns) + ["en"] * len(both),
    )
    words = {"whole": np.array(whole.words, float), "window": np.array(cut.words, float), "both": np.array(both)}
    return given, Pairs(space.matrix(pair_zh.counts), space.matrix(pair_en.counts)), space, words


def measure(folder: Path) -> tuple[dict[str, Any], Space, dict[str, Axis]]:
    """Trains both axes on everything and returns the model's settings and the held-out figures with it."""
    given, pairs, space, words = load(folder)
    source = np.array(given.source)
    even = np.arange(pairs.chinese.shape[0]) % 2 == 0
    half = Pairs(pairs.chinese[even], pairs.english[even])
    result: dict[str, Any] = {"spread": {}, "figures": {}}
    trained = {}
    for axis in AXES:
        label = given.labels[axis]
        odds = np.zeros(len(label))
        for fold in range(FOLDS):
            out = given.fold == fold
            odds[out] = train(given, half, space, axis, np.flatnonzero(~out)).odds(given.rows[out])
        everything = np.arange(len(label))
        trained[axis] = calibrated(train(given, pairs, space, axis, everything), odds, label, given.weight)
        unseen = calibrated(train(given, half, space, axis, everything), odds, label, given.weight)
        apart = np.abs(chance(unseen.odds(pairs.chinese)) - chance(unseen.odds(pairs.english)))[~even]
        held = chance(calibrated(Axis(np.ones(1), 0.0), odds, label, given.weight).odds(sp.csr_matrix(odds[:, None])))
        translated = np.abs(held[source == "zh"][words["both"]] - held[source == "en"])
        result["spread"][axis] = round(
            spread(held[source == "whole"], held[source == "window"], words["whole"], words["window"]), 2
        )
        result["figures"][axis] = {
            **{f"AUC {name}": round(auc(label, held, source == name), 3) for name in ("whole", "window", "zh", "en")},
            "calibration error": round(calibration_error(label, held, given.weight), 3),
            "zh-en gap, median, unseen half of bilingual_dev": round(float(np.median(apart)), 3),
            "zh-en gap, 90th percentile": round(float(np.percentile(apart, 90)), 3),
            "zh-en gap, median, held-out research_level_zh_dev": round(float(np.median(translated)), 3),
        }
        result["figures"][axis]["scores"] = held[source == "whole"]
    scores = [result["figures"][axis].pop("scores") for axis in AXES]
    result["figures"]["correlation of the axes"] = round(float(np.corrcoef(*scores)[0, 1]), 3)
    return result, space, trained


def auc(label: Array, score: Array, chosen: Array) -> float:
    """Area under the curve over the chosen texts."""
    return float(roc_auc_score(label[chosen], score[chosen]))


def calibration_error(label: Array, score: Array, weight: Array) -> float:
    """Mean distance of score and share of positives over ten equal bins, weighted."""
    bins = np.minimum((score * 10).astype(int), 9)
    gaps = [abs(float(weight[bins == b] @ (label - score)[bins == b])) for b in range(10)]
    return sum(gaps) / float(weight.sum())


def write(folder: Path, result: dict[str, Any], space: Space, trained: dict[str, Axis]) -> None:
    """Writes the weights as a table and the settings as JSON, the same bytes for the same model."""
    lines = ["term\tidf\tunderstanding\tuse\n"]
    for key, place in space.places.items():
        pair = [trained[axis].weights[place] for axis in AXES]
        lines.append(f"{key}\t{space.idf[place]:.3f}\t{pair[0]:.4f}\t{pair[1]:.4f}\n")
    buffer = io.BytesIO()
    with gzip.GzipFile(filename="", mode="wb", fileobj=buffer, mtime=0) as packed:
        packed.write("".join(lines).encode())
    (folder / "pasteur_weights.tsv.gz").write_bytes(buffer.getvalue())
    model = {
        "half": HALF,
        "empty": EMPTY,
        "intercept": {axis: round(trained[axis].intercept, 4) for axis in AXES},
        "spread": result["spread"],
    }
    (folder / "pasteur_model.json").write_text(json.dumps(model, indent=2) + "\n", encoding="utf-8")


def main() -> None:
    """Reads the command line, trains, writes, and prints the held-out figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--out", type=Path, default=Path("matchmaker/engine/data"))
    given = parser.parse_args()
    result, space, trained = measure(given.data)
    write(given.out, result, space, trained)
    print(json.dumps({"terms": len(space.places), **result}, indent=2, ensure_ascii=False))


if __name__ == "__main__":
    main()
