"""Registers the queueing app."""

from django.apps import AppConfig


class QueueingConfig(AppConfig):
    """Jobs and heartbeats."""

    name = "matchmaker.queueing"
    label = "queueing"
    default_auto_field = "django.db.models.BigAutoField"
