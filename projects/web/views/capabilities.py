"""The capability directory, and the public page of one capability."""

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.http import require_GET

from accounts.choices import Industry, Language
from projects import rules
from projects.choices import CooperationMode
from projects.models import Capability
from projects.selectors import directory as selector
from projects.selectors.access import fields_for, visible_capabilities
from projects.templatetags.look import chinese_lang, localized
from projects.web.filters import exports, filter_view, page_of, sort_links, to_relax
from projects.web.lists import directory_listing
from projects.web.names import person_name, provider
from projects.web.points import point_of
from projects.web.quadrant import Picture, picture
from projects.web.rows import Addresses, capability_row, money

EVIDENCE_PAGE = 20


@require_GET
def directory(request: HttpRequest) -> HttpResponse:
    """Public capabilities with filters in the address."""
    listing = directory_listing(request)
    asked, facets, narrowed = listing.asked, listing.facets, listing.narrowed
    page, no_page = page_of(listing.rows, asked)
    errors = [*asked.errors, *filter(None, [no_page])]
    addresses = Addresses("capability")
    taken = {row["pk"]: row["taken"] for row in page}
    shown = [] if errors else selector.capabilities_shown([row["pk"] for row in page])
    context = {
        "page": page,
        "rows": [capability_row(item, addresses, taken) for item in shown],
        "count": len(narrowed.rows),
        "filters": filter_view(asked, facets, narrowed.counts) | {"exports": exports("capability", listing.tail)},
        "sorts": sort_links(asked, selector.SORTS),
        "errors": errors,
        "wordless": listing.wordless,
        "feed": reverse("capability_feed") + listing.tail,
        "nearest": to_relax(asked, facets, narrowed.kept_out) if not narrowed.rows else [],
    }
    return render(request, "projects/capability_directory.html", context, status=400 if errors else 200)


@require_GET
def capability(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One capability with its evidence."""
    subject = get_object_or_404(visible_capabilities(request.user), pk=pk)
    evidence = Paginator(subject.evidence.all(), EVIDENCE_PAGE).get_page(request.GET.get("page"))
    free = max(0, subject.max_active - selector.places_taken([subject.pk]).get(subject.pk, 0))
    owns = rules.owns_capability(request.user, subject)
    context = {
        "capability": subject,
        "who": provider(subject),
        "owner_name": "" if subject.for_organisation else person_name(subject.owner),
        "texts": _texts(subject),
        "facts": _facts(subject, fields_for(request.user, subject), free),
        "keywords": _keywords(subject),
        "page": evidence,
        "evidence_total": evidence.paginator.count,
        "picture": _picture(subject),
        "free": free,
        "owns": owns,
        "may_edit": rules.can_edit_capability(request.user, subject),
        "invitable": selector.firms_pairs(request.user, subject) if subject.live and not owns else [],
    }
    return render(request, "projects/capability_detail.html", context)


def _texts(subject: Capability) -> list[dict[str, Any]]:
    """The texts that are filled, in the order a reader asks for them."""
    labels = {
        "summary": _("In short"),
        "what_it_enables": _("What it makes possible"),
        "comparison_to_best": _("Better than what, by how much"),
        "methods": _("Methods"),
        "facilities": _("Equipment"),
        "datasets_software": _("Data and software"),
        "past_industry_projects": _("Projects with industry"),
    }
    return [{"name": name, "label": label} for name, label in labels.items() if localized(subject, name)]


def _facts(subject: Capability, fields: frozenset[str], free: int) -> list[dict[str, Any]]:
    """The short facts beside the text; what is not given is left out."""
    places = ngettext("%(free)d of %(total)d place free", "%(free)d of %(total)d places free", subject.max_active)
    hours = subject.hours_per_month
    rows: list[tuple[str, Any]] = [
        (_("Kind"), subject.get_kind_display()),
        (_("Readiness"), subject.get_trl_display() if subject.trl else ""),
        (_("Room"), places % {"free": free, "total": subject.max_active}),
        (_("Hours a month"), str(hours) if hours else ""),
        (_("Least budget of a project"), money(subject)),
        (_("Working language"), _listed(Language, subject.languages)),
        (_("Ways to work together"), _listed(CooperationMode, subject.wanted_modes)),
        (_("Protection"), subject.get_ip_status_display()),
        (_("Patents and registrations"), subject.ip_numbers),
        (_("Owner of the background IP"), subject.background_ip_owner),
        (_("Student theses"), {None: "", True: _("Yes"), False: _("No")}[subject.student_theses]),
        (_("Wish for IP"), subject.get_ip_preference_display()),
        (_("Publication"), subject.get_publication_need_display()),
        (_("Industries it suits"), _listed(Industry, subject.application_sectors)),
    ]
    if "matched_version" in fields:
        rows.append((_("State"), subject.get_state_display()))
    return [{"label": label, "text": text} for label, text in rows if text]


def _listed(choices: Any, values: list[str]) -> str:
    """The names of some options in one line."""
    labels = dict(choices.choices)
    return pgettext("between items of a list", ", ").join(str(labels.get(value, value)) for value in values)


def _keywords(subject: Capability) -> list[dict[str, str]]:
    """The keywords of both languages as chips."""
    chinese = chinese_lang(subject, "")
    return [
        *({"text": word, "lang": chinese} for word in subject.keywords_zh),
        *({"text": word, "lang": "en"} for word in subject.keywords_en),
    ]


def _picture(subject: Capability) -> Picture | None:
    """Where the capability stands in the quadrant; nothing while the text is too thin to say."""
    point = point_of(subject, "capability")
    return picture([point], prefix="capability") if point else None
