"""What a form sends besides its fields: which form it is, and what it began with."""

import uuid

from django.http import HttpRequest


def form_key(request: HttpRequest) -> str:
    """What names this very form, so that sending it twice makes one draft."""
    return request.POST.get("form_key") or uuid.uuid4().hex


def version_read(request: HttpRequest) -> int | None:
    """The number of the last edit when the form was opened; None for a new one."""
    sent = request.POST.get("version", "")
    return int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 19 else None
