"""Twenty challenge-like texts written for this test in both languages: the model learnt from abstracts, challenges are shorter."""

import json
from pathlib import Path
from statistics import median
from typing import Literal, TypedDict

import pytest

from matchmaker.engine import pasteur


class Case(TypedDict):
    """One text in Chinese and English with where a reader would put it."""

    name: str
    zh: str
    en: str
    understanding: str
    use: str


CASES: list[Case] = json.loads(Path(__file__).with_name("pasteur_challenges.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("axis", pasteur.AXES)
def test_nine_challenges_in_ten_are_placed_as_a_reader_would(axis: pasteur.Axis, language: Literal["zh", "en"]) -> None:
    placed = {case["name"]: getattr(pasteur.place_text(case[language]), axis) >= 0.5 for case in CASES}

    wrong = [case["name"] for case in CASES if placed[case["name"]] != (case[axis] == "high")]
    assert len(wrong) <= len(CASES) / 10, wrong


def test_few_challenges_are_too_thin_to_place() -> None:
    placed = [pasteur.place_text(text) for case in CASES for text in (case["zh"], case["en"])]

    assert sum(placement.abstained for placement in placed) <= 0.1 * len(placed)


@pytest.mark.parametrize("axis", pasteur.AXES)
def test_translation_moves_the_median_challenge_by_at_most_eight_hundredths(axis: str) -> None:
    gaps = [
        abs(getattr(pasteur.place_text(case["zh"]), axis) - getattr(pasteur.place_text(case["en"]), axis))
        for case in CASES
    ]

    assert median(gaps) <= 0.08
