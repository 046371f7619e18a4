"""A firm invites the owner of a capability; the owner answers.

Whoever needs several of them locks the challenge first, then the capability, then the invitation.
"""

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.rules import can_act_for
from accounts.services.activity import record
from matchmaker.plaintext import tidy
from projects import queue
from projects.choices import Collection, DeclineReason
from projects.models import Capability, Challenge, Invitation
from projects.services import notifications
from projects.services.texts import too_long
from projects.states import INVITATION_MOVES, InvitationState, follow

LONGEST_MESSAGE = 1500
ANSWER_WITHIN = timedelta(days=14)


def invite(challenge: Challenge, capability: Capability, *, by: User, message: str = "") -> Invitation:
    """Invites the owner of a capability to talk about a challenge; once per pair while one is open.

    What rules a pair out rules an invitation out too, whoever asks and however long ago the pair was matched.
    """
    message = tidy(message)
    if len(message) > LONGEST_MESSAGE:
        raise ValidationError({"message": too_long(len(message), LONGEST_MESSAGE)})
    try:
        with transaction.atomic():
            challenge = Challenge.objects.select_for_update().get(pk=challenge.pk)
            capability = Capability.objects.select_for_update().get(pk=capability.pk)
            _check_invitable(challenge, capability, by)
            invitation = Invitation.objects.create(
                challenge=challenge,
                capability=capability,
                sent_by=by,
                message=message,
                answer_by=timezone.localdate() + ANSWER_WITHIN,
            )
            record(by, "invited", invitation, organisation=challenge.organisation)
            notifications.invited(invitation)
    except IntegrityError:
        raise ValidationError(_("You have invited them already.")) from None
    return invitation


def _check_invitable(challenge: Challenge, capability: Capability, by: User) -> None:
    """Says what stands against an invitation; raises ValidationError."""
    if not challenge.live:
        raise ValidationError(_("This challenge is not on the board, so nobody can be invited."))
    if not capability.live:
        raise ValidationError(_("This capability is not offered any more."))
    if capability.organisation_id == challenge.organisation_id:
        raise ValidationError(_("This capability belongs to your own organisation, so it cannot be invited."))
    if capability.owner_id in (by.pk, challenge.author_id) or can_act_for(capability.owner, challenge.organisation_id):
        raise ValidationError(_("The owner of this capability also acts for your organisation and cannot be invited."))
    if places_free(capability) < 1:
        raise ValidationError(_("All places of this capability are taken. Invite its owner when one is free again."))


def see_invitation(invitation: Invitation) -> None:
    """Notes that the invited person has opened the invitation."""
    Invitation.objects.filter(pk=invitation.pk, state=InvitationState.SENT).update(state=InvitationState.SEEN)


def accept_invitation(invitation: Invitation, *, by: User, answer: str = "") -> Invitation:
    """Accepts, as long as the challenge is on the board and there is a free place."""
    with transaction.atomic():
        challenge = Challenge.objects.select_for_update().get(pk=invitation.challenge_id)
        capability = Capability.objects.select_for_update().get(pk=invitation.capability_id)
        invitation.refresh_from_db(fields=["state"])
        follow(INVITATION_MOVES, "accept", invitation.state)  # a doubled click is not a lack of places
        if not challenge.live:
            raise ValidationError(
                _("This challenge has left the board, so the invitation cannot be accepted any more.")
            )
        if places_free(capability) < 1:
            raise ValidationError(_("All your places are taken. Raise the number of projects first, or decline."))
        invitation = _answer(invitation, "accept", by, answer, "")
        queue.index_changed(Collection.CAPABILITIES, capability.pk)
    return invitation


def decline_invitation(invitation: Invitation, *, by: User, reason: str, answer: str) -> Invitation:
    """Declines with a reason from the list and a sentence that the firm reads."""
    errors = {}
    if reason not in DeclineReason.values:
        errors["reason"] = _("Choose a reason.")
    if not tidy(answer):
        errors["answer"] = _("Write a sentence to the firm.")
    if errors:
        raise ValidationError(errors)
    return _answer(invitation, "decline", by, answer, reason)


def withdraw_invitation(invitation: Invitation, *, by: User) -> Invitation:
    """Takes back an invitation that was not answered yet."""
    return _answer(invitation, "withdraw", by, "", "")


def end_invitations(challenge: Challenge, *, by: User | None) -> None:
    """Ends the open invitations of a challenge that has left the board, and tells whoever was invited why."""
    waiting = Invitation.objects.filter(challenge=challenge, state__in=INVITATION_MOVES["end"]).order_by("pk")
    for invitation in waiting.select_related("capability__owner").select_for_update(of=("self",)):
        invitation.challenge = challenge
        invitation.state = follow(INVITATION_MOVES, "end", invitation.state)
        invitation.answered_at = timezone.now()
        invitation.save(update_fields=["state", "answered_at"])
        record(by, "end", invitation, organisation=challenge.organisation)
        notifications.invitation_ended(invitation)


def places_free(capability: Capability) -> int:
    """How many more projects the owner of a capability takes on."""
    taken = Invitation.objects.filter(capability=capability, state=InvitationState.ACCEPTED).count()
    return max(0, capability.max_active - taken)


def _answer(invitation: Invitation, deed: str, by: User, answer: str, reason: str) -> Invitation:
    """Moves an invitation on and tells the firm."""
    answer = tidy(answer)
    if len(answer) > LONGEST_MESSAGE:
        raise ValidationError({"answer": too_long(len(answer), LONGEST_MESSAGE)})
    with transaction.atomic():
        invitation = Invitation.objects.select_for_update().get(pk=invitation.pk)
        invitation.state = follow(INVITATION_MOVES, deed, invitation.state)
        invitation.answer, invitation.decline_reason, invitation.answered_at = answer, reason, timezone.now()
        invitation.save()
        record(by, deed, invitation, organisation=invitation.challenge.organisation)
        if deed != "withdraw":
            notifications.invitation_answered(invitation)
    return invitation
