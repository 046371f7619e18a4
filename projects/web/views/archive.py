"""The archive of published records: found, read, matched, and claimed by whoever wrote them."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET, require_http_methods

from accounts.models import User
from projects.choices import ArchiveKind
from projects.models import ArchiveRecord
from projects.selectors import archive as selector
from projects.selectors.claimants import records_with_claimants
from projects.selectors.facets import Facet, narrow
from projects.services.archive import claim_record
from projects.services.search import find
from projects.states import ClaimState
from projects.templatetags.look import localized, text_lang
from projects.web.cards import card_view
from projects.web.claimants import claimant_links, find_action
from projects.web.filters import filter_view, page_of, read_address, to_relax
from projects.web.names import archive_place, country_name
from projects.web.points import point_of
from projects.web.quadrant import Picture, picture
from projects.web.rows import Addresses


@require_GET
def records(request: HttpRequest) -> HttpResponse:
    """All records with filters in the address."""
    words = request.GET.get("q", "").strip()
    found = find("archive", words) if words else None
    rows = selector.archive_rows(found)
    sources = list(selector.archive_sources())
    facets = [
        _named(facet) for facet in selector.archive_facets(rows if not words else selector.archive_rows(), sources)
    ]
    asked = read_address(request, facets)
    narrowed = narrow(rows if found is not None or not words else [], facets, asked.chosen.options)
    page, no_page = page_of(narrowed.rows, asked)
    errors = [*asked.errors, *filter(None, [no_page])]
    addresses = Addresses("archive_record")
    shown = [] if errors else selector.records_shown([row["pk"] for row in page])
    context = {
        "page": page,
        "rows": [_row(item, addresses) for item in shown],
        "count": len(narrowed.rows),
        "filters": filter_view(asked, facets, narrowed.counts),
        "errors": errors,
        "wordless": bool(words) and found is None,
        "nearest": to_relax(asked, facets, narrowed.kept_out) if not narrowed.rows else [],
    }
    return render(request, "projects/archive.html", context, status=400 if errors else 200)


@require_GET
def record(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One record with its source, and for a posted challenge the archived research that matches."""
    return render(request, "projects/archive_record.html", _record(request, _found(pk)))


@login_required
@require_http_methods(["GET", "POST"])
def claim(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Takes note that somebody says a record is theirs; a moderator decides."""
    subject = _found(pk)
    if request.method == "GET":
        return redirect(f"{_address(subject)}#claim")
    assert isinstance(request.user, User)
    message = request.POST.get("message", "")
    try:
        claim_record(subject, by=request.user, message=message)
    except ValidationError as error:
        context = {"claim_errors": error.messages, "message": message}
        return render(request, "projects/archive_record.html", _record(request, subject) | context, status=400)
    messages.success(request, _("Thank you. A moderator looks at it and answers you here and by e-mail."))
    return redirect(_address(subject))


def _address(subject: ArchiveRecord) -> str:
    """The page of a record."""
    return Addresses("archive_record").of(subject.pk)


def _found(pk: UUID) -> ArchiveRecord:
    return get_object_or_404(records_with_claimants(), pk=pk)


def _record(request: HttpRequest, subject: ArchiveRecord) -> dict[str, Any]:
    """What the page of a record shows."""
    posted = subject.kind == ArchiveKind.CHALLENGE
    cards = selector.archive_cards(subject) if posted else []
    mine = selector.own_claim(request.user, subject) if isinstance(request.user, User) else None
    return {
        "record": subject,
        "posted": posted,
        "claimants": claimant_links(subject),
        "place": _place(subject),
        "cards": [
            card_view(card, request.user, actions=[find_action(card.capability)])
            for card in cards
            if isinstance(card.capability, ArchiveRecord)
        ],
        "waiting": posted and not subject.matched_model,
        "keywords": [{"text": word} for word in [*subject.keywords_zh, *subject.keywords_en]],
        "picture": _picture(subject),
        "claim": mine,
        "may_claim": not posted and (mine is None or mine.state == ClaimState.REFUSED),
    }


def _row(item: ArchiveRecord, addresses: Addresses) -> dict[str, Any]:
    """One record of the list."""
    return {
        "id": item.pk,
        "href": addresses.of(item.pk),
        "title": localized(item, "title"),
        "title_lang": text_lang(item, "title"),
        "who": [part for part in (localized(item, "institution"), _place(item)) if part],
        "kind": item.get_kind_display(),
        "year": item.year,
        "source": localized(item.source, "title"),
        "licence": item.source.licence,
        "quadrant": item.quadrant,
    }


def _place(item: ArchiveRecord) -> str:
    """City and country of a record as text."""
    return pgettext("between items of a list", ", ").join(archive_place(item))


def _named(facet: Facet) -> Facet:
    """A facet whose options are rows or codes, with their names in the reader's language."""
    if facet.name == "collection":
        return facet.with_options((value, localized(source, "title")) for value, source in facet.options)
    if facet.name == "country":
        return facet.with_options((value, country_name(value)) for value, _words in facet.options)
    return facet


def _picture(subject: ArchiveRecord) -> Picture | None:
    """Where the record stands in the quadrant."""
    point = point_of(subject, "challenge" if subject.kind == ArchiveKind.CHALLENGE else "capability")
    return picture([point], prefix="record") if point else None
