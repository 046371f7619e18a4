"""The style sheet keeps its promises: contrast, size, no foreign address, and a rule for each class of the components."""

import re
from pathlib import Path

import pytest
from django.conf import settings as project

STATIC = Path(project.BASE_DIR) / "static"
SHEET = (STATIC / "css" / "site.css").read_text(encoding="utf-8")
TEXT = [
    ("ink", "paper"),
    ("ink", "card"),
    ("soft", "paper"),
    ("soft", "card"),
    ("act", "paper"),
    ("act", "card"),
    ("act-ink", "act"),
]
TEXT += [
    ("wrong", "paper"),
    ("wrong", "card"),
    ("ink", "wrong-wash"),
    ("act", "wrong-wash"),
    ("good", "wash"),
    ("act", "act-wash"),
]
TEXT += [("ink", "mark"), ("ink", "wash"), ("ink", "ins"), ("ink", "del"), ("paper", "ink")]
MARKS = [
    (hue, ground) for hue in ("bohr", "pasteur", "edison", "fourth", "edge", "act") for ground in ("paper", "card")
]


def palette(start: str) -> dict[str, str]:
    """The colours set in the block that begins with ``start``."""
    block = SHEET[SHEET.index(start) :]
    return dict(re.findall(r"--([\w-]+):(#[0-9a-f]{3,6})\b", block[: block.index("}")]))


LIGHT = palette(":root{color-scheme:light")
DARK = LIGHT | palette(":root[data-theme=dark]{")


def luminance(colour: str) -> float:
    """Relative luminance after WCAG 2.2."""
    digits = colour.lstrip("#")
    digits = "".join(digit * 2 for digit in digits) if len(digits) == 3 else digits
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Contrast ratio after WCAG 2.2, from 1 to 21."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_contrast_is_computed_as_the_standard_does() -> None:
    assert contrast("#000", "#fff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(("ink", "ground"), TEXT)
def test_text_stands_out(colours: dict[str, str], ink: str, ground: str) -> None:
    assert contrast(colours[ink], colours[ground]) >= 4.5


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(("hue", "ground"), MARKS)
def test_marks_stand_out(colours: dict[str, str], hue: str, ground: str) -> None:
    assert contrast(colours[hue], colours[ground]) >= 3


def test_dark_is_the_same_by_choice_and_by_device() -> None:
    assert palette(":root[data-theme=dark]{") == palette(":root:not([data-theme=light]){")
    assert len(palette(":root[data-theme=dark]{")) > 15


def test_the_sheet_is_small_and_loads_nothing() -> None:
    assert len(SHEET.encode()) < 20_480
    assert "url(" not in SHEET
    assert "@import" not in SHEET


def test_classes_of_components_have_rules() -> None:
    folder = Path(project.BASE_DIR) / "templates" / "components"
    written = " ".join(path.read_text(encoding="utf-8") for path in folder.glob("_*.html"))
    plain = re.sub(r"{%.*?%}|{{.*?}}", " ", written)
    used = {
        name for group in re.findall(r'class="([^"]*)"', plain) for name in group.split() if not name.startswith("-")
    }

    hooks = {
        "exports",
        "error-summary",
        "state",
        "layout-main",
        "parts-table",
        "sign-in",
        "target",
        "bilingual",
        "why",
        "twin",
        "module",  # a frame of Django's admin
        "original",
    }
    missing = sorted(name for name in used - hooks if not re.search(rf"\.{re.escape(name)}\b", SHEET))
    assert len(used) > 30
    assert missing == []


def test_what_others_made_has_its_licence_beside_it() -> None:
    folder = STATIC / "vendor" / "htmx"

    assert "Zero-Clause BSD" in (folder / "LICENSE").read_text(encoding="utf-8")
    assert 'version:"2.' in (folder / "htmx.min.js").read_text(encoding="utf-8")
