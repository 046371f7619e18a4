"""Invitations between the two sides of a pair."""

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import exceptions, permissions, serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.rest import signed_in
from matchmaker.rest_fields import StrictSerializer
from projects import rules
from projects.api.views.challenges import paged
from projects.choices import DeclineReason
from projects.models import Invitation
from projects.selectors.access import visible_capabilities, visible_challenges, visible_invitations
from projects.services.invitations import accept_invitation, decline_invitation, invite, withdraw_invitation


class InvitationInput(StrictSerializer):
    """Whom to invite to what."""

    challenge = serializers.UUIDField()
    capability = serializers.UUIDField()
    message = serializers.CharField(required=False, allow_blank=True, max_length=1500)


class Answer(StrictSerializer):
    """A sentence to the firm."""

    answer = serializers.CharField(required=False, allow_blank=True, max_length=1500)


class Decline(StrictSerializer):
    """A reason and a sentence to the firm."""

    reason = serializers.ChoiceField(DeclineReason.choices)
    answer = serializers.CharField(max_length=1500)


class InvitationAnswer(serializers.ModelSerializer):  # type: ignore[type-arg]
    """An invitation, alike for both sides."""

    class Meta:
        model = Invitation
        fields = [
            "id", "challenge", "capability", "state", "message", "answer_by", "decline_reason", "answer", "sent_at", "answered_at",
        ]  # fmt: skip


class InvitationPage(serializers.Serializer):  # type: ignore[type-arg]
    """A page of invitations."""

    count = serializers.IntegerField()
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = InvitationAnswer(many=True)


class InvitationList(APIView):
    """Sent and received invitations."""

    permission_classes = [permissions.IsAuthenticated]

    @extend_schema(responses=InvitationPage, operation_id="invitations_list")
    def get(self, request: Request) -> Response:
        """Newest first."""
        return paged(request, visible_invitations(request.user), lambda row: InvitationAnswer(row).data)

    @extend_schema(request=InvitationInput, responses={201: InvitationAnswer}, operation_id="invitations_create")
    def post(self, request: Request) -> Response:
        """Invites the owner of a capability."""
        given = InvitationInput(data=request.data)
        given.is_valid(raise_exception=True)
        values = given.validated_data
        challenge = get_object_or_404(visible_challenges(request.user), pk=values["challenge"])
        if not rules.can_invite(request.user, challenge):
            raise exceptions.PermissionDenied
        capability = get_object_or_404(visible_capabilities(request.user), pk=values["capability"])
        sent = invite(challenge, capability, by=signed_in(request), message=values.get("message", ""))
        return Response(InvitationAnswer(sent).data, status=status.HTTP_201_CREATED)


class InvitationAccept(APIView):
    """Yes."""

    permission_classes = [permissions.IsAuthenticated]

    @extend_schema(request=Answer, responses=InvitationAnswer, operation_id="invitations_accept")
    def post(self, request: Request, pk: str) -> Response:
        """Accepts, as long as there is a free place."""
        invitation = _received(request, pk)
        given = Answer(data=request.data)
        given.is_valid(raise_exception=True)
        return Response(
            InvitationAnswer(accept_invitation(invitation, by=signed_in(request), **given.validated_data)).data
        )


class InvitationDecline(APIView):
    """No, with a reason."""

    permission_classes = [permissions.IsAuthenticated]

    @extend_schema(request=Decline, responses=InvitationAnswer, operation_id="invitations_decline")
    def post(self, request: Request, pk: str) -> Response:
        """Declines with a reason and a sentence."""
        invitation = _received(request, pk)
        given = Decline(data=request.data)
        given.is_valid(raise_exception=True)
        return Response(
            InvitationAnswer(decline_invitation(invitation, by=signed_in(request), **given.validated_data)).data
        )


class InvitationWithdraw(APIView):
    """Taken back."""

    permission_classes = [permissions.IsAuthenticated]

    @extend_schema(request=None, responses=InvitationAnswer, operation_id="invitations_withdraw")
    def post(self, request: Request, pk: str) -> Response:
        """Takes back an invitation that was not answered yet."""
        invitation = get_object_or_404(visible_invitations(request.user), pk=pk)
        if not rules.can_withdraw_invitation(request.user, invitation):
            raise exceptions.PermissionDenied
        return Response(InvitationAnswer(withdraw_invitation(invitation, by=signed_in(request))).data)


def _received(request: Request, pk: str) -> Invitation:
    """An invitation that the caller may answer."""
    invitation = get_object_or_404(visible_invitations(request.user), pk=pk)
    if not rules.can_answer_invitation(request.user, invitation):
        raise exceptions.PermissionDenied
    return invitation
