"""Job rows and heartbeat rows."""

import uuid

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from matchmaker.privacy import classify


class JobState(models.TextChoices):
    """Where a job stands."""

    READY = "ready", _("Waiting")
    RUNNING = "running", _("Running")
    DONE = "done", _("Done")
    DEAD = "dead", _("Given up")


class Job(models.Model):
    """A request for work, written in the same transaction as the change that asks for it.

    ``kind`` is the name of the Celery task that does it, ``subject`` the id of the object it is about. A worker holds a
    running job until ``lease_until``; only the holder of ``lease_token`` may close it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(_("kind"), max_length=80)
    subject = models.CharField(_("about"), max_length=64, blank=True)
    queue = models.CharField(_("queue"), max_length=20, default="default")
    state = models.CharField(_("state"), max_length=10, choices=JobState.choices, default=JobState.READY)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    run_after = models.DateTimeField(_("not before"), default=timezone.now)
    sent_at = models.DateTimeField(_("sent on"), null=True, blank=True)
    lease_until = models.DateTimeField(_("lease until"), null=True, blank=True)
    lease_token = models.UUIDField(null=True, blank=True)
    input_version = models.PositiveIntegerField(_("version of the text"), default=0)
    model_version = models.CharField(_("model version"), max_length=40, blank=True)
    done = models.PositiveIntegerField(_("done so far"), default=0)
    total = models.PositiveIntegerField(_("total"), default=0)
    error = models.TextField(_("error"), blank=True)
    created_at = models.DateTimeField(_("made on"), default=timezone.now)
    finished_at = models.DateTimeField(_("finished on"), null=True, blank=True)

    FIELD_CLASSES = classify(
        member="id kind subject queue state attempts run_after sent_at input_version model_version done total created_at finished_at",
        secret="lease_until lease_token error",
    )

    class Meta:
        verbose_name = _("job")
        verbose_name_plural = _("jobs")
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "subject"], condition=models.Q(state="ready"), name="one_waiting_job_per_subject"
            ),
        ]
        indexes = [
            models.Index(fields=["state", "run_after"], name="job_state_run_after"),
            models.Index(fields=["kind", "subject", "-created_at"], name="job_kind_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject} ({self.state})"


class Heartbeat(models.Model):
    """When a part of the site last showed that it works: a worker, the scheduler, an index."""

    name = models.CharField(_("name"), max_length=80, primary_key=True)
    at = models.DateTimeField(_("when"), default=timezone.now)
    detail = models.CharField(_("details"), max_length=200, blank=True)

    FIELD_CLASSES = classify(member="name at detail")

    class Meta:
        verbose_name = _("heartbeat")
        verbose_name_plural = _("heartbeats")

    def __str__(self) -> str:
        return f"{self.name} at {self.at:%Y-%m-%d %H:%M:%S}"


class PeriodicRun(models.Model):
    """One row per periodic deed and period, so that two schedulers cause one effect."""

    name = models.CharField(max_length=80)
    period = models.CharField(max_length=40)
    at = models.DateTimeField(default=timezone.now)

    FIELD_CLASSES = classify(member="id name period at")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["name", "period"], name="one_run_per_period")]

    def __str__(self) -> str:
        return f"{self.name} {self.period}"
