"""Counts become weights by the formula that the module states."""

import math

import numpy as np
import pytest

from matchmaker.engine.config import DEFAULT, TextWeights
from matchmaker.engine.documents import MatchDocument, Passage, TermPair
from matchmaker.engine.vectors import Statistics, items_of, mentions_of, term_hash, weigh

from .conftest import capability, challenge

TEXT = DEFAULT.text


def test_a_capabilitys_weight_is_saturated_and_length_normalised(statistics: Statistics) -> None:
    (item,) = items_of(capability("k", ("title_en", "silk silk radar")), TEXT)
    (row,) = weigh([item.mentions], "capability", statistics, TEXT)
    length = sum(mention.weight for mention in item.mentions.values())

    place = int(np.flatnonzero(row.hashes == term_hash("silk"))[0])
    damping = TEXT.k1 * (1 - TEXT.b + TEXT.b * length / statistics.mean_length)
    idf = statistics.idf(np.array([term_hash("silk")], dtype=np.uint64))[0]

    assert row.values[place] == pytest.approx(idf * 2 * (TEXT.k1 + 1) / (2 + damping), rel=1e-6)


def test_a_challenge_has_length_one(statistics: Statistics) -> None:
    (item,) = items_of(challenge("c", ("title_en", "silk radar"), ("problem_zh", "电池老化")), TEXT)
    (row,) = weigh([item.mentions], "challenge", statistics, TEXT)

    assert math.isclose(float(np.sum(row.values.astype(np.float64) ** 2)), 1.0, rel_tol=1e-6)
    assert (np.diff(row.hashes.astype(object)) > 0).all()


def test_a_row_weighs_the_same_in_any_company(statistics: Statistics, capabilities: list[MatchDocument]) -> None:
    items = [item for document in capabilities for item in items_of(document, TEXT)]
    together = list(weigh([item.mentions for item in items], "capability", statistics, TEXT))
    alone = [next(weigh([item.mentions], "capability", statistics, TEXT)) for item in items]

    for one, other in zip(together, alone, strict=True):
        assert (one.hashes == other.hashes).all()
        assert (one.values == other.values).all()
        assert (one.spans == other.spans).all()


def test_a_passages_weight_multiplies_its_words() -> None:
    found = mentions_of([Passage("title_en", "silk", 2.0), Passage("summary_en", "silk radar")], TEXT)

    assert (found["silk"].weight, found["radar"].weight) == (3.0, 1.0)
    assert found["silk"][1:] == (0, 0, 4)


def test_a_chinese_word_weighs_less_than_its_reading() -> None:
    found = mentions_of([Passage("title_zh", "电池")], TEXT)

    assert (found["电池"].weight, found["batteri"].weight) == (TEXT.chinese, TEXT.meaning)


def test_a_term_pair_counts_only_where_the_firms_word_stands() -> None:
    pair = TermPair("cloth dipping", "dyeing", 0.5)
    used = MatchDocument("c", "challenge", (Passage("problem_en", "our cloth dipping fails"),), pairs=(pair,))
    unused = MatchDocument("c", "challenge", (Passage("problem_en", "our oven fails"),), pairs=(pair,))

    (with_pair,), (without,) = items_of(used, TEXT), items_of(unused, TEXT)

    assert with_pair.mentions["dye"][:4] == (0.5, 0, 4, 17)
    assert "dye" not in without.mentions


def test_items_without_words_are_left_out() -> None:
    assert [item.key for item in items_of(capability("k", ("title_en", ""), ("title_en", "silk")), TextWeights())] == [
        "k-0"
    ]


def test_statistics_do_not_depend_on_order(capabilities: list[MatchDocument]) -> None:
    assert Statistics.fit(capabilities).epoch == Statistics.fit(reversed(capabilities)).epoch
