"""Who calls the API: the holder of a token, or a signed-in person in the browser."""

from typing import Any

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
        kind, _, plain = request.headers.get("Authorization", "").partition(" ")
        if kind.lower() != "token":
            return None
        token = find_token(plain.strip())
        if token is None:
            raise exceptions.AuthenticationFailed("This token is unknown or has expired.")
        if token.scope == TokenScope.READ and request.method not in SAFE:
            raise exceptions.PermissionDenied("This token may only read.")
        return token.user, token

    def authenticate_header(self, request: Request) -> str:
        """Makes an unauthenticated answer a 401."""
        return "Token"


class SessionAuthentication(authentication.SessionAuthentication):
    """The browser's session, with CSRF checked."""

    def authenticate(self, request: Request) -> Any:
        """Returns the signed-in person."""
        return super().authenticate(request)
