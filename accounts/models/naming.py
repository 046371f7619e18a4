"""What an object is called, in the reader's language."""

from django.utils.translation import get_language


def in_readers_language(*, zh: str, en: str) -> str:
    """Returns the Chinese or the English text: the reader's where there is one, else the other."""
    english = (get_language() or "en").startswith("en")
    return (en or zh) if english else (zh or en)
