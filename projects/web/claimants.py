"""Leads from an archived record to whoever has claimed it."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext

from projects.models import ArchiveRecord
from projects.selectors.claimants import claimants_of
from projects.web.cards import Action
from projects.web.names import organisation_name, person_name


@dataclass(frozen=True)
class Link:
    """A name and the public page behind it."""

    name: str
    href: str


def claimant_links(record: ArchiveRecord) -> list[Link]:
    """The public pages of those who stand behind a record."""
    links = []
    for one in claimants_of(record):
        if one.person is not None:
            links.append(Link(person_name(one.person), reverse("person", args=[one.person.pk])))
        elif one.organisation is not None:
            page = reverse("organisation", args=[one.organisation.pk])
            links.append(Link(organisation_name(one.organisation), page))
    return links


def find_action(record: ArchiveRecord) -> Action:
    """What a card of a record offers: the page of whoever claimed it, else how its source says to find them."""
    for link in claimant_links(record):
        return Action(gettext("See %(name)s") % {"name": link.name}, link.href)
    return Action(gettext("How to find them"), reverse("archive_record", args=[record.pk]) + "#find")
