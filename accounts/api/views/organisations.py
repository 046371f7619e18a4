"""Public organisations."""

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema_field
from rest_framework import generics, serializers

from accounts.choices import LabelKind
from accounts.models import Organisation
from accounts.selectors.organisations import public_organisations
from accounts.selectors.recognitions import with_recognitions


class OrganisationAnswer(serializers.ModelSerializer):  # type: ignore[type-arg]
    """What anyone may know of an organisation."""

    city = serializers.CharField(source="city_id", allow_null=True)
    in_bay = serializers.SerializerMethodField()
    labels = serializers.SerializerMethodField()
    verified = serializers.BooleanField()

    class Meta:
        model = Organisation
        fields = [
            "id", "kind", "name_zh", "name_en", "description_zh", "description_en", "city", "in_bay", "size", "tech", "industry",
            "website", "ror", "labels", "verified", "fictional",
        ]  # fmt: skip

    def get_in_bay(self, organisation: Organisation) -> bool:
        """Derived from the place."""
        return organisation.city is not None and organisation.city.in_bay

    @extend_schema_field(serializers.ListField(child=serializers.ChoiceField(LabelKind.choices)))
    def get_labels(self, organisation: Organisation) -> list[str]:
        """Recognitions that a moderator has confirmed."""
        return [label.kind for label in organisation.confirmed]  # type: ignore[attr-defined]


class OrganisationList(generics.ListAPIView):  # type: ignore[type-arg]
    """All organisations, by name."""

    serializer_class = OrganisationAnswer

    def get_queryset(self) -> QuerySet[Organisation]:
        """With what is shown."""
        return with_recognitions(public_organisations())


class OrganisationDetail(generics.RetrieveAPIView):  # type: ignore[type-arg]
    """One organisation."""

    serializer_class = OrganisationAnswer

    def get_queryset(self) -> QuerySet[Organisation]:
        """With what is shown."""
        return with_recognitions(public_organisations())
