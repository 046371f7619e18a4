"""What every page knows."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from accounts.models import User
from accounts.selectors.notices import unread_count


def site(request: HttpRequest) -> dict[str, Any]:
    """The site's name, whether it is a demo, and the number of unread notices, asked for only when shown."""
    user = getattr(request, "user", None)
    return {
        "site_name": settings.SITE_NAME,
        "demo": settings.DEMO,
        "unread": SimpleLazyObject(lambda: unread_count(user)) if isinstance(user, User) else 0,
        "theme": request.COOKIES.get("theme", ""),
    }
