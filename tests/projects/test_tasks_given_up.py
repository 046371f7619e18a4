"""What follows when work is given up: the page says so, and what it says is true."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import Notice
from accounts.selectors.notices import notices_for
from matchmaker.queueing import jobs
from matchmaker.queueing.models import Job, JobState
from projects import queue
from tests.factories import ChallengeFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_broker(monkeypatch: pytest.MonkeyPatch) -> None:
    """Jobs wait until a test drains them."""
    monkeypatch.setattr(jobs, "send", lambda job: False)


def test_when_the_page_says_that_a_moderator_was_told_one_was(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    challenge, moderator = ChallengeFactory(), UserFactory(is_moderator=True)
    client.force_login(challenge.author)
    job = queue.match_challenge(challenge)
    monkeypatch.setattr("projects.services.matching.current_index", lambda collection: 1 / 0)
    page = f"/en/challenges/{challenge.pk}/matches/"
    said = "Matching has stopped and a moderator has been told."

    for _attempt in range(jobs.MOST_ATTEMPTS):
        assert said not in client.get(page).content.decode()
        assert not Notice.objects.exists()
        Job.objects.filter(pk=job.pk).update(run_after=timezone.now())
        jobs.drain()

    job.refresh_from_db()
    assert job.state == JobState.DEAD
    assert said in client.get(page).content.decode()
    assert [notice.data for notice in notices_for(moderator)] == [{"work": "projects.match_challenge"}]


@pytest.mark.parametrize("kind", ["accounts.send_notice", "projects.match_capability", "projects.rematch_all"])
def test_work_of_any_kind_that_is_given_up_is_told(kind: str) -> None:
    UserFactory(is_moderator=True)
    past = timezone.now() - timedelta(seconds=1)
    Job.objects.create(kind=kind, state=JobState.RUNNING, attempts=jobs.MOST_ATTEMPTS, lease_until=past)

    jobs.drain()
    jobs.drain()

    assert list(Notice.objects.values_list("data__work", flat=True)) == [kind]
