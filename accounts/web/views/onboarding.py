"""The first page of a person who belongs nowhere yet."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.models import User
from accounts.selectors.organisations import organisations_by_domain, organisations_of


@login_required
@require_GET
def welcome(request: HttpRequest) -> HttpResponse:
    """Two doors: a problem, or something to offer."""
    assert isinstance(request.user, User)
    mine = list(organisations_of(request.user))
    known = {organisation.pk for organisation in mine}
    offered = [item for item in organisations_by_domain(request.user) if item.pk not in known]
    return render(request, "accounts/welcome.html", {"mine": mine, "offered": offered})
