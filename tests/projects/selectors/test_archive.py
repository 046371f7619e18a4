"""Reading the archive: apart from the board, counted by what occurs."""

import pytest

from projects.models import ArchiveMatch
from projects.selectors.archive import (
    archive_cards,
    archive_facets,
    archive_rows,
    archive_sources,
    own_claim,
    records_shown,
)
from projects.selectors.board import board_count
from projects.selectors.directory import directory_count
from projects.selectors.facets import narrow
from projects.services.archive import claim_record
from tests.factories import ArchiveRecordFactory, ArchiveSourceFactory, UserFactory, match_detail

pytestmark = pytest.mark.django_db


def test_records_are_listed_newest_first_and_never_on_the_board() -> None:
    old, new = ArchiveRecordFactory(year=2012), ArchiveRecordFactory(year=2020, kind="challenge")

    assert [row["pk"] for row in archive_rows()] == [new.pk, old.pk]
    assert [row["pk"] for row in archive_rows({str(old.pk)})] == [old.pk]
    assert archive_rows(set()) == []
    assert (board_count(), directory_count()) == (0, 0)


def test_years_countries_and_collections_are_those_that_occur() -> None:
    ArchiveRecordFactory(year=2014, country="GB", quadrant="bohr")
    ArchiveRecordFactory(year=2020, country="HK", source=ArchiveSourceFactory(collection="chinaxiv"))
    ArchiveRecordFactory(year=None, country="")
    facets = archive_facets(archive_rows(), archive_sources())

    options = {facet.name: [value for value, _words in facet.options] for facet in facets}
    counts = narrow(archive_rows(), facets, {"collection": ("ref2014",)}).counts

    assert (options["year"], options["country"]) == (["2020", "2014"], ["GB", "HK"])
    assert options["collection"] == ["chinaxiv", "ref2014"]
    assert dict(counts["quadrant"]) == {"bohr": 1}
    assert dict(counts["collection"]) == {"ref2014": 2, "chinaxiv": 1}


def test_a_page_keeps_its_order_and_leaves_out_what_is_gone() -> None:
    first, second, gone = ArchiveRecordFactory(), ArchiveRecordFactory(), ArchiveRecordFactory()
    gone_pk = gone.pk
    gone.delete()

    assert records_shown([second.pk, gone_pk, first.pk]) == [second, first]


def test_a_claim_is_shown_to_its_maker_only() -> None:
    record, person = ArchiveRecordFactory(), UserFactory()
    claim = claim_record(record, by=person, message="我是第一作者，邮箱与论文一致。")

    assert own_claim(person, record) == claim
    assert own_claim(UserFactory(), record) is None
    assert own_claim(person, ArchiveRecordFactory()) is None


def test_matches_of_an_archived_challenge_stand_by_rank() -> None:
    challenge = ArchiveRecordFactory(kind="challenge")
    research = [ArchiveRecordFactory(), ArchiveRecordFactory()]
    for rank, record in ((2, research[1]), (1, research[0])):
        ArchiveMatch.objects.create(
            challenge=challenge,
            research=record,
            model_version="m",
            rank=rank,
            score=0.5,
            band="strong",
            detail=match_detail(challenge, record),
        )

    assert [(card.rank, card.capability) for card in archive_cards(challenge)] == [(1, research[0]), (2, research[1])]
