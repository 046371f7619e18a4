"""Registers the projects app."""

from django.apps import AppConfig


class ProjectsConfig(AppConfig):
    """Challenges, capabilities, matches, and what comes of them."""

    name = "projects"
    default_auto_field = "django.db.models.BigAutoField"
