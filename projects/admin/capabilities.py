"""Capabilities: to find and to read."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from accounts.admin.site import ModeratorAdmin
from accounts.rules import can_moderate
from projects.models import Capability
from projects.selectors.access import visible_capabilities
from projects.states import CapabilityState


@admin.register(Capability)
class CapabilityAdmin(ModeratorAdmin):
    """Capabilities but drafts."""

    list_display = ["__str__", "kind", "owner", "organisation", "state", "last_confirmed"]
    list_filter = ["state", "kind"]
    search_fields = ["title_zh", "title_en"]
    list_select_related = ["owner", "organisation"]
    exclude = ["input_version", "matched_version", "matched_model"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Capability]:
        """What a moderator may know of."""
        if not can_moderate(request.user):
            return Capability.objects.none()
        return visible_capabilities(request.user).exclude(state=CapabilityState.DRAFT)
