"""Capabilities: read by anyone once published, written by their owner."""

from collections.abc import Callable
from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import exceptions, permissions, serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.models import Organisation, User
from accounts.rest import signed_in
from accounts.selectors.activity import last_edit
from accounts.selectors.organisations import organisations_of
from matchmaker.limits import DRAFTS, EDITS, LOOKS, demand
from projects import rules
from projects.api.serializers.capabilities import (
    CapabilityAnswer,
    CapabilityInput,
    EvidenceAnswer,
    EvidenceImport,
    EvidenceInput,
    ImportAnswer,
    capability_json,
)
from projects.api.serializers.matches import MatchList, card_json
from projects.api.views.challenges import IF_MATCH, etag, flag, if_match, paged
from projects.models import Capability
from projects.selectors.access import visible_capabilities
from projects.selectors.matches import SHOWN, cards, matches_of_capability
from projects.selectors.progress import matching_progress
from projects.services.capabilities import (
    archive_capability,
    confirm_capability,
    edit_capability,
    hide_capability,
    post_capability,
    publish_capability,
)
from projects.services.evidence import add_evidence, import_evidence, remove_evidence, replace_evidence


class CapabilityPage(serializers.Serializer):  # type: ignore[type-arg]
    """A page of capabilities."""

    count = serializers.IntegerField()
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = CapabilityAnswer(many=True)


class CapabilityList(APIView):
    """The directory, and posting."""

    permission_classes = [permissions.IsAuthenticatedOrReadOnly]

    @extend_schema(
        responses=CapabilityPage,
        operation_id="capabilities_list",
        parameters=[
            OpenApiParameter("mine", bool, description="Only your own, drafts included."),
            OpenApiParameter("page", int),
            OpenApiParameter("page_size", int),
        ],
    )
    def get(self, request: Request) -> Response:
        """Lists what the reader may see."""
        rows = visible_capabilities(request.user)
        if flag(request, "mine"):
            rows = rows.filter(owner_id=request.user.pk)
        ordered = rows.order_by("-published_at", "-created_at", "pk")
        return paged(request, ordered, lambda row: capability_json(request.user, row, short=True), known=("mine",))

    @extend_schema(request=CapabilityInput, responses={201: CapabilityAnswer}, operation_id="capabilities_create")
    def post(self, request: Request) -> Response:
        """Creates a draft; publish it to be found."""
        given = CapabilityInput(data=request.data)
        given.is_valid(raise_exception=True)
        values = dict(given.validated_data)
        evidence = values.pop("evidence", [])
        on_behalf = values.pop("for_organisation", False)
        organisation = _named(signed_in(request), values.pop("organisation", None))
        capability = post_capability(
            owner=signed_in(request), organisation=organisation, for_organisation=on_behalf, values=values
        )
        if evidence:
            replace_evidence(capability, by=signed_in(request), rows=evidence)
        return Response(capability_json(request.user, capability), status=status.HTTP_201_CREATED)


class CapabilityDetail(APIView):
    """One capability."""

    permission_classes = [permissions.IsAuthenticatedOrReadOnly]

    @extend_schema(responses=CapabilityAnswer, operation_id="capabilities_retrieve")
    def get(self, request: Request, pk: str) -> Response:
        """Shows what the reader may see of it."""
        version = last_edit(Capability, pk)
        capability = get_object_or_404(visible_capabilities(request.user), pk=pk)
        headers = etag(version) if rules.can_edit_capability(request.user, capability) else {}
        return Response(capability_json(request.user, capability), headers=headers)

    @extend_schema(
        request=CapabilityInput, responses=CapabilityAnswer, operation_id="capabilities_update", parameters=[IF_MATCH]
    )
    def patch(self, request: Request, pk: str) -> Response:
        """Changes what is named; a list of evidence replaces the old one."""
        capability = editable(request, pk)
        given = CapabilityInput(data=request.data, partial=True)
        given.is_valid(raise_exception=True)
        values = dict(given.validated_data)
        evidence = values.pop("evidence", None)
        for name in ("organisation", "for_organisation"):
            current = capability.organisation_id if name == "organisation" else capability.for_organisation
            if name in values and values.pop(name) != current:
                raise exceptions.ValidationError({name: [_("This cannot be changed later. Post a new capability.")]})
        capability = edit_capability(capability, by=signed_in(request), values=values, version=if_match(request))
        if evidence is not None:
            replace_evidence(capability, by=signed_in(request), rows=evidence)
        return Response(capability_json(request.user, capability))


class CapabilityDeed(APIView):
    """A deed of the owner on a capability."""

    permission_classes = [permissions.IsAuthenticated]
    deed: Callable[..., Capability]

    def do(self, request: Request, pk: str) -> Response:
        """Finds the capability, does the deed, shows the result."""
        return Response(capability_json(request.user, type(self).deed(editable(request, pk), by=signed_in(request))))


class CapabilityPublish(CapabilityDeed):
    """Into the directory."""

    deed = staticmethod(publish_capability)

    @extend_schema(request=None, responses=CapabilityAnswer, operation_id="capabilities_publish")
    def post(self, request: Request, pk: str) -> Response:
        """Publishes it and scores it against the open challenges."""
        return self.do(request, pk)


class CapabilityConfirm(CapabilityDeed):
    """Still true."""

    deed = staticmethod(confirm_capability)

    @extend_schema(request=None, responses=CapabilityAnswer, operation_id="capabilities_confirm")
    def post(self, request: Request, pk: str) -> Response:
        """Makes it fresh from today."""
        return self.do(request, pk)


class CapabilityHide(CapabilityDeed):
    """Out of sight for now."""

    deed = staticmethod(hide_capability)

    @extend_schema(request=None, responses=CapabilityAnswer, operation_id="capabilities_hide")
    def post(self, request: Request, pk: str) -> Response:
        """Takes it out of the directory and the match lists."""
        return self.do(request, pk)


class CapabilityArchive(CapabilityDeed):
    """Out for good."""

    deed = staticmethod(archive_capability)

    @extend_schema(request=None, responses=CapabilityAnswer, operation_id="capabilities_archive")
    def post(self, request: Request, pk: str) -> Response:
        """Takes it out of the directory for good."""
        return self.do(request, pk)


class EvidenceList(APIView):
    """The evidence behind a capability."""

    permission_classes = [permissions.IsAuthenticatedOrReadOnly]

    @extend_schema(responses=EvidenceAnswer(many=True), operation_id="evidence_list")
    def get(self, request: Request, pk: str) -> Response:
        """Lists all items."""
        capability = get_object_or_404(visible_capabilities(request.user), pk=pk)
        return Response(EvidenceAnswer(capability.evidence.all(), many=True).data)

    @extend_schema(request=EvidenceInput, responses={201: EvidenceAnswer}, operation_id="evidence_add")
    def post(self, request: Request, pk: str) -> Response:
        """Adds one item."""
        capability = editable(request, pk)
        given = EvidenceInput(data=request.data)
        given.is_valid(raise_exception=True)
        item = add_evidence(capability, by=signed_in(request), values=given.validated_data)
        return Response(EvidenceAnswer(item).data, status=status.HTTP_201_CREATED)


class EvidenceDetail(APIView):
    """One item."""

    permission_classes = [permissions.IsAuthenticated]

    @extend_schema(responses={204: None}, operation_id="evidence_remove")
    def delete(self, request: Request, pk: str, item: str) -> Response:
        """Removes it; it has no influence from then on."""
        remove_evidence(get_object_or_404(editable(request, pk).evidence.all(), pk=item), by=signed_in(request))
        return Response(status=status.HTTP_204_NO_CONTENT)


class EvidenceImportView(APIView):
    """Many items at once."""

    permission_classes = [permissions.IsAuthenticated]

    @extend_schema(request=EvidenceImport, responses=ImportAnswer, operation_id="evidence_import")
    def post(self, request: Request, pk: str) -> Response:
        """Reads BibTeX, RIS, CSV or a pasted list, and says what was left out and why."""
        capability = editable(request, pk)
        given = EvidenceImport(data=request.data)
        given.is_valid(raise_exception=True)
        report = import_evidence(capability, by=signed_in(request), **given.validated_data)
        return Response(ImportAnswer(report).data)


class CapabilityMatches(APIView):
    """The challenges that a capability matches, for its owner."""

    permission_classes = [permissions.IsAuthenticated]

    @extend_schema(responses=MatchList, operation_id="capabilities_matches")
    def get(self, request: Request, pk: str) -> Response:
        """``pending`` with what there is so far, or ``ready``."""
        capability = get_object_or_404(visible_capabilities(request.user), pk=pk)
        if not rules.owns_capability(request.user, capability):
            raise Http404
        if capability.matches_ready:  # asking again while they are looked for is free
            demand(request.user.pk, LOOKS)
        rows = matches_of_capability(request.user, capability)[:SHOWN]
        language = get_language() or "en"
        return Response(
            {
                "state": matching_progress(capability).state,
                "model_version": capability.matched_model,
                "results": [card_json(card, side="challenge", language=language) for card in cards(rows, request.user)],
            }
        )


def editable(request: Request, pk: str) -> Capability:
    """A capability that the caller may change, and is about to; absent when they may not see it, refused when they only see it."""
    capability = get_object_or_404(visible_capabilities(request.user), pk=pk)
    if not rules.can_edit_capability(request.user, capability):
        if capability.live or rules.owns_capability(request.user, capability):
            raise exceptions.PermissionDenied
        raise Http404
    demand(request.user.pk, EDITS if capability.live else DRAFTS)
    return capability


def _named(user: User, wanted: Any) -> Organisation | None:
    """The organisation with this id, which must be one of the caller's; None when none is named."""
    if wanted is None:
        return None
    found = organisations_of(user).filter(pk=wanted).first()
    if found is None:
        raise exceptions.ValidationError({"organisation": [_("Name one of your organisations.")]})
    return found
