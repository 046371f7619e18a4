"""Checks and cleans what is typed into challenges and capabilities, alike for page, API and import."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from matchmaker.plaintext import language_of, script_of, tidy, tidy_line

LONGEST_TEXT = 20_000
LONGEST_LIST = 40
METRIC_KEYS = ("name_zh", "name_en", "unit", "value", "must")


def tidied(model: type[models.Model], values: Mapping[str, Any], editable: Collection[str]) -> dict[str, Any]:
    """Cleans every text in ``values``; raises ValidationError naming each field that is unknown or too long."""
    errors: dict[str, str] = {}
    clean: dict[str, Any] = {}
    for name, given in values.items():
        value = given
        if name not in editable:
            errors[name] = _("This field is not known here.")
            continue
        field = model._meta.get_field(name)
        if isinstance(value, str):
            line = isinstance(field, models.CharField)
            value = tidy_line(value) if line else tidy(value)
            limit = getattr(field, "max_length", None) or LONGEST_TEXT
            if len(value) > limit and not getattr(field, "choices", None):
                errors[name] = too_long(len(value), limit)
        clean[name] = value
    if errors:
        raise ValidationError(errors)
    return clean


def too_long(count: int, limit: int) -> str:
    """Says by how much a text is too long."""
    return _("This text has %(count)d characters; at most %(limit)d fit. Please shorten it.") % {
        "count": count,
        "limit": limit,
    }


def clean_metrics(name: str, rows: Any) -> list[dict[str, Any]]:
    """Checks figures: each has a name in Chinese or English, a unit and a number."""
    if not isinstance(rows, Sequence) or isinstance(rows, str) or len(rows) > LONGEST_LIST:
        raise ValidationError({name: _("Give a list of figures, each with a name, a unit and a value.")})
    return [_clean_metric(name, row) for row in rows]


def _clean_metric(field: str, row: Any) -> dict[str, Any]:
    """Checks one figure."""
    if not isinstance(row, Mapping):
        raise ValidationError({field: _("Each figure needs a name, a unit and a value.")})
    unknown = sorted(set(row) - set(METRIC_KEYS) - {"name"})
    if unknown:
        raise ValidationError({field: _("Unknown part of a figure: %(name)s.") % {"name": unknown[0]}})
    names = {key: tidy_line(str(row.get(key) or ""))[:120] for key in ("name_zh", "name_en")}
    if plain := tidy_line(str(row.get("name") or ""))[:120]:
        names[f"name_{language_of(plain)}"] = names[f"name_{language_of(plain)}"] or plain
    if not any(names.values()):
        raise ValidationError({field: _("Name what is measured, for example “inspection time”.")})
    try:
        value = float(row["value"])
    except (KeyError, TypeError, ValueError):
        raise ValidationError({field: _("Give the value as a number, for example 4 or 0.5.")}) from None
    if value != value or abs(value) > 1e15:
        raise ValidationError({field: _("Give the value as a number, for example 4 or 0.5.")})
    clean = {**names, "unit": tidy_line(str(row.get("unit") or ""))[:40], "value": value}
    return clean | {"must": bool(row["must"])} if "must" in row else clean


def clean_choices(name: str, values: Any, known: Collection[str]) -> list[str]:
    """Checks a list of fixed options; an unknown one is an error, a doubled one is dropped."""
    if not isinstance(values, list | tuple):
        raise ValidationError({name: _("Give a list.")})
    unknown = [str(value) for value in values if value not in known]
    if unknown:
        raise ValidationError({name: _("“%(value)s” is not one of the options.") % {"value": unknown[0][:60]}})
    return list(dict.fromkeys(values))


def clean_keywords(name: str, values: Any) -> list[str]:
    """Checks a list of keywords."""
    if not isinstance(values, list | tuple):
        raise ValidationError({name: _("Give a list of keywords.")})
    words = list(dict.fromkeys(word for value in values if (word := tidy_line(str(value)))))
    if len(words) > LONGEST_LIST:
        message = ngettext("At most %(limit)d keyword fits.", "At most %(limit)d keywords fit.", LONGEST_LIST)
        raise ValidationError({name: message % {"limit": LONGEST_LIST}})
    if long := next((word for word in words if len(word) > 80), None):
        raise ValidationError({name: too_long(len(long), 80)})
    return words


def script_in(texts: Collection[str]) -> str:
    """The script of the Chinese among some texts."""
    return script_of("".join(texts))
