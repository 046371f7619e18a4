"""The components in Chromium: no accessibility fault, nothing to scroll sideways, usable by keyboard and without colour."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings as project
from django.contrib.auth.models import AnonymousUser
from django.template import Template
from django.template.context import make_context
from django.test import RequestFactory
from django.utils import translation

from tests.web import look_pages

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser
STATIC = Path(project.BASE_DIR) / "static"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.fixture(autouse=True)
def _sample_addresses(settings: Any) -> None:
    settings.ROOT_URLCONF = "tests.web.look_pages"


@pytest.fixture
def opened(browser: "Browser") -> "Iterator[Any]":
    """Opens the sample page at a width, in a scheme and a language."""
    pages: list[Page] = []

    def open_page(
        width: int, scheme: Any = "light", code: str = "en", form: Any = None, person: Any = None, **options: Any
    ) -> "Page":
        request = RequestFactory().get(f"/{code}/challenge_board/")
        request.user = person or AnonymousUser()
        with translation.override(code):
            html = Template(look_pages.SAMPLE).render(
                make_context(look_pages.context() | ({"form": form} if form else {}), request)
            )
        page = browser.new_page(viewport={"width": width, "height": 800}, color_scheme=scheme, **options)
        pages.append(page)
        page.route("**/*", lambda route: serve(route, html))
        page.goto("http://localhost/")
        return page

    yield open_page
    for page in pages:
        page.close()


def serve(route: Any, html: str) -> None:
    """Answers as the site would: the page under the site's content policy, and the files."""
    address = route.request.url.removeprefix("http://localhost")
    if address == "/":
        policy = "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'"
        route.fulfill(body=html, content_type="text/html; charset=utf-8", headers={"Content-Security-Policy": policy})
    elif address.startswith("/static/"):
        route.fulfill(path=STATIC / address.removeprefix("/static/"))
    else:
        route.fulfill(body="")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 360])
def test_axe_finds_nothing_and_nothing_sticks_out(opened: Any, width: int, scheme: str) -> None:
    page = opened(width, scheme, "zh-hans")

    found = Axe().run(page, options={"runOnly": RULES}).response
    assert len(found["passes"]) > 30
    assert [(rule["id"], rule["nodes"][0]["html"]) for rule in found["violations"]] == []
    assert page.evaluate("document.documentElement.scrollWidth") == width


def test_at_four_hundred_percent_nothing_sticks_out(opened: Any) -> None:
    page = opened(320, device_scale_factor=4)

    assert page.evaluate("document.documentElement.scrollWidth") == 320


def test_the_content_policy_is_kept(browser: "Browser", opened: Any) -> None:
    page = opened(1280)
    seen: list[str] = []
    page.on("console", lambda message: seen.append(message.text) if message.type == "error" else None)

    page.reload()
    assert page.evaluate("typeof htmx") == "object"
    assert seen == []


def test_the_first_tab_skips_to_the_content(opened: Any) -> None:
    page = opened(1280, form=look_pages.SampleForm())

    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    page.wait_for_function("location.hash === '#main'")
    assert page.evaluate("document.activeElement.id") == "main"


def test_a_form_with_errors_opens_at_their_list(opened: Any) -> None:
    page = opened(1280)

    assert page.evaluate("document.activeElement.id") == "form-errors"


def test_arrow_keys_walk_the_quadrant(opened: Any) -> None:
    page = opened(1280)

    page.locator("a.q-point").first.focus()
    assert "In-line X-ray" in page.evaluate("document.activeElement.getAttribute('aria-label')")
    page.keyboard.press("ArrowRight")
    assert "面向动力电池" in page.evaluate("document.activeElement.getAttribute('aria-label')")


def test_filters_are_open_on_a_wide_page_and_a_drawer_on_a_narrow_one(opened: Any) -> None:
    wide, narrow = opened(1280), opened(360)

    assert wide.locator(".facet a").first.is_visible()
    assert not narrow.locator(".facet a").first.is_visible()
    narrow.locator(".drawer > summary").click()
    assert narrow.locator(".facet a").first.is_visible()


def test_main_buttons_are_large_enough_for_a_thumb(opened: Any) -> None:
    page = opened(360)

    heights = [box.bounding_box()["height"] for box in page.locator(".primary-button:not(.match *)").all()]
    assert len(heights) >= 2
    assert min(heights) >= 44


def test_the_chosen_theme_wins_over_the_device(opened: Any) -> None:
    page = opened(1280, "light")
    paper = "getComputedStyle(document.body).backgroundColor"

    before = page.evaluate(paper)
    page.evaluate("document.documentElement.dataset.theme = 'dark'")
    assert page.evaluate(paper) != before


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_paper_is_white_whatever_the_theme(opened: Any, scheme: str) -> None:
    page = opened(800, scheme)

    page.emulate_media(media="print")
    colours = "[getComputedStyle(document.body).backgroundColor, getComputedStyle(document.body).color]"
    assert page.evaluate(colours) == ["rgb(255, 255, 255)", "rgb(0, 0, 0)"]


def test_the_account_menu_opens_without_a_script_and_stays_on_a_narrow_page(opened: Any) -> None:
    page = opened(360, java_script_enabled=False, person=look_pages.Person())

    page.locator(".menu > summary").click()
    panel = page.locator(".menu-panel").bounding_box()
    assert panel["x"] >= 0
    assert panel["x"] + panel["width"] <= 360
