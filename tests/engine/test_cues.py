"""The marks of motive in a text: alike in both scripts and languages, turned by a denial, and none from habit."""

import pytest

from matchmaker.engine import cues


def amounts(text: str, prefix: str = cues.CUE) -> dict[str, float]:
    """How much each mark with a prefix adds up to."""
    found: dict[str, float] = {}
    for mark in cues.read(text).marks:
        if mark.key.startswith(prefix):
            found[mark.key] = found.get(mark.key, 0.0) + mark.amount
    return found


@pytest.mark.parametrize("text", ["为什么涂层会失效", "為什麼塗層會失效", "why the coating fails", "涂层 why 失效"])
def test_asking_why_is_marked_in_both_scripts_in_english_and_mixed(text: str) -> None:
    assert amounts(text)["cue:why"] == 1.0


def test_both_scripts_give_the_same_marks() -> None:
    hans, hant = cues.read("希望揭示电池失效机理。"), cues.read("希望揭示電池失效機理。")

    assert hans.marks
    assert [(mark.key, mark.amount) for mark in hans.marks] == [(mark.key, mark.amount) for mark in hant.marks]
    assert hans.words == hant.words


def test_marks_refer_to_the_text_as_it_was_written() -> None:
    text = "👩‍🔬 ＷＨＹ 電池會失效"

    why = next(mark for mark in cues.read(text).marks if mark.key == "cue:why")

    assert text[why.start : why.end] == "ＷＨＹ"


def test_a_denied_motive_counts_against_it_and_a_denied_word_does_not_count() -> None:
    plain, denied = "希望揭示失效机理。", "不追求揭示失效机理。"
    assert any(amount > 0 for amount in amounts(plain).values())

    assert all(amount < 0 for amount in amounts(denied).values())
    assert amounts(denied)
    assert "zh:机理" in amounts(plain, cues.OWN)
    assert "zh:机理" not in amounts(denied, cues.OWN)


def test_a_denial_ends_with_its_clause() -> None:
    assert any(amount > 0 for amount in amounts("不追求论文，希望揭示失效机理。").values())


@pytest.mark.parametrize("text", ["", "   ", "？！", "\x00\u202e", "👩‍🔬"])
def test_a_text_without_words_has_no_marks(text: str) -> None:
    assert cues.read(text) == cues.Reading([], 0)


def test_a_chinese_word_counts_as_one_word() -> None:
    assert cues.read("电池").words == cues.read("電池").words == cues.read("battery").words == 1
