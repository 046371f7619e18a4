"""Registers the projects app."""

from typing import Any

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ProjectsConfig(AppConfig):
    """Challenges, capabilities, matches, and what comes of them."""

    name = "projects"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = _("Challenges and capabilities")

    def ready(self) -> None:
        """Has challenges and capabilities follow who posted them; accounts know nothing of either."""
        from accounts.services.organisations import organisation_edited
        from accounts.services.profiles import matching_switched
        from projects.services.capabilities import follow_owners_wish
        from projects.services.organisations import follow_organisation

        def follow(sender: Any, *, person: Any, **_more: Any) -> None:
            follow_owners_wish(person)

        def follow_edit(sender: Any, *, organisation: Any, changed: Any, **_more: Any) -> None:
            follow_organisation(organisation, changed)

        matching_switched.connect(follow, weak=False, dispatch_uid="capabilities follow their owner")
        organisation_edited.connect(follow_edit, weak=False, dispatch_uid="texts follow their organisation")
