"""Requests for work survive workers, brokers and edits."""

from datetime import timedelta
from typing import Any
from unittest import mock

import pytest
from django.db import transaction
from django.utils import timezone
from kombu.exceptions import OperationalError

from matchmaker.queueing import jobs
from matchmaker.queueing.models import Job, JobState

pytestmark = pytest.mark.django_db
KIND = "queueing.sweep"


@pytest.fixture(autouse=True)
def sent(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Collects what would go to the broker."""
    found: list[str] = []
    monkeypatch.setattr(jobs, "_quiet_until", 0.0)
    monkeypatch.setattr(jobs, "send", lambda job: bool(found.append(str(job.pk))) or True)
    return found


def test_a_second_request_for_the_same_joins_the_waiting_one() -> None:
    first = jobs.enqueue(KIND, "a", input_version=1)
    second = jobs.enqueue(KIND, "a", input_version=2)

    assert first.pk == second.pk
    assert Job.objects.get().input_version == 2


def test_an_id_is_sent_only_after_the_commit(sent: list[str], django_capture_on_commit_callbacks: Any) -> None:
    with django_capture_on_commit_callbacks(execute=True) as callbacks, transaction.atomic():
        job = jobs.enqueue(KIND, "a")
        assert sent == []

    assert len(callbacks) == 1
    assert sent == [str(job.pk)]


def test_a_broken_broker_leaves_the_job_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    monkeypatch.setattr(jobs, "_quiet_until", 0.0)
    job = Job.objects.create(kind=KIND, subject="a")
    with mock.patch("celery.canvas.Signature.apply_async", side_effect=OperationalError("down")):
        assert jobs.send(job) is False

    job.refresh_from_db()
    assert (job.state, job.sent_at) == (JobState.READY, None)


def test_after_a_failure_nobody_waits_for_the_broker_again_for_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    monkeypatch.setattr(jobs, "_quiet_until", 0.0)
    first, second = Job.objects.create(kind=KIND, subject="a"), Job.objects.create(kind=KIND, subject="b")
    with mock.patch("celery.canvas.Signature.apply_async", side_effect=OperationalError("down")) as asked:
        assert [jobs.send(first), jobs.send(second)] == [False, False]
        assert asked.call_count == 1

        monkeypatch.setattr(jobs, "_quiet_until", 0.0)
        jobs.send(second)
        assert asked.call_count == 2


def test_a_command_that_does_its_jobs_itself_sends_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    monkeypatch.setattr(jobs, "_quiet_until", 0.0)
    job = Job.objects.create(kind=KIND, subject="a")
    with mock.patch("celery.canvas.Signature.apply_async") as asked:
        with jobs.unsent():
            assert jobs.send(job) is False
        assert jobs.send(job) is True

    assert asked.call_count == 1


def test_the_sweeper_sends_what_was_lost_and_what_a_dead_worker_held(sent: list[str]) -> None:
    old = timezone.now() - timedelta(minutes=2)
    unsent = Job.objects.create(kind=KIND, subject="unsent")
    orphan = Job.objects.create(
        kind=KIND, subject="orphan", state=JobState.RUNNING, lease_until=old, sent_at=old, run_after=old
    )
    Job.objects.create(kind=KIND, subject="later", run_after=timezone.now() + timedelta(hours=1))
    Job.objects.create(kind=KIND, subject="running", state=JobState.RUNNING, lease_until=timezone.now() + jobs.LEASE)

    assert jobs.sweep() == 2
    assert set(sent) == {str(unsent.pk), str(orphan.pk)}


def test_two_workers_with_the_same_id_do_the_work_once() -> None:
    job = jobs.enqueue(KIND, "a")
    done: list[str] = []

    def work(taken: Job) -> None:
        jobs.run(str(job.pk), lambda _: done.append("second"))
        with jobs.closing(taken):
            done.append("first")

    jobs.run(str(job.pk), work)
    jobs.run(str(job.pk), lambda _: done.append("third"))

    assert done == ["first"]


def test_a_worker_that_lost_its_lease_cannot_store() -> None:
    job = jobs.enqueue(KIND, "a")
    stored: list[str] = []

    def slow(taken: Job) -> None:
        Job.objects.filter(pk=taken.pk).update(lease_until=timezone.now() - timedelta(seconds=1))
        jobs.run(str(job.pk), quick)
        with jobs.closing(taken):
            stored.append("slow")

    def quick(taken: Job) -> None:
        with jobs.closing(taken):
            stored.append("quick")

    jobs.run(str(job.pk), slow)

    assert stored == ["quick"]
    assert Job.objects.get(pk=job.pk).state == JobState.DONE


def test_a_failing_job_is_tried_later_and_given_up_after_five_attempts() -> None:
    job = jobs.enqueue(KIND, "a")

    mourned: list[tuple[Job, str]] = []

    def broken(_: Job) -> None:
        raise RuntimeError("no luck")

    for attempt in range(1, 6):
        assert mourned == []
        Job.objects.filter(pk=job.pk).update(run_after=timezone.now())
        jobs.run(str(job.pk), broken, given_up=lambda dead: mourned.append((dead, dead.state)))
        assert Job.objects.get(pk=job.pk).attempts == attempt
    jobs.run(str(job.pk), broken, given_up=lambda dead: mourned.append((dead, dead.state)))

    assert mourned == [(job, JobState.DEAD)]
    job.refresh_from_db()
    assert job.state == JobState.DEAD
    assert job.error == "RuntimeError: no luck"


def test_results_of_a_failed_attempt_are_not_half_stored() -> None:
    job = jobs.enqueue(KIND, "a")

    def half(taken: Job) -> None:
        with jobs.closing(taken):
            jobs.beat("half", "written")
            raise RuntimeError("crash")

    jobs.run(str(job.pk), half)

    assert Job.objects.get(pk=job.pk).state == JobState.READY
    assert not jobs.Heartbeat.objects.filter(name="half").exists()


def test_a_job_whose_workers_keep_dying_is_given_up() -> None:
    past = timezone.now() - timedelta(seconds=1)
    job = Job.objects.create(kind=KIND, subject="a", state=JobState.RUNNING, attempts=5, lease_until=past)

    mourned: list[Job] = []

    for _number in range(2):
        jobs.run(str(job.pk), lambda _: pytest.fail("the job was given up"), given_up=mourned.append)

    assert mourned == [job]
    assert Job.objects.get(pk=job.pk).state == JobState.DEAD


def test_a_dead_job_can_be_started_afresh() -> None:
    job = Job.objects.create(kind=KIND, subject="a", state=JobState.DEAD, attempts=5, error="RuntimeError: x")

    again = jobs.retry(job)

    assert (again.state, again.attempts) == (JobState.READY, 0)


def test_a_failure_gives_way_to_a_newer_request_for_the_same() -> None:
    job = jobs.enqueue(KIND, "a")

    def overtaken(_: Job) -> None:
        jobs.enqueue(KIND, "a", input_version=2)
        raise RuntimeError("old text")

    jobs.run(str(job.pk), overtaken)

    assert sorted(Job.objects.values_list("state", flat=True)) == [JobState.DONE, JobState.READY]


def test_two_schedulers_cause_one_effect() -> None:
    assert jobs.once("upkeep", "2026-11-23") is True
    assert jobs.once("upkeep", "2026-11-23") is False
    assert jobs.once("upkeep", "2026-11-24") is True


def test_what_is_asked_for_in_a_burst_runs_twice_at_once_and_then_after_a_pause() -> None:
    waits = []
    for _ in range(4):
        job = jobs.enqueue(KIND, "a", run_after=jobs.after_a_burst(KIND, "a"))
        waits.append(job.run_after > timezone.now())
        jobs.run(str(job.pk), lambda taken: Job.objects.filter(pk=taken.pk).update(state=JobState.DONE))

    assert waits == [False, False, True, True]
    assert Job.objects.filter(state=JobState.READY).count() == 1
