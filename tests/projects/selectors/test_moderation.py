"""The difference a moderator reads: Chinese by letter, English by word, and only what changed."""

from decimal import Decimal

import pytest

from accounts.services.activity import record
from projects.models import Challenge
from projects.selectors.moderation import Piece, changes_of, deeds_on, pieces
from projects.services.challenges import edit_challenge
from projects.services.moderation import publish_challenge
from projects.states import ChallengeState
from tests.factories import ChallengeFactory, OrganisationFactory, UserFactory

S, A, R = "same", "added", "removed"


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("极片检测", "极片在线检测", [(S, "极片"), (A, "在线"), (S, "检测")]),
        ("極片檢測", "極片檢驗", [(S, "極片檢"), (R, "測"), (A, "驗")]),
        ("inspect the foil", "inspect the coated foil", [(S, "inspect the "), (A, "coated "), (S, "foil")]),
        ("inspection", "inspections", [(R, "inspection"), (A, "inspections")]),
        ("用AOI检测foil", "用AOI检测foils", [(S, "用AOI检测"), (R, "foil"), (A, "foils")]),
        ("", "新", [(A, "新")]),
        ("旧", "", [(R, "旧")]),
        ("一样", "一样", [(S, "一样")]),
        ("", "", []),
    ],
)
def test_the_difference_is_shown_in_the_units_of_its_language(
    old: str, new: str, expected: list[tuple[str, str]]
) -> None:
    assert pieces(old, new) == [Piece(kind, text) for kind, text in expected]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("涂布速度80 m/min。\n缺陷0.1 mm", "涂布 speed 90 m/min。\n\n最小缺陷 0.1 mm 以下"),
        ("a b  c", " a b c "),
        ("👩‍🔬检测", "检测👩‍🔬"),
    ],
)
def test_no_letter_is_lost(old: str, new: str) -> None:
    found = pieces(old, new)

    assert "".join(piece.text for piece in found if piece.kind != "added") == old
    assert "".join(piece.text for piece in found if piece.kind != "removed") == new


def published() -> Challenge:
    """A challenge that a moderator has approved, as it lies in the database."""
    waiting = ChallengeFactory(
        organisation=OrganisationFactory(trusted=False), state=ChallengeState.SUBMITTED, published_at=None
    )
    publish_challenge(Challenge.objects.get(pk=waiting.pk), by=UserFactory(is_moderator=True))
    return Challenge.objects.get(pk=waiting.pk)


@pytest.mark.django_db
def test_a_first_submission_shows_everything_that_is_filled_as_new() -> None:
    changes = changes_of(ChallengeFactory(state=ChallengeState.SUBMITTED))

    named = {change.name: change.pieces for change in changes}
    assert named["title_zh"] == (Piece("added", "电池极片涂布缺陷在线检测"),)
    assert "constraints_zh" not in named
    assert {piece.kind for pieces_ in named.values() for piece in pieces_} == {"added"}


@pytest.mark.django_db
def test_nothing_differs_right_after_approval() -> None:
    assert changes_of(published()) == []


@pytest.mark.django_db
def test_a_revision_shows_only_what_changed_with_figures_dates_and_budget() -> None:
    challenge = published()
    values = {
        "title_zh": "电池极片涂布缺陷检测",
        "problem_en": challenge.problem_en.replace("smallest", "tiniest"),
        "budget_max": Decimal(900000),
        "target_metrics": [
            {"name_zh": "检测时间", "name_en": "inspection time", "unit": "min", "value": 4, "must": True}
        ],
    }

    revised = edit_challenge(challenge, by=challenge.author, values=values)

    changes = {change.name: change for change in changes_of(revised)}
    assert set(changes) == set(values)
    assert Piece("removed", "在线") in changes["title_zh"].pieces
    assert Piece("added", "tiniest ") in changes["problem_en"].pieces
    assert changes["title_zh"].label == "title in Chinese"


@pytest.mark.django_db
def test_the_deeds_on_one_challenge_are_listed_newest_first() -> None:
    challenge, other = ChallengeFactory(), ChallengeFactory()
    record(challenge.author, "posted", challenge)
    record(other.author, "posted", other)
    record(challenge.author, "submitted", challenge)

    assert [(deed.verb, deed.actor) for deed in deeds_on(challenge)] == [
        ("submitted", challenge.author),
        ("posted", challenge.author),
    ]
