"""Takes a relevance apart: what each term and each evidence item adds, exactly, and where its words stand in both texts.

relevance = sum over items i of w_i * sum over terms t of q_t d_it, divided by (raw score + half), so every (item, term) has its
own addend and they sum to the relevance. Reasons only group these addends into readable phrases; they never make any up.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from matchmaker.engine.config import EngineConfig
from matchmaker.engine.documents import MatchDocument, Passage, TermPair
from matchmaker.engine.glossary import full, pair_for
from matchmaker.engine.results import EvidenceShare, Reason, Span, Twin
from matchmaker.engine.scoring import pool_norms
from matchmaker.engine.text import analyse, fold, has_han, is_word, means, same_meaning
from matchmaker.engine.vectors import Floats, Hashes, Row

LONGEST_PHRASE = 60  # characters of a shown phrase
READINGS = 3  # of a Chinese word count when its English twin is looked for

Place = tuple[int, int, int]  # passage, start, end


@dataclass(frozen=True, slots=True)
class Contributions:
    """Is the exact table of addends, items by terms; it sums to the relevance."""

    hashes: Hashes
    items: tuple[str, ...]
    table: Floats
    raw: float

    def by_item(self) -> Floats:
        """Returns what each item adds."""
        return np.asarray(self.table.sum(axis=1))


class Mark(NamedTuple):
    """One shared term: what it adds over all items, and where it stands in the challenge and in its best item."""

    term: str
    value: float
    challenge: Place
    item: int
    capability: Place


class Sides(NamedTuple):
    """Both texts as they were written: the challenge's passages, and those of each of the capability's items."""

    challenge: Sequence[Passage]
    capability: Mapping[str, Sequence[Passage]]
    pairs: Sequence[TermPair] = ()


def sides_of(challenge: MatchDocument, capability: MatchDocument) -> Sides:
    """Orders the passages as the rows count them."""
    passages = [passage for _, group in challenge.items() for passage in group]
    return Sides(passages, dict(capability.items()), challenge.pairs)


def contributions(challenge: Row, items: Sequence[tuple[str, Row]], config: EngineConfig) -> Contributions:
    """Fills the table of addends for one pair."""
    products = np.zeros((len(items), len(challenge)))
    for place, (_, row) in enumerate(items):
        mine, theirs = _shared(challenge.hashes, row.hashes)
        products[place, mine] = challenge.values[mine].astype(np.float64) * row.values[theirs].astype(np.float64)
    scores = products.sum(axis=1)
    weights = np.zeros(len(items))
    weights[np.lexsort((np.arange(len(items)), -scores))] = config.text.pool_decay ** np.arange(len(items))
    weights /= pool_norms(np.array([len(items)]), config.text.pool_decay)[0] or 1.0
    pooled = products * weights[:, None]
    raw = float(pooled.sum())
    used = np.flatnonzero(pooled.any(axis=0))
    keys = tuple(key for key, _ in items)
    return Contributions(challenge.hashes[used], keys, pooled[:, used] / (raw + config.relevance_half), raw)


def evidence_shares(found: Contributions) -> tuple[EvidenceShare, ...]:
    """Returns each item's part of the relevance, largest first; the parts add up to one."""
    adds = found.by_item()
    total = float(adds.sum()) or 1.0
    shares = [EvidenceShare(key, float(value) / total) for key, value in zip(found.items, adds, strict=True)]
    return tuple(sorted(shares, key=lambda share: (-share.share, share.key)))


def reasons(
    found: Contributions,
    challenge: Row,
    items: Sequence[tuple[str, Row]],
    names: Mapping[int, str],
    sides: Sides,
    config: EngineConfig,
) -> tuple[Reason, ...]:
    """Returns the strongest shared phrases with their places in both texts; what one phrase covers is counted once."""
    marks = _marks(found, challenge, items, names)
    relevance = float(found.table.sum()) or 1.0
    groups = [(sum(mark.value for mark in group), group) for group in _grouped(marks, sides.challenge)]
    groups.sort(key=lambda pair: (-pair[0], pair[1][0].term))
    told: list[Reason] = []
    for value, group in groups:
        if len(told) == config.reasons:
            break
        if reason := _told(group, value, value / relevance, found.items, sides):
            told.append(reason)
    return with_twins(told, sides)


def with_twins(told: Sequence[Reason], sides: Sides) -> tuple[Reason, ...]:
    """Adds to each word that stands in both texts the same in the other language, where both texts hold that too."""
    mine = _words_of(sides.challenge)
    shared: dict[str, dict[str, Twin]] = {}
    made = []
    for reason in told:
        if reason.evidence not in shared:
            shared[reason.evidence] = _twins(mine, _words_of(sides.capability[reason.evidence]))
        twins = shared[reason.evidence].get(_stems(reason.term)) if reason.pair is None else None
        made.append(replace(reason, also=twins) if twins else replace(reason, gloss=gloss_of(reason)))
    return tuple(made)


def gloss_of(reason: Reason) -> str:
    """Returns what a word is called in the other language; "" for a pair, which says it, and for a word the sciences do not know.

    Everyday readings are not asked: without the sentence around it, 颗粒 may be a kernel as well as a particle.
    """
    known = None if reason.pair else pair_for(_folded(reason.term))
    return known[has_han(reason.term)] if known else ""


def _twins(mine: Mapping[str, tuple[str, Span]], theirs: Mapping[str, tuple[str, Span]]) -> dict[str, Twin]:
    """Returns for each shared word, by its terms, the shared word of the other language that means the same."""
    both = {key: Twin(mine[key][0], mine[key][1], theirs[key][1]) for key in mine if key in theirs}
    found: dict[str, Twin] = {}
    for key in both:
        for phrase, _ in full().alternatives(key)[:READINGS] if has_han(key) else ():
            english = _stems(phrase)
            if english in both and not has_han(english):
                found.setdefault(key, both[english])
                found.setdefault(english, both[key])
    return found


def _words_of(passages: Sequence[Passage]) -> dict[str, tuple[str, Span]]:
    """Returns every word of some passages, and every two neighbouring ones that are a term, with its first place."""
    found: dict[str, tuple[str, Span]] = {}
    for passage in passages:
        for key, start, end in _words(passage.text):
            found.setdefault(key, (passage.text[start:end], Span(passage.field, start, end)))
    return found


@lru_cache(maxsize=2_000)
def _words(text: str) -> tuple[tuple[str, int, int], ...]:
    tokens = [token for token in analyse(text) if is_word(token.term)]
    single = [(token.term, token.start, token.end) for token in tokens]
    return (*single, *_couples(text, single))


def _couples(text: str, words: Sequence[tuple[str, int, int]]) -> Iterator[tuple[str, int, int]]:
    for (first, start, middle), (second, after, end) in pairwise(words):
        if has_han(first) and has_han(second):
            if middle == after and first + second in full():
                yield first + second, start, end
        elif text[middle:after] in (" ", "-") and not has_han(first + second):
            yield f"{first} {second}", start, end


@lru_cache(maxsize=20_000)
def _stems(surface: str) -> str:
    return " ".join(token.term for token in analyse(surface))


def _marks(
    found: Contributions, challenge: Row, items: Sequence[tuple[str, Row]], names: Mapping[int, str]
) -> list[Mark]:
    """Names every shared term and finds its first place in both texts."""
    totals = found.table.sum(axis=0)
    best = found.table.argmax(axis=0)
    mine = np.searchsorted(challenge.hashes, found.hashes)
    marks = []
    for column, name in enumerate(found.hashes):
        item = int(best[column])
        row = items[item][1]
        theirs = int(np.searchsorted(row.hashes, name))
        here, there = challenge.spans[mine[column]].tolist(), row.spans[theirs].tolist()
        marks.append(Mark(names[int(name)], float(totals[column]), tuple(here), item, tuple(there)))
    return marks


def _grouped(marks: list[Mark], passages: Sequence[Passage]) -> list[list[Mark]]:
    """Puts together the words of a phrase, terms that overlap in both texts, and terms of one word of the challenge."""
    leader = list(range(len(marks)))

    def find(place: int) -> int:
        while leader[place] != place:
            leader[place] = leader[leader[place]]
            place = leader[place]
        return place

    by_term = {mark.term: place for place, mark in enumerate(marks)}
    claimed: set[int] = set()
    for place in sorted(range(len(marks)), key=lambda number: (-marks[number].value, marks[number].term)):
        for part in marks[place].term.split(" ") if " " in marks[place].term else ():
            word = by_term.get(part)
            if word is not None and word not in claimed:
                claimed.add(word)
                leader[find(word)] = find(place)
    surfaces: dict[str, int] = {}
    order = sorted(range(len(marks)), key=lambda number: (marks[number].challenge, marks[number].term))
    for before, place in zip([None, *order], order, strict=False):
        passage, start, end = marks[place].challenge
        surface = _folded(passages[passage].text[start:end])
        leader[find(place)] = find(surfaces.setdefault(surface, place))
        if before is not None and _overlap_twice(marks[before], marks[place]):
            leader[find(place)] = find(before)
    groups: dict[int, list[Mark]] = {}
    for place, mark in enumerate(marks):
        groups.setdefault(find(place), []).append(mark)
    return list(groups.values())


def _told(group: list[Mark], value: float, share: float, keys: Sequence[str], sides: Sides) -> Reason | None:
    """Says a group by the best of its terms that can be shown: the same word in both texts, or a pair the glossary knows."""

    def order(mark: Mark) -> tuple[bool, bool, int, float, str]:
        here, there = _surfaces(mark, keys, sides)
        other_script = has_han(here) != has_han(there)
        return _folded(here) != _folded(there), other_script, -mark.term.count(" "), -mark.value, mark.term

    for lead in sorted((mark for mark in group if is_word(mark.term)), key=order):
        for mark in (_widened(lead, group), lead):
            here, there = _surfaces(mark, keys, sides)
            same = _terms(here) == _terms(there)
            if not is_word(_folded(here)) or not is_word(_folded(there)):
                continue
            if same or _known_pair(here, there, sides.pairs):
                return Reason(
                    term=here,
                    share=share,
                    evidence=keys[mark.item],
                    contribution=value,
                    in_challenge=_span(mark.challenge, sides.challenge),
                    in_capability=_span(mark.capability, sides.capability[keys[mark.item]]),
                    pair=None if same else (there, here) if has_han(there) and not has_han(here) else (here, there),
                )
    return None


def _widened(lead: Mark, group: list[Mark]) -> Mark:
    """Widens a term by those that overlap it in both texts: "ion battery" by "lithium ion"."""
    for mark in sorted(group, key=lambda mark: (mark.challenge, mark.capability)):
        if _overlap_twice(lead, mark):
            here, there = _union(lead.challenge, mark.challenge), _union(lead.capability, mark.capability)
            if max(here[2] - here[1], there[2] - there[1]) <= LONGEST_PHRASE:
                lead = lead._replace(challenge=here, capability=there)
    return lead


def _known_pair(here: str, there: str, pairs: Sequence[TermPair]) -> bool:
    """Tells whether two different words may be shown as one meaning: by the glossary, or by a bridge's term pair."""
    mine, theirs = _folded(here), _folded(there)
    if has_han(here) != has_han(there):
        known = means(mine, there) if has_han(here) else means(theirs, here)
    else:
        # 分钟 and 微小 are both "minute": without a character in common, one English reading is not enough.
        known = has_han(here) and not set(mine).isdisjoint(theirs) and same_meaning(mine, theirs)
    return known or any(_terms(pair.firm) <= _terms(here) and _terms(there) <= _terms(pair.research) for pair in pairs)


@lru_cache(maxsize=20_000)
def _terms(surface: str) -> frozenset[str]:
    return frozenset(token.term for token in analyse(surface))


@lru_cache(maxsize=20_000)
def _folded(surface: str) -> str:
    return fold(surface)


def _surfaces(mark: Mark, keys: Sequence[str], sides: Sides) -> tuple[str, str]:
    (mine, start, end), (theirs, first, last) = mark.challenge, mark.capability
    return sides.challenge[mine].text[start:end], sides.capability[keys[mark.item]][theirs].text[first:last]


def _span(place: Place, passages: Sequence[Passage]) -> Span:
    passage, start, end = place
    return Span(passages[passage].field, start, end)


def _overlap_twice(one: Mark, other: Mark) -> bool:
    return (
        one.item == other.item
        and _overlap(one.challenge, other.challenge)
        and _overlap(one.capability, other.capability)
    )


def _overlap(one: Place, other: Place) -> bool:
    return one[0] == other[0] and one[1] < other[2] and other[1] < one[2]


def _union(one: Place, other: Place) -> Place:
    return one[0], min(one[1], other[1]), max(one[2], other[2])


def _shared(mine: Hashes, theirs: Hashes) -> tuple[np.ndarray[tuple[int], np.dtype[np.intp]], ...]:
    """Returns the places of the common terms in two rising lists."""
    _, first, second = np.intersect1d(mine, theirs, assume_unique=True, return_indices=True)
    return first, second
