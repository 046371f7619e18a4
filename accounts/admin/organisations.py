"""Organisations: verify, trust."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import F, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.admin.site import ModeratorAdmin, ReadInline
from accounts.models import Membership, Organisation, OrganisationLabel
from accounts.services.organisations import distrust_organisation, verify_organisation


class VerifiedFilter(admin.SimpleListFilter):
    """Narrows to what somebody has vouched for, or nobody yet."""

    title = _("verified")
    parameter_name = "verified"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Yes or no."""
        return [("yes", _("Yes")), ("no", _("No"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Organisation]) -> QuerySet[Organisation]:
        """Narrows to one of the two."""
        return queryset if self.value() is None else queryset.filter(verified_at__isnull=self.value() == "no")


class LabelInline(ReadInline):
    """Recognitions, to read."""

    model = OrganisationLabel
    fields = ["kind", "since", "evidence_url", "state"]


class MembershipInline(ReadInline):
    """People, to read."""

    model = Membership
    fields = ["user", "role", "position", "since"]


@admin.register(Organisation)
class OrganisationAdmin(ModeratorAdmin):
    """Organisations, the unverified first."""

    list_display = ["__str__", "kind", "city", "size", "verified_how", "trusted", "created_at"]
    list_filter = [VerifiedFilter, "kind", "trusted", "verified_how", "size", "tech"]
    list_select_related = ["city"]
    search_fields = ["name_zh", "name_en", "domain"]
    ordering = [F("verified_at").asc(nulls_first=True), "-created_at"]
    exclude = ["verified_by"]
    inlines = [LabelInline, MembershipInline]
    actions = ["verify", "verify_and_trust", "distrust"]

    def offered(self, row: Organisation) -> list[str]:
        """What it is not yet, or not any more."""
        return [*([] if row.verified else ["verify"]), "distrust" if row.trusted else "verify_and_trust"]

    def has_verify_permission(self, request: HttpRequest) -> bool:
        """Whoever may read this page."""
        return self.has_view_permission(request)

    @admin.action(description=_("Verify"), permissions=["verify"])
    def verify(self, request: HttpRequest, chosen: QuerySet[Organisation]) -> None:
        """Vouches for the chosen organisations."""
        self._verify(request, chosen, None)

    @admin.action(description=_("Verify and trust to publish at once"), permissions=["verify"])
    def verify_and_trust(self, request: HttpRequest, chosen: QuerySet[Organisation]) -> None:
        """Vouches for the chosen organisations and lets them publish without a look."""
        self._verify(request, chosen, True)

    @admin.action(description=_("Take trust back"), permissions=["verify"])
    def distrust(self, request: HttpRequest, chosen: QuerySet[Organisation]) -> None:
        """Has moderators look at what the chosen organisations submit from now on."""
        trusted = [organisation for organisation in chosen if organisation.trusted]
        for organisation in trusted:
            distrust_organisation(organisation, by=request.user)  # type: ignore[arg-type]  # signed in
        done = len(trusted)
        words = ngettext(
            "What %(count)d organisation submits waits for a moderator from now on.",
            "What %(count)d organisations submit waits for a moderator from now on.",
            done,
        )
        self.message_user(request, words % {"count": done}, messages.SUCCESS if done else messages.WARNING)

    def _verify(self, request: HttpRequest, chosen: QuerySet[Organisation], trusted: bool | None) -> None:
        """Does it for each and says how many."""
        for organisation in chosen:
            verify_organisation(organisation, by=request.user, trusted=trusted)  # type: ignore[arg-type]  # signed in
        done = len(chosen)
        words = ngettext("%(count)d organisation verified.", "%(count)d organisations verified.", done)
        self.message_user(request, words % {"count": done}, messages.SUCCESS)
