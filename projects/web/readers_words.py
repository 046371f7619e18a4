"""Says what a pair shares in the reader's language, where both texts hold it in that language too."""

from collections.abc import Iterable

from django.utils.translation import get_language

from matchmaker.plaintext import language_of
from projects.selectors.matches import Reason


def in_readers_words(reasons: Iterable[Reason]) -> list[Reason]:
    """The reasons, each by its twin where that one is in the reader's language and the word itself is not."""
    reads = "zh" if (get_language() or "").startswith("zh") else "en"
    return [
        reason.also if reason.also and language_of(reason.term) != reads == language_of(reason.also.term) else reason
        for reason in reasons
    ]
