"""The public pages of organisations and people. They show projects, and so live here rather than with the accounts."""

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_GET

from accounts.choices import Language
from accounts.rules import can_edit_organisation, is_member
from accounts.selectors.organisations import public_organisations
from accounts.selectors.people import public_people
from accounts.selectors.recognitions import recognitions_for
from projects.models import Capability
from projects.selectors.board import challenges_of_organisation
from projects.selectors.directory import capabilities_of_organisation, capabilities_of_person, places_taken
from projects.web.names import organisation_name, person_name, place_name
from projects.web.points import point_of
from projects.web.quadrant import Picture, picture
from projects.web.rows import Addresses, capability_row, challenge_row

ON_A_PAGE = 20


@require_GET
def organisation(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What anyone may know of an organisation, and what it has made public under its name."""
    subject = get_object_or_404(public_organisations(), pk=pk)
    asked = Paginator(challenges_of_organisation(subject), ON_A_PAGE).get_page(request.GET.get("page"))
    offered = Paginator(capabilities_of_organisation(subject), ON_A_PAGE).get_page(request.GET.get("offered"))
    addresses = Addresses("challenge")
    context = {
        "organisation": subject,
        "name": organisation_name(subject),
        "place": place_name(subject.city),
        "labels": recognitions_for(request.user, subject),
        "page": asked,
        "challenges": [challenge_row(item, request.user, addresses) for item in asked],
        "offered": offered,
        "capabilities": _rows(list(offered)),
        "may_edit": can_edit_organisation(request.user, subject),
        "member": is_member(request.user, subject.pk),
    }
    return render(request, "accounts/organisation_detail.html", context)


@require_GET
def person(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A researcher's page: their own words, their public capabilities, and where those stand; never a label on the person."""
    subject = get_object_or_404(public_people(), pk=pk)
    everything = list(capabilities_of_person(subject))
    profile = getattr(subject, "profile", None)
    if profile is None and not everything:
        raise Http404
    offered = Paginator(everything, ON_A_PAGE).get_page(request.GET.get("page"))
    languages = dict(Language.choices)
    context = {
        "person": subject,
        "name": person_name(subject),
        "profile": profile,
        "languages": [languages.get(code, code) for code in (profile.languages if profile else ())],
        "organisations": _organisations(everything),
        "page": offered,
        "capabilities": _rows(list(offered)),
        "picture": _cloud(everything),
        "me": request.user.is_authenticated and request.user.pk == subject.pk,
    }
    return render(request, "accounts/person_detail.html", context)


def _rows(capabilities: list[Capability]) -> list[dict[str, Any]]:
    """Capabilities as rows of a list."""
    taken, addresses = places_taken([item.pk for item in capabilities]), Addresses("capability")
    return [capability_row(item, addresses, taken) for item in capabilities]


def _organisations(capabilities: list[Capability]) -> list[dict[str, str]]:
    """The organisations that the public capabilities name; memberships themselves are not public."""
    named = {item.organisation_id: item.organisation for item in capabilities if item.organisation is not None}
    return [
        {"name": organisation_name(item), "href": reverse("organisation", args=[item.pk])} for item in named.values()
    ]


def _cloud(capabilities: list[Capability]) -> Picture | None:
    """The capabilities of one person in the quadrant."""
    addresses = Addresses("capability")
    points = [
        point
        for item in capabilities
        if (point := point_of(item, "capability", href=addresses.of(item.pk))) is not None
    ]
    return picture(points, prefix="cloud") if points else None
