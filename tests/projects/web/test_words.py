"""The words for compared facts, in all three languages."""

import pytest
from django.utils.translation import override

from projects.web import words

LANGUAGES = ("en", "zh-hans", "zh-hant")


@pytest.mark.parametrize(
    ("code", "level", "values", "english"),
    [
        ("industry", "good", {"challenge": "C36", "capability": ["C36"]}, "Both name Cars."),
        ("industry", "fair", {"challenge": "C36", "capability": ["C14"]}, "Challenge: Cars. Capability: Food manufacturing."),
        ("publication", "good", {"days": 0, "need": "required"},
         "The firm lets results be published at once. Researcher: Must be able to publish."),
        ("publication", "poor", {"days": 365, "need": "required"},
         "The firm holds a publication back for 365 days. Researcher: Must be able to publish."),
        ("industry", "unknown", {}, "Not said by both sides."),
    ],
)  # fmt: skip
def test_a_compared_fact_is_a_sentence(code: str, level: str, values: dict[str, object], english: str) -> None:
    said = []
    for language in LANGUAGES:
        with override(language):
            said.append(words.fact(code, level, values).text)

    assert said[0] == english
    assert len(set(said)) == 3 - (said[1] == said[2])
    assert all(any("\u4e00" <= letter <= "\u9fff" for letter in text) for text in said[1:])


def test_every_blocker_has_a_chip_and_advice() -> None:
    for code in ("trl_gap", "budget_below", "no_common_language", "ip_conflict", "publication_delay"):
        assert words.blocker(code, {"days": 365}) != words.blocker("nothing", {})
        assert words.advice(code, {})


def test_every_compared_fact_has_a_name() -> None:
    assert all(words.fact(code, "unknown", {}).label != code for code in words.FACT_NAMES)
