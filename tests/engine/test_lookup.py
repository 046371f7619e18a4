"""A search finds the other language and the other script, and each word of the query must be there."""

import json
import subprocess
import sys

import pytest

from matchmaker.engine.lookup import Need, needs_of, pairs_of, terms_of, words_of

HANS = "锂离子电池极片涂布缺陷的在线检测"
HANT = "鋰離子電池極片塗布缺陷的在線檢測"
EN = "In-line detection of defects in lithium-ion battery electrodes"
MIXED = "Lithium-ion 电池 electrode 的缺陷 inspection"
OTHER = ("广式茶点的冷冻保鲜", "廣式茶點的冷凍保鮮", "Freezing dim sum so that it stays fresh", "Fresh 茶点")


def meets(held: set[str], needs: list[Need]) -> bool:
    """True when a text that holds these terms has all that is asked for."""
    return all(any(option <= held for option in need) for need in needs)


def found(text: str, query: str) -> bool:
    """True when the query finds the text."""
    needs = needs_of(query)
    assert needs, query
    return meets(terms_of(text), needs)


@pytest.mark.parametrize("text", [HANS, HANT, EN, MIXED], ids=["hans", "hant", "en", "mixed"])
@pytest.mark.parametrize(
    "query",
    ["锂离子电池", "鋰離子電池", "lithium-ion battery", "Batteries", "电池 defect", "電池 defects", "极片缺陷", "極片缺陷", "electrode 缺陷检测", "electrode 缺陷檢測"],
)  # fmt: skip
def test_a_text_in_any_language_is_found_by_words_of_any_other(text: str, query: str) -> None:
    assert found(text, query)


@pytest.mark.parametrize("text", OTHER)
@pytest.mark.parametrize("query", ["电池", "電池", "battery", "电池 fresh", "保鲜电池"])
def test_every_word_must_be_there_in_one_language_or_the_other(text: str, query: str) -> None:
    assert not found(text, query)


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("Non-destructive testing of welds", "无损检测"),
        ("Nondestructive testing of welds", "無損檢測"),
        ("焊缝的无损检测", "non-destructive testing"),
        ("焊縫的無損檢測", "nondestructive testing"),
        ("Quantum computing for materials", "量子计算"),
        ("面向材料的量子计算", "quantum computing"),
        ("Harbour and port scheduling", "港口调度"),
        ("複合材料的超聲檢測", "ultrasonic inspection"),
        ("Ultrasonic inspection of composites", "复合材料 超声检测"),
        ("铝合金的疲劳", "aluminium"),
    ],
)
def test_terms_of_more_than_one_word_cross_the_languages(text: str, query: str) -> None:
    assert found(text, query)


@pytest.mark.parametrize("spelling", ["lithium-ion cells", "lithium ion cells", "lithiumion cells"])
def test_a_hyphenated_word_is_found_however_it_is_written(spelling: str) -> None:
    held = terms_of(spelling)

    assert meets(held, needs_of("lithium-ion"))
    assert not meets(held - {"ion", "lithiumion"}, needs_of("lithium-ion"))


def test_a_word_that_only_its_characters_explain_does_not_find_them() -> None:
    """涂布 (coating) is in no dictionary here; 涂 and 布 alone would be smearing and cloth."""
    assert found(HANS, "涂布")
    assert not found("Smearing paint on cloth", "涂布")


@pytest.mark.parametrize("query", ["", "  ", "？！", "\x00", "the of", "的"])
def test_a_query_without_a_word_asks_for_nothing(query: str) -> None:
    assert needs_of(query) == []


@pytest.mark.parametrize("text", [HANS, HANT, EN, MIXED, "①５Ｇ 電池\u202e检测"])
def test_the_words_of_a_text_stand_where_they_say_and_are_held_by_it(text: str) -> None:
    words, held = words_of(text), terms_of(text)

    assert len(words) >= 3
    assert all(text[word.start : word.end] == word.surface for word in words)
    assert all(pairs_of(word.term) <= held for word in words)


def test_strange_and_long_queries_are_answered() -> None:
    for query in ("鑫" * 200, "a-" * 100, "😀电池" * 60, "\u202e检测", "①５Ｇ", "x" * 200):
        assert isinstance(meets(terms_of(HANS), needs_of(query)), bool)


def test_a_query_needs_no_numbers_package_and_little_memory() -> None:
    script = (
        "import json, sys\n"
        "from matchmaker.engine.lookup import needs_of\n"
        "from matchmaker.engine import glossary\n"
        f"needs = len(needs_of({HANT!r}))\n"
        "print(json.dumps([needs, glossary.full.cache_info().currsize, sorted({'numpy', 'scipy', 'sklearn', 'rjieba'} & set(sys.modules))]))"
    )

    said = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)

    needs, loaded, heavy = json.loads(said.stdout)
    assert needs > 3
    assert (loaded, heavy) == (0, [])
