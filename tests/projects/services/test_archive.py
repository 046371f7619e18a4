"""The archive: loading is repeatable, and claims are taken and decided."""

import csv
import gzip
import json
import re
from collections import Counter
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.core.exceptions import ValidationError

from accounts.models import Activity, Notice
from projects.models import ArchiveClaim, ArchiveRecord, ArchiveSource
from projects.services.archive import SHIPPED, claim_record, load_archive
from projects.services.matching import place_archive
from projects.services.moderation import decide_claim
from projects.states import NotAllowed
from tests.factories import ArchiveRecordFactory, UserFactory

pytestmark = pytest.mark.django_db
SOURCES = [
    {"collection": "ref2014", "title_en": "Impact cases", "title_zh": "案例", "licence": "CC BY 4.0", "unknown": 1}
]
ROWS = [
    {"key": "a", "kind": "research", "collection": "ref2014", "language": "zh", "title_zh": "超声检测", "year": 2014},
    {
        "key": "b",
        "kind": "challenge",
        "collection": "ref2014",
        "language": "en",
        "title_en": "Heat",
        "year": "",
        "x": 1,
    },
]
MESSAGE = "我是第一作者，邮箱与论文一致。"


def written(folder: Path, rows: list[dict[str, Any]]) -> Path:
    """An archive as it is shipped."""
    (folder / "sources.json").write_text(json.dumps(SOURCES), encoding="utf-8")
    with gzip.open(folder / "records.jsonl.gz", "wt", encoding="utf-8") as file:
        file.writelines(json.dumps(row) + "\n" for row in rows)
    return folder


def test_loading_twice_gives_the_same_rows(tmp_path: Path) -> None:
    folder = written(tmp_path, ROWS)

    assert load_archive(folder) == 2
    before = list(ArchiveRecord.objects.order_by("key").values())
    assert load_archive(folder) == 2

    assert list(ArchiveRecord.objects.order_by("key").values()) == before
    assert [(row["key"], row["title_zh"], row["title_en"], row["year"]) for row in before] == [
        ("a", "超声检测", "", 2014),
        ("b", "", "Heat", None),
    ]
    assert ArchiveSource.objects.get().title_zh == "案例"


def test_loading_again_brings_texts_up_to_date_and_keeps_ids_and_claims(tmp_path: Path) -> None:
    load_archive(written(tmp_path, ROWS))
    record = ArchiveRecord.objects.get(key="a")
    claim = claim_record(record, by=UserFactory(), message=MESSAGE)

    load_archive(written(tmp_path, [{**ROWS[0], "title_zh": "超声无损检测"}]))

    claim.refresh_from_db()
    assert (claim.record_id, claim.record.title_zh) == (record.pk, "超声无损检测")


def test_loading_again_leaves_the_place_in_the_quadrant(tmp_path: Path) -> None:
    text = "我们研究缺陷形成的机理与理论模型，并把它用于产线上的在线检测，降低成本，提高良率。" * 3
    folder = written(tmp_path, [{**ROWS[0], "text_zh": text}])
    load_archive(folder)
    place_archive(list(ArchiveRecord.objects.all()))
    ArchiveRecord.objects.update(matched_model="m-1")
    before = ArchiveRecord.objects.values_list("understanding", "use", "quadrant", "matched_model").get()
    assert before[2]

    load_archive(folder)

    assert ArchiveRecord.objects.values_list("understanding", "use", "quadrant", "matched_model").get() == before


def test_what_is_shipped_can_be_loaded_and_names_its_source_and_licence() -> None:
    count = load_archive()

    assert count == ArchiveRecord.objects.count() > 400
    assert not ArchiveRecord.objects.filter(title_zh="", title_en="").exists()
    assert not ArchiveRecord.objects.filter(licence="").exists()
    assert not ArchiveRecord.objects.filter(source__licence="").exists()
    assert (SHIPPED / "records.jsonl.gz").stat().st_size < 2_000_000


def test_each_shipped_record_has_an_address_that_leads_to_its_source() -> None:
    load_archive()

    hosts = Counter(urlsplit(url).netloc for url in ArchiveRecord.objects.values_list("source_url", flat=True))
    posted = ArchiveRecord.objects.filter(kind="challenge")
    row = re.compile(r"SBIR topic “.+”, released on .+ \d{4}; row \d+ of the file")

    assert hosts == {"chinaxiv.org": 269, "impact.ref.ac.uk": 160, "github.com": 192}
    assert all("/ac9e65d6d14509c7605b6ddd104adc5bbd46128c/" in record.source_url for record in posted)
    assert [record.source_note for record in posted if not row.fullmatch(record.source_note)] == []


def test_each_institution_is_reviewed_once() -> None:
    rows = reviewed()

    assert len({row["raw"] for row in rows}) == len(rows) > 100


@pytest.mark.parametrize(("language", "between"), [("zh", "；"), ("en", "; ")])
def test_every_institution_of_a_shipped_record_was_reviewed(language: str, between: str) -> None:
    names = {name for row in reviewed() for name in row[f"clean_{language}"].split(between)}

    load_archive()

    shown = ArchiveRecord.objects.values_list(f"institution_{language}", flat=True)
    assert len(set(shown)) > 100
    assert {name for text in shown for name in text.split(between)} <= names


def reviewed() -> list[dict[str, str]]:
    """The table of institutions that people have read."""
    with open(SHIPPED / "institutions.csv", encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


@pytest.mark.parametrize("message", ["", "  是我  ", "\u200b" * 30])
def test_a_claim_needs_a_sentence(message: str) -> None:
    record = ArchiveRecordFactory()

    with pytest.raises(ValidationError) as caught:
        claim_record(record, by=UserFactory(), message=message)

    assert list(caught.value.message_dict) == ["message"]
    assert not ArchiveClaim.objects.exists()


def test_one_person_claims_a_record_once_until_it_is_decided() -> None:
    record, person, moderator = ArchiveRecordFactory(), UserFactory(), UserFactory(is_moderator=True)
    first = claim_record(record, by=person, message=MESSAGE)

    with pytest.raises(ValidationError):
        claim_record(record, by=person, message=MESSAGE)
    claim_record(record, by=UserFactory(), message=MESSAGE)
    decide_claim(first, by=moderator, accept=False, answer="请附论文首页。")
    claim_record(record, by=person, message=MESSAGE)

    assert ArchiveClaim.objects.filter(user=person).count() == 2
    assert Activity.objects.filter(verb="claimed").count() == 3


@pytest.mark.parametrize(("accept", "state"), [(True, "accepted"), (False, "refused")])
def test_a_decision_is_told_to_the_claimant_alone_and_stands(accept: bool, state: str) -> None:
    record, moderator = ArchiveRecordFactory(title_zh="复合材料超声"), UserFactory(is_moderator=True)
    claim = claim_record(record, by=UserFactory(), message=MESSAGE)
    other = claim_record(record, by=UserFactory(), message=MESSAGE)

    decided = decide_claim(claim, by=moderator, accept=accept, answer="谢谢。")

    assert (decided.state, decided.decided_by, decided.answer) == (state, moderator, "谢谢。")
    notice = Notice.objects.get(kind="claim_answer", channel="in_app")
    assert notice.recipient == claim.user
    assert notice.data == {"title_zh": "复合材料超声", "title_en": record.title_en, "state": state}
    with pytest.raises(NotAllowed):
        decide_claim(claim, by=moderator, accept=not accept, answer="改了。")
    other.refresh_from_db()
    assert other.state == "open"


def test_a_refusal_needs_a_sentence_and_an_acceptance_none() -> None:
    claim = claim_record(ArchiveRecordFactory(), by=UserFactory(), message=MESSAGE)
    moderator = UserFactory(is_moderator=True)

    with pytest.raises(ValidationError) as caught:
        decide_claim(claim, by=moderator, accept=False, answer=" ")

    assert list(caught.value.message_dict) == ["answer"]
    assert decide_claim(claim, by=moderator, accept=True, answer="").state == "accepted"
