"""Founds, joins and edits an organisation."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import Organisation, Place, User
from accounts.rules import can_edit_organisation
from accounts.selectors.organisations import (
    members_of,
    names_an_employer,
    organisations_by_domain,
    organisations_of,
    public_organisations,
)
from accounts.selectors.places import known_places
from accounts.selectors.recognitions import recognitions_for
from accounts.services import organisations as service
from accounts.web.forms.organisations import MemberForm, OrganisationForm
from accounts.web.forms.recognitions import RecognitionForm
from accounts.web.where import next_address


@login_required
@require_http_methods(["GET", "POST"])
def organisation_new(request: HttpRequest) -> HttpResponse:
    """The form of a new organisation, with those of one's own e-mail domain to join instead."""
    user = person_of(request)
    domain = user.email.rpartition("@")[2].lower()
    initial = {"kind": "company", "domain": domain if names_an_employer(domain) else ""}
    form = OrganisationForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            organisation = service.found_organisation(by=user, **form.values())
        except ValidationError as error:
            form.take_errors(error)
        else:
            messages.success(request, _founded(organisation))
            return redirect(next_address(request, "dashboard"))
    mine = {organisation.pk for organisation in organisations_of(user)}
    offered = [item for item in organisations_by_domain(user) if item.pk not in mine]
    context = {"form": form, "offered": offered, "places": place_names(), "next": next_address(request, "dashboard")}
    return render(request, "accounts/organisation_form.html", context)


def _founded(organisation: Organisation) -> str:
    """What founding meant."""
    if organisation.verified:
        return _("The organisation is set up, and verified by your e-mail domain.")
    return _("The organisation is set up. A moderator verifies it; you can go on meanwhile.")


@login_required
@require_http_methods(["GET", "POST"])
def organisation_edit(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What an organisation says of itself, and who belongs to it."""
    organisation = editable(request, pk)
    verified_before = organisation.verified_at
    form = OrganisationForm(
        request.POST or None, initial=OrganisationForm.initial_of(organisation, place_name(organisation.city))
    )
    if request.method == "POST" and form.is_valid():
        try:
            service.edit_organisation(organisation, by=person_of(request), **form.values())
        except ValidationError as error:
            form.take_errors(error)
        else:
            messages.success(request, _edited(organisation, verified_before))
            return redirect("organisation_edit", pk=pk)
    return edit_page(request, organisation, form=form)


def _edited(organisation: Organisation, verified_before: datetime | None) -> str:
    """What saving meant for the verification."""
    if organisation.verified_at == verified_before:
        return _("Saved.")
    if organisation.verified:
        return _("Saved, and verified by your e-mail domain.")
    return _("Saved. The name or the domain is another now, so a moderator looks at the organisation again.")


@login_required
@require_POST
def organisation_join(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Joins the organisation of one's own e-mail domain, to look."""
    organisation = get_object_or_404(public_organisations(), pk=pk)
    try:
        service.join_by_domain(organisation, person_of(request))
    except ValidationError as error:
        messages.error(request, error.messages[0])
        return redirect("welcome")
    messages.success(request, _("You belong to it now and can read its desk. An owner can give you the right to post."))
    return redirect(next_address(request, "dashboard"))


def edit_page(
    request: HttpRequest,
    organisation: Organisation,
    *,
    form: OrganisationForm | None = None,
    recognition_form: RecognitionForm | None = None,
    member_form: Any = None,
) -> HttpResponse:
    """The page of an organisation's form, recognitions and people, with everything that was typed."""
    initial = OrganisationForm.initial_of(organisation, place_name(organisation.city))
    context = {
        "organisation": organisation,
        "form": form or OrganisationForm(initial=initial),
        "recognitions": list(recognitions_for(request.user, organisation)),
        "recognition_form": recognition_form or RecognitionForm(),
        "member_form": member_form or MemberForm(),
        "members": list(members_of(organisation)),
        "roles": MemberForm.base_fields["role"].choices,  # type: ignore[attr-defined]
        "places": place_names(),
    }
    return render(request, "accounts/organisation_edit.html", context)


def person_of(request: HttpRequest) -> User:
    """The signed-in person."""
    assert isinstance(request.user, User)
    return request.user


def editable(request: HttpRequest, pk: UUID) -> Organisation:
    """The organisation, for those who may change it; for all others it is not there."""
    organisation = get_object_or_404(public_organisations(), pk=pk)
    if not can_edit_organisation(request.user, organisation):
        raise Http404
    return organisation


def place_names() -> list[str]:
    """Names for the list of places that the browser offers while typing."""
    return [place_name(place) for place in known_places()]


def place_name(place: Place | None) -> str:
    """A place as the reader's language writes it."""
    if place is None:
        return ""
    code = get_language() or "en"
    wanted = (
        [place.name_hant, place.name_zh]
        if code == "zh-hant"
        else [place.name_zh]
        if code.startswith("zh")
        else [place.name_en]
    )
    return next((name for name in [*wanted, place.name_en, place.name_zh] if name), place.key)
