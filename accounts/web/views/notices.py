"""What a person has been told."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.selectors.notices import notices_for
from accounts.services.notices import mark_read
from accounts.services.unsubscribing import stop_mails, subscription_of
from accounts.web.views.organisations import person_of

SHOWN = 30


@login_required
@require_GET
def notice_list(request: HttpRequest) -> HttpResponse:
    """Notices, newest first, the unread marked."""
    page = Paginator(notices_for(person_of(request)), SHOWN).get_page(request.GET.get("page"))
    return render(request, "accounts/notices.html", {"page": page})


@login_required
@require_GET
def open_notice(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Marks a notice as read and goes where it leads."""
    notice = get_object_or_404(notices_for(person_of(request)), pk=pk)
    mark_read(person_of(request), notice)
    return redirect(f"{reverse('landing')}{notice.path}")


@login_required
@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    """Marks all notices as read."""
    mark_read(person_of(request))
    return redirect("notices")


@csrf_exempt  # the token in the address is the right to do it, and mail programs post without a session (RFC 8058)
@never_cache
@require_http_methods(["GET", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """Asks whether mails of one kind shall stop, and stops them; opening the page alone changes nothing."""
    subscription = subscription_of(token)
    if subscription is None:
        raise Http404
    if request.method == "POST":
        stop_mails(subscription)
    context = {"kind": subscription.kind.label, "stopped": request.method == "POST" or subscription.stopped}
    return render(request, "accounts/unsubscribe.html", context)
