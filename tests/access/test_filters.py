"""No filter, order or word shows more than the public lists, whoever looks: each option is tried by each kind of reader."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest

from accounts.models import Place
from projects.models import Capability, Challenge
from projects.selectors.board import SORTS as BOARD_SORTS
from projects.selectors.board import board_facets
from projects.selectors.directory import SORTS as DIRECTORY_SORTS
from projects.selectors.directory import directory_facets
from projects.services.search import store_terms
from projects.states import LIVE_CAPABILITIES, LIVE_CHALLENGES
from tests.access.world import World, build
from tests.factories import CapabilityFactory, ChallengeFactory

pytestmark = pytest.mark.django_db
READERS = ("anonymous", "researcher", "firm_owner", "moderator")
CONFIDENTIAL = ("canary", "绝密", "絕密", "浆料配方", "漿料配方", "slurry recipe")


@pytest.fixture
def world() -> World:
    """The world with unpublished rows that alone have some option, and with search terms as workers store them."""
    world = build()
    alone = {
        "quadrant": "fourth",
        "technology_domain": "quantum",
        "budget_band": "over-10m",
        "languages": ["pt"],
        "title_en": "Canary row",
    }
    firm, person = world.people["firm_owner"], world.people["researcher"]
    organisation = Challenge.objects.get(pk=world.ids["challenge"]).organisation
    for state in ("draft", "submitted", "withdrawn", "closed", "rejected"):
        ChallengeFactory(organisation=organisation, author=firm, state=state, **alone)
    for state in ("draft", "hidden", "archived"):
        CapabilityFactory(
            owner=person, state=state, quadrant="fourth", languages=["pt"], kind="facility", title_en="Canary row"
        )
    for item in (
        *Challenge.objects.filter(state__in=LIVE_CHALLENGES),
        *Capability.objects.filter(state__in=LIVE_CAPABILITIES),
    ):
        store_terms(
            "challenge" if isinstance(item, Challenge) else "capability",
            str(item.pk),
            f"{item.title_zh} {item.title_en}",
        )
    return world


def states_of(facets: Any, sorts: Any) -> Iterator[str]:
    """Every option of every facet, and every order."""
    yield ""
    for facet in facets:
        yield from (f"?{facet.name}={value}" for value, _words in facet.options)
    yield from (f"?sort={key}" for key, _words in sorts)


def shown(client: Any, path: str) -> tuple[tuple[UUID, ...], dict[str, int]]:
    """The ids of the rows, and the count beside each option."""
    page = client.get(path)
    assert page.status_code == 200, path
    counts = {
        f"{group['label']} {option['label']}": option["count"]
        for group in page.context["filters"]["groups"]
        for option in group["options"]
    }
    return tuple(row["id"] for row in page.context["rows"]), counts


def test_no_filter_shows_more_to_anyone(world: World) -> None:
    places = Place.objects.all()
    lists: dict[str, tuple[list[str], set[UUID]]] = {
        "challenges": (
            list(states_of(board_facets(places), BOARD_SORTS)),
            set(Challenge.objects.filter(state__in=LIVE_CHALLENGES).values_list("pk", flat=True)),
        ),
        "capabilities": (
            list(states_of(directory_facets(places), DIRECTORY_SORTS)),
            set(Capability.objects.filter(state__in=LIVE_CAPABILITIES).values_list("pk", flat=True)),
        ),
    }
    for noun, (states, public) in lists.items():
        assert len(states) > 20
        readers = {role: world.client(role) for role in READERS}
        for state in states:
            seen = {role: shown(client, f"/en/{noun}/{state}") for role, client in readers.items()}
            assert len({repr(answer) for answer in seen.values()}) == 1, state
            assert set(seen["anonymous"][0]) <= public, state
        assert set(shown(readers["moderator"], f"/en/{noun}/")[0]) == public
        for option in ("quadrant=fourth", "language=pt"):
            assert shown(readers["firm_owner"], f"/en/{noun}/?{option}")[0] == ()


@pytest.mark.parametrize("role", READERS)
def test_no_word_and_no_file_shows_what_is_confidential_or_unpublished(world: World, role: str) -> None:
    client = world.client(role)
    found = {world.ids[name] for name in ("challenge", "nameless", "nameless_part")}
    assert set(shown(client, "/en/challenges/?q=极片")[0]) == found

    for noun in ("challenges", "capabilities"):
        for words in CONFIDENTIAL:
            assert shown(client, f"/en/{noun}/?q={words}")[0] == ()
        for file in ("table.csv", "feed.atom", "table.csv?quadrant=fourth", "feed.atom?q=极片"):
            text = client.get(f"/en/{noun}/{file}").content.decode()
            assert not any(words in text.lower() for words in CONFIDENTIAL), file
