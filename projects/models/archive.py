"""The archive: published records from elsewhere, never users, never on the board."""

import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models.naming import in_readers_language
from matchmaker.privacy import classify
from projects.choices import ArchiveKind, Band
from projects.models.matchable import Placed
from projects.states import ClaimState


class ArchiveSource(models.Model):
    """Where a collection of records comes from, and under which licence."""

    collection = models.SlugField(primary_key=True, max_length=20)
    title_zh = models.CharField(max_length=200, blank=True)
    title_en = models.CharField(max_length=200, blank=True)
    publisher = models.CharField(max_length=200, blank=True)
    repository = models.CharField(max_length=200, blank=True)
    licence = models.CharField(max_length=200)
    note_zh = models.TextField(blank=True)
    note_en = models.TextField(blank=True)
    find_them_zh = models.TextField(blank=True)
    find_them_en = models.TextField(blank=True)

    FIELD_CLASSES = classify(
        public="collection title_zh title_en publisher repository licence note_zh note_en find_them_zh find_them_en"
    )

    class Meta:
        verbose_name = _("archive source")
        verbose_name_plural = _("archive sources")

    def __str__(self) -> str:
        return in_readers_language(zh=self.title_zh, en=self.title_en) or self.collection


class ArchiveRecord(Placed):
    """A published record with its source. The institution is text; no user stands behind it unless a claim is accepted."""

    accepted_claims: "list[ArchiveClaim]"  # set by ``selectors.claimants.accepted_claims``

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    key = models.CharField(_("number"), max_length=80, unique=True)
    kind = models.CharField(_("kind"), max_length=10, choices=ArchiveKind.choices)
    source = models.ForeignKey(
        ArchiveSource, verbose_name=_("archive source"), on_delete=models.CASCADE, related_name="records"
    )
    language = models.CharField(_("language"), max_length=4)
    title_zh = models.CharField(_("title in Chinese"), max_length=400, blank=True)
    title_en = models.CharField(_("title in English"), max_length=500, blank=True)
    text_zh = models.TextField(_("text in Chinese"), blank=True)
    text_en = models.TextField(_("text in English"), blank=True)
    use_text_en = models.TextField(_("how it came into use, in English"), blank=True)
    keywords_zh = models.JSONField(_("keywords in Chinese"), default=list, blank=True)
    keywords_en = models.JSONField(_("keywords in English"), default=list, blank=True)
    institution_zh = models.CharField(_("institution in Chinese"), max_length=300, blank=True)
    institution_en = models.CharField(_("institution in English"), max_length=300, blank=True)
    city = models.CharField(_("city"), max_length=80, blank=True)
    country = models.CharField(_("country"), max_length=80, blank=True)
    year = models.PositiveSmallIntegerField(_("year"), null=True, blank=True)
    source_url = models.URLField(_("address"), max_length=400, blank=True)
    source_note = models.CharField(_("number in the source"), max_length=300, blank=True)
    licence = models.CharField(_("licence"), max_length=200, blank=True)
    matched_model = models.CharField(max_length=40, blank=True)

    FIELD_CLASSES = classify(
        public="id key kind source language title_zh title_en text_zh text_en use_text_en keywords_zh keywords_en "
        "institution_zh institution_en city country year source_url source_note licence understanding use "
        "understanding_sd use_sd quadrant",
        member="matched_model",
    )

    class Meta:
        verbose_name = _("archive record")
        verbose_name_plural = _("archive records")
        ordering = ["-year", "key"]
        indexes = [models.Index(fields=["kind", "-year"], name="archive_kind_year")]

    def __str__(self) -> str:
        return in_readers_language(zh=self.title_zh, en=self.title_en)


class ArchiveMatch(models.Model):
    """An archived challenge beside archived research, found by the very same matching."""

    challenge = models.ForeignKey(ArchiveRecord, on_delete=models.CASCADE, related_name="matches")
    research = models.ForeignKey(ArchiveRecord, on_delete=models.CASCADE, related_name="+")
    model_version = models.CharField(max_length=40)
    rank = models.PositiveSmallIntegerField()
    score = models.FloatField()
    band = models.CharField(max_length=10, choices=Band.choices)
    detail = models.JSONField(default=dict)

    FIELD_CLASSES = classify(public="id challenge research model_version rank band detail", secret="score")

    class Meta:
        verbose_name = _("archive match")
        verbose_name_plural = _("archive matches")
        ordering = ["rank"]
        constraints = [
            models.UniqueConstraint(
                fields=["challenge", "research", "model_version"], name="one_archive_match_per_pair_and_model"
            )
        ]

    def __str__(self) -> str:
        return f"{self.challenge_id} × {self.research_id}"


class ArchiveClaim(models.Model):
    """Somebody says "this is mine"; a moderator decides. Once accepted, everyone sees who stands behind the record."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    record = models.ForeignKey(
        ArchiveRecord, verbose_name=_("archive record"), on_delete=models.CASCADE, related_name="claims"
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("person"), on_delete=models.CASCADE, related_name="archive_claims"
    )
    state = models.CharField(_("state"), max_length=10, choices=ClaimState.choices, default=ClaimState.OPEN)
    message = models.TextField(_("how we can tell that it is yours"), max_length=1500)
    answer = models.TextField(_("answer"), blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(_("made on"), default=timezone.now)
    decided_at = models.DateTimeField(_("decided on"), null=True, blank=True)

    FIELD_CLASSES = classify(personal="id record user state message answer created_at decided_at", secret="decided_by")

    class Meta:
        verbose_name = _("claim to a record")
        verbose_name_plural = _("claims to records")
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["record", "user"], condition=models.Q(state="open"), name="one_open_claim_per_person"
            )
        ]

    def __str__(self) -> str:
        return f"{self.record} · {self.user}"
