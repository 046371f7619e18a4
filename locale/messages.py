#!/usr/bin/env python3
"""Collects, checks and compiles the messages of the interface, without gettext being installed.

    messages.py extract [--prune]   write what the code says into every django.po, keeping its translations
    messages.py check               fail on what is missing, untranslated, fuzzy, left over, or has other placeholders
    messages.py compile             write django.mo beside each django.po that is newer

Templates go through Django's own ``templatize``, so trimmed blocks, plurals and contexts give the same messages as at run
time. What packages show on our pages, and do not translate themselves, is listed in ``locale/borrowed.py``. The sentence that
describes an operation of the API is the docstring of its method or generic view, which the page about the API shows.
"""

import argparse
import ast
import inspect
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any

import polib

ROOT = Path(__file__).resolve().parent.parent
LANGUAGES = ("zh_Hans", "zh_Hant")
SOURCES = ("matchmaker/**/*.py", "accounts/**/*.py", "projects/**/*.py", "locale/borrowed.py")
TEMPLATES = ("templates/**/*.html", "templates/**/*.txt", "accounts/templates/**/*", "projects/templates/**/*")
OPERATIONS = ("get", "post", "put", "patch", "delete")
"""Methods of API views."""
KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
HEADER = {
    "Project-Id-Version": "Matchmaker",
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=utf-8",
    "Content-Transfer-Encoding": "8bit",
    "Plural-Forms": "nplurals=1; plural=0;",
}
FORMS = 1
"""How many plural forms a Chinese message has."""
SHOWN = 40
"""How many faults the check prints before it only counts them."""
NAMED, POSITIONAL = re.compile(r"(%\(\w+\)[#0 +-]*[\d.]*[a-z])"), re.compile(r"(?<!%)(?:%%)*(%[sdifr])")
BRACED, TAGS = re.compile(r"\{(\w*)[^{}]*\}"), re.compile(r"</?([a-z][a-z0-9]*)\b", re.I)

Key = tuple[str, str]
"""Context (empty for none) and message."""


@dataclass
class Message:
    """One message of the code: its plural, the files that say it, and notes to the translator."""

    plural: str = ""
    files: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def _files(root: Path, patterns: tuple[str, ...]) -> Iterator[Path]:
    """Yields the files that match, in a fixed order."""
    for pattern in patterns:
        yield from sorted(path for path in root.glob(pattern) if path.is_file() and "migrations" not in path.parts)


def _python_of(path: Path) -> bytes:
    """Returns a file as Python that Babel can read; a template's tags become calls, each line flush left."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".py":
        return text.encode()
    from django.utils.translation.template import templatize

    return "\n".join(line.strip() for line in templatize(text, origin=str(path)).split("\n")).encode()


def collect(root: Path) -> dict[Key, Message]:
    """Returns every message that the code and the templates contain, in the order of their files."""
    from babel.messages.extract import extract

    found: dict[Key, Message] = {}
    for path in (*_files(root, SOURCES), *_files(root, TEMPLATES)):
        name = path.relative_to(root).as_posix()
        calls = extract("python", BytesIO(_python_of(path)), KEYWORDS, ["Translators:"], {"encoding": "utf-8"}, True)
        said: Iterable[Any] = ((0, words, [], None) for words in _operations(path)) if "/api/views/" in name else ()
        for _line, words, notes, context in (*calls, *said):
            single, plural = words if isinstance(words, tuple) else (words, "")
            if not single:
                continue
            message = found.setdefault((context or "", single), Message())
            if plural and message.plural and plural != message.plural:
                raise SystemExit(f"{name}: {single!r} has two plurals: {plural!r} and {message.plural!r}")
            message.plural = message.plural or plural
            message.files += [name] if name not in message.files else []
            message.notes += [note for note in notes if note not in message.notes]
    return found


def _operations(path: Path) -> Iterator[str]:
    """Yields what the API's views say of their operations."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and _describes(node):
            yield inspect.cleandoc(ast.get_docstring(node) or "")


def _describes(node: ast.FunctionDef | ast.ClassDef) -> bool:
    """True for a method that answers, and for a generic view, whose methods are the framework's."""
    if isinstance(node, ast.ClassDef):
        return any(ast.unparse(base).startswith("generics.") for base in node.bases)
    return node.name in OPERATIONS


# Catalogues


def catalogue(root: Path, language: str) -> Path:
    """Returns the path of a language's messages."""
    return root / "locale" / language / "LC_MESSAGES" / "django.po"


def extract(root: Path, *, prune: bool) -> None:
    """Brings every catalogue up to date; says what is new and what is left over."""
    messages = collect(root)
    for language in LANGUAGES:
        path = catalogue(root, language)
        old = polib.pofile(str(path)) if path.is_file() else polib.POFile()
        kept: dict[Key, polib.POEntry] = {(entry.msgctxt or "", entry.msgid): entry for entry in old}
        new = polib.POFile(wrapwidth=110)
        new.metadata = {**HEADER, "Language": language}
        for key, message in messages.items():
            new.append(_entry(key, message, kept.pop(key, None)))
        if not prune:
            for entry in kept.values():
                entry.obsolete, entry.occurrences = True, []
                new.append(entry)
        path.parent.mkdir(parents=True, exist_ok=True)
        new.save(str(path), newline="\n")
        print(f"{language}: {len(messages)} messages, {len(untranslated(new))} to translate, {len(kept)} left over")


def _entry(key: Key, message: Message, old: polib.POEntry | None) -> polib.POEntry:
    """Writes one message with the translation that it had."""
    context, single = key
    flags = ["python-format"] if "%" in single + message.plural else []
    entry = polib.POEntry(
        msgctxt=context or None,
        msgid=single,
        msgid_plural=message.plural,
        occurrences=[(name, "") for name in message.files],
        comment="\n".join(message.notes),
        flags=flags + [flag for flag in (old.flags if old else []) if flag == "fuzzy"],
    )
    given = translations(old) if old else []
    if message.plural:
        entry.msgstr_plural = dict(enumerate((given + [""] * FORMS)[:FORMS]))
    else:
        entry.msgstr = given[0] if given else ""
    return entry


def translations(entry: polib.POEntry) -> list[str]:
    """Returns the translated forms of a message, one for most."""
    if entry.msgid_plural and entry.msgstr_plural:
        return [entry.msgstr_plural[number] for number in sorted(entry.msgstr_plural)]
    return [entry.msgstr]


def untranslated(catalogue: polib.POFile) -> list[polib.POEntry]:
    """Returns the messages that lack a translation."""
    return [entry for entry in catalogue if not entry.obsolete and not all(translations(entry))]


# Check


def check(root: Path) -> list[str]:
    """Returns what is wrong with the catalogues, one line each."""
    messages, wrong = collect(root), []
    for language in LANGUAGES:
        path = catalogue(root, language)
        name = path.relative_to(root).as_posix()
        if not path.is_file():
            wrong.append(f"{name}: is missing; run locale/messages.py extract")
            continue
        seen: Counter[Key] = Counter()
        for entry in polib.pofile(str(path)):
            if not entry.obsolete:
                seen[entry.msgctxt or "", entry.msgid] += 1
            wrong += [f"{name}:{entry.linenum}: {fault}: {entry.msgid[:70]!r}" for fault in faults(entry, messages)]
        wrong += [f"{name}: twice: {single[:70]!r}" for (_, single), count in seen.items() if count > 1]
        wrong += [f"{name}: not extracted: {key[1][:70]!r}" for key in messages if key not in seen]
    return wrong


def faults(entry: polib.POEntry, messages: dict[Key, Message]) -> Iterator[str]:
    """Yields what is wrong with one message."""
    message = messages.get((entry.msgctxt or "", entry.msgid))
    if entry.obsolete or message is None:
        yield "left over (extract --prune drops it)"
        return
    if message.plural != (entry.msgid_plural or ""):
        yield "has another plural in the code"
    if entry.fuzzy:
        yield "fuzzy"
    given = translations(entry)
    if not all(given):
        yield "not translated"
    if entry.msgid_plural and len(given) != FORMS:
        yield f"has {len(given)} forms, not {FORMS}"
    for text in filter(None, given):
        yield from _differences(entry.msgid, entry.msgid_plural or "", text)


def _differences(single: str, plural: str, text: str) -> Iterator[str]:
    """Yields how a translation's placeholders, tags and line ends differ from those of its message."""
    wanted = set(NAMED.findall(single + plural))
    found = set(NAMED.findall(text))
    # A singular may leave the number out ("one match"), so with a plural either form's names are right.
    if found - wanted or (wanted - found and not (plural and found >= set(NAMED.findall(plural)))):
        yield f"placeholders are {sorted(found)} instead of {sorted(wanted)}"
    original = plural or single
    if "%" in original:
        if POSITIONAL.findall(text) != POSITIONAL.findall(original):
            yield "has other % placeholders"
        if re.search(r"%(?![(%sdifr])", text.replace("%%", "")):
            yield "has a % that is no placeholder (write %%)"
    if Counter(BRACED.findall(text)) != Counter(BRACED.findall(original)):
        yield "has other {} placeholders"
    if Counter(TAGS.findall(text)) != Counter(TAGS.findall(original)):
        yield "has other HTML tags"
    if text.startswith("\n") != original.startswith("\n") or text.endswith("\n") != original.endswith("\n"):
        yield "begins or ends with a line break where the message does not, or the other way round"


# Compile


def compile_all(root: Path) -> None:
    """Writes each catalogue's binary form if it is older; a reader never sees half of one."""
    for language in LANGUAGES:
        source = catalogue(root, language)
        target = source.with_suffix(".mo")
        if not source.is_file():
            continue
        if target.is_file() and target.stat().st_mtime_ns > source.stat().st_mtime_ns:
            continue
        aside = target.with_suffix(".mo.new")
        polib.pofile(str(source)).save_as_mofile(str(aside))
        aside.replace(target)


def main() -> int:
    """Runs one of the three commands."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("command", choices=["extract", "check", "compile"])
    parser.add_argument("--prune", action="store_true", help="with extract: drop translations that nothing uses")
    given = parser.parse_args()
    if given.command == "extract":
        extract(ROOT, prune=given.prune)
    elif given.command == "compile":
        compile_all(ROOT)
    elif wrong := check(ROOT):
        print(*wrong[:SHOWN], *["…"] * (len(wrong) > SHOWN), f"{len(wrong)} faults in the messages", sep="\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
