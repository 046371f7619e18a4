"""What all admin pages share: who may open them, and that nothing secret can be asked of them."""

from collections.abc import Collection
from typing import Any

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.db.models import Model, URLField
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from accounts.rules import can_moderate
from accounts.selectors.activity import deeds_on

admin.site.site_header = _("Matchmaker moderation")
admin.site.site_title = _("Moderation")
admin.site.index_title = _("Moderation")
admin.site.enable_nav_sidebar = False  # the first page lists all; tables need the room, and keyboards the short way
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

    def offered(self, row: Any) -> Collection[str]:
        """The actions that make sense on one row, as buttons on its page; each does what it does in the list."""
        return [action for action in self.actions or () if isinstance(action, str)]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Names the list by what is in it."""
        title = {"title": capfirst(self.opts.verbose_name_plural)}
        return super().changelist_view(request, {**title, **(extra_context or {})})

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Adds what can be done with the row, and what was done."""
        row = self.get_object(request, object_id)
        found: dict[str, Any] = {}
        if row is not None:
            offered = self.offered(row)
            buttons = [action for action in self.get_action_choices(request) if action[0] in offered]
            found = {"buttons": buttons, "deeds": deeds_on(row)}
        return super().change_view(request, object_id, form_url, {**found, **(extra_context or {})})

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The history stands on the page itself."""
        return HttpResponseRedirect("../change/#history")

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest | None = None) -> bool:
        """Only the filters that the page itself offers; any other could ask for hidden text letter by letter."""
        offered = [getattr(one, "parameter_name", one) for one in self.list_filter]
        return any(lookup == name or lookup in (f"{name}__exact", f"{name}__isnull", f"{name}__in") for name in offered)


class ReadInline(admin.TabularInline):  # type: ignore[type-arg]
    """Rows that belong to what a page is about, to read."""

    extra = 0
    can_delete = False
    formfield_overrides = URLS

    def has_view_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """As the page itself."""
        return True

    def has_add_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """Only to read."""
        return False

    has_change_permission = has_add_permission
