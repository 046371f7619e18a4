"""Makes accounts other than by sign-up: for the demo and by command."""

from typing import Any

from allauth.account.models import EmailAddress
from django.db import transaction

from accounts.models import User


def make_person(*, email: str, password: str | None = None, **fields: Any) -> User:
    """Creates a person with a confirmed address, or brings one up to date; an existing password stays."""
    with transaction.atomic():
        user = User.objects.filter(email__iexact=email).first()
        if user is None:
            user = User.objects.create_user(email, password, **fields)
        else:
            for name, value in fields.items():
                setattr(user, name, value)
            user.save()
        EmailAddress.objects.get_or_create(user=user, email=user.email, defaults={"verified": True, "primary": True})
    return user
