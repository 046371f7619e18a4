"""Tells people what happened, each event once."""

import hashlib
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import IntegrityError, transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation

from accounts import queue
from accounts.choices import Channel, InterfaceLanguage, NoticeKind
from accounts.models import Notice, User
from accounts.selectors.people import moderators
from accounts.services.unsubscribing import token_for
from matchmaker.queueing.models import Job


def tell(
    recipient: User, *, event_key: str, kind: str, data: Mapping[str, Any], path: str, by_email: bool = True
) -> Notice | None:
    """Tells a person of an event on the site, and by e-mail if they like. None when they were told before.

    ``data`` may hold names and titles of public objects only; ``path`` is where to act, without language prefix.
    """
    notice = _create(recipient, event_key, kind, data, path, Channel.IN_APP)
    if notice is not None and by_email and wants_mail(recipient, kind):
        mail = _create(recipient, event_key, kind, data, path, Channel.EMAIL)
        if mail is not None:
            queue.send_notice(mail.pk)
    return notice


def tell_of_given_up(job: Job) -> None:
    """Tells the moderators on the site that work was given up, once for each job; by mail it could not tell of mail that fails."""
    for moderator in moderators():
        tell(
            moderator,
            event_key=f"job-given-up:{job.pk}",
            kind=NoticeKind.JOB_GIVEN_UP,
            data={"work": job.kind},
            path="dashboard/?as=moderator",
            by_email=False,
        )


def wants_mail(person: User, kind: str) -> bool:
    """False when the person left, or switched mails off, all or those of this kind."""
    return person.is_active and person.email_notices and kind not in person.muted_kinds


def _create(
    recipient: User, event_key: str, kind: str, data: Mapping[str, Any], path: str, channel: Channel
) -> Notice | None:
    """Writes one notice; None when the event was told this way before."""
    try:
        with transaction.atomic():
            return Notice.objects.create(
                recipient=recipient, event_key=event_key, kind=kind, data=dict(data), path=path, channel=channel
            )
    except IntegrityError:
        return None


def send_by_email(notice: Notice) -> None:
    """Sends one e-mail in the reader's language, with a message id that lets a second copy be folded away.

    Who has switched it off since it was asked for gets none. Each mail carries a link that stops its kind in one click.
    """
    if notice.sent_at is not None or not wants_mail(notice.recipient, notice.kind):
        return
    language = notice.recipient.language or InterfaceLanguage.ZH_HANS
    with translation.override(language):
        stop = settings.SITE_URL + reverse("unsubscribe", args=[token_for(notice)])
        context = {"notice": notice, "site_url": settings.SITE_URL, "language": language, "stop": stop}
        subject = " ".join(render_to_string("accounts/email/notice_subject.txt", context).split())
        mail = EmailMultiAlternatives(
            subject,
            render_to_string("accounts/email/notice.txt", context),
            to=[notice.recipient.email],
            headers={
                "Message-ID": f"<{hashlib.sha256(notice.event_key.encode()).hexdigest()[:32]}.{notice.pk}@matchmaker>",
                "List-Unsubscribe": f"<{stop}>",  # RFC 2369, with RFC 8058 the mail program's own button
                "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            },
        )
        mail.send()
    Notice.objects.filter(pk=notice.pk).update(sent_at=timezone.now())


def mark_read(user: User, notice: Notice | None = None) -> int:
    """Marks one notice, or all of a person's notices, as read."""
    unread = Notice.objects.filter(recipient=user, channel=Channel.IN_APP, read_at__isnull=True)
    if notice is not None:
        unread = unread.filter(pk=notice.pk)
    return unread.update(read_at=timezone.now())
