"""The matches of a challenge or a capability, and the page of one pair."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.models import User
from matchmaker.limits import LOOKS, demand
from projects.models import Capability, Challenge, Invitation, Match
from projects.rules import can_edit_challenge, can_invite, can_see_matches, is_insider, owns_capability
from projects.selectors.access import visible_capabilities, visible_challenges
from projects.selectors.dashboards import (
    accepted_counts,
    invitation_of_pair,
    invitations_of_capability,
    invitations_of_challenge,
)
from projects.selectors.matches import (
    PARTS,
    SHOWN,
    Card,
    cards,
    matches_of_capability,
    matches_of_challenge,
    pair_of,
    pairs_for_a_list,
    ranked,
)
from projects.selectors.progress import matching_progress
from projects.services import invitations as invitation_service
from projects.templatetags.look import localized
from projects.web import words
from projects.web.cards import Action, card_view, list_picture, pair_address, pair_picture
from projects.web.forms.capabilities import CapabilityForm
from projects.web.forms.challenges import ChallengeForm
from projects.web.forms.invitations import InviteForm
from projects.web.match_order import ORDERS, Wish, kind_filters, kinds_of, orders, switches, wish_of
from projects.web.pair_texts import sides
from projects.web.polling import progress_view

GATED_SHOWN = 10


@login_required
@require_GET
def match_list(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Capabilities for a challenge, best first, with the reasons."""
    challenge = get_object_or_404(visible_challenges(request.user), pk=pk)
    if not can_see_matches(request.user, challenge):
        raise Http404
    if challenge.matches_ready:  # while they are looked for, the page asks again by itself
        demand(request.user.pk, LOOKS)
    kinds, wish = kinds_of(request), wish_of(request, pasteur_first=challenge.wants_pasteur)
    found = matches_of_challenge(request.user, challenge, pasteur_first=wish.pasteur_first, kinds=kinds, gated=None)
    page, pairs, ruled_out = _listed(request, found, wish, challenge)
    made = cards((pair for pair in pairs if not pair.gated), request.user, first=page.start_index() or 1)
    invited = invitations_of_challenge(request.user, challenge)
    taken = accepted_counts(card.capability.pk for card in made)
    may_invite = can_invite(request.user, challenge)
    rows = [
        card_view(
            card,
            request.user,
            accepted=taken,
            **_invited_words(invited.get(card.capability.pk), pair_address(card), may_invite),
        )
        for card in made
    ]
    context = {
        "challenge": challenge,
        "page": page,
        "rows": rows,
        "gated": [_why_not(pair, "capability") for pair in pairs if pair.gated],
        "ruled_out": ruled_out,
        "picture": list_picture(made, [row.href for row in rows]),
        "progress": progress_view(request, matching_progress(challenge), len(rows)),
        "no_good_match": challenge.match_note == "no_good_match",
        "wish": wish,
        "orders": orders(request, wish, ORDERS),
        "switches": switches(request, wish, made),
        "filters": kind_filters(request, kinds),
        "filtered": bool(kinds),
        "may_edit": can_edit_challenge(request.user, challenge),
        "may_invite": may_invite,
    }
    return _answer(request, "projects/match_list.html", context)


@login_required
@require_GET
def capability_matches(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Challenges for a capability, best first, with the reasons."""
    capability = get_object_or_404(visible_capabilities(request.user), pk=pk)
    if not owns_capability(request.user, capability):
        raise Http404
    if capability.matches_ready:
        demand(request.user.pk, LOOKS)
    kinds = kinds_of(request)
    wish = wish_of(request)
    found = matches_of_capability(request.user, capability, kinds=kinds, gated=None)
    page, pairs, ruled_out = _listed(request, found, wish, capability)
    made = cards((pair for pair in pairs if not pair.gated), request.user, first=page.start_index() or 1)
    invited = invitations_of_capability(request.user, capability)
    rows = [
        card_view(card, request.user, other="challenge", **_asked_words(invited.get(_challenge_of(card).pk), card))
        for card in made
    ]
    context = {
        "capability": capability,
        "page": page,
        "rows": rows,
        "gated": [_why_not(pair, "challenge") for pair in pairs if pair.gated],
        "ruled_out": ruled_out,
        "wish": wish,
        "orders": orders(request, wish, ORDERS[1:]),
        "switches": switches(request, wish, made),
        "picture": list_picture(made, [row.href for row in rows], other="challenge"),
        "progress": progress_view(request, matching_progress(capability), len(rows)) if capability.live else None,
        "filters": kind_filters(request, kinds),
        "filtered": bool(kinds),
    }
    return _answer(request, "projects/match_list_capability.html", context)


@login_required
@require_GET
def match(request: HttpRequest, challenge: UUID, capability: UUID) -> HttpResponse:
    """One pair: both texts, why, what blocks it, where it would sit, and what to do next."""
    found = _pair(request, challenge, capability)
    demand(request.user.pk, LOOKS)
    return _pair_page(request, found, InviteForm())


@login_required
@require_POST
def invite(request: HttpRequest, challenge: UUID, capability: UUID) -> HttpResponse:
    """Invites the owner of a capability to talk about a challenge."""
    found = _pair(request, challenge, capability)
    if not can_invite(request.user, found.challenge):
        raise Http404
    assert isinstance(request.user, User)
    form = InviteForm(request.POST)
    if form.is_valid():
        try:
            invitation = invitation_service.invite(
                found.challenge, found.capability, by=request.user, message=form.cleaned_data["message"]
            )
        except ValidationError as error:
            if "message" not in getattr(error, "error_dict", {}):
                messages.error(request, error.messages[0])
                return redirect("match", challenge=challenge, capability=capability)
            form.add_error("message", error.messages)
        else:
            messages.success(request, _("Invited. They are told now, and you are told of their answer."))
            return redirect("invitation", pk=invitation.pk)
    return _pair_page(request, found, form)


def _pair(request: HttpRequest, challenge: UUID, capability: UUID) -> Match:
    """The stored pair, for either side; for all others it is not there."""
    found = pair_of(request.user, challenge=challenge, capability=capability)
    if found is None:
        raise Http404
    return found


def _pair_page(request: HttpRequest, found: Match, form: InviteForm) -> HttpResponse:
    """The page of one pair."""
    card = cards([found], request.user)[0]
    challenge, capability = found.challenge, found.capability
    from_firm = is_insider(request.user, challenge)
    hrefs = (reverse("challenge", args=[challenge.pk]), reverse("capability", args=[capability.pk]))
    invitation = invitation_of_pair(request.user, challenge, capability)
    taken = accepted_counts([capability.pk])
    places_left = max(0, capability.max_active - taken.get(capability.pk, 0))
    context = {
        "card": card_view(card, request.user, accepted=taken, other="capability" if from_firm else "challenge"),
        "challenge": challenge,
        "capability": capability,
        "from_firm": from_firm,
        "sides": sides(card, request.user, labels=_labels(), hrefs=hrefs),
        "facts": words.facts(card.rows),
        "blockers": [
            {"text": words.blocker(row["code"], row["values"]), "advice": words.advice(row["code"], row["values"])}
            for row in card.blockers
        ],
        "gates": [words.gate(row["code"], row["values"]) for row in card.gates],
        "parts": [
            {"name": name, "value": value, "weight": card.weights.get(name), "meaning": words.part_meaning(name)}
            for name, value in card.parts
        ],
        "picture": pair_picture(card, challenge_href=hrefs[0], capability_href=hrefs[1], joint_label=_("The pair")),
        "way": words.the_way_there(card.theory_from, card.use_from, card.joint.name),
        "evidence": _evidence_rows(card),
        "invitation": invitation if invitation and invitation.state != "withdrawn" else None,
        "form": form,
        "may_invite": can_invite(request.user, challenge) and capability.live and not card.gates and places_left > 0,
        "may_edit": can_edit_challenge(request.user, challenge),
        "places_left": places_left,
    }
    return render(request, "projects/match_detail.html", context)


def _labels() -> dict[str, Any]:
    """How the fields of both sides are called."""
    asks = [ask for form in (CapabilityForm, ChallengeForm) for step in form.STEPS for ask in (*step.asks, *step.more)]
    return {ask.name: ask.label for ask in asks} | {"figures": _("What is measured")}


def _evidence_rows(card: Card) -> list[dict[str, Any]]:
    """How much of the relevance each evidence item carries."""
    rows = []
    for item, share in card.evidence_shares:
        title = localized(item, "title") if item else _("The description itself")
        rows.append(
            {
                "title": title,
                "kind": item.get_kind_display() if item else "",
                "year": item.year if item else None,
                "share": share,
            }
        )
    return sorted(rows, key=lambda row: -row["share"])


def _challenge_of(card: Card) -> Challenge:
    """The challenge of a stored pair."""
    assert isinstance(card.challenge, Challenge), "a stored pair has a challenge"
    return card.challenge


def _page(request: HttpRequest, ranked: list[UUID]) -> Page[UUID]:
    """The page of the list that was asked for."""
    return Paginator(ranked, SHOWN).get_page(request.GET.get("page"))


def _answer(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    """The page; while it polls only its moving parts, and beside the form only the best."""
    polling = request.headers.get("HX-Request") == "true" and "look" in request.GET
    if request.GET.get("brief"):
        template = "projects/match_list_brief.html"
    elif polling:
        template = "projects/match_list_found.html"
    return render(request, template, context | {"polling": polling})


def _listed(
    request: HttpRequest, found: QuerySet[Match], wish: Wish, known: Challenge | Capability
) -> tuple[Page[UUID], list[Match], int]:
    """The page of the list, its pairs with the first that are ruled out, and how many are."""
    order = ranked(found, by=wish.first if wish.first in PARTS else "", without=wish.without)
    page = _page(request, [pk for pk, gated in order if not gated])
    ruled_out = [pk for pk, gated in order if gated]
    shown = [*page.object_list, *ruled_out[:GATED_SHOWN]]
    return page, pairs_for_a_list(request.user, shown, known), len(ruled_out)


def _why_not(found: Match, other: str) -> dict[str, Any]:
    """A pair that is ruled out for now, and why; named by its ``other`` side."""
    shown = found.capability if other == "capability" else found.challenge
    return {
        "title": localized(shown, "title"),
        "source": shown,
        "href": reverse("match", args=[found.challenge_id, found.capability_id]),
        "why": [words.gate(row["code"], row["values"]) for row in found.detail["gates"]],
    }


def _invited_words(invitation: Invitation | None, href: str, may_invite: bool) -> dict[str, Any]:
    """What can be done with a card of the firm's list, and the page of its pair."""
    if invitation is not None and invitation.state != "withdrawn":
        to_it = Action(_("See the invitation"), reverse("invitation", args=[invitation.pk]))
        actions = [Action(_("See why"), href), to_it]
        return {"state_text": str(invitation.get_state_display()), "actions": actions, "href": href}
    actions = [Action(_("See why"), href)]
    if may_invite:
        actions.append(Action(_("Invite"), f"{href}#invite"))
    return {"actions": actions, "href": href}


def _asked_words(invitation: Invitation | None, card: Card) -> dict[str, Any]:
    """What can be done with a card of the researcher's list."""
    href = pair_address(card)
    actions = [
        Action(_("See why"), href),
        Action(_("Read the challenge"), reverse("challenge", args=[_challenge_of(card).pk])),
    ]
    if invitation is None or invitation.state == "withdrawn":
        return {"actions": actions, "href": href}
    answer = Action(_("See the invitation"), reverse("invitation", args=[invitation.pk]), "primary")
    return {"state_text": str(invitation.get_state_display()), "actions": [*actions, answer], "href": href}
