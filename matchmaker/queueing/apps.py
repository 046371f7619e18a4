"""Registers the queueing app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class QueueingConfig(AppConfig):
    """Jobs and heartbeats."""

    name = "matchmaker.queueing"
    label = "queueing"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = _("Jobs")
