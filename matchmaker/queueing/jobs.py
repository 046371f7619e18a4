"""Asks for work, claims it, closes it, and sends again what got lost.

A job row is written in the transaction of the change that needs it; its id is sent to Celery after the commit. When the
broker is down the row waits, and the sweeper sends it later. Nothing here knows what a job does.
"""

import logging
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import cache

from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.utils import timezone
from kombu.exceptions import OperationalError

from matchmaker.celery import app
from matchmaker.queueing.models import Heartbeat, Job, JobState, PeriodicRun

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=75)
RESEND_AFTER = timedelta(seconds=8)
BURST = timedelta(seconds=2)
SOON = timedelta(minutes=1)
MOST_ATTEMPTS = 5
QUIET_SECONDS = 10.0
"""After the broker failed to answer, nothing is sent for so long: whoever posts need not wait for it, the sweeper sends later."""
BROKER_ERRORS = (OperationalError, ConnectionError, TimeoutError)


_quiet_until = 0.0


class LeaseLost(Exception):
    """Another worker has taken the job over; what this one found is thrown away."""


def enqueue(
    kind: str,
    subject: object = "",
    *,
    input_version: int = 0,
    queue: str = "default",
    run_after: datetime | None = None,
) -> Job:
    """Writes a job row, or renews the one that already waits for this subject, and sends its id after the commit."""
    wanted = Job(
        kind=kind, subject=str(subject), input_version=input_version, queue=queue, run_after=run_after or timezone.now()
    )
    with transaction.atomic():
        job = _renewed(wanted) or _inserted(wanted)
        while job is None:  # another transaction was quicker; its row is renewed, unless a worker has taken it by now
            job = _renewed(wanted) or _inserted(wanted)
        transaction.on_commit(lambda: send(job), robust=True)
    return job


def after_a_burst(kind: str, subject: object) -> datetime | None:
    """When to run what may be asked for many times in a row, as while somebody types: twice at once, then after a pause."""
    now = timezone.now()
    lately = Job.objects.filter(kind=kind, subject=str(subject), created_at__gt=now - BURST).count()
    return now + BURST if lately >= 2 else None


def _renewed(wanted: Job) -> Job | None:
    """The row that waits for this subject already, with the newer version and the earlier time; None when there is none."""
    waiting = Job.objects.select_for_update().filter(kind=wanted.kind, subject=wanted.subject, state=JobState.READY)
    job = waiting.first()
    if job is not None:
        job.input_version = max(job.input_version, wanted.input_version)
        job.run_after = min(job.run_after, wanted.run_after)
        job.save(update_fields=["input_version", "run_after"])
    return job


def _inserted(wanted: Job) -> Job | None:
    """The row, written; None when another transaction has just written one."""
    wanted.clean_fields()  # so that what the database refuses is the second row, and nothing else
    try:
        with transaction.atomic():
            wanted.save(force_insert=True)
    except IntegrityError:
        return None
    return wanted


def send(job: Job) -> bool:
    """Hands the id of a job that is due soon to Celery; False when the broker cannot be reached, and the sweeper will try again."""
    wait = job.run_after - timezone.now()
    if wait > SOON:
        return False
    global _quiet_until  # noqa: PLW0603 - one broker, one memory of its failing per process
    if time.monotonic() < _quiet_until:
        return False
    later = {"countdown": wait.total_seconds()} if wait > timedelta() else {}
    try:
        app.signature(job.kind, args=[str(job.pk)]).apply_async(queue=job.queue, retry=False, **later)
    except BROKER_ERRORS as error:
        log.warning("broker unreachable, job %s waits: %s", job.pk, type(error).__name__)
        _quiet_until = time.monotonic() + QUIET_SECONDS
        return False
    Job.objects.filter(pk=job.pk).update(sent_at=timezone.now())
    return True


@contextmanager
def unsent() -> Iterator[None]:
    """Leaves jobs unsent within; for a command that does them itself."""
    global _quiet_until  # noqa: PLW0603 - as above
    before, _quiet_until = _quiet_until, float("inf")
    try:
        yield
    finally:
        _quiet_until = before


def claim(job_id: str, given_up: Callable[[Job], None] | None = None) -> Job | None:
    """Takes a due job, or one whose holder died, for this worker. None when there is nothing to take."""
    now = timezone.now()
    free = Q(state=JobState.READY, run_after__lte=now) | Q(state=JobState.RUNNING, lease_until__lt=now)
    exhausted = Job.objects.filter(free, pk=job_id, attempts__gte=MOST_ATTEMPTS)
    with transaction.atomic():
        if exhausted.update(state=JobState.DEAD, finished_at=now, error="Each attempt ended without an answer."):
            _mourn(job_id, given_up)
            return None
    token = uuid.uuid4()
    taken = Job.objects.filter(free, pk=job_id).update(
        state=JobState.RUNNING, attempts=F("attempts") + 1, lease_until=now + LEASE, lease_token=token
    )
    return Job.objects.get(pk=job_id) if taken else None


@contextmanager
def closing(job: Job) -> Iterator[None]:
    """Stores a job's results and closes it in one transaction; raises LeaseLost when another worker holds it by now."""
    with transaction.atomic():
        held = Job.objects.select_for_update().filter(pk=job.pk, lease_token=job.lease_token, state=JobState.RUNNING)
        if not held.exists():
            raise LeaseLost(str(job.pk))
        yield
        held.update(
            state=JobState.DONE, finished_at=timezone.now(), lease_until=None, model_version=job.model_version, error=""
        )


def run(job_id: str, work: Callable[[Job], None], *, given_up: Callable[[Job], None] | None = None) -> None:
    """Claims a job and does it. ``work`` computes, then stores inside ``with closing(job)``. Safe to call twice.

    ``given_up`` is called when it was the last attempt, in the transaction that marks the job as dead.
    """
    job = claim(job_id, given_up)
    if job is None:
        return
    try:
        work(job)
    except LeaseLost:
        log.info("job %s was taken over", job.pk)
    except Exception as error:  # whatever went wrong is kept on the row, and the job is tried again
        log.exception("job %s failed", job.pk)
        _fail(job, error, given_up)
    if app.current_task:  # done by a worker, and not by drain
        beat("worker", job.kind)


def _fail(job: Job, error: Exception, given_up: Callable[[Job], None] | None) -> None:
    """Keeps the error and lets the job be tried again, later each time; a newer request for the same makes that needless."""
    newer = Job.objects.filter(kind=job.kind, subject=job.subject, state=JobState.READY).exists()
    state = JobState.DONE if newer else JobState.DEAD if job.attempts >= MOST_ATTEMPTS else JobState.READY
    try:
        with transaction.atomic():
            held = Job.objects.filter(pk=job.pk, lease_token=job.lease_token).update(
                state=state,
                run_after=timezone.now() + timedelta(seconds=2**job.attempts),
                lease_until=None,
                finished_at=None if state == JobState.READY else timezone.now(),
                error=f"{type(error).__name__}: {error}"[:2000],
            )
            if held and state == JobState.DEAD:
                _mourn(str(job.pk), given_up)
    except IntegrityError:  # the newer request came in between, and waits now
        _fail(job, error, given_up)


def _mourn(job_id: str, given_up: Callable[[Job], None] | None) -> None:
    """Does what belongs to a job's being given up."""
    if given_up is not None:
        given_up(Job.objects.get(pk=job_id))


def progress(job: Job, done: int, total: int) -> None:
    """Shows how far a running job is."""
    Job.objects.filter(pk=job.pk, lease_token=job.lease_token).update(done=done, total=total)


def retry(job: Job) -> Job:
    """Starts a dead job afresh."""
    Job.objects.filter(pk=job.pk, state=JobState.DEAD).delete()
    return enqueue(job.kind, job.subject, input_version=job.input_version, queue=job.queue)


def sweep() -> int:
    """Sends again what is due and was not taken, and what a dead worker left behind. Returns how many were sent."""
    now = timezone.now()
    missed = Q(sent_at__isnull=True) | Q(sent_at__lt=now - RESEND_AFTER)
    lost = Job.objects.filter(
        Q(state=JobState.READY, run_after__lte=now) & missed | Q(state=JobState.RUNNING, lease_until__lt=now) & missed
    ).order_by("run_after")[:500]
    sent = 0
    for job in lost:
        if not send(job):
            break
        sent += 1
    beat("worker", "sweep")
    return sent


def drain(*, limit: int = 10_000) -> int:
    """Does everything that is due in this process, without Celery. Returns how many jobs ran."""
    _load_tasks()
    ran = 0
    while ran < limit:
        now = timezone.now()
        due = Q(state=JobState.READY, run_after__lte=now) | Q(state=JobState.RUNNING, lease_until__lt=now)
        job = Job.objects.filter(due).order_by("run_after", "created_at").first()
        if job is None:
            break
        app.tasks[job.kind].run(str(job.pk))
        ran += 1
    return ran


@cache
def _load_tasks() -> None:
    """Makes the tasks known, once a process: it looks all models over, which takes longer than many a job."""
    app.loader.import_default_modules()


def latest(kind: str, subject: object) -> Job | None:
    """Returns the newest job of a kind for a subject, for showing its progress."""
    return Job.objects.filter(kind=kind, subject=str(subject)).order_by("-created_at").first()


def beat(name: str, detail: str = "") -> None:
    """Notes that a part of the site works now."""
    Heartbeat.objects.update_or_create(name=name, defaults={"at": timezone.now(), "detail": detail[:200]})


def once(name: str, period: str) -> bool:
    """True for the first caller in a period; two schedulers then cause one effect."""
    try:
        with transaction.atomic():
            PeriodicRun.objects.create(name=name, period=period)
    except IntegrityError:
        return False
    return True
