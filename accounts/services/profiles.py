"""Changes what people say of themselves and how the site serves them."""

import re
import unicodedata
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.dispatch import Signal
from django.utils.translation import gettext as _

from accounts.choices import Language, NoticeKind
from accounts.models import ResearcherProfile, User
from accounts.services.activity import record
from matchmaker.plaintext import tidy, tidy_line

PERSON = ("name_zh", "name_en", "language", "theme", "email_notices", "muted_kinds")
PROFILE = ("headline_zh", "headline_en", "about_zh", "about_en", "orcid", "openalex_id", "languages", "match_me")

matching_switched = Signal()
"""Sent with ``person`` when somebody lets themselves be matched or not any more; what they offer follows."""


def edit_person(user: User, **values: Any) -> User:
    """Changes names and preferences."""
    _demand_known(values, PERSON)
    for name, value in values.items():
        setattr(user, name, tidy_line(value) if isinstance(value, str) else value)
    if unknown := sorted(set(user.muted_kinds) - set(NoticeKind.values)):
        raise ValidationError({"muted_kinds": _("Unknown kind of notice: %(name)s.") % {"name": unknown[0]}})
    user.full_clean(exclude=["password"])
    user.save(update_fields=list(values))
    return user


def edit_profile(user: User, **values: Any) -> ResearcherProfile:
    """Changes the public page of a researcher or bridge, making it when there is none."""
    _demand_known(values, PROFILE)
    with transaction.atomic():
        profile, _new = ResearcherProfile.objects.get_or_create(user=user)
        before = profile.match_me
        if values.get("orcid"):
            values["orcid"] = _orcid(values["orcid"])
        if values.get("openalex_id"):
            values["openalex_id"] = _openalex(values["openalex_id"])
        for name, value in values.items():
            setattr(profile, name, tidy(value) if isinstance(value, str) else value)
        unknown = set(profile.languages) - set(Language.values)
        if unknown:
            raise ValidationError(
                {"languages": _("Unknown language: %(name)s.") % {"name": ", ".join(sorted(unknown))}}
            )
        profile.full_clean()
        profile.save()
        record(user, "edited", profile, fields=sorted(values))
        if profile.match_me != before:
            matching_switched.send(ResearcherProfile, person=user)
    return profile


def _orcid(text: str) -> str:
    """An ORCID iD as it is written, from one that was typed or pasted with its address; the last figure checks the others."""
    bare = re.sub(r"^(https?://)?(www\.)?orcid\.org/", "", unicodedata.normalize("NFKC", text).strip().lower())
    figures = re.sub(r"[\s\u2010-\u2015\u2212-]", "", bare).upper().removesuffix("/")
    if not re.fullmatch(r"[0-9]{15}[0-9X]", figures):
        raise ValidationError(
            {"orcid": _("An ORCID iD has sixteen figures in four groups, for example 0000-0002-1825-0097.")}
        )
    if figures[-1] != _check_figure(figures[:-1]):
        raise ValidationError(
            {"orcid": _("This ORCID iD cannot be right: its last figure does not fit the others. Copy it once more.")}
        )
    return "-".join(figures[start : start + 4] for start in range(0, 16, 4))


def _openalex(text: str) -> str:
    """An OpenAlex ID of a person as it is written, from one that was typed or pasted with its address."""
    bare = re.sub(
        r"^(https?://)?(www\.)?(api\.)?openalex\.org/(authors/|people/)?", "", tidy_line(text).lower()
    ).upper()
    if not re.fullmatch(r"A[1-9][0-9]{3,14}", bare):
        raise ValidationError(
            {"openalex_id": _("An OpenAlex ID of a person is an A with figures, for example A5023888391.")}
        )
    return bare


def _check_figure(figures: str) -> str:
    """ISO 7064 MOD 11-2, where X stands for ten."""
    total = 0
    for figure in figures:
        total = (total + int(figure)) * 2
    rest = (12 - total % 11) % 11
    return "X" if rest == 10 else str(rest)


def _demand_known(values: dict[str, Any], known: tuple[str, ...]) -> None:
    """Refuses fields that cannot be changed here."""
    unknown = sorted(set(values) - set(known))
    if unknown:
        raise ValidationError({name: _("This field is not known here.") for name in unknown})
