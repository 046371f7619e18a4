"""The signed-in person."""

from drf_spectacular.utils import extend_schema
from rest_framework import permissions, serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.choices import NoticeKind
from accounts.models import User
from accounts.rest import signed_in
from accounts.rules import roles_of
from accounts.services.profiles import edit_person
from matchmaker.rest_fields import StrictMixin


class Person(StrictMixin, serializers.ModelSerializer):  # type: ignore[type-arg]
    """Oneself."""

    organisations = serializers.SerializerMethodField()
    muted_kinds = serializers.ListField(child=serializers.ChoiceField(NoticeKind.choices), required=False)

    class Meta:
        model = User
        fields = [
            "id",
            "email",
            "name_zh",
            "name_en",
            "language",
            "theme",
            "email_notices",
            "muted_kinds",
            "is_bridge",
            "organisations",
        ]
        read_only_fields = ["id", "email", "is_bridge"]

    def get_organisations(self, user: User) -> dict[str, str]:
        """The role in each organisation, by its id."""
        return {str(pk): role for pk, role in roles_of(user).items()}


class Me(APIView):
    """Reads and changes one's own name and preferences."""

    permission_classes = [permissions.IsAuthenticated]

    @extend_schema(responses=Person)
    def get(self, request: Request) -> Response:
        """Who am I."""
        return Response(Person(request.user).data)

    @extend_schema(request=Person, responses=Person)
    def patch(self, request: Request) -> Response:
        """Changes what is named."""
        given = Person(request.user, data=request.data, partial=True)
        given.is_valid(raise_exception=True)
        return Response(Person(edit_person(signed_in(request), **given.validated_data)).data)
