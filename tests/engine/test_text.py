"""Terms keep their places in the text as written, in both scripts and whatever the text holds."""

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchmaker.engine.text import analyse, fold, fold_with_places, language_of, means, shared_terms

PIECES = [
    "电池", "電池", "缺陷檢測", "battery", "Batteries", "lithium-ion", "Ｆｕｌｌ－ｗｉｄｔｈ", "ﬁne", "e\u0301tude", "①", "㎏",
    "bat\u00adtery", "a\u202eb", "\x00", "\ud800", "😀", "👩\u200d🔬", " ", "，", ".", "3.5", "𠮷野", "İstanbul", "ß", "\u0301",
]  # fmt: skip

texts = st.one_of(st.text(max_size=80), st.lists(st.sampled_from(PIECES), max_size=20).map("".join))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Lithium-ion batteries",
            [("lithium", "Lithium"), ("ion", "ion"), ("lithiumion", "Lithium-ion"), ("batteri", "batteries")],
        ),
        ("电池缺陷检测", [("电池", "电池"), ("缺陷", "缺陷"), ("检测", "检测")]),
        ("電池缺陷檢測", [("电池", "電池"), ("缺陷", "缺陷"), ("检测", "檢測")]),
        ("用X光检测battery", [("光", "光"), ("检测", "检测"), ("batteri", "battery")]),
        ("Ｂａｔｔｅｒｙ", [("batteri", "Ｂａｔｔｅｒｙ")]),
        ("bat\u00adtery", [("batteri", "bat\u00adtery")]),
    ],
)
def test_terms_are_compared_folded_and_shown_as_written(text: str, expected: list[tuple[str, str]]) -> None:
    assert [(token.term, token.surface) for token in analyse(text)] == expected


@given(texts)
def test_every_term_stands_where_it_says(text: str) -> None:
    for token in analyse(text):
        assert text[token.start : token.end] == token.surface
        assert token.surface
        assert token.start < token.end


@given(texts)
def test_each_folded_character_knows_its_origin(text: str) -> None:
    folded = fold_with_places(text)

    assert len(folded.text) == len(folded.starts) == len(folded.ends)
    assert all(0 <= start < end <= len(text) for start, end in zip(folded.starts, folded.ends, strict=True))
    assert folded.starts == sorted(folded.starts)


@given(texts)
def test_shown_words_never_turn_the_writing_direction(text: str) -> None:
    turns = set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f")

    assert all(not turns & set(token.surface) for token in analyse(text))


@given(texts)
def test_shared_terms_stand_inside_the_text(text: str) -> None:
    for term in shared_terms(text, phrase=0.4):
        assert 0 <= term.start < term.end <= len(text)
        assert term.weight > 0


def test_traditional_and_simplified_text_have_the_same_terms() -> None:
    traditional, simplified = analyse("鋰離子電池的品質檢測"), analyse("锂离子电池的品质检测")

    assert [token.term for token in traditional] == [token.term for token in simplified]


def test_chinese_and_english_share_terms() -> None:
    chinese = {term.term for term in shared_terms("锂离子电池的缺陷检测")}
    english = {term.term for term in shared_terms("defect detection in lithium ion batteries")}

    assert {"lithium", "ion", "batteri", "defect", "detect"} <= chinese & english


def test_an_english_stem_is_placed_at_the_chinese_word_it_stands_for() -> None:
    text = "这里的神经网络"
    found = {term.term: text[term.start : term.end] for term in shared_terms(text)}

    assert found["network"] == "网络"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("", ""), ("123 …", ""), ("battery ageing", "en"), ("电池老化", "zh"), ("電池老化", "zh"),
        ("我们用 deep learning 检测 battery 缺陷 on the line", "mixed"),
    ],
)  # fmt: skip
def test_language_is_told(text: str, language: str) -> None:
    assert language_of(text) == language


def test_folding_makes_one_of_compatibility_forms() -> None:
    assert fold("Ｑｕａｌｉｔｙ 品質 ①") == "quality 品质 1"


def test_a_pair_is_a_meaning_only_when_the_glossary_has_it() -> None:
    assert means("电池", "Batteries")
    assert not means("电池", "silk")


@pytest.mark.parametrize(
    "piece", ["电池管理系统 ", "battery management ", "鑫", "a-", "a\u0301", "x" * 50, "\u202e", "\ud800"]
)
def test_ten_times_the_text_takes_ten_times_the_steps(piece: str) -> None:
    def steps(times: int) -> int:
        count = 0

        def tick(*_: object) -> None:
            nonlocal count
            count += 1

        sys.setprofile(tick)
        try:
            analyse(piece * times)
        finally:
            sys.setprofile(None)
        return count

    steps(10)

    assert steps(10_000) < 12 * steps(1_000) + 1_000


def test_search_in_a_web_process_stays_light() -> None:
    script = (
        "import sys; from matchmaker.engine.text import analyse\n"
        "def resident():\n"
        "    line = next(line for line in open('/proc/self/status') if line.startswith('VmRSS'))\n"
        "    return int(line.split()[1]) / 1024\n"
        "before = resident(); analyse('電池 battery'); print(resident() - before)\n"
        "assert not {'numpy', 'scipy', 'sklearn'} & set(sys.modules)\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)

    assert float(done.stdout) < 45
