"""The board and the directory as tables and feeds: the rows of the page, and nothing that a visitor may not read."""

import csv
import io
from datetime import timedelta
from itertools import chain
from typing import Any
from xml.etree import ElementTree

import pytest
from django.test import Client
from django.utils import timezone

from projects.services.search import store_terms
from projects.web import sheets
from tests.factories import CapabilityFactory, ChallengeFactory, DraftFactory, OrganisationFactory, UserFactory
from tests.queries import assert_flat

pytestmark = pytest.mark.django_db
ATOM = "{http://www.w3.org/2005/Atom}"
LISTS = {"challenges": ChallengeFactory, "capabilities": CapabilityFactory}
LANGUAGES = {"en": "Title", "zh-hans": "标题", "zh-hant": "標題"}


def table(client: Client, address: str) -> list[list[str]]:
    """The lines of a table."""
    answer = client.get(address)
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/csv; charset=utf-8")
    assert answer["Content-Disposition"].startswith("attachment")
    text = answer.content.decode()
    assert text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(text[1:])))


def feed(client: Client, address: str) -> Any:
    """The root of a feed."""
    answer = client.get(address)
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/atom+xml; charset=utf-8")
    return ElementTree.fromstring(answer.content)  # noqa: S314  our own answer


def titles(root: Any) -> list[str]:
    """The titles of a feed's entries."""
    return [entry.findtext(f"{ATOM}title") for entry in root.findall(f"{ATOM}entry")]


@pytest.mark.parametrize("noun", LISTS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_table_has_the_rows_and_the_order_of_the_page(client: Client, noun: str, language: str) -> None:
    for number in range(3):
        LISTS[noun](title_en=f"Title {number}", title_zh=f"题目{number}", quadrant="bohr")
    LISTS[noun](title_en="Other", title_zh="另一个", quadrant="edison")
    page = client.get(f"/{language}/{noun}/?quadrant=bohr")

    heading, *lines = table(client, f"/{language}/{noun}/table.csv?quadrant=bohr")

    assert heading[0] == LANGUAGES[language]
    assert len(lines) == 3
    assert [line[0] for line in lines] == [row["title"] for row in page.context["rows"]]
    assert [line[-1] for line in lines] == [f"http://testserver{row['href']}" for row in page.context["rows"]]


@pytest.mark.parametrize("noun", LISTS)
def test_a_table_is_whole_where_the_page_has_many(client: Client, noun: str) -> None:
    for _number in range(23):
        LISTS[noun]()

    assert len(table(client, f"/en/{noun}/table.csv")) == 24


@pytest.mark.parametrize("noun", LISTS)
def test_a_feed_has_the_newest_rows_of_the_filter_first(client: Client, noun: str) -> None:
    now = timezone.now()
    for days, quadrant in enumerate(("bohr", "edison", "bohr")):
        LISTS[noun](title_en=f"Title {days} & more <b>", quadrant=quadrant, published_at=now - timedelta(days=days))

    root = feed(client, f"/en/{noun}/feed.atom?quadrant=bohr")

    assert titles(root) == ["Title 0 & more <b>", "Title 2 & more <b>"]
    entry = root.find(f"{ATOM}entry")
    assert entry.findtext(f"{ATOM}id").startswith("urn:uuid:")
    assert root.attrib["{http://www.w3.org/XML/1998/namespace}lang"] == "en"
    links = {link.get("rel"): link.get("href") for link in root.findall(f"{ATOM}link")}
    assert links == {
        "alternate": f"http://testserver/en/{noun}/?quadrant=bohr",
        "self": f"http://testserver/en/{noun}/feed.atom?quadrant=bohr",
    }
    assert client.get(links["alternate"]).status_code == 200


@pytest.mark.parametrize("noun", LISTS)
def test_an_entry_has_one_id_in_every_language(client: Client, noun: str) -> None:
    item = LISTS[noun]()

    roots = [feed(client, f"/{language}/{noun}/feed.atom") for language in LANGUAGES]

    assert {root.find(f"{ATOM}entry").findtext(f"{ATOM}id") for root in roots} == {item.pk.urn}
    assert [titles(root) for root in roots] == [[item.title_en], [item.title_zh], [item.title_zh]]


@pytest.mark.parametrize(("noun", "kind"), [("challenges", "challenge"), ("capabilities", "capability")])
@pytest.mark.parametrize("words", ["inspection", "檢測", "检测"])
def test_words_narrow_tables_and_feeds(client: Client, noun: str, kind: str, words: str) -> None:
    found = LISTS[noun](title_en="Only this")
    LISTS[noun](title_en="Another")
    store_terms(kind, str(found.pk), "缺陷检测")

    assert [line[0] for line in table(client, f"/en/{noun}/table.csv?q={words}")][1:] == ["Only this"]
    assert titles(feed(client, f"/en/{noun}/feed.atom?q={words}")) == ["Only this"]
    assert titles(feed(client, f"/en/{noun}/feed.atom?q=的")) == []


@pytest.mark.parametrize("noun", LISTS)
@pytest.mark.parametrize("file", ["table.csv", "feed.atom"])
def test_an_unknown_option_is_told_in_a_sentence(client: Client, noun: str, file: str) -> None:
    LISTS[noun](title_en="Canary row")

    answer = client.get(f"/en/{noun}/{file}?quadrant=alchemy")

    assert (answer.status_code, answer["Content-Type"]) == (400, "text/plain; charset=utf-8")
    assert answer.content.decode() == "“alchemy” is not an option of “Quadrant”. Choose one from the list."


@pytest.mark.parametrize("noun", LISTS)
def test_the_page_leads_to_both_with_its_filters(client: Client, noun: str) -> None:
    LISTS[noun](quadrant="bohr")

    page = client.get(f"/en/{noun}/?quadrant=bohr&page_size=50").content.decode()

    assert (
        f'<link rel="alternate" type="application/atom+xml" title="{noun.capitalize()}" href="/en/{noun}/feed.atom?quadrant=bohr">'
        in page
    )
    assert f'<a href="/en/{noun}/table.csv?quadrant=bohr">Download as CSV</a>' in page
    assert f'<a href="/en/{noun}/feed.atom?quadrant=bohr">Follow as a feed</a>' in page


def test_what_is_not_public_is_in_no_file_whoever_asks(client: Client) -> None:
    firm = OrganisationFactory(name_en="Canary Works", name_zh="金丝雀厂")
    shown = ChallengeFactory(organisation=firm, anonymous=True, title_en="Shown")
    DraftFactory(organisation=firm, author=shown.author, title_en="Canary draft")
    ChallengeFactory(organisation=firm, author=shown.author, title_en="Canary withdrawn", state="withdrawn")
    offered = CapabilityFactory(title_en="Offered")
    CapabilityFactory(owner=offered.owner, title_en="Canary hidden", state="hidden")
    readers = [None, shown.author, offered.owner, UserFactory(is_moderator=True, is_staff=True)]

    for reader in readers:
        if reader is not None:
            client.force_login(reader)
        for language in LANGUAGES:
            lines = table(client, f"/{language}/challenges/table.csv") + table(
                client, f"/{language}/capabilities/table.csv"
            )
            assert len(lines) == 4
            feeds = [client.get(f"/{language}/{noun}/feed.atom").content.decode() for noun in LISTS]
            assert [text.count("<entry>") for text in feeds] == [1, 1]
            everything = f"{lines}{feeds}"
            assert "Canary" not in everything
            assert "金丝雀" not in everything


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "＝"])
def test_no_cell_is_a_formula(client: Client, start: str) -> None:
    text = f"{start}HYPERLINK(1)"
    ChallengeFactory(title_en=text, summary_en=text)
    CapabilityFactory(title_en=text, comparison_to_best_en=text)

    for noun in LISTS:
        for cell in chain.from_iterable(table(client, f"/en/{noun}/table.csv")):
            assert not cell.startswith(sheets.FORMULAS)
    assert sheets.harmless(text) == f"'{text}"
    assert [sheets.harmless(value) for value in ("", "极片", None, -1)] == ["", "极片", None, -1]


@pytest.mark.parametrize("noun", LISTS)
@pytest.mark.parametrize("file", ["table.csv", "feed.atom"])
def test_a_file_costs_the_same_queries_for_one_row_and_three(client: Client, noun: str, file: str) -> None:
    assert_flat(LISTS[noun], (4, lambda: client.get(f"/en/{noun}/{file}")))
