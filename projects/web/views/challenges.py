"""The challenge board, and the public page of one challenge."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.http import require_GET

from accounts.choices import Language
from accounts.rules import Viewer, can_act_for
from projects import rules
from projects.choices import ConfidentialityTier, CooperationMode
from projects.models import Challenge
from projects.selectors import board as selector
from projects.selectors.access import (
    CONFIDENTIAL_FIELDS,
    confidential_text,
    fields_for,
    readings_of,
    visible_challenges,
)
from projects.selectors.directory import own_pairs
from projects.states import CHALLENGE_MOVES, SHOWN_CHALLENGES
from projects.templatetags.look import localized, text_lang
from projects.web.filters import exports, filter_view, page_of, sort_links, to_relax
from projects.web.lists import board_listing
from projects.web.names import organisation_name, poster
from projects.web.points import point_of
from projects.web.quadrant import Picture, picture
from projects.web.rows import Addresses, challenge_row, figures, money
from projects.web.seen_as import SeenAs, seen_as


@require_GET
def board(request: HttpRequest) -> HttpResponse:
    """Open challenges with filters in the address."""
    listing = board_listing(request)
    asked, facets, narrowed = listing.asked, listing.facets, listing.narrowed
    page, no_page = page_of(listing.rows, asked)
    errors = [*asked.errors, *filter(None, [no_page])]
    addresses = Addresses("challenge")
    shown = [] if errors else selector.challenges_shown([row["pk"] for row in page])
    context = {
        "page": page,
        "rows": [challenge_row(item, request.user, addresses) for item in shown],
        "count": len(narrowed.rows),
        "filters": filter_view(asked, facets, narrowed.counts) | {"exports": exports("challenge", listing.tail)},
        "sorts": sort_links(asked, selector.SORTS),
        "errors": errors,
        "wordless": listing.wordless,
        "feed": reverse("challenge_feed") + listing.tail,
        "nearest": to_relax(asked, facets, narrowed.kept_out) if not narrowed.rows else [],
    }
    return render(request, "projects/challenge_board.html", context, status=400 if errors else 200)


@require_GET
def challenge(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One challenge, with every field that the reader may see, or that the one may in whose place the firm looks at it."""
    subject = get_object_or_404(visible_challenges(request.user), pk=pk)
    seen = seen_as(request, subject)
    viewer = seen.viewer if seen else request.user
    if seen:
        subject = subject.revised()
    fields = fields_for(viewer, subject)
    public = subject.state in SHOWN_CHALLENGES
    context = {
        "challenge": subject,
        "seen": seen,
        "reader": viewer,
        "fields": fields,
        "who": poster(subject, viewer),
        "organisation": subject.organisation if "organisation" in fields else None,
        "texts": _texts(subject),
        "figures": figures(subject),
        "trl_now": (subject.trl_current or 0) / 9,
        "trl_wanted": (subject.trl_target or 0) / 9,
        "facts": _facts(subject, fields),
        "picture": _picture(subject),
        "similar": _similar(viewer, subject) if subject.live else [],
        "over": public and not subject.live,
        "public": public,
        "open": subject.live or (seen is not None and not public),
    }
    context |= _confidential(request, subject, seen) | _deeds(viewer, subject)
    return render(request, "projects/challenge_detail.html", context)


def _texts(subject: Challenge) -> list[dict[str, Any]]:
    """The public texts that are filled, in the order a reader asks for them."""
    labels = {
        "problem": _("Problem"),
        "understanding_sought": _("What is not understood"),
        "use_context": _("Where it will be used"),
        "background": _("Background"),
        "current_practice": _("What is done today"),
        "possible_approaches": _("Possible approaches"),
        "excluded_approaches": _("Known to fail, or ruled out"),
        "constraints": _("Constraints"),
        "data_available": _("Data and samples"),
        "partner_requirements": _("What a partner needs"),
    }
    return [{"name": name, "label": label} for name, label in labels.items() if localized(subject, name)]


def _facts(subject: Challenge, fields: frozenset[str]) -> list[dict[str, Any]]:
    """The short facts beside the text; what is not given, or not for this reader, is left out."""
    rows: list[tuple[str, Any]] = [
        (_("Field"), subject.get_technology_domain_display()),
        (_("Industry"), subject.get_industry_display()),
        (_("Budget"), money(subject)),
        (_("Funding"), subject.get_funding_mode_display()),
        (_("Duration"), _months(subject.duration_months)),
        (_("Ways to work together"), _listed(CooperationMode, subject.cooperation_modes)),
        (_("Wish for IP"), subject.get_ip_preference_display()),
        (_("Publication"), _publication(subject.publication_policy)),
        (_("Working language"), _listed(Language, subject.languages)),
        (_("Export control"), _("Export control or data export rules apply") if subject.export_control else ""),
    ]
    if "is_bottleneck" in fields and subject.is_bottleneck:
        rows += [
            (_("Bottleneck technology"), _("Yes")),
            (_("Imported today"), subject.imported_today),
            (_("Substitute sought"), subject.substitute_sought),
        ]
    if "internal_owner" in fields:
        rows += [
            (_("Who will use it on the line"), subject.working_level_user),
            (_("Who owns it inside the firm"), subject.internal_owner),
            (_("Payment nodes"), subject.payment_nodes),
            (_("Moderator's note"), subject.moderation_note),
        ]
    return [{"label": label, "text": text} for label, text in rows if text]


def _publication(days: int | None) -> str:
    """When results may be published."""
    if days is None:
        return ""
    if not days:
        return _("At once")
    words = ngettext("%(count)d day after the firm has seen it", "%(count)d days after the firm has seen it", days)
    return words % {"count": days}


def _months(count: int | None) -> str:
    """A duration in words."""
    return ngettext("%(count)d month", "%(count)d months", count) % {"count": count} if count else ""


def _listed(choices: Any, values: list[str]) -> str:
    """The names of some options in one line."""
    labels = dict(choices.choices)
    return pgettext("between items of a list", ", ").join(str(labels.get(value, value)) for value in values)


def _picture(subject: Challenge) -> Picture | None:
    """Where the challenge stands in the quadrant; nothing while the text is too thin to say."""
    point = point_of(subject, "challenge")
    return picture([point], prefix="challenge") if point else None


def _similar(viewer: Viewer, subject: Challenge) -> list[dict[str, Any]]:
    """Others on the board that speak of the same."""
    addresses = Addresses("challenge")
    return [
        {
            "href": addresses.of(item.pk),
            "title": localized(item, "title"),
            "lang": text_lang(item, "title"),
            "who": " · ".join(poster(item, viewer)),
        }
        for item in selector.similar_challenges(subject)
    ]


def _confidential(request: HttpRequest, subject: Challenge, seen: SeenAs | None) -> dict[str, Any]:
    """The confidential texts for the cleared. All others learn the tier and nothing else, not even whether there is any."""
    tier = subject.confidentiality_tier or ConfidentialityTier.PUBLIC
    cleared = seen.cleared if seen else rules.can_read_confidential(request.user, subject)
    insider = not seen and rules.is_insider(request.user, subject)
    text = confidential_text(request.user, subject) if cleared else None
    labels = {
        "confidential_background": _("Confidential background"),
        "confidential_problem": _("Confidential part of the problem"),
        "confidential_data": _("Confidential data"),
    }
    filled = [{"label": labels[name], "text": getattr(text, name)} for name in CONFIDENTIAL_FIELDS if text is not None]
    return {
        "tier": tier,
        "cleared": cleared,
        "confidential": [item for item in filled if item["text"]],
        "readings": list(readings_of(request.user, subject)[:20]) if insider else [],
        "insider": insider,
    }


def _deeds(viewer: Viewer, subject: Challenge) -> dict[str, Any]:
    """What this reader can do from here: the firm edits and looks at matches, a researcher sees how their own work fits."""
    able = can_act_for(viewer, subject.organisation_id)
    deeds = []
    if able:
        for deed, label in (("submit", _("Hand in")), ("close", _("Close")), ("withdraw", _("Withdraw"))):
            if subject.state in CHALLENGE_MOVES[deed]:
                deeds.append({"url": reverse(f"challenge_{deed}", args=[subject.pk]), "label": label, "deed": deed})
    return {
        "may_edit": rules.can_edit_challenge(viewer, subject),
        "may_see_matches": rules.can_see_matches(viewer, subject),
        "deeds": deeds,
        "own_pairs": own_pairs(viewer, subject) if subject.live and not able else [],
        "firm_name": organisation_name(subject.organisation) if able else "",
    }
