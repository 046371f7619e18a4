"""Cleaning and checking what is typed, alike for page, API and import."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from projects.choices import CooperationMode
from projects.models import Challenge
from projects.services.texts import clean_choices, clean_keywords, clean_metrics, script_in, tidied, too_long

EDITABLE = ("title_zh", "title_en", "problem_zh", "currency")


def fields_of(error: ValidationError) -> list[str]:
    return list(error.message_dict)


def test_texts_keep_their_lines_and_titles_become_one_line() -> None:
    clean = tidied(
        Challenge, {"problem_zh": " 一\r\n二\x00\u202e ", "title_zh": "极片\n检测", "title_en": "A  b"}, EDITABLE
    )

    assert clean == {"problem_zh": "一\n二", "title_zh": "极片 检测", "title_en": "A b"}


def test_every_wrong_field_is_named_at_once() -> None:
    with pytest.raises(ValidationError) as caught:
        tidied(Challenge, {"title_zh": "字" * 121, "problem_zh": "字" * 20_001, "state": "published", "x": 1}, EDITABLE)

    assert set(fields_of(caught.value)) == {"title_zh", "problem_zh", "state", "x"}
    assert "121" in caught.value.message_dict["title_zh"][0]
    assert "120" in caught.value.message_dict["title_zh"][0]


def test_a_text_of_just_the_right_length_fits() -> None:
    assert tidied(Challenge, {"title_zh": "字" * 120 + "\u200b "}, EDITABLE) == {"title_zh": "字" * 120}


@pytest.mark.parametrize("language", ["zh-hans", "zh-hant"])
def test_the_sentence_on_length_is_translated(language: str) -> None:
    with translation.override(language):
        sentence = too_long(130, 120)

    assert "130" in sentence
    assert "120" in sentence
    assert "字" in sentence


@pytest.mark.parametrize(
    ("row", "clean"),
    [
        (
            {"name_zh": " 检测时间 ", "unit": "min", "value": "5"},
            {"name_zh": "检测时间", "name_en": "", "unit": "min", "value": 5.0},
        ),
        (
            {"name": "检测时间", "unit": "分钟", "value": 0.5, "must": True},
            {"name_zh": "检测时间", "name_en": "", "unit": "分钟", "value": 0.5, "must": True},
        ),
        (
            {"name": "inspection time", "name_zh": "检测时间", "value": -3},
            {"name_zh": "检测时间", "name_en": "inspection time", "unit": "", "value": -3.0},
        ),
        (
            {"name": "other", "name_en": "kept", "value": 1, "must": 0},
            {"name_zh": "", "name_en": "kept", "unit": "", "value": 1.0, "must": False},
        ),
    ],
)
def test_a_figure_has_a_name_in_its_language_a_unit_and_a_number(row: Any, clean: Any) -> None:
    assert clean_metrics("target_metrics", [row]) == [clean]


@pytest.mark.parametrize(
    "rows",
    [
        "5 min",
        None,
        {"name": "x", "value": 1},
        ["5 min"],
        [{"name": "x"}],
        [{"name": "x", "value": "fast"}],
        [{"name": "x", "value": None}],
        [{"name": "x", "value": "nan"}],
        [{"name": "x", "value": "inf"}],
        [{"name": "x", "value": 1e300}],
        [{"name": " \u200b", "value": 1}],
        [{"value": 1}],
        [{"name": "x", "value": 1, "colour": "red"}],
        [{"name": "x", "value": 1}] * 41,
    ],
)
def test_a_wrong_figure_names_its_field(rows: Any) -> None:
    with pytest.raises(ValidationError) as caught:
        clean_metrics("target_metrics", rows)

    assert fields_of(caught.value) == ["target_metrics"]


def test_options_are_known_and_kept_once_in_their_order() -> None:
    asked = ["service", "licence", "service"]

    assert clean_choices("modes", asked, CooperationMode.values) == ["service", "licence"]
    for wrong in (["service", "theft"], "service", None, [["service"]], [None]):
        with pytest.raises(ValidationError) as caught:
            clean_choices("modes", wrong, CooperationMode.values)
        assert fields_of(caught.value) == ["modes"]


def test_keywords_are_cleaned_and_kept_once() -> None:
    assert clean_keywords("keywords_zh", [" 机器 视觉", "机器 视觉\u200b", "", "缺陷", 5]) == ["机器 视觉", "缺陷", "5"]


@pytest.mark.parametrize("values", ["机器视觉", None, ["字" * 81], [str(number) for number in range(41)]])
def test_wrong_keywords_name_their_field(values: Any) -> None:
    with pytest.raises(ValidationError) as caught:
        clean_keywords("keywords_zh", values)

    assert fields_of(caught.value) == ["keywords_zh"]


@pytest.mark.parametrize(
    ("texts", "script"),
    [
        (["电池检测", ""], "hans"),
        (["電池檢測", ""], "hant"),
        (["foil inspection"], ""),
        (["人工"], ""),
        (["電池檢測與學習", "电"], "hant"),
        ([], ""),
    ],
)
def test_the_script_is_that_of_most_letters_that_tell(texts: list[str], script: str) -> None:
    assert script_in(texts) == script
