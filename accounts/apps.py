"""Registers the accounts app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    """People, organisations, and what we tell them."""

    name = "accounts"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = _("People and organisations")
