"""Capabilities and the evidence behind them."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models.naming import in_readers_language
from matchmaker.privacy import classify
from projects.choices import (
    CapabilityKind,
    EvidenceKind,
    IpStatus,
    PublicationNeed,
    Readiness,
    Urgency,
)
from projects.models.matchable import RATING_RANGE, TRL_RANGE, Matchable
from projects.states import LIVE_CAPABILITIES, CapabilityState


class Capability(Matchable):
    """What a researcher, a team or a technology firm can do."""

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="capabilities", verbose_name=_("owner")
    )
    organisation = models.ForeignKey(
        "accounts.Organisation",
        verbose_name=_("organisation"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="capabilities",
    )
    for_organisation = models.BooleanField(_("offered by the organisation"), default=False)
    team_zh = models.CharField(_("team in Chinese"), max_length=120, blank=True)
    team_en = models.CharField(_("team in English"), max_length=160, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=CapabilityState.choices, default=CapabilityState.DRAFT)
    kind = models.CharField(_("kind"), max_length=12, choices=CapabilityKind.choices, default=CapabilityKind.RESEARCH)

    what_it_enables_zh = models.TextField(_("what it enables, in Chinese"), blank=True)
    what_it_enables_en = models.TextField(_("what it enables, in English"), blank=True)
    comparison_to_best_zh = models.TextField(_("better than what, by how much, in Chinese"), blank=True)
    comparison_to_best_en = models.TextField(_("better than what, by how much, in English"), blank=True)
    methods_zh = models.TextField(_("methods in Chinese"), blank=True)
    methods_en = models.TextField(_("methods in English"), blank=True)
    facilities_zh = models.TextField(_("facilities in Chinese"), blank=True)
    facilities_en = models.TextField(_("facilities in English"), blank=True)
    datasets_software_zh = models.TextField(_("data and software in Chinese"), blank=True)
    datasets_software_en = models.TextField(_("data and software in English"), blank=True)
    past_industry_projects_zh = models.TextField(_("projects with industry, in Chinese"), blank=True)
    past_industry_projects_en = models.TextField(_("projects with industry, in English"), blank=True)
    keywords_zh = models.JSONField(_("keywords in Chinese"), default=list, blank=True)
    keywords_en = models.JSONField(_("keywords in English"), default=list, blank=True)

    application_sectors = models.JSONField(_("industries it suits"), default=list, blank=True)
    trl = models.PositiveSmallIntegerField(
        _("readiness"), choices=Readiness.choices, null=True, blank=True, validators=TRL_RANGE
    )
    ip_status = models.CharField(_("protection"), max_length=10, choices=IpStatus.choices, blank=True)
    ip_numbers = models.CharField(_("numbers of patents and registrations"), max_length=200, blank=True)
    background_ip_owner = models.CharField(_("owner of the background IP"), max_length=200, blank=True)
    wanted_modes = models.JSONField(_("ways to work together"), default=list, blank=True)
    hours_per_month = models.PositiveSmallIntegerField(_("hours a month"), null=True, blank=True)
    available_from = models.DateField(_("available from"), null=True, blank=True)
    max_active = models.PositiveSmallIntegerField(_("projects at the same time"), default=2)
    publication_need = models.CharField(_("publication"), max_length=10, choices=PublicationNeed.choices, blank=True)
    student_theses = models.BooleanField(_("students can write theses on it"), null=True, blank=True)
    use_rating = models.PositiveSmallIntegerField(
        _("How soon should it be used?"), choices=Urgency.choices, null=True, blank=True, validators=RATING_RANGE
    )
    last_confirmed = models.DateField(_("last confirmed"), null=True, blank=True)

    FIELD_CLASSES = classify(
        public="id owner organisation for_organisation team_zh team_en state kind language script title_zh title_en "
        "summary_zh summary_en what_it_enables_zh what_it_enables_en comparison_to_best_zh comparison_to_best_en methods_zh "
        "methods_en facilities_zh facilities_en past_industry_projects_zh past_industry_projects_en keywords_zh keywords_en "
        "application_sectors trl ip_status ip_preference languages wanted_modes hours_per_month available_from max_active "
        "budget_min currency datasets_software_zh datasets_software_en ip_numbers background_ip_owner student_theses "
        "publication_need understanding_rating use_rating city last_confirmed understanding use understanding_sd use_sd "
        "quadrant published_at",
        member="created_at updated_at input_version matched_version matched_model",
    )
    TEXTS = (
        "title", "summary", "what_it_enables", "comparison_to_best", "methods", "facilities", "datasets_software", "past_industry_projects",
    )  # fmt: skip

    class Meta:
        verbose_name = _("capability")
        verbose_name_plural = _("capabilities")
        ordering = ["-published_at", "-created_at"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(title_zh="") | ~models.Q(title_en=""), name="capability_has_a_title"
            ),
            models.CheckConstraint(
                condition=models.Q(budget_min__isnull=True) | models.Q(budget_min__gte=0),
                name="capability_budget_not_negative",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "-published_at"], name="capability_directory"),
            models.Index(fields=["owner", "-updated_at"], name="capability_of_owner"),
        ]

    @property
    def live(self) -> bool:
        """True while it is in the directory."""
        return self.state in LIVE_CAPABILITIES

    @property
    def was_public(self) -> bool:
        """True once it was in the directory. A draft never was, nor one that was archived as a draft."""
        return self.published_at is not None


class EvidenceItem(models.Model):
    """A paper, patent, project or other thing that stands behind a capability."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    capability = models.ForeignKey(Capability, on_delete=models.CASCADE, related_name="evidence")
    kind = models.CharField(_("kind"), max_length=10, choices=EvidenceKind.choices, default=EvidenceKind.PAPER)
    title_zh = models.CharField(_("title in Chinese"), max_length=300, blank=True)
    title_en = models.CharField(_("title in English"), max_length=300, blank=True)
    summary_zh = models.TextField(_("summary in Chinese"), blank=True)
    summary_en = models.TextField(_("summary in English"), blank=True)
    year = models.PositiveSmallIntegerField(_("year"), null=True, blank=True)
    link = models.URLField(_("link"), blank=True)
    doi = models.CharField(_("DOI"), max_length=120, blank=True)
    fingerprint = models.CharField(max_length=64, editable=False)
    position = models.PositiveIntegerField(default=0)

    FIELD_CLASSES = classify(
        public="id capability kind title_zh title_en summary_zh summary_en year link doi position", secret="fingerprint"
    )

    class Meta:
        verbose_name = _("evidence")
        verbose_name_plural = _("evidence")
        ordering = ["position", "id"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(title_zh="") | ~models.Q(title_en=""), name="evidence_has_a_title"
            ),
            models.UniqueConstraint(fields=["capability", "fingerprint"], name="one_evidence_item_per_capability"),
        ]

    def __str__(self) -> str:
        return in_readers_language(zh=self.title_zh, en=self.title_en)
