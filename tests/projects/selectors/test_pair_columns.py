"""What is read of a stored pair is what its card and its page show, without a further question for each row."""

from typing import Any

import pytest

from projects.models import Match
from projects.selectors.access import visible_matches
from projects.selectors.matches import cards
from projects.selectors.pair_columns import for_a_list, for_a_page
from projects.web.cards import card_view
from tests.factories import EvidenceFactory, MatchFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("other", ["capability", "challenge"])
def test_a_card_asks_for_nothing_that_was_not_read(other: str, django_assert_num_queries: Any) -> None:
    match = MatchFactory()
    EvidenceFactory(capability=match.capability)
    (pair,) = for_a_list(Match.objects.all(), other=other)
    known = "challenge" if other == "capability" else "capability"
    setattr(pair, known, getattr(match, known))

    with django_assert_num_queries(1 if other == "challenge" else 0):  # the evidence of the side that all share
        view = card_view(cards([pair], match.challenge.author)[0], match.challenge.author, other=other)

    assert view.title == getattr(match, other).title_en


def test_the_page_of_a_pair_reads_both_texts(django_assert_num_queries: Any) -> None:
    match = MatchFactory()

    problem, summary = match.challenge.problem_zh, match.capability.summary_en
    (pair,) = for_a_page(visible_matches(match.challenge.author))

    with django_assert_num_queries(0):
        assert list(pair.capability.evidence.all()) == []
        assert pair.challenge.problem_zh == problem
        assert pair.capability.summary_en == summary
