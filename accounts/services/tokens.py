"""Makes, finds and revokes API tokens."""

import hashlib
import secrets
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from accounts.choices import TokenScope
from accounts.models import ApiToken, User
from accounts.services.activity import record

PREFIX = "mm_"


def make_token(user: User, *, name: str, scope: str = TokenScope.WRITE, days: int = 90) -> tuple[ApiToken, str]:
    """Makes a token; returns the row and the plain key, which is shown once and never stored."""
    plain = PREFIX + secrets.token_urlsafe(32)
    with transaction.atomic():
        token = ApiToken.objects.create(
            user=user,
            name=name[:80],
            digest=_digest(plain),
            scope=scope,
            expires_at=timezone.now() + timedelta(days=days),
        )
        record(user, "made token", token, scope=scope)
    return token, plain


def find_token(plain: str) -> ApiToken | None:
    """Returns the living token behind a plain key, and notes its use once a minute."""
    token = ApiToken.objects.select_related("user").filter(digest=_digest(plain), expires_at__gt=timezone.now()).first()
    if token is None or not token.user.is_active:
        return None
    now = timezone.now()
    if token.last_used_at is None or now - token.last_used_at > timedelta(minutes=1):
        ApiToken.objects.filter(pk=token.pk).update(last_used_at=now)
    return token


def revoke_token(token: ApiToken, *, by: User) -> None:
    """Ends a token at once."""
    with transaction.atomic():
        record(by, "revoked token", token)
        token.delete()


def _digest(plain: str) -> str:
    """The key is long and random, so a plain hash is enough."""
    return hashlib.sha256(plain.encode()).hexdigest()
