"""Who calls the API, for both apps: the holder of a token. A signed-in person in the browser is known by the session."""

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.authentication import SessionScheme
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework import authentication, exceptions
from rest_framework.request import Request

from accounts.choices import TokenScope
from accounts.models import ApiToken, User
from accounts.services.tokens import find_token

SAFE = ("GET", "HEAD", "OPTIONS")


class TokenAuthentication(authentication.BaseAuthentication):
    """Reads ``Authorization: Token …``."""

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        """Returns the person and the token; None without the header, an error for a token that does not hold."""
        kind, _sign, plain = request.headers.get("Authorization", "").partition(" ")
        if kind.lower() != "token":
            return None
        token = find_token(plain.strip())
        if token is None:
            raise exceptions.AuthenticationFailed(_("This token is unknown or has expired."))
        if token.scope == TokenScope.READ and request.method not in SAFE:
            raise exceptions.PermissionDenied(_("This token may only read."))
        return token.user, token

    def authenticate_header(self, request: Request) -> str:
        """Makes an unauthenticated answer a 401."""
        return "Token"


class SessionAuthentication(authentication.SessionAuthentication):
    """Knows a person by the browser's session, whose unsafe requests need its CSRF token."""

    def enforce_csrf(self, request: Request) -> None:
        """Refuses in the caller's language."""
        try:
            super().enforce_csrf(request)
        except exceptions.PermissionDenied:
            raise exceptions.PermissionDenied(
                _(
                    "The session's CSRF token is missing or wrong. Send it in the header X-CSRFToken, or call with an API token."
                )
            ) from None


class BrowserScheme(SessionScheme):  # type: ignore[no-untyped-call]
    """Describes the session in the OpenAPI description."""

    target_class = SessionAuthentication  # type: ignore[assignment]  # its own is named


class TokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """Describes the token in the OpenAPI description."""

    target_class = TokenAuthentication
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        """A key in the Authorization header."""
        return {"type": "apiKey", "in": "header", "name": "Authorization", "description": "Token <key>"}


def signed_in(request: Request) -> User:
    """Returns the person who calls; an error for nobody in particular."""
    if not isinstance(request.user, User):
        raise exceptions.NotAuthenticated
    return request.user
