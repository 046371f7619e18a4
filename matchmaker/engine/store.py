"""Keeps an index on disk in Lucene's shape: immutable segments of memory-mapped arrays, and a manifest that says which count.

A segment folder is written under another name, renamed, and only then named in the manifest, which is replaced in one step.
So a reader sees either the old or the new index, whole. Files are arrays and JSON: loading one can never run code.

A segment holds its documents twice. By document, each item's terms with their weights, exactly. By term, a list of the documents
that hold it, each with the term's weights pooled over the items as if it stood first in all of them: the sum over the query's
lists is never less than a document's score, and equals it where a document has one item. So the lists say which few documents
can be among the best, and only these are scored exactly.
"""

import fcntl
import io
import json
import os
import secrets
import shutil
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import sparse

from matchmaker.engine import scoring
from matchmaker.engine.documents import Facts, MatchDocument
from matchmaker.engine.errors import BrokenIndexError, NoIndexError
from matchmaker.engine.results import Cue, Placement
from matchmaker.engine.vectors import Floats, Hashes, Row

try:
    from scipy.sparse._sparsetools import csc_matvec
except ImportError:  # another scipy: the plain way below gives the same numbers
    csc_matvec = None

FORMAT = 2
MANIFEST = "manifest.json"
SMALL = 16_384  # bytes; smaller arrays are read instead of mapped
CHUNK = 500  # documents written at a time
HEADER = 128  # bytes kept free for the header of an array that grows
LISTS = 2**31 - 1  # entries of all lists of a segment that a 32-bit pointer reaches
_ARRAYS = (
    "owner_ptr",
    "row_ptr",
    "row_term",
    "row_value",
    "row_span",
    "term_hash",
    "term_ptr",
    "post_owner",
    "post_bound",
)

Owners = npt.NDArray[np.intp]
Bounds = npt.NDArray[np.float32]


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
    """Says which segments make up the published index, and which documents of each no longer count."""

    version: str
    side: str
    statistics: str
    config: dict[str, Any]
    segments: tuple[str, ...] = ()
    dead: tuple[tuple[int, ...], ...] = ()  # for each segment
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
            arrays = {name: _load(folder / f"{name}.npy") for name in _ARRAYS}
            self._keys, self._item_keys, self._documents, self._cards = (
                Lines(folder, name) for name in ("keys", "item_keys", "documents", "cards")
            )
        except (ValueError, EOFError) as error:
            raise BrokenIndexError(f"segment {folder.name} cannot be read: {error}") from error
        self._owner_ptr, self._row_ptr, self._row_term = arrays["owner_ptr"], arrays["row_ptr"], arrays["row_term"]
        self._row_value, self._row_span = arrays["row_value"], arrays["row_span"]
        self._term_hash, self._term_ptr = arrays["term_hash"], arrays["term_ptr"]
        self._post_owner, self._post_bound = arrays["post_owner"], arrays["post_bound"]
        self._spare: list[Floats] = []

    def __len__(self) -> int:
        return len(self._owner_ptr) - 1

    # Names

    @cached_property
    def keys(self) -> list[str]:
        """The keys of all documents, rising; read only when all are asked for."""
        return [self._keys[owner] for owner in range(len(self))]

    def key(self, owner: int) -> str:
        """Reads the key of one document."""
        return self._keys[owner]

    def place(self, key: str) -> int | None:
        """Finds a document by its key."""
        place = bisect_left(self._keys, key)
        return place if place < len(self) and self._keys[place] == key else None

    # Scores

    def bounds(self, hashes: Hashes, values: Floats) -> Bounds:
        """Returns for each document a number that its score cannot exceed by more than `slack` of it; equal for single items."""
        terms, found = self._terms(hashes)
        weights = values[found].astype(np.float32)
        if csc_matvec is None or len(self._post_owner) > LISTS:
            return self._plain_bounds(terms, weights)
        # One call adds all lists up: from the last to the first, so that what lies between two lists is an empty range.
        ends = np.zeros(2 * len(terms) + 1, dtype=np.int32)
        ends[:-1:2], ends[1::2] = self._term_ptr[terms[::-1]], self._term_ptr[terms[::-1] + 1]
        factors = np.zeros(2 * len(terms), dtype=np.float32)
        factors[::2] = weights[::-1]
        total = np.zeros(len(self), dtype=np.float32)
        csc_matvec(len(self), len(factors), ends, self._post_owner, self._post_bound, factors, total)
        return total

    def item_scores(self, hashes: Hashes, values: npt.NDArray[np.float32], owners: Owners | None = None) -> Floats:
        """Returns the dot product of a row with every item, or with those of some documents, summed in the order of the hashes."""
        rows = self.item_numbers(owners) if owners is not None else None
        terms, found = self._terms(hashes)
        query = self._spare.pop() if self._spare else np.zeros(len(self._term_hash))
        query[terms] = values[found]
        scores = np.asarray(self._matrix @ query) if rows is None else self._products(rows, query)
        query[terms] = 0.0
        self._spare.append(query)
        return scores

    def item_numbers(self, owners: Owners) -> Owners:
        """Returns the numbers of the items of some documents, document by document."""
        return _ranges(self._owner_ptr[owners], self._owner_ptr[owners + 1])

    def item_counts(self, owners: Owners | None = None) -> npt.NDArray[np.int64]:
        """Returns how many items each document has."""
        counts = np.diff(self._owner_ptr) if owners is None else self._owner_ptr[owners + 1] - self._owner_ptr[owners]
        return np.asarray(counts, dtype=np.int64)

    def _terms(self, hashes: Hashes) -> tuple[Owners, Owners]:
        """Returns the numbers of the terms that the segment holds, rising, and where these stand among the hashes."""
        places = np.searchsorted(self._term_hash, hashes)
        found = np.flatnonzero(places < len(self._term_hash))
        found = found[self._term_hash[places[found]] == hashes[found]]
        return places[found], found

    def _plain_bounds(self, terms: Owners, weights: npt.NDArray[np.float32]) -> Bounds:
        """Adds the lists up without the compiled loop of scipy."""
        starts, ends = self._term_ptr[terms], self._term_ptr[terms + 1]
        places = _ranges(starts, ends)
        adds = self._post_bound[places] * np.repeat(weights, ends - starts)
        return np.bincount(self._post_owner[places], weights=adds, minlength=len(self)).astype(np.float32)

    def _products(self, rows: Owners, query: Floats) -> Floats:
        """Multiplies some rows with a dense query, each summed from its first term to its last."""
        starts, ends = self._row_ptr[rows], self._row_ptr[rows + 1]
        places = _ranges(starts, ends)
        products = self._row_value[places] * query[self._row_term[places]]
        numbers = np.repeat(np.arange(len(rows)), ends - starts)
        return np.asarray(np.bincount(numbers, weights=products, minlength=len(rows)), dtype=np.float64)

    @property
    def item_owner(self) -> npt.NDArray[np.int32]:
        """The document that each item belongs to."""
        return np.repeat(np.arange(len(self), dtype=np.int32), np.diff(self._owner_ptr))

    @cached_property
    def _matrix(self) -> sparse.csr_array:
        """All items as one scipy matrix: the reference that every faster way is compared with."""
        shape = (len(self._row_ptr) - 1, len(self._term_hash))
        return sparse.csr_array((self._row_value.astype(np.float64), self._row_term, self._row_ptr), shape=shape)

    # Documents

    def rows(self, owner: int) -> list[tuple[str, Row]]:
        """Returns (evidence key, row) of a document's items."""
        first, last = int(self._owner_ptr[owner]), int(self._owner_ptr[owner + 1])
        return [(self._item_keys[item], self._row(item)) for item in range(first, last)]

    def _row(self, item: int) -> Row:
        inside = slice(int(self._row_ptr[item]), int(self._row_ptr[item + 1]))
        return Row(self._term_hash[self._row_term[inside]], self._row_value[inside], self._row_span[inside])

    def document(self, owner: int) -> MatchDocument:
        """Reads one document with its texts."""
        return document_from(self._documents[owner])

    def card(self, owner: int) -> Card:
        """Reads the facts and placement of one document."""
        return card_from(self._cards[owner])

    def entry(self, owner: int) -> Entry:
        """Reads everything that is stored of one document, ready for another segment."""
        copies = [(key, Row(row.hashes.copy(), row.values.copy(), row.spans.copy())) for key, row in self.rows(owner)]
        return Entry(self.key(owner), self._documents[owner], self._cards[owner], tuple(copies))


class Lines(Sequence[str]):
    """Reads single lines of a file by number, through an array of offsets."""

    def __init__(self, folder: Path, name: str) -> None:
        self._file = (folder / f"{name}.jsonl").open("rb")
        self._offsets = _load(folder / f"{name}_ptr.npy")

    def __len__(self) -> int:
        return len(self._offsets) - 1

    def __getitem__(self, number: int) -> str:  # type: ignore[override]  # no slices
        start, end = int(self._offsets[number]), int(self._offsets[number + 1])
        return os.pread(self._file.fileno(), end - start, start).decode("utf-8", "surrogatepass")

    def __del__(self) -> None:
        if hasattr(self, "_file"):
            self._file.close()


class _Growing:
    """Writes an array to a file piece by piece; its header, which says how long it became, comes last."""

    def __init__(self, folder: Path, name: str, kind: type[np.generic], columns: tuple[int, ...] = ()) -> None:
        self._file = (folder / f"{name}.npy").open("wb")
        self._file.write(bytes(HEADER))
        self._kind, self._columns, self.length = np.dtype(kind), columns, 0

    def add(self, array: npt.NDArray[Any]) -> None:
        """Appends rows."""
        self._file.write(np.ascontiguousarray(array, dtype=self._kind).tobytes())
        self.length += len(array)

    def close(self) -> None:
        """Completes the file."""
        header = io.BytesIO()
        shape = (self.length, *self._columns)
        about = {"descr": np.lib.format.dtype_to_descr(self._kind), "fortran_order": False, "shape": shape}
        np.lib.format.write_array_header_1_0(header, about)
        if len(header.getvalue()) != HEADER:
            raise BrokenIndexError(f"an array's header takes {len(header.getvalue())} bytes instead of {HEADER}")
        with self._file:
            self._file.seek(0)
            self._file.write(header.getvalue())


class _GrowingLines:
    """Writes lines to a file piece by piece, and where each begins."""

    def __init__(self, folder: Path, name: str) -> None:
        self._file = (folder / f"{name}.jsonl").open("wb")
        self._offsets = _Growing(folder, f"{name}_ptr", np.int64)
        self._place = 0
        self._offsets.add(np.zeros(1))

    def add(self, lines: Iterable[str]) -> None:
        """Appends lines."""
        encoded = [line.encode("utf-8", "surrogatepass") for line in lines]
        self._file.write(b"".join(encoded))
        self._offsets.add(self._place + np.cumsum([len(line) for line in encoded], dtype=np.int64))
        self._place += sum(map(len, encoded))

    def close(self) -> None:
        """Completes both files."""
        self._file.close()
        self._offsets.close()


class _Piece(NamedTuple):
    """The rows of some documents while a segment is written: the terms they hold, and each row entry's place among these."""

    terms: Hashes
    places: npt.NDArray[np.int32]
    values: npt.NDArray[np.float32]
    owners: npt.NDArray[np.int32]
    counts: npt.NDArray[np.int64]


def write_segment(root: Path, entries: Iterable[Entry], decay: float) -> str:
    """Writes a segment of entries, which come by rising key, and returns its name; it counts once a manifest names it."""
    name = f"segment-{secrets.token_hex(6)}"
    folder = root / f".{name}"
    folder.mkdir(parents=True)
    pieces = _write_rows(folder, iter(entries))
    vocabulary: Hashes = np.unique(_joined([piece.terms for piece in pieces], np.uint64))
    terms, owners, bounds = _Growing(folder, "row_term", np.int32), [], []
    numbers: list[npt.NDArray[np.int32]] = []
    for piece in pieces:
        known = np.searchsorted(vocabulary, piece.terms).astype(np.int32)[piece.places]
        terms.add(known)
        number, owner, bound = pooled_terms(known, piece.values, piece.owners, piece.counts, decay)
        numbers.append(number)
        owners.append(np.bincount(owner, minlength=len(piece.counts)))
        bounds.append(bound)
    terms.close()
    _write_lists(folder, vocabulary, _joined(numbers, np.int32), _joined(owners, np.int64), _joined(bounds, np.float32))
    folder.rename(root / name)
    return name


def _write_rows(folder: Path, entries: Iterator[Entry]) -> list[_Piece]:
    """Writes everything that goes by document."""
    keys, items = _GrowingLines(folder, "keys"), _GrowingLines(folder, "item_keys")
    documents, cards = _GrowingLines(folder, "documents"), _GrowingLines(folder, "cards")
    owner_ptr, row_ptr = _Growing(folder, "owner_ptr", np.int64), _Growing(folder, "row_ptr", np.int64)
    values, spans = _Growing(folder, "row_value", np.float32), _Growing(folder, "row_span", np.uint32, (3,))
    owner_ptr.add(np.zeros(1))
    row_ptr.add(np.zeros(1))
    pieces: list[_Piece] = []
    count, latest = 0, None
    while batch := list(islice(entries, CHUNK)):
        for entry in batch:
            if latest is not None and entry.key <= latest:
                raise ValueError(f"documents of a segment must come by rising key: {entry.key!r} after {latest!r}")
            latest = entry.key
        rows = [row for entry in batch for _, row in entry.items]
        counts = np.array([len(entry.items) for entry in batch], dtype=np.int64)
        lengths = np.array([len(row) for row in rows], dtype=np.int64)
        owner_ptr.add(count + np.cumsum(counts))
        row_ptr.add(values.length + np.cumsum(lengths))
        count += len(rows)
        weights = _joined([row.values for row in rows], np.float32)
        values.add(weights)
        spans.add(_joined([row.spans.reshape(-1, 3) for row in rows], np.uint32).reshape(-1, 3))
        keys.add(entry.key for entry in batch)
        items.add(key for entry in batch for key, _ in entry.items)
        documents.add(entry.document for entry in batch)
        cards.add(entry.card for entry in batch)
        held, places = np.unique(_joined([row.hashes for row in rows], np.uint64), return_inverse=True)
        owners = np.repeat(np.arange(len(batch), dtype=np.int32), counts)
        pieces.append(_Piece(held, places.astype(np.int32), weights, np.repeat(owners, lengths), counts))
    for file in (keys, items, documents, cards, owner_ptr, row_ptr, values, spans):
        file.close()
    return pieces


def _write_lists(folder: Path, vocabulary: Hashes, terms: Any, lengths: Any, bounds: Any) -> None:
    """Turns documents with their terms into terms with their documents, each list by rising document."""
    pointers = np.concatenate(([0], np.cumsum(lengths))).astype(np.int64 if len(terms) > LISTS else np.int32)
    shape = (len(pointers) - 1, len(vocabulary))
    lists = sparse.csr_array((bounds, terms, pointers), shape=shape).tocsc()
    np.save(folder / "term_hash.npy", vocabulary)
    np.save(folder / "term_ptr.npy", lists.indptr.astype(np.int64))
    np.save(folder / "post_owner.npy", lists.indices.astype(np.int32, copy=False))
    np.save(folder / "post_bound.npy", lists.data)


def pooled_terms(
    terms: npt.NDArray[Any],
    values: npt.NDArray[np.float32],
    owners: npt.NDArray[Any],
    counts: npt.NDArray[np.int64],
    decay: float,
) -> tuple[npt.NDArray[Any], npt.NDArray[Any], Bounds]:
    """Pools each term over the items of its document alone: (term, owner, bound), by owner and term.

    A score takes one order of the items for all terms; here every term has the order that is best for it, so the sum over terms is
    never less. Rounded up to what 32 bits hold; the weight of a document with one item stays what it is.
    """
    order = np.lexsort((-values, terms, owners))
    terms, owners, weights = terms[order], owners[order], values[order].astype(np.float64)
    fresh = np.ones(len(terms), dtype=bool)
    fresh[1:] = (terms[1:] != terms[:-1]) | (owners[1:] != owners[:-1])
    firsts = np.flatnonzero(fresh)
    lengths = np.diff(np.append(firsts, len(terms)))
    ranks = np.arange(len(terms)) - np.repeat(firsts, lengths)
    adds = decay**ranks * weights / scoring.pool_norms(counts, decay)[owners]
    sums = np.add.reduceat(adds, firsts) if len(firsts) else adds
    bounds = sums.astype(np.float32)
    several = counts[owners[firsts]] > 1
    bounds[several] = np.nextafter(bounds[several], np.float32(np.inf))
    return terms[firsts], owners[firsts], bounds


def slack(terms: int) -> float:
    """Returns by which part a sum of so many positive 32-bit products can be off."""
    return 4.0 * (terms + 2) * float(np.finfo(np.float32).eps)


def _ranges(starts: npt.NDArray[Any], ends: npt.NDArray[Any]) -> Owners:
    """Returns start … end - 1 of each pair, one after another."""
    lengths = ends - starts
    total = int(lengths.sum())
    steps = np.arange(total, dtype=np.intp)
    return np.asarray(steps + np.repeat(starts - (np.cumsum(lengths) - lengths), lengths))


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
    values["dead"] = tuple(map(tuple, value["dead"]))
    return Manifest(**values)


def stamp(root: Path) -> tuple[int, int]:
    """Returns what tells one published manifest from another without reading it."""
    try:
        found = (root / MANIFEST).stat()
    except FileNotFoundError as error:
        raise NoIndexError(f"no index is published in {root.name}") from error
    return found.st_ino, found.st_mtime_ns


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


def _placement_json(placement: Placement) -> dict[str, Any]:
    value = {name: getattr(placement, name) for name in Placement.__slots__}
    value["cues"] = [[cue.axis, cue.term, cue.weight] for cue in placement.cues]
    return value


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=True, separators=(",", ":"))
