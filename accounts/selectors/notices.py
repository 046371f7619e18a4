"""Reads notices."""

from django.db.models import QuerySet

from accounts.choices import Channel
from accounts.models import Notice, User


def notices_for(user: User) -> QuerySet[Notice]:
    """A person's notices on the site, newest first."""
    return Notice.objects.filter(recipient=user, channel=Channel.IN_APP)


def unread_count(user: User) -> int:
    """How many notices a person has not read."""
    return notices_for(user).filter(read_at__isnull=True).count()
