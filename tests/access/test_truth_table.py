"""Every address, every method, every role: the answer is the one in the table. An address that is missing there fails."""

import json
import re
from collections.abc import Callable, Iterator
from difflib import unified_diff
from typing import Any

import pytest
from django.core.cache import cache
from django.db import transaction
from django.test import Client
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse

from projects.api.views import previews
from projects.web.views import landing
from tests.access import account_table, admin_table
from tests.access.table import NO_TOKEN_NEEDED, TABLE, Row
from tests.access.world import ROLES, World, build

CHANGING = ("POST", "PUT", "PATCH", "DELETE")
ROWS = [*TABLE, *account_table.TABLE, *admin_table.TABLE]


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    """One world for all of the table; what a case changes is taken back after it."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield build()
        transaction.set_rollback(True)


Browsers = Callable[..., Client]


@pytest.fixture(scope="module")
def browsers(world: World, django_db_blocker: Any) -> Browsers:
    """Makes a fresh browser with a role's session; a strict one holds forms to their tokens."""
    with django_db_blocker.unblock():
        sessions = {role: world.client(role).cookies for role in ROLES}

    def browser(role: str, *, strict: bool = False) -> Client:
        made = Client(enforce_csrf_checks=strict, raise_request_exception=False)
        made.cookies.load({name: morsel.value for name, morsel in sessions[role].items()})
        return made

    return browser


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits for the matches of a pasted text, which no worker finds here."""
    for place in (landing, previews):
        monkeypatch.setattr(place, "wait_for", lambda preview: preview)


def ask(row: Row, client: Client, world: World) -> int:
    """Sends a row's request and takes back what it changed."""
    address = reverse(row.name, kwargs={part: world.ids[name] for part, name in row.ids.items()}) + row.query
    data = {
        name: str(world.ids[value[1:-1]]) if isinstance(value, str) and value[1:-1] in world.ids else value
        for name, value in row.data.items()
    }
    cache.clear()  # which holds the limits: the table asks more often than a person may
    with transaction.atomic():
        if row.method == "GET":
            status = client.get(address, data).status_code
        elif row.api:
            status = client.generic(row.method, address, json.dumps(data), content_type="application/json").status_code
        else:
            status = client.post(address, data).status_code
        transaction.set_rollback(True)
    return status


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_everyone_is_answered_as_the_table_says(row: Row, world: World, browsers: Browsers, db: None) -> None:
    answers = {role: ask(row, browsers(role), world) for role in ROLES}

    wrong = {role: (answers[role], wanted) for role, wanted in row.expected().items() if answers[role] != wanted}
    assert not wrong, f"(answered, expected): {wrong}"


@pytest.mark.parametrize(
    "row", [row for row in ROWS if row.method in CHANGING and row.name not in NO_TOKEN_NEEDED], ids=str
)
def test_nothing_changes_without_the_form_token(row: Row, world: World, browsers: Browsers, db: None) -> None:
    answers = {ask(row, browsers(role, strict=True), world) for role in ROLES if role != "anonymous" or not row.api}

    assert answers == {403}


def patterns(found: Any, namespace: str = "") -> Iterator[tuple[str, str]]:
    """The name and route of every address of the site."""
    for pattern in found:
        if isinstance(pattern, URLResolver):
            yield from patterns(
                pattern.url_patterns, f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            )
        elif isinstance(pattern, URLPattern):
            yield f"{namespace}{pattern.name or ''}", str(pattern.pattern)


def test_every_address_is_in_the_table() -> None:
    named = {row.name for row in ROWS}
    nameless = set(admin_table.NAMELESS) | set(account_table.NAMELESS)
    missing = {
        (name, route)
        for name, route in patterns(get_resolver().url_patterns)
        if name not in named and (name, route) not in nameless
    }

    assert missing == set()


def test_every_operation_of_the_api_is_in_the_table() -> None:
    asked = {(row.name, row.method) for row in ROWS}
    operations = {
        (name, method.upper())
        for name, view in api_views(get_resolver().url_patterns)
        for method in ("get", "post", "put", "patch", "delete")
        if hasattr(view, method)
    }

    assert len(operations) > 40
    assert operations - asked == set()


def api_views(found: Any) -> Iterator[tuple[str, Any]]:
    """The name and class of every address of the API."""
    for pattern in found:
        if isinstance(pattern, URLResolver):
            yield from api_views(pattern.url_patterns)
        elif (pattern.name or "").startswith("api_"):
            yield pattern.name, pattern.callback.view_class


def test_every_row_names_an_address(world: World, db: None) -> None:
    wrong = []
    for row in ROWS:
        try:
            reverse(row.name, kwargs={part: world.ids[name] for part, name in row.ids.items()})
        except (NoReverseMatch, KeyError) as error:
            wrong.append((str(row), str(error)))

    assert wrong == []


def test_every_row_answers_every_role() -> None:
    assert [str(row) for row in ROWS if set(row.expected()) != set(ROLES)] == []


def test_what_is_denied_looks_like_what_is_not_there(world: World, browsers: Browsers, db: None) -> None:
    absent = "00000000-0000-4000-8000-000000000000"
    denied = {
        "challenge": world.ids["draft"],
        "match_list": world.ids["challenge"],
        "capability_edit": world.ids["capability"],
        "api_challenge": world.ids["draft"],
        "api_challenge_matches": world.ids["draft"],
        "organisation_edit": world.ids["organisation"],
    }

    for name, pk in denied.items():
        there = browsers("outsider").get(reverse(name, args=[pk]))
        nowhere = browsers("outsider").get(reverse(name, args=[absent]))
        assert there.status_code == nowhere.status_code == 404
        assert list(unified_diff(_same(there, str(pk)), _same(nowhere, absent), n=0)) == [], name
        assert {key for key, _ in there.items()} == {key for key, _ in nowhere.items()}


def _same(answer: Any, pk: str) -> list[str]:
    """The lines of an answer's body, without the id that was asked for and without form tokens."""
    return re.sub(r"\b[A-Za-z0-9]{64}\b", "", answer.content.decode().replace(pk, "")).splitlines()
