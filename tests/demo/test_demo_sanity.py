"""The written demo holds together: each case finds a good capability, asked in either language. It proves nothing of quality."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from accounts.choices import BAY_CITIES
from accounts.models import Membership, Organisation, User
from matchmaker.engine.index import MatchIndex
from matchmaker.engine.results import QueryResult
from matchmaker.queueing import jobs
from projects.choices import Collection
from projects.models import ArchiveClaim, Capability, Challenge
from projects.selectors.board import board_count
from projects.selectors.moderation import queues_for
from projects.services import indexing
from projects.services.archive import load_archive
from projects.services.demo import FOLDER, MODERATOR, load_demo, load_waiting, records
from projects.services.documents import challenge_document, pasted_document
from projects.services.matching import FIRST_FEW
from projects.services.moderation import decide_claim, publish_challenge
from projects.states import ChallengeState
from projects.web.views.landing import EXAMPLES
from tests.demo.typed import NOT_THERE, TYPED

pytestmark = pytest.mark.django_db
CHALLENGES = {row["key"]: row for row in records(FOLDER, "challenges")}
CAPABILITIES = {row["key"]: row for row in records(FOLDER, "capabilities")}


@pytest.fixture(scope="module")
def demo(django_db_setup: Any, django_db_blocker: Any, tmp_path_factory: Any) -> Iterator[MatchIndex]:
    """The demo loaded once, and the index of its capabilities."""
    from django.conf import settings
    from django.db import transaction

    with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patch, transaction.atomic():
        patch.setattr(settings, "DEMO", True)
        patch.setattr(settings, "INDEX_DIR", tmp_path_factory.mktemp("index"))
        patch.setattr(settings, "BACKGROUND_TEXT", settings.BASE_DIR / "projects/data/archive/records.jsonl.gz")
        patch.setattr(jobs, "send", lambda job: False)
        load_demo()
        load_archive()
        yield indexing.rebuild(Collection.CAPABILITIES)
        transaction.set_rollback(True)


def titles_of(key: str) -> tuple[str, str]:
    """The titles of a capability by its written key."""
    return CAPABILITIES[key]["title_zh"], CAPABILITIES[key]["title_en"]


def asked(index: MatchIndex, key: str, language: str) -> tuple[QueryResult, dict[str, int]]:
    """The answer to a challenge asked in one language alone, and the rank of each capability by its written key."""
    row = CHALLENGES[key]
    whole = challenge_document(Challenge.objects.get(title_zh=row["title_zh"], title_en=row["title_en"]))
    passages = tuple(passage for passage in whole.passages if passage.field.endswith(f"_{language}"))
    result = index.query(replace(whole, passages=passages), limit=20)
    titles = {str(one.pk): (one.title_zh, one.title_en) for one in Capability.objects.all()}
    names = {(one["title_zh"], one["title_en"]): name for name, one in CAPABILITIES.items()}
    return result, {names[titles[match.capability]]: rank for rank, match in enumerate(result.matches, 1)}


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("key", [key for key, row in CHALLENGES.items() if not row.get("no_match")])
def test_each_case_finds_a_good_capability_above_its_near_misses(demo: MatchIndex, key: str, language: str) -> None:
    row = CHALLENGES[key]

    _, ranks = asked(demo, key, language)

    best = min(ranks.get(good, 999) for good in row["good"])
    assert best <= 3
    assert all(ranks.get(near, 999) > best for near in row["near_misses"])


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_challenge_without_a_match_is_told_so(demo: MatchIndex, language: str) -> None:
    (key,) = [key for key, row in CHALLENGES.items() if row.get("no_match")]

    result, _ = asked(demo, key, language)

    assert result.no_good_match


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("title", EXAMPLES)
def test_each_example_of_the_first_page_pasted_into_its_box_finds_five_and_a_good_one_first(
    demo: MatchIndex, title: str, language: str
) -> None:
    (row,) = [row for row in CHALLENGES.values() if row["title_zh"] == title]

    found = demo.query(pasted_document("pasted", row[f"problem_{language}"]), limit=FIRST_FEW)

    best = Capability.objects.get(pk=found.matches[0].capability)
    assert (best.title_zh, best.title_en) in [titles_of(good) for good in row["good"]]
    assert (len(found.matches), found.no_good_match) == (5, False)


@pytest.mark.parametrize("problem", TYPED)
def test_a_typed_problem_finds_who_can_help_among_its_first_three(demo: MatchIndex, problem: str) -> None:
    found = demo.query(pasted_document("pasted", problem), limit=FIRST_FEW)

    first = [Capability.objects.get(pk=match.capability) for match in found.matches[:3]]
    assert {(one.title_zh, one.title_en) for one in first} & {titles_of(key) for key in TYPED[problem]}
    assert not found.no_good_match


@pytest.mark.parametrize("problem", NOT_THERE)
def test_a_typed_problem_that_nobody_can_help_with_is_told_so(demo: MatchIndex, problem: str) -> None:
    assert demo.query(pasted_document("pasted", problem), limit=FIRST_FEW).no_good_match


@pytest.mark.parametrize("language", ["zh-hans", "zh-hant", "en"])
def test_the_first_page_shows_all_its_examples(demo: MatchIndex, client: Client, language: str) -> None:
    shown = [row["href"] for row in client.get(f"/{language}/").context["examples"]]

    assert shown == [f"/{language}/challenges/{Challenge.objects.get(title_zh=title).pk}/" for title in EXAMPLES]


def test_there_is_enough_of_everything_and_all_of_it_is_fictional(demo: MatchIndex) -> None:
    assert Challenge.objects.count() >= 60
    assert Capability.objects.count() >= 100
    assert all(one.title_zh and one.title_en for one in Challenge.objects.all())
    assert all(one.title_zh and one.title_en for one in Capability.objects.all())
    assert set(Organisation.objects.values_list("city_id", flat=True)) > {*BAY_CITIES, "ningde", "shanghai"}
    assert not Organisation.objects.filter(fictional=False).exists()
    assert all(email.endswith(".example") for email in User.objects.values_list("email", flat=True))


def test_each_case_has_two_good_and_two_near_miss_capabilities() -> None:
    for row in CHALLENGES.values():
        if not row.get("no_match"):
            assert len(row["good"]) >= 2, row["key"]
        assert len(row["near_misses"]) >= 2, row["key"]
        assert {*row["good"], *row["near_misses"]} <= set(CAPABILITIES), row["key"]


def test_the_demos_moderator_finds_one_of_each_to_decide(demo: MatchIndex, client: Client) -> None:
    published = board_count()

    assert (load_waiting(), load_waiting()) == (True, False)

    (challenge,) = Challenge.objects.filter(state=ChallengeState.SUBMITTED)
    assert challenge.organisation == Membership.objects.get(user__email="newfirm@demo.example").organisation
    assert (bool(challenge.title_zh), bool(challenge.title_en), bool(challenge.problem_en)) == (True, True, True)
    assert board_count() == published
    moderator = User.objects.get(email=MODERATOR)
    counts = {row.name: row.count for row in queues_for(moderator)}
    assert (counts["submitted"], counts["claims"], counts["recognitions"]) == (1, 1, 1)
    decide_claim(ArchiveClaim.objects.get(), by=moderator, accept=True, answer="")
    publish_challenge(challenge, by=moderator, seen=challenge.fingerprint)
    assert load_waiting() is False
    assert board_count() == published + 1


def test_loading_again_changes_nothing(demo: MatchIndex) -> None:
    before = (Challenge.objects.count(), Capability.objects.count(), User.objects.count())

    load_demo()

    assert (Challenge.objects.count(), Capability.objects.count(), User.objects.count()) == before


@pytest.mark.parametrize("path", sorted(Path(FOLDER).glob("*.json")), ids=lambda path: path.name)
def test_every_file_of_the_demo_can_be_read(path: Path) -> None:
    assert json.loads(path.read_text(encoding="utf-8"))
