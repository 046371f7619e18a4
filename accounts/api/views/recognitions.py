"""Recognitions of an organisation: read by anyone once confirmed, written by its owners, decided by moderators."""

from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import exceptions, permissions, serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.choices import LabelKind
from accounts.models import Organisation, OrganisationLabel
from accounts.rest import signed_in
from accounts.rules import can_edit_organisation, can_moderate
from accounts.selectors.organisations import public_organisations
from accounts.selectors.recognitions import recognitions_for
from accounts.services.recognitions import (
    change_recognition,
    decide_recognition,
    name_recognition,
    withdraw_recognition,
)
from matchmaker.rest_fields import Note, StrictSerializer


class RecognitionAnswer(serializers.ModelSerializer):  # type: ignore[type-arg]
    """A recognition. Outside the organisation only confirmed ones are shown."""

    class Meta:
        model = OrganisationLabel
        fields = ["kind", "since", "evidence_url", "state", "note", "decided_at"]


class RecognitionChange(StrictSerializer):
    """Since when, and where anyone can see it."""

    since = serializers.DateField()
    evidence_url = serializers.CharField(max_length=500)


class RecognitionInput(RecognitionChange):
    """Which recognition as well."""

    kind = serializers.ChoiceField(choices=LabelKind.choices)


class RecognitionList(APIView):
    """The recognitions of an organisation."""

    permission_classes = [permissions.IsAuthenticatedOrReadOnly]

    @extend_schema(responses=RecognitionAnswer(many=True), operation_id="recognitions_list")
    def get(self, request: Request, pk: str) -> Response:
        """Lists what the reader may see, the latest first."""
        organisation = get_object_or_404(public_organisations(), pk=pk)
        return Response(RecognitionAnswer(recognitions_for(request.user, organisation), many=True).data)

    @extend_schema(request=RecognitionInput, responses={201: RecognitionAnswer}, operation_id="recognitions_create")
    def post(self, request: Request, pk: str) -> Response:
        """Names one; a moderator confirms it."""
        organisation = own(request, pk)
        given = RecognitionInput(data=request.data)
        given.is_valid(raise_exception=True)
        label = name_recognition(organisation, by=signed_in(request), **given.validated_data)
        return Response(RecognitionAnswer(label).data, status=status.HTTP_201_CREATED)


class RecognitionDetail(APIView):
    """One recognition, by its kind."""

    permission_classes = [permissions.IsAuthenticated]

    @extend_schema(request=RecognitionChange, responses=RecognitionAnswer, operation_id="recognitions_update")
    def patch(self, request: Request, pk: str, kind: str) -> Response:
        """Changes date or evidence; a moderator confirms it anew."""
        label = found(request, own(request, pk), kind)
        given = RecognitionChange(data=request.data, partial=True)
        given.is_valid(raise_exception=True)
        values: dict[str, Any] = {"since": label.since, "evidence_url": label.evidence_url, **given.validated_data}
        return Response(RecognitionAnswer(change_recognition(label, by=signed_in(request), **values)).data)

    @extend_schema(responses={204: None}, operation_id="recognitions_withdraw")
    def delete(self, request: Request, pk: str, kind: str) -> Response:
        """Takes it back."""
        withdraw_recognition(found(request, own(request, pk), kind), by=signed_in(request))
        return Response(status=status.HTTP_204_NO_CONTENT)


class RecognitionConfirm(APIView):
    """A moderator's yes."""

    permission_classes = [permissions.IsAuthenticated]

    @extend_schema(request=None, responses=RecognitionAnswer, operation_id="recognitions_confirm")
    def post(self, request: Request, pk: str, kind: str) -> Response:
        """Shows it to everyone."""
        label = decide_recognition(to_decide(request, pk, kind), by=signed_in(request), confirm=True)
        return Response(RecognitionAnswer(label).data)


class RecognitionRefuse(APIView):
    """A moderator's no."""

    permission_classes = [permissions.IsAuthenticated]

    @extend_schema(request=Note, responses=RecognitionAnswer, operation_id="recognitions_refuse")
    def post(self, request: Request, pk: str, kind: str) -> Response:
        """Says why, in a sentence that the organisation reads."""
        label = to_decide(request, pk, kind)
        given = Note(data=request.data)
        given.is_valid(raise_exception=True)
        note = given.validated_data.get("note", "")
        return Response(
            RecognitionAnswer(decide_recognition(label, by=signed_in(request), confirm=False, note=note)).data
        )


def own(request: Request, pk: str) -> Organisation:
    """The organisation, for those who may change it."""
    organisation = get_object_or_404(public_organisations(), pk=pk)
    if not can_edit_organisation(request.user, organisation):
        raise exceptions.PermissionDenied
    return organisation


def found(request: Request, organisation: Organisation, kind: str) -> OrganisationLabel:
    """The recognition of a kind."""
    return get_object_or_404(recognitions_for(request.user, organisation), kind=kind)


def to_decide(request: Request, pk: str, kind: str) -> OrganisationLabel:
    """The recognition, for moderators."""
    if not can_moderate(request.user):
        raise exceptions.PermissionDenied
    return found(request, get_object_or_404(public_organisations(), pk=pk), kind)
