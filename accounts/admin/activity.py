"""The log of deeds."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from accounts.admin.site import ModeratorAdmin
from accounts.models import Activity
from accounts.selectors.activity import kind_of, words_of


class DeedFilter(admin.SimpleListFilter):
    """Narrows to one deed of those that were done."""

    title = _("deed")
    parameter_name = "verb"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Each deed in words."""
        done = Activity.objects.order_by().values_list("verb", flat=True).distinct()
        return sorted(((verb, words_of(verb)) for verb in done), key=lambda pair: pair[1])

    def queryset(self, request: HttpRequest, queryset: QuerySet[Activity]) -> QuerySet[Activity]:
        """Narrows to it."""
        return queryset if self.value() is None else queryset.filter(verb=self.value())


@admin.register(Activity)
class ActivityAdmin(ModeratorAdmin):
    """Who did what, newest first."""

    list_display = ["at", "actor", "deed", "about", "organisation", "reason"]
    list_filter = [DeedFilter]
    search_fields = ["object_id", "actor__email"]
    list_select_related = ["actor", "organisation"]
    date_hierarchy = "at"
    fields = ["at", "actor", "deed", "about", "object_id", "organisation", "reason", "data"]

    @admin.display(description=_("deed"), ordering="verb")
    def deed(self, activity: Activity) -> str:
        """What was done."""
        return words_of(activity.verb)

    @admin.display(description=_("about"), ordering="object_type")
    def about(self, activity: Activity) -> str:
        """The kind of thing it was done to, with the way to its page where moderators have one."""
        model = kind_of(activity)
        if model is None:
            return activity.object_type
        words = capfirst(str(model._meta.verbose_name))
        if model not in self.admin_site._registry:
            return words
        page = f"admin:{model._meta.app_label}_{model._meta.model_name}_change"
        return format_html('<a href="{}">{}</a>', reverse(page, args=[activity.object_id]), words)
