"""Reads the log: what was done, in the reader's words, and who edited something last."""

from dataclasses import dataclass
from datetime import datetime

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db.models import Max, Model, QuerySet

from accounts.choices import Deed
from accounts.models import Activity, User


@dataclass(frozen=True)
class Line:
    """One deed: when, who, what, on which fields, and why."""

    at: datetime
    actor: User | None
    deed: str
    fields: tuple[str, ...]
    reason: str


def deeds_on(subject: Model) -> list[Line]:
    """What happened to something, newest first."""
    rows = Activity.objects.filter(object_type=subject._meta.model_name, object_id=str(subject.pk))
    return [
        Line(row.at, row.actor, words_of(row.verb), _labels(type(subject), row.data.get("fields", ())), row.reason)
        for row in rows.select_related("actor").order_by("-at", "-pk")
    ]


def words_of(verb: str) -> str:
    """A deed in words; as it was stored when the log is older than the words."""
    return str(dict(Deed.choices).get(verb, verb))


def kind_of(activity: Activity) -> type[Model] | None:
    """The kind of thing that a deed was about."""
    return {model._meta.model_name: model for model in apps.get_models()}.get(activity.object_type)


def _labels(model: type[Model], names: list[str]) -> tuple[str, ...]:
    """The fields that a deed changed, by the names that pages give them."""
    found = []
    for name in names:
        try:
            found.append(str(getattr(model._meta.get_field(name), "verbose_name", name)))
        except FieldDoesNotExist:  # which the model has had once
            found.append(name)
    return tuple(found)


def last_edit(subject: type[Model], pk: object) -> int:
    """The number of the last edit of an object, which grows with each; 0 when nobody has edited it. Ask before you read the object."""
    found: int | None = _edits(subject, pk).aggregate(last=Max("pk"))["last"]
    return found or 0


def edit_by_another(subject: Model, *, after: int, than: User) -> Activity | None:
    """The last edit of an object after one of its edits, by anyone but one person."""
    later = _edits(type(subject), subject.pk).filter(pk__gt=after).exclude(actor=than)
    return later.select_related("actor").order_by("-pk").first()


def _edits(model: type[Model], pk: object) -> QuerySet[Activity]:
    """What was done to the text of an object."""
    return Activity.objects.filter(object_type=model._meta.model_name or "", object_id=str(pk), verb="edited")
