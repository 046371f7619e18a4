"""People of an organisation: added, given a role, taken out, leaving."""

from uuid import UUID

from allauth.core import ratelimit
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.choices import MembershipRole
from accounts.selectors.organisations import members_of, organisations_of
from accounts.selectors.people import person_by_email
from accounts.services import organisations as service
from accounts.web.forms.organisations import MemberForm
from accounts.web.views.organisations import edit_page, editable, person_of


@login_required
@require_http_methods(["GET", "POST"])
def add(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Adds a person who has an account. Tries are limited, so that nobody can probe for addresses. Whoever comes back to the
    address, as by choosing another language, is led to the form."""
    organisation = editable(request, pk)
    if request.method == "GET":
        return redirect("organisation_edit", pk=pk)
    if not ratelimit.consume(request, action="member_add", user=request.user):
        return render(request, "429.html", status=429)
    form = MemberForm(request.POST)
    if form.is_valid():
        found = person_by_email(form.cleaned_data["email"])
        if found is None:
            form.add_error("email", _("There is no account with this address. Ask them to sign up first."))
        else:
            try:
                service.add_member(organisation, found, by=person_of(request), role=form.cleaned_data["role"])
            except ValidationError as error:
                form.take_errors(error)
            else:
                messages.success(request, _("Added."))
                return redirect("organisation_edit", pk=pk)
    return edit_page(request, organisation, member_form=form)


@login_required
@require_POST
def change_role(request: HttpRequest, pk: UUID, person: UUID) -> HttpResponse:
    """Gives a member another role; it holds from their next click on."""
    organisation = editable(request, pk)
    membership = get_object_or_404(members_of(organisation), user_id=person)
    role = request.POST.get(f"role-{person}", "")
    if role not in MembershipRole.values:
        messages.error(request, _("Choose one of the roles."))
        return redirect("organisation_edit", pk=pk)
    try:
        service.add_member(organisation, membership.user, by=person_of(request), role=role)
    except ValidationError as error:
        messages.error(request, error.messages[0])
    else:
        messages.success(request, _("Changed."))
    return redirect("organisation_edit", pk=pk)


@login_required
@require_POST
def remove(request: HttpRequest, pk: UUID, person: UUID) -> HttpResponse:
    """Takes a person out of the organisation."""
    organisation = editable(request, pk)
    membership = get_object_or_404(members_of(organisation), user_id=person)
    try:
        service.remove_member(membership, by=person_of(request))
    except ValidationError as error:
        messages.error(request, error.messages[0])
    else:
        messages.success(request, _("Taken out. They see nothing of the organisation's own any more."))
    return redirect("organisation_edit", pk=pk)


@login_required
@require_POST
def leave(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Leaves an organisation; its last owner cannot."""
    organisation = get_object_or_404(organisations_of(person_of(request)), pk=pk)
    membership = get_object_or_404(members_of(organisation), user_id=person_of(request).pk)
    try:
        service.remove_member(membership, by=person_of(request))
    except ValidationError as error:
        messages.error(request, error.messages[0])
    else:
        messages.success(request, _("You have left the organisation."))
    return redirect("settings")
