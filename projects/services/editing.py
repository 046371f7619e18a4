"""Keeps what people send from being stored twice, and from being stored over what somebody else has saved meanwhile."""

from uuid import UUID, uuid5

from django.core.exceptions import ValidationError
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from accounts.models import Activity, User
from accounts.selectors.activity import edit_by_another
from projects.models import Capability, Challenge


class ChangedMeanwhile(ValidationError):
    """Somebody else has saved the object after it was read; what was sent is not stored."""

    def __init__(self, edit: Activity) -> None:
        at = formats.date_format(timezone.localtime(edit.at), "DATETIME_FORMAT")
        super().__init__(
            _(
                "%(who)s saved a change on %(at)s, after you had opened this. Nothing of yours was stored, and all you typed is "
                "still here. Look at the present text first; if yours is to replace it, save again."
            )
            % {"who": edit.actor or _("Somebody"), "at": at}
        )


def draft_id(author: User, key: str) -> UUID:
    """The id of what an author sends under a key. Nobody else's key leads to it."""
    return uuid5(author.pk, key)


def demand_unchanged(subject: Challenge | Capability, *, by: User, version: int | None) -> None:
    """Raises ChangedMeanwhile when somebody else edited it after its ``version``, the number of its last edit then.

    One's own edits do not count: two tabs of one person may save in turn. Call it while the row is held.
    """
    if version is None:
        return
    edit = edit_by_another(subject, after=version, than=by)
    if edit is not None:
        raise ChangedMeanwhile(edit)
