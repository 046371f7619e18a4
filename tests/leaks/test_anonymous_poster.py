"""Two sites that differ only in who posted without a name look alike to everyone who may not know it."""

from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.core.cache import cache
from django.db import transaction

from accounts.choices import Size, Tech
from projects import queue
from projects.choices import Collection, PairKind
from projects.services import indexing
from tests import factories
from tests.leaks.site import Site, crawl, differences, settle

pytestmark = [pytest.mark.django_db, pytest.mark.timeout(300)]
ONE = {"name_zh": "鹏城电池", "name_en": "Pengcheng Cells", "size": "large", "tech": "technology", "kind": "company"}
OTHER = {
    "name_zh": "莲花纺织",
    "name_en": "Lotus Textiles",
    "size": "small",
    "tech": "traditional",
    "kind": "institute",
}
HIDDEN, PART, WHOLE, OFFER = (UUID(int=(0x4000 << 64) + (0x8000 << 48) + number) for number in range(200, 204))


def build(firm: dict[str, str]) -> Site:
    """A challenge without a name, its part and its whole with theirs, and a capability that matches it."""
    for factory in (factories.UserFactory, factories.OrganisationFactory):
        factory.reset_sequence(0, force=True)
    factories.UniversityFactory.reset_sequence(force=True)
    indexing._open.clear()
    known = factories.OrganisationFactory(**ONE)
    poster = known if firm is ONE else factories.OrganisationFactory(**firm)
    author = factories.MembershipFactory(organisation=poster).user
    whole = factories.ChallengeFactory(id=WHOLE, organisation=known)
    hidden = factories.ChallengeFactory(
        id=HIDDEN, organisation=poster, author=author, anonymous=True, city=known.city,
        parent_challenge=whole if firm is ONE else None,
    )  # fmt: skip
    part = factories.ChallengeFactory(id=PART, organisation=known, parent_challenge=hidden if firm is ONE else None)
    offer = factories.CapabilityFactory(
        id=OFFER,
        organisation=factories.OrganisationFactory(
            size="micro", tech="traditional", name_en="A small one", name_zh="小企业"
        ),
    )
    queue.index_changed(Collection.CAPABILITIES, offer.pk)
    for challenge in (whole, hidden, part):
        queue.index_changed(Collection.CHALLENGES, challenge.pk)
        queue.match_challenge(challenge)
    queue.match_capability(offer)
    settle()
    stranger = factories.UserFactory()
    people = {"anonymous": None, "stranger": stranger, "researcher": offer.owner, "author": author}
    return Site(people, {"hidden": hidden.pk}, [hidden])


def addresses() -> list[str]:
    """Where the poster could show, by what is written, by what a filter leaves, or by what is counted."""
    lists = ("/en/challenges/", "/en/challenges/table.csv", "/en/challenges/feed.atom")
    chosen = ["", *(f"?size={size}" for size in Size.values), *(f"?tech={tech}" for tech in Tech.values), "?place=bay"]
    return [
        *(f"{path}{query}" for path in lists for query in chosen),
        f"/en/challenges/{HIDDEN}/", f"/en/challenges/{PART}/",
        *(f"/api/v1/challenges/{pk}/" for pk in (HIDDEN, PART)),
        f"/en/matches/{HIDDEN}/{OFFER}/", f"/api/v1/capabilities/{OFFER}/matches/",
        *(f"/en/capabilities/{OFFER}/matches/?kind={kind}" for kind in PairKind.values),
        "/en/search/?q=Pengcheng", "/en/quadrant/", "/en/quadrant/?place=bay", "/en/dashboard/", "/en/",
    ]  # fmt: skip


def read(firm: dict[str, str], roles: tuple[str, ...], settings: Any, folder: Path) -> dict[str, bytes]:
    """Builds a world, reads it as each role, and takes it away again."""
    settings.INDEX_DIR = folder
    cache.clear()
    with transaction.atomic():
        site, asked = build(firm), addresses()
        found = {
            f"{role} {address}": body
            for role in roles
            for address, body in crawl(site, role, asked, most=len(asked)).items()
        }
        transaction.set_rollback(True)
    return found


def test_who_posted_without_a_name_changes_nothing_for_strangers(settings: Any, tmp_path: Path) -> None:
    roles = ("anonymous", "stranger", "researcher")
    one, other = (read(firm, roles, settings, tmp_path / firm["kind"]) for firm in (ONE, OTHER))

    assert len(one) == len(other) == len(roles) * len(addresses())
    assert sum(body.startswith(b"200") for body in one.values()) > 60
    assert differences(one, other) == []


def test_the_author_sees_the_difference(settings: Any, tmp_path: Path) -> None:
    one, other = (read(firm, ("author",), settings, tmp_path / firm["kind"]) for firm in (ONE, OTHER))

    assert f"author /api/v1/challenges/{HIDDEN}/" in differences(one, other)
