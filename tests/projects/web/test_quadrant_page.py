"""The quadrant explorer: picture, table and files of the same public items."""

import csv
import io
from typing import Any
from xml.etree import ElementTree

import pytest
from django.test import Client

from projects.web.sheets import harmless
from tests.factories import CapabilityFactory, ChallengeFactory, DraftFactory

pytestmark = pytest.mark.django_db
PLACE = {"understanding": 0.7, "use": 0.8, "quadrant": "pasteur"}


def table(client: Client, query: str = "", language: str = "en") -> list[list[str]]:
    """The rows of the downloaded table."""
    answer = client.get(f"/{language}/quadrant/table.csv{query}")
    assert answer.status_code == 200
    text = answer.content.decode("utf-8")
    assert text[0] == "\ufeff"
    return list(csv.reader(io.StringIO(text[1:])))[1:]


def test_picture_table_and_files_show_the_same_public_items(client: Client) -> None:
    challenge, capability = ChallengeFactory(**PLACE), CapabilityFactory(understanding=0.9, use=0.1, quadrant="bohr")
    DraftFactory(**PLACE, title_en="Canary draft")
    ChallengeFactory(title_en="Too short to place")

    page = client.get("/en/quadrant/")
    drawing = client.get("/en/quadrant/picture.svg")

    assert (page.context["count"], page.context["unplaced"]) == (2, 1)
    assert {row.label for row in page.context["picture"].rows} == {challenge.title_en, capability.title_en}
    assert {row[1] for row in table(client)} == {challenge.title_en, capability.title_en}
    assert drawing["Content-Type"].startswith("image/svg+xml")
    assert ElementTree.fromstring(drawing.content).tag.endswith("svg")  # noqa: S314 (our own drawing)
    for answer in (page, drawing):
        assert "Canary" not in answer.content.decode()


@pytest.mark.parametrize("query", ["?side=challenge", "?quadrant=pasteur", "?field=inspection", "?place=shenzhen"])
def test_each_filter_holds_for_page_and_files(client: Client, query: str) -> None:
    challenge = ChallengeFactory(**PLACE)
    CapabilityFactory(understanding=0.9, use=0.1, quadrant="bohr")

    assert client.get(f"/en/quadrant/{query}").context["count"] == 1
    assert [row[1] for row in table(client, query, "zh-hans")] == [challenge.title_zh]
    assert table(client, query)[0][5].endswith(f"/en/challenges/{challenge.pk}/")


@pytest.mark.parametrize("page", ["", "picture.svg", "table.csv"])
def test_an_unknown_option_is_an_error_everywhere(client: Client, page: str) -> None:
    answer = client.get(f"/en/quadrant/{page}?quadrant=newton")

    assert answer.status_code == 400
    assert "newton" in answer.content.decode()


def test_an_anonymous_firm_is_not_found_by_place(client: Client) -> None:
    ChallengeFactory(**PLACE, anonymous=True)

    assert client.get("/en/quadrant/").context["count"] == 1
    assert client.get("/en/quadrant/?place=shenzhen").context["count"] == 0


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@now", "\tx"])
def test_no_cell_is_a_formula(text: str) -> None:
    assert harmless(text) == f"'{text}"


def test_plain_cells_stay_as_they_are() -> None:
    assert [harmless(text) for text in ("", "极片", "80 m/min")] == ["", "极片", "80 m/min"]


@pytest.mark.parametrize("rows", [1, 3])
def test_the_explorer_costs_few_queries(client: Client, rows: int, django_assert_max_num_queries: Any) -> None:
    for _number in range(rows):
        ChallengeFactory(**PLACE)
        CapabilityFactory(**PLACE)

    with django_assert_max_num_queries(6):
        client.get("/en/quadrant/")
