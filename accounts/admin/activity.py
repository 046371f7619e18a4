"""The log of deeds."""

from django.contrib import admin

from accounts.admin.site import ModeratorAdmin
from accounts.models import Activity


@admin.register(Activity)
class ActivityAdmin(ModeratorAdmin):
    """Who did what, newest first."""

    list_display = ["at", "actor", "verb", "object_type", "object_id", "organisation"]
    list_filter = ["verb", "object_type"]
    search_fields = ["object_id", "actor__email"]
    list_select_related = ["actor", "organisation"]
    date_hierarchy = "at"
