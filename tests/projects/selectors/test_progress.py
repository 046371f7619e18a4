"""How far the matching of an object is."""

from typing import Any

import pytest

from matchmaker.queueing import jobs
from matchmaker.queueing.models import Job
from projects import queue
from projects.selectors.progress import Progress, matching_progress
from projects.services.challenges import edit_challenge
from tests.factories import CapabilityFactory, ChallengeFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_broker(monkeypatch: pytest.MonkeyPatch) -> None:
    """Jobs wait until a test drains them."""
    monkeypatch.setattr(jobs, "send", lambda job: False)


@pytest.mark.parametrize(
    ("factory", "ask"), [(ChallengeFactory, queue.match_challenge), (CapabilityFactory, queue.match_capability)]
)
def test_matches_are_pending_until_they_belong_to_the_present_text(factory: Any, ask: Any) -> None:
    subject = factory()
    assert matching_progress(subject) == Progress("pending")
    job = ask(subject)

    Job.objects.filter(pk=job.pk).update(done=5, total=30)
    assert matching_progress(subject) == Progress("pending", 5, 30)

    Job.objects.filter(pk=job.pk).update(state="dead")
    assert matching_progress(subject) == Progress("pending", 5, 30, stuck=True)

    factory._meta.model.objects.filter(pk=subject.pk).update(matched_version=1)
    subject.refresh_from_db()
    assert matching_progress(subject) == Progress("ready")


def test_an_edit_makes_them_pending_again_and_the_worker_ready() -> None:
    challenge = ChallengeFactory(matched_version=1)
    assert matching_progress(challenge).state == "ready"

    edited = edit_challenge(challenge, by=challenge.author, values={"summary_zh": "新的摘要"})
    assert matching_progress(edited).state == "pending"

    jobs.drain()
    edited.refresh_from_db()
    assert matching_progress(edited) == Progress("ready")


def test_the_job_of_another_object_says_nothing() -> None:
    challenge, other = ChallengeFactory(), ChallengeFactory()
    Job.objects.filter(pk=queue.match_challenge(other).pk).update(done=5, total=30)

    assert matching_progress(challenge) == Progress("pending")
