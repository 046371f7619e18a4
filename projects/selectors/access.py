"""The one place that says which rows and which fields somebody may read."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.rules import Viewer, can_moderate, roles_of
from matchmaker.privacy import MEMBER, PUBLIC, fields_of
from projects import rules
from projects.models import (
    ArchiveRecord,
    Capability,
    Challenge,
    ConfidentialReading,
    ConfidentialText,
    Invitation,
    Match,
    Preview,
)
from projects.states import LIVE_CAPABILITIES, LIVE_CHALLENGES, SHOWN_CHALLENGES

HIDDEN_WHEN_ANONYMOUS = frozenset({"organisation", "author", "city", "working_level_user", "internal_owner"})
CONFIDENTIAL_FIELDS = ("confidential_background", "confidential_problem", "confidential_data")
BOTTLENECK_FIELDS = frozenset({"is_bottleneck", "imported_today", "substitute_sought"})


def visible_challenges(user: Viewer) -> QuerySet[Challenge]:
    """The challenges that somebody may know of."""
    seen = Q(state__in=SHOWN_CHALLENGES)
    if roles_of(user):
        seen |= Q(organisation_id__in=roles_of(user))
    if can_moderate(user):
        seen |= _handed_in()
    return Challenge.objects.filter(seen).select_related("organisation__city", "city")


def _handed_in(path: str = "") -> Q:
    """The condition that ``Challenge.handed_in`` is for one row; ``path`` leads to the challenge."""
    return Q(**{f"{path}submitted_at__isnull": False}) | Q(**{f"{path}published_at__isnull": False})


def board_challenges() -> QuerySet[Challenge]:
    """The challenges on the public board: the same for everyone."""
    return Challenge.objects.filter(state__in=LIVE_CHALLENGES).select_related("organisation__city", "city")


def visible_capabilities(user: Viewer) -> QuerySet[Capability]:
    """The capabilities that somebody may know of."""
    seen = Q(state__in=LIVE_CAPABILITIES)
    if user.is_authenticated:
        seen |= Q(owner_id=user.pk) | Q(for_organisation=True, organisation_id__in=roles_of(user))
    if can_moderate(user):
        seen |= Q(published_at__isnull=False)
    return Capability.objects.filter(seen).select_related("organisation__city", "city", "owner")


def directory_capabilities() -> QuerySet[Capability]:
    """The capabilities in the public directory: the same for everyone."""
    live = Capability.objects.filter(state__in=LIVE_CAPABILITIES)
    return live.select_related("organisation__city", "city", "owner")


def visible_matches(user: Viewer) -> QuerySet[Match]:
    """The pairs that somebody may see, from either side."""
    pairs = Match.objects.select_related(
        "challenge__organisation__city",
        "challenge__city",
        "capability__organisation__city",
        "capability__city",
        "capability__owner",
    )
    if not user.is_authenticated:
        return pairs.none()
    mine = list(roles_of(user))
    own = Q(capability__owner_id=user.pk) | Q(capability__for_organisation=True, capability__organisation_id__in=mine)
    firm = Q(challenge__organisation_id__in=mine)
    if can_moderate(user):
        firm |= _handed_in("challenge__")
    return pairs.filter(
        Q(firm & (Q(capability__state__in=LIVE_CAPABILITIES) | own)) | Q(own & Q(challenge__state__in=LIVE_CHALLENGES))
    )


def with_known_poster(user: Viewer, matches: QuerySet[Match]) -> QuerySet[Match]:
    """Leaves out the pairs whose poster somebody may not know, as ``rules.can_see_poster`` says of one challenge."""
    known = Q(challenge__anonymous=False) | Q(challenge__organisation_id__in=list(roles_of(user)))
    if can_moderate(user):
        known |= _handed_in("challenge__")
    return matches.filter(known)


def visible_invitations(user: Viewer) -> QuerySet[Invitation]:
    """The invitations that somebody sent or received."""
    rows = Invitation.objects.select_related("challenge__organisation", "capability__owner", "capability__organisation")
    if not user.is_authenticated:
        return rows.none()
    mine = list(roles_of(user))
    return rows.filter(
        Q(challenge__organisation_id__in=mine)
        | Q(capability__owner_id=user.pk)
        | Q(capability__for_organisation=True, capability__organisation_id__in=mine)
    )


def visible_archive() -> QuerySet[ArchiveRecord]:
    """The archive: public for everyone."""
    return ArchiveRecord.objects.select_related("source")


def visible_previews(visitor: str) -> QuerySet[Preview]:
    """A visitor's own previews."""
    return Preview.objects.filter(visitor=visitor) if visitor else Preview.objects.none()


def fields_for(user: Viewer, subject: Challenge | Capability) -> frozenset[str]:
    """The names of the fields of one object that somebody may read. Confidential text is asked for apart."""
    if isinstance(subject, Capability):
        classes = (PUBLIC, MEMBER) if rules.owns_capability(user, subject) or can_moderate(user) else (PUBLIC,)
        return fields_of(Capability.FIELD_CLASSES, classes)
    inside = rules.can_see_members_part(user, subject)
    fields = fields_of(Challenge.FIELD_CLASSES, (PUBLIC, MEMBER) if inside else (PUBLIC,))
    if not rules.can_see_poster(user, subject):
        fields -= HIDDEN_WHEN_ANONYMOUS
    if not rules.can_see_parent(user, subject):
        fields -= {"parent_challenge"}
    if subject.bottleneck_public:
        fields |= BOTTLENECK_FIELDS
    return fields


def confidential_text(user: Viewer, challenge: Challenge) -> ConfidentialText | None:
    """The confidential text, for those who may read it; None for all others, and when there is none."""
    if not rules.can_read_confidential(user, challenge):
        return None
    return ConfidentialText.objects.filter(challenge=challenge).first()


def has_confidential_text(challenges: QuerySet[Challenge]) -> QuerySet[Challenge]:
    """Marks whether a challenge has a confidential part, for its own organisation's pages and for moderators."""
    return challenges.annotate(has_confidential=Exists(filled_confidential().filter(challenge=OuterRef("pk"))))


def filled_confidential() -> QuerySet[ConfidentialText]:
    """The confidential texts in which something stands; to ask whether, never to read."""
    return ConfidentialText.objects.exclude(confidential_background="", confidential_problem="", confidential_data="")


def readings_of(user: Viewer, challenge: Challenge) -> QuerySet[ConfidentialReading]:
    """Who of the moderators read the confidential text, for the organisation that owns it."""
    rows = ConfidentialReading.objects.filter(challenge=challenge).select_related("reader")
    return rows if rules.is_insider(user, challenge) else rows.none()


def only(pks: Iterable[UUID], rows: QuerySet) -> QuerySet:  # type: ignore[type-arg]  # any model
    """Narrows rows to the given ids."""
    return rows.filter(pk__in=list(pks))
