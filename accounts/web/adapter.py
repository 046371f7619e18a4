"""How sign-in behaves here."""

from types import SimpleNamespace
from typing import Any, cast

from allauth.account.adapter import DefaultAccountAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialApp
from django.conf import settings
from django.http import Http404, HttpRequest


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth ships no types
    """Sign-in by e-mail, with the demo's short password allowed only in the demo."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Anyone may sign up."""
        return True

    def get_from_email(self) -> str:
        """The sender of account mails."""
        return settings.DEFAULT_FROM_EMAIL

    def format_email_subject(self, subject: str) -> str:
        """Begins every subject with the site's name."""
        return f"[{settings.SITE_NAME}] {subject}"

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Signs mails with the site's name rather than the host that was asked."""
        site = SimpleNamespace(name=settings.SITE_NAME, domain=settings.SITE_URL.split("//")[-1])
        super().send_mail(template_prefix, email, {**context, "current_site": site})


class SocialAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]  # allauth ships no types
    """Sign-in through others, which exists only once a superuser has set it up."""

    def get_app(self, request: HttpRequest, provider: str, client_id: str | None = None) -> SocialApp:
        """The keys to a provider; without them its addresses are not there."""
        try:
            return cast("SocialApp", super().get_app(request, provider, client_id))
        except SocialApp.DoesNotExist:
            raise Http404 from None
