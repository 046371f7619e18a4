"""Shapes challenges and capabilities into rows of a list, with what ``_challenge_row.html`` and ``_capability_row.html`` show."""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext, ngettext, pgettext

from accounts.choices import Language
from accounts.rules import Viewer
from projects.choices import CapabilityKind, Domain, IpPreference
from projects.models import Capability, Challenge
from projects.states import CapabilityState, ChallengeState
from projects.templatetags.look import localized, quadrant_shape, quadrant_word, text_lang
from projects.web.money import budget
from projects.web.names import poster, provider

DOMAINS, IPS, KINDS, LANGUAGES = (dict(kind.choices) for kind in (Domain, IpPreference, CapabilityKind, Language))
OVER = {ChallengeState.CLOSED, ChallengeState.EXPIRED, ChallengeState.AWARDED}
NOWHERE = UUID(int=0)


class Addresses:
    """Addresses of many objects of one kind; the pattern is looked up once."""

    def __init__(self, name: str) -> None:
        self.before, self.after = reverse(name, args=[NOWHERE]).split(str(NOWHERE))

    def of(self, pk: UUID) -> str:
        """The address of one object."""
        return f"{self.before}{pk}{self.after}"


def challenge_row(challenge: Challenge, viewer: Viewer, addresses: Addresses) -> dict[str, Any]:
    """One challenge of a list; who posted an anonymous one is not in it."""
    row: dict[str, Any] = {
        "id": challenge.pk,
        "href": addresses.of(challenge.pk),
        "title": localized(challenge, "title"),
        "title_lang": text_lang(challenge, "title"),
        "facts": [*poster(challenge, viewer), *filter(None, _challenge_facts(challenge))],
        "summary": localized(challenge, "summary"),
        "summary_lang": text_lang(challenge, "summary"),
        "target": first_target(challenge),
    }
    if challenge.state in OVER:
        row |= {"state": challenge.get_state_display(), "state_level": "poor"}
    elif challenge.answer_overdue:
        row |= {"state": gettext("promised day of answer is past"), "state_level": "fair"}
    return row


def capability_row(capability: Capability, addresses: Addresses, taken: Mapping[UUID, int]) -> dict[str, Any]:
    """One capability of a list."""
    row: dict[str, Any] = {
        "id": capability.pk,
        "href": addresses.of(capability.pk),
        "title": localized(capability, "title"),
        "title_lang": text_lang(capability, "title"),
        "facts": [*provider(capability), *filter(None, _capability_facts(capability, taken.get(capability.pk, 0)))],
        "summary": localized(capability, "summary"),
        "summary_lang": text_lang(capability, "summary"),
        "better_than": localized(capability, "comparison_to_best"),
        "better_than_lang": text_lang(capability, "comparison_to_best"),
    }
    if capability.state == CapabilityState.STALE:
        row |= {"state": gettext("not confirmed lately"), "state_level": "unknown"}
    return row


def _challenge_facts(challenge: Challenge) -> Iterator[Any]:
    """The short facts of a challenge after who posts it; empty ones are left out by the caller."""
    yield DOMAINS.get(challenge.technology_domain)
    if challenge.trl_current and challenge.trl_target:
        yield f"TRL {challenge.trl_current} → {challenge.trl_target}"
    yield money(challenge)
    if wish := IPS.get(challenge.ip_preference):
        yield gettext("IP: %(wish)s") % {"wish": wish}
    if challenge.deadline:
        yield gettext("until %(day)s") % {"day": date_format(challenge.deadline, "DATE_FORMAT")}
    yield corner(challenge.quadrant)


def _capability_facts(capability: Capability, taken: int) -> Iterator[Any]:
    """The short facts of a capability after who offers it; empty ones are left out by the caller."""
    yield KINDS.get(capability.kind)
    if capability.trl:
        yield f"TRL {capability.trl}"
    if count := getattr(capability, "evidence_count", 0):
        words = ngettext("%(n)s piece of evidence", "%(n)s pieces of evidence", count) % {"n": count}
        yield f"{words} ({capability.evidence_year})" if capability.evidence_year else words  # type: ignore[attr-defined]  # annotated with the count
    free = max(0, capability.max_active - taken)
    yield gettext("%(free)s of %(total)s places free") % {"free": free, "total": capability.max_active}
    yield pgettext("between items of a list", ", ").join(
        str(LANGUAGES.get(code, code)) for code in capability.languages
    )
    yield corner(capability.quadrant)


def corner(name: str) -> SafeString:
    """The shape and the name of a quadrant; empty for none."""
    return _corner(name, get_language() or "") if name else SafeString("")


@lru_cache(maxsize=50)
def _corner(name: str, language: str) -> SafeString:
    return format_html("{} {}", quadrant_shape(name), quadrant_word(name))


def money(row: Challenge | Capability) -> str:
    """The budget of a challenge, or the least one of a capability, in words; empty when none is given."""
    return budget(row.budget_min, row.budget_max if isinstance(row, Challenge) else None, row.currency)


def figures(challenge: Challenge) -> list[dict[str, Any]]:
    """The figures today beside the target figures, by name; targets first, in the order they were given."""
    today = {_metric_key(item): item for item in challenge.baseline_metrics}
    found = []
    for target in challenge.target_metrics:
        now = today.pop(_metric_key(target), None)
        found.append(_figure(target, now, target))
    return found + [_figure(item, item, None) for item in today.values()]


def first_target(challenge: Challenge) -> dict[str, Any] | None:
    """The first figure that has both sides, for a row of a list."""
    for target in challenge.target_metrics:
        key = _metric_key(target)
        for now in challenge.baseline_metrics:
            if _metric_key(now) == key:
                return _figure(target, now, target)
    return None


def _figure(
    named: Mapping[str, Any], now: Mapping[str, Any] | None, wanted: Mapping[str, Any] | None
) -> dict[str, Any]:
    return {
        "name": localized(named, "name"),
        "lang": text_lang(named, "name"),
        "unit": named.get("unit", ""),
        "now": _value(now),
        "wanted": _value(wanted),
        "must": bool(wanted and wanted.get("must")),
    }


def _metric_key(item: Mapping[str, Any]) -> tuple[str, str]:
    return (item.get("name_zh") or item.get("name_en") or "").casefold(), item.get("unit", "")


def _value(item: Mapping[str, Any] | None) -> str:
    """A number without a needless fraction."""
    if item is None:
        return ""
    value = float(item["value"])
    return f"{int(value):,}" if value == int(value) else f"{value:,.6g}"
