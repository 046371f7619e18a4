"""Work that waits, runs, or was given up."""

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.admin.site import ModeratorAdmin
from matchmaker.queueing import jobs
from matchmaker.queueing.models import Heartbeat, Job, JobState
from projects.choices import MATCH_ARCHIVE, MATCH_CAPABILITY, MATCH_CHALLENGE, PREVIEW, REMATCH

WORK = {
    MATCH_CHALLENGE: _("Match a challenge"),
    MATCH_CAPABILITY: _("Match a capability"),
    MATCH_ARCHIVE: _("Match an archived record"),
    PREVIEW: _("Match a pasted text"),
    REMATCH: _("Match everything again"),
    "accounts.send_notice": _("Send a notice by e-mail"),
}


@admin.register(Job)
class JobAdmin(ModeratorAdmin):
    """Jobs, with the error of those given up and a way to start them again."""

    list_display = ["work", "error_line", "state", "attempts", "created_at"]
    list_filter = ["state", "kind", "queue"]
    search_fields = ["subject"]
    ordering = ["state", "-created_at"]
    fields = [
        "work", "kind", "subject", "state", "error", "attempts", "created_at", "finished_at", "run_after", "sent_at", "lease_until",
        "queue", "input_version", "model_version", "done", "total",
    ]  # fmt: skip
    actions = ["retry"]

    @admin.display(description=_("work"), ordering="kind")
    def work(self, job: Job) -> str:
        """What it is for, in words; the name of the task where there are none."""
        return str(WORK.get(job.kind, job.kind))

    def offered(self, row: Job) -> list[str]:
        """Only what was given up is started again."""
        return ["retry"] if row.state == JobState.DEAD else []

    def has_retry_permission(self, request: HttpRequest) -> bool:
        """Whoever may read this page."""
        return self.has_view_permission(request)

    @admin.display(description=_("error"))
    def error_line(self, job: Job) -> str:
        """The first line of the error."""
        return job.error.partition("\n")[0][:120]

    @admin.action(description=_("Try again"), permissions=["retry"])
    def retry(self, request: HttpRequest, chosen: QuerySet[Job]) -> None:
        """Starts the chosen jobs that were given up afresh."""
        dead = [job for job in chosen if job.state == JobState.DEAD]
        for job in dead:
            jobs.retry(job)
        words = ngettext("%(count)d job started again.", "%(count)d jobs started again.", len(dead))
        self.message_user(request, words % {"count": len(dead)}, messages.SUCCESS if dead else messages.WARNING)


@admin.register(Heartbeat)
class HeartbeatAdmin(ModeratorAdmin):
    """When each part of the site last worked."""

    list_display = ["name", "at", "detail"]
