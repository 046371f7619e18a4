"""Which state may follow which. Each table reads aloud: from a state, by a deed, to a state."""

from collections.abc import Mapping

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy


class ChallengeState(models.TextChoices):
    """The life of a challenge."""

    DRAFT = "draft", pgettext_lazy("challenge", "Draft")
    SUBMITTED = "submitted", pgettext_lazy("challenge", "Waiting for a moderator")
    NEEDS_CHANGES = "needs_changes", pgettext_lazy("challenge", "Changes asked for")
    REJECTED = "rejected", pgettext_lazy("challenge", "Not accepted")
    PUBLISHED = "published", pgettext_lazy("challenge", "Published")
    REVISION_PENDING = "revision_pending", pgettext_lazy("challenge", "Published, revision waiting")
    MATCHING = "matching", pgettext_lazy("challenge", "Matching")
    EVALUATING = "evaluating", pgettext_lazy("challenge", "Evaluating proposals")
    AWARDED = "awarded", pgettext_lazy("challenge", "Awarded")
    CLOSED = "closed", pgettext_lazy("challenge", "Closed")
    EXPIRED = "expired", pgettext_lazy("challenge", "Expired")
    WITHDRAWN = "withdrawn", pgettext_lazy("challenge", "Withdrawn")


class CapabilityState(models.TextChoices):
    """The life of a capability."""

    DRAFT = "draft", pgettext_lazy("capability", "Draft")
    PUBLISHED = "published", pgettext_lazy("capability", "Published")
    STALE = "stale", pgettext_lazy("capability", "To be confirmed")
    HIDDEN = "hidden", pgettext_lazy("capability", "Hidden")
    ARCHIVED = "archived", pgettext_lazy("capability", "Archived")


class InvitationState(models.TextChoices):
    """The life of an invitation."""

    SENT = "sent", pgettext_lazy("invitation", "Sent")
    SEEN = "seen", pgettext_lazy("invitation", "Seen")
    ACCEPTED = "accepted", pgettext_lazy("invitation", "Accepted")
    DECLINED = "declined", pgettext_lazy("invitation", "Declined")
    WITHDRAWN = "withdrawn", pgettext_lazy("invitation", "Withdrawn")
    ENDED = "ended", pgettext_lazy("invitation", "Ended with the challenge")


class ClaimState(models.TextChoices):
    """The life of a claim to an archived record."""

    OPEN = "open", pgettext_lazy("claim", "Waiting for a moderator")
    ACCEPTED = "accepted", pgettext_lazy("claim", "Accepted")
    REFUSED = "refused", pgettext_lazy("claim", "Not accepted")


class PreviewState(models.TextChoices):
    """Whether a pasted problem has been matched yet."""

    PENDING = "pending", pgettext_lazy("preview", "Pending")
    READY = "ready", pgettext_lazy("preview", "Ready")
    FAILED = "failed", pgettext_lazy("preview", "Failed")


class NotAllowed(Exception):
    """The deed does not lead on from the present state."""

    def __init__(self, deed: str, state: str) -> None:
        super().__init__(deed, state)
        self.deed, self.state = deed, state

    def __str__(self) -> str:
        return _("“%(deed)s” is not possible in the state “%(state)s”.") % {"deed": self.deed, "state": str(self.state)}


_C = ChallengeState
CHALLENGE_MOVES: Mapping[str, Mapping[str, str]] = {
    "submit": {_C.DRAFT: _C.SUBMITTED, _C.NEEDS_CHANGES: _C.SUBMITTED},
    "publish": {_C.SUBMITTED: _C.PUBLISHED, _C.REVISION_PENDING: _C.PUBLISHED},
    "ask_changes": {_C.SUBMITTED: _C.NEEDS_CHANGES, _C.REVISION_PENDING: _C.PUBLISHED},
    "reject": {_C.SUBMITTED: _C.REJECTED, _C.REVISION_PENDING: _C.PUBLISHED},
    "revise": {_C.PUBLISHED: _C.REVISION_PENDING, _C.REVISION_PENDING: _C.REVISION_PENDING},
    "take_back": {_C.REVISION_PENDING: _C.PUBLISHED, _C.PUBLISHED: _C.PUBLISHED},
    "close": {
        _C.PUBLISHED: _C.CLOSED,
        _C.REVISION_PENDING: _C.CLOSED,
        _C.MATCHING: _C.CLOSED,
        _C.EVALUATING: _C.CLOSED,
    },
    "expire": {_C.PUBLISHED: _C.EXPIRED, _C.REVISION_PENDING: _C.EXPIRED, _C.MATCHING: _C.EXPIRED},
    "withdraw": {
        _C.DRAFT: _C.WITHDRAWN,
        _C.SUBMITTED: _C.WITHDRAWN,
        _C.NEEDS_CHANGES: _C.WITHDRAWN,
        _C.PUBLISHED: _C.WITHDRAWN,
        _C.REVISION_PENDING: _C.WITHDRAWN,
    },
}

_K = CapabilityState
CAPABILITY_MOVES: Mapping[str, Mapping[str, str]] = {
    "publish": {_K.DRAFT: _K.PUBLISHED, _K.HIDDEN: _K.PUBLISHED, _K.STALE: _K.PUBLISHED},
    "confirm": {_K.PUBLISHED: _K.PUBLISHED, _K.STALE: _K.PUBLISHED, _K.HIDDEN: _K.PUBLISHED},
    "age": {_K.PUBLISHED: _K.STALE},
    "hide": {_K.PUBLISHED: _K.HIDDEN, _K.STALE: _K.HIDDEN},
    "archive": {_K.DRAFT: _K.ARCHIVED, _K.PUBLISHED: _K.ARCHIVED, _K.STALE: _K.ARCHIVED, _K.HIDDEN: _K.ARCHIVED},
}

_I = InvitationState
INVITATION_MOVES: Mapping[str, Mapping[str, str]] = {
    "see": {_I.SENT: _I.SEEN},
    "accept": {_I.SENT: _I.ACCEPTED, _I.SEEN: _I.ACCEPTED},
    "decline": {_I.SENT: _I.DECLINED, _I.SEEN: _I.DECLINED},
    "withdraw": {_I.SENT: _I.WITHDRAWN, _I.SEEN: _I.WITHDRAWN},
    "end": {_I.SENT: _I.ENDED, _I.SEEN: _I.ENDED},
}

LIVE_CHALLENGES = (_C.PUBLISHED, _C.REVISION_PENDING, _C.MATCHING, _C.EVALUATING)
"""States in which a challenge is on the board and in the index."""

SHOWN_CHALLENGES = (*LIVE_CHALLENGES, _C.AWARDED, _C.CLOSED, _C.EXPIRED)
"""States in which anyone may read the public part."""

OVER_CHALLENGES = (_C.CLOSED, _C.EXPIRED, _C.AWARDED, _C.WITHDRAWN, _C.REJECTED)
"""States in which nobody changes a challenge any more."""

LIVE_CAPABILITIES = (_K.PUBLISHED, _K.STALE)
"""States in which a capability is in the directory and in the index."""


def follow(moves: Mapping[str, Mapping[str, str]], deed: str, state: str) -> str:
    """Returns the state that a deed leads to; raises NotAllowed when the table has no such step."""
    following = moves[deed].get(state)
    if following is None:
        raise NotAllowed(deed, state)
    return following
