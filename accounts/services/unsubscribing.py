"""Stops mails of one kind by the link in such a mail, without signing in. Codes and passwords are not mailed this way."""

from dataclasses import dataclass
from uuid import UUID

from django.core import signing
from django.db import transaction

from accounts.choices import NoticeKind
from accounts.models import Notice, User
from accounts.services.activity import record

SIGNER = signing.Signer(salt="accounts.unsubscribe")


@dataclass(frozen=True)
class Subscription:
    """The mails of one kind to one person."""

    person: User
    kind: NoticeKind

    @property
    def stopped(self) -> bool:
        """True when none is sent."""
        return not self.person.email_notices or self.kind in self.person.muted_kinds


def token_for(notice: Notice) -> str:
    """Signs whom and of what kind a notice is; good for that alone, for as long as the mail may be kept."""
    return SIGNER.sign(f"{notice.recipient_id.hex}:{notice.kind}")


def subscription_of(token: str) -> Subscription | None:
    """Reads the token of a mail; None when it was made up, or when the person is gone."""
    try:
        key, _colon, kind = SIGNER.unsign(token).partition(":")
        person = User.objects.filter(pk=UUID(key), is_active=True).first()
        return Subscription(person, NoticeKind(kind)) if person else None
    except (signing.BadSignature, ValueError):
        return None


def stop_mails(subscription: Subscription) -> None:
    """Sends no more mails of this kind to this person, those that wait included. Again changes nothing."""
    with transaction.atomic():
        person = User.objects.select_for_update().get(pk=subscription.person.pk)
        if subscription.kind not in person.muted_kinds:
            person.muted_kinds = [*person.muted_kinds, subscription.kind.value]
            person.save(update_fields=["muted_kinds"])
            record(person, "stopped mails", person, kind=subscription.kind.value)
