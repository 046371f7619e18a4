"""Reads people who have a public page."""

from django.db.models import Q, QuerySet

from accounts.models import ApiToken, User


def public_people() -> QuerySet[User]:
    """People whose accounts are in use, with their profile where they made one. Their addresses are no part of any page."""
    return User.objects.filter(is_active=True).select_related("profile").defer("password", "email")


def person_by_email(email: str) -> User | None:
    """The account in use behind an address, for those who may add people; None when there is none."""
    return User.objects.filter(email__iexact=email.strip(), is_active=True).first()


def moderators() -> QuerySet[User]:
    """Who moderates."""
    return User.objects.filter(Q(is_moderator=True) | Q(is_superuser=True), is_active=True)


def tokens_of(user: User) -> QuerySet[ApiToken]:
    """A person's API tokens, newest first."""
    return ApiToken.objects.filter(user=user)
