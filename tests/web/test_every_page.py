"""Every page in Chromium: axe finds nothing and nothing sticks out, in two languages, at two widths, light and dark.

The pages are those of the table of every address, so a new one is looked at as soon as it exists. A visitor's pages are
looked at four times each, so that any two of language, width and scheme meet; those of the signed-in in both languages,
widths and schemes taking turns from page to page. Not all eight combinations: they would take minutes.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from django.conf import settings as project
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import translation

from tests.access import account_table
from tests.access.table import TABLE, Row
from tests.access.world import World, build

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Route

pytestmark = [pytest.mark.browser, pytest.mark.django_db]
SITE = "http://localhost"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
LOOK = """async rules => (await axe.run(document, {runOnly: rules, resultTypes: ['violations']})).violations
    .map(rule => rule.id + ' ' + rule.nodes[0].html.slice(0, 200))"""
WIDE, NARROW = 1280, 360
PAIRS = {"zh-hans": ((WIDE, "light"), (NARROW, "dark")), "en": ((WIDE, "dark"), (NARROW, "light"))}
ROLES = ("anonymous", "firm_owner", "researcher", "moderator")


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    """One firm, one laboratory, and all that can be looked at."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield build()
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def page(browser: "Browser") -> "Iterator[Page]":
    """One page of the browser for all."""
    page = browser.new_page()
    yield page
    page.close()


def pages_of(role: str) -> list[Row]:
    """The pages that a role may open; what others before it see alike is looked at once, as they see it."""
    rows = [
        row
        for row in (*TABLE, *account_table.TABLE)
        if row.method == "GET" and row.expected()[role] == 200 and (row.name == "api_docs" or not row.api)
    ]
    before = ROLES[: ROLES.index(role)]
    own = [row for row in rows if row.ids or row.name == "dashboard"]
    return own + [row for row in rows if row not in own and all(row.expected()[other] != 200 for other in before)]


def answers(client: Client, rows: list[Row], world: World, language: str) -> dict[str, HttpResponse]:
    """What the site says at each address, as far as it is a page."""
    found = {}
    with translation.override(language):
        for row in rows:
            address = reverse(row.name, kwargs={part: world.ids[name] for part, name in row.ids.items()}) + row.query
            answer = client.get(address)
            if answer["Content-Type"].startswith("text/html"):
                found[address] = answer
    return found


def serve(route: "Route", pages: dict[str, HttpResponse]) -> None:
    """Answers as the site would: a page under its own content policy, and the files."""
    address = route.request.url.removeprefix(SITE)
    name = address.partition("?")[0]
    if answer := pages.get(address):
        kept = {name: answer[name] for name in ("Content-Type", "Content-Security-Policy") if name in answer}
        route.fulfill(body=answer.content, headers=kept)
    elif name.startswith("/static/") and (file := project.BASE_DIR / name[1:]).is_file():
        route.fulfill(path=file)
    else:
        route.fulfill(body="")


def test_a_fault_is_found(page: "Page") -> None:
    page.unroute_all()
    page.set_content("<main><img src='x'><p style='color: #ccc'>pale</p></main>")
    page.evaluate(AXE_SCRIPT)

    assert {"image-alt", "color-contrast"} <= {fault.split()[0] for fault in page.evaluate(LOOK, RULES)}


@pytest.mark.parametrize("language", PAIRS)
@pytest.mark.parametrize("role", ROLES)
def test_axe_finds_nothing_and_nothing_sticks_out(page: "Page", world: World, role: str, language: str) -> None:
    faults, seen = [], answers(world.client(role), pages_of(role), world, language)
    assert len(seen) >= 10
    page.unroute_all()
    page.route("**/*", lambda route: serve(route, seen))

    for number, address in enumerate(seen):
        page.set_viewport_size({"width": WIDE, "height": 900})
        page.goto(SITE + address)
        page.evaluate(AXE_SCRIPT)
        for width, scheme in PAIRS[language] if role == "anonymous" else PAIRS[language][number % 2 :][:1]:
            page.set_viewport_size({"width": width, "height": 900})
            page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]  # one of its words
            found = page.evaluate(LOOK, RULES)
            if (needed := page.evaluate("document.documentElement.scrollWidth")) > width:
                found.append(f"{needed} px wide")
            faults += [f"{address} {width} {scheme}: {fault}" for fault in found]

    assert faults == []
