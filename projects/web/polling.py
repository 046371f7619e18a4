"""What a page says while matches are being found: when to look again, and where."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from projects.selectors.progress import Progress

PAUSES = (1, 2, 5)


@dataclass(frozen=True)
class ProgressView:
    """Work under way, as ``templates/components/_progress.html`` shows it."""

    text: str
    poll_url: str
    page_url: str
    every: int
    done: int
    total: int
    stuck: bool = False


def progress_view(request: HttpRequest, progress: Progress, shown: int) -> ProgressView | None:
    """None when the matches are there. The pause grows from one second to five."""
    if progress.state == "ready":
        return None
    asked = request.GET.get("look", "0")
    looks = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 6 else 0
    kept: dict[str, Any] = {name: request.GET.getlist(name) for name in request.GET if name != "look"}
    page = f"{request.path}?{urlencode(kept, doseq=True)}" if kept else request.path
    if progress.stuck:
        text = _("Matching has stopped and a moderator has been told. Your text is saved.")
    elif shown:
        text = _("Matches are being brought up to date. These are the ones so far.")
    else:
        text = _("Matches are being looked for. Your text is saved; you can leave this page.")
    return ProgressView(
        text=text,
        poll_url=f"{request.path}?{urlencode({**kept, 'look': looks + 1}, doseq=True)}",
        page_url=page,
        every=PAUSES[min(looks, len(PAUSES) - 1)],
        done=progress.done,
        total=progress.total,
        stuck=progress.stuck,
    )
