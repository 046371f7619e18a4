"""Header and footer lead somewhere: each name they link to is an address of the site."""

import re
from pathlib import Path

import pytest
from django.conf import settings as project
from django.urls import resolve, reverse

FOLDER = Path(project.BASE_DIR) / "templates"
FILES = [*(FOLDER / "components").glob("_*.html"), *FOLDER.glob("*.html")]
NAMES = sorted({name for path in FILES for name in re.findall(r'{% url "(\w+)" as', path.read_text(encoding="utf-8"))})


def test_names_were_found() -> None:
    assert len(NAMES) > 12


@pytest.mark.parametrize("name", NAMES)
def test_a_name_in_the_frame_of_the_page_has_a_page(name: str) -> None:
    assert resolve(reverse(name)).url_name == name
