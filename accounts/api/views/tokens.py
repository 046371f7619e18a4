"""Signing in to the API."""

import time
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.models import EmailAddress
from allauth.core.internal import ratelimit
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import exceptions, permissions, serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import ScopedRateThrottle
from rest_framework.views import APIView

from accounts.models import User
from accounts.services.tokens import make_token
from matchmaker.rest_fields import StrictSerializer

ALLAUTH = "allauth.account"
"""Under whose name the tries to sign in are counted."""


class TokenRequest(StrictSerializer):
    """What signing in takes."""

    email = serializers.EmailField()
    password = serializers.CharField(trim_whitespace=False, max_length=200)
    code = serializers.CharField(required=False, allow_blank=True, max_length=20)
    name = serializers.CharField(required=False, max_length=80)


class TokenAnswer(serializers.Serializer):  # type: ignore[type-arg]
    """The key, shown once."""

    token = serializers.CharField()
    expires_at = serializers.DateTimeField()


class TokenView(APIView):
    """Makes a token from an e-mail address and a password, and a code where two factors are set up."""

    authentication_classes: list[Any] = []
    permission_classes = [permissions.AllowAny]
    throttle_classes = [ScopedRateThrottle]
    throttle_scope = "token"

    @extend_schema(request=TokenRequest, responses=TokenAnswer, operation_id="auth_token")
    def post(self, request: Request) -> Response:
        """Answers alike for an unknown or unconfirmed address, a wrong password and a missing code."""
        given = TokenRequest(data=request.data)
        given.is_valid(raise_exception=True)
        values = given.validated_data
        user = _enter(request._request, values["email"], values["password"], values.get("code", ""))
        if user is None:
            raise exceptions.ValidationError({"non_field_errors": [_("Address, password or code is wrong.")]})
        token, plain = make_token(user, name=values.get("name") or "API")
        return Response({"token": plain, "expires_at": token.expires_at})


def _enter(request: HttpRequest, email: str, password: str, code: str) -> User | None:
    """The person who may enter, else None; within the limits of the page for signing in, and with its counters.

    A right password that does not suffice counts as a wrong one, so that the limit tells nothing and guards the code too.
    """
    adapter = get_adapter()
    try:
        if not ratelimit.consume(request, app=ALLAUTH, action="login"):
            raise ValidationError("")
        user = adapter.authenticate(request, email=email, password=password)
        if isinstance(user, User):
            if _may_enter(user, code):
                return user
            adapter.pre_authenticate(request, email=email)
    except ValidationError:
        raise exceptions.Throttled(
            _wait(request, adapter._get_login_attempts_cache_key(request, email=email))
        ) from None
    return None


def _wait(request: HttpRequest, key: str) -> float:
    """Seconds until every limit on signing in lets this address try this account again."""
    waits = [1.0]
    for action in ("login", "login_failed"):
        for rate in ratelimit.get_rates(app=ALLAUTH, action=action):
            name = ratelimit.get_cache_key(request, app=ALLAUTH, action=action, rate=rate, key=key)
            tries = cache.get(name, [])  # their times, the newest first
            if len(tries) >= rate.amount:
                waits.append(tries[rate.amount - 1] + rate.duration - time.time())
    return max(waits)


def _may_enter(user: User, code: str) -> bool:
    """True for an active person with a confirmed address and the right second factor."""
    confirmed = EmailAddress.objects.filter(user=user, verified=True).exists()
    return user.is_active and confirmed and _second_factor(user, code)


def _second_factor(user: User, code: str) -> bool:
    """True when no second factor is set up, or the code is right."""
    factors = Authenticator.objects.filter(user=user)
    return not factors.exists() or any(factor.wrap().validate_code(code) for factor in factors)
