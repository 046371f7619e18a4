"""Work that waits, runs, or was given up."""

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.admin.site import ModeratorAdmin
from matchmaker.queueing import jobs
from matchmaker.queueing.models import Heartbeat, Job, JobState


@admin.register(Job)
class JobAdmin(ModeratorAdmin):
    """Jobs, with the error of those given up and a way to start them again."""

    list_display = ["kind", "subject", "state", "attempts", "queue", "created_at", "finished_at", "error_line"]
    list_filter = ["state", "kind", "queue"]
    search_fields = ["subject"]
    ordering = ["state", "-created_at"]
    exclude = ["lease_token"]
    actions = ["retry"]

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
