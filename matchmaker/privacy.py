"""Says of every stored field who may read it.

Five classes: ``public`` (anyone, once the object is public), ``member`` (the owning organisation, the assigned bridge and
moderators), ``nda`` (whoever the confidentiality tier admits), ``personal`` (the person and those it concerns) and ``secret``
(no page, no export, no API). A test fails when a field has no class.
"""

from collections.abc import Iterable, Mapping

PUBLIC, MEMBER, NDA, PERSONAL, SECRET = "public", "member", "nda", "personal", "secret"
CLASSES = (PUBLIC, MEMBER, NDA, PERSONAL, SECRET)


def classify(**classes: str) -> Mapping[str, str]:
    """Turns ``public="title_zh title_en", member="…"`` into ``{field: class}``; a field named twice is an error."""
    found: dict[str, str] = {}
    for kind, names in classes.items():
        if kind not in CLASSES:
            raise ValueError(f"unknown class {kind!r}")
        for name in names.split():
            if name in found:
                raise ValueError(f"{name} is both {found[name]} and {kind}")
            found[name] = kind
    return found


def fields_of(classes: Mapping[str, str], allowed: Iterable[str]) -> frozenset[str]:
    """Returns the names of the fields whose class is allowed."""
    wanted = set(allowed)
    return frozenset(name for name, kind in classes.items() if kind in wanted)
