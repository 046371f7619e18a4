"""Cuts Chinese, English and mixed text into terms that know where they stand in the text as written.

Light on purpose: the site's search uses it in web processes. The Chinese dictionaries are loaded by the first Chinese text.
"""

import re
import sys
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from importlib import import_module
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path
from types import ModuleType
from typing import Any, Literal, NamedTuple

from matchmaker.engine.glossary import Glossary, full, science

DATA = Path(__file__).parent / "data"
LONGEST_WORD = 60  # longer runs of letters are codes or noise; they are cut, so that stemming stays linear

HAN = "\u3005\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_HAN_RUN = re.compile(f"[{HAN}]+")
_ADDRESS = r"(?:https?://|www\.)[!-~]+|[a-z0-9_.+-]{1,64}@[a-z0-9-]{1,64}(?:\.[a-z0-9-]{1,64})+"
_RUN = re.compile(
    rf"(?P<address>(?<![a-z0-9_.+-])(?:{_ADDRESS}))|(?P<han>[{HAN}]+)|(?P<word>[^\W_{HAN}]+(?:[-'’‐‑–][^\W_{HAN}]+)*)"
)
_PIECE = re.compile(r"[^\W_]+")
_HYPHENS = re.compile("[-‐‑–]")
# Invisible marks inside a word are skipped; marks that turn the writing direction end the word, so no shown word holds one.
_VARIANTS = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]")  # choose a drawing of the sign before them
_VOICED = frozenset("\uff9e\uff9f")  # half-width marks that belong to the sign before them
_TURNS = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")

Language = Literal["zh", "en", "mixed", ""]


class Token(NamedTuple):
    """One term: `term` is the key that is compared, `surface` is text[start:end] as its author wrote it."""

    term: str
    start: int
    end: int
    surface: str


class SharedTerm(NamedTuple):
    """One term of the space that both languages share, with its weight and place in the text as written."""

    term: str
    weight: float
    start: int
    end: int


class Folded(NamedTuple):
    """A text made comparable, with the place in the original of each of its characters (and one place for the end)."""

    text: str
    starts: list[int]
    ends: list[int]


def analyse(text: str) -> list[Token]:
    """Returns the terms of a text in reading order; linear in its length and never fails on strange characters."""
    folded = fold_with_places(text)
    tokens = []
    for term, start, end in _cut(folded.text):
        first, last = folded.starts[start], folded.ends[end - 1]
        tokens.append(Token(term, first, last, text[first:last]))
    return tokens


def shared_terms(
    text: str, glossary: Glossary | None = None, meaning: float = 1.0, phrase: float = 0.0, chinese: float = 1.0
) -> list[SharedTerm]:
    """Returns the terms of `analyse` and, for Chinese, the English stems its words stand for, in one space.

    An English word weighs one, a Chinese word `chinese`, its English readings share `meaning`. `phrase` is the weight of two
    neighbouring English stems taken together ("ion batteri"), from English text and from readings alike.
    """
    folded = fold_with_places(text)
    cuts = list(_cut(folded.text))
    weighed = [(term, chinese if _HAN_RUN.match(term) else 1.0, start, end) for term, start, end in cuts]
    if phrase:
        weighed += [(term, phrase, start, end) for term, start, end in _neighbours(cuts)]
    if meaning:
        weighed += _meanings(folded.text, glossary or full(), meaning, phrase)
    return [
        SharedTerm(term, weight, folded.starts[start], folded.ends[end - 1]) for term, weight, start, end in weighed
    ]


def _meanings(text: str, glossary: Glossary, meaning: float, phrase: float) -> Iterator[tuple[str, float, int, int]]:
    """Yields (stem, weight, start, end) of what the Chinese words of a folded text stand for."""
    for run in _HAN_RUN.finditer(text):
        for start, end in glossary.pieces(run.group()):
            for term, weight, first, last in readings(run.group()[start:end], glossary, phrase):
                yield term, meaning * weight, run.start() + start + first, run.start() + start + last


@lru_cache(maxsize=50_000)
def readings(word: str, glossary: Glossary, phrase: float = 0.0) -> tuple[tuple[str, float, int, int], ...]:
    """Returns the English stems that a folded Chinese word stands for: (stem, part of the weight, start, end in the word).

    In a long word a stem is placed at the shorter word that has this reading too: "network" at 网络 of 神经网络.
    """
    if word in stop_words():
        return ()
    weights: dict[str, float] = {}
    for english, weight in glossary.alternatives(word):
        cuts = list(_cut(english))
        for term, _, _ in cuts:
            weights[term] = weights.get(term, 0.0) + weight / len(cuts)
        for term, _, _ in _neighbours(cuts) if phrase else ():
            weights[term] = weights.get(term, 0.0) + weight * phrase
    places = _inner_places(word, glossary) if len(weights) > 1 else {}
    return tuple((term, weight, *_place_of(term, places, len(word))) for term, weight in weights.items())


def _inner_places(word: str, glossary: Glossary) -> dict[str, tuple[int, int]]:
    """Returns where the shorter words inside a word stand, by the stems they stand for; the shortest word of a stem counts."""
    places: dict[str, tuple[int, int]] = {}
    for length in range(2, len(word)):
        for start in range(len(word) - length + 1):
            for english, _ in glossary.alternatives(word[start : start + length]):
                for term, _, _ in _cut(english):
                    places.setdefault(term, (start, start + length))
    return places


def _place_of(term: str, places: dict[str, tuple[int, int]], length: int) -> tuple[int, int]:
    """Returns the place of a stem, or of all stems of a phrase together; the whole word when one of them is not placed."""
    found = [places.get(part, (0, length)) for part in term.split(" ")]
    return min(start for start, _ in found), max(end for _, end in found)


def _neighbours(cuts: list[tuple[str, int, int]]) -> Iterator[tuple[str, int, int]]:
    """Yields two Latin terms with at most one character between them as one term."""
    latin: list[tuple[str, int, int]] = []
    for cut in cuts:
        joined = latin and cut[1] < latin[-1][2]  # "lithiumion" after its parts
        if not joined and not _HAN_RUN.match(cut[0]):
            latin.append(cut)
    for (first, start, middle), (second, next_start, end) in pairwise(latin):
        if 0 <= next_start - middle <= 1:
            yield f"{first} {second}", start, end


def fold(text: str) -> str:
    """Returns the text as it is compared: NFKC, simplified characters, lower case."""
    return fold_with_places(text).text


def language_of(text: str) -> Language:
    """Tells zh, en (any alphabet), mixed or nothing; a Chinese character counts like one and a half letters' word."""
    han = sum(len(run) for run in _HAN_RUN.findall(text))
    words = sum(1 for found in _RUN.finditer(text) if found.lastgroup == "word" and found.group().isalpha())
    if not han and not words:
        return ""
    share = han / (han + 1.5 * words)
    return "zh" if share > 0.8 else "en" if share < 0.2 else "mixed"


def fold_with_places(text: str) -> Folded:
    """Folds a text and keeps where each character comes from; compatibility forms and traditional characters may change lengths."""
    if text.isascii():
        return Folded(text.lower(), list(range(len(text))), list(range(1, len(text) + 1)))
    chars: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for start, end in _clusters(text):
        for char in _normal(text[start:end]):
            chars.append(char)
            starts.append(start)
            ends.append(end)
    return _simplified(Folded("".join(chars), starts, ends))


def _clusters(text: str) -> Iterator[tuple[int, int]]:
    """Yields (start, end) of each character with the combining marks that follow it."""
    start = 0
    for place in range(1, len(text) + 1):
        if place == len(text) or not (unicodedata.combining(text[place]) or text[place] in _VOICED):
            if place > start:
                yield start, place
            start = place


@lru_cache(maxsize=20_000)
def _normal(cluster: str) -> str:
    """Normalises one character; an invisible mark becomes nothing, a turn of direction or a control a space."""
    if cluster[0] in _TURNS:
        return " "
    kind = unicodedata.category(cluster[0])
    if kind == "Cf" or _VARIANTS.match(cluster):
        return ""
    if kind in ("Cc", "Cs"):
        return " "
    return unicodedata.normalize("NFKC", cluster).lower()


def _simplified(folded: Folded) -> Folded:
    """Turns traditional into simplified characters, run by run, so that places stay known."""
    text, starts, ends = folded
    parts: list[str] = []
    new_starts: list[int] = []
    new_ends: list[int] = []
    done = 0
    for run in _HAN_RUN.finditer(text):
        start, end = run.span()
        parts.append(text[done:start])
        new_starts += starts[done:start]
        new_ends += ends[done:start]
        for piece, first, last in _convert(run.group()):
            parts.append(piece)
            spread = last - first == len(piece)
            new_starts += starts[start + first : start + last] if spread else [starts[start + first]] * len(piece)
            new_ends += ends[start + first : start + last] if spread else [ends[start + last - 1]] * len(piece)
        done = end
    parts.append(text[done:])
    return Folded("".join(parts), new_starts + starts[done:], new_ends + ends[done:])


def _convert(run: str) -> list[tuple[str, int, int]]:
    """Converts a Chinese run as a whole; character by character should its length change."""
    simple = _opencc().convert(run)
    if len(simple) == len(run):
        return [(simple, 0, len(run))]
    return [(_opencc().convert(char), place, place + 1) for place, char in enumerate(run)]


def _cut(text: str) -> Iterator[tuple[str, int, int]]:
    """Yields (term, start, end) over folded text."""
    for found in _RUN.finditer(text):
        if found.lastgroup == "han":
            yield from _cut_han(found.group(), found.start())
        elif found.lastgroup == "word":  # web and mail addresses say nothing of the subject
            yield from _cut_word(found.group(), found.start())


def _cut_word(word: str, offset: int) -> Iterator[tuple[str, int, int]]:
    """Yields the parts of a Latin word and, for a hyphenated compound, the parts joined: "lithium-ion" also as "lithiumion"."""
    word = word.replace("’", "'")
    word = word.removesuffix("'s")
    pieces = [(piece.group(), piece.start(), piece.end()) for piece in _PIECE.finditer(word)]
    for piece, start, end in pieces:
        for place in range(start, end, LONGEST_WORD):
            part = piece[place - start : place - start + LONGEST_WORD]
            if term := _latin_term(part):
                yield term, offset + place, offset + place + len(part)
    if len(pieces) > 1 and len(word) <= LONGEST_WORD and _HYPHENS.search(word):
        joined = "".join(piece for piece, _, _ in pieces)
        if not joined.isdigit():
            yield stem(joined), offset, offset + len(word)


def _latin_term(word: str) -> str:
    """Returns the stem of a word, or "" for a stop word, a single letter or a number without letters."""
    if len(word) < 2 or word in stop_words() or word.isdigit():
        return ""
    return stem(word)


def _cut_han(run: str, offset: int) -> Iterator[tuple[str, int, int]]:
    """Yields dictionary words, and of words the dictionary does not know also the pairs of characters."""
    jieba = _jieba()
    for word, start, end in jieba.tokenize(run, "default", True):
        if word in stop_words():
            continue
        yield word, offset + start, offset + end
        if end - start > 2:
            yield from _inside(word, offset + start)


def _inside(word: str, offset: int) -> Iterator[tuple[str, int, int]]:
    """Yields the shorter words inside a long one; every pair of characters where the dictionary does not know the long one."""
    jieba = _jieba()
    known = jieba.has_word(word)
    for place in range(len(word) - 1):
        pair = word[place : place + 2]
        if pair not in stop_words() and (not known or jieba.has_word(pair)):
            yield pair, offset + place, offset + place + 2


def is_word(term: str) -> bool:
    """Tells whether a folded term reads as a word of its own, unlike a lone character or a pair cut out of an unknown word."""
    if not _HAN_RUN.fullmatch(term) or len(term) > 2:
        return True
    return term in science() or (len(term) == 2 and (bool(_jieba().has_word(term)) or term in full()))


@lru_cache(maxsize=20_000)
def means(chinese: str, english: str) -> bool:
    """Tells whether the glossary gives a folded Chinese word just these English words, in whatever form they stand."""
    stems = {token.term for token in analyse(english)}
    for phrase, _ in full().alternatives(chinese)[:3]:
        reading = {token.term for token in analyse(phrase)}
        if reading and reading <= stems and len(stems) <= len(reading) + 1:
            return True
    return False


def same_meaning(one: str, other: str) -> bool:
    """Tells whether two folded Chinese words have the same first reading."""
    first, second = full().alternatives(one), full().alternatives(other)
    return bool(first and second) and first[0].phrase == second[0].phrase


def has_han(text: str) -> bool:
    """Tells whether a text holds a Chinese character."""
    return _HAN_RUN.search(text) is not None


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """Returns the Snowball stem of an English word; other words come back as they are."""
    return str(_stemmer().stemWord(word)) if word.isascii() and word.isalpha() else word


@lru_cache(maxsize=1)
def stop_words() -> frozenset[str]:
    """Returns the words of both languages that carry no subject."""
    names = ("stop_words_en.txt", "stop_words_zh.txt")
    return frozenset(word for name in names for word in (DATA / name).read_text(encoding="utf-8").split())


@lru_cache(maxsize=1)
def _stemmer() -> Any:
    """Loads the English stemmer alone: the package's own entrance loads forty languages and 10 MiB."""
    found = find_spec("snowballstemmer")
    if found is None:
        raise ModuleNotFoundError("snowballstemmer")
    package = ModuleType("_matchmaker_snowball")
    package.__path__ = list(found.submodule_search_locations or ())
    sys.modules[package.__name__] = package
    return import_module("_matchmaker_snowball.english_stemmer").EnglishStemmer()


@lru_cache(maxsize=1)
def _opencc() -> Any:
    return import_module("opencc").OpenCC("t2s")


@lru_cache(maxsize=1)
def _jieba() -> Any:
    return import_module("rjieba")
