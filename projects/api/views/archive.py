"""The archive of published records."""

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import get_language
from drf_spectacular.utils import extend_schema
from rest_framework import generics, serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from projects.api.serializers.matches import MatchList, card_json
from projects.choices import ArchiveKind
from projects.models import ArchiveRecord
from projects.selectors.access import visible_archive
from projects.selectors.archive import archive_cards


class SourceAnswer(serializers.Serializer):  # type: ignore[type-arg]
    """Where a record comes from."""

    collection = serializers.CharField()
    title_zh = serializers.CharField()
    title_en = serializers.CharField()
    licence = serializers.CharField()


class ArchiveAnswer(serializers.ModelSerializer):  # type: ignore[type-arg]
    """A published record with its source and licence."""

    source = SourceAnswer()  # type: ignore[assignment]  # a field of the API named like an option of DRF

    class Meta:
        model = ArchiveRecord
        fields = [
            "id", "kind", "source", "language", "title_zh", "title_en", "text_zh", "text_en", "keywords_zh", "keywords_en",
            "institution_zh", "institution_en", "city", "country", "year", "source_url", "source_note", "licence", "understanding",
            "use", "quadrant",
        ]  # fmt: skip


class ArchiveList(generics.ListAPIView):  # type: ignore[type-arg]
    """All records, newest first."""

    serializer_class = ArchiveAnswer

    def get_queryset(self) -> QuerySet[ArchiveRecord]:
        """Public for everyone."""
        return visible_archive()


class ArchiveDetail(generics.RetrieveAPIView):  # type: ignore[type-arg]
    """One record."""

    serializer_class = ArchiveAnswer

    def get_queryset(self) -> QuerySet[ArchiveRecord]:
        """Public for everyone."""
        return visible_archive()


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
