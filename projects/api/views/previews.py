"""A pasted problem, matched without an account."""

from django.shortcuts import get_object_or_404
from django.utils.translation import get_language
from drf_spectacular.utils import extend_schema
from rest_framework import permissions
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import ScopedRateThrottle
from rest_framework.views import APIView

from projects.api.serializers.matches import PreviewAnswer, PreviewInput, card_json
from projects.models import Preview
from projects.selectors.access import visible_previews
from projects.selectors.previews import preview_cards, preview_state
from projects.services.previews import ask_preview, visitor_key, wait_for


class PreviewList(APIView):
    """Asking."""

    permission_classes = [permissions.AllowAny]
    throttle_classes = [ScopedRateThrottle]
    throttle_scope = "preview"

    @extend_schema(request=PreviewInput, responses=PreviewAnswer, operation_id="preview_ask")
    def post(self, request: Request) -> Response:
        """Answers with five matches, or within two seconds with an id to ask again."""
        given = PreviewInput(data=request.data)
        given.is_valid(raise_exception=True)
        preview = ask_preview(visitor=visitor_of(request), **given.validated_data)
        return Response(_json(wait_for(preview)))


class PreviewDetail(APIView):
    """Asking again."""

    permission_classes = [permissions.AllowAny]

    @extend_schema(responses=PreviewAnswer, operation_id="preview_look")
    def get(self, request: Request, pk: str) -> Response:
        """Only for the visitor who asked."""
        return Response(_json(get_object_or_404(visible_previews(visitor_of(request)), pk=pk)))


def visitor_of(request: Request) -> str:
    """Whose preview it is: that of the person with a token, else the browser session's."""
    if request.auth is not None:
        return f"user:{request.user.pk}"
    return visitor_key(request._request.session)


def _json(preview: Preview) -> dict[str, object]:
    """A preview as JSON; the pasted text is not sent back."""
    language = get_language() or "en"
    return {
        "id": preview.pk,
        "state": preview_state(preview),
        "model_version": preview.model_version,
        "no_good_match": bool(preview.results.get("no_good_match")),
        "results": [card_json(card, side="capability", language=language) for card in preview_cards(preview)],
    }
