"""Challenges as JSON."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from accounts.choices import Language
from accounts.rules import Viewer, can_moderate
from accounts.services.places import AROUND
from matchmaker.rest_fields import StrictMixin, StrictSerializer
from projects.choices import CooperationMode
from projects.models import Challenge
from projects.selectors.access import CONFIDENTIAL_FIELDS, confidential_text, fields_for
from projects.services.challenges import EDITABLE

INTERNAL = frozenset({"input_version", "matched_version", "matched_model", "match_note", "pending"})
SHORT = (
    "id", "state", "language", "title_zh", "title_en", "summary_zh", "summary_en", "industry", "technology_domain", "trl_current",
    "trl_target", "budget_min", "budget_max", "currency", "budget_band", "deadline", "answer_by", "ip_preference",
    "confidentiality_tier", "anonymous", "organisation", "city", "understanding", "use", "quadrant", "published_at",
)  # fmt: skip


class Metric(StrictSerializer):
    """A figure: what is measured, the unit, the value, and for targets whether it must be reached."""

    name = serializers.CharField(required=False, allow_blank=True, max_length=120)
    name_zh = serializers.CharField(required=False, allow_blank=True, max_length=120)
    name_en = serializers.CharField(required=False, allow_blank=True, max_length=120)
    unit = serializers.CharField(required=False, allow_blank=True, max_length=40)
    value = serializers.FloatField()
    must = serializers.BooleanField(required=False)


class Budget(serializers.DecimalField):
    """An amount of money."""

    default_error_messages = {"min_value": _("A budget cannot be negative.")}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(14, 2, required=False, allow_null=True, coerce_to_string=False, min_value=0, **kwargs)


class MatchableInput(StrictMixin, serializers.ModelSerializer):  # type: ignore[type-arg]
    """What may be written of both sides of a match: languages, the place, the least budget."""

    languages = serializers.ListField(child=serializers.ChoiceField(Language.choices), required=False)
    city = serializers.CharField(required=False, allow_blank=True, max_length=80)
    province = serializers.CharField(
        required=False,
        allow_blank=True,
        max_length=80,
        help_text="Beside `city`, for a place not known by its name alone.",
    )
    country = serializers.CharField(
        required=False, allow_blank=True, max_length=80, help_text="A name or a code of ISO 3166-1."
    )
    budget_min = Budget()


class ChallengeInput(MatchableInput):
    """What a firm may write. The confidential fields go into a table of their own."""

    baseline_metrics = Metric(many=True, required=False)
    target_metrics = Metric(many=True, required=False)
    cooperation_modes = serializers.ListField(child=serializers.ChoiceField(CooperationMode.choices), required=False)
    budget_max = Budget()
    parent_challenge = serializers.UUIDField(required=False, allow_null=True)
    organisation = serializers.UUIDField(
        required=False, help_text="One of your organisations; needed when you have several."
    )
    confidential_background = serializers.CharField(required=False, allow_blank=True)
    confidential_problem = serializers.CharField(required=False, allow_blank=True)
    confidential_data = serializers.CharField(required=False, allow_blank=True)

    class Meta:
        model = Challenge
        fields = ["organisation", *EDITABLE, *AROUND, *CONFIDENTIAL_FIELDS]
        extra_kwargs = {"language": {"required": True}}


class Decision(StrictSerializer):
    """A moderator's decision on the text with this fingerprint."""

    seen = serializers.CharField(max_length=64, help_text="The `fingerprint` of the challenge as it was read.")


class SendBack(Decision):
    """A decision with a sentence that the firm reads."""

    note = serializers.CharField(required=False, allow_blank=True, default="", max_length=2000)


class Place(serializers.Serializer):  # type: ignore[type-arg]
    """A place with its names, or only its region where the poster is anonymous. The region is the province, else the country."""

    key = serializers.CharField(required=False)
    name_zh = serializers.CharField(required=False, allow_blank=True)
    name_en = serializers.CharField(required=False, allow_blank=True)
    province_zh = serializers.CharField(required=False, allow_blank=True)
    province_en = serializers.CharField(required=False, allow_blank=True)
    country = serializers.CharField(required=False, allow_blank=True)
    region = serializers.CharField(required=False)
    in_bay = serializers.BooleanField(required=False)


class OrganisationName(serializers.Serializer):  # type: ignore[type-arg]
    """An organisation by id and name."""

    id = serializers.UUIDField()
    name_zh = serializers.CharField(allow_blank=True)
    name_en = serializers.CharField(allow_blank=True)


class ChallengeAnswer(serializers.ModelSerializer):  # type: ignore[type-arg]
    """A challenge as far as the reader may see it; what they may not see is absent."""

    organisation = OrganisationName(required=False)
    city = Place(required=False, allow_null=True)
    confidential = serializers.DictField(child=serializers.CharField(allow_blank=True), required=False)
    revision = serializers.DictField(
        required=False, help_text="For moderators: the fields that wait, as they would be."
    )
    fingerprint = serializers.CharField(required=False, help_text="For moderators: names the text that they decide on.")

    class Meta:
        model = Challenge
        fields = [*sorted(set(Challenge.FIELD_CLASSES) - INTERNAL), "confidential", "revision", "fingerprint"]
        extra_kwargs = {name: {"required": False, "read_only": False} for name in Challenge.FIELD_CLASSES}


def challenge_json(user: Viewer, challenge: Challenge, *, short: bool = False) -> dict[str, Any]:
    """One challenge with the fields that this reader may see."""
    allowed = fields_for(user, challenge) - INTERNAL
    names = [name for name in (SHORT if short else sorted(allowed)) if name in allowed]
    found = {name: plain(challenge, name) for name in names}
    if "city" not in allowed:
        place = challenge.city or challenge.organisation.city
        found["city"] = {"region": place.region, "in_bay": place.in_bay} if place else None
    if not short and (text := confidential_text(user, challenge)) is not None:
        found["confidential"] = {name: getattr(text, name) for name in CONFIDENTIAL_FIELDS}
    if not short and can_moderate(user):
        revised = challenge.revised()
        found["revision"] = {name: plain(revised, name) for name in challenge.pending}
        found["fingerprint"] = challenge.fingerprint
    return found


def plain(row: Any, name: str) -> Any:
    """A field's value as JSON can hold it."""
    if name == "organisation":
        body = row.organisation
        return {"id": body.pk, "name_zh": body.name_zh, "name_en": body.name_en} if body else None
    if name == "city":
        place = row.city or (row.organisation.city if row.organisation else None)
        if place is None:
            return None
        names = {
            known: getattr(place, known)
            for known in ("key", "name_zh", "name_en", "province_zh", "province_en", "country")
        }
        return names | {"region": place.region, "in_bay": place.in_bay}
    if name in ("author", "owner", "parent_challenge"):
        return getattr(row, f"{name}_id")
    value = getattr(row, name)
    return float(value) if name in ("budget_min", "budget_max") and value is not None else value
