"""The first page, and the box where anyone pastes a problem and sees matches."""

from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods
from rest_framework.throttling import ScopedRateThrottle

from projects.choices import PreviewScope
from projects.models import ArchiveRecord, Challenge, Preview
from projects.selectors import board, directory
from projects.selectors.access import visible_archive, visible_previews
from projects.selectors.previews import is_late, preview_cards, preview_state
from projects.services.previews import LONGEST, ask_preview, visitor_key, wait_for
from projects.states import PreviewState
from projects.templatetags.look import localized, text_lang
from projects.web import pasted
from projects.web.cards import Action, card_view
from projects.web.claimants import find_action
from projects.web.polling import PAUSES, ProgressView
from projects.web.rows import Addresses, challenge_row

EXAMPLES = (
    "80 m/min 涂布线上的极片表面缺陷在线检测",
    "复合材料机翼壁板超声检测：判读由 4 小时降到 5 分钟",
    "电芯质量数据的联合人工智能底座",
)
"""Titles of challenges of the demo; those that are on the board are shown as worked examples."""


class _Pace:
    """What the API calls a view: names the limit that page and API share."""

    throttle_scope = "preview"


@require_GET
def landing(request: HttpRequest) -> HttpResponse:
    """One sentence, two doors, and the box."""
    return render(request, "projects/landing.html", _landing(request))


@require_http_methods(["GET", "POST"])
def preview(request: HttpRequest) -> HttpResponse:
    """Takes a pasted problem, waits a moment for its matches, and shows them under their own address."""
    if request.method == "GET":
        return redirect("landing")
    text, scope = request.POST.get("text", ""), request.POST.get("scope", PreviewScope.CAPABILITIES)
    limit = ScopedRateThrottle()
    if not limit.allow_request(request, _Pace()):  # type: ignore[arg-type]  # reads the user and the address only
        return _refused(request, text, scope, [_slow_down(limit.wait())], status=429)
    try:
        asked = ask_preview(text, visitor=visitor_key(request.session), scope=scope)
    except ValidationError as error:
        return _refused(request, text, scope, error.messages)
    pasted.keep(request, asked.text)
    asked = wait_for(asked)
    if _partial(request):
        answer = render(request, "projects/preview_results.html", _results(request, asked))
        answer["HX-Push-Url"] = reverse("preview_state", args=[asked.pk])
        return answer
    return redirect("preview_state", pk=asked.pk)


@require_GET
def preview_page(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The matches of a pasted problem, for the visitor who pasted it."""
    asked = get_object_or_404(visible_previews(request.session.get("visitor", "")), pk=pk)
    template = "projects/preview_results.html" if _partial(request) else "projects/preview.html"
    return render(request, template, _results(request, asked) | {"scopes": PreviewScope.choices, "longest": LONGEST})


def _partial(request: HttpRequest) -> bool:
    """True when htmx asks for a part of a page; a page taken from its history is asked for whole."""
    htmx = getattr(request, "htmx", None)
    return htmx is not None and bool(htmx) and not htmx.history_restore_request


def _landing(request: HttpRequest) -> dict[str, Any]:
    """What the first page shows: true counts of public items, and the worked examples that are on the board."""
    found = {item.title_zh: item for item in board.titled(EXAMPLES)}
    shown = [found[title] for title in EXAMPLES if title in found]
    addresses = Addresses("challenge")
    return {
        "counts": {
            "challenges": board.board_count(),
            "capabilities": directory.directory_count(),
            "organisations": directory.organisation_count(),
            "records": visible_archive().count(),
        },
        "examples": [challenge_row(challenge, request.user, addresses) for challenge in shown],
        "tries": [_worked(challenge) for challenge in shown],
        "scopes": PreviewScope.choices,
        "scope": PreviewScope.CAPABILITIES,
        "text": "",
        "longest": LONGEST,
    }


def _worked(challenge: Challenge) -> dict[str, str]:
    """A challenge of the board as a text to try the matcher with, in the reader's language."""
    title, parts = localized(challenge, "title"), ("title", "summary", "problem")
    text = "\n".join(filter(None, (localized(challenge, name) for name in parts)))
    return {"title": title, "lang": text_lang(challenge, "title"), "text": text}


def _refused(request: HttpRequest, text: str, scope: str, errors: list[str], status: int = 400) -> HttpResponse:
    """The box again, with what was typed and what is wrong with it."""
    context = {"text": text[: LONGEST * 2], "scope": scope, "errors": errors}
    if _partial(request):
        # htmx shows only answers that succeed, and this one replaces the results, not the box.
        return render(request, "projects/preview_errors.html", context)
    return render(request, "projects/landing.html", _landing(request) | context, status=status)


def _slow_down(wait: float | None) -> str:
    """Says when to try again."""
    seconds = max(1, int(wait or 0) + 1)
    words = ngettext(
        "You asked very often. Please try again in %(count)d second.",
        "You asked very often. Please try again in %(count)d seconds.",
        seconds,
    )
    return words % {"count": seconds}


def _results(request: HttpRequest, asked: Preview) -> dict[str, Any]:
    """The cards of a preview, or how to look again."""
    state = preview_state(asked)
    pending = state == PreviewState.PENDING
    archive = asked.scope == PreviewScope.ARCHIVE
    made = [] if pending else preview_cards(asked)
    post = f"{reverse('challenge_new')}?preview={asked.pk}"
    return {
        "preview": asked,
        "pending": pending,
        "failed": state == PreviewState.FAILED,
        "archive": archive,
        "text": asked.text,
        "scope": asked.scope,
        "no_good_match": bool(asked.results.get("no_good_match")),
        "cards": [card_view(card, request.user, actions=_actions(request, card.capability, post)) for card in made],
        "post_href": post,
        "progress": _progress(request, asked) if pending else None,
    }


def _actions(request: HttpRequest, found: Any, post: str) -> list[Action]:
    """What can really be done about a match without a posted challenge."""
    if isinstance(found, ArchiveRecord):
        return [find_action(found)]
    opened = Action(_("Open capability"), reverse("capability", args=[found.pk]))
    if request.user.is_authenticated:
        return [Action(_("Post as a challenge to invite"), post), opened]
    return [Action(_("Sign up to invite"), f"{reverse('account_signup')}?{urlencode({'next': post})}"), opened]


def _progress(request: HttpRequest, asked: Preview) -> ProgressView:
    """Where to look again; the pause grows from one second to five."""
    count = request.GET.get("look", "0")
    looks = int(count) if count.isascii() and count.isdigit() and len(count) < 4 else 0
    address = reverse("preview_state", args=[asked.pk])
    text = _("Your words are being compared. This takes a few seconds.")
    if is_late(asked):
        text = _(
            "The matcher is busy or has stopped. Your words are kept; their matches show here as soon as it is back."
        )
    return ProgressView(
        text=text,
        poll_url=f"{address}?look={looks + 1}",
        page_url=address,
        every=PAUSES[min(looks, len(PAUSES) - 1)],
        done=0,
        total=0,
    )
