"""What the parties of a challenge, capability or match are told. Only names and titles of public objects are handed on."""

from collections.abc import Iterable

from accounts.choices import MembershipRole, NoticeKind
from accounts.models import User
from accounts.services.notices import tell
from projects.models import ArchiveClaim, Challenge, ConfidentialReading, Invitation, Match

KIND_OF_DECISION = {
    "published": NoticeKind.CHALLENGE_PUBLISHED,
    "ask_changes": NoticeKind.CHANGES_ASKED,
    "reject": NoticeKind.CHALLENGE_REJECTED,
}


def challenge_decided(challenge: Challenge, decision: str, *, by: User) -> None:
    """Tells the firm's people what a moderator decided; nobody is told of their own deed."""
    for person in _firm_people(challenge):
        if person.pk != by.pk:
            tell(
                person,
                event_key=f"challenge:{challenge.pk}:{decision}:{challenge.updated_at:%Y%m%d%H%M%S%f}",
                kind=KIND_OF_DECISION[decision],
                data=_titles(challenge),
                path=f"challenges/{challenge.pk}/",
            )


def confidential_read(reading: ConfidentialReading) -> None:
    """Tells the firm that a moderator opened the confidential text, and why."""
    for person in _firm_people(reading.challenge):
        tell(
            person,
            event_key=f"confidential-read:{reading.pk}",
            kind=NoticeKind.CONFIDENTIAL_READ,
            data={**_titles(reading.challenge), "reason": reading.reason},
            path=f"challenges/{reading.challenge_id}/",
        )


def new_matches(matches: Iterable[Match]) -> None:
    """Tells owners of capabilities of strong matches with published challenges, each pair once, on the site only."""
    for match in matches:
        tell(
            match.capability.owner,
            event_key=f"match:{match.challenge_id}:{match.capability_id}",
            kind=NoticeKind.NEW_MATCH,
            data=_titles(match.challenge),
            path=f"matches/{match.challenge_id}/{match.capability_id}/",
            by_email=False,
        )


def new_capabilities(matches: Iterable[Match]) -> None:
    """Tells a firm's people of strong matches with what was published after their challenge, each pair once, on the site only."""
    for match in matches:
        offer = {"offer_zh": match.capability.title_zh, "offer_en": match.capability.title_en}
        for person in _firm_people(match.challenge):
            tell(
                person,
                event_key=f"match:{match.challenge_id}:{match.capability_id}",
                kind=NoticeKind.NEW_MATCH,
                data=_titles(match.challenge) | offer,
                path=f"matches/{match.challenge_id}/{match.capability_id}/",
                by_email=False,
            )


def invited(invitation: Invitation) -> None:
    """Tells the owner of a capability that a firm invites them."""
    tell(
        invitation.capability.owner,
        event_key=f"invitation:{invitation.pk}",
        kind=NoticeKind.INVITATION,
        data=_titles(invitation.challenge),
        path=f"invitations/{invitation.pk}/",
    )


def invitation_answered(invitation: Invitation) -> None:
    """Tells the firm's people how an invitation was answered."""
    for person in _firm_people(invitation.challenge):
        tell(
            person,
            event_key=f"invitation:{invitation.pk}:{invitation.state}",
            kind=NoticeKind.INVITATION_ANSWER,
            data={**_titles(invitation.challenge), "state": invitation.state},
            path=f"invitations/{invitation.pk}/",
        )


def invitation_ended(invitation: Invitation) -> None:
    """Tells the owner of a capability that the challenge has left the board, and how, and the invitation with it."""
    tell(
        invitation.capability.owner,
        event_key=f"invitation:{invitation.pk}:{invitation.state}",
        kind=NoticeKind.INVITATION,
        data={**_titles(invitation.challenge), "ended": invitation.challenge.state},
        path=f"invitations/{invitation.pk}/",
    )


def claim_decided(claim: ArchiveClaim) -> None:
    """Tells somebody whether their claim to a record was accepted."""
    tell(
        claim.user,
        event_key=f"claim:{claim.pk}",
        kind=NoticeKind.CLAIM_ANSWER,
        data={"title_zh": claim.record.title_zh, "title_en": claim.record.title_en, "state": claim.state},
        path=f"archive/{claim.record_id}/",
    )


def _firm_people(challenge: Challenge) -> list[User]:
    """The owners and members of the organisation that posted a challenge."""
    roles = (MembershipRole.OWNER, MembershipRole.MEMBER)
    return list(
        User.objects.filter(
            memberships__organisation_id=challenge.organisation_id, memberships__role__in=roles, is_active=True
        ).distinct()
    )


def _titles(challenge: Challenge) -> dict[str, str]:
    """The title in both languages, for the words of a notice."""
    return {"title_zh": challenge.title_zh, "title_en": challenge.title_en}
