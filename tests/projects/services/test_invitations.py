"""A firm invites, the owner of the capability answers."""

import pytest
from django.core.exceptions import ValidationError

from accounts.models import Notice
from projects.models import Invitation
from projects.services.invitations import (
    accept_invitation,
    decline_invitation,
    invite,
    places_free,
    see_invitation,
    withdraw_invitation,
)
from projects.states import NotAllowed
from tests.factories import CapabilityFactory, ChallengeFactory, DraftFactory, InvitationFactory

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
