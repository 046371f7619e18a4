"""How often one person may do what is cheap to ask and could be used to guess."""

import time
from dataclasses import dataclass

from django.core.cache import caches
from rest_framework.exceptions import Throttled

HOUR = 3600


@dataclass(frozen=True)
class Limit:
    """At most so many an hour: for all processes together, or for each by itself where a count in the database costs too much."""

    name: str
    most: int
    store: str = "default"


EDITS = Limit("edits", 60)
"""Changes of what is public, which cause matching: a word put in and the scores looked at is a question to the texts of others."""
DRAFTS = Limit("drafts", 600)
"""Changes of what is a draft still; a form saves it while somebody types."""
LOOKS = Limit("looks", 600, store="process")
"""Pages and answers that show how things match."""


def demand(who: object, limit: Limit) -> None:
    """Counts one deed of a person in this hour; raises Throttled, with the seconds to wait, when there were too many."""
    hour, into = divmod(time.time(), HOUR)
    key = f"limit:{limit.name}:{who}:{hour:.0f}"
    store = caches[limit.store]
    used = store.get(key, 0)
    if used >= limit.most:
        raise Throttled(HOUR - into)
    store.set(key, used + 1, HOUR)  # two at once may count as one; the database cache has no better way
