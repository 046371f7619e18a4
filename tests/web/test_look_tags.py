"""The tags of the look choose the right language and draw the right number of steps."""

import pytest
from django.utils import translation

from projects.templatetags import look

BOTH = {"title_zh": "极片检测", "title_en": "Foil inspection"}
CHINESE_ONLY = {"title_zh": "極片檢測", "title_en": "", "script": "hant"}
WITHOUT_SCRIPT = {"title_zh": "極片檢測", "title_en": "Foil inspection"}
ENGLISH_ONLY = {"title_zh": "", "title_en": "Foil inspection"}


@pytest.mark.parametrize(
    ("code", "source", "text", "lang", "other"),
    [
        ("en", BOTH, "Foil inspection", "en", "极片检测"),
        ("zh-hans", BOTH, "极片检测", "zh-Hans", "Foil inspection"),
        ("zh-hant", BOTH, "极片检测", "zh-Hans", "Foil inspection"),
        ("en", CHINESE_ONLY, "極片檢測", "zh-Hant", ""),
        ("zh-hans", CHINESE_ONLY, "極片檢測", "zh-Hant", ""),
        ("zh-hans", WITHOUT_SCRIPT, "極片檢測", "zh-Hant", "Foil inspection"),
        ("zh-hant", ENGLISH_ONLY, "Foil inspection", "en", ""),
        ("en", {}, "", "en", ""),
    ],
)
def test_a_text_is_shown_in_the_readers_language_where_there_is_one(
    code: str, source: dict[str, str], text: str, lang: str, other: str
) -> None:
    with translation.override(code):
        assert look.localized(source, "title") == text
        assert look.text_lang(source, "title") == lang
        assert look.other_text(source, "title") == other


@pytest.mark.parametrize(
    ("value", "filled"), [(0, 0), (0.05, 0), (0.5, 3), (0.83, 5), (1, 6), (7, 6), (-1, 0), (None, 0)]
)
def test_a_bar_fills_as_many_steps_as_the_value_says(value: float, filled: int) -> None:
    assert look.step_bar(value) == f'<span class="steps of6 f{filled}" aria-hidden="true"></span>'


@pytest.mark.parametrize(
    ("band", "filled", "word"),
    [("strong", 5, "Strong match"), ("possible", 3, "Possible match"), ("weak", 1, "Weak match")],
)
def test_a_band_has_steps_and_a_word(band: str, filled: int, word: str) -> None:
    assert look.band_steps(band) == f'<span class="steps of5 f{filled}" aria-hidden="true"></span>'
    assert look.band_word(band) == word


def test_levels_rise_with_the_value() -> None:
    assert [look.level_word(value / 10) for value in range(0, 11, 2)] == [
        "very low", "low", "fair", "high", "very high", "very high",
    ]  # fmt: skip


def test_a_quadrant_has_its_own_shape() -> None:
    shapes = [look.quadrant_shape(name) for name in ("bohr", "pasteur", "edison", "fourth")]

    assert [shape[shape.index(">") + 1] for shape in shapes] == ["▲", "●", "■", "◆"]
    assert look.quadrant_shape("unheard-of") == ""
