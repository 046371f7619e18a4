"""The page of an invitation: the researcher answers, the firm sees the answer."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.models import User
from projects.models import Invitation
from projects.rules import can_answer_invitation, can_see_challenge, can_withdraw_invitation, is_insider
from projects.selectors.access import visible_invitations, visible_matches
from projects.selectors.dashboards import OPEN_INVITATIONS
from projects.selectors.matches import cards
from projects.services import invitations as service
from projects.states import InvitationState, NotAllowed
from projects.web import names
from projects.web.cards import card_view
from projects.web.forms.invitations import AcceptForm, DeclineForm


@login_required
@require_GET
def invitation(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The invitation as either side sees it; opening it tells that it was seen."""
    found = get_object_or_404(visible_invitations(request.user), pk=pk)
    if found.state == "sent" and can_answer_invitation(request.user, found):
        service.see_invitation(found)
    return _page(request, found)


@login_required
@require_POST
def invitation_accept(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A yes."""
    found = _answerable(request, pk)
    form = AcceptForm(request.POST)
    if form.is_valid():
        try:
            service.accept_invitation(found, by=_me(request), answer=form.cleaned_data["answer"])
        except (ValidationError, NotAllowed) as error:
            return _refused(request, found, error, accept=form)
        messages.success(request, _("Accepted. The firm is told now."))
        return redirect("invitation", pk=pk)
    return _page(request, found, accept=form)


@login_required
@require_POST
def invitation_decline(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A no, with its reason."""
    found = _answerable(request, pk)
    form = DeclineForm(request.POST)
    if form.is_valid():
        try:
            service.decline_invitation(
                found, by=_me(request), reason=form.cleaned_data["reason"], answer=form.cleaned_data["answer"]
            )
        except (ValidationError, NotAllowed) as error:
            return _refused(request, found, error, decline=form)
        messages.success(request, _("Declined. The firm reads your reason."))
        return redirect("invitation", pk=pk)
    return _page(request, found, decline=form)


@login_required
@require_POST
def invitation_withdraw(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The firm takes back what was not answered yet."""
    found = get_object_or_404(visible_invitations(request.user), pk=pk)
    if not can_withdraw_invitation(request.user, found):
        raise Http404
    try:
        service.withdraw_invitation(found, by=_me(request))
    except NotAllowed as error:
        messages.warning(request, _too_late(error))
    else:
        messages.success(request, _("Taken back."))
    return redirect("match_list", pk=found.challenge_id)


def _me(request: HttpRequest) -> User:
    """The signed-in person."""
    assert isinstance(request.user, User)
    return request.user


def _answerable(request: HttpRequest, pk: UUID) -> Invitation:
    """The invitation, for the side that answers; for all others it is not there."""
    found = get_object_or_404(visible_invitations(request.user), pk=pk)
    if not can_answer_invitation(request.user, found):
        raise Http404
    return found


def _refused(request: HttpRequest, found: Invitation, error: Any, **forms: Any) -> HttpResponse:
    """Says why an answer could not be given; what was typed stays."""
    if isinstance(error, NotAllowed):
        messages.warning(request, _too_late(error))
        return redirect("invitation", pk=found.pk)
    form = next(iter(forms.values()))
    for column, wrong in getattr(error, "error_dict", {None: error}).items():
        form.add_error(column if column in form.fields else None, wrong)
    return _page(request, found, **forms)


def _too_late(error: NotAllowed) -> str:
    """Why an invitation cannot move on."""
    if error.state == InvitationState.ENDED:
        return _("The challenge has left the board, and the invitation has ended with it.")
    return _("This invitation was answered already.")


def _page(
    request: HttpRequest, found: Invitation, *, accept: AcceptForm | None = None, decline: DeclineForm | None = None
) -> HttpResponse:
    """The page of one invitation."""
    from_firm = is_insider(request.user, found.challenge)
    pair = (
        visible_matches(request.user)
        .filter(challenge_id=found.challenge_id, capability_id=found.capability_id)
        .prefetch_related("capability__evidence")
        .order_by("-updated_at")
        .first()
    )
    open_ = found.state in OPEN_INVITATIONS
    context = {
        "invitation": found,
        "challenge": found.challenge,
        "capability": found.capability,
        "from_firm": from_firm,
        "firm": names.poster(found.challenge, request.user),
        "provider": names.provider(found.capability),
        "card": card_view(
            cards([pair], request.user)[0], request.user, other="capability" if from_firm else "challenge"
        )
        if pair
        else None,
        "may_answer": open_ and can_answer_invitation(request.user, found),
        "may_withdraw": open_ and can_withdraw_invitation(request.user, found),
        "readable": can_see_challenge(request.user, found.challenge),
        "accept": accept or AcceptForm(),
        "decline": decline or DeclineForm(label_suffix=""),
    }
    return render(request, "projects/invitation.html", context)
