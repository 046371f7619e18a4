"""The moderation queue: approve, ask for changes, reject, with the difference to the last approved version."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import Case, QuerySet, When
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from accounts.admin.site import ModeratorAdmin
from accounts.models import User
from accounts.rules import can_moderate
from projects.models import Challenge, ConfidentialText
from projects.selectors.access import CONFIDENTIAL_FIELDS, confidential_text, has_confidential_text, visible_challenges
from projects.selectors.moderation import changes_of, filled
from projects.services import moderation
from projects.services.challenges import OWN_FIELDS
from projects.states import ChallengeState, NotAllowed

QUEUE = (ChallengeState.SUBMITTED, ChallengeState.REVISION_PENDING)
WAITING_SINCE = Case(When(state=ChallengeState.REVISION_PENDING, then="updated_at"), default="submitted_at")
DECISIONS: dict[str, Callable[..., Challenge]] = {
    "publish": lambda challenge, note, **how: moderation.publish_challenge(challenge, **how),
    "ask_changes": moderation.ask_for_changes,
    "reject": moderation.reject_challenge,
}


class QueueFilter(admin.SimpleListFilter):
    """Shows what waits, unless more is asked for."""

    title = gettext_lazy("queue")
    parameter_name = "queue"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Waiting is the default and needs no entry."""
        return [("all", gettext_lazy("All but drafts"))]

    def choices(self, changelist: Any) -> Any:
        """Names the default."""
        found = list(super().choices(changelist))
        found[0]["display"] = _("Waiting")
        return found

    def queryset(self, request: HttpRequest, queryset: QuerySet[Challenge]) -> QuerySet[Challenge]:
        """Narrows to what waits."""
        if self.value() == "all" or "state__exact" in request.GET or request.resolver_match is None:
            return queryset
        return queryset.filter(state__in=QUEUE)


@admin.register(Challenge)
class ChallengeAdmin(ModeratorAdmin):
    """Challenges from submission on; drafts are nobody's business."""

    list_display = ["__str__", "waiting_days", "state", "organisation"]
    list_filter = [QueueFilter, "state"]
    search_fields = ["title_zh", "title_en", "organisation__name_zh", "organisation__name_en"]
    ordering = [WAITING_SINCE.asc(nulls_last=True), "pk"]
    list_select_related = ["organisation"]
    list_per_page = 50
    actions = ["approve", "ask_for_changes", "reject"]
    fields = ["state"]  # the page shows what is filled, in its own tables

    def get_queryset(self, request: HttpRequest) -> QuerySet[Challenge]:
        """What a moderator may know of."""
        if not can_moderate(request.user):
            return Challenge.objects.none()
        known = has_confidential_text(visible_challenges(request.user).exclude(state=ChallengeState.DRAFT))
        return known.annotate(waiting_since=WAITING_SINCE)

    def action_checkbox(self, challenge: Challenge) -> SafeString:
        """Names the version that the row shows beside its box, so that a decision on many is on what was seen."""
        box = super().action_checkbox(challenge)
        return format_html(
            '{}<input type="hidden" name="seen" value="{} {}">', box, challenge.pk, challenge.fingerprint
        )

    @admin.display(description=gettext_lazy("waiting (days)"), ordering="waiting_since")
    def waiting_days(self, challenge: Challenge) -> int | str:
        """How long the firm has waited."""
        since = challenge.waiting_since  # type: ignore[attr-defined]  # annotated
        return (timezone.now() - since).days if since and challenge.state in QUEUE else ""

    def get_urls(self) -> list[URLPattern]:
        """The page's own deeds."""
        return [
            path(
                "<uuid:pk>/decide/",
                self.admin_site.admin_view(require_POST(self.decide)),
                name="projects_challenge_decide",
            ),
            path(
                "<uuid:pk>/confidential/",
                self.admin_site.admin_view(self.confidential),
                name="projects_challenge_confidential",
            ),
            *super().get_urls(),
        ]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Adds the difference to the approved version, the decisions, and all that is filled."""
        challenge = self.get_object(request, object_id)
        extra: dict[str, Any] = {}
        if challenge is not None:
            first = not challenge.versions.exists()
            inside = [name for name in (*OWN_FIELDS, *challenge.BOTTLENECK) if name not in challenge.moderated]
            extra = {
                "first": first,
                "changes": changes_of(challenge),
                "decidable": challenge.state in QUEUE,
                "note": request.session.pop(f"note on {challenge.pk}", ""),
                "challenge": challenge,
                "has_confidential": challenge.has_confidential,
                "tables": [
                    (_("The whole text"), [] if first else filled(challenge, challenge.revised().moderated)),
                    (_("Known to the firm and to you only"), filled(challenge, inside)),
                ],
            }
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), **extra})

    def decide(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """One decision on one challenge."""
        challenge = self._found(request, pk)
        decision = request.POST.get("decision", "")
        if decision not in DECISIONS:
            raise Http404
        note = request.POST.get("note", "")
        if self._decide(request, challenge, decision, note, request.POST.get("seen", "")):
            return HttpResponseRedirect(reverse("admin:projects_challenge_changelist"))
        request.session[f"note on {pk}"] = note
        return HttpResponseRedirect(reverse("admin:projects_challenge_change", args=[pk]))

    def confidential(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """Asks for a reason, tells the firm, and only then shows the confidential text for an hour."""
        challenge = self._found(request, pk)
        errors: list[str] = []
        if request.method == "POST":
            try:
                moderation.open_confidential(challenge, by=_person(request), reason=request.POST.get("reason", ""))
            except ValidationError as error:
                errors = error.messages
            else:
                return HttpResponseRedirect(request.path)
        text = confidential_text(request.user, challenge)
        shown = [(ConfidentialText._meta.get_field(name), getattr(text, name)) for name in CONFIDENTIAL_FIELDS if text]
        context = {
            **self.admin_site.each_context(request),
            "title": _("Confidential text"),
            "challenge": challenge,
            "opts": self.opts,
            "shown": [(getattr(field, "verbose_name", field.name), words) for field, words in shown],
            "open": text is not None,
            "has_confidential": challenge.has_confidential,  # type: ignore[attr-defined]  # annotated
            "errors": errors,
            "reason": request.POST.get("reason", ""),
        }
        return TemplateResponse(request, "admin/projects/challenge/confidential.html", context)

    def has_moderate_permission(self, request: HttpRequest) -> bool:
        """Whoever may read this page."""
        return self.has_view_permission(request)

    @admin.action(description=gettext_lazy("Approve"), permissions=["moderate"])
    def approve(self, request: HttpRequest, chosen: QuerySet[Challenge]) -> None:
        """Publishes all that are chosen."""
        done = self._decide_all(request, chosen, "publish", "")
        words = ngettext("%(count)d challenge published.", "%(count)d challenges published.", done)
        self.message_user(request, words % {"count": done}, messages.SUCCESS if done else messages.WARNING)

    @admin.action(description=gettext_lazy("Ask for changes…"), permissions=["moderate"])
    def ask_for_changes(self, request: HttpRequest, chosen: QuerySet[Challenge]) -> HttpResponse | None:
        """Asks for one sentence for all that are chosen."""
        return self._with_note(request, chosen, "ask_changes")

    @admin.action(description=gettext_lazy("Reject…"), permissions=["moderate"])
    def reject(self, request: HttpRequest, chosen: QuerySet[Challenge]) -> HttpResponse | None:
        """Asks for one sentence for all that are chosen."""
        return self._with_note(request, chosen, "reject")

    def _with_note(self, request: HttpRequest, chosen: QuerySet[Challenge], decision: str) -> HttpResponse | None:
        """A page between that asks for the sentence the firms will read."""
        if "note" in request.POST:
            done = self._decide_all(request, chosen, decision, request.POST["note"])
            words = ngettext("%(count)d challenge sent back.", "%(count)d challenges sent back.", done)
            self.message_user(request, words % {"count": done}, messages.SUCCESS if done else messages.WARNING)
            return None
        context = {
            **self.admin_site.each_context(request),
            "title": _("What should the firms read?"),
            "chosen": chosen,
            "seen": request.POST.getlist("seen"),
            "action": "ask_for_changes" if decision == "ask_changes" else "reject",
            "deed": _("Ask for changes") if decision == "ask_changes" else _("Reject"),
            "opts": self.opts,
        }
        return TemplateResponse(request, "admin/projects/challenge/note.html", context)

    def _decide_all(self, request: HttpRequest, chosen: QuerySet[Challenge], decision: str, note: str) -> int:
        """Decides on each as the list showed it, and not on what its page did not show; returns how many are decided."""
        seen = dict(pair.split(" ", 1) for pair in request.POST.getlist("seen") if " " in pair)
        shown = [challenge for challenge in chosen if str(challenge.pk) in seen]
        if len(shown) < len(chosen):
            words = _("Only what the page showed has been decided. Go on with the next page.")
            self.message_user(request, words, messages.WARNING)
        return sum(
            self._decide(request, challenge, decision, note, seen[str(challenge.pk)], quiet=True) for challenge in shown
        )

    def _decide(
        self, request: HttpRequest, challenge: Challenge, decision: str, note: str, seen: str, *, quiet: bool = False
    ) -> bool:
        """Does one decision; says in a sentence what kept it from being done."""
        try:
            DECISIONS[decision](challenge, by=_person(request), seen=seen, note=note)
        except ValidationError as error:
            self.message_user(request, " ".join(error.messages), messages.ERROR)
            return False
        except NotAllowed:
            words = _("“%(title)s” does not wait for this decision any more.") % {"title": str(challenge)}
            self.message_user(request, words, messages.WARNING)
            return False
        if not quiet:
            words = _("Done: “%(title)s”. The firm has been told.") % {"title": str(challenge.revised())}
            self.message_user(request, words, messages.SUCCESS)
        return True

    def _found(self, request: HttpRequest, pk: UUID) -> Challenge:
        """The challenge; absent for everyone but moderators."""
        return get_object_or_404(self.get_queryset(request), pk=pk)


def _person(request: HttpRequest) -> User:
    """The signed-in moderator."""
    if not isinstance(request.user, User):
        raise Http404
    return request.user
