"""Turns rows into what the engine reads: public text and public facts, and nothing else.

The confidential table is never touched here; for an anonymous challenge the place is only its region.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any, TypeVar

from django.db.models import Count, Model, Q, QuerySet
from django.utils import timezone

from accounts.models import Organisation, Place, User
from matchmaker.engine.documents import EvidenceItem as EngineEvidence
from matchmaker.engine.documents import Facts, MatchDocument, Passage, blind
from projects.choices import ArchiveKind
from projects.models import ArchiveRecord, Capability, Challenge, EvidenceItem
from projects.states import LIVE_CAPABILITIES, LIVE_CHALLENGES, InvitationState

Row = TypeVar("Row", bound=Model)

CHALLENGE_WEIGHTS = {
    "title": 2.0, "summary": 1.0, "problem": 1.0, "understanding_sought": 0.8, "use_context": 0.6, "possible_approaches": 0.6,
    "background": 0.5, "current_practice": 0.5, "data_available": 0.3,
    "figures": 0.3,
}  # fmt: skip
"""How much each field of a challenge says about what is looked for. What is excluded is not among them."""
CAPABILITY_WEIGHTS = {
    "title": 2.0, "summary": 1.0, "what_it_enables": 1.0, "methods": 1.0, "keywords": 1.0, "comparison_to_best": 0.5,
    "facilities": 0.5, "datasets_software": 0.5, "past_industry_projects": 0.5,
}  # fmt: skip


def challenge_document(challenge: Challenge) -> MatchDocument:
    """A challenge as the query side reads it; who posts it is no word to match by."""
    document = MatchDocument(
        key=str(challenge.pk),
        side="challenge",
        passages=tuple(_passages(challenge, CHALLENGE_WEIGHTS)),
        facts=Facts(
            owner=str(challenge.organisation_id),
            people=(str(challenge.author_id),) if challenge.author_id else (),
            open=challenge.live or challenge.published_at is None,
            trl=challenge.trl_current,
            trl_wanted=challenge.trl_target,
            budget_min=challenge.budget_min_cny,
            budget_max=challenge.budget_max_cny,
            languages=tuple(challenge.languages),
            ip=challenge.ip_preference,
            modes=tuple(challenge.cooperation_modes),
            months=challenge.duration_months,
            industry=challenge.industry,
            publish_after=challenge.publication_policy,
            understanding=challenge.understanding_rating,
            use=challenge.use_rating,
            **_where(challenge.city or challenge.organisation.city, named=not challenge.anonymous),
            **_who(None if challenge.anonymous else challenge.organisation),
        ),
    )
    return blind(document, _names(challenge.organisation))


def capability_document(capability: Capability) -> MatchDocument:
    """A capability, with each evidence item apart, as the document side reads it; whose it is is no word to match by."""
    organisation = capability.organisation
    accepted = getattr(capability, "accepted", None)
    if accepted is None:
        accepted = capability.invitations.filter(state=InvitationState.ACCEPTED).count()
    document = MatchDocument(
        key=str(capability.pk),
        side="capability",
        passages=tuple(_passages(capability, CAPABILITY_WEIGHTS)),
        evidence=tuple(_evidence(item) for item in capability.evidence.all()),
        facts=Facts(
            owner=str(organisation.pk) if organisation else "",
            people=(str(capability.owner_id),),
            open=capability.live,
            places_free=max(0, capability.max_active - accepted),
            trl=capability.trl,
            budget_min=capability.budget_min_cny,
            languages=tuple(capability.languages),
            ip=capability.ip_preference,
            modes=tuple(capability.wanted_modes),
            sectors=tuple(capability.application_sectors),
            publication=capability.publication_need,
            understanding=capability.understanding_rating,
            use=capability.use_rating,
            fresh_days=_days_since(capability.last_confirmed),
            **_where(capability.city or (organisation.city if organisation else None)),
            **_who(organisation),
        ),
    )
    return blind(document, [*_names(organisation), *_names(capability.owner)])


def archive_document(record: ArchiveRecord) -> MatchDocument:
    """A published record; research stands on the capability side."""
    passages = [
        Passage(field, text, weight)
        for field, text, weight in (
            ("title_zh", record.title_zh, 2.0),
            ("title_en", record.title_en, 2.0),
            ("text_zh", record.text_zh, 1.0),
            ("text_en", record.text_en, 1.0),
            ("keywords_zh", "，".join(record.keywords_zh), 1.0),
            ("keywords_en", ", ".join(record.keywords_en), 1.0),
        )
        if text
    ]
    if record.kind == ArchiveKind.RESEARCH:
        return MatchDocument(key=str(record.pk), side="capability", passages=tuple(passages))
    return MatchDocument(key=str(record.pk), side="challenge", passages=tuple(passages))


def background_document(values: Mapping[str, Any]) -> MatchDocument:
    """A published record from the shipped file, for word statistics."""
    names = ("title_zh", "title_en", "text_zh", "text_en")
    passages = tuple(Passage(name, values[name]) for name in names if values.get(name))
    return MatchDocument(key=values["key"], side="capability", passages=passages)


def pasted_document(key: str, text: str) -> MatchDocument:
    """A pasted problem as a query."""
    return MatchDocument(key=key, side="challenge", passages=(Passage("text", text),))


def live_challenges(keys: Iterable[str] | None = None) -> Iterator[MatchDocument]:
    """The documents of all challenges on the board, or of those among ``keys``."""
    rows = Challenge.objects.filter(state__in=LIVE_CHALLENGES).select_related("organisation__city", "city")
    return (challenge_document(row) for row in _among(rows, keys))


def live_capabilities(keys: Iterable[str] | None = None) -> Iterator[MatchDocument]:
    """The documents of all capabilities in the directory whose owners let themselves be matched, or of those among ``keys``."""
    rows = (
        Capability.objects.filter(state__in=LIVE_CAPABILITIES)
        .exclude(owner__profile__match_me=False)
        .select_related("organisation__city", "city", "owner")
        .prefetch_related("evidence")
        .annotate(accepted=Count("invitations", filter=Q(invitations__state=InvitationState.ACCEPTED)))
    )
    return (capability_document(row) for row in _among(rows, keys))


def archived_research(keys: Iterable[str] | None = None) -> Iterator[MatchDocument]:
    """The documents of all archived research."""
    rows = ArchiveRecord.objects.filter(kind=ArchiveKind.RESEARCH)
    return (archive_document(row) for row in _among(rows, keys))


def _among(rows: "QuerySet[Row]", keys: Iterable[str] | None) -> "QuerySet[Row]":
    """Narrows rows to keys, in a fixed order."""
    rows = rows.order_by("pk")
    return rows if keys is None else rows.filter(pk__in=list(keys))


def _passages(row: Challenge | Capability, weights: dict[str, float]) -> Iterator[Passage]:
    """The filled text fields of a row, with their weights."""
    for name, weight in weights.items():
        for language in ("zh", "en"):
            value = getattr(row, f"{name}_{language}", "")
            text = ("，" if language == "zh" else ", ").join(value) if isinstance(value, list) else value
            if text:
                yield Passage(f"{name}_{language}", text, weight)


def _evidence(item: EvidenceItem) -> EngineEvidence:
    """One evidence item as the engine reads it."""
    texts = (("title_zh", 1.5), ("title_en", 1.5), ("summary_zh", 1.0), ("summary_en", 1.0))
    return EngineEvidence(
        key=str(item.pk),
        label=item.title_en or item.title_zh,
        kind=item.kind,
        year=item.year,
        passages=tuple(Passage(name, text, weight) for name, weight in texts if (text := getattr(item, name))),
    )


def _names(named: Organisation | User | None) -> list[str]:
    """How somebody is called, in both languages."""
    return [named.name_zh, named.name_en] if named else []


def _where(place: Place | None, *, named: bool = True) -> dict[str, Any]:
    """The place as facts; only its region when the poster is anonymous."""
    if place is None:
        return {}
    return {"place": place.key if named else "", "region": place.province, "in_bay": place.in_bay}


def _who(organisation: Organisation | None) -> dict[str, Any]:
    """The kind of organisation as facts."""
    if organisation is None:
        return {}
    return {"size": organisation.size, "tech": organisation.tech, "org_kind": organisation.kind}


def _days_since(day: date | None) -> int | None:
    """How many days ago something was confirmed."""
    return None if day is None else (timezone.localdate() - day).days
