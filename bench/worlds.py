"""The worlds that the other measurements ask: the demo that ships with the site, and the development files.

The demo's texts are read as the site reads them, field by field, without a database.
"""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from matchmaker.engine import evaluation
from matchmaker.engine.documents import EvidenceItem, Facts, MatchDocument, Passage

DEMO = Path(__file__).resolve().parent.parent / "projects" / "data" / "demo"
HALF = ("background", "current_practice", "comparison_to_best", "facilities", "past_industry_projects", "use_context")
CHALLENGE = ("title", "summary", "problem", "understanding_sought", "use_context", "possible_approaches", "background", "current_practice")  # fmt: skip
CAPABILITY = ("title", "summary", "what_it_enables", "methods", "keywords", "comparison_to_best", "facilities", "past_industry_projects")  # fmt: skip
BOTH = ("zh", "en")

Record = dict[str, Any]


class World(NamedTuple):
    """Challenges, and the capabilities they are compared with."""

    name: str
    challenges: list[MatchDocument]
    capabilities: list[MatchDocument]


def demo(asked: Sequence[str] = BOTH, offered: Sequence[str] = BOTH) -> World:
    """The demo, each side with the texts of these languages only."""
    kinds = {record["key"]: (record["kind"], record["tech"]) for record in _records("organisations")}
    challenges = [
        MatchDocument(
            record["key"],
            "challenge",
            tuple(_passages(record, CHALLENGE, asked)),
            facts=_facts(record, kinds[record["organisation"]]),
        )
        for record in _records("challenges")
    ]
    capabilities = [
        MatchDocument(
            record["key"],
            "capability",
            tuple(_passages(record, CAPABILITY, offered)),
            tuple(_evidence(record, offered)),
            _facts(record, kinds.get(record.get("organisation", ""), ("", ""))),
        )
        for record in _records("capabilities")
    ]
    return World(f"demo, {'+'.join(asked)} → {'+'.join(offered)}", challenges, capabilities)


def use2research(folder: Path) -> World:
    """What industry got out of research, and the research of university groups."""
    queries = evaluation.read_jsonl(folder / "use2research_dev_queries.jsonl")
    candidates = evaluation.read_jsonl(folder / "use2research_dev_candidates.jsonl.gz")
    asked = [evaluation.challenge(one["qid"], one["text"]) for one in queries]
    return World("use2research, en → en", asked, evaluation.candidate_documents(candidates, None))


def firm2univ(folder: Path) -> World:
    """Firms' projects, and universities with all their awards as evidence."""
    queries = evaluation.read_jsonl(folder / "firm2univ_dev_queries.jsonl")
    candidates = evaluation.read_jsonl(folder / "firm2univ_dev_candidates.jsonl.gz")
    asked = [evaluation.challenge(one["qid"], one["text"]) for one in queries]
    return World("firm2univ, en → en", asked, evaluation.candidate_documents(candidates, "institution"))


def bilingual(folder: Path, asked: str, offered: str) -> World:
    """Titles and keywords in one language, and the abstracts of the same papers in the other."""
    records = evaluation.read_jsonl(folder / "bilingual_dev.jsonl.gz")
    queries = [
        evaluation.challenge(one["id"], " ".join([one[f"title_{asked}"], *one[f"keywords_{asked}"]])) for one in records
    ]
    papers = [
        MatchDocument(
            one["id"], "capability", (Passage("text", f"{one[f'title_{offered}']} {one[f'abstract_{offered}']}"),)
        )
        for one in records
    ]
    return World(f"bilingual, {asked} → {offered}", queries, papers)


def _records(noun: str) -> list[Record]:
    return [record for path in sorted(DEMO.glob(f"{noun}_*.json")) for record in json.loads(path.read_text("utf-8"))]


def _passages(record: Record, names: Sequence[str], languages: Sequence[str]) -> list[Passage]:
    found = []
    for name in names:
        for language in languages:
            value = record.get(f"{name}_{language}") or ""
            words = ", ".join(value) if isinstance(value, list) else value
            if words:
                found.append(
                    Passage(f"{name}_{language}", words, 2.0 if name == "title" else 0.5 if name in HALF else 1.0)
                )
    return found


def _evidence(record: Record, languages: Sequence[str]) -> list[EvidenceItem]:
    return [
        EvidenceItem(
            f"{record['key']}-{place}",
            "",
            one["kind"],
            one.get("year"),
            tuple(_passages(one, ("title", "summary"), languages)),
        )
        for place, one in enumerate(record.get("evidence", ()))
    ]


def _facts(record: Record, organisation: tuple[str, str]) -> Facts:
    kind, tech = organisation
    return Facts(
        owner=record.get("organisation") or "",
        trl=record.get("trl") or record.get("trl_current"),
        trl_wanted=record.get("trl_target"),
        languages=tuple(record.get("languages", ())),
        modes=tuple(record.get("wanted_modes") or record.get("cooperation_modes") or ()),
        ip=record.get("ip_stance") or record.get("ip_preference") or "",
        place=record.get("city") or "",
        org_kind=kind,
        tech=tech,
        understanding=record.get("understanding_rating"),
        use=record.get("use_rating"),
    )
