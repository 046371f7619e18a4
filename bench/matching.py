"""Measures what `./run evaluate` does not: honest bilingual figures, mixed languages, faithfulness, and speed.

    ./run bench matching --data FOLDER [--only bilingual mixed faithful speed]

FOLDER holds the development files named in bench/quality.md.
"""

import argparse
import random
import re
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from matchmaker.engine import evaluation, glossary, text
from matchmaker.engine.config import DEFAULT
from matchmaker.engine.documents import EvidenceItem, MatchDocument, Passage
from matchmaker.engine.index import MatchIndex
from matchmaker.engine.vectors import Item, Statistics, items_of

LATIN = re.compile("[A-Za-z0-9\uff21-\uff3a\uff41-\uff5a\uff10-\uff19\u00c0-\u024f]+")
SEED = 7
SHOWN = 5

Record = dict[str, Any]


def ndcg(queries: Sequence[tuple[list[Item], str]], documents: Sequence[MatchDocument]) -> float:
    """Returns the mean NDCG@10 of queries with one right answer each."""
    with tempfile.TemporaryDirectory() as folder:
        pool = evaluation.make_pool(Path(folder), documents, [items for items, _ in queries], DEFAULT)
        answers = [(evaluation.ranked(pool.scores(items), 10), [gold]) for items, gold in queries]
    return float(evaluation.figures(answers).split()[1])


def query(words: str) -> list[Item]:
    """Reads a query."""
    return items_of(evaluation.challenge("q", words), DEFAULT.text)


def documents(records: Sequence[Record], words: Callable[[Record], str]) -> list[MatchDocument]:
    """Makes a candidate of each record."""
    return evaluation.candidate_documents([{"id": record["id"], "text": words(record)} for record in records], None)


def english(record: Record) -> str:
    """Returns the English title and abstract."""
    return f"{record['title_en']} {record['abstract_en']}"


def chinese(record: Record) -> str:
    """Returns the Chinese title and abstract."""
    return f"{record['title_zh']} {record['abstract_zh']}"


def with_glossary(book: glossary.Glossary, words: str) -> list[Item]:
    """Reads a query with another glossary than the shipped one."""
    shipped = text.full
    text.full = lambda: book  # type: ignore[assignment]
    try:
        return query(words)
    finally:
        text.full = shipped


def bilingual(records: Sequence[Record]) -> None:
    """Asks in Chinese for English papers: with the shipped glossary, without each query's own keywords, and with CC-CEDICT alone."""
    candidates = documents(records, english)
    for name, keywords in (("titles and keywords", True), ("titles", False)):
        asked = [
            LATIN.sub(" ", " ".join([one["title_zh"], *(one["keywords_zh"] if keywords else ())])) for one in records
        ]
        golds = [record["id"] for record in records]
        shipped = [(query(words), gold) for words, gold in zip(asked, golds, strict=True)]
        own = [
            (with_glossary(without(record["keywords_zh"]), words), gold)
            for record, words, gold in zip(records, asked, golds, strict=True)
        ]
        everyday = [
            (with_glossary(glossary.everyday_only(), words), gold) for words, gold in zip(asked, golds, strict=True)
        ]
        print(
            f"bilingual {name}: shipped {ndcg(shipped, candidates):.4f}  "
            f"own keywords taken out {ndcg(own, candidates):.4f}  CC-CEDICT alone {ndcg(everyday, candidates):.4f}"
        )


def without(keywords: Sequence[str]) -> glossary.Glossary:
    """Returns the shipped glossary without some papers' own keywords; CC-CEDICT still may know them."""
    own = {text.fold(word) for word in keywords}
    kept = {term: found for term, found in glossary.science().terms().items() if term not in own}
    return glossary.Glossary(kept, glossary.full().everyday())


def mixed(records: Sequence[Record]) -> None:
    """Asks both languages of a pool in which every second paper is Chinese, the others English."""
    pool = [
        MatchDocument(one["id"], "capability", (Passage("text", (chinese if place % 2 else english)(one)),))
        for place, one in enumerate(records)
    ]
    for language in ("zh", "en"):
        for wanted in ("zh", "en"):
            asked = [
                (query(" ".join([one[f"title_{language}"], *one[f"keywords_{language}"]])), one["id"])
                for place, one in enumerate(records)
                if (place % 2 == 1) == (wanted == "zh")
            ]
            print(f"mixed pool, asked in {language}, answer in {wanted}: {ndcg(asked, pool):.4f}")


def faithful(queries: Sequence[Record], candidates: Sequence[Record]) -> None:
    """Deletes the five strongest shown reasons from a query and scores it again."""
    chosen = random.Random(SEED).sample(list(queries), 150)
    pool = documents(candidates, lambda record: record["text"])
    asked = [evaluation.challenge(one["qid"], one["text"]) for one in chosen]
    kept, drops = 0, []
    with tempfile.TemporaryDirectory() as folder:
        index = MatchIndex.build(Path(folder), pool, Statistics.fit([*asked, *pool]))
        for one in asked:
            match = index.query(one, limit=1).matches[0]
            before, words = index.text_scores(one)[match.capability], one.text()
            for reason in match.reasons[:SHOWN]:
                words = re.sub(re.escape(reason.term), " ", words, flags=re.IGNORECASE)
            after = index.text_scores(evaluation.challenge("cut", words)).get(match.capability, 0.0)
            drops.append((before - after) / before)
            kept += after < before
    print(
        f"faithfulness: deleting the {SHOWN} strongest reasons costs {statistics.mean(drops):.3f} of the text score ({kept} of {len(asked)} fall)"
    )


def speed(capabilities: Sequence[Record], challenges: Sequence[Record]) -> None:
    """Times loading and whole queries with twenty explained matches."""
    names = ("title_zh", "abstract_zh", "title_en", "abstract_en")
    stored = [
        MatchDocument(
            one["id"],
            "capability",
            tuple(Passage(name, one[name]) for name in names[:2]),
            (EvidenceItem("paper", "", "paper", one["year"], tuple(Passage(name, one[name]) for name in names)),),
        )
        for one in capabilities
    ]
    asked = [
        MatchDocument(
            one["id"], "challenge", (Passage("title_en", one["title"], 2.0), Passage("problem_en", one["text"]))
        )
        for one in challenges[:60]
    ]
    with tempfile.TemporaryDirectory() as folder:
        start = time.perf_counter()
        built = MatchIndex.build(Path(folder), stored, Statistics.fit([*asked, *stored]))
        built_in = time.perf_counter() - start
        start = time.perf_counter()
        index = MatchIndex.open(built.folder)
        opened_in = time.perf_counter() - start
        index.warm()
        times, cpu = [], []
        for one in asked:
            wall, used = time.perf_counter(), time.thread_time()
            index.query(one)
            times.append(time.perf_counter() - wall)
            cpu.append(time.thread_time() - used)
        start = time.perf_counter()
        index = index.changed([stored[0]])
        edited_in = time.perf_counter() - start
        size = sum(path.stat().st_size for path in Path(folder).rglob("*") if path.is_file())
    print(
        f"speed: {len(stored)} capabilities built in {built_in:.2f} s ({size / len(stored) / 1024:.0f} KiB each on disk)"
    )
    print(f"speed: open {1000 * opened_in:.1f} ms, one edit published {1000 * edited_in:.1f} ms")
    print(
        f"speed: query with 20 explained matches p50 {1000 * statistics.median(times):.1f} ms, "
        f"p95 {1000 * sorted(times)[int(0.95 * len(times))]:.1f} ms, CPU p50 {1000 * statistics.median(cpu):.1f} ms"
    )


def main() -> None:
    """Runs the chosen measurements."""
    parser = argparse.ArgumentParser(prog="./run bench matching", description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    kinds = ("bilingual", "mixed", "faithful", "speed")
    parser.add_argument("--only", nargs="+", choices=kinds, default=kinds)
    given = parser.parse_args()

    def read(name: str) -> list[Record]:
        return evaluation.read_jsonl(given.data / name)

    records = sorted(read("bilingual_dev.jsonl.gz"), key=lambda record: str(record["id"]))
    if "bilingual" in given.only:
        bilingual(records)
    if "mixed" in given.only:
        mixed(records)
    if "faithful" in given.only:
        faithful(read("use2research_dev_queries.jsonl"), read("use2research_dev_candidates.jsonl.gz"))
    if "speed" in given.only:
        speed(read("gba_capabilities.jsonl"), read("challenges_demo.jsonl"))


if __name__ == "__main__":
    main()
