"""The problem that a visitor pasted, kept in the browser session so that it is still there after signing up."""

from datetime import timedelta

from django.http import HttpRequest
from django.utils import timezone
from django.utils.dateparse import parse_datetime

KEY = "pasted"
LASTS = timedelta(days=1)


def keep(request: HttpRequest, text: str) -> None:
    """Remembers the text for a day, in place of an earlier one. It is never logged."""
    request.session[KEY] = {"text": text, "at": timezone.now().isoformat()}


def pasted(request: HttpRequest) -> str:
    """The text pasted last; empty when there is none, or when it is older than a day."""
    kept = request.session.get(KEY)
    if not kept:
        return ""
    at = parse_datetime(kept["at"])
    if at is None or timezone.now() - at > LASTS:
        forget(request)
        return ""
    return str(kept["text"])


def forget(request: HttpRequest) -> None:
    """Drops the text, once it is posted or when the visitor asks for it."""
    request.session.pop(KEY, None)
