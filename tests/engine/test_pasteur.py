"""Quadrant placements: both languages, both axes, denials, habits of speech, thin texts, and the words that are shown."""

import json
from dataclasses import replace

import pytest

from matchmaker.engine import cues, pasteur
from matchmaker.engine.documents import EvidenceItem, Facts, MatchDocument, Passage
from matchmaker.engine.results import Placement

WHY_ZH = (
    "我们的动力电池产线在卷绕工序后出现大量极片褶皱和微短路缺陷，每月报废损失超过两百万元。目前只能靠人工抽检，漏检率约百分之三。"
    "我们不清楚缺陷为什么会在涂布速度提高以后突然增加，希望有团队能够揭示缺陷产生的机理，建立涂布、辊压与卷绕之间的关系模型，"
    "并在此基础上给出在线检测方法，把漏检率降到千分之一以下，检测时间不超过每件两秒。"
)
WHY_HANT = (
    "我們的動力電池產線在捲繞工序後出現大量極片褶皺和微短路缺陷，每月報廢損失超過兩百萬元。目前只能靠人工抽檢，漏檢率約百分之三。"
    "我們不清楚缺陷為什麼會在塗布速度提高以後突然增加，希望有團隊能夠揭示缺陷產生的機理，建立塗布、輥壓與捲繞之間的關係模型，"
    "並在此基礎上給出在線檢測方法，把漏檢率降到千分之一以下，檢測時間不超過每件兩秒。"
)
WHY_EN = (
    "Our power battery line shows many electrode wrinkles and micro short circuits after the winding step, and scrap costs us more "
    "than two million yuan a month. Today we only have manual sampling, which misses about three percent. We do not know why the "
    "defects rise suddenly once the coating speed is increased. We look for a team that can reveal the mechanism behind the defects, "
    "model the relation between coating, calendering and winding, and on this basis give an in-line inspection method."
)
BUY_ZH = (
    "工厂仓库需要部署二十台自动导引车，与现有的企业资源系统和立体库对接，实现物料自动配送。要求采购成熟设备，三个月内安装调试完毕，"
    "运行故障率低于千分之五，提供两年质保和现场培训。目前人工搬运每班需要十五名工人，希望减少到三名，并缩短备料时间一半。"
)
BUY_HANT = (
    "工廠倉庫需要部署二十台自動導引車，與現有的企業資源系統和立體庫對接，實現物料自動配送。要求採購成熟設備，三個月內安裝調試完畢，"
    "運行故障率低於千分之五，提供兩年質保和現場培訓。目前人工搬運每班需要十五名工人，希望減少到三名，並縮短備料時間一半。"
)
BUY_EN = (
    "Our warehouse needs twenty automated guided vehicles, connected to the existing enterprise system and high-bay store. Mature "
    "equipment must be procured, installed and commissioned within three months, with a failure rate below five in a thousand, a "
    "two-year warranty and on-site training. Manual handling needs fifteen workers a shift today; we want three, and lower costs."
)
STARS_ZH = (
    "我们通过射电望远镜观测高红移星系中的分子气体，研究恒星形成率与暗物质晕质量之间的关系，检验星系形成的理论模型。重点理解黑洞反馈"
    "如何影响宇宙早期星系的演化，以及气体吸积的物理机制。我们将与数值模拟的预言进行对比，探讨宇宙再电离时期第一代恒星的起源和化学丰度。"
)
STARS_EN = (
    "We observe molecular gas in high redshift galaxies with radio telescopes, study how the star formation rate depends on the mass "
    "of the dark matter halo, and test theoretical models of galaxy formation. The main question is how black hole feedback affects "
    "the evolution of galaxies in the early universe, and which physical mechanisms rule gas accretion onto the first stars."
)
MIXED = "PCB 产线 AOI 检测 false alarm 太高，current reject rate 8%。" + WHY_EN + BUY_ZH

TEXTS = {
    "why-zh-hans": (WHY_ZH, "pasteur"),
    "why-zh-hant": (WHY_HANT, "pasteur"),
    "why-en": (WHY_EN, "pasteur"),
    "buy-zh-hans": (BUY_ZH, "edison"),
    "buy-zh-hant": (BUY_HANT, "edison"),
    "buy-en": (BUY_EN, "edison"),
    "stars-zh-hans": (STARS_ZH, "bohr"),
    "stars-en": (STARS_EN, "bohr"),
}


def point(understanding: float, use: float, sd: float = 0.2) -> Placement:
    return Placement(understanding, use, sd, sd, pasteur.quadrant(understanding, use), False, "text")


def challenge(*texts: str, facts: Facts | None = None) -> MatchDocument:
    passages = tuple(Passage("problem", text) for text in texts)
    return MatchDocument("c1", "challenge", passages, facts=facts or Facts())


@pytest.mark.parametrize(("text", "quadrant"), TEXTS.values(), ids=TEXTS)
def test_text_falls_in_the_quadrant_its_motive_asks_for(text: str, quadrant: str) -> None:
    placed = pasteur.place_text(text)

    assert (placed.quadrant, placed.abstained) == (quadrant, False)


def test_mixed_text_is_placed_by_both_languages() -> None:
    placed = pasteur.place_text(MIXED)

    shown = "".join(cue.term for cue in placed.cues)
    assert placed.use > 0.8
    assert any("\u4e00" <= char <= "\u9fff" for char in shown)
    assert any("a" <= char <= "z" for char in shown)


@pytest.mark.parametrize(("simplified", "traditional"), [(WHY_ZH, WHY_HANT), (BUY_ZH, BUY_HANT)])
def test_traditional_and_simplified_stand_on_the_same_point(simplified: str, traditional: str) -> None:
    first, second = pasteur.place_text(simplified), pasteur.place_text(traditional)

    assert abs(first.understanding - second.understanding) < 0.02
    assert abs(first.use - second.use) < 0.02


@pytest.mark.parametrize(("chinese", "english"), [(WHY_ZH, WHY_EN), (BUY_ZH, BUY_EN), (STARS_ZH, STARS_EN)])
def test_translation_moves_a_text_little(chinese: str, english: str) -> None:
    first, second = pasteur.place_text(chinese), pasteur.place_text(english)

    assert abs(first.understanding - second.understanding) < 0.15
    assert abs(first.use - second.use) < 0.15


@pytest.mark.parametrize(
    ("base", "why"),
    [
        (BUY_ZH, "我们不清楚故障为什么发生，希望阐明其机理。"),
        (BUY_HANT, "我們不清楚故障為什麼發生，希望闡明其機理。"),
        (BUY_EN, " We do not know why it fails and want to understand the mechanism."),
    ],
    ids=["zh-hans", "zh-hant", "en"],
)
def test_asking_why_raises_understanding(base: str, why: str) -> None:
    assert pasteur.place_text(base + why).understanding > pasteur.place_text(base).understanding + 0.1


@pytest.mark.parametrize(
    ("base", "seeks", "denies"),
    [
        (WHY_ZH, "我们追求理论和机理。", "我们不追求理论和机理。"),
        (WHY_HANT, "我們追求理論和機理。", "我們不追求理論和機理。"),
        (WHY_EN, " We are seeking fundamental research.", " We are not seeking fundamental research."),
        (BUY_ZH, "需要 basic research。", "不需要 basic research。"),
    ],
    ids=["zh-hans", "zh-hant", "en", "mixed"],
)
def test_denied_motive_counts_against_its_axis(base: str, seeks: str, denies: str) -> None:
    neutral, sought, denied = (pasteur.place_text(text) for text in (base, base + seeks, base + denies))

    assert denied.understanding < neutral.understanding
    assert denied.understanding < sought.understanding


def test_denial_ends_with_its_clause() -> None:
    marks = cues.read("不追求论文，希望揭示失效机理。").marks

    assert {mark.key: mark.amount for mark in marks}["cue:mechanism"] == 1.0


def test_unknown_cause_is_no_denial() -> None:
    marks = cues.read("It is not yet understood why the coating fails.").marks

    assert {mark.key for mark in marks if mark.amount > 0} >= {"cue:unknown", "cue:why"}
    assert all(mark.amount > 0 for mark in marks)


@pytest.mark.parametrize(
    ("base", "stock"),
    [
        (STARS_ZH, "该研究具有广阔的应用前景。"),
        (STARS_ZH, "該研究具有廣闊應用前景。"),
        (STARS_EN, " It has broad application prospects and potential applications in many fields."),
        (STARS_ZH, "具有重要的理论意义和应用价值。"),
    ],
    ids=["zh-hans", "zh-hant", "en", "significance"],
)
def test_stock_phrase_is_no_evidence_of_use(base: str, stock: str) -> None:
    before, after = pasteur.place_text(base), pasteur.place_text(base + stock)

    assert abs(after.use - before.use) < 0.02
    assert abs(after.understanding - before.understanding) < 0.02


@pytest.mark.parametrize(
    "text", ["", "   ", "电池", "降低成本，提高良率。", "We need a cheaper sensor.", "AOI 检测 too slow", "。！？"]
)
def test_thin_text_abstains_with_a_wide_point(text: str) -> None:
    placed = pasteur.place_text(text)

    assert placed.abstained
    assert max(placed.understanding_sd, placed.use_sd) > pasteur.DEFAULT.quadrant.abstain_sd
    assert 0 <= placed.understanding <= 1
    assert 0 <= placed.use <= 1


def test_unknown_text_stands_in_the_middle() -> None:
    placed = pasteur.place_text("")

    assert (placed.understanding, placed.use, placed.source, placed.cues) == (0.5, 0.5, "none", ())


def test_longer_text_is_placed_with_less_spread() -> None:
    short, long = pasteur.place_text(BUY_EN), pasteur.place_text(BUY_EN + WHY_EN + STARS_EN)

    assert long.understanding_sd < short.understanding_sd
    assert long.use_sd < short.use_sd


@pytest.mark.parametrize("text", [WHY_ZH, WHY_HANT, WHY_EN, BUY_ZH, STARS_EN, MIXED, "ＬＥＤ　產線良率" + BUY_HANT])
def test_every_cue_stands_in_the_text_as_written(text: str) -> None:
    placed = pasteur.place_text(text)

    assert {cue.axis for cue in placed.cues} == {"understanding", "use"}
    assert all(cue.term and cue.term in text for cue in placed.cues)


def test_cues_are_the_strongest_first_and_add_up_to_the_text_model() -> None:
    config = replace(pasteur.DEFAULT, quadrant=replace(pasteur.DEFAULT.quadrant, cues=10_000))
    placed = pasteur.place_text(WHY_ZH, config)

    weights = [abs(cue.weight) for cue in placed.cues if cue.axis == "use"]
    intercept = pasteur.model().intercept[1]
    odds = intercept + sum(cue.weight for cue in placed.cues if cue.axis == "use")
    left_out = pasteur.LEAST_CUE * len(WHY_ZH)
    assert weights == sorted(weights, reverse=True)
    assert abs(1 / (1 + 2.718281828459045 ** (-odds)) - placed.use) < left_out


def test_shown_cues_sum_exactly_when_none_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pasteur, "LEAST_CUE", 0.0)
    config = replace(pasteur.DEFAULT, quadrant=replace(pasteur.DEFAULT.quadrant, cues=10_000))
    placed = pasteur.place_text(WHY_EN, config)

    odds = pasteur.model().intercept[0] + sum(cue.weight for cue in placed.cues if cue.axis == "understanding")
    assert 1 / (1 + 2.718281828459045 ** (-odds)) == pytest.approx(placed.understanding, abs=1e-9)


def test_neither_axis_is_the_mirror_of_the_other() -> None:
    placed = [pasteur.place_text(text) for text in (WHY_ZH, WHY_EN, BUY_ZH, STARS_ZH, STARS_EN)]

    sums = [point.understanding + point.use for point in placed]
    assert max(sums) - min(sums) > 0.4


def test_each_axis_has_weights_of_its_own() -> None:
    terms = pasteur.model().terms.values()

    same_sign = sum(understanding * use > 0 for _, understanding, use in terms)
    assert same_sign > len(terms) / 10


def test_cue_group_moves_its_own_axis_only() -> None:
    leans = cues.patterns().leans

    assert {axis for axis, _ in leans.values()} == {"understanding", "use"}
    for key, (axis, lean) in leans.items():
        _, understanding, use = pasteur.model().terms[key]
        assert (use if axis == "understanding" else understanding) == 0
        assert lean != 0


def test_same_text_is_placed_the_same_twice() -> None:
    first = json.dumps(repr(pasteur.place_text(MIXED)))
    pasteur.model.cache_clear()
    cues.patterns.cache_clear()

    assert json.dumps(repr(pasteur.place_text(MIXED))) == first


def test_fingerprint_names_the_shipped_model() -> None:
    assert len(pasteur.fingerprint()) == 12
    assert int(pasteur.fingerprint(), 16) >= 0


def test_answers_of_the_owner_outweigh_the_text() -> None:
    silent = pasteur.place(challenge(BUY_ZH))
    told = pasteur.place(challenge(BUY_ZH, facts=Facts(understanding=5)))

    assert told.understanding > 0.5 > silent.understanding
    assert told.use == silent.use
    assert (silent.source, told.source) == ("text", "self+text")


def test_answers_that_contradict_the_text_widen_the_point() -> None:
    agreeing = pasteur.place(challenge(BUY_ZH, facts=Facts(understanding=1)))
    contradicting = pasteur.place(challenge(BUY_ZH, facts=Facts(understanding=5)))

    assert contradicting.understanding_sd > 2 * agreeing.understanding_sd


def test_answers_alone_place_a_thin_text() -> None:
    placed = pasteur.place(challenge("电池", facts=Facts(understanding=5, use=5)))

    assert not placed.abstained
    assert placed.quadrant == "pasteur"


def test_one_answer_is_not_enough_for_two_axes() -> None:
    assert pasteur.place(challenge("电池", facts=Facts(use=5))).abstained


def test_late_readiness_moves_a_capability_towards_use() -> None:
    early = MatchDocument("k1", "capability", (Passage("description", STARS_ZH),), facts=Facts(trl=2))
    late = replace(early, facts=Facts(trl=9))

    assert pasteur.place(late).use > pasteur.place(early).use
    assert pasteur.place(late).understanding < pasteur.place(early).understanding


def test_kinds_of_evidence_move_a_capability() -> None:
    def with_kind(kind: str) -> Placement:
        evidence = tuple(EvidenceItem(f"e{place}", "", kind) for place in range(3))
        return pasteur.place(MatchDocument("k1", "capability", (Passage("description", WHY_EN),), evidence))

    assert with_kind("pilot").use > with_kind("paper").use
    assert with_kind("paper").understanding > with_kind("pilot").understanding


def test_capability_pools_description_and_evidence() -> None:
    own = MatchDocument("k1", "capability", (Passage("description", BUY_ZH),))
    paper = EvidenceItem("e1", "", "paper", 2020, (Passage("title_zh", "星系演化"), Passage("abstract_zh", STARS_ZH)))

    alone, pooled, evidence = (
        pasteur.place(document).understanding
        for document in (own, replace(own, evidence=(paper,)), MatchDocument("k1", "capability", (), (paper,)))
    )
    assert alone < pooled < evidence


def test_joint_point_takes_each_axis_from_the_side_that_brings_more() -> None:
    theorist, plant = point(0.9, 0.2, sd=0.1), point(0.2, 0.9, sd=0.3)

    together = pasteur.joint(plant, theorist)
    assert (together.understanding, together.use, together.quadrant) == (0.9, 0.9, "pasteur")
    assert (together.understanding_sd, together.use_sd) == (0.1, 0.3)
    assert not together.abstained


def test_joint_point_abstains_with_either_side() -> None:
    thin = pasteur.place_text("电池")

    assert pasteur.joint(thin, point(0.9, 0.9)).abstained
    assert pasteur.joint(point(0.9, 0.9), thin).abstained


def test_full_cover_with_a_joint_pasteur_point_fits_fully() -> None:
    assert pasteur.fit(point(1.0, 1.0), point(1.0, 1.0)) == 1.0


def test_fit_measures_cover_rather_than_likeness() -> None:
    plant = point(0.2, 0.9)

    more, same, less = (pasteur.fit(plant, side) for side in (point(0.9, 0.9), point(0.2, 0.9), point(0.2, 0.4)))
    assert more > same > less


@pytest.mark.parametrize("missing", [point(0.0, 1.0), point(1.0, 0.0), point(0.0, 0.0)])
def test_each_axis_can_take_half_of_the_fit(missing: Placement) -> None:
    lacking = (missing.understanding == 0) + (missing.use == 0)

    assert pasteur.fit(point(1.0, 1.0), missing) == pytest.approx(1 - 0.5 * lacking)


def test_theorist_fits_a_plant_that_asks_why() -> None:
    plant, theorist = point(0.8, 0.9), point(0.95, 0.3)

    assert pasteur.joint(plant, theorist).quadrant == "pasteur"
    assert 0.6 < pasteur.fit(plant, theorist) < 0.75
