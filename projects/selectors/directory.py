"""Reads the capability directory: what is in it, narrowed, counted and sorted."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Max, OuterRef, Q, QuerySet, Subquery, TextField
from django.db.models.functions import Cast, Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.choices import Industry, Language
from accounts.models import Organisation, Place, User
from accounts.rules import Viewer, can_act_for, roles_of
from projects.choices import CapabilityKind, CooperationMode, Quadrant
from projects.models import Capability, Challenge, EvidenceItem, Invitation, Match
from projects.selectors.access import board_challenges, directory_capabilities, visible_matches
from projects.selectors.board import TRL_RANGES, areas_of, place_options, trl_range
from projects.selectors.facets import Facet, Row, codes
from projects.states import InvitationState

FRESH = (("90", _("in the last 90 days")), ("180", _("in the last 180 days")))
SORTS = (
    ("newest", pgettext_lazy("order", "Newest")),
    ("confirmed", pgettext_lazy("order", "Last confirmed")),
    ("trl", pgettext_lazy("order", "Readiness")),
)
STORED = {"spoken": "languages", "modes": "wanted_modes", "sectors": "application_sectors", "published": "published_at"}
"""Lists of codes, and a time, read as they are stored: see ``codes``."""
MOST_PAIRS = 15
"""So many of a firm's challenges are offered for an invitation, the best fits first."""
COLUMNS = (
    "pk", "kind", "quadrant", "trl", "city_id", "organisation__city_id",
    "last_confirmed", "max_active",
)  # fmt: skip
SHOWN = (
    "title_zh", "title_en", "summary_zh", "summary_en", "comparison_to_best_zh", "comparison_to_best_en", "team_zh", "team_en",
    "script", "language", "state", "kind", "trl", "quadrant", "languages", "max_active", "for_organisation", "last_confirmed", "owner",
    "organisation", "city", "published_at", "owner__name_zh", "owner__name_en", "organisation__name_zh", "organisation__name_en",
    "organisation__city",
    *(f"{path}__{name}" for path in ("city", "organisation__city") for name in (
        "key", "name_zh", "name_hant", "name_en", "province_zh", "province_en", "country",
    )),
)  # fmt: skip


def directory_rows(found: Collection[str] | None = None) -> list[dict[str, Any]]:
    """The columns that facets and sorting are about, of all public capabilities or of those found by a search."""
    rows = directory_capabilities().select_related(None).order_by("-published_at", "pk")
    if found is not None:
        rows = rows.filter(pk__in=found)
    taken = places_taken(None)
    stored = {name: Cast(column, TextField()) for name, column in STORED.items()}
    read = list(rows.values(*COLUMNS, **stored))
    for row in read:
        row["place"] = row["city_id"] or row["organisation__city_id"]
        row["taken"] = taken.get(row["pk"], 0)
        row["free"] = row["max_active"] > row["taken"]
    return read


def directory_facets(places: Iterable[Place], *, today: date | None = None) -> list[Facet]:
    """The facets of the directory; the places are those that occur."""
    today = today or timezone.localdate()
    return [
        Facet("kind", _("Kind"), tuple(CapabilityKind.choices), lambda row: (row["kind"],)),
        Facet("quadrant", _("Quadrant"), tuple(Quadrant.choices), lambda row: _one(row["quadrant"])),
        Facet("place", _("Place"), place_options(places), lambda row: areas_of(row["place"])),
        Facet("trl", _("Readiness"), TRL_RANGES, lambda row: trl_range(row["trl"])),
        Facet("mode", _("Way to work together"), tuple(CooperationMode.choices), lambda row: codes(row["modes"])),
        Facet("language", _("Working language"), tuple(Language.choices), lambda row: codes(row["spoken"])),
        Facet("confirmed", _("Confirmed"), FRESH, lambda row: _since(row["last_confirmed"], today)),
        Facet("free", _("Room"), (("yes", _("Has a free place")),), lambda row: ("yes",) if row["free"] else ()),
        Facet("sector", _("Industry it suits"), tuple(Industry.choices), lambda row: codes(row["sectors"])),
    ]


def sorted_rows(rows: Iterable[Row], order: str) -> list[Row]:
    """Newest as read; else the latest confirmed or the most ready first, those that do not say last."""
    if order == "confirmed":
        return sorted(rows, key=lambda row: -(row["last_confirmed"] or date.min).toordinal())
    if order == "trl":
        return sorted(rows, key=lambda row: -(row["trl"] or 0))
    return list(rows)


def capabilities_shown(pks: Sequence[UUID]) -> list[Capability]:
    """The capabilities of one page, in the order given, with no more text than a row shows."""
    counted = (
        directory_capabilities()
        .only(*SHOWN)
        .annotate(evidence_count=Count("evidence"), evidence_year=Max("evidence__year"))
    )
    rows = counted.in_bulk(list(pks))
    return [rows[pk] for pk in pks if pk in rows]


def places_taken(pks: Collection[UUID] | None) -> dict[UUID, int]:
    """How many projects each capability has taken on by accepting; of all, or of some."""
    accepted = Invitation.objects.filter(state=InvitationState.ACCEPTED)
    if pks is not None:
        accepted = accepted.filter(capability_id__in=pks)
    return dict(accepted.values_list("capability_id").annotate(taken=Count("pk")))


def directory_count() -> int:
    """How many capabilities are in the directory."""
    return directory_capabilities().count()


def organisation_count() -> int:
    """How many organisations stand behind what is public, not counting who posts without a name."""
    offered = directory_capabilities().filter(organisation__isnull=False).values("organisation_id")
    posted = board_challenges().filter(anonymous=False).values("organisation_id")
    return Organisation.objects.filter(Q(pk__in=offered) | Q(pk__in=posted)).count()


def capabilities_of_person(person: User) -> QuerySet[Capability]:
    """The public capabilities of one person; what they offer for an organisation stands on its page."""
    return _counted(directory_capabilities().filter(owner=person, for_organisation=False)).order_by(
        "-published_at", "pk"
    )


def capabilities_of_organisation(organisation: Organisation) -> QuerySet[Capability]:
    """The public capabilities of an organisation and of the people in it."""
    return _counted(directory_capabilities().filter(organisation=organisation)).order_by("-published_at", "pk")


def _counted(rows: QuerySet[Capability]) -> QuerySet[Capability]:
    """What a row shows, with the number of evidence items and the year of the newest."""
    items = EvidenceItem.objects.filter(capability=OuterRef("pk")).order_by().values("capability")
    shown = rows.only(*SHOWN, "understanding", "use", "understanding_sd", "use_sd")
    return shown.annotate(
        evidence_count=Coalesce(Subquery(items.annotate(n=Count("pk")).values("n")), 0),
        evidence_year=Subquery(items.annotate(newest=Max("year")).values("newest")),
    )


def _one(value: str | None) -> tuple[str, ...]:
    return (value,) if value else ()


def _since(confirmed: date | None, today: date) -> tuple[str, ...]:
    if confirmed is None:
        return ()
    return tuple(days for days, _words in FRESH if confirmed >= today - timedelta(days=int(days)))


def own_pairs(user: Viewer, challenge: Challenge) -> list[Match]:
    """How a challenge on the board fits the capabilities of the person who looks; nothing for visitors."""
    if not user.is_authenticated:
        return []
    mine = visible_matches(user).filter(challenge=challenge, gated=False)
    return list(mine.filter(capability__owner_id=user.pk).order_by("-score", "capability_id")[:3])


def firms_pairs(user: Viewer, capability: Capability) -> list[Challenge]:
    """The challenges on the board for which the person who looks could invite this capability, the best fits first."""
    firms = [pk for pk in roles_of(user) if can_act_for(user, pk)]
    if not firms:
        return []
    pair = Match.objects.filter(challenge=OuterRef("pk"), capability=capability).order_by("-updated_at")
    mine = board_challenges().filter(organisation_id__in=firms)
    if capability.organisation_id is not None:
        mine = mine.exclude(organisation_id=capability.organisation_id)
    best_first = (
        mine.annotate(
            band=Subquery(pair.values("band")[:1]),
            gated=Subquery(pair.values("gated")[:1]),
            fit=Subquery(pair.values("score")[:1]),
        )
        .select_related(None)
        .only("title_zh", "title_en", "script")
        .order_by(F("fit").desc(nulls_last=True), "-published_at", "pk")
    )
    return list(best_first[:MOST_PAIRS])
