"""Reads from the log who edited an object last. The numbers of its edits grow in the order in which they were stored."""

from django.db.models import Max, Model, QuerySet

from accounts.models import Activity, User


def last_edit(subject: type[Model], pk: object) -> int:
    """The number of the last edit of an object; 0 when nobody has edited it. Ask before you read the object."""
    found: int | None = _edits(subject, pk).aggregate(last=Max("pk"))["last"]
    return found or 0


def edit_by_another(subject: Model, *, after: int, than: User) -> Activity | None:
    """The last edit of an object after one of its edits, by anyone but one person."""
    later = _edits(type(subject), subject.pk).filter(pk__gt=after).exclude(actor=than)
    return later.select_related("actor").order_by("-pk").first()


def _edits(model: type[Model], pk: object) -> QuerySet[Activity]:
    """What was done to the text of an object."""
    return Activity.objects.filter(object_type=model._meta.model_name or "", object_id=str(pk), verb="edited")
