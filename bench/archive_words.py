"""Mend English that a scan tore, glued or robbed of letters, and the remains of typeset formulas."""

import re
from collections import Counter
from collections.abc import Iterable
from math import log

SMALL_WORDS = frozenset("of the and to for is are was were with by from that this has have which in on as at".split())


class Words:
    """English words seen often in clean texts of the same kind, to mend words that a scan tore or glued."""

    def __init__(self, texts: Iterable[str]) -> None:
        self.counts = Counter(word for text in texts for word in re.findall(r"[a-z]{2,}", text.lower()))
        self.total = self.counts.total()

    def known(self, word: str, times: int = 3) -> bool:
        return self.counts[word.lower()] >= times

    def apart(self, text: str) -> str:
        """Put spaces back between sentences and between words glued at a capital, as in IntroductionThe."""
        text = re.sub(r"(?<=[a-z0-9)\]])([.;?!])(?=[A-Z][a-z]|\([0-9a-z]\))", r"\1 ", text)
        text = re.sub(r"(?<=[a-z)]),(?=[a-z]{3})", ", ", text)
        text = re.sub(r"(?<=[a-z]):(?=[A-Z(])", ": ", text)

        def cut(found: re.Match[str]) -> str:
            left, right = found[1], found[2]
            if self.known(left, 5) and (self.known(right, 5) or right in {"A", "I"}) and not self.known(left + right):
                return f"{left} {right}"
            return found[0]

        text = re.sub(r"\b([A-Za-z][a-z]{3,})([A-Z][a-z]{2,})\b", cut, text)
        text = re.sub(r"\b([A-Za-z][a-z]{3,})([A-Z]{2,})\b", self._before_capitals, text)
        return re.sub(r"\b([A-Za-z]{3,}) s (?=[a-z])", r"\1's ", text)  # the source lost its apostrophes

    def whole(self, text: str) -> str:
        """Mend letters that a scan lost (diferent) and words it tore (car ying), where only one reading is known."""
        text = re.sub(r"(?<=\d)[a-z]{3,}\b", lambda found: " " * self.known(found[0], 50) + found[0], text)
        text = re.sub(r"[A-Za-z]{4,}", lambda found: self._with_lost_letter(found[0]), text)
        text = re.sub(r"[A-Za-z]{5,}", lambda found: self._unglued(found[0]), text)
        text = re.sub(
            r"\b[A-Za-z]{24,}\b", lambda found: found[0] if self.counts[found[0].lower()] else " ", text
        )  # unreadable
        return re.sub(r" {2,}", " ", text).strip()

    def _before_capitals(self, found: re.Match[str]) -> str:
        """Part a known word from the capitals that follow it, as in conventionalCT."""
        parted = self._unglued(found[1])
        return f"{parted} {found[2]}" if parted != found[1] or self.known(found[1], 20) else found[0]

    def _unglued(self, run: str) -> str:
        """Part words that a scan ran together, when small words among them leave no doubt (implementationof)."""
        if self.counts[run.lower()] or run[1:].upper() == run[1:]:
            return run
        parts = self._parts(run.lower())
        if len(parts) < 2 or SMALL_WORDS.isdisjoint(parts):
            return run
        ends = [sum(map(len, parts[: count + 1])) for count in range(len(parts))]
        return " ".join(run[end - len(part) : end] for end, part in zip(ends, parts, strict=True))

    def _parts(self, run: str) -> list[str]:
        """The likeliest way to read a run of letters as known words, or nothing."""
        best: list[tuple[float, list[str]] | None] = [(0.0, []), *[None] * len(run)]
        for end in range(2, len(run) + 1):
            for start in range(max(0, end - 20), end - 1):
                before, word = best[start], run[start:end]
                if before is None or not (
                    word in SMALL_WORDS or (self.known(word, 100 if 3 < len(word) < 6 else 30) and len(word) > 3)
                ):
                    continue
                cost = before[0] + log(self.total / self.counts[word])
                known_cost = best[end]
                if known_cost is None or cost < known_cost[0]:
                    best[end] = (cost, [*before[1], word])
        last = best[-1]
        return last[1] if last else []

    def _with_lost_letter(self, word: str) -> str:
        if not word[1:].islower() or self.counts[word.lower()] > 1:
            return word
        readings = {
            word[:at] + lost + word[at:]
            for at in range(1, len(word))
            for lost in {word[at - 1]} | ({"l", "i"} if word[at - 1] == "f" else set())
        }
        common = sorted(reading for reading in readings if self.known(reading, 10))
        return common[0] if len(common) == 1 else word


FORMULA = [
    (r"\$[^$]{1,400}\$", " "),
    (r"\bd?geqs?l?a?n?t?\b|geqslant", "≥"),
    (r"\bleqs?l?a?n?t?\b|leqslant", "≤"),
    (r"(?<=\d)\s?(?:\^?circ|textdegree)\s?", "°"),
    (r"text(?:rm|sc|mu|bf)\s?(?=\S)", ""),
    (r"over(?:brace|set)", ""),
    (
        r"\\?\b(?:overbrace|stackrel|textrm|textbf|mathrm|mathbf|vec|script ?size|left|right|big|quad)(?=[\s({\[|.\\)]|[A-Z]|\b)",
        "",
    ),
    (r"(?<=[<>=\d)%.( ])(?:left|right)(?=[\s).(|]|$)", ""),
    (r"\bleft\(", "("),
    (r"mumol", "μmol"),
    (r"(?<=\d)mum\b", " μm"),
    (r"(?<=[\w)])\s?cdot\s?(?=[\w(])", "·"),
    (r"\bcdot\b", ""),
    (r"(?<=\d)\s?pm\s?(?=\d)", "±"),
    (r"(?<=\d)\s?sim\s?(?=\d)", "~"),
    (r"(?<=\d)\s?times\s?(?=\d)", "×"),
    (r"(?<=[\d%])\s(?:[Uu]s)\s(?=\d)", " vs "),
    (r"~", " "),
    (r"\s+(?=[),.;])", ""),
]


def formula(text: str) -> str:
    """Turn what a scan left of typeset formulas (400mumolcdotL-1, left(P<0.05right)) back into signs."""
    for pattern, instead in FORMULA:
        text = re.sub(pattern, instead, text)
    return re.sub(r"\s{2,}", " ", text).strip()
