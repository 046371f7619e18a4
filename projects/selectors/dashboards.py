"""Reads what the signed-in pages open with: what waits for a decision, what changed, and the small facts lists need."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.models import Activity
from accounts.rules import Viewer, roles_of
from projects.choices import Band
from projects.models import Capability, Challenge, ConfidentialReading, EvidenceItem, Invitation, Match
from projects.rules import is_insider, owns_capability
from projects.selectors.access import (
    board_challenges,
    visible_capabilities,
    visible_challenges,
    visible_invitations,
    visible_matches,
)
from projects.selectors.matches import matches_for_researcher
from projects.states import InvitationState

OPEN_INVITATIONS = (InvitationState.SENT, InvitationState.SEEN)
ANSWERED = (InvitationState.ACCEPTED, InvitationState.DECLINED)
RECENT = timedelta(days=30)


def firm_challenges(user: Viewer) -> QuerySet[Challenge]:
    """The challenges of a person's organisations, last touched first, with how many strong and possible matches each has."""
    matches = Match.objects.filter(challenge=OuterRef("pk"), gated=False).values("challenge")
    return (
        visible_challenges(user)
        .filter(organisation_id__in=list(roles_of(user)))
        .annotate(
            possible_count=Coalesce(
                Subquery(matches.filter(band=Band.POSSIBLE).annotate(n=Count("pk")).values("n")), 0
            ),
            strong_count=Coalesce(Subquery(matches.filter(band=Band.STRONG).annotate(n=Count("pk")).values("n")), 0),
        )
        .order_by("-updated_at", "pk")
    )


def answered_invitations(user: Viewer) -> QuerySet[Invitation]:
    """The answers of the last weeks to invitations that a person's organisations sent."""
    return (
        visible_invitations(user)
        .filter(
            challenge__organisation_id__in=list(roles_of(user)),
            state__in=ANSWERED,
            answered_at__gt=timezone.now() - RECENT,
        )
        .select_related("capability__city", "capability__organisation__city")
        .order_by("-answered_at")
    )


def recent_readings(user: Viewer) -> QuerySet[ConfidentialReading]:
    """Who of the moderators read confidential text of a person's organisations in the last weeks, and why."""
    return (
        ConfidentialReading.objects.filter(
            challenge__organisation_id__in=list(roles_of(user)), at__gt=timezone.now() - RECENT
        )
        .select_related("challenge", "reader")
        .order_by("-at")
    )


def recent_deeds(user: Viewer) -> QuerySet[Activity]:
    """What people did for a person's organisations, newest first."""
    return (
        Activity.objects.filter(organisation_id__in=list(roles_of(user)), object_type="challenge")
        .select_related("actor")
        .order_by("-at")
    )


def own_capabilities(user: Viewer) -> QuerySet[Capability]:
    """What a person offers, alone or for their organisation, with taken places and evidence counted."""
    evidence = EvidenceItem.objects.filter(capability=OuterRef("pk")).values("capability").annotate(n=Count("pk"))
    taken = Invitation.objects.filter(capability=OuterRef("pk"), state=InvitationState.ACCEPTED).values("capability")
    return (
        visible_capabilities(user)
        .filter(Q(owner_id=user.pk) | Q(for_organisation=True, organisation_id__in=list(roles_of(user))))
        .annotate(
            evidence_count=Coalesce(Subquery(evidence.values("n")), 0),
            taken=Coalesce(Subquery(taken.annotate(n=Count("pk")).values("n")), 0),
        )
        .order_by("-updated_at", "pk")
    )


def received_invitations(user: Viewer) -> QuerySet[Invitation]:
    """The invitations to a person's capabilities that wait for an answer, the most urgent first."""
    return _invitations_to(user).filter(state__in=OPEN_INVITATIONS).order_by("answer_by", "sent_at")


def accepted_invitations(user: Viewer) -> QuerySet[Invitation]:
    """The invitations that a person said yes to, the latest first: what their places are taken by."""
    return _invitations_to(user).filter(state=InvitationState.ACCEPTED).order_by("-answered_at")


def _invitations_to(user: Viewer) -> QuerySet[Invitation]:
    """The invitations to what a person offers, alone or with their organisation."""
    mine = Q(capability__owner_id=user.pk) | Q(
        capability__for_organisation=True, capability__organisation_id__in=list(roles_of(user))
    )
    related = ("challenge__city", "challenge__organisation__city")
    return visible_invitations(user).filter(mine).select_related(*related)


def ranked_challenges(user: Viewer) -> list[UUID]:
    """The pairs of a person's capabilities with challenges, best first, each challenge once with its best capability."""
    ranked = matches_for_researcher(user).select_related(None).values_list("pk", "challenge_id")
    best: dict[UUID, UUID] = {}
    for match, challenge in ranked:
        best.setdefault(challenge, match)
    return list(best.values())


def pairs_in_order(user: Viewer, pks: Sequence[UUID]) -> list[Match]:
    """The given pairs as far as somebody may see them, in the given order."""
    rows = visible_matches(user).filter(pk__in=list(pks)).prefetch_related("capability__evidence")
    found = {match.pk: match for match in rows}
    return [found[pk] for pk in pks if pk in found]


def without_strong_match(user: Viewer) -> QuerySet[Challenge]:
    """Challenges on the board that nobody matches strongly, the longest waiting first: where a bridge helps most."""
    strong = Match.objects.filter(challenge=OuterRef("pk"), gated=False, band=Band.STRONG)
    return board_challenges().filter(~Exists(strong)).order_by("published_at", "pk")


def in_one_language(user: Viewer) -> QuerySet[Challenge]:
    """Challenges on the board whose problem is told in one language only."""
    return board_challenges().filter(Q(problem_zh="") | Q(problem_en="")).order_by("published_at", "pk")


def accepted_counts(capabilities: Iterable[UUID]) -> dict[UUID, int]:
    """How many projects each capability has taken on."""
    rows = Invitation.objects.filter(capability_id__in=list(capabilities), state=InvitationState.ACCEPTED)
    return dict(rows.values_list("capability_id").annotate(n=Count("pk")))


def invitations_of_challenge(user: Viewer, challenge: Challenge) -> dict[UUID, Invitation]:
    """The last invitation of each capability to talk about a challenge, as far as somebody may see them."""
    rows = visible_invitations(user).filter(challenge=challenge).select_related(None).order_by("sent_at")
    return {row.capability_id: row for row in rows}


def invitations_of_capability(user: Viewer, capability: Capability) -> dict[UUID, Invitation]:
    """The last invitation of a capability by each challenge, as far as somebody may see them."""
    rows = visible_invitations(user).filter(capability=capability).select_related(None).order_by("sent_at")
    return {row.challenge_id: row for row in rows}


def invitation_of_pair(user: Viewer, challenge: Challenge, capability: Capability) -> Invitation | None:
    """The last invitation of a pair, for its two sides."""
    if not is_insider(user, challenge) and not owns_capability(user, capability):
        return None
    return Invitation.objects.filter(challenge=challenge, capability=capability).order_by("-sent_at").first()
