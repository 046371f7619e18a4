#!/usr/bin/env python3
"""Checks that every link between our own pages leads somewhere: the file is there, and so is the heading.

Addresses of other sites are left alone; a check must not depend on the network.
"""

import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from urllib.parse import unquote

ROOT = Path(__file__).resolve().parent.parent
LINK = re.compile(r"!?\[(?:[^\[\]]|\[[^\]]*\])*\]\(\s*<?([^)\s>]+)>?(?:\s+\"[^\"]*\")?\s*\)")
REFERENCE = re.compile(r"(?m)^ {0,3}\[[^\]]+\]:\s+(\S+)")
SOURCE = re.compile(r"(?:src|href)=\"([^\"]+)\"")
FENCE = re.compile(r"(?ms)^ {0,3}(```+|~~~+).*?^ {0,3}\1[ \t]*$")
CODE = re.compile(r"(`+)(?!`).*?(?<!`)\1(?!`)", re.S)
HEADING = re.compile(r"(?m)^#{1,6}\s+(.+?)\s*#*\s*$")
OUTSIDE = re.compile(r"[a-z][a-z0-9+.-]*:|//", re.I)


def pages(root: Path) -> list[Path]:
    """Returns the Markdown files that git knows or would take."""
    words = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z", "--", "*.md"]
    listed = subprocess.run(words, cwd=root, capture_output=True, text=True, check=True).stdout
    return sorted(root / name for name in listed.split("\0") if name and (root / name).is_file())


def _blank(match: re.Match[str]) -> str:
    """Keeps the line breaks of what is taken out, so that line numbers stay right."""
    return "\n" * match[0].count("\n")


def prose(text: str) -> str:
    """Returns the text without code, in which nothing is a link."""
    return CODE.sub(_blank, FENCE.sub(_blank, text))


@cache
def anchors(page: Path) -> frozenset[str]:
    """Returns the names of a page's headings, made as code hosts make them; a repeated heading gets a number."""
    found: set[str] = set()
    text = FENCE.sub(_blank, page.read_text(encoding="utf-8"))
    for heading in HEADING.findall(text):
        plain = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading)
        name = re.sub(r"[^\w\- ]", "", plain.lower()).replace(" ", "-")
        number, taken = 1, name
        while taken in found:
            taken, number = f"{name}-{number}", number + 1
        found.add(taken)
    return frozenset(found | set(re.findall(r"<a (?:id|name)=\"([^\"]+)\"", text)))


def broken(page: Path, root: Path) -> Iterator[tuple[int, str]]:
    """Yields the line and the fault of each link that leads nowhere."""
    text = prose(page.read_text(encoding="utf-8"))
    for match in (*LINK.finditer(text), *REFERENCE.finditer(text), *SOURCE.finditer(text)):
        target = match[1]
        if OUTSIDE.match(target):
            continue
        line = text.count("\n", 0, match.start()) + 1
        name, _, anchor = target.partition("#")
        path = (root / name.lstrip("/") if name.startswith("/") else page.parent / unquote(name)) if name else page
        if not path.exists():
            yield line, f"no such file: {target}"
        elif anchor and path.suffix == ".md" and unquote(anchor) not in anchors(path):
            yield line, f"no such heading: {target}"


def main() -> int:
    """Prints each broken link."""
    faults = [f"{page.relative_to(ROOT)}:{line}: {fault}" for page in pages(ROOT) for line, fault in broken(page, ROOT)]
    if faults:
        print(*faults, f"{len(faults)} broken links", sep="\n")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
