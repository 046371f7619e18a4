"""Keeps each host's index folders in step with the database, which is the only truth.

A change to a live object writes a numbered row (``queue.index_changed``). Whoever needs an index first applies the rows it has
not seen; a folder that is missing, broken or of another epoch is built afresh. Deleting the folder costs only a rebuild.
"""

import fcntl
import gzip
import io
import json
import logging
import os
import shutil
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from itertools import chain
from pathlib import Path

from django.conf import settings
from django.db import IntegrityError, transaction

from matchmaker.engine.config import DEFAULT
from matchmaker.engine.documents import MatchDocument, Side
from matchmaker.engine.errors import EngineError
from matchmaker.engine.index import MatchIndex
from matchmaker.engine.vectors import Statistics
from matchmaker.queueing import jobs
from projects.choices import ArchiveKind, Collection
from projects.models import ArchiveRecord, Epoch, IndexChange, IndexClock
from projects.services import documents

log = logging.getLogger(__name__)

Progress = Callable[[int, int], None]
YOUNG = 400
"""Below so many texts of its own, a site borrows the word statistics of the shipped archive."""
GROWTH = 1.25
"""New word statistics are taken when the public text has grown by a quarter."""

SOURCES: dict[str, Callable[[Iterable[str] | None], Iterator[MatchDocument]]] = {
    Collection.CAPABILITIES: documents.live_capabilities,
    Collection.CHALLENGES: documents.live_challenges,
    Collection.ARCHIVE_RESEARCH: documents.archived_research,
}
_open: dict[str, MatchIndex] = {}


def current_index(collection: str) -> MatchIndex:
    """Returns the collection's index as of the latest committed change."""
    epoch = current_epoch()
    folder = _folder(collection, epoch)
    now = clock(collection)
    if _applied(folder) is None:
        return rebuild(collection)
    if (_applied(folder) or 0) < now:
        _catch_up(collection, folder, now)
    index = _open.get(str(folder))
    if index is None or _outdated(index):
        index = _whole(collection, folder)
        if index is None:
            return rebuild(collection)
        _open[str(folder)] = index
    return index


def clock(collection: str) -> int:
    """How many changes the collection has seen. An index that is asked for afterwards holds at least these."""
    return IndexClock.objects.filter(collection=collection).values_list("now", flat=True).first() or 0


def changed_since(collection: str, number: int) -> set[str]:
    """The keys of what entered, changed in, or left a collection after its ``number``-th change."""
    later = IndexChange.objects.filter(collection=collection, number__gt=number)
    return set(later.values_list("key", flat=True))


def current_epoch() -> Epoch:
    """Returns the newest word statistics for the shipped configuration, taking them when there are none."""
    latest = Epoch.objects.defer("statistics").filter(config=DEFAULT.fingerprint()).order_by("-number").first()
    return latest or start_epoch()


def start_epoch() -> Epoch:
    """Takes new word statistics from all public text. Every host builds its folders anew from then on."""
    own = list(chain(*(source(None) for source in SOURCES.values()), _archived_challenges()))
    everything = own if len(own) >= YOUNG else [*own, *_background()]
    statistics = Statistics.fit(everything)
    number = (Epoch.objects.values_list("number", flat=True).order_by("-number").first() or 0) + 1
    try:
        with transaction.atomic():
            return Epoch.objects.create(
                number=number, config=DEFAULT.fingerprint(), statistics=_packed(statistics), documents=len(own)
            )
    except IntegrityError:  # another worker was quicker
        return Epoch.objects.get(number=number)


def outgrown() -> bool:
    """True when the public text has grown so much that new word statistics are due."""
    epoch = current_epoch()
    count = sum(1 for source in SOURCES.values() for _ in source(None)) + sum(1 for _ in _archived_challenges())
    return count > GROWTH * max(epoch.documents, 1) and count >= epoch.documents + 20


def rebuild(collection: str, progress: Progress | None = None) -> MatchIndex:
    """Builds a collection's folder from the database and puts it in place of the old one."""
    epoch = current_epoch()
    folder = _folder(collection, epoch)
    with _locked(collection):
        now = clock(collection)
        statistics = _unpacked(bytes(Epoch.objects.get(pk=epoch.pk).statistics))
        fresh = Path(tempfile.mkdtemp(prefix="building-", dir=_home(collection)))
        try:
            side: Side = "challenge" if collection == Collection.CHALLENGES else "capability"
            documents_now = SOURCES[collection](None)
            MatchIndex.build(fresh / "index", documents_now, statistics, DEFAULT, progress, side)
            _note_applied(fresh, now)
            _replace(fresh, folder)
        finally:
            shutil.rmtree(fresh, ignore_errors=True)
        _forget_old(collection, folder)
    index = MatchIndex.open(folder / "index")
    _open[str(folder)] = index
    jobs.beat(f"index:{collection}", f"{index.version} ({len(index)})")
    return index


def _whole(collection: str, folder: Path) -> MatchIndex | None:
    """Opens a folder; None for a broken one, which must be built afresh."""
    try:
        return MatchIndex.open(folder / "index")
    except (EngineError, OSError, ValueError) as error:
        log.warning("index %s is broken (%s) and is built afresh", collection, type(error).__name__)
        return None


def _outdated(index: MatchIndex) -> bool:
    """True when another process has published since, or has left something that cannot be read."""
    try:
        return index.stale()
    except (EngineError, OSError, ValueError):
        return True


def _catch_up(collection: str, folder: Path, now: int) -> None:
    """Applies the changes that the folder has not seen; one writer per host at a time."""
    with _locked(collection):
        seen = _applied(folder)
        if seen is None or seen >= now:
            return
        index = _whole(collection, folder)
        if index is not None:
            changed = IndexChange.objects.filter(collection=collection, number__gt=seen, number__lte=now)
            keys = set(changed.values_list("key", flat=True))
            alive = list(SOURCES[collection](keys))
            index = index.changed(alive, keys - {document.key for document in alive})
            _note_applied(folder, now)
            _open[str(folder)] = index
    if index is None:  # after the lock is given back: building takes it anew, and would wait for itself
        index = rebuild(collection)
    jobs.beat(f"index:{collection}", f"{index.version} ({len(index)})")


def _background() -> Iterator[MatchDocument]:
    """The shipped published records, as texts for word statistics only; they are in no index."""
    path = settings.BACKGROUND_TEXT
    if path is None or ArchiveRecord.objects.exists():
        return
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            yield documents.background_document(json.loads(line))


def _archived_challenges() -> Iterator[MatchDocument]:
    """Archived challenges count in the word statistics; they ask, and are never asked for."""
    return (
        documents.archive_document(row)
        for row in ArchiveRecord.objects.filter(kind=ArchiveKind.CHALLENGE).order_by("pk")
    )


def _home(collection: str) -> Path:
    """The folder of a collection on this host."""
    home = Path(settings.INDEX_DIR) / collection
    home.mkdir(parents=True, exist_ok=True)
    return home


def _folder(collection: str, epoch: Epoch) -> Path:
    """The folder of a collection in an epoch."""
    return _home(collection) / f"epoch-{epoch.number}-{epoch.config}"


def _applied(folder: Path) -> int | None:
    """How many changes a folder holds; None when there is no whole folder."""
    try:
        return int(json.loads((folder / "applied.json").read_text()))
    except (OSError, ValueError):
        return None


def _note_applied(folder: Path, number: int) -> None:
    """Writes how many changes a folder holds; after the index itself, so that a crash only repeats work."""
    partial = folder / f"applied.{os.getpid()}"
    partial.write_text(json.dumps(number))
    partial.replace(folder / "applied.json")


def _replace(fresh: Path, folder: Path) -> None:
    """Puts a whole new folder in place of an old one."""
    old = folder.with_name(f"{folder.name}.old-{os.getpid()}")
    if folder.exists():
        folder.rename(old)
    fresh.rename(folder)
    shutil.rmtree(old, ignore_errors=True)


def _forget_old(collection: str, kept: Path) -> None:
    """Removes folders of earlier epochs; whoever still reads one holds its files open."""
    for folder in _home(collection).glob("epoch-*"):
        if folder != kept:
            shutil.rmtree(folder, ignore_errors=True)
            _open.pop(str(folder), None)


@contextmanager
def _locked(collection: str) -> Iterator[None]:
    """One writer per host and collection; the lock ends with the process."""
    with open(_home(collection) / "writer.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _packed(statistics: Statistics) -> bytes:
    """The statistics' files in one archive."""
    buffer = io.BytesIO()
    with tempfile.TemporaryDirectory() as folder:
        statistics.save(Path(folder))
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
            for path in sorted(Path(folder).rglob("*")):
                if path.is_file():
                    archive.write(path, path.relative_to(folder).as_posix())
    return buffer.getvalue()


def _unpacked(data: bytes) -> Statistics:
    """The statistics from such an archive."""
    with tempfile.TemporaryDirectory() as folder:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            archive.extractall(folder)
        return Statistics.load(Path(folder))
