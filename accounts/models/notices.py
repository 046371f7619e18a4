"""What people are told, each event once."""

import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.choices import Channel, LabelKind, NoticeKind
from matchmaker.privacy import classify


class Notice(models.Model):
    """One event told to one person in one way. The words are made when it is shown, in the reader's language."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notices")
    event_key = models.CharField(max_length=160)
    channel = models.CharField(max_length=10, choices=Channel.choices)
    kind = models.CharField(_("about"), max_length=30, choices=NoticeKind.choices)
    data = models.JSONField(default=dict, help_text=_("Names and addresses of public objects only."))
    path = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    read_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)

    FIELD_CLASSES = classify(personal="id recipient event_key channel kind data path created_at read_at sent_at")

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["recipient", "event_key", "channel"], name="one_notice_per_event_and_channel"
            )
        ]
        indexes = [models.Index(fields=["recipient", "channel", "read_at"], name="notice_unread")]

    def __str__(self) -> str:
        return f"{self.kind} → {self.recipient_id}"

    @property
    def recognition(self) -> str:
        """The recognition that was named or decided, in the reader's language; empty for other notices."""
        return str(dict(LabelKind.choices).get(self.data.get("recognition", ""), ""))
