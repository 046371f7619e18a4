"""The check of links between our own pages."""

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent


def load() -> ModuleType:
    """Loads the script as a module."""
    spec = importlib.util.spec_from_file_location("links_script", ROOT / "docs" / "links.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


links = load()
OTHER = "# How it fits\n## Why `TF-IDF`, not more?\n## 匹配 matching\n## Twice\n## Twice\n"


@pytest.mark.parametrize(
    "text",
    [
        "[a](other.md)",
        "[a](other.md#how-it-fits) and [b](/docs/other.md#why-tf-idf-not-more)",
        "[匹配](other.md#匹配-matching)",
        "[b](other.md#twice-1)",
        "# Here\n[a](#here)",
        "[a](https://site.example/absent) [b](mailto:someone@site.example)",
        "`[a](absent.md)`\n```\n[a](absent.md)\n```\n",
        "[a][1]\n\n[1]: other.md",
        '<img src="picture.svg" alt="">',
        "[![picture](picture.svg)](other.md)",
    ],
)
def test_good_link_passes(tmp_path: Path, text: str) -> None:
    assert list(broken(tmp_path, text)) == []


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("\n[a](absent.md)", (2, "no such file: absent.md")),
        ("[a](other.md#nowhere)", (1, "no such heading: other.md#nowhere")),
        ("[a](#nowhere)", (1, "no such heading: #nowhere")),
        ("```\ncode\n```\n![a](absent.png)", (4, "no such file: absent.png")),
        ("[a][1]\n\n[1]: absent.md", (3, "no such file: absent.md")),
        ('<img src="absent.svg" alt="">', (1, "no such file: absent.svg")),
        ("[`code`](absent.md)", (1, "no such file: absent.md")),
    ],
)
def test_link_that_leads_nowhere_is_found(tmp_path: Path, text: str, fault: tuple[int, str]) -> None:
    assert list(broken(tmp_path, text)) == [fault]


def broken(root: Path, text: str) -> list[tuple[int, str]]:
    """The faults of a page beside another page and a picture."""
    docs = root / "docs"
    docs.mkdir()
    (docs / "other.md").write_text(OTHER, encoding="utf-8")
    (docs / "picture.svg").touch()
    page = docs / "page.md"
    page.write_text(text, encoding="utf-8")
    return list(links.broken(page, root))
