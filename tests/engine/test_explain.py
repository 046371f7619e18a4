"""Reasons are exact, and every word shown stands in both public texts or is a pair the glossary knows."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from matchmaker.engine import explain
from matchmaker.engine.config import DEFAULT
from matchmaker.engine.documents import MatchDocument, Passage, TermPair
from matchmaker.engine.index import MatchIndex
from matchmaker.engine.results import PairMatch, Reason, Span
from matchmaker.engine.text import analyse, fold, has_han, means, same_meaning
from matchmaker.engine.vectors import Statistics, items_of, weigh

from .conftest import capability, challenge

WORDS = [
    "电池",
    "電池",
    "batteries",
    "老化",
    "ageing",
    "缺陷",
    "defects",
    "检测",
    "detection",
    "土壤",
    "soil",
    "深度学习",
    "deep learning",
]
sentences = st.lists(st.sampled_from(WORDS), min_size=1, max_size=8).map(" ".join)


def slice_of(document: MatchDocument, evidence: str, span: Span) -> str:
    """Returns the words that a span marks."""
    passages = dict(document.items())[evidence] if document.side == "capability" else document.passages
    return next(passage.text for passage in passages if passage.field == span.field)[span.start : span.end]


def all_pairs(
    index: MatchIndex, challenges: list[MatchDocument]
) -> list[tuple[MatchDocument, MatchDocument, PairMatch]]:
    pairs = [(one, match) for one in challenges for match in index.query(one).matches]
    return [(one, found, match) for one, match in pairs if (found := index.document(match.capability))]


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(sentences, st.lists(sentences, min_size=1, max_size=4))
def test_contributions_sum_to_the_relevance(statistics: Statistics, asked: str, offered: list[str]) -> None:
    query = challenge("c", ("problem_en", asked))
    answer = capability("k", *(("title_en", text) for text in offered))
    row = next(weigh([item.mentions for item in items_of(query, DEFAULT.text)], "challenge", statistics, DEFAULT.text))
    items = items_of(answer, DEFAULT.text)
    weighed = weigh([item.mentions for item in items], "capability", statistics, DEFAULT.text)

    found = explain.contributions(row, [(item.key, one) for item, one in zip(items, weighed, strict=True)], DEFAULT)

    assert found.table.sum() == pytest.approx(found.raw / (found.raw + DEFAULT.relevance_half), abs=1e-12)
    assert (found.table >= 0).all()


def test_the_table_sums_to_the_relevance_the_index_gives(index: MatchIndex, challenges: list[MatchDocument]) -> None:
    for query, found, match in all_pairs(index, challenges):
        row = next(
            weigh(
                [query_items.mentions for query_items in items_of(query, DEFAULT.text)],
                "challenge",
                index.statistics,
                DEFAULT.text,
            )
        )
        items = items_of(found, DEFAULT.text)
        rows = weigh([item.mentions for item in items], "capability", index.statistics, DEFAULT.text)
        table = explain.contributions(
            row, [(item.key, one) for item, one in zip(items, rows, strict=True)], DEFAULT
        ).table

        assert abs(float(np.sum(table)) - match.relevance) <= 1e-9
        assert math.isclose(sum(share.share for share in match.evidence_shares), 1.0, abs_tol=1e-9)


def test_shares_of_the_parts_add_up_to_the_score(index: MatchIndex, challenges: list[MatchDocument]) -> None:
    for _, _, match in all_pairs(index, challenges):
        assert math.isclose(sum(part.share for part in match.parts), math.log(match.score), abs_tol=1e-9)
        assert math.isclose(sum(part.weight for part in match.parts), 1.0, abs_tol=1e-12)


def test_every_word_shown_stands_in_both_texts_or_is_a_known_pair(
    index: MatchIndex, challenges: list[MatchDocument]
) -> None:
    shown = 0
    for query, found, match in all_pairs(index, challenges):
        for reason in match.reasons:
            assert reason.in_challenge is not None
            assert reason.in_capability is not None
            here = slice_of(query, "", reason.in_challenge)
            there = slice_of(found, reason.evidence, reason.in_capability)
            assert here == reason.term
            if reason.pair is None:
                assert {token.term for token in analyse(here)} == {token.term for token in analyse(there)}
            else:
                assert set(reason.pair) == {here, there}
                first, second = reason.pair
                assert means(_folded(first), second) or same_meaning(_folded(first), _folded(second))
            shown += 1
    assert shown > 5


def test_reasons_never_count_more_than_the_whole(index: MatchIndex, challenges: list[MatchDocument]) -> None:
    for _, _, match in all_pairs(index, challenges):
        assert sum(reason.share for reason in match.reasons) <= 1 + 1e-9
        assert all(math.isclose(reason.share, reason.contribution / match.relevance) for reason in match.reasons)
        contributions = [reason.contribution for reason in match.reasons]
        assert contributions == sorted(contributions, reverse=True)


def test_deleting_the_shown_words_lowers_the_score(index: MatchIndex, challenges: list[MatchDocument]) -> None:
    for query, _, match in all_pairs(index, challenges):
        text = query.text()
        for reason in match.reasons[:5]:
            text = text.replace(reason.term, " ")
        after = index.text_scores(challenge("cut", ("problem_zh", text))).get(match.capability, 0.0)
        if match.reasons:
            assert after < index.text_scores(query)[match.capability]


def test_a_chinese_and_an_english_word_are_shown_as_a_pair(index: MatchIndex) -> None:
    match = index.query(challenge("c", ("problem_zh", "丝绸印染废水")), keys=["silk"]).matches[0]

    assert ("废水", "wastewater") in [reason.pair for reason in match.reasons]


@pytest.mark.parametrize(("asked", "offered", "shown"), [("分钟", "微小", False), ("样品", "样本", True)])
def test_two_chinese_words_are_a_pair_only_when_they_share_a_character(asked: str, offered: str, shown: bool) -> None:
    assert same_meaning(asked, offered)
    assert explain._known_pair(asked, offered, ()) == shown


def test_traditional_text_is_shown_as_written(index: MatchIndex) -> None:
    match = index.query(challenge("c", ("problem_zh", "鋰離子電池的容量衰減")), keys=["battery"]).matches[0]

    assert any(reason.term in ("鋰離子", "電池", "容量", "衰減", "鋰離子電池", "容量衰減") for reason in match.reasons)


def test_no_single_characters_or_cut_words_are_shown(index: MatchIndex, challenges: list[MatchDocument]) -> None:
    terms = [reason.term for _, _, match in all_pairs(index, challenges) for reason in match.reasons]

    assert terms
    assert all(len(term) > 1 for term in terms)


def test_a_bridges_term_pair_finds_and_shows_what_words_alone_miss(index: MatchIndex) -> None:
    bare = challenge("c", ("problem_en", "Our cloth dipping uses too much aqua"))
    assert index.query(bare, keys=["silk"]).matches == ()

    bridged = MatchDocument("c", "challenge", bare.passages, pairs=(TermPair("cloth dipping", "dyeing of textiles"),))
    match = index.query(bridged, keys=["silk"]).matches[0]

    assert match.reasons[0].term == "cloth dipping"
    assert match.reasons[0].pair is not None
    assert match.reasons[0].pair[0] == "cloth dipping"


def _folded(text: str) -> str:
    return "".join(token.term for token in analyse(text)[:1]) if len(analyse(text)) == 1 else text


@pytest.mark.parametrize("order", [("zh", "en"), ("en", "zh")])
@pytest.mark.parametrize("script", ["电池隔膜的热失控", "電池隔膜的熱失控"])
def test_a_word_that_both_texts_hold_in_both_languages_is_told_in_either(
    index: MatchIndex, order: tuple[str, str], script: str
) -> None:
    texts = {"zh": script, "en": "Thermal runaway of battery separators"}
    asked = challenge("c", *((f"problem_{code}", texts[code]) for code in order))
    offer = capability("twin", ("title_zh", "电池隔膜"))
    offer = replace(offer, passages=(*offer.passages, Passage("title_en", "Separators for batteries")))
    grown = index.changed([offer])

    match = grown.query(asked, keys=["twin"]).matches[0]

    told = {reason.term: reason.also for reason in match.reasons if reason.also}
    assert told
    for term, also in told.items():
        words = (slice_of(asked, "", also.in_challenge), slice_of(offer, "", also.in_capability))
        assert words[0] == also.term
        assert {token.term for token in analyse(words[0])} == {token.term for token in analyse(words[1])}
        assert has_han(term) != has_han(also.term)
        chinese, english = (term, also.term) if has_han(term) else (also.term, term)
        assert means(_folded(chinese), english)
    said = {fold(word) for term, also in told.items() for word in (term, also.term)}
    assert {"电池", "隔膜"} & said


def test_a_word_that_one_text_holds_in_one_language_only_has_no_twin(index: MatchIndex) -> None:
    match = index.query(challenge("c", ("problem_zh", "丝绸印染废水"), ("problem_en", "Silk")), keys=["silk"]).matches[
        0
    ]

    assert match.reasons
    assert not any(reason.also for reason in match.reasons if "废水" in reason.term or "wastewater" in reason.term)


@pytest.mark.parametrize(
    ("term", "pair", "gloss"),
    [
        ("光度立体", None, "photometric stereo"),
        ("光度立體", None, "photometric stereo"),
        ("Deep learning", None, "深度学习"),
        ("Particle dissolution", None, ""),
        ("水平", None, ""),
        ("电池", ("电池", "battery"), ""),
    ],
)
def test_a_word_is_glossed_in_the_other_language_where_the_glossary_knows_it(
    term: str, pair: tuple[str, str] | None, gloss: str
) -> None:
    assert explain.gloss_of(Reason(term, 0.1, "", 0.1, None, None, pair)) == gloss
