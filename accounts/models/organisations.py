"""Places, organisations and who belongs to them."""

import uuid

from django.conf import settings
from django.core.validators import MaxLengthValidator
from django.db import models
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from accounts.choices import (
    BAY_CITIES,
    MUNICIPALITIES,
    Industry,
    LabelKind,
    MembershipRole,
    OrganisationKind,
    RecognitionState,
    Size,
    Tech,
    VerifiedBy,
)
from accounts.models.naming import in_readers_language
from matchmaker.privacy import classify


class Place(models.Model):
    """A city or other place by name."""

    key = models.SlugField(primary_key=True, max_length=80)
    name_zh = models.CharField(_("name in Chinese"), max_length=80, blank=True)
    name_hant = models.CharField(_("name in traditional Chinese"), max_length=80, blank=True)
    name_en = models.CharField(_("name in English"), max_length=120, blank=True)
    province_zh = models.CharField(_("province in Chinese"), max_length=80, blank=True)
    province_en = models.CharField(_("province in English"), max_length=80, blank=True)
    country = models.CharField(_("country or region code"), max_length=2, blank=True)
    latitude = models.FloatField(_("latitude"), null=True, blank=True)
    longitude = models.FloatField(_("longitude"), null=True, blank=True)

    FIELD_CLASSES = classify(public="key name_zh name_hant name_en province_zh province_en country latitude longitude")

    class Meta:
        verbose_name = _("place")
        verbose_name_plural = _("places")
        ordering = ["key"]

    def __str__(self) -> str:
        return in_readers_language(zh=self.name_zh, en=self.name_en) or self.key

    @property
    def in_bay(self) -> bool:
        """True for the eleven cities of the Greater Bay Area."""
        return self.key in BAY_CITIES

    @property
    def region(self) -> str:
        """What may be told of where an anonymous firm is: ``province``, else the country's code, else ``elsewhere``."""
        return self.province or self.country.lower() or "elsewhere"

    @property
    def province(self) -> str:
        """The customs and legal zone: ``hong-kong``, ``macao``, ``guangdong`` or another province; empty when it is not known.

        A place that only bears its province's name has none, so that no region is a place: but those that are a province.
        """
        if self.key in ("hong-kong", "macao", *MUNICIPALITIES):
            return self.key
        if self.in_bay:
            return "guangdong"
        names = {slugify(self.name_en), self.name_zh, self.name_hant, self.key}
        spelt = [slugify(self.province_en), self.province_zh]
        return "" if names & {name for name in spelt if name} else next((name for name in spelt if name), "")


class Organisation(models.Model):
    """A company, university, institute or incubator."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(_("kind"), max_length=20, choices=OrganisationKind.choices)
    name_zh = models.CharField(_("name in Chinese"), max_length=120, blank=True)
    name_en = models.CharField(_("name in English"), max_length=160, blank=True)
    description_zh = models.TextField(_("about, in Chinese"), blank=True)
    description_en = models.TextField(_("about, in English"), blank=True)
    city = models.ForeignKey(Place, verbose_name=_("place"), on_delete=models.PROTECT, null=True, blank=True)
    size = models.CharField(_("size"), max_length=10, choices=Size.choices, blank=True)
    tech = models.CharField(_("technology or traditional"), max_length=12, choices=Tech.choices, blank=True)
    industry = models.CharField(_("industry"), max_length=4, choices=Industry.choices, blank=True)
    website = models.URLField(_("website"), blank=True)
    ror = models.CharField(_("ROR ID"), max_length=9, blank=True)
    domain = models.CharField(_("e-mail domain"), max_length=120, blank=True)
    verified_at = models.DateTimeField(_("verified on"), null=True, blank=True)
    verified_how = models.CharField(_("verified by"), max_length=10, choices=VerifiedBy.choices, blank=True)
    verified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    trusted = models.BooleanField(
        _("trusted"), default=False, help_text=_("What a trusted organisation submits is published at once.")
    )
    fictional = models.BooleanField(_("fictional, for the demo"), default=False)
    created_at = models.DateTimeField(_("made on"), default=timezone.now)

    FIELD_CLASSES = classify(
        public="id kind name_zh name_en description_zh description_en city size tech industry website ror verified_at "
        "verified_how fictional",
        member="domain trusted created_at",
        secret="verified_by",
    )

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        ordering = ["name_en", "name_zh"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(name_zh="") | ~models.Q(name_en=""), name="organisation_has_a_name"
            ),
        ]

    def __str__(self) -> str:
        return in_readers_language(zh=self.name_zh, en=self.name_en)

    @property
    def verified(self) -> bool:
        """True once the e-mail domain or a moderator has vouched for it."""
        return self.verified_at is not None


class OrganisationLabel(models.Model):
    """A recognition of a firm, with its date and evidence. An owner names it, a moderator confirms it."""

    organisation = models.ForeignKey(
        Organisation, verbose_name=_("organisation"), on_delete=models.CASCADE, related_name="labels"
    )
    kind = models.CharField(_("recognition"), max_length=20, choices=LabelKind.choices)
    since = models.DateField(_("since"), null=True, blank=True)
    evidence_url = models.URLField(_("evidence"), max_length=500, blank=True)
    state = models.CharField(
        _("state"), max_length=10, choices=RecognitionState.choices, default=RecognitionState.WAITING
    )
    note = models.TextField(_("why it is not confirmed"), blank=True, validators=[MaxLengthValidator(2000)])
    named_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("named by"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )
    named_at = models.DateTimeField(_("named on"), default=timezone.now)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(_("decided on"), null=True, blank=True)

    FIELD_CLASSES = classify(
        public="id organisation kind since evidence_url decided_at",
        member="state note named_by named_at",
        secret="decided_by",
    )

    class Meta:
        verbose_name = _("recognition")
        verbose_name_plural = _("recognitions")
        constraints = [models.UniqueConstraint(fields=["organisation", "kind"], name="one_label_of_a_kind")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.organisation}"


class Membership(models.Model):
    """A person's place in an organisation."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("person"), on_delete=models.CASCADE, related_name="memberships"
    )
    organisation = models.ForeignKey(
        Organisation, verbose_name=_("organisation"), on_delete=models.CASCADE, related_name="memberships"
    )
    role = models.CharField(_("role"), max_length=10, choices=MembershipRole.choices, default=MembershipRole.MEMBER)
    position = models.CharField(_("position"), max_length=120, blank=True)
    since = models.DateTimeField(_("since"), default=timezone.now)

    FIELD_CLASSES = classify(member="id user organisation role position since")

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        constraints = [models.UniqueConstraint(fields=["user", "organisation"], name="one_membership_per_organisation")]

    def __str__(self) -> str:
        return f"{self.user} · {self.organisation}"
