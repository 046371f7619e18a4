"""Keeps an index on disk in Lucene's shape: immutable segments of memory-mapped arrays, and a manifest that says which count.

A segment folder is written under another name, renamed, and only then named in the manifest, which is replaced in one step.
So a reader sees either the old or the new index, whole. Files are arrays and JSON: loading one can never run code.
"""

import fcntl
import json
import os
import secrets
import shutil
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from matchmaker.engine.documents import Facts, MatchDocument
from matchmaker.engine.errors import BrokenIndexError, NoIndexError
from matchmaker.engine.results import Cue, Placement
from matchmaker.engine.vectors import Floats, Hashes, Row

FORMAT = 1
MANIFEST = "manifest.json"
SMALL = 16_384  # bytes; smaller arrays are read instead of mapped
_ARRAYS = (
    "item_owner",
    "row_ptr",
    "row_hash",
    "row_value",
    "row_span",
    "term_hash",
    "term_ptr",
    "post_item",
    "post_value",
)


class Entry(NamedTuple):
    """Is one document with everything that is stored of it; both strings are JSON."""

    key: str
    document: str
    card: str
    items: tuple[tuple[str, Row], ...]


class Card(NamedTuple):
    """Is the small part of a document that scoring needs without its texts."""

    facts: Facts
    placement: Placement


@dataclass(frozen=True, slots=True)
class Manifest:
    """Says which segments make up the published index, and which of the base's documents no longer count."""

    version: str
    side: str
    statistics: str
    config: dict[str, Any]
    segments: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    format: int = FORMAT
    placed_by: str = ""  # fingerprint of the model that placed the documents in the quadrant
    previous: tuple[str, ...] = field(
        default=()
    )  # folders of the manifest before, which readers may be opening right now


def entry_of(document: MatchDocument, placement: Placement, items: Iterable[tuple[str, Row]]) -> Entry:
    """Packs a document with its weighted items."""
    whole = document.to_json()
    card = {"facts": whole["facts"], "placement": _placement_json(placement)}
    return Entry(document.key, _json(whole), _json(card), tuple(items))


def document_from(line: str) -> MatchDocument:
    """Unpacks the document of an entry."""
    return MatchDocument.from_json(json.loads(line))


def card_from(line: str) -> Card:
    """Unpacks the facts and the placement of an entry."""
    value = json.loads(line)
    placement = dict(value["placement"])
    placement["cues"] = tuple(Cue(*cue) for cue in placement["cues"])
    return Card(Facts.from_json(value["facts"]), Placement(**placement))


class Segment:
    """Reads one segment; arrays are mapped, texts are read one document at a time."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        try:
            self.keys: list[str] = json.loads((folder / "keys.json").read_text(encoding="utf-8"))
            self.item_keys: list[str] = json.loads((folder / "item_keys.json").read_text(encoding="utf-8"))
            arrays = {name: _load(folder / f"{name}.npy") for name in _ARRAYS}
            self._documents = Lines(folder, "documents")
            self._cards = Lines(folder, "cards")
        except (ValueError, EOFError) as error:
            raise BrokenIndexError(f"segment {folder.name} cannot be read: {error}") from error
        self.item_owner: npt.NDArray[np.int32] = arrays["item_owner"]
        self._row_ptr, self._row_hash = arrays["row_ptr"], arrays["row_hash"]
        self._row_value, self._row_span = arrays["row_value"], arrays["row_span"]
        self._term_hash, self._term_ptr = arrays["term_hash"], arrays["term_ptr"]
        self._post_item, self._post_value = arrays["post_item"], arrays["post_value"]
        self.owner_items = np.searchsorted(self.item_owner, np.arange(len(self.keys) + 1))
        self.places = {key: place for place, key in enumerate(self.keys)}

    def __len__(self) -> int:
        return len(self.keys)

    def item_scores(self, hashes: Hashes, values: npt.NDArray[np.float32]) -> Floats:
        """Returns the dot product of a row with every item, summed in the order of the hashes."""
        if not len(self._term_hash) or not len(hashes):
            return np.zeros(len(self.item_owner))
        places = np.minimum(np.searchsorted(self._term_hash, hashes), len(self._term_hash) - 1)
        found = np.flatnonzero(self._term_hash[places] == hashes)
        starts, ends = self._term_ptr[places[found]], self._term_ptr[places[found] + 1]
        ranges = list(zip(starts.tolist(), ends.tolist(), strict=True))
        if not ranges:
            return np.zeros(len(self.item_owner))
        items = np.concatenate([self._post_item[start:end] for start, end in ranges])
        weights = np.concatenate([self._post_value[start:end] for start, end in ranges]).astype(np.float64)
        weights *= np.repeat(values[found].astype(np.float64), ends - starts)
        return np.asarray(np.bincount(items, weights=weights, minlength=len(self.item_owner)), dtype=np.float64)

    def rows(self, owner: int) -> list[tuple[str, Row]]:
        """Returns (evidence key, row) of a document's items."""
        first, last = self.owner_items[owner], self.owner_items[owner + 1]
        return [(self.item_keys[item], self._row(item)) for item in range(first, last)]

    def _row(self, item: int) -> Row:
        inside = slice(int(self._row_ptr[item]), int(self._row_ptr[item + 1]))
        return Row(self._row_hash[inside], self._row_value[inside], self._row_span[inside])

    def document(self, owner: int) -> MatchDocument:
        """Reads one document with its texts."""
        return document_from(self._documents[owner])

    def card(self, owner: int) -> Card:
        """Reads the facts and placement of one document."""
        return card_from(self._cards[owner])

    def entry(self, owner: int) -> Entry:
        """Reads everything that is stored of one document, ready for another segment."""
        copies = [(key, Row(row.hashes.copy(), row.values.copy(), row.spans.copy())) for key, row in self.rows(owner)]
        return Entry(self.keys[owner], self._documents[owner], self._cards[owner], tuple(copies))


class Lines:
    """Reads single lines of a file by number, through an array of offsets."""

    def __init__(self, folder: Path, name: str) -> None:
        self._file = (folder / f"{name}.jsonl").open("rb")
        self._offsets = _load(folder / f"{name}_ptr.npy")

    def __getitem__(self, number: int) -> str:
        start, end = int(self._offsets[number]), int(self._offsets[number + 1])
        return os.pread(self._file.fileno(), end - start, start).decode("utf-8", "surrogatepass")

    def __del__(self) -> None:
        if hasattr(self, "_file"):
            self._file.close()


def write_segment(root: Path, entries: Sequence[Entry]) -> str:
    """Writes a segment of entries, sorted by key, and returns its name; it counts once a manifest names it."""
    entries = sorted(entries)
    name = f"segment-{secrets.token_hex(6)}"
    folder = root / f".{name}"
    folder.mkdir(parents=True)
    rows = [(owner, key, row) for owner, entry in enumerate(entries) for key, row in entry.items]
    lengths = np.array([len(row) for _, _, row in rows], dtype=np.int64)
    hashes = _joined([row.hashes for _, _, row in rows], np.uint64)
    values = _joined([row.values for _, _, row in rows], np.float32)
    spans = _joined([row.spans.ravel() for _, _, row in rows], np.uint32).reshape(-1, 3)
    order = np.argsort(hashes, kind="stable")
    terms, firsts = np.unique(hashes[order], return_index=True)
    arrays: dict[str, npt.NDArray[Any]] = {
        "item_owner": np.array([owner for owner, _, _ in rows], dtype=np.int32),
        "row_ptr": np.concatenate(([0], np.cumsum(lengths))).astype(np.int64),
        "row_hash": hashes,
        "row_value": values,
        "row_span": spans,
        "term_hash": terms,
        "term_ptr": np.append(firsts, len(order)).astype(np.int64),
        "post_item": np.repeat(np.arange(len(rows), dtype=np.int32), lengths)[order],
        "post_value": values[order],
    }
    for array, content in arrays.items():
        np.save(folder / f"{array}.npy", content)
    (folder / "keys.json").write_text(_json([entry.key for entry in entries]), encoding="utf-8")
    (folder / "item_keys.json").write_text(_json([key for _, key, _ in rows]), encoding="utf-8")
    _write_lines(folder, "documents", [entry.document for entry in entries])
    _write_lines(folder, "cards", [entry.card for entry in entries])
    folder.rename(root / name)
    return name


def read_manifest(root: Path) -> Manifest:
    """Reads which segments count now."""
    try:
        value = json.loads((root / MANIFEST).read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise NoIndexError(f"no index is published in {root.name}") from error
    except (OSError, ValueError) as error:
        raise BrokenIndexError(f"the manifest cannot be read: {error}") from error
    if value.get("format") != FORMAT:
        raise BrokenIndexError(
            f"the index has format {value.get('format')}, this engine reads {FORMAT}: build it again"
        )
    values: dict[str, Any] = {name: tuple(item) if isinstance(item, list) else item for name, item in value.items()}
    return Manifest(**values)


def publish(root: Path, manifest: Manifest) -> None:
    """Replaces the manifest in one step, then deletes folders that neither it nor the one before names."""
    named = {name: getattr(manifest, name) for name in Manifest.__slots__}
    temporary = root / f".{MANIFEST}-{secrets.token_hex(4)}"
    temporary.write_text(_json(named), encoding="utf-8")
    temporary.replace(root / MANIFEST)
    keep = {*manifest.segments, *manifest.previous, manifest.statistics}
    for folder in root.iterdir():
        if (
            folder.is_dir()
            and folder.name not in keep
            and folder.name.lstrip(".").startswith(("segment-", "statistics-"))
        ):
            shutil.rmtree(folder, ignore_errors=True)


def next_version(root: Path) -> str:
    """Returns a version that no earlier publish had: a rising number and a random tail, in case the folder was deleted."""
    try:
        number = int(read_manifest(root).version.split("-")[0]) + 1
    except (NoIndexError, BrokenIndexError, ValueError):
        number = 1
    return f"{number}-{secrets.token_hex(4)}"


@contextmanager
def one_writer(root: Path) -> Iterator[None]:
    """Holds the folder's lock; a second writer waits. The lock ends with its process, however that ends."""
    root.mkdir(parents=True, exist_ok=True)
    with (root / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _load(path: Path) -> npt.NDArray[Any]:
    mapped = path.stat().st_size > SMALL
    array: npt.NDArray[Any] = np.load(path, mmap_mode="r" if mapped else None, allow_pickle=False)
    return array


def _joined(parts: list[npt.NDArray[Any]], kind: type[np.generic]) -> npt.NDArray[Any]:
    return np.concatenate(parts).astype(kind, copy=False) if parts else np.zeros(0, dtype=kind)


def _write_lines(folder: Path, name: str, lines: Sequence[str]) -> None:
    encoded = [line.encode("utf-8", "surrogatepass") for line in lines]
    (folder / f"{name}.jsonl").write_bytes(b"".join(encoded))
    np.save(folder / f"{name}_ptr.npy", np.cumsum([0, *map(len, encoded)], dtype=np.int64))


def _placement_json(placement: Placement) -> dict[str, Any]:
    value = {name: getattr(placement, name) for name in Placement.__slots__}
    value["cues"] = [[cue.axis, cue.term, cue.weight] for cue in placement.cues]
    return value


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=True, separators=(",", ":"))
