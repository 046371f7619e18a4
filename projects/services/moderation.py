"""From submission to decision: submit, publish, ask for changes, reject, read confidential text with a reason, decide on claims."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.services.activity import record
from matchmaker.plaintext import tidy
from projects import queue
from projects.choices import Collection
from projects.models import ArchiveClaim, Challenge, ConfidentialReading
from projects.selectors.access import filled_confidential
from projects.services import notifications
from projects.services.challenges import apply_pending, check_publishable, keep_version
from projects.states import CHALLENGE_MOVES, ChallengeState, ClaimState, NotAllowed, follow

SHORTEST_REASON = 5
"""Characters; a Chinese sentence can be that short."""


def submit_challenge(challenge: Challenge, *, by: User) -> Challenge:
    """Hands a draft to the moderators; a trusted organisation's is published at once."""
    with transaction.atomic():
        challenge = Challenge.objects.select_for_update().select_related("organisation").get(pk=challenge.pk)
        state = follow(CHALLENGE_MOVES, "submit", challenge.state)
        check_publishable(challenge)
        challenge.state, challenge.submitted_at, challenge.updated_at = state, timezone.now(), timezone.now()
        challenge.moderation_note = ""
        challenge.save()
        record(by, "submitted", challenge, organisation=challenge.organisation)
        if challenge.organisation.trusted:
            challenge = _publish(challenge, by)
    return challenge


def publish_challenge(challenge: Challenge, *, by: User, seen: str) -> Challenge:
    """Puts a submitted challenge, or a waiting revision, on the board, and asks for its matches.

    ``seen`` is the fingerprint of the text that the moderator decides on; when the firm has saved another since, nothing is
    decided. So it is with the other decisions.
    """
    with transaction.atomic():
        return _publish(_as_seen(challenge, "publish", seen), by)


def ask_for_changes(challenge: Challenge, *, by: User, seen: str, note: str) -> Challenge:
    """Sends a challenge back with a sentence on what is missing. A published version stays on the board."""
    return _send_back(challenge, "ask_changes", by, seen, note)


def reject_challenge(challenge: Challenge, *, by: User, seen: str, note: str) -> Challenge:
    """Does not accept a challenge, or a revision of it, and says why."""
    return _send_back(challenge, "reject", by, seen, note)


def _as_seen(challenge: Challenge, deed: str, seen: str) -> Challenge:
    """Holds a challenge until the commit; an error when the deed is not possible, or when its text is not the one seen."""
    challenge = Challenge.objects.select_for_update().get(pk=challenge.pk)
    follow(CHALLENGE_MOVES, deed, challenge.state)
    if challenge.fingerprint != seen:
        words = _(
            "“%(title)s” was changed by the firm after you opened it, so nothing has been decided. "
            "Read what it says now, and decide again."
        )
        raise ValidationError({"seen": words % {"title": str(challenge.revised())}})
    return challenge


def _publish(challenge: Challenge, by: User) -> Challenge:
    """Publishes a challenge that the caller holds."""
    challenge.state = follow(CHALLENGE_MOVES, "publish", challenge.state)
    if challenge.pending:
        challenge = apply_pending(challenge)
    challenge.published_at = challenge.published_at or timezone.now()
    challenge.updated_at, challenge.moderation_note = timezone.now(), ""
    challenge.save()
    keep_version(challenge, by=by)
    record(by, "published", challenge, organisation=challenge.organisation)
    queue.index_changed(Collection.CHALLENGES, challenge.pk)
    queue.match_challenge(challenge)
    notifications.challenge_decided(challenge, "published", by=by)
    return challenge


def _send_back(challenge: Challenge, deed: str, by: User, seen: str, note: str) -> Challenge:
    """Moves a challenge back with the moderator's note, and tells the firm."""
    note = tidy(note)
    if not note:
        raise ValidationError({"note": _("Say what the firm should do. They will read this sentence.")})
    with transaction.atomic():
        challenge = _as_seen(challenge, deed, seen)
        was_revision = challenge.state == ChallengeState.REVISION_PENDING
        challenge.state = follow(CHALLENGE_MOVES, deed, challenge.state)
        challenge.moderation_note, challenge.updated_at = note, timezone.now()
        if deed == "reject" and was_revision:
            challenge.pending = {}
        challenge.save()
        record(by, deed, challenge, organisation=challenge.organisation, reason=note)
        notifications.challenge_decided(challenge, deed, by=by)
    return challenge


def open_confidential(challenge: Challenge, *, by: User, reason: str) -> ConfidentialReading:
    """Lets a moderator read the confidential text for an hour. The firm is told who and why."""
    reason = tidy(reason)
    if len(reason) < SHORTEST_REASON:
        raise ValidationError({"reason": _("Give the reason in a sentence. The firm will see it.")})
    if not filled_confidential().filter(challenge=challenge).exists():
        raise ValidationError(_("There is no confidential text."))
    with transaction.atomic():
        reading = ConfidentialReading.objects.create(challenge=challenge, reader=by, reason=reason)
        record(by, "read confidential", challenge, organisation=challenge.organisation, reason=reason)
        notifications.confidential_read(reading)
    return reading


def decide_claim(claim: ArchiveClaim, *, by: User, accept: bool, answer: str) -> ArchiveClaim:
    """Accepts or refuses that somebody is behind an archived record, with a sentence for them."""
    answer = tidy(answer)
    if not accept and not answer:
        raise ValidationError({"answer": _("Say why the claim is not accepted.")})
    with transaction.atomic():
        claim = ArchiveClaim.objects.select_for_update().get(pk=claim.pk)
        if claim.state != ClaimState.OPEN:
            raise NotAllowed("decide", claim.state)
        claim.state = ClaimState.ACCEPTED if accept else ClaimState.REFUSED
        claim.answer, claim.decided_by, claim.decided_at = answer, by, timezone.now()
        claim.save()
        record(by, "decided claim", claim, accept=accept)
        notifications.claim_decided(claim)
    return claim
