"""How sign-in behaves here."""

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):
    """Sign-in by e-mail, with the demo's short password allowed only in the demo."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Anyone may sign up."""
        return True

    def get_from_email(self) -> str:
        """The sender of account mails."""
        return settings.DEFAULT_FROM_EMAIL
