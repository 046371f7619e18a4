"""Notices of the signed-in person."""

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import generics, permissions, serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.models import Notice
from accounts.rest import signed_in
from accounts.selectors.notices import notices_for
from accounts.services.notices import mark_read


class NoticeAnswer(serializers.ModelSerializer):  # type: ignore[type-arg]
    """One notice."""

    class Meta:
        model = Notice
        fields = ["id", "kind", "data", "path", "created_at", "read_at"]


class NoticeList(generics.ListAPIView):  # type: ignore[type-arg]
    """The person's notices, newest first."""

    permission_classes = [permissions.IsAuthenticated]
    serializer_class = NoticeAnswer

    def get_queryset(self) -> QuerySet[Notice]:
        """Only one's own."""
        return notices_for(self.request.user) if self.request.user.is_authenticated else Notice.objects.none()


class NoticeRead(APIView):
    """Marks a notice as read."""

    permission_classes = [permissions.IsAuthenticated]

    @extend_schema(request=None, responses=NoticeAnswer)
    def post(self, request: Request, pk: str) -> Response:
        """Marks it and shows it."""
        notice = get_object_or_404(notices_for(signed_in(request)), pk=pk)
        mark_read(signed_in(request), notice)
        notice.refresh_from_db()
        return Response(NoticeAnswer(notice).data)
