"""The command line ranks by text alone, prints what it measures, and does not peek."""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from matchmaker.engine.documents import MatchDocument
from matchmaker.engine.evaluation import candidate_documents, challenge, figures, main, ranked
from matchmaker.engine.index import MatchIndex
from matchmaker.engine.vectors import Statistics

QUERIES = [
    {"qid": "q1", "text": "锂离子电池老化 [ORG]", "gold": ["a"], "home": "shenzhen"},
    {"qid": "q2", "text": "dyeing of silk", "gold": ["b"], "home": ""},
]
CANDIDATES = [
    {"id": "c", "text": "soil carbon", "owner": "z", "city": "zhuhai"},
    {"id": "b", "text": "silk textile dyeing", "owner": "y", "city": "macao"},
    {"id": "a", "text": "ageing of lithium-ion batteries", "owner": "x", "city": "shenzhen"},
    {"id": "d", "text": "battery recycling", "owner": "z", "city": "zhuhai"},
]


def write(path: Path, records: list[dict[str, Any]]) -> Path:
    text = "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records)
    if path.suffix == ".gz":
        path.write_bytes(gzip.compress(text.encode()))
    else:
        path.write_text(text, encoding="utf-8")
    return path


def run(
    folder: Path,
    *extra: str,
    queries: list[dict[str, Any]] | None = None,
    candidates: list[dict[str, Any]] | None = None,
) -> Any:
    asked = write(folder / "queries.jsonl", QUERIES if queries is None else queries)
    pool = write(folder / "candidates.jsonl.gz", CANDIDATES if candidates is None else candidates)
    out = folder / "run.jsonl"
    assert main(["retrieval", "--queries", str(asked), "--candidates", str(pool), "--out", str(out), *extra]) == 0
    return [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]


def test_retrieval_ranks_across_languages_and_prints_figures(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    answers = run(tmp_path)

    assert [(answer["qid"], answer["ranking"][0][0]) for answer in answers] == [("q1", "a"), ("q2", "b")]
    assert "NDCG@10 1.0000  recall@10 1.0000  MRR 1.0000" in capsys.readouterr().out


def test_neither_gold_nor_the_order_of_candidates_matters(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    plain = run(tmp_path)
    capsys.readouterr()

    blind = [{"qid": query["qid"], "text": query["text"]} for query in QUERIES]
    bare = [{"id": record["id"], "text": record["text"]} for record in reversed(CANDIDATES)]

    assert run(tmp_path, queries=blind, candidates=bare) == plain
    assert capsys.readouterr().out == ""


def test_groups_are_ranked_by_their_pooled_candidates(tmp_path: Path) -> None:
    answers = run(tmp_path, "--group-by", "owner")

    assert [key for key, _ in answers[0]["ranking"]] == ["x", "z"]


def test_place_counts_only_when_it_is_asked_for(tmp_path: Path) -> None:
    near = [
        {"id": "far", "text": "battery ageing", "city": "macao"},
        {"id": "near", "text": "battery ageing", "city": "shenzhen"},
    ]
    asked = [QUERIES[0] | {"gold": ["near"]}]

    without = run(tmp_path, queries=asked, candidates=near)[0]["ranking"]
    with_place = run(tmp_path, "--place-fields", "home", "city", queries=asked, candidates=near)[0]["ranking"]

    assert [key for key, _ in without] == ["far", "near"]
    assert [key for key, _ in with_place] == ["near", "far"]


def test_evaluation_and_index_give_the_same_text_score(tmp_path: Path) -> None:
    documents = candidate_documents(sorted(CANDIDATES, key=lambda record: str(record["id"])), None)
    asked: list[MatchDocument] = [challenge(str(query["qid"]), str(query["text"])) for query in QUERIES]
    index = MatchIndex.build(tmp_path / "index", documents, Statistics.fit([*asked, *documents]))

    answers = run(tmp_path)

    assert dict(answers[0]["ranking"]) == pytest.approx(index.text_scores(asked[0]), abs=1e-12)


def test_a_setting_can_be_tried(tmp_path: Path) -> None:
    (tmp_path / "trial.json").write_text('{"text": {"meaning": 0.0}}', encoding="utf-8")

    answers = run(tmp_path, "--config", str(tmp_path / "trial.json"))

    assert answers[0]["ranking"] == []


def test_experts_scores_every_pair(tmp_path: Path) -> None:
    people = {
        "ann": [{"title": "Silk dyeing", "abstract": "wastewater"}],
        "ben": [{"title": "电池老化", "abstract": ""}, {"title": "x", "abstract": None}],
    }
    papers = {
        "p": {"title": "Battery ageing", "abstract": ""},
        "q": {"title": "Dyeing", "abstract": "of silk"},
        "r": {"title": "", "abstract": ""},
    }
    (tmp_path / "people.json").write_text(json.dumps(people), encoding="utf-8")
    (tmp_path / "papers.json").write_text(json.dumps(papers), encoding="utf-8")
    out = tmp_path / "out.json"

    main(
        [
            "experts",
            "--people",
            str(tmp_path / "people.json"),
            "--papers",
            str(tmp_path / "papers.json"),
            "--out",
            str(out),
        ]
    )
    found = json.loads(out.read_text(encoding="utf-8"))

    assert {person: set(row) for person, row in found.items()} == {"ann": {"p", "q", "r"}, "ben": {"p", "q", "r"}}
    assert found["ben"]["p"] > found["ann"]["p"]
    assert found["ann"]["q"] > found["ben"]["q"]


def test_quadrant_places_every_text(tmp_path: Path) -> None:
    texts = write(tmp_path / "texts.jsonl", [{"id": "a", "text": "why does it fail " * 20}, {"id": "b", "text": "短"}])
    out = tmp_path / "scores.jsonl"

    main(["quadrant", "--texts", str(texts), "--out", str(out)])
    found = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]

    assert [record["id"] for record in found] == ["a", "b"]
    assert all(0 <= record[axis] <= 1 for record in found for axis in ("understanding", "use"))
    assert found[1]["abstained"] is True


def test_a_missing_file_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    missing = str(tmp_path / "nothing.jsonl")

    assert main(["quadrant", "--texts", missing, "--out", str(tmp_path / "out")]) == 2
    assert "nothing.jsonl" in capsys.readouterr().err


def test_equal_scores_are_ranked_by_key() -> None:
    assert ranked([("b", 1.0), ("a", 1.0), ("c", 2.0), ("d", 0.0)], 10) == [("c", 2.0), ("a", 1.0), ("b", 1.0)]


def test_figures_are_those_of_the_textbook() -> None:
    text = figures([([("x", 2.0), ("a", 1.0)], ["a"])])

    assert text == "NDCG@10 0.6309  recall@10 1.0000  MRR 0.5000  queries 1"
