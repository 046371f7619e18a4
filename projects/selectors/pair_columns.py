"""Says which columns are read of stored pairs: all 236 of a pair with its relations would cost more than the page that shows it."""

from collections.abc import Iterator

from django.db.models import Prefetch, QuerySet

from projects.models import Capability, Challenge, EvidenceItem, Match

PAIR = ("challenge", "capability", "band", "gated", "detail", "updated_at")
PLACE = ("key", "name_zh", "name_hant", "name_en", "province_zh", "province_en", "country")
PARTY = ("name_zh", "name_en", "kind", "size", "tech", "city")
NAMED = {
    "challenge": ("title_zh", "title_en", "script", "state", "anonymous", "organisation", "city", "is_traditional_industry"),
    "capability": (
        "title_zh", "title_en", "script", "state", "for_organisation", "organisation", "city", "owner", "owner__name_zh", "owner__name_en",
        "team_zh", "team_en", "max_active",
    ),
}  # fmt: skip
"""What a card shows of each side, besides its organisation and places."""
TOLD = {
    "challenge": ("bottleneck_public", "confidentiality_tier", "budget_band", "answer_by"),
    "capability": ("keywords_zh", "keywords_en", "trl", "updated_at"),
}
"""What the page of a pair shows of each side as well, besides its texts."""
TEXTS = {"challenge": Challenge.TEXTS, "capability": Capability.TEXTS}
PLACES = ("city", "organisation__city")


def for_a_list(matches: QuerySet[Match], *, other: str) -> QuerySet[Match]:
    """Reads of each pair the ``other`` side with what a card shows. The side that all share is read once: see ``with_side``."""
    narrow = matches.select_related(None).select_related(*_relations(other)).only(*PAIR, *_columns(other))
    if other == "challenge":
        return narrow.prefetch_related(None)
    return narrow.prefetch_related(None).prefetch_related(
        Prefetch("capability__evidence", EvidenceItem.objects.only("capability", "title_zh", "title_en", "year"))
    )


def for_a_page(matches: QuerySet[Match]) -> QuerySet[Match]:
    """Reads of each pair both sides with their texts, and the evidence."""
    columns = [*PAIR, *_columns("challenge"), *_columns("capability")]
    for side, names in TEXTS.items():
        columns += [f"{side}__{name}_{code}" for name in names for code in ("zh", "en")]
        columns += [f"{side}__{name}" for name in TOLD[side]]
    return matches.only(*columns).prefetch_related("capability__evidence")


def _relations(side: str) -> Iterator[str]:
    """What is read with one side."""
    yield from (f"{side}__{place}" for place in PLACES)
    if side == "capability":
        yield "capability__owner"


def _columns(side: str) -> Iterator[str]:
    """What a card shows of one side, with its organisation and places."""
    yield from (f"{side}__{name}" for name in NAMED[side])
    yield from (f"{side}__organisation__{name}" for name in PARTY)
    yield from (f"{side}__{place}__{name}" for place in PLACES for name in PLACE)
