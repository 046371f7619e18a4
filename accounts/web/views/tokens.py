"""Keys to the API: made, shown once, revoked."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.selectors.people import tokens_of
from accounts.services import tokens as service
from accounts.web.forms.people import TokenForm
from accounts.web.views.organisations import person_of


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def token_list(request: HttpRequest) -> HttpResponse:
    """The tokens of a person; a new one is shown in the answer and never again."""
    user, plain = person_of(request), ""
    form = TokenForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        _token, plain = service.make_token(user, **form.cleaned_data)
        form = TokenForm()
    return render(request, "accounts/tokens.html", {"form": form, "plain": plain, "tokens": list(tokens_of(user))})


@login_required
@require_POST
def token_revoke(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Ends a token at once."""
    token = get_object_or_404(tokens_of(person_of(request)), pk=pk)
    service.revoke_token(token, by=person_of(request))
    messages.success(request, _("Revoked. It does not open anything any more."))
    return redirect("tokens")
