"""Registers the accounts app."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """People, organisations, and what we tell them."""

    name = "accounts"
    default_auto_field = "django.db.models.BigAutoField"
