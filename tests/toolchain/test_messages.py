"""Messages: what is extracted is what Django looks up, and a faulty translation is found."""

import gettext
import importlib.util
import os
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import polib
import pytest
from django.template import Context, Template
from django.utils import translation
from django.utils.translation import trans_real

ROOT = Path(__file__).resolve().parent.parent.parent

TEMPLATE = """{% load i18n %}
{# Translators: shown above the list #}
{% translate "Matches" %} {% translate "May" context "month" %} {{ name|default:_("nobody") }}
{% blocktranslate trimmed with title=challenge.title %}
    Asks for
    {{ title }} at 50%
{% endblocktranslate %}
{% blocktranslate trimmed count n=n context "list" %}one match{% plural %}{{ n }} matches{% endblocktranslate %}
<p title="{% translate 'A "quoted" word' %}">text</p>
"""
CODE = """from django.utils.translation import gettext as _, ngettext, npgettext, pgettext_lazy
A = _("Send") + _(
    "two "
    "halves"
)
B = ngettext("%(n)s day", "%(n)s days", 3) % {"n": 3}
C = pgettext_lazy("verb", "Post")
D = npgettext("time", "%(n)s hour", "%(n)s hours", 2)
E = _("技术需求 技術需求 challenge")
"""
EXPECTED = {
    ("", "Send"): "",
    ("", "two halves"): "",
    ("", "%(n)s day"): "%(n)s days",
    ("verb", "Post"): "",
    ("time", "%(n)s hour"): "%(n)s hours",
    ("", "技术需求 技術需求 challenge"): "",
    ("", "Matches"): "",
    ("month", "May"): "",
    ("", "nobody"): "",
    ("", "Asks for %(title)s at 50%%"): "",
    ("list", "one match"): "%(n)s matches",
    ("", 'A "quoted" word'): "",
}


def load() -> ModuleType:
    """Loads the script as a module; ``locale`` is no package, for Python has a module of that name."""
    spec = importlib.util.spec_from_file_location("messages_script", ROOT / "locale" / "messages.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


messages = load()


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A small site with messages in code and in a template."""
    for path, text in (("projects/web/views.py", CODE), ("templates/page.html", TEMPLATE)):
        (tmp_path / path).parent.mkdir(parents=True)
        (tmp_path / path).write_text(text, encoding="utf-8")
    return tmp_path


def translate(site: Path, **changed: str) -> None:
    """Translates every message by a mark before it; ``changed`` replaces some translations."""
    for language in messages.LANGUAGES:
        path = messages.catalogue(site, language)
        catalogue = polib.pofile(str(path))
        for entry in catalogue:
            text = changed.get(entry.msgid.split()[0], f"译{entry.msgid_plural or entry.msgid}")
            if entry.msgid_plural:
                entry.msgstr_plural = {0: text}
            else:
                entry.msgstr = text
        catalogue.save()


def test_extracts_code_and_templates(site: Path) -> None:
    found = messages.collect(site)

    assert {key: message.plural for key, message in found.items()} == EXPECTED
    assert found["", "Matches"].notes == ["shown above the list"]
    assert found["", "Matches"].files == ["templates/page.html"]


@pytest.mark.skipif(
    not __import__("shutil").which("xgettext"), reason="compares with makemessages, which needs gettext"
)
def test_extracts_what_makemessages_extracts(site: Path) -> None:
    (site / "locale").mkdir()
    environment = os.environ | {"PYTHONPATH": str(ROOT), "DJANGO_SETTINGS_MODULE": ""}
    command = [sys.executable, "-m", "django", "makemessages", "--locale", "zh_Hans", "--extension", "html,txt,py"]

    subprocess.run(command, cwd=site, env=environment, check=True, capture_output=True, timeout=60)

    theirs = polib.pofile(str(site / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"))
    assert {(entry.msgctxt or "", entry.msgid): entry.msgid_plural for entry in theirs} == EXPECTED


def test_what_is_compiled_is_what_django_looks_up(site: Path) -> None:
    messages.extract(site, prune=False)
    translate(site)
    messages.compile_all(site)
    compiled = messages.catalogue(site, "zh_Hans").with_suffix(".mo")
    with compiled.open("rb") as file:
        ours = trans_real.DjangoTranslation("zh-hans", domain="absent", localedirs=[str(site / "locale")])
        ours._catalog = trans_real.TranslationCatalog(gettext.GNUTranslations(file))  # type: ignore[attr-defined]

    with translation.override("zh-hans"):
        before = trans_real._active.value  # type: ignore[attr-defined]
        trans_real._active.value = ours  # type: ignore[attr-defined]
        try:
            page = Template(TEMPLATE).render(Context({"challenge": {"title": "电芯"}, "n": 3, "name": ""}))
        finally:
            trans_real._active.value = before  # type: ignore[attr-defined]

    assert [line for line in page.splitlines() if line] == [
        "译Matches 译May 译nobody",
        "译Asks for 电芯 at 50%",
        "译3 matches",
        '<p title="译A "quoted" word">text</p>',
    ]


def test_translations_survive_the_next_extract(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    messages.extract(site, prune=False)
    translate(site)
    (site / "projects/web/views.py").write_text(CODE.replace('_("Send")', '_("Send now")'), encoding="utf-8")
    capsys.readouterr()

    messages.extract(site, prune=False)

    assert "zh_Hans: 12 messages, 1 to translate, 1 left over" in capsys.readouterr().out
    kept = {entry.msgid: entry for entry in polib.pofile(str(messages.catalogue(site, "zh_Hans")))}
    assert kept["Matches"].msgstr == "译Matches"
    assert kept["one match"].msgstr_plural == {0: "译%(n)s matches"}
    assert (kept["Send"].obsolete, kept["Send"].msgstr) == (True, "译Send")

    messages.extract(site, prune=True)

    assert "Send" not in {entry.msgid for entry in polib.pofile(str(messages.catalogue(site, "zh_Hans")))}


def test_extract_twice_changes_nothing(site: Path) -> None:
    messages.extract(site, prune=False)
    translate(site)
    messages.extract(site, prune=False)
    once = messages.catalogue(site, "zh_Hant").read_bytes()

    messages.extract(site, prune=False)

    assert messages.catalogue(site, "zh_Hant").read_bytes() == once


def test_complete_catalogue_passes(site: Path) -> None:
    messages.extract(site, prune=False)
    translate(site)

    assert messages.check(site) == []


@pytest.mark.parametrize(
    ("first_word", "text", "fault"),
    [
        ("Matches", "", "not translated"),
        ("Asks", "求 %(titel)s 50%%", "placeholders are ['%(titel)s'] instead of ['%(title)s']"),
        ("Asks", "求 %(title)d 50%%", "placeholders are ['%(title)d'] instead of ['%(title)s']"),
        ("Asks", "求 50%%", "placeholders are [] instead of ['%(title)s']"),
        ("Asks", "求 %(title)s 50%", "has a % that is no placeholder (write %%)"),
        ("%(n)s", "几天", "placeholders are [] instead of ['%(n)s']"),
    ],
)
def test_faulty_translation_is_found(site: Path, first_word: str, text: str, fault: str) -> None:
    messages.extract(site, prune=False)
    translate(site, **{first_word: text})

    wrong = messages.check(site)

    assert wrong
    assert all(f": {fault}: " in line for line in wrong)
    assert {line.split("/")[1] for line in wrong} == set(messages.LANGUAGES)


def test_missing_left_over_and_fuzzy_messages_are_found(site: Path) -> None:
    messages.extract(site, prune=False)
    translate(site)
    path = messages.catalogue(site, "zh_Hant")
    catalogue = polib.pofile(str(path))
    catalogue.remove(catalogue.find("Matches"))
    catalogue.append(polib.POEntry(msgid="Gone", msgstr="没了"))
    catalogue.find("Send").flags.append("fuzzy")
    catalogue.save()

    faults = [line.split(": ", 1)[1] for line in messages.check(site)]

    assert sorted(faults) == [
        "fuzzy: 'Send'",
        "left over (extract --prune drops it): 'Gone'",
        "not extracted: 'Matches'",
    ]


def test_every_borrowed_message_is_one_of_the_package() -> None:
    """A borrowed message that differs by one sign from the package's own would never be found."""
    package = ROOT_OF_REST_FRAMEWORK.glob("*.py")
    django = [*DJANGO.glob("conf/locale/en/**/django.po"), *DJANGO.glob("contrib/*/locale/en/**/django.po")]
    known = {key[1] for path in package for key in _messages_of(path)}
    known |= {
        entry.msgid
        for path in [*django, ALLAUTH / "locale/en/LC_MESSAGES/django.po"]
        for entry in polib.pofile(str(path))
    }

    borrowed = {key[1] for key, message in messages.collect(ROOT).items() if "locale/borrowed.py" in message.files}

    assert len(borrowed) > 20
    assert sorted(borrowed - known) == []


DJANGO = Path(str(importlib.util.find_spec("django").origin)).parent  # type: ignore[union-attr]
ALLAUTH = Path(str(importlib.util.find_spec("allauth").origin)).parent  # type: ignore[union-attr]
ROOT_OF_REST_FRAMEWORK = Path(str(importlib.util.find_spec("rest_framework").origin)).parent  # type: ignore[union-attr]


def _messages_of(path: Path) -> set[tuple[str, str]]:
    """The messages of one Python file of a package."""
    from io import BytesIO

    from babel.messages.extract import extract

    found = set()
    for _line, words, _notes, context in extract(
        "python", BytesIO(path.read_bytes()), messages.KEYWORDS, [], {"encoding": "utf-8"}
    ):
        found |= {(context or "", word) for word in (words if isinstance(words, tuple) else (words,))}
    return found
