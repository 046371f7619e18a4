"""Loads the archive of published records, and takes claims to them."""

import gzip
import json
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.services.activity import record as keep
from matchmaker.plaintext import tidy
from projects.models import ArchiveClaim, ArchiveRecord, ArchiveSource

SHIPPED = Path(__file__).resolve().parent.parent / "data" / "archive"

FOUND_HERE = ("understanding", "use", "understanding_sd", "use_sd", "quadrant", "matched_model")
"""What this site has worked out about a record; loading again leaves it."""


def load_archive(folder: Path = SHIPPED) -> int:
    """Loads the shipped records; what is there already is brought up to date. Returns how many there are."""
    for values in json.loads((folder / "sources.json").read_text(encoding="utf-8")):
        ArchiveSource.objects.update_or_create(
            collection=values.pop("collection"), defaults=_known(ArchiveSource, values)
        )
    with gzip.open(folder / "records.jsonl.gz", "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    known = dict(ArchiveRecord.objects.values_list("key", "pk"))
    records = []
    for values in rows:
        source = values.pop("collection")
        record = ArchiveRecord(source_id=source, **_known(ArchiveRecord, values))
        if record.key in known:
            record.pk = known[record.key]
        records.append(record)
    changed = [field.name for field in ArchiveRecord._meta.fields if field.name not in ("id", "key", *FOUND_HERE)]
    with transaction.atomic():
        ArchiveRecord.objects.bulk_create(
            records, batch_size=200, update_conflicts=True, unique_fields=["key"], update_fields=changed
        )
    return len(records)


def claim_record(record: ArchiveRecord, *, by: User, message: str) -> ArchiveClaim:
    """Takes note that somebody says a record is theirs; a moderator decides."""
    message = tidy(message)
    if len(message) < 8:
        raise ValidationError({"message": _("Tell us in a sentence or two how we can see that this is your work.")})
    try:
        with transaction.atomic():
            claim = ArchiveClaim.objects.create(record=record, user=by, message=message[:1500])
            keep(by, "claimed", record)
    except IntegrityError:
        raise ValidationError(_("Your claim is waiting for a moderator already.")) from None
    return claim


def _known(model: Any, values: dict[str, Any]) -> dict[str, Any]:
    """The values that have a column; empty years become none."""
    names = {field.name for field in model._meta.fields}
    return {name: (value if value != "" or name != "year" else None) for name, value in values.items() if name in names}
