"""Facts gate, block and soften; what is not known costs nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchmaker.engine.config import DEFAULT
from matchmaker.engine.documents import IP_LADDER, Facts
from matchmaker.engine.facts import compare, complement, ip_distance

FLOOR = DEFAULT.soft_floor


def codes(challenge: Facts, capability: Facts) -> tuple[list[str], list[str]]:
    found = compare(challenge, capability, FLOOR)
    return [gate.code for gate in found.gates], [blocker.code for blocker in found.blockers]


def test_nothing_known_costs_nothing() -> None:
    found = compare(Facts(), Facts(), FLOOR)

    assert found.factor == 1.0
    assert found.gates == found.blockers == ()
    assert {row.level for row in found.rows} == {"unknown"}


@pytest.mark.parametrize(
    ("challenge", "capability", "gate"),
    [
        (Facts(owner="a"), Facts(owner="a"), "conflict_of_interest"),
        (Facts(people=("x", "y")), Facts(people=("y",)), "conflict_of_interest"),
        (Facts(owner="a", excluded=("b",)), Facts(owner="b"), "conflict_of_interest"),
        (Facts(owner="a"), Facts(owner="b", excluded=("a",)), "conflict_of_interest"),
        (Facts(open=False), Facts(), "closed"),
        (Facts(), Facts(open=False), "closed"),
        (Facts(), Facts(places_free=0), "no_capacity"),
        (Facts(ip="firm_owns"), Facts(ip="open"), "ip_incompatible"),
    ],
)
def test_what_rules_a_pair_out_is_a_gate(challenge: Facts, capability: Facts, gate: str) -> None:
    assert codes(challenge, capability)[0] == [gate]


@pytest.mark.parametrize(
    ("challenge", "capability", "blocker"),
    [
        (Facts(trl_wanted=8), Facts(trl=4), "trl_gap"),
        (Facts(budget_max=100.0), Facts(budget_min=200.0), "budget_below"),
        (Facts(languages=("zh",)), Facts(languages=("pt",)), "no_common_language"),
        (Facts(ip="firm_owns"), Facts(ip="joint"), "ip_conflict"),
        (Facts(publish_after=365), Facts(publication="required"), "publication_delay"),
    ],
)
def test_what_stands_in_the_way_is_a_blocker(challenge: Facts, capability: Facts, blocker: str) -> None:
    gates, blockers = codes(challenge, capability)

    assert (gates, blockers) == ([], [blocker])
    assert compare(challenge, capability, FLOOR).factor < 1


def test_a_wider_trl_gap_never_raises_feasibility() -> None:
    factors = [compare(Facts(trl_wanted=9), Facts(trl=trl), FLOOR).factor for trl in range(1, 10)]

    assert factors == sorted(factors)
    assert factors[0] < factors[-1] == 1.0


def test_mandarin_and_cantonese_read_the_same_page() -> None:
    assert codes(Facts(languages=("zh",)), Facts(languages=("yue",))) == ([], [])


def test_negotiable_ip_fits_all() -> None:
    assert [ip_distance("negotiable", step) for step in IP_LADDER] == [0] * len(IP_LADDER)
    assert ip_distance("", "negotiable") is None


def row(challenge: Facts, capability: Facts, code: str) -> tuple[str, float]:
    found = compare(challenge, capability, FLOOR)
    (level,) = [item.level for item in found.rows if item.code == code]
    return level, found.factor


def test_a_shared_industry_is_good_and_another_costs_nothing() -> None:
    cars = Facts(industry="C36")

    assert row(cars, Facts(sectors=("C38", "C36")), "industry") == ("good", 1.0)
    assert row(cars, Facts(sectors=("C38",)), "industry") == ("fair", 1.0)
    assert row(cars, Facts(), "industry") == row(Facts(), Facts(sectors=("C38",)), "industry") == ("unknown", 1.0)


@pytest.mark.parametrize(
    ("days", "need", "level"),
    [
        (0, "required", "good"), (120, "required", "fair"), (364, "required", "fair"), (365, "required", "poor"),
        (120, "preferred", "good"), (365, "preferred", "fair"), (1000, "none", "good"), (None, "required", "unknown"),
        (0, "", "unknown"),
    ],
)  # fmt: skip
def test_a_publication_held_back_matters_to_who_needs_it(days: int | None, need: str, level: str) -> None:
    found, factor = row(Facts(publish_after=days), Facts(publication=need), "publication")

    assert found == level
    assert (factor == 1.0) == (level in ("good", "unknown"))


def test_a_longer_wait_for_publication_never_raises_feasibility() -> None:
    for need in ("required", "preferred", "none"):
        factors = [
            row(Facts(publish_after=days), Facts(publication=need), "publication")[1] for days in range(0, 400, 5)
        ]
        assert factors == sorted(factors, reverse=True)


@pytest.mark.parametrize(("days", "level"), [(0, "good"), (182, "good"), (183, "fair"), (365, "fair")])
def test_what_nobody_confirmed_for_half_a_year_is_less_fresh(days: int, level: str) -> None:
    assert row(Facts(), Facts(fresh_days=days), "freshness")[0] == level


@pytest.mark.parametrize(
    ("challenge", "capability", "level", "shared"),
    [
        (Facts(place="a", region="x"), Facts(place="a", region="x"), "good", "city"),
        (Facts(region="x"), Facts(place="a", region="x"), "good", "region"),
        (Facts(region="x", in_bay=True), Facts(region="y", in_bay=True), "fair", "bay"),
        (Facts(place="a", region="x"), Facts(place="b", region="y"), "fair", ""),
        (Facts(place="a", region="x"), Facts(place="b"), "unknown", None),
    ],
)
def test_places_whose_region_is_not_known_are_not_called_far_apart(
    challenge: Facts, capability: Facts, level: str, shared: str | None
) -> None:
    (place,) = [item for item in compare(challenge, capability, FLOOR).rows if item.code == "place"]

    assert (place.level, place.values) == (level, {} if shared is None else {"shared": shared})


facts = st.builds(
    Facts,
    trl=st.none() | st.integers(1, 9),
    trl_wanted=st.none() | st.integers(1, 9),
    budget_min=st.none() | st.floats(0, 1e9),
    budget_max=st.none() | st.floats(0, 1e9),
    languages=st.lists(st.sampled_from(["zh", "yue", "en", "pt"]), max_size=2).map(tuple),
    ip=st.sampled_from(["", "negotiable", *IP_LADDER]),
    place=st.sampled_from(["", "shenzhen", "macao"]),
    region=st.sampled_from(["", "guangdong", "macao"]),
    in_bay=st.booleans(),
    size=st.sampled_from(["", "large", "small"]),
    tech=st.sampled_from(["", "technology", "traditional"]),
    org_kind=st.sampled_from(["", "company", "university"]),
    fresh_days=st.none() | st.integers(0, 4000),
    industry=st.sampled_from(["", "C36", "C38"]),
    sectors=st.lists(st.sampled_from(["C36", "C38"]), max_size=2).map(tuple),
    publish_after=st.none() | st.integers(0, 4000),
    publication=st.sampled_from(["", "required", "preferred", "none"]),
)


@given(facts, facts)
def test_no_fact_can_erase_a_pair(challenge: Facts, capability: Facts) -> None:
    found = compare(challenge, capability, FLOOR)

    assert FLOOR ** len(found.rows) <= found.factor <= 1
    difference = complement(challenge, capability)
    assert difference is None or 0 <= difference <= 1
