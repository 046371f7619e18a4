"""Challenges: the public text, and the confidential text in a table of its own."""

import hashlib
import json
from copy import copy
from decimal import Decimal
from typing import Any, cast

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.choices import Industry
from matchmaker.privacy import classify
from projects.choices import (
    CNY_PER,
    BudgetBand,
    ConfidentialityTier,
    Domain,
    FundingMode,
    Readiness,
    Urgency,
)
from projects.models.matchable import RATING_RANGE, TRL_RANGE, Matchable
from projects.states import LIVE_CHALLENGES, ChallengeState


class Challenge(Matchable):
    """A problem that an organisation posts. Every field here but the member ones is public once published."""

    organisation = models.ForeignKey(
        "accounts.Organisation", verbose_name=_("organisation"), on_delete=models.PROTECT, related_name="challenges"
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("author"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="challenges",
    )
    state = models.CharField(_("state"), max_length=20, choices=ChallengeState.choices, default=ChallengeState.DRAFT)

    background_zh = models.TextField(_("background in Chinese"), blank=True)
    background_en = models.TextField(_("background in English"), blank=True)
    problem_zh = models.TextField(_("problem in Chinese"), blank=True)
    problem_en = models.TextField(_("problem in English"), blank=True)
    current_practice_zh = models.TextField(_("current practice in Chinese"), blank=True)
    current_practice_en = models.TextField(_("current practice in English"), blank=True)
    possible_approaches_zh = models.TextField(_("possible approaches in Chinese"), blank=True)
    possible_approaches_en = models.TextField(_("possible approaches in English"), blank=True)
    excluded_approaches_zh = models.TextField(_("excluded approaches in Chinese"), blank=True)
    excluded_approaches_en = models.TextField(_("excluded approaches in English"), blank=True)
    constraints_zh = models.TextField(_("constraints in Chinese"), blank=True)
    constraints_en = models.TextField(_("constraints in English"), blank=True)
    data_available_zh = models.TextField(_("data and samples in Chinese"), blank=True)
    data_available_en = models.TextField(_("data and samples in English"), blank=True)
    understanding_sought_zh = models.TextField(_("what we do not understand, in Chinese"), blank=True)
    understanding_sought_en = models.TextField(_("what we do not understand, in English"), blank=True)
    use_context_zh = models.TextField(_("where it will be used, in Chinese"), blank=True)
    use_context_en = models.TextField(_("where it will be used, in English"), blank=True)
    partner_requirements_zh = models.TextField(_("requirements for partners, in Chinese"), blank=True)
    partner_requirements_en = models.TextField(_("requirements for partners, in English"), blank=True)

    baseline_metrics = models.JSONField(_("figures today"), default=list, blank=True)
    target_metrics = models.JSONField(_("target figures"), default=list, blank=True)
    industry = models.CharField(_("industry"), max_length=4, choices=Industry.choices, blank=True)
    technology_domain = models.CharField(_("field of technology"), max_length=24, choices=Domain.choices, blank=True)
    is_traditional_industry = models.BooleanField(_("traditional industry"), default=False)
    trl_current = models.PositiveSmallIntegerField(
        _("readiness now"), choices=Readiness.choices, null=True, blank=True, validators=TRL_RANGE
    )
    trl_target = models.PositiveSmallIntegerField(
        _("readiness wanted"), choices=Readiness.choices, null=True, blank=True, validators=TRL_RANGE
    )
    budget_max = models.DecimalField(_("budget to"), max_digits=14, decimal_places=2, null=True, blank=True)
    budget_band = models.CharField(
        _("budget band"), max_length=10, choices=BudgetBand.choices, blank=True, editable=False
    )
    funding_mode = models.CharField(_("funding"), max_length=10, choices=FundingMode.choices, blank=True)
    payment_nodes = models.TextField(_("payment nodes"), blank=True)
    duration_months = models.PositiveSmallIntegerField(_("duration in months"), null=True, blank=True)
    deadline = models.DateField(_("deadline"), null=True, blank=True)
    answer_by = models.DateField(_("answers by"), null=True, blank=True)
    cooperation_modes = models.JSONField(_("ways to work together"), default=list, blank=True)
    publication_policy = models.PositiveSmallIntegerField(_("publication delay in days"), null=True, blank=True)
    confidentiality_tier = models.CharField(
        _("confidentiality"), max_length=10, choices=ConfidentialityTier.choices, blank=True
    )
    anonymous = models.BooleanField(_("post without the firm's name"), default=False)
    export_control = models.BooleanField(_("export control or data export rules apply"), default=False)
    use_rating = models.PositiveSmallIntegerField(
        _("How soon must it be used?"), choices=Urgency.choices, null=True, blank=True, validators=RATING_RANGE
    )
    pasteur_first = models.BooleanField(_("Pasteur partnerships first"), null=True, blank=True)
    is_bottleneck = models.BooleanField(_("bottleneck technology"), default=False)
    bottleneck_public = models.BooleanField(_("show the bottleneck to everyone"), default=False)
    imported_today = models.CharField(_("what is imported today"), max_length=300, blank=True)
    substitute_sought = models.CharField(_("substitute sought"), max_length=300, blank=True)
    parent_challenge = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="parts", verbose_name=_("part of")
    )

    working_level_user = models.CharField(_("who will use it on the line"), max_length=200, blank=True)
    internal_owner = models.CharField(_("who owns it inside the firm"), max_length=200, blank=True)
    moderation_note = models.TextField(_("moderator's note"), blank=True)
    pending = models.JSONField(_("revision waiting for a moderator"), default=dict, blank=True)

    match_note = models.CharField(max_length=20, blank=True)
    submitted_at = models.DateTimeField(_("handed in on"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed on"), null=True, blank=True)

    FIELD_CLASSES = classify(
        public="id state language script title_zh title_en summary_zh summary_en background_zh background_en problem_zh "
        "problem_en current_practice_zh current_practice_en possible_approaches_zh possible_approaches_en "
        "excluded_approaches_zh excluded_approaches_en constraints_zh constraints_en data_available_zh data_available_en "
        "understanding_sought_zh understanding_sought_en use_context_zh use_context_en partner_requirements_zh "
        "partner_requirements_en baseline_metrics target_metrics industry technology_domain is_traditional_industry "
        "trl_current trl_target budget_min budget_max currency budget_band funding_mode duration_months deadline answer_by "
        "cooperation_modes ip_preference publication_policy confidentiality_tier anonymous export_control languages "
        "organisation city understanding_rating use_rating understanding use understanding_sd use_sd quadrant parent_challenge "
        "published_at closed_at pasteur_first bottleneck_public",
        member="author working_level_user internal_owner payment_nodes moderation_note pending is_bottleneck imported_today "
        "substitute_sought created_at updated_at submitted_at input_version matched_version matched_model match_note",
    )
    TEXTS = (
        "title", "summary", "background", "problem", "current_practice", "possible_approaches", "excluded_approaches",
        "constraints", "data_available", "understanding_sought", "use_context", "partner_requirements",
    )  # fmt: skip
    FACTS = (
        "language", "baseline_metrics", "target_metrics", "industry", "technology_domain", "is_traditional_industry",
        "trl_current", "trl_target", "budget_min", "budget_max", "currency", "funding_mode", "duration_months", "deadline",
        "answer_by", "cooperation_modes", "ip_preference", "publication_policy", "confidentiality_tier", "anonymous",
        "export_control", "languages", "city", "understanding_rating", "use_rating", "pasteur_first", "parent_challenge",
    )  # fmt: skip
    BOTTLENECK = ("bottleneck_public", "is_bottleneck", "imported_today", "substitute_sought")

    class Meta:
        verbose_name = _("challenge")
        verbose_name_plural = _("challenges")
        ordering = ["-published_at", "-created_at"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(title_zh="") | ~models.Q(title_en=""), name="challenge_has_a_title"
            ),
            models.CheckConstraint(
                condition=models.Q(budget_min__isnull=True) | models.Q(budget_min__gte=0),
                name="challenge_budget_not_negative",
            ),
            models.CheckConstraint(
                condition=models.Q(budget_min__isnull=True)
                | models.Q(budget_max__isnull=True)
                | models.Q(budget_max__gte=models.F("budget_min")),
                name="challenge_budget_in_order",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "-published_at"], name="challenge_board"),
            models.Index(fields=["organisation", "-updated_at"], name="challenge_of_firm"),
        ]

    @property
    def live(self) -> bool:
        """True while it is on the board."""
        return self.state in LIVE_CHALLENGES

    @property
    def answer_overdue(self) -> bool:
        """True on the board once the day is past by which the firm promised every answer a reply."""
        return self.live and self.answer_by is not None and self.answer_by < timezone.localdate()

    @property
    def handed_in(self) -> bool:
        """True once it was handed in or published. Until then, and when a draft is taken back, it is the firm's alone."""
        return self.submitted_at is not None or self.published_at is not None

    @property
    def figures_zh(self) -> str:
        """What is measured, in Chinese: the names of the figures, each once. They are matched like a text."""
        return self._measured("zh", "，")

    @property
    def figures_en(self) -> str:
        """What is measured, in English."""
        return self._measured("en", ", ")

    def _measured(self, language: str, comma: str) -> str:
        names = (row.get(f"name_{language}", "") for row in (*self.target_metrics, *self.baseline_metrics))
        return comma.join(dict.fromkeys(name for name in names if name))

    @property
    def moderated(self) -> tuple[str, ...]:
        """What a moderator looks at: all that the firm writes for everyone, in the order of the form."""
        texts = tuple(f"{name}_{language}" for name in self.TEXTS for language in ("zh", "en"))
        return texts + self.FACTS + (self.BOTTLENECK if self.bottleneck_public else ())

    def revised(self) -> "Challenge":
        """A copy as the waiting revision would make it; the published version stays as it is."""
        made = copy(self)
        for name, value in self.pending.items():
            field = cast("models.Field[Any, Any]", self._meta.get_field(name))
            setattr(made, field.attname, field.to_python(value))
        return made

    @property
    def fingerprint(self) -> str:
        """Of what a moderator looks at, as the waiting revision would make it: another text has another fingerprint."""
        now = self.revised()
        fields = [cast("models.Field[Any, Any]", self._meta.get_field(name)) for name in self.moderated]
        looked_at = {field.name: field.to_python(getattr(now, field.attname)) for field in fields}
        return hashlib.sha256(json.dumps(looked_at, default=_plain, sort_keys=True).encode()).hexdigest()[:32]

    @property
    def wants_pasteur(self) -> bool:
        """The switch "Pasteur partnerships first": as set, else on when both understanding and use are asked for."""
        if self.pasteur_first is not None:
            return self.pasteur_first
        return (self.understanding_rating or 0) >= 4 and (self.use_rating or 0) >= 4

    @property
    def budget_max_cny(self) -> float | None:
        """The upper budget in CNY, for bands and comparison."""
        return None if self.budget_max is None else float(self.budget_max) * CNY_PER[self.currency]


def _plain(value: object) -> str:
    """A value that JSON does not know, alike however it was given: 800000 and 800000.00 are one amount."""
    return str(value.normalize() if isinstance(value, Decimal) else value)


class ConfidentialText(models.Model):
    """What only the cleared may read. No matcher, index, suggestion, mail or log ever sees it."""

    challenge = models.OneToOneField(Challenge, on_delete=models.CASCADE, primary_key=True, related_name="confidential")
    confidential_background = models.TextField(_("confidential background"), blank=True)
    confidential_problem = models.TextField(_("confidential part of the problem"), blank=True)
    confidential_data = models.TextField(_("confidential data"), blank=True)
    typed = models.JSONField(_("typed and not saved"), default=dict, blank=True)
    """What stands in the form of a challenge that was handed in, with the time; shown in that form and nowhere else."""
    updated_at = models.DateTimeField(auto_now=True)

    FIELD_CLASSES = classify(
        nda="confidential_background confidential_problem confidential_data typed", member="challenge updated_at"
    )

    class Meta:
        verbose_name = _("confidential text")
        verbose_name_plural = _("confidential texts")

    def __str__(self) -> str:
        return f"confidential text of {self.challenge_id}"


class ConfidentialReading(models.Model):
    """A moderator's reading of confidential text, with the reason given. The firm sees it."""

    challenge = models.ForeignKey(Challenge, on_delete=models.CASCADE, related_name="readings")
    reader = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField(_("reason"))
    at = models.DateTimeField(default=timezone.now)

    FIELD_CLASSES = classify(member="id challenge reader reason at")

    class Meta:
        verbose_name = _("reading of confidential text")
        verbose_name_plural = _("readings of confidential text")
        ordering = ["-at"]

    def __str__(self) -> str:
        return f"{self.reader_id} read {self.challenge_id}"


class ChallengeVersion(models.Model):
    """The public fields as a moderator approved them, for the diff and the history."""

    challenge = models.ForeignKey(Challenge, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    fields = models.JSONField()
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    FIELD_CLASSES = classify(member="id challenge number fields approved_by at")

    class Meta:
        verbose_name = _("approved version")
        verbose_name_plural = _("approved versions")
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["challenge", "number"], name="one_version_of_a_number")]

    def __str__(self) -> str:
        return f"{self.challenge_id} v{self.number}"
