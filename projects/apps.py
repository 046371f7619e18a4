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
        """Has capabilities follow when their owner switches matching off or on; accounts know nothing of capabilities."""
        from accounts.services.profiles import matching_switched
        from projects.services.capabilities import follow_owners_wish

        def follow(sender: Any, *, person: Any, **_more: Any) -> None:
            follow_owners_wish(person)

        matching_switched.connect(follow, weak=False, dispatch_uid="capabilities follow their owner")
