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
_ASIAN = re.compile(f"[{text.HAN}\u3000-\u303f\uff00-\uffef]")
_LATIN_WORD = re.compile(r"[a-z]+(?:[-'][a-z]+)*")

Run = tuple[int, str, list[tuple[int, int]]]  # where a run of Chinese starts, the run, its words as (start, end)


class Mark(NamedTuple):
    """One feature where it stands: `amount` is its part of an occurrence, below zero where the text denies the motive."""

    key: str
    amount: float
    start: int
    end: int


class Patterns(NamedTuple):
    """The compiled word lists of data/pasteur_cues.json; every pattern runs over folded text."""

    groups: re.Pattern[str]
    groups_zh: re.Pattern[str]
    leans: dict[str, tuple[str, float]]
    negation: re.Pattern[str]
    negation_zh: re.Pattern[str]
    stop: re.Pattern[str]
    stop_zh: re.Pattern[str]
    stock: re.Pattern[str]
    stock_zh: re.Pattern[str]
    register: frozenset[str]


class Reading(NamedTuple):
    """The marks of one text and how many words it has, a Chinese word counting as one."""

    marks: list[Mark]
    words: int


def read(written: str) -> Reading:
    """Returns the marks of a text, places referring to the text as written."""
    folded = text.fold_with_places(written)
    runs = [
        (run.start(), run.group(), list(glossary.full().pieces(run.group()))) for run in _HAN_RUN.finditer(folded.text)
    ]
    denied, habit = _denied(folded.text, bool(runs)), _habit(folded.text, bool(runs))
    marks = []
    for key, amount, start, end in _found(folded.text, runs):
        if habit and _inside(start, end, habit):
            continue
        turned = bool(denied) and _inside(start, end, denied)
        if turned and not key.startswith(CUE):
            continue
        marks.append(Mark(key, -amount if turned else amount, folded.starts[start], folded.ends[end - 1]))
    han = sum(len(pieces) + len(run) - sum(end - start for start, end in pieces) for _, run, pieces in runs)
    return Reading(marks, han + sum(1 for _ in _LATIN_WORD.finditer(folded.text)))


def _found(folded: str, runs: list[Run]) -> Iterator[tuple[str, float, int, int]]:
    """Yields (key, amount, start, end) of cue groups, Chinese words and Latin words, in this order."""
    known = patterns()
    for pattern in (known.groups, known.groups_zh) if runs else (known.groups,):
        for found in pattern.finditer(folded):
            yield f"{CUE}{found.lastgroup}", 1.0, found.start(), found.end()
    for offset, run, pieces in runs:
        for start, end in pieces:
            word = run[start:end]
            for key, amount in _reading(word):
                yield key, amount, offset + start, offset + end
    latin = _ASIAN.sub(" ", folded) if runs else folded
    if not runs or _LATIN_WORD.search(latin):
        for token in text.analyse(latin):
            yield token.term, 1.0, token.start, token.end


@lru_cache(maxsize=50_000)
def _reading(word: str) -> tuple[tuple[str, float], ...]:
    """Returns a Chinese word's own key and the English stems it stands for; alternatives share its one occurrence."""
    if word in text.stop_words():
        return ()
    counts = {OWN + word: 1.0}
    for phrase, weight in glossary.full().alternatives(word):
        for token in text.analyse(phrase):
            counts[token.term] = counts.get(token.term, 0.0) + weight
    return tuple(counts.items())


def _denied(folded: str, chinese: bool) -> list[tuple[int, int]]:
    """Returns the stretches in which a motive is denied: from the denial to the end of its clause."""
    known = patterns()
    rules = [(known.negation, known.stop, SCOPE)]
    if chinese:
        rules.append((known.negation_zh, known.stop_zh, SCOPE_ZH))
    spans = []
    for start, stop, reach in rules:
        for found in start.finditer(folded):
            end = stop.search(folded, found.end())
            spans.append((found.start(), min(end.start() if end else len(folded), found.end() + reach)))
    return spans


def _habit(folded: str, chinese: bool) -> list[tuple[int, int]]:
    """Returns the stock phrases: said of nearly everything, so no evidence of anything."""
    known = patterns()
    found = [phrase.span() for phrase in known.stock.finditer(folded)]
    return found + [phrase.span() for phrase in known.stock_zh.finditer(folded)] if chinese else found


def _inside(start: int, end: int, spans: list[tuple[int, int]]) -> bool:
    return any(first <= start and end <= last for first, last in spans)


@lru_cache(maxsize=1)
def patterns() -> Patterns:
    """Loads and compiles the shipped word lists once."""
    try:
        data: dict[str, Any] = json.loads(PATTERNS.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise MissingModelError(f"the cue words of the quadrant cannot be read: {error}") from error
    groups, negation, stock = data["groups"], data["negation"], data["stock"]
    return Patterns(
        groups=_english([f"(?P<{name}>{'|'.join(group['en'])})" for name, group in groups.items()]),
        groups_zh=re.compile("|".join(f"(?P<{name}>{'|'.join(group['zh'])})" for name, group in groups.items())),
        leans={CUE + name: (group["axis"], group["lean"]) for name, group in groups.items()},
        negation=_english(negation["en"]),
        negation_zh=re.compile("|".join(negation["zh"])),
        stop=re.compile(negation["en_end"]),
        stop_zh=re.compile(negation["zh_end"]),
        stock=_english(stock["en"]),
        stock_zh=re.compile("|".join(stock["zh"])),
        register=frozenset(data["register"]),
    )


def _english(alternatives: list[str]) -> re.Pattern[str]:
    """Joins patterns that must not start or end inside a word."""
    return re.compile(rf"(?<![a-z0-9])(?:{'|'.join(alternatives)})(?![a-z0-9])")
