"""The archive of published records."""

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import get_language
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import generics, serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from projects.api.serializers.matches import MatchList, card_json
from projects.choices import ArchiveKind
from projects.models import ArchiveRecord
from projects.selectors.access import visible_archive
from projects.selectors.archive import archive_cards
from projects.selectors.claimants import claimants_of, records_with_claimants


class SourceAnswer(serializers.Serializer):  # type: ignore[type-arg]
    """Where a record comes from."""

    collection = serializers.CharField()
    title_zh = serializers.CharField()
    title_en = serializers.CharField()
    licence = serializers.CharField()


class ClaimantAnswer(serializers.Serializer):  # type: ignore[type-arg]
    """Who stands behind a record: a person with a public page, or an organisation."""

    kind = serializers.ChoiceField(["person", "organisation"])
    id = serializers.UUIDField()
    name_zh = serializers.CharField(allow_blank=True)
    name_en = serializers.CharField(allow_blank=True)


class ArchiveAnswer(serializers.ModelSerializer):  # type: ignore[type-arg]
    """A published record with its source and licence, and with whoever has claimed it."""

    source = SourceAnswer()  # type: ignore[assignment]  # a field of the API named like an option of DRF
    claimed_by = serializers.SerializerMethodField()

    class Meta:
        model = ArchiveRecord
        fields = [
            "id", "kind", "source", "language", "title_zh", "title_en", "text_zh", "text_en", "keywords_zh", "keywords_en",
            "institution_zh", "institution_en", "city", "country", "year", "source_url", "source_note", "licence", "understanding",
            "use", "quadrant", "claimed_by",
        ]  # fmt: skip

    @extend_schema_field(ClaimantAnswer(many=True))
    def get_claimed_by(self, record: ArchiveRecord) -> list[dict[str, Any]]:
        """Those whose claim a moderator has accepted."""
        shown = [
            (one.person or one.organisation, "person" if one.person else "organisation") for one in claimants_of(record)
        ]
        return [
            {"kind": kind, "id": str(who.pk), "name_zh": who.name_zh, "name_en": who.name_en}
            for who, kind in shown
            if who is not None
        ]


class ArchiveList(generics.ListAPIView):  # type: ignore[type-arg]
    """All records, newest first."""

    serializer_class = ArchiveAnswer

    def get_queryset(self) -> QuerySet[ArchiveRecord]:
        """Public for everyone."""
        return records_with_claimants()


class ArchiveDetail(generics.RetrieveAPIView):  # type: ignore[type-arg]
    """One record."""

    serializer_class = ArchiveAnswer

    def get_queryset(self) -> QuerySet[ArchiveRecord]:
        """Public for everyone."""
        return records_with_claimants()


class ArchiveMatches(APIView):
    """The archived research that matches an archived challenge."""

    @extend_schema(responses=MatchList, operation_id="archive_matches")
    def get(self, request: Request, pk: str) -> Response:
        """Found by the very same matching."""
        record = get_object_or_404(visible_archive(), pk=pk, kind=ArchiveKind.CHALLENGE)
        language = get_language() or "en"
        return Response(
            {
                "state": "ready" if record.matched_model else "pending",
                "model_version": record.matched_model,
                "results": [card_json(card, side="capability", language=language) for card in archive_cards(record)],
            }
        )
