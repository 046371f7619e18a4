"""Challenges: read by anyone once published, written by the organisation, moderated."""

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet
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
from accounts.rules import can_act_for, can_moderate, roles_of
from accounts.selectors.activity import last_edit
from accounts.selectors.organisations import organisations_of
from matchmaker.limits import DRAFTS, EDITS, LOOKS, demand
from matchmaker.rest import Pages
from projects import rules
from projects.api.serializers.challenges import ChallengeAnswer, ChallengeInput, Decision, SendBack, challenge_json
from projects.api.serializers.matches import MatchList, card_json
from projects.models import Challenge
from projects.selectors.access import CONFIDENTIAL_FIELDS, visible_challenges
from projects.selectors.matches import SHOWN, cards, matches_of_challenge
from projects.selectors.progress import matching_progress
from projects.services import moderation
from projects.services.challenges import (
    close_challenge,
    edit_challenge,
    post_challenge,
    withdraw_challenge,
)

IF_MATCH = OpenApiParameter(
    "If-Match",
    str,
    location=OpenApiParameter.HEADER,
    description="The ETag that the object was read with. Refused with 412 when somebody else has edited it since.",
)


class ChallengePage(serializers.Serializer):  # type: ignore[type-arg]
    """A page of challenges."""

    count = serializers.IntegerField()
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = ChallengeAnswer(many=True)


class ChallengeList(APIView):
    """The board, and posting."""

    permission_classes = [permissions.IsAuthenticatedOrReadOnly]

    @extend_schema(
        responses=ChallengePage,
        operation_id="challenges_list",
        parameters=[
            OpenApiParameter("mine", bool, description="Only challenges of your organisations, drafts included."),
            OpenApiParameter("page", int),
            OpenApiParameter("page_size", int),
        ],
    )
    def get(self, request: Request) -> Response:
        """Lists what the reader may see: the board and their organisations' own."""
        rows = visible_challenges(request.user).select_related("parent_challenge")
        if flag(request, "mine"):
            rows = rows.filter(organisation_id__in=roles_of(request.user))
        return paged(
            request,
            rows.order_by("-published_at", "-created_at", "pk"),
            lambda row: challenge_json(request.user, row, short=True),
            known=("mine",),
        )

    @extend_schema(request=ChallengeInput, responses={201: ChallengeAnswer}, operation_id="challenges_create")
    def post(self, request: Request) -> Response:
        """Creates a draft and asks for its matches."""
        given = ChallengeInput(data=request.data)
        given.is_valid(raise_exception=True)
        values = dict(given.validated_data)
        organisation = firm_of(signed_in(request), values.pop("organisation", None))
        confidential = {name: values.pop(name) for name in CONFIDENTIAL_FIELDS if name in values}
        challenge = post_challenge(
            author=signed_in(request),
            organisation=organisation,
            values=parented(signed_in(request), values),
            confidential=confidential,
        )
        return Response(challenge_json(request.user, challenge), status=status.HTTP_201_CREATED)


class ChallengeDetail(APIView):
    """One challenge."""

    permission_classes = [permissions.IsAuthenticatedOrReadOnly]

    @extend_schema(responses=ChallengeAnswer, operation_id="challenges_retrieve")
    def get(self, request: Request, pk: str) -> Response:
        """Shows what the reader may see of it."""
        version = last_edit(Challenge, pk)
        challenge = get_object_or_404(visible_challenges(request.user), pk=pk)
        headers = etag(version) if rules.can_edit_challenge(request.user, challenge) else {}
        return Response(challenge_json(request.user, challenge), headers=headers)

    @extend_schema(
        request=ChallengeInput, responses=ChallengeAnswer, operation_id="challenges_update", parameters=[IF_MATCH]
    )
    def patch(self, request: Request, pk: str) -> Response:
        """Changes what is named."""
        challenge = editable(request, pk)
        demand(request.user.pk, EDITS if challenge.live else DRAFTS)
        given = ChallengeInput(data=request.data, partial=True)
        given.is_valid(raise_exception=True)
        values = dict(given.validated_data)
        if "organisation" in values and values.pop("organisation") != challenge.organisation_id:
            raise exceptions.ValidationError({"organisation": [_("A challenge stays with its organisation.")]})
        confidential = {name: values.pop(name) for name in CONFIDENTIAL_FIELDS if name in values}
        changed = edit_challenge(
            challenge,
            by=signed_in(request),
            values=parented(signed_in(request), values),
            confidential=confidential,
            version=if_match(request),
        )
        return Response(challenge_json(request.user, changed))


class ChallengeDeed(APIView):
    """A deed of the organisation on its challenge."""

    permission_classes = [permissions.IsAuthenticated]
    deed: Callable[..., Challenge]

    def do(self, request: Request, pk: str) -> Response:
        """Finds the challenge, does the deed, shows the result."""
        challenge = type(self).deed(editable(request, pk), by=signed_in(request))
        return Response(challenge_json(request.user, challenge))


class ChallengeSubmit(ChallengeDeed):
    """Hands a draft in."""

    deed = staticmethod(moderation.submit_challenge)

    @extend_schema(request=None, responses=ChallengeAnswer, operation_id="challenges_submit")
    def post(self, request: Request, pk: str) -> Response:
        """Published at once for a trusted organisation, else when a moderator approves."""
        return self.do(request, pk)


class ChallengeClose(ChallengeDeed):
    """Takes a challenge off the board."""

    deed = staticmethod(close_challenge)

    @extend_schema(request=None, responses=ChallengeAnswer, operation_id="challenges_close")
    def post(self, request: Request, pk: str) -> Response:
        """It stays readable as closed."""
        return self.do(request, pk)


class ChallengeWithdraw(ChallengeDeed):
    """Takes a challenge back."""

    deed = staticmethod(withdraw_challenge)

    @extend_schema(request=None, responses=ChallengeAnswer, operation_id="challenges_withdraw")
    def post(self, request: Request, pk: str) -> Response:
        """Nobody outside the organisation sees it any more."""
        return self.do(request, pk)


class Moderation(APIView):
    """A moderator's decision."""

    permission_classes = [permissions.IsAuthenticated]

    def challenge(self, request: Request, pk: str) -> Challenge:
        """The challenge; absent for everyone but moderators."""
        if not can_moderate(request.user):
            raise Http404
        return get_object_or_404(visible_challenges(request.user), pk=pk)

    def given(self, request: Request, kind: type[Decision]) -> dict[str, Any]:
        """What goes with the decision."""
        given = kind(data=request.data)
        given.is_valid(raise_exception=True)
        return {"by": signed_in(request), **given.validated_data}


class ChallengePublish(Moderation):
    """Approves."""

    @extend_schema(request=Decision, responses=ChallengeAnswer, operation_id="challenges_publish")
    def post(self, request: Request, pk: str) -> Response:
        """Puts a submitted challenge or a revision on the board."""
        challenge = moderation.publish_challenge(self.challenge(request, pk), **self.given(request, Decision))
        return Response(challenge_json(request.user, challenge))


class ChallengeAskChanges(Moderation):
    """Sends back."""

    @extend_schema(request=SendBack, responses=ChallengeAnswer, operation_id="challenges_ask_changes")
    def post(self, request: Request, pk: str) -> Response:
        """Asks the firm for changes, in a sentence."""
        challenge = moderation.ask_for_changes(self.challenge(request, pk), **self.given(request, SendBack))
        return Response(challenge_json(request.user, challenge))


class ChallengeReject(Moderation):
    """Does not accept."""

    @extend_schema(request=SendBack, responses=ChallengeAnswer, operation_id="challenges_reject")
    def post(self, request: Request, pk: str) -> Response:
        """Says why, in a sentence."""
        challenge = moderation.reject_challenge(self.challenge(request, pk), **self.given(request, SendBack))
        return Response(challenge_json(request.user, challenge))


class ChallengeMatches(APIView):
    """The matches of a challenge, for its organisation."""

    permission_classes = [permissions.IsAuthenticated]

    @extend_schema(
        responses=MatchList,
        operation_id="challenges_matches",
        parameters=[
            OpenApiParameter(
                "pasteur_first", bool, description="Pasteur partnerships first; as the challenge says when absent."
            )
        ],
    )
    def get(self, request: Request, pk: str) -> Response:
        """``pending`` with what there is so far, or ``ready``."""
        challenge = get_object_or_404(visible_challenges(request.user), pk=pk)
        if not rules.can_see_matches(request.user, challenge):
            raise Http404
        if challenge.matches_ready:  # asking again while they are looked for is free
            demand(request.user.pk, LOOKS)
        aim = flag(request, "pasteur_first") if "pasteur_first" in request.query_params else None
        rows = matches_of_challenge(request.user, challenge, pasteur_first=aim)[:SHOWN]
        language = get_language() or "en"
        return Response(
            {
                "state": matching_progress(challenge).state,
                "model_version": challenge.matched_model,
                "no_good_match": challenge.match_note == "no_good_match",
                "results": [
                    card_json(card, side="capability", language=language) for card in cards(rows, request.user)
                ],
            }
        )


def etag(version: int) -> dict[str, str]:
    """The number of an object's last edit, for those who may edit it; nobody else learns how often it was edited."""
    return {"ETag": f'"{version}"'}


def if_match(request: Request) -> int | None:
    """The edit that a change builds on, as ``ETag`` named it; None when the caller does not say."""
    sent = request.headers.get("If-Match", "").removeprefix("W/").strip('"')
    if not sent:
        return None
    if not (sent.isascii() and sent.isdigit() and len(sent) < 19):
        raise exceptions.ValidationError({"If-Match": [_("Give the ETag that the object was read with.")]})
    return int(sent)


def editable(request: Request, pk: str) -> Challenge:
    """A challenge that the caller may change; absent when they may not even see it, refused when they only see it."""
    challenge = get_object_or_404(visible_challenges(request.user), pk=pk)
    if not rules.is_insider(request.user, challenge):
        raise Http404 if not challenge.live else exceptions.PermissionDenied
    if not can_act_for(request.user, challenge.organisation_id):
        raise exceptions.PermissionDenied
    return challenge


def firm_of(user: User, wanted: Any) -> Organisation:
    """The organisation to act for: the one named, or the only one."""
    mine = [row for row in organisations_of(user) if can_act_for(user, row.pk)]
    if wanted is not None:
        mine = [row for row in mine if row.pk == wanted]
    if len(mine) == 1:
        return mine[0]
    message = _("Name one of your organisations.") if mine or wanted else _("Found or join an organisation first.")
    raise exceptions.ValidationError({"organisation": [message]})


def parented(user: User, values: dict[str, Any]) -> dict[str, Any]:
    """Puts the parent challenge in place of its id; only one of the same organisation can be named."""
    wanted = values.get("parent_challenge")
    if wanted is None:
        return values
    parent = visible_challenges(user).filter(pk=wanted, organisation_id__in=roles_of(user)).first()
    if parent is None:
        raise exceptions.ValidationError({"parent_challenge": [_("Name one of your own challenges.")]})
    return {**values, "parent_challenge": parent}


def paged(
    request: Request, rows: QuerySet[Any], make: Callable[[Any], dict[str, Any]], *, known: tuple[str, ...] = ()
) -> Response:
    """A page of rows, each made into JSON."""
    pages = Pages(*known)
    return pages.get_paginated_response([make(row) for row in pages.paginate_queryset(rows, request) or ()])


def flag(request: Request, name: str) -> bool:
    """A yes-or-no parameter; anything else is an error."""
    value = request.query_params.get(name, "")
    if value.lower() in ("true", "1", "yes"):
        return True
    if value.lower() in ("false", "0", "no", ""):
        return False
    raise exceptions.ValidationError({name: [_("Give true or false.")]})
