"""Reads who stands behind an archived record, once a moderator has accepted their claim."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Prefetch, QuerySet

from accounts.models import Membership, Organisation, User
from projects.models import ArchiveClaim, ArchiveRecord
from projects.selectors.access import directory_capabilities, visible_archive
from projects.states import ClaimState


@dataclass(frozen=True)
class Claimant:
    """A person with a public page, else the organisation that stands for them; one of the two is set."""

    person: User | None = None
    organisation: Organisation | None = None


def accepted_claims(path: str = "claims") -> Prefetch:  # type: ignore[type-arg]  # of rows along any path
    """What to read along with records so that ``claimants_of`` costs no query per record."""
    offers = directory_capabilities().filter(owner_id=OuterRef("user_id"), for_organisation=False)
    claims = ArchiveClaim.objects.filter(state=ClaimState.ACCEPTED, user__is_active=True)
    homes = Prefetch("user__memberships", Membership.objects.select_related("organisation").order_by("since"))
    claims = claims.annotate(offers=Exists(offers)).select_related("user__profile").prefetch_related(homes)
    return Prefetch(path, claims.order_by("decided_at"), to_attr="accepted_claims")


def records_with_claimants() -> QuerySet[ArchiveRecord]:
    """The archive with who stands behind each record; public for everyone."""
    return visible_archive().prefetch_related(accepted_claims())


def claimants_of(record: ArchiveRecord) -> list[Claimant]:
    """Whoever can be reached about a record, the first accepted first."""
    found = (_claimant(claim) for claim in record.accepted_claims)
    return list(dict.fromkeys(claimant for claimant in found if claimant))


def _claimant(claim: ArchiveClaim) -> Claimant | None:
    """None for somebody who has neither a page of their own nor an organisation: they cannot be shown yet."""
    person = claim.user
    if (person.name_zh or person.name_en) and (hasattr(person, "profile") or claim.offers):  # type: ignore[attr-defined]  # annotated above
        return Claimant(person=person)
    homes = [membership.organisation for membership in person.memberships.all()]
    return Claimant(organisation=homes[0]) if homes else None
