"""Reads lists of publications: BibTeX, RIS, CSV, or lines pasted from anywhere."""

import csv
import io
import re
from collections.abc import Callable
from dataclasses import dataclass

import rispy
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from matchmaker.plaintext import tidy, tidy_line
from projects.choices import EvidenceKind

LONGEST_IMPORT = 3_000_000
YEAR = re.compile(r"(?<!\d)(19[5-9]\d|20[0-4]\d)(?!\d)")
DOI = re.compile(r"10\.\d{4,9}/[^\s\"<>，。；]+")
NUMBERING = re.compile(r"^\s*(?:\[?\d{1,4}[\].)、]|[-*•·])\s*")
PATENT = re.compile(r"patent|专利|專利", re.I)


@dataclass(frozen=True)
class Entry:
    """One item as it was read."""

    title: str
    abstract: str = ""
    kind: str = EvidenceKind.PAPER
    year: int | None = None
    doi: str = ""
    link: str = ""


def entries_from(text: str, form: str) -> tuple[list[Entry], list[str]]:
    """Returns the entries and, for what could not be read, a sentence each. Raises ValidationError for nothing readable."""
    if len(text) > LONGEST_IMPORT:
        raise ValidationError({"text": _("This is more than 3 million characters. Please import it in parts.")})
    readers: dict[str, Callable[[str], tuple[list[Entry], list[str]]]] = {
        "bibtex": _from_bibtex,
        "ris": _from_ris,
        "csv": _from_csv,
        "list": _from_lines,
    }
    if form not in readers:
        raise ValidationError({"form": _("Choose BibTeX, RIS, CSV or a pasted list.")})
    text = text.replace("\x00", "")
    entries, broken = readers[form](text)
    if not entries:
        hint = {
            "bibtex": _("No BibTeX entry was found. An entry begins with @article{…} and has a title."),
            "ris": _("No RIS record was found. A record begins with “TY  - ” and ends with “ER  - ”."),
            "csv": _("No row was found. The first line must name the columns, one of them “title”."),
            "list": _("No line with a title was found. Put one publication on each line."),
        }
        raise ValidationError({"text": hint[form]})
    return entries, broken


def _from_bibtex(text: str) -> tuple[list[Entry], list[str]]:
    """Reads BibTeX; entries without a title are left out."""
    import bibtexparser  # 10 MiB with what it needs: only for a process that reads BibTeX
    from bibtexparser.bparser import BibTexParser
    from bibtexparser.customization import convert_to_unicode

    parser = BibTexParser(common_strings=True, ignore_nonstandard_types=False, interpolate_strings=False)
    parser.customization = convert_to_unicode
    found = bibtexparser.loads(text, parser=parser).entries
    entries, broken = [], []
    for row in found:
        title = tidy_line(re.sub(r"[{}]", "", row.get("title", "")))
        if not title:
            broken.append(_("Entry “%(name)s” has no title.") % {"name": row.get("ID", "?")[:40]})
            continue
        kind = EvidenceKind.PATENT if row.get("ENTRYTYPE", "").lower() == "patent" else EvidenceKind.PAPER
        entries.append(
            Entry(
                title,
                tidy(row.get("abstract", "")),
                kind,
                _year(row.get("year", "")),
                _doi(row.get("doi", "")),
                _link(row.get("url", "")),
            )
        )
    expected = len(re.findall(r"(?m)^\s*@(?!comment|string|preamble)\w+\s*\{", text, re.I))
    if missing := expected - len(found):
        said = ngettext(
            "%(count)d entry could not be read. Check its braces.",
            "%(count)d entries could not be read. Check their braces.",
            missing,
        )
        broken.append(said % {"count": missing})
    return entries, broken


def _from_ris(text: str) -> tuple[list[Entry], list[str]]:
    """Reads RIS records."""
    try:
        rows = rispy.loads(text, skip_unknown_tags=True)
    except (OSError, ValueError, IndexError, KeyError, TypeError, AttributeError):
        rows = []
    entries, broken = [], []
    for number, row in enumerate(rows, 1):
        title = tidy_line(row.get("title") or row.get("primary_title") or "")
        if not title:
            broken.append(_("Record %(number)d has no title.") % {"number": number})
            continue
        kind = EvidenceKind.PATENT if row.get("type_of_reference") == "PAT" else EvidenceKind.PAPER
        year = _year(str(row.get("year") or row.get("publication_year") or row.get("date") or ""))
        abstract = row.get("abstract") or row.get("notes_abstract") or ""
        entries.append(
            Entry(
                title, tidy(str(abstract)), kind, year, _doi(row.get("doi") or ""), _link((row.get("urls") or [""])[0])
            )
        )
    return entries, broken


def _from_csv(text: str) -> tuple[list[Entry], list[str]]:
    """Reads comma, semicolon or tab separated rows whose first line names the columns."""
    sample = text.lstrip("\ufeff")
    first = sample.split("\n", 1)[0]
    separator = max(",;\t", key=first.count)
    try:
        rows = list(csv.DictReader(io.StringIO(sample), delimiter=separator))
    except csv.Error:
        return [], []
    entries, broken = [], []
    for number, row in enumerate(rows, 2):
        cells = {(name or "").strip().lower(): (value or "") for name, value in row.items() if isinstance(value, str)}
        title = tidy_line(cells.get("title") or cells.get("标题") or cells.get("標題") or "")
        if not title:
            broken.append(_("Line %(number)d has no title.") % {"number": number})
            continue
        kind = (cells.get("kind") or EvidenceKind.PAPER).strip().lower()
        if kind not in EvidenceKind.values:
            broken.append(
                _("Line %(number)d: “%(value)s” is not a kind of evidence.") % {"number": number, "value": kind[:30]}
            )
            continue
        abstract = cells.get("abstract") or cells.get("summary") or cells.get("摘要") or ""
        year = _year(cells.get("year") or cells.get("年份") or "")
        entries.append(
            Entry(
                title,
                tidy(abstract),
                kind,
                year,
                _doi(cells.get("doi", "")),
                _link(cells.get("link") or cells.get("url") or ""),
            )
        )
    return entries, broken


def _from_lines(text: str) -> tuple[list[Entry], list[str]]:
    """Takes each line as one publication; year and DOI are picked out."""
    entries, broken = [], []
    for number, written in enumerate(text.splitlines(), 1):
        line = tidy_line(NUMBERING.sub("", written))
        if not line:
            continue
        doi = _doi(line)
        title = tidy_line(DOI.sub("", line)).strip(" ,.;，。；")[:300]
        if sum(letter.isalpha() for letter in title) < 4:
            broken.append(_("Line %(number)d has no title.") % {"number": number})
            continue
        kind = EvidenceKind.PATENT if PATENT.search(title) else EvidenceKind.PAPER
        entries.append(Entry(title, "", kind, _year(line), doi))
    return entries, broken


def _year(text: str) -> int | None:
    """The first plausible year in a text."""
    found = YEAR.search(text)
    return int(found[1]) if found else None


def _doi(text: str) -> str:
    """The DOI in a text, bare."""
    found = DOI.search(text)
    return found[0].rstrip(".,;)")[:120] if found else ""


def _link(text: str) -> str:
    """A web address, or nothing."""
    text = text.strip()
    return text[:200] if re.match(r"https?://\S+$", text) else ""
