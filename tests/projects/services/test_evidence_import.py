"""Reading lists of publications. What is done with the entries is in test_evidence."""

import pytest

from projects.services.evidence_import import entries_from


@pytest.mark.parametrize(
    "text",
    [
        "title,year,abstract\n极片检测,2024,小样本\n",
        "\ufeff标题,年份,摘要\n极片检测,2024,小样本\n",
        "標題;年份;摘要\r\n极片检测;2024;小样本\r\n",
        "Title\tYear\tSummary\n极片检测\t2024\t小样本",
    ],
    ids=["english", "simplified with a mark of byte order", "traditional with semicolons", "tabs"],
)
def test_a_table_is_read_by_its_first_line_in_either_language(text: str) -> None:
    entries, broken = entries_from(text, "csv")

    assert [(entry.title, entry.year, entry.abstract) for entry in entries] == [("极片检测", 2024, "小样本")]
    assert broken == []


@pytest.mark.parametrize(
    ("line", "title", "year", "doi"),
    [
        (
            "1. Coated foils, 2023. https://doi.org/10.1000/xyz.7",
            "Coated foils, 2023. https://doi.org/",
            2023,
            "10.1000/xyz.7",
        ),
        ("（2021）极片检测", "（2021）极片检测", 2021, ""),
        ("• 極片檢測，2022。", "極片檢測，2022", 2022, ""),
        ("Sensor 20235 for 1949 cells", "Sensor 20235 for 1949 cells", None, ""),
        ("12、电池检测 doi:10.1234/甲乙，第3页", "电池检测 doi:，第3页", None, "10.1234/甲乙"),
    ],
)
def test_a_pasted_line_gives_title_year_and_doi(line: str, title: str, year: int | None, doi: str) -> None:
    entries, _broken = entries_from(line, "list")

    assert [(entry.title, entry.year, entry.doi) for entry in entries] == [(title, year, doi)]


@pytest.mark.parametrize(
    ("word", "kind"), [("Patent", "patent"), ("专利", "patent"), ("專利", "patent"), ("论文", "paper")]
)
def test_a_patent_is_known_by_its_word_in_any_script(word: str, kind: str) -> None:
    assert [entry.kind for entry in entries_from(f"一种涂布头{word}", "list")[0]] == [kind]


def test_a_link_that_is_no_web_address_is_left_out() -> None:
    text = "title,link\nCoated foils,javascript:alert(1)\nOther foils,https://journal.example/1\n"

    assert [entry.link for entry in entries_from(text, "csv")[0]] == ["", "https://journal.example/1"]


def test_bibtex_loses_its_braces_and_commands_and_keeps_its_letters() -> None:
    text = '@article{a, title={{Z\\"urich} foils: 检测}, year={c. 2020}, url={ftp://x}}'

    entries, broken = entries_from(text, "bibtex")

    assert [(entry.title, entry.year, entry.link) for entry in entries] == [("Zürich foils: 检测", 2020, "")]
    assert broken == []


def test_entries_that_could_not_be_read_are_counted() -> None:
    entries, broken = entries_from("@article{a, title={Foils}}\n@article{b, title={never closed\n", "bibtex")

    assert [entry.title for entry in entries] == ["Foils"]
    assert len(broken) == 1
    assert "1" in broken[0]
