"""Claims to archived records."""

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.admin.site import ModeratorAdmin
from projects.models import ArchiveClaim, ArchiveRecord
from projects.services.moderation import decide_claim
from projects.states import ClaimState, NotAllowed


@admin.register(ArchiveClaim)
class ArchiveClaimAdmin(ModeratorAdmin):
    """Who says that a record is theirs."""

    list_display = ["record", "user", "message", "waiting_days", "state"]
    list_filter = ["state"]
    list_select_related = ["record", "user"]
    ordering = ["-state", "created_at"]
    actions = ["accept", "refuse"]
    exclude = ["decided_by"]

    @admin.display(description=gettext_lazy("waiting (days)"), ordering="created_at")
    def waiting_days(self, claim: ArchiveClaim) -> int | str:
        """How long the person has waited."""
        return (timezone.now() - claim.created_at).days if claim.state == ClaimState.OPEN else ""

    def offered(self, row: ArchiveClaim) -> list[str]:
        """A claim is decided once."""
        return ["accept", "refuse"] if row.state == ClaimState.OPEN else []

    def has_moderate_permission(self, request: HttpRequest) -> bool:
        """Whoever may read this page."""
        return self.has_view_permission(request)

    @admin.action(description=gettext_lazy("Accept"), permissions=["moderate"])
    def accept(self, request: HttpRequest, chosen: QuerySet[ArchiveClaim]) -> None:
        """Accepts all that are chosen."""
        self._decide(request, chosen, accept=True, answer="")

    @admin.action(description=gettext_lazy("Refuse…"), permissions=["moderate"])
    def refuse(self, request: HttpRequest, chosen: QuerySet[ArchiveClaim]) -> HttpResponse | None:
        """Asks for one sentence for all that are chosen."""
        if "note" in request.POST:
            self._decide(request, chosen, accept=False, answer=request.POST["note"])
            return None
        context = {
            **self.admin_site.each_context(request),
            "title": _("Why are these claims not accepted?"),
            "chosen": chosen,
            "action": "refuse",
            "opts": self.opts,
        }
        return TemplateResponse(request, "admin/projects/challenge/note.html", context)

    def _decide(self, request: HttpRequest, chosen: QuerySet[ArchiveClaim], *, accept: bool, answer: str) -> None:
        """Decides each and says how many."""
        done = 0
        for claim in chosen:
            try:
                decide_claim(claim, by=request.user, accept=accept, answer=answer)  # type: ignore[arg-type]  # signed in
                done += 1
            except ValidationError as error:
                self.message_user(request, " ".join(error.messages), messages.ERROR)
            except NotAllowed:
                continue
        words = ngettext("%(count)d claim decided.", "%(count)d claims decided.", done)
        self.message_user(request, words % {"count": done}, messages.SUCCESS if done else messages.WARNING)


@admin.register(ArchiveRecord)
class ArchiveRecordAdmin(ModeratorAdmin):
    """Archived records, to find and to read."""

    list_display = ["__str__", "kind", "source", "institution_en", "year"]
    list_filter = ["kind", "source"]
    search_fields = ["title_zh", "title_en", "institution_en"]
