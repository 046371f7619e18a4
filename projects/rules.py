"""Decides who may do what with challenges, capabilities, matches and invitations. Plain functions, True or False."""

from datetime import timedelta

from django.utils import timezone

from accounts.rules import Viewer, can_act_for, can_moderate, is_member
from projects.choices import ConfidentialityTier
from projects.models import Capability, Challenge, ConfidentialReading, Invitation, Match
from projects.states import (
    LIVE_CAPABILITIES,
    OVER_CHALLENGES,
    SHOWN_CHALLENGES,
    CapabilityState,
    InvitationState,
)

READING_LASTS = timedelta(hours=1)


def is_insider(user: Viewer, challenge: Challenge) -> bool:
    """Anyone of the organisation that posts it."""
    return is_member(user, challenge.organisation_id)


def can_see_challenge(user: Viewer, challenge: Challenge) -> bool:
    """Everyone once it is published; else only the organisation and, when it was ever handed in, moderators."""
    if challenge.state in SHOWN_CHALLENGES or is_insider(user, challenge):
        return True
    return can_moderate(user) and challenge.handed_in


def can_see_members_part(user: Viewer, challenge: Challenge) -> bool:
    """The organisation's own fields: the organisation and, when it was ever handed in, moderators."""
    return is_insider(user, challenge) or (can_moderate(user) and challenge.handed_in)


def can_see_poster(user: Viewer, challenge: Challenge) -> bool:
    """Who posted an anonymous challenge is known to the organisation and to moderators only."""
    return not challenge.anonymous or can_see_members_part(user, challenge)


def can_see_parent(user: Viewer, challenge: Challenge) -> bool:
    """What a challenge is a part of. Both are of one firm, so either would name it where the other does not.

    To a stranger a parent that may not be told looks like none: it would say that the firm posts something without its name.
    """
    parent = challenge.parent_challenge
    if parent is None:
        return can_see_members_part(user, challenge)
    return all(can_see_challenge(user, one) and can_see_poster(user, one) for one in (challenge, parent))


def can_edit_challenge(user: Viewer, challenge: Challenge) -> bool:
    """Owners and members of the organisation, while the challenge is not over."""
    return can_act_for(user, challenge.organisation_id) and challenge.state not in OVER_CHALLENGES


def can_see_matches(user: Viewer, challenge: Challenge) -> bool:
    """The list of a challenge's matches is the organisation's; moderators see it once the challenge was submitted."""
    return can_see_members_part(user, challenge)


def can_read_confidential(user: Viewer, challenge: Challenge) -> bool:
    """Owners and members of the organisation always, its viewers like others by the challenge's tier; a moderator for an hour
    after giving a reason."""
    if not user.is_authenticated or not user.is_active:
        return False
    if can_act_for(user, challenge.organisation_id):
        return True
    if can_moderate(user):
        lately = ConfidentialReading.objects.filter(reader_id=user.pk, at__gt=timezone.now() - READING_LASTS)
        return challenge.handed_in and lately.filter(challenge=challenge).exists()
    if challenge.state not in SHOWN_CHALLENGES:
        return False
    if challenge.confidentiality_tier == ConfidentialityTier.REGISTERED:
        return bool(user.emailaddress_set.filter(verified=True).exists())  # type: ignore[attr-defined]  # allauth adds the relation
    if challenge.confidentiality_tier == ConfidentialityTier.INVITED:
        invited = (InvitationState.SENT, InvitationState.SEEN, InvitationState.ACCEPTED)
        return Invitation.objects.filter(challenge=challenge, capability__owner_id=user.pk, state__in=invited).exists()
    return False


def can_see_capability(user: Viewer, capability: Capability) -> bool:
    """Everyone while it is in the directory; else its owner and the organisation that offers it; moderators once it was."""
    if capability.state in LIVE_CAPABILITIES or owns_capability(user, capability):
        return True
    return can_moderate(user) and capability.was_public


def owns_capability(user: Viewer, capability: Capability) -> bool:
    """The owner, or for what an organisation offers anyone of it."""
    if not user.is_authenticated or not user.is_active:
        return False
    return capability.owner_id == user.pk or (
        capability.for_organisation and is_member(user, capability.organisation_id)
    )


def can_edit_capability(user: Viewer, capability: Capability) -> bool:
    """The owner, or for what an organisation offers its owners and members; not once archived."""
    if not user.is_authenticated or not user.is_active or capability.state == CapabilityState.ARCHIVED:
        return False
    return capability.owner_id == user.pk or (
        capability.for_organisation and can_act_for(user, capability.organisation_id)
    )


def can_see_match(user: Viewer, match: Match) -> bool:
    """Either side of the pair, each only where it may see the other's object; moderators."""
    if can_see_matches(user, match.challenge):
        return can_see_capability(user, match.capability)
    return owns_capability(user, match.capability) and match.challenge.live


def can_invite(user: Viewer, challenge: Challenge) -> bool:
    """Owners and members of the organisation, while the challenge is on the board."""
    return can_act_for(user, challenge.organisation_id) and challenge.live


def can_withdraw_invitation(user: Viewer, invitation: Invitation) -> bool:
    """Owners and members of the organisation that invited."""
    return can_act_for(user, invitation.challenge.organisation_id)


def can_see_invitation(user: Viewer, invitation: Invitation) -> bool:
    """The two sides."""
    return is_insider(user, invitation.challenge) or owns_capability(user, invitation.capability)


def can_answer_invitation(user: Viewer, invitation: Invitation) -> bool:
    """Whoever may change the invited capability."""
    return can_edit_capability(user, invitation.capability)
