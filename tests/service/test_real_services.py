"""The site on a real PostgreSQL and Redis: work survives a dead worker, and nothing of others is touched."""

import json

import pytest
import redis

from tests.real_services import RealSite

pytestmark = [pytest.mark.service, pytest.mark.timeout(240)]

ASK = """
from projects import queue
print(queue.rematch_all().pk)
"""
ABANDON = """
from datetime import timedelta
from django.utils import timezone
from matchmaker.queueing import jobs
from matchmaker.queueing.models import Job
assert jobs.claim("{job}")
Job.objects.filter(pk="{job}").update(lease_until=timezone.now() - timedelta(seconds=1), sent_at=None)
"""
LOOK = """
from matchmaker.queueing.models import Job
job = Job.objects.get(pk="{job}")
print(job.state, job.attempts)
"""
READY = """
import json
from django.test import RequestFactory
from matchmaker.health import readyz
print(readyz(RequestFactory().get("/readyz")).content.decode())
"""


def test_job_of_a_dead_worker_is_finished_by_another(real_site: RealSite) -> None:
    """The first worker claimed the job and died; its lease ran out; a new one does it, and the site is ready."""
    job = real_site.python(ASK)
    real_site.python(ABANDON.format(job=job))
    assert real_site.python(LOOK.format(job=job)) == "running 1"

    real_site.worker()

    real_site.wait_until(
        lambda: real_site.python(LOOK.format(job=job)) == "done 2", "the job is done by another worker", 120
    )
    health = json.loads(real_site.python(READY))
    assert {name: health[name] for name in ("database", "broker", "worker")} == {
        "database": "ok",
        "broker": "ok",
        "worker": "ok",
    }


def test_every_key_in_redis_carries_our_prefix(real_site: RealSite) -> None:
    """Several sites can share one Redis; a key without the prefix would be read by the others."""
    real_site.python(ASK)

    with redis.Redis.from_url(real_site.environment["REDIS_URL"], decode_responses=True) as client:
        keys = set(client.scan_iter())

    ours = {key for key in keys if key.startswith(real_site.environment["MATCHMAKER_REDIS_PREFIX"])}
    assert ours
    # Another run of the tests may have chosen the same empty number at the same moment; its keys have a prefix too.
    assert sorted(key for key in keys - ours if not key.startswith("matchmaker-test-")) == []


def test_migrations_leave_nothing_to_do_on_postgresql(real_site: RealSite) -> None:
    plan = real_site.manage("migrate", "--plan")

    assert "No planned migration operations." in plan
