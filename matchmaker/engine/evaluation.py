"""Measures the shipped configuration on files: `python -m matchmaker.engine.evaluation retrieval|experts|quadrant …`.

Retrieval and experts rank by relevance, the part of the score that texts alone decide; --place-fields adds the place. The answers
in `gold` are read only after the ranking is made, to print figures.
"""

import argparse
import gzip
import json
import math
import re
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from matchmaker.engine import pasteur, scoring, store
from matchmaker.engine.config import DEFAULT, EngineConfig
from matchmaker.engine.documents import EvidenceItem, MatchDocument, Passage
from matchmaker.engine.errors import EngineError
from matchmaker.engine.facts import same_place
from matchmaker.engine.vectors import Item, Row, Statistics, items_of, weigh

MASK = re.compile(r"\[(NAME|ORG|FIRM|URL|EMAIL)\]")
CUT = 10

Record = dict[str, Any]
Ranking = list[tuple[str, float]]


class Pool(NamedTuple):
    """All candidates in one segment, and the statistics of candidates and queries together."""

    segment: store.Segment
    statistics: Statistics
    config: EngineConfig

    def scores(self, items: Sequence[Item]) -> list[tuple[str, float]]:
        """Returns (key, text score) of every candidate, in key order."""
        row = next(weigh([item.mentions for item in items], "challenge", self.statistics, self.config.text), None)
        if row is None:
            return [(key, 0.0) for key in self.segment.keys]
        single = self.segment.item_scores(row.hashes, row.values)
        pooled = scoring.pool(self.segment.item_owner, single, len(self.segment), self.config.text.pool_decay)
        return list(zip(self.segment.keys, pooled.tolist(), strict=True))


def retrieval(given: argparse.Namespace) -> None:
    """Ranks candidates, or groups of them, for each query."""
    config = read_config(given.config)
    queries, candidates = (
        read_jsonl(given.queries),
        sorted(read_jsonl(given.candidates), key=lambda record: record["id"]),
    )
    documents = candidate_documents(candidates, given.group_by)
    asked = [items_of(challenge(query["qid"], query["text"]), config.text) for query in queries]
    mine, theirs = given.place_fields or ("", "")
    places = places_of(candidates, given.group_by, theirs) if theirs else {}
    rankings = {}
    with tempfile.TemporaryDirectory() as folder:
        pool = make_pool(Path(folder), documents, asked, config)
        for query, items in zip(queries, asked, strict=True):
            scores = pool.scores(items)
            if places:
                scores = [(key, value * nearness(query.get(mine), places.get(key), config)) for key, value in scores]
            rankings[query["qid"]] = ranked(scores, given.top)
    lines = ({"qid": qid, "ranking": ranking} for qid, ranking in rankings.items())
    write_jsonl(given.out, lines)
    if all(query.get("gold") for query in queries) and queries:
        print(figures([(rankings[query["qid"]], query["gold"]) for query in queries]))


def experts(given: argparse.Namespace) -> None:
    """Scores every paper for every person: the paper asks, and the person's own papers answer, pooled like evidence."""
    config = read_config(given.config)
    people, papers = read_json(given.people), read_json(given.papers)
    documents = [expert_document(person, published) for person, published in sorted(people.items())]
    asked = {
        paper: items_of(challenge(paper, paper_text(about)), config.text) for paper, about in sorted(papers.items())
    }
    predicted: dict[str, dict[str, float]] = {person: {} for person in people}
    with tempfile.TemporaryDirectory() as folder:
        pool = make_pool(Path(folder), documents, list(asked.values()), config)
        for paper, items in asked.items():
            for person, value in pool.scores(items):
                predicted[person][paper] = value
    Path(given.out).write_text(json.dumps(predicted, ensure_ascii=False), encoding="utf-8")


def quadrant(given: argparse.Namespace) -> None:
    """Places texts on the two axes of Pasteur's quadrant."""
    fields = ("understanding", "use", "understanding_sd", "use_sd", "quadrant", "abstained")
    placed = ((record["id"], pasteur.place_text(stripped(record["text"]))) for record in read_jsonl(given.texts))
    write_jsonl(given.out, ({"id": ident} | {name: getattr(place, name) for name in fields} for ident, place in placed))


# Documents


def challenge(key: str, text: str) -> MatchDocument:
    """Makes a query of a bare text."""
    return MatchDocument(key, "challenge", (Passage("text", stripped(text)),))


def candidate_documents(candidates: Sequence[Record], group_by: str | None) -> list[MatchDocument]:
    """Makes one capability of each candidate, or of each group with its candidates as evidence."""
    groups: dict[str, list[EvidenceItem]] = {}
    for record in candidates:
        passages = (Passage("text", stripped(record["text"])),)
        key = str(record[group_by]) if group_by else record["id"]
        groups.setdefault(key, []).append(EvidenceItem(record["id"], "", "", None, passages))
    return [MatchDocument(key, "capability", (), tuple(items)) for key, items in sorted(groups.items())]


def expert_document(person: str, published: Sequence[Record]) -> MatchDocument:
    """Makes a capability of a person's papers."""
    items = [
        EvidenceItem(str(place), "", "paper", paper.get("year"), (Passage("text", paper_text(paper)),))
        for place, paper in enumerate(published)
    ]
    return MatchDocument(person, "capability", (), tuple(items))


def paper_text(paper: Record) -> str:
    """Joins what is known of a paper."""
    return stripped(f"{paper.get('title') or ''}\n{paper.get('abstract') or ''}")


def stripped(text: str) -> str:
    """Takes out the masks that the data put in the place of names."""
    return MASK.sub(" ", text)


def make_pool(
    folder: Path, documents: Sequence[MatchDocument], asked: Iterable[list[Item]], config: EngineConfig
) -> Pool:
    """Weighs all candidates with the statistics of both sides."""
    items = [items_of(document, config.text) for document in documents]
    statistics = Statistics.count(
        [
            *(("challenge", item.mentions) for group in asked for item in group),
            *(("capability", item.mentions) for group in items for item in group),
        ]
    )
    entries = [
        store.Entry(document.key, "", "", tuple(_rows(group, statistics, config)))
        for document, group in zip(documents, items, strict=True)
    ]
    return Pool(
        store.Segment(folder / store.write_segment(folder, entries, config.text.pool_decay)), statistics, config
    )


def _rows(group: Sequence[Item], statistics: Statistics, config: EngineConfig) -> Iterator[tuple[str, Row]]:
    rows = weigh([item.mentions for item in group], "capability", statistics, config.text)
    return ((item.key, row) for item, row in zip(group, rows, strict=True))


# Place


def places_of(candidates: Sequence[Record], group_by: str | None, field: str) -> dict[str, str]:
    """Returns the commonest place of each candidate or group; a tie goes to the first in order."""
    seen: dict[str, Counter[str]] = {}
    for record in candidates:
        if place := record.get(field):
            seen.setdefault(str(record[group_by]) if group_by else record["id"], Counter())[str(place)] += 1
    return {key: min(places, key=lambda place: (-places[place], place)) for key, places in seen.items()}


def nearness(query_place: Any, place: str | None, config: EngineConfig) -> float:
    """Returns one for the same known place, else the least a soft fact may leave."""
    return 1.0 if same_place(str(query_place or ""), place or "") else config.soft_floor


# Rankings and figures


def ranked(scores: Iterable[tuple[str, float]], top: int) -> Ranking:
    """Sorts by score, then key; what shares no term with the query is left out."""
    return sorted(((key, value) for key, value in scores if value > 0), key=lambda pair: (-pair[1], pair[0]))[:top]


def figures(answers: Sequence[tuple[Ranking, Sequence[str]]]) -> str:
    """Sums up NDCG@10 with binary gain, recall@10 and MRR."""
    rows = [_figures_of([key for key, _ in ranking], set(gold)) for ranking, gold in answers]
    means = [sum(column) / len(rows) for column in zip(*rows, strict=True)]
    return "NDCG@10 {:.4f}  recall@10 {:.4f}  MRR {:.4f}  queries {}".format(*means, len(rows))


def _figures_of(keys: Sequence[str], gold: set[str]) -> tuple[float, float, float]:
    gain = sum(1 / math.log2(place + 2) for place, key in enumerate(keys[:CUT]) if key in gold)
    ideal = sum(1 / math.log2(place + 2) for place in range(min(CUT, len(gold))))
    first = next((place for place, key in enumerate(keys, 1) if key in gold), None)
    return gain / ideal, len(gold.intersection(keys[:CUT])) / len(gold), 1 / first if first else 0.0


# Files


def read_config(path: Path | None) -> EngineConfig:
    """Returns the shipped configuration, or that with the values a JSON file names changed."""
    return EngineConfig.from_json(read_json(path)) if path else DEFAULT


def read_json(path: Path) -> Any:
    """Reads one JSON value."""
    with _open(path) as lines:
        return json.load(lines)


def read_jsonl(path: Path) -> list[Record]:
    """Reads one record a line; `.gz` is unpacked."""
    with _open(path) as lines:
        return [json.loads(line) for line in lines if line.strip()]


def write_jsonl(path: Path, records: Iterable[Record]) -> None:
    """Writes one record a line."""
    with path.open("w", encoding="utf-8") as lines:
        lines.writelines(json.dumps(record, ensure_ascii=False) + "\n" for record in records)


def _open(path: Path) -> Any:
    return gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8")


def parser() -> argparse.ArgumentParser:
    """Describes the command line."""
    top = argparse.ArgumentParser(prog="evaluate", description=__doc__)
    kinds = top.add_subparsers(required=True)
    ranks = kinds.add_parser("retrieval", help=retrieval.__doc__)
    ranks.add_argument("--queries", type=Path, required=True, help="JSONL: qid, text, and gold to print figures")
    ranks.add_argument("--candidates", type=Path, required=True, help="JSONL: id, text")
    ranks.add_argument("--group-by", metavar="FIELD", help="rank the values of this candidate field")
    ranks.add_argument("--top", type=int, default=100, help="at most so many a query")
    ranks.add_argument(
        "--place-fields", nargs=2, metavar=("QUERY_FIELD", "CANDIDATE_FIELD"), help="use both sides' place"
    )
    people = kinds.add_parser("experts", help=experts.__doc__)
    people.add_argument("--people", type=Path, required=True)
    people.add_argument("--papers", type=Path, required=True)
    texts = kinds.add_parser("quadrant", help=quadrant.__doc__)
    texts.add_argument("--texts", type=Path, required=True, help="JSONL: id, text")
    for command, action in ((ranks, retrieval), (people, experts), (texts, quadrant)):
        command.add_argument("--out", type=Path, required=True)
        command.add_argument("--config", type=Path, help="JSON with values of the configuration to change")
        command.set_defaults(action=action)
    return top


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one evaluation; a file that cannot be used is named and gives exit 2."""
    given = parser().parse_args(arguments)
    try:
        given.action(given)
    except (OSError, KeyError, ValueError, EngineError) as error:
        print(f"evaluate: {type(error).__name__}: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
