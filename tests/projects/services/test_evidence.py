"""Evidence: added by hand, pasted, or read from BibTeX, RIS and CSV."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError

from projects.services.evidence import add_evidence, import_evidence, remove_evidence, replace_evidence
from projects.services.evidence_import import entries_from
from tests.factories import CapabilityFactory

pytestmark = pytest.mark.django_db

BIBTEX = """
@article{a1, title={Electrode {X-ray} imaging}, year={2023}, doi={10.1234/abc.5}, abstract={Foils seen from inside.}}
@inproceedings{a2, title={电池极片缺陷检测}, year=2024}
@patent{p1, title={Coating head}, year={2022}}
@article{broken, year={2021}}
"""
RIS = """TY  - JOUR
TI  - 超声无损检测复合材料
PY  - 2022
DO  - 10.5555/ris.1
ER  -

TY  - PAT
TI  - Probe holder
PY  - 2021
ER  -
"""
CSV = "kind,title,year,summary\npaper,极片检测方法,2024,小样本\npatent,Coating head,2023,\nsong,Wrong kind,2020,\n,,2020,\n"
PASTED = """[1] Chen, In-line inspection of coated foils, 2023, doi:10.1000/xyz.7.
2. 李，锂电池极片表面缺陷识别，2024
•  一种涂布头专利，2021
--
"""


@pytest.mark.parametrize(
    ("form", "text", "titles", "left_out"),
    [
        ("bibtex", BIBTEX, ["Electrode X-ray imaging", "电池极片缺陷检测", "Coating head"], 1),
        ("ris", RIS, ["超声无损检测复合材料", "Probe holder"], 0),
        ("csv", CSV, ["极片检测方法", "Coating head"], 2),
        ("csv", CSV.replace(",", "\t"), ["极片检测方法", "Coating head"], 2),
    ],
)
def test_lists_are_read_in_both_languages(form: str, text: str, titles: list[str], left_out: int) -> None:
    capability = CapabilityFactory()

    report = import_evidence(capability, by=capability.owner, text=text, form=form)

    assert [item.title_zh or item.title_en for item in capability.evidence.all()] == titles
    assert (report.added, len(report.left_out)) == (len(titles), left_out)


def test_a_pasted_list_gives_year_doi_and_kind() -> None:
    capability = CapabilityFactory()

    import_evidence(capability, by=capability.owner, text=PASTED, form="list")

    items = list(capability.evidence.all())
    assert [(item.kind, item.year) for item in items] == [("paper", 2023), ("paper", 2024), ("patent", 2021)]
    assert items[0].doi == "10.1000/xyz.7"
    assert items[1].title_zh.startswith("李，锂电池极片表面缺陷识别")


@pytest.mark.parametrize(
    ("form", "text"),
    [
        ("bibtex", "not bibtex at all"),
        ("bibtex", "@article{a, title={never closed"),
        ("bibtex", ""),
        ("ris", "nothing here"),
        ("csv", "a,b\n1,2"),
        ("list", "\n\n1.\n"),
        ("list", "\x00\x01\x02"),
        ("word", "x"),
    ],
)
def test_what_cannot_be_read_is_said_in_a_sentence(form: str, text: str) -> None:
    capability = CapabilityFactory()

    with pytest.raises(ValidationError) as caught:
        import_evidence(capability, by=capability.owner, text=text, form=form)

    assert caught.value.messages[0].endswith(".")
    assert not capability.evidence.exists()


def test_importing_twice_adds_nothing() -> None:
    capability = CapabilityFactory()
    import_evidence(capability, by=capability.owner, text=BIBTEX, form="bibtex")

    report = import_evidence(capability, by=capability.owner, text=BIBTEX, form="bibtex")

    assert (report.added, report.doubled) == (0, 3)


def test_two_thousand_items_fit_and_one_more_does_not() -> None:
    capability = CapabilityFactory()
    lines = "\n".join(f"Paper about coated foils number {number}, 2020" for number in range(2000))

    report = import_evidence(capability, by=capability.owner, text=lines, form="list")

    assert report.added == 2000
    with pytest.raises(ValidationError, match="at most 2000"):
        add_evidence(capability, by=capability.owner, values={"title_en": "One more"})


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({}, "title_en"),
        ({"title_zh": "论文", "year": 1066}, "year"),
        ({"title_zh": "论文", "kind": "song"}, "kind"),
        ({"title_zh": "论文", "link": "javascript:alert(1)"}, "link"),
        ({"title_zh": "论文", "owner": "me"}, "owner"),
    ],
)
def test_a_wrong_item_names_its_field(values: dict[str, Any], field: str) -> None:
    capability = CapabilityFactory()

    with pytest.raises(ValidationError) as caught:
        add_evidence(capability, by=capability.owner, values=values)

    assert field in caught.value.message_dict


def test_evidence_is_replaced_and_removed() -> None:
    capability = CapabilityFactory()
    rows = [{"title_zh": "甲"}, {"title_zh": "乙", "kind": "pilot"}, {"title_zh": "甲"}]

    items = replace_evidence(capability, by=capability.owner, rows=rows)
    remove_evidence(items[0], by=capability.owner)

    assert [item.title_zh for item in capability.evidence.all()] == ["乙"]


def test_a_huge_text_is_refused_before_it_is_read() -> None:
    with pytest.raises(ValidationError):
        entries_from("x" * 3_000_001, "list")
