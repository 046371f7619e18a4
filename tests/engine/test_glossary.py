"""The glossary knows science, industry and everyday words, and prefers the longest."""

import subprocess
import sys

import pytest

from matchmaker.engine.glossary import Shelf, everyday_only, full, pair_for, science, senses, small


@pytest.mark.parametrize(
    ("chinese", "english"),
    [
        ("电池", "battery"),
        ("深度学习", "deep learning"),
        ("良率", "yield"),
        ("产线", "production line"),
        ("锂", "lithium"),
    ],
)
def test_terms_of_each_source_are_known(chinese: str, english: str) -> None:
    assert full().alternatives(chinese)[0].phrase == english


def test_readings_share_one_weight() -> None:
    for term in ("检测", "老化", "缺陷", "电芯", "的"):
        assert sum(alternative.weight for alternative in full().alternatives(term)) == pytest.approx(1.0)


def test_the_longest_term_comes_first() -> None:
    text = "锂离子电池的缺陷检测"

    assert [text[start:end] for start, end in science().pieces(text)] == ["锂离子电池", "缺陷检测"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("用人工智能提高质量", ["用", "人工智能", "提高", "质量"]),  # not 用人, "staff", and 智能
        ("中央空调冷冻站", ["中央空调", "冷冻", "站"]),
        ("鑫鑫电池", ["鑫", "鑫", "电池"]),
    ],
)
def test_a_run_is_cut_into_the_fewest_parts(text: str, words: list[str]) -> None:
    assert [text[start:end] for start, end in full().pieces(text)] == words


def test_unknown_terms_have_no_reading() -> None:
    assert full().alternatives("鑫鑫鑫") == ()
    assert "鑫鑫鑫" not in full()


def test_senses_are_cleaned() -> None:
    line = "to detect/to test/CL:個|个[ge4]/variant of 檢查|检查[jian3 cha2]/(physics) detection; to detect/surname Jian/a very long explanation of it"

    assert senses(line) == ["detect", "test", "detection"]


def test_pairs_are_found_from_both_sides() -> None:
    assert pair_for("深度学习") == ("深度学习", "deep learning")
    assert pair_for("deep learning") == ("深度学习", "deep learning")
    assert pair_for("no such term") is None


def test_everyday_words_alone_know_no_terms_of_papers() -> None:
    assert "卷积神经网络" in science()
    assert "卷积神经网络" not in everyday_only()


def test_the_small_glossary_says_what_the_full_one_says() -> None:
    terms = [*sorted(full().everyday())[::100], *sorted(science().terms())[::50], "电池", "鑫鑫鑫", "x"]
    assert len(terms) > 1_000

    assert [small().alternatives(term) for term in terms] == [full().alternatives(term) for term in terms]
    assert [term in small() for term in terms] == [term in full() for term in terms]
    assert small().phrases("计算") == full().phrases("计算")


def test_a_shelf_keeps_every_line_of_a_term_in_its_order() -> None:
    shelf = Shelf([("b", "two"), ("ab", "three"), ("a", "one"), ("a", "0")])

    assert dict(shelf) == {"a": "one/0", "ab": "three", "b": "two"}
    assert len(shelf) == 3
    assert [word in shelf for word in ("a", "ab", "c", "")] == [True, True, False, False]


def test_search_reads_both_sources() -> None:
    assert full().phrases("检测")[:3] == ["detection", "inspection", "testing"]
    assert "compute" in full().phrases("计算")
    assert full().phrases("鑫鑫鑫") == []


def test_the_light_glossary_does_not_load_the_dictionary() -> None:
    script = (
        "from matchmaker.engine import glossary\n"
        "glossary.pair_for('电池'); glossary.science().alternatives('电池')\n"
        "print(glossary._cedict_lines.cache_info().currsize)\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "0"
