"""Odd texts, odd collections, and the promise that nothing but the texts and facts decides: not order, not names, not chance."""

import json
import os
import subprocess
import sys
from dataclasses import replace
from itertools import permutations
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from matchmaker.engine.documents import MatchDocument, blind
from matchmaker.engine.index import MatchIndex
from matchmaker.engine.text import analyse, shared_terms
from matchmaker.engine.vectors import Statistics

from .conftest import CAPABILITIES, CHALLENGES, capability, challenge

TEXTS = ("锂离子电池快充老化", "Fast charging ages lithium-ion batteries", "鋰電池 fast charging 老化機理")


def world(folder: Path, texts: list[str]) -> MatchIndex:
    """An index of one capability for each text, with statistics of its own."""
    stored = [capability(f"k{place}", ("title_en", text)) for place, text in enumerate(texts)]
    return MatchIndex.build(folder, stored, Statistics.fit(stored), side="capability")


def score_of(index: MatchIndex, text: str) -> dict[str, float]:
    """The text score of every capability for a challenge."""
    return index.text_scores(challenge("c", ("problem_en", text)))


# Collections


def test_an_empty_collection_has_no_good_match(tmp_path: Path) -> None:
    found = world(tmp_path, []).query(challenge("c", ("problem_en", "battery 电池")))

    assert (found.matches, found.gated, found.no_good_match, found.considered) == ((), (), True, 0)


@pytest.mark.parametrize("text", TEXTS)
def test_one_document_is_found_by_its_own_words(tmp_path: Path, text: str) -> None:
    found = world(tmp_path, [text]).query(challenge("c", ("problem_en", text)))

    assert [match.capability for match in found.matches] == ["k0"]
    assert 0 < found.matches[0].score < 1


@pytest.mark.parametrize("text", TEXTS)
def test_identical_documents_score_alike_and_stand_in_the_order_of_their_keys(tmp_path: Path, text: str) -> None:
    found = world(tmp_path, [text] * 9).query(challenge("c", ("problem_en", text)))

    assert [match.capability for match in found.matches] == [f"k{place}" for place in range(9)]
    assert len({match.score for match in found.matches}) == 1


@pytest.mark.parametrize("text", ["sonnets iambic", "平仄 韻腳", "зимний сад", "qwxz 4711 §", "!!!", ""])
def test_unknown_words_alone_find_nothing(index: MatchIndex, text: str) -> None:
    found = index.query(challenge("c", ("problem_en", text)))

    assert found.matches == ()
    assert found.no_good_match


@pytest.mark.parametrize(
    "sign", ["a", "电", "電", "　", "\u0301", "-", ".", "@", "，", "Ａ", "😀", "\u200b", "\ufe00", "5"]
)
def test_a_hundred_thousand_times_one_sign_is_answered(index: MatchIndex, sign: str) -> None:
    text = sign * 100_000

    stored = index.changed([capability("odd", ("title_zh", text))])

    assert all(value > 0 for value in score_of(stored, text).values())
    assert stored.query(challenge("c", *CHALLENGES["cells"])).matches[0].capability == "battery"


# Forms of one and the same text


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ｌｉｔｈｉｕｍ－ｉｏｎ　ｂａｔｔｅｒｉｅｓ", "Lithium-ion batteries"),  # full width
        ("ﾊﾞｯﾃﾘｰ材料", "バッテリー材料"),  # half width
        ("eﬃcient ﬁlm ﬂow", "efficient film flow"),  # ligatures
        ("綫材生産，裏面溫度", "线材生产，里面温度"),  # other drawings of the same signs
        ("⼯艺參數", "工艺参数"),  # a radical in place of the sign
        ("金屬\ufe00極\U000e0100片", "金属极片"),  # with a choice of the drawing
        ("電池\u200b隔膜", "电池隔膜"),  # an invisible mark
        ("更新\uf9e4電池", "更新理电池"),  # a compatibility sign
        ("e\u0301lectrode é", "électrode e\u0301"),  # composed or not
        ("CO₂ 與 H₂O", "CO2 与 H2O"),
        ("LiFePO₄电池", "LiFePO4 电池"),
        ("孔徑 5 µm", "孔径 5 μm"),  # the micro sign, and the Greek letter
        ("良率≥99％", "良率 ≥ 99 %"),
        ("X射线CT检测", "Ｘ射線ＣＴ檢測"),
        ("AI芯片", "ＡＩ芯片"),
    ],
)
def test_forms_of_one_text_read_alike(tmp_path: Path, one: str, other: str) -> None:
    assert [token.term for token in analyse(one)] == [token.term for token in analyse(other)] != []
    index = world(tmp_path, [one, other])
    first, second = score_of(index, one), score_of(index, other)

    assert first == second
    assert first["k0"] == first["k1"] > 0


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("β-catenin蛋白", ["catenin", "βcatenin", "蛋白"]),
        ("用LiFePO₄做正极", ["lifepo4", "正极"]),
        ("3D打印的5G天線", ["3d", "打印", "5g", "天线"]),
        ("Ti-6Al-4V合金", ["ti", "6al", "4v", "ti6al4v", "合金"]),
        ("α-Fe2O3納米棒", ["fe2o3", "αfe2o3", "纳米"]),
    ],
)
def test_mixed_scripts_inside_a_word_keep_both_parts(text: str, terms: list[str]) -> None:
    found = [token.term for token in analyse(text)]

    assert [term for term in found if term in terms] == terms


@pytest.mark.parametrize(
    "text", ["5 µm", "4 h", "≥ 99 %", "10^-6", "3.5 × 10⁻³", "1,200.50", "20–30 °C", "±0.5", "1:1"]
)
def test_bare_quantities_are_no_subject(text: str) -> None:
    assert analyse(text) == []


@pytest.mark.parametrize(
    "address",
    [
        "https://www.example.com/battery/cell.html?id=5",
        "www.example.cn/cell",
        "HTTP://X.ORG/silk",
        "silk_lab@example.edu.hk",
    ],
)
def test_addresses_say_nothing_of_the_subject(index: MatchIndex, address: str) -> None:
    title, (field, problem) = CHALLENGES["cells"]

    linked = challenge("c", title, (field, f"{problem} {address} {problem}"))

    assert index.text_scores(linked) == index.text_scores(challenge("c", title, (field, f"{problem} {problem}")))


@pytest.mark.parametrize(
    "code",
    [
        "for (i = 0; i < n; i++) { x[i] += A[i][j]; }",
        "SELECT a, b FROM t WHERE x >= 5;",
        "<b>&nbsp;</b>",
        "{{ 7*7 }} ${x} %s",
    ],
)
def test_code_is_answered_like_any_text(index: MatchIndex, code: str) -> None:
    found = index.query(challenge("c", ("problem_en", f"{code} silk dyeing {code}")))

    assert found.matches[0].capability == "silk"
    assert found.matches[0].reasons[0].term in ("silk", "dyeing", "silk dyeing")


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=60), st.sampled_from(TEXTS))
def test_any_text_around_leaves_the_words_that_stand_apart(noise: str, text: str) -> None:
    kept = {term.term for term in shared_terms(text)}

    assert kept <= {term.term for term in shared_terms(f"{noise} \n {text} \n {noise}")}


# Nothing but texts and facts decides


def answers(index: MatchIndex) -> str:
    """Everything the index says of three challenges, as bytes would hold it."""
    asked = [challenge(key, *texts) for key, texts in CHALLENGES.items()]
    return json.dumps([[match.to_json() for match in index.query(one).matches] for one in asked], ensure_ascii=False)


def test_the_order_in_which_documents_come_changes_nothing(tmp_path: Path) -> None:
    stored = [capability(key, *texts) for key, texts in CAPABILITIES.items()]
    said = set()
    for place, order in enumerate(list(permutations(stored))[::29]):
        index = MatchIndex.build(tmp_path / str(place), order, Statistics.fit(order))
        said.add(answers(index))

    assert len(said) == 1


def test_the_order_of_evidence_changes_no_score(tmp_path: Path, statistics: Statistics) -> None:
    texts = [("title_en", text) for text in TEXTS]
    forward, backward = capability("k", *texts), capability("k", *texts)
    backward = replace(backward, evidence=backward.evidence[::-1])
    scores = [
        score_of(MatchIndex.build(tmp_path / name, [one], statistics), TEXTS[0])
        for name, one in (("forward", forward), ("backward", backward))
    ]

    assert scores[0]["k"] == pytest.approx(scores[1]["k"], abs=1e-15)


SCRIPT = """
import sys
from pathlib import Path
from matchmaker.engine.index import MatchIndex
from matchmaker.engine.vectors import Statistics
from tests.engine.conftest import CAPABILITIES, capability
from tests.engine.test_robustness import answers
stored = [capability(key, *texts) for key, texts in CAPABILITIES.items()]
sys.stdout.buffer.write(answers(MatchIndex.build(Path(sys.argv[1]), stored, Statistics.fit(stored))).encode())
"""


def test_two_processes_say_the_same_to_the_byte(tmp_path: Path) -> None:
    root = Path(__file__).parents[2]
    said = [
        subprocess.run(
            [sys.executable, "-c", SCRIPT, str(tmp_path / seed)],
            cwd=root,
            env=os.environ | {"PYTHONHASHSEED": seed, "PYTHONPATH": str(root)},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "4242")
    ]

    assert said[0] == said[1]
    assert len(said[0]) > 1000


NAMES = ["岭海理工大学", "Linghai University of Technology", "闽岚动力", "陈思远", "Battery Wong"]


@pytest.mark.parametrize(("one", "other"), [(NAMES[0], NAMES[2]), (NAMES[1], NAMES[3]), (NAMES[4], NAMES[1])])
def test_names_change_no_score_in_blind_mode(tmp_path: Path, statistics: Statistics, one: str, other: str) -> None:
    def told(name: str) -> tuple[MatchDocument, MatchDocument]:
        offered = capability(
            "k", ("title_zh", f"{name}的电池老化研究"), ("summary_en", f"{name}, battery ageing at {name.upper()}")
        )
        asked = challenge("c", ("problem_zh", f"{name}提出：电池为什么老化"))
        return asked, offered

    def scored(asked: MatchDocument, offered: MatchDocument, folder: str) -> dict[str, float]:
        return MatchIndex.build(tmp_path / folder, [offered], statistics).text_scores(asked)

    seen = [scored(*told(name), name) for name in (one, other)]
    blinded = [scored(*(blind(side, NAMES) for side in told(name)), f"blind {name}") for name in (one, other)]

    assert seen[0] != seen[1]  # there was something to leak
    assert blinded[0] == blinded[1]


@given(st.text(max_size=40), st.lists(st.sampled_from([*NAMES, "", "a", "(", "电池"]), max_size=4))
def test_blanked_names_keep_every_place(text: str, names: list[str]) -> None:
    whole = f"{text} 岭海理工大学 {text}"

    after = blind(challenge("c", ("problem_zh", whole)), names).passages[0].text

    assert len(after) == len(whole)
    assert all(new in (old, " ") for old, new in zip(whole, after, strict=True))


def test_a_name_inside_another_word_is_left_alone() -> None:
    told = blind(challenge("c", ("problem_en", "Wonger wong WONG-1")), ["Wong"])

    assert told.passages[0].text == "Wonger" + " " * 10 + "-1"
