"""Documents travel as JSON and hold nothing but what is public."""

import json
from dataclasses import fields

import pytest

from matchmaker.engine.documents import EvidenceItem, Facts, MatchDocument, Passage, TermPair
from matchmaker.engine.errors import BrokenDocumentError

DOCUMENT = MatchDocument(
    key="k",
    side="capability",
    passages=(Passage("title_zh", "電池檢測", 2.0), Passage("title_en", "Battery testing \ud800")),
    evidence=(EvidenceItem("p", "A paper", "paper", 2021, (Passage("title_en", "Cells"),)),),
    facts=Facts(owner="o", people=("a", "b"), languages=("zh", "yue"), budget_min=1.5),
    pairs=(TermPair("yield", "良率", 0.5),),
)


def test_a_document_survives_json() -> None:
    assert MatchDocument.from_json(json.loads(json.dumps(DOCUMENT.to_json()))) == DOCUMENT


def test_the_own_description_is_the_first_item() -> None:
    assert [key for key, _ in DOCUMENT.items()] == ["", "p"]


@pytest.mark.parametrize(
    "value", [{}, {"key": "k", "side": "both"}, {"key": "k", "side": "challenge", "facts": {"secret": 1}}, []]
)
def test_other_json_is_refused(value: object) -> None:
    with pytest.raises(BrokenDocumentError):
        MatchDocument.from_json(value)  # type: ignore[arg-type]


def test_there_is_no_field_for_confidential_text() -> None:
    names = {item.name for kind in (MatchDocument, Facts, Passage, EvidenceItem) for item in fields(kind)}

    assert "passages" in names
    assert not [name for name in names if "confidential" in name or "internal" in name or "note" in name]
