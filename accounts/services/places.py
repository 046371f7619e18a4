"""Places by name."""

from django.db.models import Q
from django.utils.text import slugify

from accounts.models import Place
from matchmaker.plaintext import language_of, tidy_line


def place_named(text: str) -> Place | None:
    """Finds a place by key or by its name in any language; makes one for a name not seen before. None for no name."""
    name = tidy_line(text)[:80]
    if not name:
        return None
    known = Place.objects.filter(
        Q(key=name.lower().replace(" ", "-")) | Q(name_en__iexact=name) | Q(name_zh=name) | Q(name_hant=name)
    ).first()
    if known is not None:
        return known
    chinese = language_of(name) == "zh"
    key = slugify(name, allow_unicode=False) or "place-" + "-".join(f"{ord(letter):x}" for letter in name[:12])
    place, _ = Place.objects.get_or_create(key=key[:80], defaults={"name_zh" if chinese else "name_en": name})
    return place
