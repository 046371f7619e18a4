"""Says by which terms a text is found, and what the words of a query ask for, so that either language finds the other.

English stems are the space that both share: a text holds its own terms and the stems its Chinese words stand for. A Chinese word
of a query is there as itself, by its pairs of characters, or as one of its readings. Web processes answer queries: this loads
neither the segmenter (32 MiB) nor the full dictionary.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

from matchmaker.engine.glossary import Glossary, science, small
from matchmaker.engine.text import HAN, Token, analyse, fold, fold_with_places, stop_words

_HAN_RUN = re.compile(f"[{HAN}]+")

Need = tuple[frozenset[str], ...]
"""Sets of terms of which a text must hold one whole."""


def terms_of(text: str) -> set[str]:
    """Returns the terms by which a text is found in both languages."""
    folded = fold(text)
    terms = {token.term for token in _latin(folded)}
    for run in _HAN_RUN.findall(folded):
        terms |= _pairs(run)
        for start, end, term in _words(run):
            terms |= _pairs(run[start:end])
            terms.update(*_readings(run[start:end]), *_readings(term))
    return terms


def needs_of(query: str) -> list[Need]:
    """Returns what each word of a query asks for; none when the query has no word to search by."""
    folded = fold(query)
    needs = [_spellings(group) for group in _groups(_latin(folded))]
    for run in _HAN_RUN.findall(folded):
        for start, end, term in _words(run):
            word = run[start:end]
            needs.append((_pairs(word), *_readings(word), *_readings(term)))
    return list(dict.fromkeys(tuple(dict.fromkeys(need)) for need in needs))


def words_of(text: str) -> list[Token]:
    """Returns the words of a text with their places, as a query would be cut."""
    folded = fold_with_places(text)
    cuts = [(token.term, token.start, token.end) for token in _latin(folded.text)]
    for run in _HAN_RUN.finditer(folded.text):
        cuts += [(run.group()[s:e], run.start() + s, run.start() + e) for s, e, _term in _words(run.group())]
    places = [(term, folded.starts[start], folded.ends[end - 1]) for term, start, end in cuts]
    return [Token(term, first, last, text[first:last]) for term, first, last in places]


def pairs_of(word: str) -> frozenset[str]:
    """Returns the terms that a text with this word of `words_of` holds."""
    return _pairs(word) if _HAN_RUN.fullmatch(word) else frozenset([word])


def _latin(folded: str) -> list[Token]:
    """The words of letters of a folded text."""
    return analyse(_HAN_RUN.sub(lambda run: " " * len(run.group()), folded))


def _pairs(word: str) -> frozenset[str]:
    """Chinese as pairs of characters, which need no agreement on where a word ends."""
    return frozenset(word[place : place + 2] for place in range(max(1, len(word) - 1)))


def _words(run: str) -> Iterator[tuple[int, int, str]]:
    """Yields (start, end, the term it is part of) of the words of a Chinese run; what no term explains is a word of its own."""
    glossary = small()
    unknown = 0  # characters before the place that stand alone
    for start, end in [*_tiled(run, glossary), (len(run), len(run))]:
        alone = end - start == 1 and run[start:end] not in stop_words()
        if unknown and not alone:
            yield start - unknown, start, run[start - unknown : start]
        unknown = unknown + 1 if alone else 0
        if end - start > 1 and run[start:end] not in stop_words():
            for first, last in _parts(run[start:end], glossary):
                yield start + first, start + last, run[start:end]


def _tiled(run: str, glossary: Glossary) -> Iterator[tuple[int, int]]:
    """Yields the longest known terms of a run and each character between them."""
    done = 0
    for start, end in [*glossary.pieces(run), (len(run), len(run))]:
        yield from ((place, place + 1) for place in range(done, start))
        if end > start:
            yield start, end
        done = end


def _parts(term: str, glossary: Glossary) -> list[tuple[int, int]]:
    """The shorter words that a term is wholly made of, "缺陷" and "检测" of "缺陷检测"; else the term."""
    for place in range(2, len(term) - 1):
        if term[:place] in glossary and term[place:] in glossary:
            rest = _parts(term[place:], glossary)
            return [(0, place), *((start + place, end + place) for start, end in rest)]
    return [(0, len(term))]


def _groups(tokens: list[Token]) -> Iterator[list[Token]]:
    """Yields each word of letters, a hyphenated one as the whole and its parts."""
    group: list[Token] = []
    for token in sorted(tokens, key=lambda token: (token.start, -token.end)):
        if group and token.end > group[0].end:
            yield group
            group = []
        group.append(token)
    if group:
        yield group


def _spellings(group: list[Token]) -> Need:
    """What a word of letters may be written as: a hyphenated one also apart, or in one word."""
    whole, *parts = (token.term for token in group)
    return (frozenset([whole]), frozenset(parts)) if parts else (frozenset([whole]),)


@lru_cache(maxsize=20_000)
def _readings(word: str) -> Need:
    """What a Chinese word stands for: the stems of each English reading. A lone character counts where the sciences know it."""
    glossary = small()
    if word not in (glossary if len(word) > 1 else science()):
        return ()
    stems = (frozenset(token.term for token in analyse(phrase)) for phrase in glossary.phrases(word))
    return tuple(dict.fromkeys(filter(None, stems)))
