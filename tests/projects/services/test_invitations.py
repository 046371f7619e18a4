"""A firm invites, the owner of the capability answers."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts.models import Notice, User
from projects.models import Challenge, Invitation
from projects.services.capabilities import hide_capability
from projects.services.challenges import close_challenge, expire_challenges, withdraw_challenge
from projects.services.invitations import (
    accept_invitation,
    decline_invitation,
    invite,
    places_free,
    see_invitation,
    withdraw_invitation,
)
from projects.states import NotAllowed
from tests.factories import (
    CapabilityFactory,
    ChallengeFactory,
    DraftFactory,
    InvitationFactory,
    MembershipFactory,
    OrganisationFactory,
)

pytestmark = pytest.mark.django_db


def test_an_invitation_is_told_to_the_owner_once() -> None:
    challenge, capability = ChallengeFactory(), CapabilityFactory()

    invite(challenge, capability, by=challenge.author, message="想和您谈谈。")

    notice = Notice.objects.get(recipient=capability.owner, channel="in_app")
    assert (notice.kind, notice.data["title_zh"]) == ("invitation", challenge.title_zh)
    with pytest.raises(ValidationError):
        invite(challenge, capability, by=challenge.author)
    assert Invitation.objects.count() == 1


def test_nobody_is_invited_to_a_draft_or_to_what_is_hidden() -> None:
    draft, challenge = DraftFactory(), ChallengeFactory()

    with pytest.raises(ValidationError):
        invite(draft, CapabilityFactory(), by=draft.author)
    with pytest.raises(ValidationError):
        invite(challenge, CapabilityFactory(state="hidden"), by=challenge.author)


def test_accepting_takes_a_place_and_a_full_owner_cannot_accept() -> None:
    capability = CapabilityFactory(max_active=1)
    first, second = InvitationFactory(capability=capability), InvitationFactory(capability=capability)

    see_invitation(first)
    accept_invitation(first, by=capability.owner)

    assert places_free(capability) == 0
    with pytest.raises(ValidationError):
        accept_invitation(second, by=capability.owner)
    assert Notice.objects.filter(recipient=first.challenge.author, kind="invitation_answer", channel="in_app").exists()


def test_declining_needs_a_reason_and_a_sentence() -> None:
    invitation = InvitationFactory()

    with pytest.raises(ValidationError) as caught:
        decline_invitation(invitation, by=invitation.capability.owner, reason="because", answer=" ")
    assert set(caught.value.message_dict) == {"reason", "answer"}

    declined = decline_invitation(invitation, by=invitation.capability.owner, reason="no_time", answer="今年没有时间。")
    assert (declined.state, declined.answer) == ("declined", "今年没有时间。")


def test_an_answer_is_final() -> None:
    invitation = InvitationFactory()
    withdraw_invitation(invitation, by=invitation.sent_by)

    with pytest.raises(NotAllowed):
        accept_invitation(invitation, by=invitation.capability.owner)


def expired(challenge: Challenge) -> Any:
    Challenge.objects.filter(pk=challenge.pk).update(deadline=timezone.localdate() - timedelta(days=1))
    return expire_challenges(today=timezone.localdate())


ENDS: dict[str, Callable[[Challenge], Any]] = {
    "closed": lambda challenge: close_challenge(challenge, by=challenge.author),
    "withdrawn": lambda challenge: withdraw_challenge(challenge, by=challenge.author),
    "expired": expired,
}


@pytest.mark.parametrize("state", ENDS)
def test_open_invitations_end_with_their_challenge_and_each_is_told_once(state: str) -> None:
    challenge = ChallengeFactory()
    sent, seen, declined, accepted = (
        InvitationFactory(challenge=challenge, state=name) for name in ("sent", "seen", "declined", "accepted")
    )

    ENDS[state](challenge)

    states = {row.pk: row.state for row in Invitation.objects.all()}
    assert states == {sent.pk: "ended", seen.pk: "ended", declined.pk: "declined", accepted.pk: "accepted"}
    told = Notice.objects.filter(kind="invitation", channel="in_app")
    assert {notice.recipient for notice in told} == {sent.capability.owner, seen.capability.owner}
    assert told.count() == 2
    assert {notice.data["ended"] for notice in told} == {state}


def test_what_has_left_the_board_is_accepted_no_more() -> None:
    ended, forgotten = InvitationFactory(), InvitationFactory()
    close_challenge(ended.challenge, by=ended.challenge.author)
    Challenge.objects.filter(pk=forgotten.challenge_id).update(state="closed")

    with pytest.raises(NotAllowed):
        accept_invitation(ended, by=ended.capability.owner)
    with pytest.raises(ValidationError):
        accept_invitation(forgotten, by=forgotten.capability.owner)

    assert places_free(ended.capability) == places_free(forgotten.capability) == 2


def own_capability(author: User) -> Any:
    return CapabilityFactory(organisation=author.memberships.get().organisation)


def on_both_sides(author: User) -> Any:
    capability = CapabilityFactory()
    MembershipFactory(user=capability.owner, organisation=author.memberships.get().organisation)
    return capability


def without_a_place(author: User) -> Any:
    return InvitationFactory(capability__max_active=1, state="accepted").capability


def hidden_since(author: User) -> Any:
    capability = CapabilityFactory()
    hide_capability(capability, by=capability.owner)
    return capability  # as it was read before


REFUSED = {
    "your own organisation": own_capability,
    "also acts for your organisation": on_both_sides,
    "All places": without_a_place,
    "not offered any more": hidden_since,
    "The owner of this capability": lambda author: CapabilityFactory(owner=author, organisation=OrganisationFactory()),
}


@pytest.mark.parametrize("sentence", REFUSED)
def test_what_rules_a_pair_out_rules_an_invitation_out(sentence: str) -> None:
    challenge = ChallengeFactory()
    capability = REFUSED[sentence](challenge.author)

    with pytest.raises(ValidationError) as caught:
        invite(challenge, capability, by=challenge.author)

    assert sentence in caught.value.messages[0]
    assert not Invitation.objects.filter(challenge=challenge).exists()
