"""Reads the challenge board: what is on it, narrowed, counted and sorted."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Case, F, FloatField, Q, QuerySet, TextField, When
from django.db.models.functions import Cast
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.choices import BAY_CITIES, Industry, Language, Size, Tech
from accounts.models import Organisation, Place
from projects.choices import CNY_PER, BudgetBand, ConfidentialityTier, Domain, FundingMode, IpPreference, Quadrant
from projects.models import Challenge, SimilarChallenge
from projects.selectors.access import board_challenges
from projects.selectors.facets import Facet, Row, codes
from projects.states import SHOWN_CHALLENGES

LEAST_ANONYMOUS = 5
"""So many different firms must look alike before an anonymous challenge is found by size, kind or place of its firm."""
BAY, OUTSIDE = "bay", "outside"
TRL_RANGES = (("1-3", _("TRL 1–3")), ("4-6", _("TRL 4–6")), ("7-9", _("TRL 7–9")))
TRL_GAPS = (
    ("0-2", _("0 to 2 levels")),
    ("3-4", _("3 or 4 levels")),
    ("5-8", _("5 levels or more")),
)
DEADLINES = (("30", _("within 30 days")), ("90", _("within 90 days")), ("180", _("within 180 days")))
AREAS = ((BAY, _("Greater Bay Area")), (OUTSIDE, _("Outside the bay")))
SORTS = (
    ("newest", pgettext_lazy("order", "Newest")),
    ("deadline", pgettext_lazy("order", "Deadline")),
    ("budget", pgettext_lazy("order", "Budget")),
)
COLUMNS = (
    "pk", "anonymous", "organisation__size", "organisation__tech", "organisation__city_id", "city_id",
    "technology_domain", "industry", "quadrant", "budget_band", "currency", "ip_preference", "confidentiality_tier",
    "trl_current", "trl_target", "funding_mode", "is_bottleneck", "bottleneck_public",
)  # fmt: skip
SHOWN = (
    "title_zh", "title_en", "summary_zh", "summary_en", "script", "language", "state", "anonymous", "organisation", "city",
    "technology_domain", "industry", "quadrant", "budget_min", "budget_max", "currency", "ip_preference", "trl_current",
    "trl_target", "deadline", "answer_by", "baseline_metrics", "target_metrics", "published_at",
    "organisation__name_zh", "organisation__name_en", "organisation__city",
    *(f"{path}__{name}" for path in ("city", "organisation__city") for name in (
        "key", "name_zh", "name_hant", "name_en", "province_zh", "province_en", "country",
    )),
)  # fmt: skip


def board_rows(found: Collection[str] | None = None) -> list[dict[str, Any]]:
    """The columns that facets and sorting are about, of all challenges on the board or of those found by a search.

    An anonymous challenge keeps the size, kind and place of its firm only where enough firms share all three.
    """
    rows = board_challenges().select_related(None).order_by("-published_at", "pk")
    if found is not None:
        rows = rows.filter(pk__in=found)
    # Turning a column of 500 rows into Decimal, UUID, days or lists costs more than reading it: only what is compared is turned.
    stored = {
        "poster": Case(When(anonymous=True, then=F("organisation_id"))),
        "budget": Cast("budget_max", FloatField()),
        "spoken": Cast("languages", TextField()),
        "due": Cast("deadline", TextField()),
        "published": Cast("published_at", TextField()),
    }
    return hide_the_few(list(rows.values(*COLUMNS, **stored)))


def hide_the_few(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Marks each row with what may be told of its firm; whoever could be one of fewer than five is told nothing of."""
    alike: dict[tuple[Any, ...], set[UUID]] = defaultdict(set)
    for row in rows:
        row["place"] = row["city_id"] or row["organisation__city_id"]
        if row["anonymous"]:
            alike[_looks(row)].add(row["poster"])
    for row in rows:
        row["told"] = not row["anonymous"] or len(alike[_looks(row)]) >= LEAST_ANONYMOUS
    return rows


def _looks(row: Row) -> tuple[Any, ...]:
    """All that the guarded facets would tell of a firm, together: no crossing of filters tells more."""
    return row["place"], row["organisation__size"], row["organisation__tech"]


def board_facets(places: Iterable[Place], *, today: date | None = None) -> list[Facet]:
    """The facets of the board; the places are those that occur."""
    today = today or timezone.localdate()
    limits = {days: (today + timedelta(days=int(days))).isoformat() for days, _words in DEADLINES}
    return [
        Facet("field", _("Field"), tuple(Domain.choices), lambda row: _one(row["technology_domain"])),
        Facet("quadrant", _("Quadrant"), tuple(Quadrant.choices), lambda row: _one(row["quadrant"])),
        Facet("place", _("Place"), place_options(places), _places, guarded=True),
        Facet("budget", _("Budget"), tuple(BudgetBand.choices), lambda row: _one(row["budget_band"])),
        Facet("deadline", _("Deadline"), DEADLINES, lambda row: _within(row["due"], today.isoformat(), limits)),
        Facet("trl", _("Readiness wanted"), TRL_RANGES, lambda row: trl_range(row["trl_target"])),
        Facet("gap", _("TRL gap"), TRL_GAPS, lambda row: trl_gap(row["trl_current"], row["trl_target"])),
        Facet("funding", _("Funding"), tuple(FundingMode.choices), lambda row: _one(row["funding_mode"])),
        Facet("ip", _("Wish for IP"), tuple(IpPreference.choices), lambda row: _one(row["ip_preference"])),
        Facet("language", _("Working language"), tuple(Language.choices), lambda row: codes(row["spoken"])),
        Facet(
            "confidentiality",
            _("Confidentiality"),
            tuple(ConfidentialityTier.choices),
            lambda row: _one(row["confidentiality_tier"]),
        ),
        Facet(
            "size",
            _("Size of the firm"),
            tuple(Size.choices),
            lambda row: _told(row, "organisation__size"),
            guarded=True,
        ),
        Facet(
            "tech", _("Kind of firm"), tuple(Tech.choices), lambda row: _told(row, "organisation__tech"), guarded=True
        ),
        Facet("industry", _("Industry"), tuple(Industry.choices), lambda row: _one(row["industry"])),
        Facet("bottleneck", _("Bottleneck technology"), (("yes", _("Shown as a bottleneck")),), _bottleneck),
    ]


def places_of(rows: Iterable[Row], asked: Iterable[str] = ()) -> list[Place]:
    """The places that occur among rows or were asked for, the cities of the bay first."""
    keys = {row["place"] for row in rows if row["place"]} | set(BAY_CITIES) | {str(key)[:80] for key in asked}
    found = {place.key: place for place in Place.objects.filter(key__in=keys)}
    bay = [found.pop(key) for key in BAY_CITIES if key in found]
    return [*bay, *sorted(found.values(), key=lambda place: place.key)]


def place_options(places: Iterable[Place]) -> tuple[tuple[str, Any], ...]:
    """The two areas, then each place by its key; the page names the place in the reader's language."""
    return (*AREAS, *((place.key, place) for place in places))


def sorted_rows(rows: Iterable[Row], order: str) -> list[Row]:
    """Newest as read; by deadline the soonest first, by budget the largest in CNY first, those without one last."""
    if order == "deadline":
        return sorted(rows, key=lambda row: (row["due"] is None, row["due"] or ""))
    if order == "budget":
        return sorted(rows, key=lambda row: -(row["budget"] or 0.0) * CNY_PER[row["currency"]])
    return list(rows)


def challenges_shown(pks: Sequence[UUID]) -> list[Challenge]:
    """The challenges of one page, in the order given, with no more text than a row shows."""
    rows = board_challenges().only(*SHOWN).in_bulk(list(pks))
    return [rows[pk] for pk in pks if pk in rows]


def board_count() -> int:
    """How many challenges are on the board."""
    return board_challenges().count()


def titled(titles: Collection[str]) -> QuerySet[Challenge]:
    """Challenges on the board by their Chinese titles."""
    return board_challenges().filter(Q(title_zh__in=titles), anonymous=False).only(*SHOWN)


def trl_range(level: int | None) -> tuple[str, ...]:
    """The range that a readiness level falls in."""
    return () if level is None else (("1-3", "4-6", "7-9")[(level - 1) // 3],)


def trl_gap(now: int | None, wanted: int | None) -> tuple[str, ...]:
    """How far a challenge wants to go: the range of the levels between its readiness now and the one it wants."""
    if now is None or wanted is None:
        return ()
    levels = max(0, wanted - now)
    return ("0-2" if levels <= 2 else "3-4" if levels <= 4 else "5-8",)


def areas_of(place: str | None) -> tuple[str, ...]:
    """A place and whether it is in the bay."""
    return (BAY if place in BAY_CITIES else OUTSIDE, place) if place else ()


def _one(value: str | None) -> tuple[str, ...]:
    return (value,) if value else ()


def _told(row: Row, column: str) -> tuple[str, ...]:
    return _one(row[column]) if row["told"] else ()


def _places(row: Row) -> tuple[str, ...]:
    return areas_of(row["place"]) if row["told"] else ()


def _within(due: str | None, today: str, limits: Mapping[str, str]) -> tuple[str, ...]:
    """Days are compared as they are stored and written, with the year first."""
    return () if due is None or due < today else tuple(days for days, limit in limits.items() if due <= limit)


def _bottleneck(row: Row) -> tuple[str, ...]:
    return ("yes",) if row["is_bottleneck"] and row["bottleneck_public"] else ()


def similar_challenges(challenge: Challenge, limit: int = 4) -> list[Challenge]:
    """The challenges on the board whose public text is most like this one's, found from either side."""
    near = SimilarChallenge.objects.filter(Q(challenge=challenge) | Q(other=challenge)).order_by("-likeness", "pk")
    pairs = near.values_list("challenge_id", "other_id")[: 4 * limit]
    keys = dict.fromkeys(other if mine == challenge.pk else mine for mine, other in pairs)
    found = board_challenges().only(*SHOWN).in_bulk(list(keys)) if keys else {}
    return [found[key] for key in keys if key in found][:limit]


def challenges_of_organisation(organisation: Organisation) -> QuerySet[Challenge]:
    """What an organisation has posted under its name, on the board or over. Anonymous challenges never stand here."""
    shown = Challenge.objects.filter(organisation=organisation, state__in=SHOWN_CHALLENGES, anonymous=False)
    return shown.select_related("organisation__city", "city").only(*SHOWN).order_by("-published_at", "pk")
