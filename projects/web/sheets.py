"""Writes lists as files for spreadsheets."""

import csv
from collections.abc import Iterable, Sequence
from typing import Any

from django.http import HttpResponse

FORMULAS = tuple("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20")
"""What a spreadsheet takes for the beginning of a formula, in half and full width."""


def sheet(name: str, heading: Sequence[str], rows: Iterable[Sequence[Any]]) -> HttpResponse:
    """Rows as a file, marked as UTF-8 so that spreadsheets read Chinese."""
    answer = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    writer = csv.writer(answer)
    writer.writerow(heading)
    writer.writerows([harmless(value) for value in row] for row in rows)
    return answer


def harmless(value: Any) -> Any:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULAS) else value


def refused(errors: Iterable[str]) -> HttpResponse:
    """What is wrong with the address of a file, in plain text."""
    return HttpResponse("\n".join(errors), content_type="text/plain; charset=utf-8", status=400)
