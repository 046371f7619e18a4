"""What all admin pages share: who may open them, and that nothing secret can be asked of them."""

from typing import Any

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.db.models import Model, URLField
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.rules import can_moderate

admin.site.site_header = _("Matchmaker moderation")
admin.site.site_title = _("Moderation")
admin.site.index_title = _("What waits for you")
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]  # the site's own log-in, limits and second factor

URLS: Any = {URLField: {"assume_scheme": "https"}}
"""What an address without a scheme is taken for."""


class ModeratorAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """A page that moderators may read. Changes go through services, so nothing is edited field by field."""

    formfield_overrides = URLS

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Moderators and superusers."""
        return can_moderate(request.user)

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Moderators and superusers."""
        return can_moderate(request.user)

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Rows are made by the site's own deeds."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Rows are changed by the site's own deeds."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Rows are not deleted here."""
        return False

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest | None = None) -> bool:
        """Only the filters that the page itself offers; any other could ask for hidden text letter by letter."""
        offered = [getattr(one, "parameter_name", one) for one in self.list_filter]
        return any(lookup == name or lookup in (f"{name}__exact", f"{name}__isnull", f"{name}__in") for name in offered)
