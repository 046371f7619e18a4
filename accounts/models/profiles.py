"""What a researcher or bridge says of themselves."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from matchmaker.privacy import classify


class ResearcherProfile(models.Model):
    """The public page of a researcher or industrial scientist."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True, related_name="profile"
    )
    headline_zh = models.CharField(_("headline in Chinese"), max_length=200, blank=True)
    headline_en = models.CharField(_("headline in English"), max_length=200, blank=True)
    about_zh = models.TextField(_("about, in Chinese"), blank=True)
    about_en = models.TextField(_("about, in English"), blank=True)
    orcid = models.CharField(_("ORCID iD"), max_length=19, blank=True)
    openalex_id = models.CharField(_("OpenAlex ID"), max_length=20, blank=True)
    languages = models.JSONField(_("working languages"), default=list, blank=True)
    match_me = models.BooleanField(
        _("match me"), default=True, help_text=_("Switch off to be left out of every match list.")
    )
    updated_at = models.DateTimeField(auto_now=True)
    created_at = models.DateTimeField(default=timezone.now)

    FIELD_CLASSES = classify(
        public="user headline_zh headline_en about_zh about_en orcid openalex_id languages",
        personal="match_me updated_at created_at",
    )

    class Meta:
        verbose_name = _("researcher profile")
        verbose_name_plural = _("researcher profiles")

    def __str__(self) -> str:
        return str(self.user)
