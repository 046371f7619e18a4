"""A person's settings, their public page, and the choice of light or dark."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.choices import Theme
from accounts.models import User
from accounts.selectors.organisations import memberships_of
from accounts.services import profiles
from accounts.web.forms.people import PersonForm, ProfileForm
from accounts.web.views.organisations import person_of
from accounts.web.where import next_address

YEAR = 365 * 24 * 3600
PROFILE = ("headline_zh", "headline_en", "about_zh", "about_en", "orcid", "openalex_id", "languages", "match_me")


@login_required
@require_http_methods(["GET", "POST"])
def settings_page(request: HttpRequest) -> HttpResponse:
    """Names, language, appearance, notices; and the ways to all else."""
    user = person_of(request)
    form = PersonForm(request.POST or None, initial=PersonForm.initial_of(user))
    if request.method == "POST" and form.is_valid():
        try:
            profiles.edit_person(user, **form.values)
        except ValidationError as error:
            form.take_errors(error)
        else:
            return _saved(request, user)
    context = {"form": form, "memberships": list(memberships_of(user)), "has_password": user.has_usable_password()}
    return render(request, "accounts/settings.html", context)


def _saved(request: HttpRequest, user: User) -> HttpResponse:
    """Goes on in the language that was chosen."""
    chosen = user.language or translation.get_language() or settings.LANGUAGE_CODE
    with translation.override(chosen):
        messages.success(request, _("Saved."))
        answer = redirect(reverse("settings"))
    answer.set_cookie("theme", user.theme, max_age=YEAR, samesite="Lax", secure=request.is_secure())
    if user.language:
        answer.set_cookie(
            settings.LANGUAGE_COOKIE_NAME, user.language, max_age=YEAR, samesite="Lax", secure=request.is_secure()
        )
    return answer


@login_required
@require_http_methods(["GET", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    """The public page of a researcher or industrial scientist."""
    user = person_of(request)
    found = getattr(user, "profile", None)
    initial = {name: getattr(user, name) for name in ("name_zh", "name_en")}
    initial |= {name: getattr(found, name) for name in PROFILE} if found else {"match_me": True}
    form = ProfileForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            profiles.edit_person(user, **form.person_values)
            profiles.edit_profile(user, **form.profile_values)
        except ValidationError as error:
            form.take_errors(error)
        else:
            messages.success(request, _("Saved."))
            return redirect(next_address(request, "settings" if found else "capability_new"))
    context = {"form": form, "first": found is None, "next": request.GET.get("next") or request.POST.get("next", "")}
    return render(request, "accounts/profile_form.html", context)


@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    """Keeps light or dark, with the account and in a cookie."""
    chosen = request.POST.get("theme", "")
    answer = redirect(next_address(request, "landing"))
    if chosen not in Theme.values:
        return answer
    if request.user.is_authenticated:
        profiles.edit_person(person_of(request), theme=chosen)
    answer.set_cookie("theme", chosen, max_age=YEAR, samesite="Lax", secure=request.is_secure())
    return answer
