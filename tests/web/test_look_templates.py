"""Components are safe, speak the reader's language, and need no script or style inside the page."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as project
from django.contrib.auth.models import AnonymousUser
from django.template import Template
from django.template.context import make_context
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import translation

from tests.web import look_pages

TEMPLATES = Path(project.BASE_DIR) / "templates"
COMPONENTS = sorted((TEMPLATES / "components").glob("_*.html"))
OURS = [
    *COMPONENTS,
    *(TEMPLATES / f"{name}.html" for name in ("base", "plain", "400", "403", "403_csrf", "404", "429", "500")),
]
IDS = [path.stem for path in OURS]


@pytest.fixture(autouse=True)
def _sample_addresses(settings: Any) -> None:
    settings.ROOT_URLCONF = "tests.web.look_pages"


def request(address: str = "/en/challenge_board/?f=1&q=%E7%94%B5", theme: str = "") -> Any:
    made = RequestFactory().get(address)
    made.user = AnonymousUser()
    if theme:
        made.COOKIES["theme"] = theme
    return made


def sample(asked: Any = None, **more: Any) -> str:
    return Template(look_pages.SAMPLE).render(make_context(look_pages.context() | more, asked or request()))


@pytest.mark.parametrize("path", OURS, ids=IDS)
def test_no_template_holds_script_or_style(path: Path) -> None:
    text = path.read_text(encoding="utf-8")

    assert not re.findall(r"<style|\sstyle=|\son[a-z]+=|javascript:|<script(?![^>]*\ssrc=)", text)


@pytest.mark.parametrize("path", COMPONENTS, ids=[path.stem for path in COMPONENTS])
def test_each_component_says_what_it_expects(path: Path) -> None:
    comment = re.search(r"{% comment %}(.+?){% endcomment %}", path.read_text(encoding="utf-8"), re.DOTALL)

    assert comment
    assert len(comment[1].split()) >= 8


@pytest.mark.parametrize("path", OURS, ids=IDS)
def test_every_visible_word_can_be_translated(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    text = re.sub(
        r"{% comment %}.*?{% endcomment %}|{% blocktranslate.*?{% endblocktranslate %}", " ", text, flags=re.DOTALL
    )
    attributes = re.findall(r'(?:placeholder|aria-label|title|alt)="([^"{]+)"', re.sub(r"{%.*?%}|{{.*?}}", "{}", text))
    words = re.sub(r"<[^>]*>", " ", re.sub(r"{%.*?%}|{{.*?}}", " ", text, flags=re.DOTALL))

    # The languages name themselves; TRL is written the same in all three.
    assert set(re.findall(r"[^\W\d_]{2,}", words)) <= {"EN", "TRL"}
    assert attributes == []


def test_the_sample_shows_what_was_given() -> None:
    page = sample()

    for title, lang in look_pages.TITLES:
        assert f'lang="{lang}">{title}</a>' in page
    assert "62 %" in page
    assert "2 of 3 places free" in page


def test_a_hostile_text_is_shown_as_text() -> None:
    hostile = '<script>alert("x")</script>'
    card = look_pages.card(0) | {"title": hostile, "who": [hostile], "blockers": [{"text": hostile}]}
    card["reasons"] = [{"term": hostile, "pair": None}, {"term": "x", "pair": (hostile, hostile)}]
    card["evidence"] = [{"label": hostile, "share": 0.5}]

    page = render_to_string("components/_match_card.html", {"match": card})
    assert page.count("&lt;script&gt;") == 7
    assert "<script" not in page


def test_a_card_is_whole_without_its_optional_parts() -> None:
    card = {
        "id": "1",
        "href": "/m/",
        "title": "极片检测",
        "title_lang": "zh-Hans",
        "band": "weak",
        "who": [],
        "parts": [{"name": "relevance", "value": 0.2}],
    }

    page = render_to_string("components/_match_card.html", {"match": card})
    assert "Weak match" in page
    assert "Because both speak of" not in page
    assert "None" not in page


@pytest.mark.parametrize(("code", "attribute"), [("en", "en"), ("zh-hans", "zh-Hans"), ("zh-hant", "zh-Hant")])
def test_the_page_says_its_language(code: str, attribute: str) -> None:
    with translation.override(code):
        page = sample()
        fault = render_to_string("500.html")

    assert f'<html lang="{attribute}"' in page
    assert f'<html lang="{attribute}"' in fault


def test_language_links_keep_page_and_query() -> None:
    page = sample()

    query = "?f=1&amp;q=%E7%94%B5"
    for code in ("en", "zh-hans", "zh-hant"):
        assert f'href="/{code}/challenge_board/{query}"' in page


@pytest.mark.parametrize(
    ("cookie", "shown"), [("", "system"), ("dark", "dark"), ("light", "light"), ('"><script>', "system")]
)
def test_the_theme_follows_the_cookie_when_it_is_one_we_know(cookie: str, shown: str) -> None:
    assert f'data-theme="{shown}"' in sample(request(theme=cookie))


def test_the_theme_of_an_account_comes_before_the_cookie() -> None:
    asked = request(theme="light")
    asked.user.theme = "dark"

    assert 'data-theme="dark"' in sample(asked)


@pytest.mark.parametrize("name", ["400.html", "500.html", "403_csrf.html"])
def test_a_fault_page_needs_neither_request_nor_database(name: str) -> None:
    page = render_to_string(name)

    assert "<h1>" in page
    assert "<script" not in page


@pytest.mark.parametrize("name", ["403.html", "404.html", "429.html"])
def test_a_refusal_has_the_whole_page_around_it(name: str) -> None:
    page = render_to_string(name, {"minutes": 3}, request=request())

    assert "<h1>" in page
    assert 'class="site-nav"' in page


def test_a_field_is_tied_to_its_help_note_and_error() -> None:
    form = look_pages.SampleForm({})
    page = render_to_string("components/_field.html", {"field": form["title"], "note": "Changes who can be matched."})

    assert 'aria-describedby="id_title_helptext id_title_note id_title_error"' in page
    for part in ("helptext", "note", "error"):
        assert page.count(f'id="id_title_{part}"') == 1
    assert 'aria-invalid="true"' in page


def test_the_summary_of_errors_links_to_fields_that_are_there() -> None:
    page = sample(form=look_pages.SampleForm({}))

    summary = page[page.index('id="form-errors"') : page.index("</ul>", page.index('id="form-errors"'))]
    targets = re.findall(r'href="#([^"]+)"', summary)
    assert targets == ["id_title", "id_problem", "id_use", "id_readiness"]
    assert all(page.count(f' id="{target}"') == 1 for target in targets)


def test_each_marked_word_links_to_its_twin() -> None:
    page = sample()

    assert '<mark id="c-1"><a href="#k-1">电池</a></mark>' in page
    assert '<mark id="k-1"><a href="#c-1">battery</a></mark>' in page


def test_no_id_stands_twice_on_a_page() -> None:
    ids: list[str] = re.findall(r'\sid="([^"]+)"', sample())

    assert len(ids) > 20
    assert sorted(ids) == sorted(set(ids))
