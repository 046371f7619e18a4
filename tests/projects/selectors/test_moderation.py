"""The difference a moderator reads: Chinese by letter, English by word, and only what changed."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from matchmaker.privacy import PUBLIC
from matchmaker.queueing.models import Job, JobState
from projects.models import Challenge
from projects.selectors.moderation import Change, Piece, changes_of, filled, pieces, queues_for
from projects.services.archive import claim_record
from projects.services.challenges import EDITABLE, edit_challenge
from projects.services.moderation import publish_challenge
from projects.states import ChallengeState
from tests.factories import (
    ArchiveRecordFactory,
    CapabilityFactory,
    ChallengeFactory,
    OrganisationFactory,
    PlaceFactory,
    RecognitionFactory,
    UserFactory,
)

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
    seen = Challenge.objects.get(pk=waiting.pk).fingerprint
    publish_challenge(waiting, by=UserFactory(is_moderator=True), seen=seen)
    return Challenge.objects.get(pk=waiting.pk)


@pytest.mark.django_db
def test_a_first_submission_shows_everything_that_is_filled_as_new() -> None:
    changes = changes_of(ChallengeFactory(state=ChallengeState.SUBMITTED))

    named = {change.name: change.pieces for change in changes}
    assert named["title_zh"] == (Piece("added", "电池极片涂布缺陷在线检测"),)
    assert "constraints_zh" not in named
    assert {piece.kind for pieces_ in named.values() for piece in pieces_} == {"added"}


def test_everything_a_firm_writes_for_everyone_is_looked_at() -> None:
    written = {name for name in EDITABLE if Challenge.FIELD_CLASSES[name] == PUBLIC}

    assert len(written) > 40
    assert written == set(Challenge(bottleneck_public=True).moderated) & written
    assert written - set(Challenge().moderated) == {"bottleneck_public"}


def added(changes: list[Change]) -> dict[str, str]:
    """The words of each field of a first submission."""
    return {change.name: "".join(piece.text for piece in change.pieces) for change in changes}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("language", "trl", "tier", "modes", "must", "yes"),
    [
        ("zh-hans", "3 · 概念经实验验证", "签署保密协议后", "联合开发\n学生和博士后", "必须达到", "是"),
        ("zh-hant", "3 · 概念經實驗驗證", "簽署保密協議後", "聯合開發\n學生和博士後", "必須達到", "是"),
        ("en", "3 · Concept proved by experiment", "Only after a non-disclosure agreement", "Joint development\nStudents and postdocs", "A must", "Yes"),
    ],
)  # fmt: skip
def test_a_first_submission_shows_options_targets_dates_and_places_in_the_readers_language(
    language: str, trl: str, tier: str, modes: str, must: str, yes: str
) -> None:
    parent = ChallengeFactory(title_zh="极片检测", title_en="Foil inspection")
    challenge = ChallengeFactory(
        state=ChallengeState.SUBMITTED,
        organisation=OrganisationFactory(trusted=False),
        cooperation_modes=["joint_development", "students"],
        answer_by=date(2027, 3, 1),
        budget_max=Decimal("1234567.50"),
        anonymous=True,
        city=PlaceFactory(key="shenzhen", name_zh="深圳", name_hant="深圳", name_en="Shenzhen"),
        parent_challenge=parent,
    )

    with translation.override(language):
        found = added(changes_of(Challenge.objects.get(pk=challenge.pk)))

        assert found["trl_current"] == trl
        assert found["confidentiality_tier"] == tier
        assert found["cooperation_modes"] == modes
        assert found["target_metrics"] == f"检测时间 / inspection time · 5 min · {must}"
        assert found["baseline_metrics"] == "检测时间 / inspection time · 240 min"
        assert (found["anonymous"], found["answer_by"]) == (yes, "2027-03-01")
        assert found["budget_max"] == "1,234,567.50"
        assert found["city"] == str(challenge.city)
        assert found["parent_challenge"] == str(parent)
        assert found["language"] == str(challenge.get_language_display())  # type: ignore[attr-defined]  # made by Django
    assert set(found) >= {
        "trl_target",
        "budget_min",
        "currency",
        "ip_preference",
        "use_rating",
        "industry",
        "languages",
    }


@pytest.mark.django_db
def test_the_bottleneck_is_looked_at_once_everyone_may_see_it() -> None:
    challenge = published()
    words = {"is_bottleneck": True, "imported_today": "进口隔膜", "substitute_sought": "國產隔膜 separator"}

    inside = edit_challenge(challenge, by=challenge.author, values=words)
    assert (inside.state, changes_of(inside)) == (ChallengeState.PUBLISHED, [])
    outside = edit_challenge(challenge, by=challenge.author, values={"bottleneck_public": True})

    assert (outside.state, outside.bottleneck_public) == (ChallengeState.REVISION_PENDING, False)
    assert added(changes_of(outside)) == {
        "bottleneck_public": "Yes",
        "is_bottleneck": "Yes",
        "imported_today": "进口隔膜",
        "substitute_sought": "國產隔膜 separator",
    }
    approved = publish_challenge(outside, by=UserFactory(is_moderator=True), seen=outside.fingerprint)
    assert (approved.bottleneck_public, changes_of(approved)) == (True, [])
    hidden = edit_challenge(approved, by=challenge.author, values={"bottleneck_public": False})
    assert (hidden.state, hidden.bottleneck_public) == (ChallengeState.PUBLISHED, False)


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
        "trl_target": 8,
        "ip_preference": "open",
        "answer_by": challenge.answer_by + timedelta(days=2),
        "languages": ["en"],
    }

    revised = edit_challenge(challenge, by=challenge.author, values=values)

    changes = {change.name: change for change in changes_of(revised)}
    assert set(changes) == set(values)
    assert Piece("removed", "在线") in changes["title_zh"].pieces
    assert Piece("added", "tiniest ") in changes["problem_en"].pieces
    assert changes["title_zh"].label == "title in Chinese"
    assert Piece("removed", "Joint ownership") in changes["ip_preference"].pieces
    assert Piece("removed", "5 ") in changes["target_metrics"].pieces


@pytest.mark.django_db
def test_what_is_filled_is_read_as_the_waiting_revision_would_make_it() -> None:
    challenge = published()
    revised = edit_challenge(challenge, by=challenge.author, values={"trl_target": 8, "payment_nodes": "分三期"})

    found = filled(revised, ("title_zh", "constraints_zh", "trl_target", "payment_nodes", "internal_owner"))

    assert found == [
        ("title in Chinese", challenge.title_zh),
        ("readiness wanted", "8 · Complete and qualified"),
        ("payment nodes", "分三期"),
    ]


@pytest.mark.django_db
def test_only_moderators_see_how_much_waits_and_since_when() -> None:
    moderator, now = UserFactory(is_moderator=True), timezone.now()
    verified = OrganisationFactory(verified_at=now)
    ChallengeFactory(
        state=ChallengeState.SUBMITTED, organisation=verified, submitted_at=now - timedelta(days=9, hours=1)
    )
    for days in (2, 5):
        ChallengeFactory(
            state=ChallengeState.REVISION_PENDING, organisation=verified, updated_at=now - timedelta(days=days)
        )
    OrganisationFactory(verified_at=None)
    RecognitionFactory(organisation=verified, state="waiting", named_at=now - timedelta(days=3, hours=1))
    RecognitionFactory(organisation=verified, kind="unicorn")
    claim_record(ArchiveRecordFactory(), by=UserFactory(), message="我是第一作者，邮箱与论文一致。")
    old = timezone.localdate() - timedelta(days=200)
    CapabilityFactory(state="stale", last_confirmed=old, organisation=OrganisationFactory(verified_at=now))
    Job.objects.create(kind="a", state=JobState.DEAD, finished_at=now - timedelta(days=1))
    Job.objects.create(kind="b", state=JobState.READY, run_after=now + timedelta(hours=1))

    with CaptureQueriesContext(connection) as asked:
        found = {queue.name: (queue.count, queue.days) for queue in queues_for(moderator)}

    assert found == {
        "submitted": (1, 9),
        "revisions": (2, 5),
        "claims": (1, 0),
        "organisations": (1, 0),
        "recognitions": (1, 3),
        "capabilities": (1, 200),
        "dead": (1, 1),
        "due": (0, None),
    }
    assert len(asked) == 6
    assert queues_for(UserFactory(is_bridge=True)) == queues_for(AnonymousUser()) == []
