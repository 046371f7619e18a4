"""The pages that say what stands behind the site, the search over everything, and the description of the API."""

import re
from typing import Any

import pytest
from django.test import Client

from matchmaker.engine.scoring import combine
from projects.services.search import matching_values, store_terms
from tests.factories import (
    ArchiveRecordFactory,
    ArchiveSourceFactory,
    CapabilityFactory,
    ChallengeFactory,
    DraftFactory,
)

pytestmark = pytest.mark.django_db
PAGES = ["about/matching/", "about/security/", "about/sources/", "about/accessibility/", "search/", "search/?q=电池"]


@pytest.mark.parametrize("language", ["en", "zh-hans", "zh-hant"])
@pytest.mark.parametrize("page", PAGES)
def test_the_pages_open_in_every_language_with_nothing_inline(client: Client, page: str, language: str) -> None:
    answer = client.get(f"/{language}/{page}")

    text = answer.content.decode()
    assert answer.status_code == 200
    assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=", text)
    assert "<h1" in text


def test_the_weights_shown_are_those_that_the_page_of_a_pair_shows(client: Client) -> None:
    values = matching_values()
    stored = combine({name: (0.5, weight) for name, weight in values["weights"].items()})

    page = client.get("/en/about/matching/")

    assert {part["name"]: part["weight"] for part in page.context["parts"]} == {
        part.name: part.weight for part in stored
    }
    assert '<td class="number">0.63</td>' in page.content.decode()
    assert values["fingerprint"] in page.content.decode()


@pytest.mark.parametrize(
    "words",
    ["A motive is not a text", "words of a field leak in", "Translation shifts", "People learn the words", "Projects move",
     "A corner is no merit", "fixed points", "Few items", "People are never placed"],
)  # fmt: skip
def test_every_doubt_about_the_quadrant_is_printed(client: Client, words: str) -> None:
    assert words in client.get("/en/about/matching/").content.decode()


def test_every_source_is_named_with_its_licence(client: Client) -> None:
    ArchiveSourceFactory(collection="one", title_en="First collection", licence="CC BY 4.0")
    ArchiveSourceFactory(collection="two", title_en="Second collection", licence="Licence of the second")

    text = client.get("/en/about/sources/").content.decode()

    for part in (
        "First collection",
        "Second collection",
        "Licence of the second",
        "CC-CEDICT",
        "CC BY-SA 4.0",
        "ChinaXiv",
    ):
        assert part in text


@pytest.mark.parametrize("words", ["battery", "电池", "電池"])
def test_one_search_goes_over_challenges_capabilities_and_archive(client: Client, words: str) -> None:
    for kind, item in (
        ("challenge", ChallengeFactory(title_en="Found challenge")),
        ("capability", CapabilityFactory(title_en="Found capability")),
        ("archive", ArchiveRecordFactory(title_en="Found record")),
    ):
        store_terms(kind, str(item.pk), "电池 battery")
    draft = DraftFactory(title_en="Canary draft")
    store_terms("challenge", str(draft.pk), "电池 battery")

    page = client.get(f"/en/search/?q={words}")

    text = page.content.decode()
    for part in ("Found challenge", "Found capability", "Found record"):
        assert part in text
    assert "Canary draft" not in text
    assert page.context["challenge_count"] == 1


def test_what_is_searched_for_is_shown_as_text(client: Client) -> None:
    text = client.get("/en/search/?q=<b>battery</b>").content.decode()

    assert "<b>battery" not in text
    assert "&lt;b&gt;battery" in text


def test_a_search_costs_few_queries(client: Client, django_assert_max_num_queries: Any) -> None:
    for item in (ChallengeFactory(), ChallengeFactory(), ChallengeFactory()):
        store_terms("challenge", str(item.pk), "电池 battery cell inspection")

    with django_assert_max_num_queries(12):
        client.get("/en/search/?q=电池 battery cell inspection")


def test_the_api_is_described_on_a_page_of_ours(client: Client) -> None:
    answer = client.get("/api/docs/")

    text = answer.content.decode()
    assert answer.status_code == 200
    assert "POST /api/v1/preview/" in text
    assert re.search(r'<html lang="[^"]+"', text)
    assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=", text)
