"""The board and the directory to take away: the list that an address shows, as a table and as an Atom feed.

What stands in them is what a visitor without an account reads, whoever asks.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import feedgenerator, timezone
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from projects.models import Capability, Challenge
from projects.selectors import board, directory
from projects.templatetags.look import lang_attribute, localized, quadrant_word
from projects.web.lists import board_listing, directory_listing
from projects.web.names import poster, provider
from projects.web.rows import DOMAINS, IPS, KINDS, LANGUAGES, Addresses, money
from projects.web.sheets import refused, sheet

MOST_ROWS = 1_000
NEWEST = 50
NOBODY = AnonymousUser()


@require_GET
def challenges_csv(request: HttpRequest) -> HttpResponse:
    """Challenges on the board, one a line."""
    listing = board_listing(request)
    if listing.asked.errors:
        return refused(listing.asked.errors)
    heading = [
        _("Title"), _("Posted by"), _("Field"), _("Readiness now"), _("Readiness wanted"), _("Budget"), _("Wish for IP"),
        _("Deadline"), _("Quadrant"), _("Published"), _("In short"), _("Address"),
    ]  # fmt: skip
    shown = board.challenges_shown(_first(listing.rows, MOST_ROWS))
    here = request.build_absolute_uri
    addresses = Addresses("challenge")
    return sheet("challenges.csv", heading, (
        [
            localized(item, "title"), _joined(poster(item, NOBODY)), DOMAINS.get(item.technology_domain, ""), item.trl_current,
            item.trl_target, money(item), IPS.get(item.ip_preference, ""), item.deadline, quadrant_word(item.quadrant),
            _day(item.published_at), localized(item, "summary"), here(addresses.of(item.pk)),
        ]
        for item in shown
    ))  # fmt: skip


@require_GET
def capabilities_csv(request: HttpRequest) -> HttpResponse:
    """Capabilities in the directory, one a line."""
    listing = directory_listing(request)
    if listing.asked.errors:
        return refused(listing.asked.errors)
    heading = [
        _("Title"), _("Offered by"), _("Kind"), _("Readiness"), _("Pieces of evidence"), _("Places free"), _("Working language"),
        _("Quadrant"), _("Confirmed"), _("Published"), _("In short"), _("Better than what, by how much"), _("Address"),
    ]  # fmt: skip
    taken = {row["pk"]: row["taken"] for row in listing.rows}
    shown = directory.capabilities_shown(_first(listing.rows, MOST_ROWS))
    here = request.build_absolute_uri
    addresses = Addresses("capability")
    return sheet("capabilities.csv", heading, (
        [
            localized(item, "title"), _joined(provider(item)), KINDS.get(item.kind, ""), item.trl, getattr(item, "evidence_count", 0),
            max(0, item.max_active - taken[item.pk]), _joined(str(LANGUAGES.get(code, code)) for code in item.languages),
            quadrant_word(item.quadrant), item.last_confirmed, _day(item.published_at), localized(item, "summary"),
            localized(item, "comparison_to_best"), here(addresses.of(item.pk)),
        ]
        for item in shown
    ))  # fmt: skip


@require_GET
def challenges_feed(request: HttpRequest) -> HttpResponse:
    """What is new on the board, under the filters of the address."""
    listing = board_listing(request)
    if listing.asked.errors:
        return refused(listing.asked.errors)
    items = board.challenges_shown(_first(listing.narrowed.rows, NEWEST))
    entries = [(item, poster(item, NOBODY)) for item in items]
    return _feed(request, _("Challenges"), ("challenge_board", "challenge_feed", "challenge"), listing.tail, entries)


@require_GET
def capabilities_feed(request: HttpRequest) -> HttpResponse:
    """What is new in the directory, under the filters of the address."""
    listing = directory_listing(request)
    if listing.asked.errors:
        return refused(listing.asked.errors)
    items = directory.capabilities_shown(_first(listing.narrowed.rows, NEWEST))
    entries = [(item, provider(item)) for item in items]
    return _feed(
        request, _("Capabilities"), ("capability_directory", "capability_feed", "capability"), listing.tail, entries
    )


def _feed(
    request: HttpRequest,
    title: str,
    names: tuple[str, str, str],
    tail: str,
    entries: Iterable[tuple[Challenge | Capability, list[str]]],
) -> HttpResponse:
    """The newest first, as Atom; ``names`` are those of the page, the feed and one object. An entry has one id in all languages."""
    page, own, one = names
    here = request.build_absolute_uri
    feed = feedgenerator.Atom1Feed(
        title=f"{title} · {_('Matchmaker')}",
        link=here(reverse(page) + tail),
        description="",
        language=lang_attribute(get_language() or "en"),
        author_name=_("Matchmaker"),
        feed_url=here(reverse(own) + tail),
    )
    addresses = Addresses(one)
    for item, who in entries:
        feed.add_item(
            title=localized(item, "title"),
            link=here(addresses.of(item.pk)),
            description=localized(item, "summary"),
            pubdate=item.published_at,
            updateddate=item.published_at,
            author_name=_joined(who),
            unique_id=item.pk.urn,
        )
    return HttpResponse(feed.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8")


def _first(rows: Sequence[Any], most: int) -> list[Any]:
    """The ids of the first rows."""
    return [row["pk"] for row in rows[:most]]


def _joined(parts: Iterable[str]) -> str:
    return pgettext("between items of a list", ", ").join(parts)


def _day(moment: datetime | None) -> str:
    """The day of a moment, as machines and spreadsheets read it."""
    return timezone.localdate(moment).isoformat() if moment else ""
