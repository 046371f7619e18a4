"""A shared word is told in the reader's language, where both texts hold it in that one."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils.translation import override

from projects.models import Match
from projects.selectors.matches import cards
from projects.templatetags.look import reason_terms
from projects.web.cards import card_view
from projects.web.pair_texts import shared_words
from projects.web.readers_words import in_readers_words
from tests.factories import CapabilityFactory, ChallengeFactory, MatchFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def pair() -> Match:
    """Two texts that both speak of electrodes, in both languages."""
    match: Match = MatchFactory(
        challenge=ChallengeFactory(title_zh="电池极片缺陷", title_en="Electrode defects"),
        capability=CapabilityFactory(title_zh="极片成像", title_en="Imaging of electrodes"),
    )
    told = match.detail["reasons"][0] | {
        "term": "极片",
        "in_challenge": {"field": "title_zh", "start": 2, "end": 4},
        "in_capability": {"field": "title_zh", "start": 0, "end": 2},
        "pair": None,
    }
    twin = {
        "term": "Electrode",
        "in_challenge": {"field": "title_en", "start": 0, "end": 9},
        "in_capability": {"field": "title_en", "start": 11, "end": 21},
    }
    match.detail["reasons"] = [told | {"also": twin}]
    match.save()
    return match


@pytest.mark.parametrize(
    ("language", "term", "field"),
    [("en", "Electrode", "title_en"), ("zh-hans", "极片", "title_zh"), ("zh-hant", "极片", "title_zh")],
)
def test_a_reader_sees_the_word_of_their_language_and_its_place(
    pair: Match, language: str, term: str, field: str
) -> None:
    with override(language):
        card = cards([pair], AnonymousUser())[0]
        left, right = shared_words(card)
        view = card_view(card, AnonymousUser())

    assert [reason["term"] for reason in view.reasons] == [term]
    assert list(left) == [("", field)]
    assert list(right) == [("", field)]


@pytest.mark.parametrize(
    ("language", "shown"),
    [("en", '极片 <small lang="en">(electrode)</small>'), ("zh-hans", ">极片<"), ("zh-hant", ">极片<")],
)
def test_a_word_that_only_the_other_language_shares_is_explained_to_its_reader(
    pair: Match, language: str, shown: str
) -> None:
    pair.detail["reasons"][0] |= {"also": None, "gloss": "electrode"}

    with override(language):
        view = card_view(cards([pair], AnonymousUser())[0], AnonymousUser())
        written = reason_terms(view.reasons)

    assert shown in written
    assert ("electrode" in written) is (language == "en")


def test_a_word_without_a_twin_and_a_pair_of_words_stay(pair: Match) -> None:
    pair.detail["reasons"] = [
        pair.detail["reasons"][0] | {"also": None},
        pair.detail["reasons"][0] | {"also": None, "term": "缺陷", "pair": ["缺陷", "defects"]},
    ]

    with override("en"):
        reasons = in_readers_words(cards([pair], AnonymousUser())[0].reasons)

    assert [(reason.term, reason.pair) for reason in reasons] == [("极片", None), ("缺陷", ("缺陷", "defects"))]
