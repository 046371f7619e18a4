"""Turns public texts into weighted terms: a scikit-learn pipeline of counting and saturated TF-IDF.

A capability's weight of a term is  idf * tf (k1 + 1) / (tf + k1 (1 - b + b length / mean length))  (Robertson and Zaragoza,
"The Probabilistic Relevance Framework: BM25 and Beyond", 2009); a challenge's is  idf * tf (k + 1) / (tf + k),  divided by its
norm so that challenges compare. Terms are named by a 64-bit hash, so segments need no shared vocabulary.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple, Self

import numpy as np
import numpy.typing as npt
from scipy import sparse
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.feature_extraction import DictVectorizer
from sklearn.pipeline import make_pipeline

from matchmaker.engine.config import TextWeights
from matchmaker.engine.documents import MatchDocument, Passage, Side, TermPair
from matchmaker.engine.errors import BrokenIndexError
from matchmaker.engine.text import SharedTerm, analyse, shared_terms

Hashes = npt.NDArray[np.uint64]
Floats = npt.NDArray[np.float64]

CLOSE = 60  # characters within which the words of a term pair count as standing together


class Mention(NamedTuple):
    """How much a term weighs in an item, and the first place where it stands."""

    weight: float
    passage: int
    start: int
    end: int


Mentions = dict[str, Mention]


@dataclass(frozen=True, slots=True)
class Row:
    """Is one weighted item: its terms by rising hash, their weights, and (passage, start, end) of each first mention."""

    hashes: Hashes
    values: npt.NDArray[np.float32]
    spans: npt.NDArray[np.uint32]

    def __len__(self) -> int:
        return len(self.hashes)


class Item(NamedTuple):
    """Is one scored item before weighing: the evidence key and its terms."""

    key: str
    mentions: Mentions


def items_of(document: MatchDocument, weights: TextWeights) -> list[Item]:
    """Returns what is scored: a challenge as one item, a capability as one per evidence; items without any term are left out."""
    if document.side == "challenge":
        passages = [passage for _, group in document.items() for passage in group]
        items = [Item("", with_pairs(mentions_of(passages, weights), document.pairs, weights))]
    else:
        items = [Item(key, mentions_of(group, weights)) for key, group in document.items()]
    return [item for item in items if item.mentions]


def mentions_of(passages: Sequence[Passage], weights: TextWeights) -> Mentions:
    """Counts the terms of some passages; each passage's weight multiplies its terms."""
    mentions: Mentions = {}
    for place, passage in enumerate(passages):
        for term, weight, start, end in _terms(passage.text, weights):
            earlier = mentions.get(term)
            if earlier:
                mentions[term] = Mention(earlier.weight + weight * passage.weight, *earlier[1:])
            elif passage.weight > 0:
                mentions[term] = Mention(weight * passage.weight, place, start, end)
    return mentions


def with_pairs(mentions: Mentions, pairs: Iterable[TermPair], weights: TextWeights) -> Mentions:
    """Adds the researchers' words of accepted term pairs, at the place of the firm's word; pairs not in the text add nothing."""
    extended = dict(mentions)
    for pair in pairs:
        firm = [token.term for token in analyse(pair.firm)]
        if not firm or any(term not in mentions for term in firm):
            continue
        known = _together([mentions[term] for term in firm])
        for term, weight, _, _ in _terms(pair.research, weights):
            if term not in extended:
                extended[term] = known._replace(weight=known.weight * weight * pair.weight)
    return extended


def _terms(text: str, weights: TextWeights) -> list[SharedTerm]:
    return shared_terms(text, None, weights.meaning, weights.phrase, weights.chinese)


def _together(words: Sequence[Mention]) -> Mention:
    """Returns one mention from the first to the last word where they stand close, else that of the first word."""
    first = words[0]
    start, end = min(word.start for word in words), max(word.end for word in words)
    close = end - start <= CLOSE and all(word.passage == first.passage for word in words)
    return first._replace(start=start, end=end) if close else first


@lru_cache(maxsize=200_000)
def term_hash(term: str) -> int:
    """Returns the 64-bit name of a term; the same on every machine."""
    return int.from_bytes(hashlib.blake2b(term.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "little")


class SaturatedTfidf(TransformerMixin, BaseEstimator):  # type: ignore[misc]  # scikit-learn ships no types
    """Weighs a matrix of counts by the formula of this module; `mean_length` 0 leaves the length out."""

    def __init__(self, idf: Floats, k1: float, b: float = 0.0, mean_length: float = 0.0) -> None:
        self.idf = idf
        self.k1 = k1
        self.b = b
        self.mean_length = mean_length

    def fit(self, counts: sparse.csr_matrix, target: None = None) -> Self:
        """Learns nothing: the statistics are frozen in `idf`."""
        return self

    def transform(self, counts: sparse.csr_matrix) -> sparse.csr_matrix:
        """Returns a matrix of weights in the shape of the counts."""
        weights = counts.copy()
        lengths = np.repeat(np.asarray(counts.sum(axis=1)).ravel(), np.diff(counts.indptr))
        relative = lengths / self.mean_length if self.mean_length else 1.0
        damping = self.k1 * (1 - self.b + self.b * relative)
        weights.data = counts.data * (self.k1 + 1) / (counts.data + damping) * self.idf[counts.indices]
        return weights


class Statistics:
    """Is one frozen epoch of term statistics, taken from the public texts of challenges and capabilities together."""

    def __init__(self, hashes: Hashes, counts: npt.NDArray[np.uint32], texts: int, mean_length: float) -> None:
        self._hashes = hashes
        self._counts = counts
        self.texts = texts
        self.mean_length = mean_length
        about = json.dumps([texts, round(mean_length, 9)]).encode()
        self.epoch = hashlib.sha256(about + hashes.tobytes() + counts.tobytes()).hexdigest()[:12]

    @classmethod
    def fit(cls, documents: Iterable[MatchDocument], weights: TextWeights | None = None) -> Self:
        """Counts in how many items each term stands; the mean length is that of capabilities, or of all without any."""
        weights = weights or TextWeights()
        return cls.count((doc.side, item.mentions) for doc in documents for item in items_of(doc, weights))

    @classmethod
    def count(cls, items: Iterable[tuple[Side, Mentions]]) -> Self:
        """Counts items that were read already."""
        counts: dict[int, int] = {}
        lengths: dict[Side, list[float]] = {"challenge": [], "capability": []}
        for side, mentions in items:
            lengths[side].append(sum(mention.weight for mention in mentions.values()))
            for term in mentions:
                name = term_hash(term)
                counts[name] = counts.get(name, 0) + 1
        measured = sorted(lengths["capability"] or lengths["challenge"])
        hashes = np.fromiter(sorted(counts), dtype=np.uint64, count=len(counts))
        found = np.fromiter((counts[int(name)] for name in hashes), dtype=np.uint32, count=len(counts))
        texts = sum(map(len, lengths.values()))
        return cls(hashes, found, texts, sum(measured) / len(measured) if measured else 1.0)

    def idf(self, hashes: Hashes) -> Floats:
        """Returns the rarity of terms: 1 for a term no text holds, near 0 for one that all hold."""
        places = np.minimum(np.searchsorted(self._hashes, hashes), max(len(self._hashes) - 1, 0))
        counts = np.zeros(len(hashes))
        if len(self._hashes):
            counts = np.where(self._hashes[places] == hashes, self._counts[places], 0).astype(np.float64)
        most = np.log1p((self.texts + 0.5) / 0.5)
        rarity: Floats = np.log1p((self.texts - counts + 0.5) / (counts + 0.5)) / most
        return rarity

    def save(self, folder: Path) -> None:
        """Writes arrays and JSON into a folder of its own."""
        folder.mkdir(parents=True, exist_ok=True)
        np.save(folder / "hashes.npy", self._hashes)
        np.save(folder / "counts.npy", self._counts)
        about = {"texts": self.texts, "mean_length": self.mean_length}
        (folder / "statistics.json").write_text(json.dumps(about), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Reads what `save` wrote."""
        try:
            about: dict[str, Any] = json.loads((folder / "statistics.json").read_text(encoding="utf-8"))
            hashes = np.load(folder / "hashes.npy", allow_pickle=False)
            counts = np.load(folder / "counts.npy", allow_pickle=False)
            return cls(hashes, counts, int(about["texts"]), float(about["mean_length"]))
        except (OSError, ValueError, KeyError) as error:
            raise BrokenIndexError(f"the statistics cannot be read: {error}") from error


def weigh(
    mentions: Sequence[Mapping[str, Mention]], side: Side, statistics: Statistics, weights: TextWeights
) -> Iterator[Row]:
    """Yields one row for each item, in order. No item may be empty."""
    if not mentions:
        return
    count = DictVectorizer()
    counts = count.fit_transform([{term: mention.weight for term, mention in item.items()} for item in mentions])
    names = count.feature_names_
    hashes = np.fromiter(map(term_hash, names), dtype=np.uint64, count=len(names))
    matrix = make_pipeline(_weigher(side, statistics.idf(hashes), statistics, weights)).fit_transform(counts)
    for place, item in enumerate(mentions):
        inside = slice(matrix.indptr[place], matrix.indptr[place + 1])
        columns, values = matrix.indices[inside], matrix.data[inside]
        order = np.argsort(hashes[columns])
        columns, values = columns[order], values[order]
        if side == "challenge":
            values = values / (np.sqrt(np.sum(values * values)) or 1.0)
        spans = np.array([item[names[column]][1:] for column in columns], dtype=np.uint32).reshape(-1, 3)
        yield Row(hashes[columns], values.astype(np.float32), spans)


def _weigher(side: Side, idf: Floats, statistics: Statistics, weights: TextWeights) -> SaturatedTfidf:
    if side == "challenge":
        return SaturatedTfidf(idf, weights.query_k1)
    return SaturatedTfidf(idf, weights.k1, weights.b, statistics.mean_length)
