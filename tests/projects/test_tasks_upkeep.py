"""Once a day everything is brought up to date, however many schedulers there are."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone

from matchmaker.queueing import jobs
from matchmaker.queueing.models import Job
from projects import queue, tasks
from projects.models import Challenge
from tests.factories import CapabilityFactory, ChallengeFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_broker(monkeypatch: pytest.MonkeyPatch) -> None:
    """Jobs wait until a test drains them."""
    monkeypatch.setattr(jobs, "send", lambda job: False)


def test_a_day_is_closed_once() -> None:
    past = ChallengeFactory(deadline=timezone.localdate() - timedelta(days=1))
    old = Session.objects.create(session_key="old", expire_date=timezone.now() - timedelta(days=1))
    new = Session.objects.create(session_key="new", expire_date=timezone.now() + timedelta(days=1))

    tasks.daily_upkeep()
    again = ChallengeFactory(deadline=timezone.localdate() - timedelta(days=1))
    tasks.daily_upkeep()

    assert Challenge.objects.get(pk=past.pk).state == "expired"
    assert Challenge.objects.get(pk=again.pk).state == "published"
    assert list(Session.objects.values_list("pk", flat=True)) == [new.pk]
    assert old.pk == "old"


def test_lists_of_another_matcher_are_found_again(monkeypatch: pytest.MonkeyPatch) -> None:
    CapabilityFactory()
    challenge: Any = ChallengeFactory()
    queue.match_challenge(challenge)
    jobs.drain()

    tasks.daily_upkeep()
    assert not Job.objects.filter(kind="projects.rematch_all", state="ready").exists()

    Challenge.objects.update(matched_model="an-earlier-one")
    monkeypatch.setattr(jobs, "once", lambda name, period: True)
    tasks.daily_upkeep()
    assert Job.objects.filter(kind="projects.rematch_all", state="ready").count() == 1
