"""What all tests share: no network, and a reason for every test that cannot run here."""

import ipaddress
import os
import shutil
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests import settings as test_settings

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from tests.real_services import RealSite

NO_SERVICES = "needs a real PostgreSQL and Redis: set DATABASE_URL and REDIS_URL (.ci/run finds or starts both)"
NO_CHROMIUM = "needs Chromium, which is not installed: on Debian, apt-get install chromium"
CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-dev-shm-usage",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
]


class NetworkRefused(Exception):
    """A test tried to reach another machine."""


def chromium() -> str | None:
    """Returns where Chromium is, if it is installed."""
    names = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
    return next((path for name in names if (path := shutil.which(name))), None)


def pytest_configure(config: pytest.Config) -> None:
    """Closes the network for this process; other machines stay out of reach for every test."""
    refuse_other_machines()


def refuse_other_machines() -> None:
    """Lets sockets connect to this machine only."""
    connect, connect_ex = socket.socket.connect, socket.socket.connect_ex

    def guarded(call: Any) -> Any:
        def checked(self: socket.socket, address: Any) -> Any:
            if self.family in (socket.AF_INET, socket.AF_INET6) and not is_here(address[0]):
                raise NetworkRefused(f"tests do not use the network, and this one tried {address[0]}")
            return call(self, address)

        return checked

    socket.socket.connect, socket.socket.connect_ex = guarded(connect), guarded(connect_ex)  # type: ignore[method-assign]


def is_here(host: str) -> bool:
    """True for addresses of this machine."""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marks what cannot run here, with the sentence that says what is missing."""
    services = test_settings.SERVICE_DATABASE_URL.startswith("postgres") and test_settings.SERVICE_REDIS_URL
    browser = chromium()
    for item in items:
        if not services and item.get_closest_marker("service"):
            item.add_marker(pytest.mark.skip(reason=NO_SERVICES))
        if not browser and item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.skip(reason=NO_CHROMIUM))


@pytest.fixture(autouse=True)
def _clean_state(tmp_path_factory: pytest.TempPathFactory, settings: Any) -> Iterator[None]:
    """Gives each test an empty cache, an index folder of its own, and the source language."""
    from django.core.cache import cache
    from django.utils import translation

    settings.INDEX_DIR = tmp_path_factory.mktemp("index")
    cache.clear()
    with translation.override("en"):
        yield
    cache.clear()


@pytest.fixture(scope="session")
def real_site(tmp_path_factory: pytest.TempPathFactory) -> "Iterator[RealSite]":
    """The site on a real PostgreSQL and Redis, migrated, shared by all service tests. They start workers themselves."""
    from tests.real_services import real_site as made

    home: Path = tmp_path_factory.mktemp("real-site")
    with made(test_settings.SERVICE_DATABASE_URL, test_settings.SERVICE_REDIS_URL, home) as site:
        yield site


@pytest.fixture(scope="session")
def browser() -> "Iterator[Browser]":
    """A Chromium that reaches this machine only. Mark tests that use it with ``browser``."""
    from playwright.sync_api import sync_playwright

    # Playwright keeps an event loop in this thread, which Django would take for asynchronous code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium(), args=CHROMIUM_FLAGS)
        yield started
        started.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]
