"""People: to find and to read."""

from django.contrib import admin

from accounts.admin.site import ModeratorAdmin, ReadInline
from accounts.models import Membership, User


class OrganisationInline(ReadInline):
    """The organisations of a person, to read."""

    model = Membership
    fields = ["organisation", "role", "position", "since"]


@admin.register(User)
class UserAdmin(ModeratorAdmin):
    """People, without anything secret."""

    list_display = ["email", "name_zh", "name_en", "is_bridge", "is_moderator", "is_active", "date_joined"]
    list_filter = ["is_bridge", "is_moderator", "is_active"]
    search_fields = ["email", "name_zh", "name_en"]
    fields = [
        "email",
        "name_zh",
        "name_en",
        "language",
        "is_bridge",
        "is_moderator",
        "is_active",
        "date_joined",
        "last_login",
    ]
    inlines = [OrganisationInline]
