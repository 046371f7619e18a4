"""The parts of a score add up, and pooling is fair to short and long lists."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchmaker.engine import pasteur
from matchmaker.engine.config import DEFAULT
from matchmaker.engine.documents import Facts
from matchmaker.engine.results import Placement
from matchmaker.engine.scoring import (
    Side,
    band,
    best_score,
    combine,
    good_enough,
    judge,
    origin,
    pool,
    pool_each,
    relevance,
)  # fmt: skip


def point(understanding: float, use: float) -> Placement:
    return Placement(understanding, use, 0.1, 0.1, "pasteur", False, "text")


axes = st.floats(0, 1)
scores = st.lists(st.floats(0, 20), min_size=1, max_size=8)


@given(st.lists(scores, min_size=1, max_size=5))
def test_pooling_is_a_decaying_mean_of_the_sorted_scores(owners: list[list[float]]) -> None:
    flat = np.array([value for values in owners for value in values])
    whose = np.array([owner for owner, values in enumerate(owners) for _ in values], dtype=np.int32)

    pooled = pool(whose, flat, len(owners), 0.9)

    for owner, values in enumerate(owners):
        weights = [0.9**rank for rank in range(len(values))]
        expected = sum(w * v for w, v in zip(weights, sorted(values, reverse=True), strict=True)) / sum(weights)
        assert pooled[owner] == pytest.approx(expected)
        assert pooled[owner] <= max(values) + 1e-9
        assert pooled[owner] == pool_each(np.array(values)[:, None], 0.9)[0]


def test_a_part_says_when_nothing_is_known_of_it() -> None:
    here = Facts(languages=("zh",), org_kind="company")
    there = Facts(languages=("zh",), org_kind="university")
    thin = replace(point(0.5, 0.5), abstained=True)

    silent = judge(1.0, Side(Facts(), thin), Side(Facts(), thin), DEFAULT)
    told = judge(1.0, Side(here, point(0.5, 0.5)), Side(there, thin), DEFAULT)

    assert {part.name for part in silent.parts if not part.known} == {"pasteur_fit", "complement", "feasibility"}
    assert all(part.known for part in told.parts)


@given(scores)
def test_a_longer_list_of_equals_gains_nothing(values: list[float]) -> None:
    same = np.full(len(values), values[0])

    assert pool(np.zeros(len(values), dtype=np.int32), same, 1, 0.9)[0] == pytest.approx(values[0])


@given(st.floats(0.0, 1.0), st.floats(0.0, 1.0), st.floats(0.0, 1.0))
def test_shares_add_up_to_the_log_of_the_product(first: float, second: float, third: float) -> None:
    parts = combine({"relevance": (first, 0.5), "pasteur_fit": (second, 0.3), "feasibility": (third, 0.2)})
    floored = [max(value, 1e-12) for value in (first, second, third)]

    assert sum(part.share for part in parts) == pytest.approx(
        sum(w * math.log(v) for w, v in zip((0.5, 0.3, 0.2), floored, strict=True))
    )


@given(st.floats(1e-6, 50), axes, axes, axes, axes)
def test_no_pair_scores_above_its_bound(raw: float, a: float, b: float, c: float, d: float) -> None:
    judged = judge(raw, Side(Facts(), point(a, b)), Side(Facts(), point(c, d)), DEFAULT)

    assert 0 < judged.score <= best_score(raw, DEFAULT) + 1e-12


@given(st.floats(0, 50), st.floats(0, 50))
def test_relevance_keeps_the_order(one: float, other: float) -> None:
    assert (relevance(one, DEFAULT) <= relevance(other, DEFAULT)) == (one <= other) or math.isclose(one, other)


@given(axes, axes, axes, axes)
def test_a_capability_that_brings_more_never_fits_less(a: float, b: float, c: float, d: float) -> None:
    asked, brought, more = point(a, b), point(c, d), point(max(c, a), max(d, b))

    def fit(capability: Placement) -> float:
        return pasteur.fit(asked, capability, DEFAULT)

    assert 0 <= fit(brought) <= fit(more) + 1e-12
    assert fit(more) <= 1


def test_a_theorist_and_a_production_line_make_a_pasteur_pair() -> None:
    theorist, line = point(0.9, 0.1), point(0.1, 0.9)

    judged = judge(1.0, Side(Facts(), line), Side(Facts(), theorist), DEFAULT)

    assert (judged.joint.understanding, judged.joint.use) == pytest.approx((0.9, 0.9), abs=0.05)
    assert judged.joint.quadrant == "pasteur"
    assert (origin(0.1, 0.9), origin(0.9, 0.1), origin(0.5, 0.5)) == ("capability", "challenge", "both")


def test_bands_rise_with_the_score() -> None:
    assert [band(score, DEFAULT) for score in (0.1, DEFAULT.possible_at, DEFAULT.strong_at)] == [
        "weak",
        "possible",
        "strong",
    ]


@pytest.mark.parametrize(
    ("best", "tenth", "good"), [(0.6, 0.6, True), (0.3, 0.1, True), (0.3, 0.2, False), (0.1, 0.0, False)]
)
def test_a_good_match_is_high_or_stands_out(best: float, tenth: float, good: bool) -> None:
    assert good_enough(best, tenth, DEFAULT) is good
