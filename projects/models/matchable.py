"""What challenges and capabilities have in common: a text in two languages, a place in the quadrant, and stored matches."""

import uuid

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models.naming import in_readers_language
from projects.choices import CNY_PER, ContentLanguage, Currency, IpPreference, Quadrant, Rating, Script

TRL_RANGE = [MinValueValidator(1), MaxValueValidator(9)]
RATING_RANGE = [MinValueValidator(1), MaxValueValidator(5)]


class Placed(models.Model):
    """A place in Pasteur's quadrant, both axes and their uncertainty 0 to 1; all empty where the text was too thin to say."""

    understanding = models.FloatField(_("understanding"), null=True, blank=True)
    use = models.FloatField(_("use"), null=True, blank=True)
    understanding_sd = models.FloatField(_("how unsure understanding is"), null=True, blank=True)
    use_sd = models.FloatField(_("how unsure use is"), null=True, blank=True)
    quadrant = models.CharField(_("quadrant"), max_length=10, choices=Quadrant.choices, blank=True)

    class Meta:
        abstract = True


class Matchable(Placed):
    """One side of a match, with the version of its text and the version its stored matches belong to."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    language = models.CharField(_("language"), max_length=2, choices=ContentLanguage.choices)
    script = models.CharField(_("script"), max_length=4, choices=Script.choices, blank=True)
    title_zh = models.CharField(_("title in Chinese"), max_length=120, blank=True)
    title_en = models.CharField(_("title in English"), max_length=160, blank=True)
    summary_zh = models.TextField(_("summary in Chinese"), max_length=500, blank=True)
    summary_en = models.TextField(_("summary in English"), max_length=800, blank=True)
    understanding_rating = models.PositiveSmallIntegerField(
        _("How much do you want to understand?"), choices=Rating.choices, null=True, blank=True, validators=RATING_RANGE
    )
    budget_min = models.DecimalField(_("budget from"), max_digits=14, decimal_places=2, null=True, blank=True)
    currency = models.CharField(_("currency"), max_length=3, choices=Currency.choices, default=Currency.CNY)
    languages = models.JSONField(_("working languages"), default=list, blank=True)
    ip_preference = models.CharField(_("wish for IP"), max_length=16, choices=IpPreference.choices, blank=True)
    city = models.ForeignKey("accounts.Place", on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("place"))

    input_version = models.PositiveIntegerField(default=1)
    matched_version = models.PositiveIntegerField(default=0)
    matched_model = models.CharField(max_length=40, blank=True)
    created_at = models.DateTimeField(_("made on"), default=timezone.now)
    updated_at = models.DateTimeField(_("changed on"), default=timezone.now)
    published_at = models.DateTimeField(_("published on"), null=True, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return in_readers_language(zh=self.title_zh, en=self.title_en)

    @property
    def matches_ready(self) -> bool:
        """True when the stored matches belong to the text as it stands."""
        return self.matched_version >= self.input_version

    @property
    def budget_min_cny(self) -> float | None:
        """The least budget in CNY, for comparison: offered by a challenge, needed by a capability."""
        return None if self.budget_min is None else float(self.budget_min) * CNY_PER[self.currency]
