"""Reads a text for its motive: shared words of both languages, groups of cue words, and what is denied or merely said by habit.

The quadrant model weighs these marks. Chinese words count as the English words the glossary gives for them, so that a text and
its translation are judged by one set of weights; a Chinese word may carry a weight of its own on top.
"""

import json
import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from matchmaker.engine import glossary, text
from matchmaker.engine.errors import MissingModelError

PATTERNS = Path(__file__).parent / "data" / "pasteur_cues.json"
CUE = "cue:"  # prefix of a cue group's key
OWN = "zh:"  # prefix of a Chinese word's own key
SCOPE = 120  # characters that a denial reaches when no punctuation ends it
SCOPE_ZH = 24

_HAN_RUN = re.compile(f"[{text.HAN}]+")


class Mark(NamedTuple):
    """One feature where it stands: `amount` is its part of an occurrence, below zero where the text denies the motive."""

    key: str
    amount: float
    start: int
    end: int


class Patterns(NamedTuple):
    """The compiled word lists of data/pasteur_cues.json; every pattern runs over folded text."""

    groups: dict[str, re.Pattern[str]]
    leans: dict[str, tuple[str, float]]
    negation: re.Pattern[str]
    negation_zh: re.Pattern[str]
    stop: re.Pattern[str]
    stop_zh: re.Pattern[str]
    stock: re.Pattern[str]
    register: frozenset[str]


class Reading(NamedTuple):
    """The marks of one text and how many words it has, a Chinese word counting as one."""

    marks: list[Mark]
    words: int


def read(written: str) -> Reading:
    """Returns the marks of a text, places referring to the text as written."""
    folded = text.fold_with_places(written)
    known = patterns()
    denied = _denied(folded.text)
    habit = [found.span() for found in known.stock.finditer(folded.text)]
    marks = []
    for key, count, start, end in _found(folded.text):
        if _inside(start, end, habit):
            continue
        turned = _inside(start, end, denied)
        if turned and not key.startswith(CUE):
            continue
        marks.append(Mark(key, -count if turned else count, folded.starts[start], folded.ends[end - 1]))
    return Reading(marks, _words(folded.text))


def _found(folded: str) -> Iterator[tuple[str, float, int, int]]:
    """Yields (key, count, start, end) of cue groups, Chinese words and Latin words, in this order."""
    for name, pattern in patterns().groups.items():
        for found in pattern.finditer(folded):
            yield CUE + name, 1.0, found.start(), found.end()
    for run in _HAN_RUN.finditer(folded):
        yield from _chinese(run.group(), run.start())
    for token in text.analyse(_HAN_RUN.sub(lambda run: " " * len(run.group()), folded)):
        yield token.term, 1.0, token.start, token.end


def _chinese(run: str, offset: int) -> Iterator[tuple[str, float, int, int]]:
    for start, end in glossary.full().pieces(run):
        word = run[start:end]
        if word in text.stop_words():
            continue
        yield OWN + word, 1.0, offset + start, offset + end
        for stem, count in _reading(word):
            yield stem, count, offset + start, offset + end


@lru_cache(maxsize=50_000)
def _reading(word: str) -> tuple[tuple[str, float], ...]:
    """Returns the English stems a Chinese word stands for; alternatives share its one occurrence."""
    counts: dict[str, float] = {}
    for phrase, weight in glossary.full().alternatives(word):
        for token in text.analyse(phrase):
            counts[token.term] = counts.get(token.term, 0.0) + weight
    return tuple(counts.items())


def _denied(folded: str) -> list[tuple[int, int]]:
    """Returns the stretches in which a motive is denied: from the denial to the end of its clause."""
    known = patterns()
    spans = []
    for start, stop, reach in ((known.negation, known.stop, SCOPE), (known.negation_zh, known.stop_zh, SCOPE_ZH)):
        for found in start.finditer(folded):
            end = stop.search(folded, found.end())
            spans.append((found.start(), min(end.start() if end else len(folded), found.end() + reach)))
    return spans


def _inside(start: int, end: int, spans: list[tuple[int, int]]) -> bool:
    return any(first <= start and end <= last for first, last in spans)


def _words(folded: str) -> int:
    """Counts words; a run of Chinese counts by dictionary words where known, else by characters."""
    latin = sum(1 for _ in re.finditer(r"[a-z]+(?:[-'][a-z]+)*", folded))
    han = 0
    for run in _HAN_RUN.finditer(folded):
        pieces = list(glossary.full().pieces(run.group()))
        han += len(pieces) + len(run.group()) - sum(end - start for start, end in pieces)
    return latin + han


@lru_cache(maxsize=1)
def patterns() -> Patterns:
    """Loads and compiles the shipped word lists once."""
    try:
        data: dict[str, Any] = json.loads(PATTERNS.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise MissingModelError(f"the cue words of the quadrant cannot be read: {error}") from error
    groups = {name: _either(group["en"], group["zh"]) for name, group in data["groups"].items()}
    leans = {CUE + name: (group["axis"], group["lean"]) for name, group in data["groups"].items()}
    negation = data["negation"]
    return Patterns(
        groups,
        leans,
        _either(negation["en"], ()),
        _either((), negation["zh"]),
        re.compile(negation["en_end"]),
        re.compile(negation["zh_end"]),
        _either(data["stock"]["en"], data["stock"]["zh"]),
        frozenset(data["register"]),
    )


def _either(english: Any, chinese: Any) -> re.Pattern[str]:
    """Joins patterns; an English one must not start or end inside a Latin word."""
    parts = [rf"(?<![a-z0-9])(?:{'|'.join(english)})(?![a-z0-9])"] if english else []
    return re.compile("|".join([*parts, *chinese]))
