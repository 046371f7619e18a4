"""Measures how true the explanations are: sums, faithfulness, and where the shown words stand.

    ./run bench explanations --data FOLDER [--pairs 150]

For each world the best match of some challenges is taken apart. "Costs" is the part of the text score that is lost when five
terms are deleted wherever they stand in the challenge, and it is read and weighed anew. The measures are those of DeYoung et al.,
"ERASER: A Benchmark to Evaluate Rationalized NLP Models", 2020 (comprehensiveness and sufficiency).
"""

import argparse
import random
import statistics
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import NamedTuple

import numpy as np

from bench import worlds
from matchmaker.engine import explain, scoring
from matchmaker.engine.config import DEFAULT
from matchmaker.engine.documents import MatchDocument, Passage
from matchmaker.engine.index import MatchIndex
from matchmaker.engine.results import PairMatch
from matchmaker.engine.text import analyse, fold, fold_with_places, has_han, means, same_meaning, stem
from matchmaker.engine.vectors import Row, Statistics, items_of, term_hash, weigh

SEED = 7
WORDS = 5
WEIGHTS = DEFAULT.text


class Pair(NamedTuple):
    """One challenge with its best match, and the exact table of what each term adds."""

    challenge: MatchDocument
    capability: MatchDocument
    match: PairMatch
    row: Row
    items: list[tuple[str, Row]]
    names: dict[int, str]
    table: explain.Contributions


def measure(world: worlds.World, most: int) -> None:
    """Prints the figures of one world."""
    asked = sorted(world.challenges, key=lambda one: one.key)
    if len(asked) > most:
        asked = random.Random(SEED).sample(asked, most)
    with tempfile.TemporaryDirectory() as folder:
        index = MatchIndex.build(Path(folder), world.capabilities, Statistics.fit([*asked, *world.capabilities]))
        pairs = [pair for one in asked if (pair := best_pair(index, one))]
        print(f"{world.name}: {len(pairs)} pairs")
        print("  sums        " + sums(pairs, index))
        print("  faithful    " + faithful(pairs, index))
        print("  shown words " + shown(pairs))


def best_pair(index: MatchIndex, challenge: MatchDocument) -> Pair | None:
    """Takes the best match of a challenge apart; None without any."""
    found = index.query(challenge, limit=1).matches
    if not found:
        return None
    capability = index.document(found[0].capability)
    assert capability is not None, "a match is in the index"
    row, names = read(challenge, index.statistics)
    items = items_of(capability, WEIGHTS)
    rows = list(
        zip(
            (item.key for item in items),
            weigh([item.mentions for item in items], "capability", index.statistics, WEIGHTS),
            strict=True,
        )
    )
    return Pair(challenge, capability, found[0], row, rows, names, explain.contributions(row, rows, DEFAULT))


def read(challenge: MatchDocument, known: Statistics) -> tuple[Row, dict[int, str]]:
    """Weighs a challenge, and names its terms."""
    mentions = [item.mentions for item in items_of(challenge, WEIGHTS)]
    empty = Row(np.zeros(0, np.uint64), np.zeros(0, np.float32), np.zeros((0, 3), np.uint32))
    return next(weigh(mentions, "challenge", known, WEIGHTS), empty), {
        term_hash(term): term for item in mentions for term in item
    }


# Sums


def sums(pairs: Sequence[Pair], index: MatchIndex) -> str:
    """Compares the addends with the relevance that the index gives by another way: postings, pooled by owner."""
    by_term, by_item, by_share = 0.0, 0.0, 0.0
    for pair in pairs:
        relevance = scoring.relevance(index.text_scores(pair.challenge)[pair.capability.key], DEFAULT)
        by_term = max(by_term, abs(float(np.sum(pair.table.table.sum(axis=0))) - relevance))
        by_item = max(by_item, abs(float(np.sum(pair.table.by_item())) - relevance))
        told = sum(share.share for share in pair.match.evidence_shares) * pair.match.relevance
        by_share = max(by_share, abs(told - relevance))
    return f"largest error: per term {by_term:.1e}, per evidence item {by_item:.1e}, stored shares {by_share:.1e}"


# Faithfulness


def faithful(pairs: Sequence[Pair], index: MatchIndex) -> str:
    """Deletes five words chosen in five ways, and leaves out one term at a time."""
    lost: dict[str, list[float]] = {}
    kept: dict[str, list[float]] = {}
    for pair in pairs:
        full = score(pair, pair.challenge, index)
        for way, chosen in ways(pair, index.statistics).items():
            lost.setdefault(way, []).append(
                1 - score(pair, cut(pair.challenge, chosen[:WORDS], gone=True), index) / full
            )
            kept.setdefault(way, []).append(score(pair, cut(pair.challenge, chosen[:WORDS], gone=False), index) / full)
    parts = [f"{way} {statistics.mean(lost[way]):.3f} (keeps {statistics.mean(kept[way]):.3f})" for way in lost]
    exact, shortcut = statistics.mean(lost["exact"]), statistics.mean(lost["shared idf"])
    falls = sum(value > 0 for value in lost["shown"])
    ranks = [rank for pair in pairs if (rank := left_out(pair, index.statistics)) is not None]
    return (
        f"deleting {WORDS} costs: {', '.join(parts)}; exact is {exact / shortcut:.2f} x shared idf; {falls} of {len(pairs)} fall; "
        f"rank correlation with leaving one term out {statistics.mean(ranks):.3f}"
    )


def ways(pair: Pair, known: Statistics) -> dict[str, list[str]]:
    """Orders words by what they add, as they are shown, by rarity among the shared ones, by chance, by weight in the challenge."""
    adds = by_word(pair, dict(zip(pair.table.hashes.tolist(), pair.table.table.sum(axis=0).tolist(), strict=True)), sum)
    rarity = by_word(
        pair, dict(zip(pair.table.hashes.tolist(), known.idf(pair.table.hashes).tolist(), strict=True)), max
    )
    weight = by_word(pair, dict(zip(pair.row.hashes.tolist(), pair.row.values.tolist(), strict=True)), max)
    mixed = sorted(adds)
    random.Random(pair.challenge.key).shuffle(mixed)
    return {
        "exact": ordered(adds),
        "shown": [fold(reason.term) for reason in pair.match.reasons],
        "shared idf": ordered(rarity),
        "random shared": mixed,
        "heaviest of the challenge": ordered(weight),
    }


def by_word(pair: Pair, values: dict[int, float], join: Callable[[list[float]], float]) -> dict[str, float]:
    """Brings values of terms to the words of the challenge: a Chinese word and its readings are one, a phrase goes to its words."""
    found: dict[str, list[float]] = {}
    places = {int(name): span for name, span in zip(pair.row.hashes, pair.row.spans.tolist(), strict=True)}
    for name, value in values.items():
        passage, start, end = places[name]
        surface = fold(pair.challenge.passages[passage].text[start:end])
        parts = surface.split() if " " in pair.names[name] and " " in surface else [surface]
        for part in parts:
            found.setdefault(part if has_han(part) else stem(part), []).append(value / len(parts))
    return {word: join(given) for word, given in found.items()}


def ordered(values: dict[str, float]) -> list[str]:
    """The words with the highest values first."""
    return sorted(values, key=lambda word: (-values[word], word))


def cut(challenge: MatchDocument, words: Sequence[str], *, gone: bool) -> MatchDocument:
    """Blanks words wherever they stand, or all else: Chinese as written, English in every form of the word."""
    chosen = {token.term for word in words if not has_han(word) for token in analyse(word)}
    passages = []
    for passage in challenge.passages:
        spans = [(token.start, token.end) for token in analyse(passage.text) if token.term in chosen]
        spans += [span for word in words if has_han(word) for span in places_of(passage.text, word)]
        passages.append(replace(passage, text=blanked(passage.text, spans, gone)))
    return replace(challenge, passages=tuple(passages))


def places_of(text: str, word: str) -> list[tuple[int, int]]:
    """Finds where a folded word stands in a text as it is written."""
    whole = fold_with_places(text)
    found, start = [], whole.text.find(word)
    while start >= 0:
        found.append((whole.starts[start], whole.ends[start + len(word) - 1]))
        start = whole.text.find(word, start + 1)
    return found


def blanked(text: str, spans: Sequence[tuple[int, int]], gone: bool) -> str:
    """Blanks these places of a text, or all others."""
    inside = np.zeros(len(text), dtype=bool)
    for start, end in spans:
        inside[start:end] = True
    return "".join(" " if hit == gone else sign for sign, hit in zip(text, inside.tolist(), strict=True))


def score(pair: Pair, challenge: MatchDocument, index: MatchIndex) -> float:
    """The text score of a challenge that was changed, with the same capability."""
    return dotted(read(challenge, index.statistics)[0], pair.items)


def dotted(row: Row, items: Sequence[tuple[str, Row]]) -> float:
    """The pooled text score of a row with the items of one capability."""
    return explain.contributions(row, items, DEFAULT).raw


def left_out(pair: Pair, known: Statistics) -> float | None:
    """Correlates what each shared term adds with what its absence costs (Spearman); None where fewer than five terms are shared."""
    mentions = items_of(pair.challenge, WEIGHTS)[0].mentions
    adds = pair.table.table.sum(axis=0)
    if len(adds) < WORDS:
        return None
    shared = [pair.names[int(name)] for name in pair.table.hashes]
    fewer = [{term: mention for term, mention in mentions.items() if term != gone} for gone in shared]
    costs = [pair.table.raw - dotted(row, pair.items) for row in weigh(fewer, "challenge", known, WEIGHTS)]
    correlation: float = import_module("scipy.stats").spearmanr(adds, costs).statistic
    return correlation


# Shown words


def shown(pairs: Sequence[Pair]) -> str:
    """Looks every shown word up in both texts as their authors wrote them."""
    words, right, bilingual = 0, 0, 0
    for pair in pairs:
        asked = {passage.field: passage for passage in pair.challenge.passages}
        for reason in pair.match.reasons:
            words += 1
            bilingual += reason.pair is not None
            offered = {passage.field: passage for passage in dict(pair.capability.items())[reason.evidence]}
            right += stands(reason, asked, offered)
    return f"{right} of {words} stand in both texts at the places given; {bilingual} of them as pairs of words"


def stands(reason, asked: dict[str, Passage], offered: dict[str, Passage]) -> bool:  # type: ignore[no-untyped-def]  # bench is not typed
    """True when both places hold the shown word, or the two words of the shown pair, and these mean the same."""
    here = asked[reason.in_challenge.field].text[reason.in_challenge.start : reason.in_challenge.end]
    there = offered[reason.in_capability.field].text[reason.in_capability.start : reason.in_capability.end]
    if here != reason.term:
        return False
    if reason.pair is None:
        return {token.term for token in analyse(here)} == {token.term for token in analyse(there)} != set()
    first, second = sorted((here, there), key=lambda word: word.isascii())
    return set(reason.pair) == {here, there} and (means(fold(first), second) or same_meaning(fold(first), fold(second)))


def main() -> None:
    """Measures every world."""
    parser = argparse.ArgumentParser(prog="./run bench explanations", description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--pairs", type=int, default=150)
    given = parser.parse_args()
    measure(worlds.use2research(given.data), given.pairs)
    measure(worlds.firm2univ(given.data), given.pairs)
    measure(worlds.bilingual(given.data, "zh", "en"), given.pairs)
    for asked, offered in (("zh", "zh"), ("en", "en"), ("zh", "en"), ("hant", "zh")):
        measure(
            hant(worlds.demo(("zh",), ("zh",))) if asked == "hant" else worlds.demo((asked,), (offered,)), given.pairs
        )


def hant(world: worlds.World) -> worlds.World:
    """The same world with its challenges in traditional characters."""
    convert = import_module("opencc").OpenCC("s2hk").convert
    asked = [
        replace(one, passages=tuple(replace(part, text=convert(part.text)) for part in one.passages))
        for one in world.challenges
    ]
    return world._replace(name="demo, zh-Hant → zh-Hans", challenges=asked)


if __name__ == "__main__":
    main()
