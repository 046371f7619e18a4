"""Adds, changes and removes the evidence behind a capability."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.services.activity import record
from matchmaker.plaintext import language_of, tidy_line
from projects.choices import EvidenceKind
from projects.models import Capability, EvidenceItem
from projects.services.capabilities import text_changed
from projects.services.evidence_import import Entry, entries_from
from projects.services.texts import tidied

EDITABLE = ("kind", "title_zh", "title_en", "summary_zh", "summary_en", "year", "link", "doi")
MOST_ITEMS = 2000


@dataclass(frozen=True)
class ImportReport:
    """What came of an import."""

    added: int
    doubled: int
    left_out: tuple[str, ...]


def add_evidence(capability: Capability, *, by: User, values: Mapping[str, Any]) -> EvidenceItem:
    """Adds one item."""
    with transaction.atomic():
        _hold(capability)
        _demand_room(capability, 1)
        item = _checked(EvidenceItem(capability=capability, position=capability.evidence.count()), values)
        if capability.evidence.filter(fingerprint=item.fingerprint).exists():
            raise ValidationError({f"title_{'zh' if item.title_zh else 'en'}": _("This item is on the list already.")})
        item.save()
        record(by, "added evidence", capability, organisation=capability.organisation)
        text_changed(capability)
    return item


def replace_evidence(capability: Capability, *, by: User, rows: Iterable[Mapping[str, Any]]) -> list[EvidenceItem]:
    """Puts a whole new list in place of the old one; doubled items are kept once."""
    rows = list(rows)
    with transaction.atomic():
        _hold(capability)
        capability.evidence.all().delete()
        _demand_room(capability, len(rows))
        kept: dict[str, EvidenceItem] = {}
        for position, values in enumerate(rows):
            item = _checked(EvidenceItem(capability=capability, position=position), values)
            kept.setdefault(item.fingerprint, item)
        items = EvidenceItem.objects.bulk_create(kept.values())
        record(by, "replaced evidence", capability, organisation=capability.organisation, count=len(items))
        text_changed(capability)
    return items


def import_evidence(capability: Capability, *, by: User, text: str, form: str) -> ImportReport:
    """Reads BibTeX, RIS, CSV or a pasted list, and adds what is new. Raises ValidationError when nothing can be read."""
    entries, broken = entries_from(text, form)
    read, left_out = [], list(broken)
    for entry in entries:
        try:
            read.append(_checked(EvidenceItem(capability=capability), _values(entry)))
        except ValidationError as error:
            left_out.append(f"{entry.title[:60]}: {error.messages[0]}")
    with transaction.atomic():
        _hold(capability)
        known = set(capability.evidence.values_list("fingerprint", flat=True))
        fresh: dict[str, EvidenceItem] = {}
        for item in read:
            if item.fingerprint not in known:
                item.position = len(known) + len(fresh)
                fresh.setdefault(item.fingerprint, item)
        _demand_room(capability, len(fresh))
        EvidenceItem.objects.bulk_create(fresh.values(), batch_size=500)
        if fresh:
            record(by, "imported evidence", capability, organisation=capability.organisation, count=len(fresh))
            text_changed(capability)
    return ImportReport(len(fresh), len(read) - len(fresh), tuple(left_out))


def remove_evidence(item: EvidenceItem, *, by: User) -> None:
    """Removes one item; from then on it has no influence on any match."""
    capability = item.capability
    with transaction.atomic():
        _hold(capability)
        item.delete()
        record(by, "removed evidence", capability, organisation=capability.organisation)
        text_changed(capability)


def _hold(capability: Capability) -> None:
    """Reads the capability as it stands and holds it until the commit, so that its evidence changes one deed after the other."""
    capability.refresh_from_db(from_queryset=Capability.objects.select_for_update())


def _values(entry: Entry) -> dict[str, Any]:
    """Puts an imported entry into the fields of its language."""
    language = language_of(entry.title)
    values = asdict(entry)
    return {
        f"title_{language}": values.pop("title")[:300],
        f"summary_{language_of(entry.abstract) if entry.abstract else language}": values.pop("abstract"),
        **values,
    }


def _checked(item: EvidenceItem, values: Mapping[str, Any]) -> EvidenceItem:
    """Sets cleaned values and checks them."""
    for name, value in tidied(EvidenceItem, values, EDITABLE).items():
        setattr(item, name, value)
    errors: dict[str, Any] = {}
    if not item.title_zh and not item.title_en:
        errors["title_en"] = _("Give the item a title.")
    if item.kind not in EvidenceKind.values:
        errors["kind"] = _("“%(value)s” is not one of the options.") % {"value": str(item.kind)[:40]}
    if item.year is not None and not 1900 <= item.year <= timezone.localdate().year + 1:
        errors["year"] = _("Give a year between 1900 and next year.")
    try:
        item.clean_fields(exclude=["capability", "fingerprint", *errors])
    except ValidationError as error:
        errors |= error.message_dict
    if errors:
        raise ValidationError(errors)
    item.fingerprint = hashlib.sha256(
        "|".join(tidy_line(part).casefold() for part in (item.title_zh, item.title_en)).encode()
    ).hexdigest()
    return item


def _demand_room(capability: Capability, more: int) -> None:
    """Keeps a capability within what one page can show and one run can score."""
    if capability.evidence.count() + more > MOST_ITEMS:
        raise ValidationError(
            _("A capability holds at most %(limit)d items. Keep those that matter most.") % {"limit": MOST_ITEMS}
        )
