"""Keeps who did what."""

from typing import Any

from django.db.models import Model

from accounts.choices import Deed
from accounts.models import Activity, Organisation, User


def record(
    actor: User | None,
    verb: str,
    subject: Model,
    *,
    organisation: Organisation | None = None,
    reason: str = "",
    **data: Any,
) -> Activity:
    """Adds one of the known deeds to the log. ``data`` holds names of fields and states, never free or confidential text."""
    return Activity.objects.create(
        actor=actor,
        verb=Deed(verb).value,
        object_type=subject._meta.model_name or "",
        object_id=str(subject.pk),
        organisation=organisation,
        reason=reason,
        data=data,
    )
