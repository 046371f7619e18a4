"""Says what a pair shares in the reader's language, where both texts hold it in that language too."""

from collections.abc import Iterable
from dataclasses import replace

from django.utils.translation import get_language

from matchmaker.plaintext import language_of
from projects.selectors.matches import Reason


def in_readers_words(reasons: Iterable[Reason]) -> list[Reason]:
    """The reasons, each by its twin where that one is in the reader's language and the word itself is not.

    A word of another language keeps its gloss; one of the reader's needs none.
    """
    reads = "zh" if (get_language() or "").startswith("zh") else "en"
    found = []
    for reason in reasons:
        if language_of(reason.term) == reads:
            found.append(replace(reason, gloss=""))
        elif reason.also and language_of(reason.also.term) == reads:
            found.append(replace(reason.also, gloss=""))
        else:
            found.append(reason)
    return found
