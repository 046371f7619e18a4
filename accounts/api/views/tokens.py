"""Signing in to the API."""

from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib.auth import authenticate
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
        user = authenticate(request._request, email=values["email"], password=values["password"])
        if not isinstance(user, User) or not _may_enter(user, values.get("code", "")):
            raise exceptions.ValidationError({"non_field_errors": [_("Address, password or code is wrong.")]})
        token, plain = make_token(user, name=values.get("name") or "API")
        return Response({"token": plain, "expires_at": token.expires_at})


def _may_enter(user: User, code: str) -> bool:
    """True for an active person with a confirmed address and the right second factor."""
    confirmed = EmailAddress.objects.filter(user=user, verified=True).exists()
    return user.is_active and confirmed and _second_factor(user, code)


def _second_factor(user: User, code: str) -> bool:
    """True when no second factor is set up, or the code is right."""
    factors = Authenticator.objects.filter(user=user)
    return not factors.exists() or any(factor.wrap().validate_code(code) for factor in factors)
