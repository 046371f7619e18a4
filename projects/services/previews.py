"""Takes a pasted problem and waits a moment for its matches."""

import secrets
import time
from collections.abc import Callable, MutableMapping
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.services.notices import tell_of_given_up
from matchmaker.plaintext import tidy
from matchmaker.queueing.models import Job
from projects import queue
from projects.choices import PreviewScope
from projects.models import Preview
from projects.services.texts import too_long
from projects.states import PreviewState

LONGEST = 20_000
SHORTEST = 4
WAIT_SECONDS = 2.0
LOOK_EVERY = 0.04
VISITOR = "visitor"


def visitor_key(session: MutableMapping[str, Any]) -> str:
    """Whose previews they are: the browser session's, kept in the session so that it stays the same after signing in."""
    if VISITOR not in session:
        session[VISITOR] = f"visitor:{secrets.token_urlsafe(24)}"
    key: str = session[VISITOR]
    return key


def ask_preview(text: str, *, visitor: str, scope: str = PreviewScope.CAPABILITIES) -> Preview:
    """Stores a pasted text for a short while and asks for its matches."""
    text = tidy(text)
    if sum(letter.isalnum() for letter in text) < SHORTEST:
        raise ValidationError({"text": _("Describe the problem in a sentence or two, in Chinese or English.")})
    if len(text) > LONGEST:
        raise ValidationError({"text": too_long(len(text), LONGEST)})
    if scope not in PreviewScope.values:
        raise ValidationError({"scope": _("Choose whom to ask: the capabilities here, or the archive.")})
    preview = Preview.objects.create(visitor=visitor, text=text, scope=scope)
    queue.preview(preview.pk)
    return preview


def fail_preview(job: Job) -> None:
    """Marks a preview whose job was given up; its text stays, to be sent once more or answered after all. Moderators are told."""
    Preview.objects.filter(pk=job.subject, state=PreviewState.PENDING).update(state=PreviewState.FAILED)
    tell_of_given_up(job)


def wait_for(
    preview: Preview, *, seconds: float = WAIT_SECONDS, sleep: Callable[[float], None] = time.sleep
) -> Preview:
    """Waits until the matches are there, at most so long; the preview may still be pending after that."""
    end = time.monotonic() + seconds
    while True:
        found = Preview.objects.filter(pk=preview.pk).first()
        if found is None or found.state != PreviewState.PENDING or time.monotonic() > end:
            return found or preview
        sleep(LOOK_EVERY)
