"""The archive: published records with their source, matched like the rest, claimed through a moderator."""

from typing import Any

import pytest
from django.test import Client

from projects.models import ArchiveClaim, ArchiveMatch, ArchiveRecord
from projects.services.search import store_terms
from tests.factories import ArchiveRecordFactory, ArchiveSourceFactory, UserFactory, match_detail

pytestmark = pytest.mark.django_db
WORDS = "My page at the university lists this work, and so does the paper itself."


@pytest.fixture
def posted() -> ArchiveRecord:
    """An archived challenge with two matches in the archived research."""
    record = ArchiveRecordFactory(
        kind="challenge", title_en="Posted problem", text_en="Find delamination.", matched_model="m"
    )
    for rank in (1, 2):
        research = ArchiveRecordFactory()
        detail = match_detail(record, research) | {"reasons": [], "rows": []}
        ArchiveMatch.objects.create(
            challenge=record, research=research, model_version="m", rank=rank, score=0.5, band="possible", detail=detail
        )
    return record


@pytest.mark.parametrize(
    "query",
    ["kind=research", "collection=chinaxiv", "year=2018", "country=CN", "quadrant=bohr", "q=钙钛矿", "q=perovskite"],
)
def test_each_filter_and_words_keep_what_fits(client: Client, query: str) -> None:
    source = ArchiveSourceFactory(collection="chinaxiv", title_en="Papers")
    paper = ArchiveRecordFactory(
        source=source,
        title_zh="钙钛矿太阳能电池",
        title_en="Perovskite cells",
        year=2018,
        country="CN",
        quadrant="bohr",
    )
    store_terms("archive", str(paper.pk), f"{paper.title_zh} {paper.title_en}")
    ArchiveRecordFactory(kind="challenge", country="US", quadrant="edison")

    page = client.get(f"/en/archive/?{query}")

    assert [row["id"] for row in page.context["rows"]] == [paper.pk]


@pytest.mark.parametrize("query", ["kind=user", "collection=none", "year=1066", "country=XX", "owner=1"])
def test_an_unknown_option_is_told_in_a_sentence(client: Client, query: str) -> None:
    ArchiveRecordFactory()

    answer = client.get(f"/en/archive/?{query}")

    assert answer.status_code == 400
    assert answer.context["rows"] == []


def test_a_record_has_source_licence_institution_and_how_to_find_them(client: Client) -> None:
    source = ArchiveSourceFactory(find_them_en="Write to the research office.", find_them_zh="请联系科研处。")
    record = ArchiveRecordFactory(source=source, source_url="https://example.org/record/1")

    english = client.get(f"/en/archive/{record.pk}/").content.decode()

    for part in (
        "published record",
        "CC BY 4.0",
        "A university",
        "https://example.org/record/1",
        "Write to the research office.",
    ):
        assert part in english
    assert "请联系科研处。" in client.get(f"/zh-hans/archive/{record.pk}/").content.decode()


def test_an_archived_challenge_shows_its_matches_with_what_can_really_be_done(
    client: Client, posted: ArchiveRecord
) -> None:
    page = client.get(f"/en/archive/{posted.pk}/")

    assert [card.rank for card in page.context["cards"]] == [1, 2]
    text = page.content.decode()
    for match in posted.matches.all():
        assert f"/en/archive/{match.research_id}/#find" in text
    assert "Invite" not in text
    assert "Is this yours?" not in text


def test_a_record_is_claimed_by_whoever_is_signed_in_and_a_moderator_decides(client: Client) -> None:
    record = ArchiveRecordFactory()
    address = f"/en/archive/{record.pk}/claim/"
    assert client.post(address, {"message": WORDS}).status_code == 302
    assert not ArchiveClaim.objects.exists()

    user = UserFactory()
    client.force_login(user)
    short = client.post(address, {"message": "mine"})
    assert short.status_code == 400
    assert ">mine</textarea>" in short.content.decode()
    assert client.post(address, {"message": WORDS}, follow=True).status_code == 200
    assert ArchiveClaim.objects.get().user == user
    assert "waiting for a moderator" in client.get(f"/en/archive/{record.pk}/").content.decode()
    assert client.post(address, {"message": WORDS}).status_code == 400
    assert ArchiveClaim.objects.count() == 1


def test_records_stand_in_no_list_and_no_count_of_the_board(client: Client, posted: ArchiveRecord) -> None:
    for address in ("/en/challenges/", "/en/capabilities/", "/en/quadrant/"):
        page = client.get(address)
        assert posted.title_en not in page.content.decode()
        assert page.context["count"] == 0


@pytest.mark.parametrize("rows", [1, 3])
def test_the_archive_costs_few_queries(
    client: Client, posted: ArchiveRecord, rows: int, django_assert_max_num_queries: Any
) -> None:
    ArchiveRecordFactory.create_batch(rows)

    with django_assert_max_num_queries(3):
        client.get("/en/archive/")
    with django_assert_max_num_queries(5):
        client.get("/en/archive/?q=ultrasonic")
    with django_assert_max_num_queries(2):
        client.get(f"/en/archive/{posted.pk}/")
