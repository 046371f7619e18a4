"""This process on a real PostgreSQL, for tests that need transactions which truly run side by side."""

from collections.abc import Iterator
from typing import Any

import dj_database_url
import pytest
from django.core.management import call_command
from django.db import connections

from matchmaker.queueing import jobs
from tests import settings as test_settings
from tests.real_services import own_database


@pytest.fixture(scope="session")
def own_postgresql() -> Iterator[str]:
    """The address of a database of our own on the real server."""
    with own_database(test_settings.SERVICE_DATABASE_URL) as address:
        yield address


@pytest.fixture(scope="module")
def migrated(own_postgresql: str, django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Puts that database in the place of the one that other tests use."""
    usual, usual_settings = connections["default"], connections.databases["default"]
    connections.databases["default"] = {**usual_settings, "OPTIONS": {}, **dj_database_url.parse(own_postgresql)}
    connections["default"] = connections.create_connection("default")
    with django_db_blocker.unblock():
        call_command("migrate", verbosity=0)
        yield
        connections["default"].close()
    connections.databases["default"] = usual_settings
    connections["default"] = usual


@pytest.fixture
def postgresql(migrated: None, django_db_blocker: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """An empty PostgreSQL in which deeds can run side by side; no worker takes what they ask for."""
    monkeypatch.setattr(jobs, "send", lambda job: False)
    with django_db_blocker.unblock():
        yield
        call_command("flush", verbosity=0, interactive=False)
