"""The first page after signing in: what needs a decision, then what there is, then what changed."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from accounts.models import Activity, User
from accounts.rules import can_act_for, can_moderate, roles_of
from accounts.selectors.organisations import organisations_of
from projects.choices import Band
from projects.models import Capability, Challenge, Invitation
from projects.selectors import dashboards
from projects.selectors.matches import SHOWN, Card, cards
from projects.services.challenges import missing_answers
from projects.states import ChallengeState
from projects.templatetags.look import localized, text_lang
from projects.web.cards import card_view
from projects.web.names import person_name, poster, provider
from projects.web.rows import money

CHALLENGES_SHOWN = 20
FEW = 5


@login_required
@require_GET
def dashboard(request: HttpRequest) -> HttpResponse:
    """The desk of a firm's person, a researcher, a bridge or a moderator; who is several chooses."""
    assert isinstance(request.user, User)
    user = request.user
    capabilities = list(dashboards.own_capabilities(user)[:100])
    desks = _desks(user, bool(capabilities))
    if not desks:
        return redirect("welcome")
    asked = request.GET.get("as", "")
    shown = asked if asked in desks else desks[0]
    context: dict[str, Any] = {"shown": shown, "desks": _links(desks, shown)}
    if shown == "firm":
        context |= _firm(request, user)
    elif shown == "researcher":
        context |= _researcher(request, user, capabilities)
    elif shown == "bridge":
        context |= _bridge(user)
    else:
        context["admin"] = reverse("admin:index")
    return render(request, f"projects/dashboard_{shown}.html", context)


def _desks(user: User, offers: bool) -> list[str]:
    """The desks of a person, the likeliest first."""
    has_profile = hasattr(user, "profile")
    found = []
    if offers or (has_profile and not user.is_bridge):
        found.append("researcher")
    acting = any(can_act_for(user, pk) for pk in roles_of(user))
    academic = roles_of(user) and not organisations_of(user).filter(kind__in=["company", "incubator"]).exists()
    if roles_of(user) and (acting or not found):
        found.insert(len(found) if academic and found else 0, "firm")
    if user.is_bridge:
        found.insert(0, "bridge")
    if can_moderate(user):
        found.insert(0, "moderator")
    return found


def _links(desks: list[str], shown: str) -> list[dict[str, Any]]:
    """The choice between desks; nothing for who has one."""
    labels = {
        "firm": _("Our challenges"),
        "researcher": _("My capabilities"),
        "bridge": _("Bridge"),
        "moderator": _("Moderation"),
    }
    if len(desks) < 2:
        return []
    return [{"label": labels[name], "href": f"?as={name}", "active": name == shown} for name in desks]


def _firm(request: HttpRequest, user: User) -> dict[str, Any]:
    """Decisions, challenges with state and matches, and what changed."""
    page = Paginator(dashboards.firm_challenges(user), CHALLENGES_SHOWN).get_page(request.GET.get("page"))
    challenges = list(page.object_list)
    answers = list(dashboards.answered_invitations(user)[:FEW])
    readings = list(dashboards.recent_readings(user)[:FEW])
    titles = {str(challenge.pk): challenge for challenge in challenges}
    deeds = [deed for deed in dashboards.recent_deeds(user)[: 4 * FEW] if deed.object_id in titles][: 2 * FEW]
    return {
        "page": page,
        "rows": [_challenge_row(challenge, user) for challenge in challenges],
        "decisions": [
            *(item for challenge in challenges if (item := _decision(challenge))),
            *(_answered(invitation) for invitation in answers),
            *(_read(reading) for reading in readings),
        ],
        "deeds": [_deed(deed, titles[deed.object_id], user) for deed in deeds],
        "may_post": any(can_act_for(user, pk) for pk in roles_of(user)),
    }


def _challenge_row(challenge: Challenge, user: User) -> dict[str, Any]:
    """One of the firm's challenges as a row."""
    levels = {"published": "good", "needs_changes": "poor", "rejected": "poor"}
    return {
        "id": challenge.pk,
        "href": reverse("match_list", args=[challenge.pk]),
        "title": localized(challenge, "title"),
        "title_lang": text_lang(challenge, "title"),
        "who": poster(challenge, user)[:1],
        "state": challenge.get_state_display(),
        "state_level": levels.get(challenge.state, ""),
        "trl_now": challenge.trl_current,
        "trl_wanted": challenge.trl_target,
        "answer_by": challenge.answer_by,
        "quadrant": challenge.quadrant,
        "possible": challenge.possible_count,  # type: ignore[attr-defined]
        "strong": challenge.strong_count,  # type: ignore[attr-defined]
        "pending": not challenge.matches_ready,
        "edit": reverse("challenge_edit", args=[challenge.pk]),
    }


def _decision(challenge: Challenge) -> dict[str, Any] | None:
    """What a challenge waits for, when it waits for the firm."""
    edit = reverse("challenge_edit", args=[challenge.pk])
    item = {"title": localized(challenge, "title"), "lang": text_lang(challenge, "title"), "href": edit}
    if challenge.state == ChallengeState.NEEDS_CHANGES or (challenge.live and challenge.moderation_note):
        return item | {
            "text": _("A moderator asks for changes."),
            "note": challenge.moderation_note,
            "action": _("Edit challenge"),
        }
    if challenge.state != ChallengeState.DRAFT:
        return None
    missing = missing_answers(challenge)
    if not missing:
        return item | {"text": _("The draft is complete."), "action": _("Publish challenge")}
    text = ngettext("The draft lacks %(count)d answer.", "The draft lacks %(count)d answers.", missing) % {
        "count": missing
    }
    return item | {"text": text, "action": _("Continue")}


def _answered(invitation: Invitation) -> dict[str, Any]:
    """An answer that came in."""
    who = " · ".join(provider(invitation.capability)[:2])
    accepted = invitation.state == "accepted"
    text = _("%(who)s accepted your invitation.") if accepted else _("%(who)s declined your invitation.")
    return {
        "title": localized(invitation.challenge, "title"),
        "lang": text_lang(invitation.challenge, "title"),
        "href": reverse("invitation", args=[invitation.pk]),
        "text": text % {"who": who},
        "note": "" if accepted else invitation.get_decline_reason_display(),
        "action": _("Read the answer"),
    }


def _read(reading: Any) -> dict[str, Any]:
    """A moderator's reading of confidential text, and the reason given."""
    return {
        "title": localized(reading.challenge, "title"),
        "lang": text_lang(reading.challenge, "title"),
        "href": reverse("challenge", args=[reading.challenge_id]),
        "text": _("%(who)s, a moderator, read the confidential part.")
        % {"who": person_name(reading.reader) or _("Somebody")},
        "note": reading.reason,
        "at": reading.at,
        "action": _("See the challenge"),
    }


def _deed(deed: Activity, challenge: Challenge, viewer: User) -> dict[str, Any]:
    """What somebody did, in words."""
    who = person_name(deed.actor) or (_("You") if deed.actor == viewer else _("Somebody"))
    said = {
        "posted": _("%(who)s drafted"),
        "edited": _("%(who)s edited"),
        "submitted": _("%(who)s handed in"),
        "published": _("%(who)s published"),
        "ask_changes": _("%(who)s asked for changes to"),
        "reject": _("%(who)s did not accept"),
        "close": _("%(who)s closed"),
        "withdraw": _("%(who)s took back"),
        "expire": _("The deadline ended"),
        "read confidential": _("%(who)s read the confidential part of"),
    }
    return {
        "at": deed.at,
        "said": said.get(deed.verb, deed.verb) % {"who": who},
        "title": localized(challenge, "title"),
        "lang": text_lang(challenge, "title"),
        "href": reverse("challenge", args=[challenge.pk]),
    }


def _researcher(request: HttpRequest, user: User, capabilities: list[Capability]) -> dict[str, Any]:
    """Invitations with their deadline, capabilities with their state, and challenges ranked over all of them."""
    page = Paginator(dashboards.ranked_challenges(user), SHOWN).get_page(request.GET.get("page"))
    made = cards(dashboards.pairs_in_order(user, list(page.object_list)), user, first=page.start_index() or 1)
    rows = [_ranked(card, user) for card in made]
    return {
        "page": page,
        "fits": [row for row in rows if row["card"].band != Band.WEAK],
        "weaker": [row for row in rows if row["card"].band == Band.WEAK],
        "accepted": [_received(invitation, user) for invitation in dashboards.accepted_invitations(user)[:20]],
        "invitations": [_received(invitation, user) for invitation in dashboards.received_invitations(user)[:20]],
        "capabilities": [_capability_row(capability) for capability in capabilities],
        "stale": [
            row for capability in capabilities if capability.state == "stale" and (row := _capability_row(capability))
        ],
        "live": any(capability.live for capability in capabilities),
    }


def _ranked(card: Card, user: User) -> dict[str, Any]:
    """A challenge with why it fits, what it brings, and by when."""
    assert isinstance(card.challenge, Challenge)
    return {
        "card": card_view(card, user, other="challenge"),
        "money": money(card.challenge),
        "deadline": card.challenge.deadline,
    }


def _received(invitation: Invitation, user: User) -> dict[str, Any]:
    """An invitation that waits for an answer."""
    return {
        "href": reverse("invitation", args=[invitation.pk]),
        "title": localized(invitation.challenge, "title"),
        "lang": text_lang(invitation.challenge, "title"),
        "who": " · ".join(poster(invitation.challenge, user)[:1]),
        "answer_by": invitation.answer_by,
    }


def _capability_row(capability: Capability) -> dict[str, Any]:
    """One capability with its state and its free places."""
    levels = {"published": "good", "stale": "poor"}
    taken = capability.taken  # type: ignore[attr-defined]
    return {
        "id": capability.pk,
        "href": reverse("capability_edit", args=[capability.pk]),
        "matches": reverse("capability_matches", args=[capability.pk]),
        "confirm": reverse("capability_confirm", args=[capability.pk]),
        "places": reverse("capability_places", args=[capability.pk]) if capability.live else "",
        "title": localized(capability, "title"),
        "title_lang": text_lang(capability, "title"),
        "state": capability.get_state_display(),
        "state_level": levels.get(capability.state, ""),
        "kind": capability.get_kind_display(),
        "evidence_count": capability.evidence_count,  # type: ignore[attr-defined]
        "places_total": capability.max_active,
        "places_free": max(0, capability.max_active - taken),
        "last_confirmed": capability.last_confirmed,
    }


def _bridge(user: User) -> dict[str, Any]:
    """Challenges that lack a strong match, and those told in one language only."""
    alone = list(dashboards.without_strong_match(user)[:CHALLENGES_SHOWN])
    one_language = list(dashboards.in_one_language(user)[:CHALLENGES_SHOWN])
    return {
        "alone": [_board_row(item, user) for item in alone],
        "one_language": [_board_row(item, user) for item in one_language],
    }


def _board_row(challenge: Challenge, user: User) -> dict[str, Any]:
    """A challenge of the board as a row."""
    return {
        "id": challenge.pk,
        "href": reverse("challenge", args=[challenge.pk]),
        "title": localized(challenge, "title"),
        "title_lang": text_lang(challenge, "title"),
        "who": poster(challenge, user),
        "answer_by": challenge.answer_by,
        "quadrant": challenge.quadrant,
    }
