"""The reference says what the code has: no more, no less."""

import importlib.util
import re
from pathlib import Path
from types import ModuleType

import pytest
from django.urls import URLPattern, get_resolver

ROOT = Path(__file__).resolve().parent.parent.parent
REFERENCE = ROOT / "docs" / "reference"
READERS = re.compile(r"""env\.(?:text|choice|flag|number|words|url|urls|secret)\(\s*"([A-Z_]+)\"""")


def load() -> ModuleType:
    """Loads docs/tables.py as a module."""
    spec = importlib.util.spec_from_file_location("tables_script", ROOT / "docs" / "tables.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


tables = load()


def page(name: str) -> str:
    """The text of a reference page."""
    return (REFERENCE / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", list(tables.sections()))
def test_tables_drawn_from_the_code_are_up_to_date(name: str) -> None:
    text = page(name)

    assert tables.written(text, tables.sections()[name]) == text, "run docs/tables.py"


def test_a_page_that_lost_a_mark_is_an_error() -> None:
    with pytest.raises(ValueError, match="groups"):
        tables.written("# States\n", {"groups": lambda: ""})


def test_a_changed_table_is_noticed() -> None:
    text = "<!-- from the code: x -->\n\nold\n\n<!-- end -->\n"

    assert tables.written(text, {"x": lambda: "new"}) == text.replace("old", "new")


def test_every_variable_that_is_read_is_described() -> None:
    sources = [
        *(ROOT / "matchmaker").glob("*.py"),
        *(ROOT / "accounts").rglob("*.py"),
        *(ROOT / "projects").rglob("*.py"),
    ]
    read = {name for path in sources for name in READERS.findall(path.read_text(encoding="utf-8"))}
    text = page("settings.md")

    assert "MATCHMAKER_SECRET_KEY" in read
    assert sorted(name for name in read if f"`{name}`" not in text) == []


def test_every_address_of_the_api_is_described() -> None:
    text = page("api.md")
    addresses = set(api_addresses())

    assert "challenges/{id}/matches/" in addresses
    assert sorted(address for address in addresses if f"`{address}`" not in text) == []


def test_every_command_of_ours_is_described() -> None:
    names = {path.stem for path in ROOT.glob("*/management/commands/[a-z]*.py")}
    text = page("commands.md")

    assert "drain_jobs" in names
    assert sorted(name for name in names if f"`{name}`" not in text) == []


def api_addresses() -> list[str]:
    """The addresses below /api/v1/ as the page writes them: an id as {id}, another part by its name."""
    found = []

    def walk(patterns: list[object], prefix: str) -> None:
        for pattern in patterns:
            route = prefix + str(getattr(pattern, "pattern", ""))
            if isinstance(pattern, URLPattern):
                found.append(re.sub(r"<\w+:(\w+)>", lambda part: "{kind}" if part[1] == "kind" else "{id}", route))
            else:
                walk(pattern.url_patterns, route)  # type: ignore[attr-defined]

    walk(get_resolver().url_patterns, "")
    return [address.removeprefix("api/v1/") for address in found if address.startswith("api/v1/")]
