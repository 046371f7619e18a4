"""Recognitions of an organisation: named, changed and withdrawn by its owners."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.selectors.recognitions import recognitions_for
from accounts.services import recognitions as service
from accounts.web.forms.recognitions import RecognitionChangeForm, RecognitionForm
from accounts.web.views.organisations import edit_page, editable, person_of


@login_required
@require_http_methods(["GET", "POST"])
def add(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Names a recognition, which then waits for a moderator. Whoever comes back to the address is led to the form."""
    organisation = editable(request, pk)
    if request.method == "GET":
        return _back(pk)
    form = RecognitionForm(request.POST)
    if form.is_valid():
        try:
            service.name_recognition(organisation, by=person_of(request), **form.cleaned_data)
        except ValidationError as error:
            form.take_errors(error)
        else:
            messages.success(request, _("Named. Everyone sees it once a moderator has confirmed it."))
            return _back(pk)
    return edit_page(request, organisation, recognition_form=form)


@login_required
@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, pk: UUID, kind: str) -> HttpResponse:
    """Changes date and evidence of a recognition."""
    organisation = editable(request, pk)
    label = get_object_or_404(recognitions_for(request.user, organisation), kind=kind)
    form = RecognitionChangeForm(request.POST or None, initial=RecognitionChangeForm.initial_of(label))
    if request.method == "POST" and form.is_valid():
        try:
            service.change_recognition(label, by=person_of(request), **form.cleaned_data)
        except ValidationError as error:
            form.take_errors(error)
        else:
            messages.success(request, _("Saved."))
            return _back(pk)
    context = {"organisation": organisation, "label": label, "form": form}
    return render(request, "accounts/recognition_form.html", context)


@login_required
@require_POST
def withdraw(request: HttpRequest, pk: UUID, kind: str) -> HttpResponse:
    """Takes a recognition back."""
    organisation = editable(request, pk)
    label = get_object_or_404(recognitions_for(request.user, organisation), kind=kind)
    try:
        service.withdraw_recognition(label, by=person_of(request))
    except ValidationError as error:
        messages.error(request, error.messages[0])
    else:
        messages.success(request, _("Withdrawn. Nobody sees it any more."))
    return _back(pk)


def _back(pk: UUID) -> HttpResponse:
    """To the list on the organisation's form."""
    return redirect(f"{reverse('organisation_edit', args=[pk])}#recognitions")
