"""Matches as JSON: bands, shares in hundredths, parts in tenths."""

from collections.abc import Mapping
from typing import Any

from rest_framework import serializers

from matchmaker.rest_fields import StrictSerializer
from projects.models import ArchiveRecord, Capability, Challenge
from projects.selectors.matches import Card, Point, Reason
from projects.states import PreviewState


class Axes(serializers.Serializer):  # type: ignore[type-arg]
    """A point in Pasteur's quadrant, both axes 0 to 1."""

    understanding = serializers.FloatField()
    use = serializers.FloatField()
    understanding_sd = serializers.FloatField()
    use_sd = serializers.FloatField()
    name = serializers.ChoiceField(["bohr", "pasteur", "edison", "fourth"])
    abstained = serializers.BooleanField()


class BothAxes(serializers.Serializer):  # type: ignore[type-arg]
    """The two sides' own points."""

    challenge = Axes()
    capability = Axes()


class Side(serializers.Serializer):  # type: ignore[type-arg]
    """The other side of a pair."""

    id = serializers.UUIDField()
    title = serializers.CharField()
    title_zh = serializers.CharField(allow_blank=True)
    title_en = serializers.CharField(allow_blank=True)
    owner = serializers.CharField(allow_blank=True)


class ReasonAnswer(serializers.Serializer):  # type: ignore[type-arg]
    """A word that both texts share."""

    term = serializers.CharField()
    share = serializers.FloatField(min_value=0)
    evidence = serializers.CharField(allow_blank=True)
    in_challenge = serializers.ListField(child=serializers.IntegerField(), allow_null=True)
    in_capability = serializers.ListField(child=serializers.IntegerField(), allow_null=True)
    challenge_field = serializers.CharField(allow_blank=True)
    capability_field = serializers.CharField(allow_blank=True)
    pair = serializers.ListField(child=serializers.CharField(), allow_null=True)


class Coded(serializers.Serializer):  # type: ignore[type-arg]
    """A structured finding: a code and its values."""

    code = serializers.CharField()
    values = serializers.DictField()


class FactAnswer(Coded):
    """One compared fact; ``unknown`` where a side has not said it."""

    level = serializers.ChoiceField(["good", "fair", "poor", "unknown"])


class MatchAnswer(serializers.Serializer):  # type: ignore[type-arg]
    """One pair and why."""

    rank = serializers.IntegerField()
    band = serializers.ChoiceField(["strong", "possible", "weak"])
    capability = Side(required=False)
    challenge = Side(required=False)
    quadrant = Axes()
    quadrant_of = BothAxes()
    theory_from = serializers.CharField()
    use_from = serializers.CharField()
    parts = serializers.DictField(child=serializers.FloatField(allow_null=True))
    reasons = ReasonAnswer(many=True)
    facts = FactAnswer(many=True)
    blockers = Coded(many=True)
    pair_kinds = serializers.ListField(child=serializers.CharField())


class MatchList(serializers.Serializer):  # type: ignore[type-arg]
    """The matches of one object."""

    state = serializers.ChoiceField(["pending", "ready"])
    model_version = serializers.CharField(allow_blank=True)
    no_good_match = serializers.BooleanField(required=False)
    results = MatchAnswer(many=True)


class PreviewInput(StrictSerializer):
    """A pasted problem."""

    text = serializers.CharField(trim_whitespace=False, allow_blank=True)
    scope = serializers.ChoiceField(["capabilities", "archive"], required=False)


class PreviewAnswer(MatchList):
    """The matches of a pasted problem; while pending only its visitor can ask again, failed is to be sent once more."""

    state = serializers.ChoiceField(PreviewState.choices)
    id = serializers.UUIDField()


def card_json(card: Card, *, side: str, language: str) -> dict[str, Any]:
    """One result; ``side`` is the other side of the pair: ``capability`` or ``challenge``."""
    return {
        "rank": card.rank,
        "band": card.band,
        side: side_json(card.capability if side == "capability" else card.challenge, language),
        "quadrant": _axes(card.joint),
        "quadrant_of": {"challenge": _axes(card.challenge_point), "capability": _axes(card.capability_point)},
        "theory_from": card.theory_from,
        "use_from": card.use_from,
        "parts": dict(card.parts),
        "reasons": [_reason(reason) for reason in card.reasons],
        "facts": [{"code": row["code"], "level": row["level"], "values": _shown(row)} for row in card.rows],
        "blockers": [{"code": blocker["code"], "values": blocker["values"]} for blocker in card.blockers],
        "pair_kinds": list(card.pair_kinds),
    }


def _shown(row: Mapping[str, Any]) -> dict[str, Any]:
    """What a compared fact says; of places only how near they are, also in pairs that were stored before."""
    return {name: row["values"].get(name) for name in ("shared",)} if row["code"] == "place" else dict(row["values"])


def side_json(row: Challenge | Capability | ArchiveRecord | None, language: str) -> dict[str, Any]:
    """Id, title and owner of one side, as anyone may see them."""
    if row is None:
        return {}
    first, second = (row.title_zh, row.title_en) if language.startswith("zh") else (row.title_en, row.title_zh)
    return {
        "id": row.pk,
        "title": first or second,
        "title_zh": row.title_zh,
        "title_en": row.title_en,
        "owner": _owner(row, language),
    }


def _owner(row: Challenge | Capability | ArchiveRecord, language: str) -> str:
    """Who stands behind it, in the reader's language; nobody for an anonymous challenge."""
    chinese = language.startswith("zh")
    if isinstance(row, ArchiveRecord):
        pair = (row.institution_zh, row.institution_en)
    elif isinstance(row, Challenge):
        pair = ("", "") if row.anonymous else (row.organisation.name_zh, row.organisation.name_en)
    elif row.for_organisation and row.organisation:
        pair = (row.organisation.name_zh, row.organisation.name_en)
    else:
        pair = (row.owner.name_zh, row.owner.name_en)
    return (pair[0] or pair[1]) if chinese else (pair[1] or pair[0])


def _axes(point: Point) -> dict[str, Any]:
    """A point as JSON."""
    return {
        "understanding": point.understanding,
        "use": point.use,
        "understanding_sd": point.understanding_sd,
        "use_sd": point.use_sd,
        "name": point.name,
        "abstained": point.abstained,
    }


def _reason(reason: Reason) -> dict[str, Any]:
    """A reason as JSON."""
    return {
        "term": reason.term,
        "share": reason.share,
        "evidence": reason.evidence,
        "in_challenge": list(reason.in_challenge) if reason.in_challenge else None,
        "in_capability": list(reason.in_capability) if reason.in_capability else None,
        "challenge_field": reason.challenge_field,
        "capability_field": reason.capability_field,
        "pair": list(reason.pair) if reason.pair else None,
    }
