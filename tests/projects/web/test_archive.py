"""The archive: published records with their source, matched like the rest, claimed through a moderator."""

import pytest
from django.test import Client
from django.utils import translation

from accounts.models import User
from matchmaker.plaintext import language_of
from projects.models import ArchiveClaim, ArchiveMatch, ArchiveRecord
from projects.services.archive import claim_record, load_archive
from projects.services.moderation import decide_claim
from projects.services.search import store_terms
from projects.web.names import city_name
from tests.factories import (
    ArchiveRecordFactory,
    ArchiveSourceFactory,
    CapabilityFactory,
    MembershipFactory,
    ProfileFactory,
    UserFactory,
    match_detail,
)
from tests.queries import assert_flat

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


def accepted(record: ArchiveRecord, person: User) -> ArchiveClaim:
    """A claim that a moderator has accepted."""
    claim = claim_record(record, by=person, message=WORDS)
    return decide_claim(claim, by=UserFactory(is_moderator=True), accept=True, answer="")


def test_an_accepted_claim_leads_from_the_record_to_its_author(client: Client) -> None:
    record, person = ArchiveRecordFactory(), ProfileFactory(user__name_en="Lin Yue").user
    claim_record(record, by=ProfileFactory(user__name_en="Somebody Else").user, message=WORDS)
    page = f"/en/people/{person.pk}/"
    assert page not in client.get(f"/en/archive/{record.pk}/").content.decode()

    accepted(record, person)

    text = client.get(f"/en/archive/{record.pk}/").content.decode()
    assert f'<a href="{page}">Lin Yue</a>' in text
    assert "Its authors are not users of this site" not in text
    assert "Somebody Else" not in text
    assert client.get(page).status_code == 200
    told = {"kind": "person", "id": str(person.pk), "name_zh": person.name_zh, "name_en": "Lin Yue"}
    assert client.get(f"/api/v1/archive/{record.pk}/").json()["claimed_by"] == [told]
    assert client.get("/api/v1/archive/").json()["results"][0]["claimed_by"] == [told]


def test_who_has_no_page_is_reached_through_the_organisation_and_who_left_is_not_shown(client: Client) -> None:
    record = ArchiveRecordFactory()
    member = MembershipFactory(organisation__name_en="Institute of Foils")
    accepted(record, member.user)
    accepted(record, UserFactory())

    text = client.get(f"/en/archive/{record.pk}/").content.decode()

    assert f'<a href="/en/organisations/{member.organisation_id}/">Institute of Foils</a>' in text
    member.user.is_active = False
    member.user.save()
    assert "Institute of Foils" not in client.get(f"/en/archive/{record.pk}/").content.decode()


def test_a_card_of_a_claimed_record_leads_to_a_person(client: Client, posted: ArchiveRecord) -> None:
    claimed, other = (match.research for match in posted.matches.order_by("rank"))
    person = CapabilityFactory(owner=UserFactory(name_en="Lin Yue")).owner
    accepted(claimed, person)

    cards = client.get(f"/en/archive/{posted.pk}/").context["cards"]

    assert [(action.label, action.url) for card in cards for action in card.actions] == [
        ("See Lin Yue", f"/en/people/{person.pk}/"),
        ("How to find them", f"/en/archive/{other.pk}/#find"),
    ]


def test_records_stand_in_no_list_and_no_count_of_the_board(client: Client, posted: ArchiveRecord) -> None:
    for address in ("/en/challenges/", "/en/capabilities/", "/en/quadrant/"):
        page = client.get(address)
        assert posted.title_en not in page.content.decode()
        assert page.context["count"] == 0


def test_the_archive_costs_few_queries(client: Client, posted: ArchiveRecord) -> None:
    assert_flat(
        ArchiveRecordFactory,
        (3, lambda: client.get("/en/archive/")),
        (5, lambda: client.get("/en/archive/?q=ultrasonic")),
        (4, lambda: client.get(f"/en/archive/{posted.pk}/")),
    )


@pytest.mark.parametrize("language", ["zh-hans", "zh-hant"])
def test_every_city_of_the_archive_has_a_chinese_name(language: str) -> None:
    load_archive()
    shipped = set(ArchiveRecord.objects.exclude(city="").values_list("city", flat=True))

    with translation.override(language):
        english = {city for city in shipped if language_of(city_name(city)) != "zh"}

    assert shipped
    assert not english


@pytest.mark.parametrize(
    ("language", "place"),
    [("en", "Foshan, Mainland China"), ("zh-hans", "佛山、中国内地"), ("zh-hant", "佛山、中國內地")],
)
def test_a_place_is_written_in_the_readers_language(client: Client, language: str, place: str) -> None:
    record = ArchiveRecordFactory(city="Foshan", country="CN")

    assert f"<span>{place}</span>" in client.get(f"/{language}/archive/").content.decode()
    assert f"<dd>{place}</dd>" in client.get(f"/{language}/archive/{record.pk}/").content.decode()


def test_hong_kong_is_named_once(client: Client) -> None:
    record = ArchiveRecordFactory(city="Hong Kong", country="HK")

    assert "<dd>香港</dd>" in client.get(f"/zh-hans/archive/{record.pk}/").content.decode()
