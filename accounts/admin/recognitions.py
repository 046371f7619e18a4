"""The queue of recognitions: confirm, or refuse with a reason."""

from urllib.parse import urlsplit

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.admin.site import ModeratorAdmin
from accounts.choices import RecognitionState
from accounts.models import OrganisationLabel
from accounts.services.recognitions import decide_recognition


@admin.register(OrganisationLabel)
class RecognitionAdmin(ModeratorAdmin):
    """What firms say of themselves and can show, what waits first."""

    list_display = ["__str__", "evidence", "since", "waiting_days", "state"]
    list_filter = ["state", "kind"]
    search_fields = ["organisation__name_zh", "organisation__name_en"]
    list_select_related = ["organisation"]
    ordering = ["-state", "named_at"]
    fields = ["kind", "organisation", "since", "evidence_url", "state", "note", "named_by", "named_at", "decided_at"]
    actions = ["confirm", "refuse"]

    @admin.display(description=gettext_lazy("evidence"), ordering="evidence_url")
    def evidence(self, label: OrganisationLabel) -> str:
        """The page to look at, by the name of its host, which is what tells whether to believe it."""
        if not label.evidence_url:
            return ""
        host = urlsplit(label.evidence_url).hostname or label.evidence_url
        return format_html('<a href="{}" rel="noopener noreferrer">{}</a>', label.evidence_url, host)

    @admin.display(description=gettext_lazy("waiting (days)"), ordering="named_at")
    def waiting_days(self, label: OrganisationLabel) -> int | str:
        """How long the organisation has waited."""
        return (timezone.now() - label.named_at).days if label.state == RecognitionState.WAITING else ""

    def offered(self, row: OrganisationLabel) -> list[str]:
        """The decisions that it does not have yet."""
        made = {"confirm": RecognitionState.CONFIRMED, "refuse": RecognitionState.REFUSED}
        return [name for name, state in made.items() if row.state != state]

    def has_moderate_permission(self, request: HttpRequest) -> bool:
        """Whoever may read this page."""
        return self.has_view_permission(request)

    @admin.action(description=gettext_lazy("Confirm"), permissions=["moderate"])
    def confirm(self, request: HttpRequest, chosen: QuerySet[OrganisationLabel]) -> None:
        """Confirms all that are chosen."""
        self._decide(request, chosen, confirm=True, note="")

    @admin.action(description=gettext_lazy("Refuse…"), permissions=["moderate"])
    def refuse(self, request: HttpRequest, chosen: QuerySet[OrganisationLabel]) -> HttpResponse | None:
        """Asks for one sentence for all that are chosen."""
        if "note" in request.POST:
            self._decide(request, chosen, confirm=False, note=request.POST["note"])
            return None
        context = {
            **self.admin_site.each_context(request),
            "title": _("Why are these recognitions not confirmed?"),
            "chosen": chosen,
            "action": "refuse",
            "opts": self.opts,
        }
        return TemplateResponse(request, "admin/projects/challenge/note.html", context)

    def _decide(self, request: HttpRequest, chosen: QuerySet[OrganisationLabel], *, confirm: bool, note: str) -> None:
        """Decides each and says how many."""
        done = 0
        for label in chosen:
            try:
                decide_recognition(label, by=request.user, confirm=confirm, note=note)  # type: ignore[arg-type]  # signed in
                done += 1
            except ValidationError as error:
                self.message_user(request, f"{label}: {' '.join(error.messages)}", messages.ERROR)
        words = ngettext("%(count)d recognition decided.", "%(count)d recognitions decided.", done)
        self.message_user(request, words % {"count": done}, messages.SUCCESS if done else messages.WARNING)
