"""Who did what, and when."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.choices import Deed
from matchmaker.privacy import classify


class Activity(models.Model):
    """One deed. Rows are added, never changed; confidential words never enter ``data``."""

    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("person"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="activities",
    )
    verb = models.CharField(_("deed"), max_length=60)
    object_type = models.CharField(_("about"), max_length=40)
    object_id = models.CharField(_("number"), max_length=64)
    organisation = models.ForeignKey(
        "accounts.Organisation",
        verbose_name=_("organisation"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="activities",
    )
    reason = models.TextField(_("reason"), blank=True)
    data = models.JSONField(_("details"), default=dict, blank=True)
    at = models.DateTimeField(_("when"), default=timezone.now)

    FIELD_CLASSES = classify(member="id actor verb object_type object_id organisation reason data at")

    class Meta:
        verbose_name = _("activity")
        verbose_name_plural = _("activity log")
        ordering = ["-at"]
        indexes = [models.Index(fields=["object_type", "object_id", "-at"], name="activity_of_object")]

    def __str__(self) -> str:
        return str(dict(Deed.choices).get(self.verb, self.verb))
