"""Capabilities as JSON."""

from typing import Any

from rest_framework import serializers

from accounts.choices import Industry
from accounts.rules import Viewer
from accounts.services.places import AROUND
from matchmaker.rest_fields import StrictMixin, StrictSerializer
from projects.api.serializers.challenges import MatchableInput, OrganisationName, Place, plain
from projects.choices import CooperationMode
from projects.models import Capability, EvidenceItem
from projects.selectors.access import fields_for
from projects.services.capabilities import EDITABLE
from projects.services.evidence import EDITABLE as EVIDENCE_EDITABLE

INTERNAL = frozenset({"input_version", "matched_version", "matched_model"})
SHORT = (
    "id", "state", "kind", "language", "title_zh", "title_en", "summary_zh", "summary_en", "trl", "organisation", "owner", "city",
    "keywords_zh", "keywords_en", "max_active", "last_confirmed", "understanding", "use", "quadrant", "published_at",
)  # fmt: skip


class EvidenceInput(StrictMixin, serializers.ModelSerializer):  # type: ignore[type-arg]
    """One evidence item to add."""

    class Meta:
        model = EvidenceItem
        fields = list(EVIDENCE_EDITABLE)


class EvidenceAnswer(serializers.ModelSerializer):  # type: ignore[type-arg]
    """One evidence item."""

    class Meta:
        model = EvidenceItem
        fields = ["id", *EVIDENCE_EDITABLE]


class EvidenceImport(StrictSerializer):
    """A list of publications as text."""

    form = serializers.ChoiceField([("bibtex", "BibTeX"), ("ris", "RIS"), ("csv", "CSV"), ("list", "List")])
    text = serializers.CharField(allow_blank=True)


class ImportAnswer(serializers.Serializer):  # type: ignore[type-arg]
    """What came of an import."""

    added = serializers.IntegerField()
    doubled = serializers.IntegerField()
    left_out = serializers.ListField(child=serializers.CharField())


class CapabilityInput(MatchableInput):
    """What an owner may write."""

    keywords_zh = serializers.ListField(child=serializers.CharField(max_length=80), required=False)
    keywords_en = serializers.ListField(child=serializers.CharField(max_length=80), required=False)
    application_sectors = serializers.ListField(child=serializers.ChoiceField(Industry.choices), required=False)
    wanted_modes = serializers.ListField(child=serializers.ChoiceField(CooperationMode.choices), required=False)
    organisation = serializers.UUIDField(required=False, allow_null=True)
    for_organisation = serializers.BooleanField(required=False)
    evidence = EvidenceInput(many=True, required=False)

    class Meta:
        model = Capability
        fields = ["organisation", "for_organisation", *EDITABLE, *AROUND, "evidence"]
        extra_kwargs = {"language": {"required": True}}


class CapabilityAnswer(serializers.ModelSerializer):  # type: ignore[type-arg]
    """A capability as far as the reader may see it."""

    organisation = OrganisationName(required=False, allow_null=True)
    city = Place(required=False, allow_null=True)
    evidence = EvidenceAnswer(many=True, required=False)

    class Meta:
        model = Capability
        fields = [*sorted(set(Capability.FIELD_CLASSES) - INTERNAL), "evidence"]
        extra_kwargs = {name: {"required": False, "read_only": False} for name in Capability.FIELD_CLASSES}


def capability_json(user: Viewer, capability: Capability, *, short: bool = False) -> dict[str, Any]:
    """One capability with the fields that this reader may see."""
    allowed = fields_for(user, capability) - INTERNAL
    names = [name for name in (SHORT if short else sorted(allowed)) if name in allowed]
    found = {name: plain(capability, name) for name in names}
    if not short:
        found["evidence"] = EvidenceAnswer(capability.evidence.all(), many=True).data
    return found
