"""Periodic upkeep of the job table."""

from datetime import timedelta

from django.utils import timezone

from matchmaker.celery import app
from matchmaker.queueing import jobs
from matchmaker.queueing.models import Job, JobState, PeriodicRun


@app.task(name="queueing.sweep")
def sweep() -> int:
    """Sends again every job that is due and was lost on the way."""
    return jobs.sweep()


@app.task(name="queueing.prune")
def prune() -> int:
    """Removes finished jobs and period marks after a fortnight."""
    before = timezone.now() - timedelta(days=14)
    PeriodicRun.objects.filter(at__lt=before).delete()
    return Job.objects.filter(state=JobState.DONE, finished_at__lt=before).delete()[0]
