"""Index folders follow the database: the clock, catching up, epochs, rebuilding, and several processes on one host."""

import fcntl
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from matchmaker.engine.index import MatchIndex
from matchmaker.queueing import jobs
from matchmaker.queueing.models import Heartbeat
from projects import queue
from projects.models import Capability, Epoch, IndexChange, IndexClock
from projects.services import indexing
from projects.services.capabilities import hide_capability, publish_capability
from projects.services.documents import capability_document
from projects.services.moderation import submit_challenge
from projects.states import CapabilityState
from tests.factories import ArchiveRecordFactory, CapabilityFactory, ChallengeFactory, DraftFactory

pytestmark = pytest.mark.django_db
CAPABILITIES = "capabilities"


@pytest.fixture(autouse=True)
def one_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is open yet, and jobs wait."""
    monkeypatch.setattr(indexing, "_open", {})
    monkeypatch.setattr(jobs, "send", lambda job: False)


@contextmanager
def another_process(monkeypatch: pytest.MonkeyPatch, held: dict[str, MatchIndex]) -> Iterator[None]:
    """What happens inside sees the same folders and database, and its own open indexes."""
    with monkeypatch.context() as patch:
        patch.setattr(indexing, "_open", held)
        yield


def offered() -> Capability:
    """A capability as it enters the directory."""
    made: Capability = CapabilityFactory(state=CapabilityState.DRAFT)
    return publish_capability(made, by=made.owner)


def size() -> int:
    return len(indexing.current_index(CAPABILITIES))


def folder() -> Path:
    return indexing._folder(CAPABILITIES, indexing.current_epoch())


def test_each_collection_counts_its_own_changes() -> None:
    for key in "abc":
        queue.index_changed(CAPABILITIES, key)
    queue.index_changed("challenges", "a")

    assert dict(IndexClock.objects.values_list("collection", "now")) == {CAPABILITIES: 3, "challenges": 1}
    changes = IndexChange.objects.filter(collection=CAPABILITIES).order_by("number")
    assert list(changes.values_list("number", "key")) == [(1, "a"), (2, "b"), (3, "c")]


def test_an_index_holds_what_is_live_now() -> None:
    first, second = offered(), offered()
    assert size() == 2

    hide_capability(first, by=first.owner)
    third = offered()

    index = indexing.current_index(CAPABILITIES)
    assert index.keys() == sorted([str(second.pk), str(third.pk)])


def test_a_site_that_begins_empty_takes_its_first_challenge_and_asks_both_ways() -> None:
    capability = offered()
    assert len(indexing.current_index("challenges")) == 0
    assert indexing.current_index("challenges").query(capability_document(capability), limit=1).matches == ()

    challenge = DraftFactory()
    submit_challenge(challenge, by=challenge.author)

    index = indexing.current_index("challenges")
    assert index.side == "challenge"
    assert index.keys() == [str(challenge.pk)]
    assert [pair.capability for pair in index.query(capability_document(capability), limit=1).matches] == [
        str(capability.pk)
    ]


def test_nothing_is_built_or_read_again_without_a_change(django_assert_max_num_queries: Any) -> None:
    offered()
    before = indexing.current_index(CAPABILITIES)

    with django_assert_max_num_queries(2):
        assert indexing.current_index(CAPABILITIES) is before


def test_a_folder_remembers_how_far_it_has_come() -> None:
    offered()
    size()
    assert indexing._applied(folder()) == IndexClock.objects.get(collection=CAPABILITIES).now == 1

    offered()
    assert indexing._applied(folder()) == 1
    size()
    assert indexing._applied(folder()) == 2


def test_a_crash_between_index_and_note_only_repeats_work() -> None:
    first = offered()
    size()
    second = offered()
    size()

    indexing._note_applied(folder(), 1)

    index = indexing.current_index(CAPABILITIES)
    assert index.keys() == sorted([str(first.pk), str(second.pk)])
    assert indexing._applied(folder()) == 2


def test_a_process_sees_what_another_has_written(monkeypatch: pytest.MonkeyPatch) -> None:
    offered()
    held: dict[str, MatchIndex] = {}
    with another_process(monkeypatch, held):
        assert size() == 1
    assert size() == 1

    offered()
    assert size() == 2  # this process catches up and writes the note
    with another_process(monkeypatch, held):
        assert size() == 2  # that one finds its open index outdated


def test_a_process_survives_that_another_deletes_the_folder(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    offered()
    held: dict[str, MatchIndex] = {}
    with another_process(monkeypatch, held):
        assert size() == 1

    shutil.rmtree(settings.INDEX_DIR)
    assert size() == 1

    with another_process(monkeypatch, held):
        assert size() == 1


def test_only_one_process_writes_at_a_time() -> None:
    path = indexing._home(CAPABILITIES) / "writer.lock"
    with indexing._locked(CAPABILITIES), path.open() as lock, pytest.raises(BlockingIOError):
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)

    with path.open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)


@pytest.mark.parametrize("known", [True, False], ids=["open", "not open"])
@pytest.mark.timeout(30)
def test_a_folder_that_broke_while_changes_wait_is_built_afresh(known: bool) -> None:
    """Building takes the writer's lock; catching up must have given it back by then."""
    offered()
    size()
    for path in (folder() / "index").rglob("*"):
        if path.is_file():
            path.write_bytes(b"not an index")
    if not known:
        indexing._open.clear()
    offered()

    assert size() == 2


@pytest.mark.timeout(30)
def test_a_folder_that_broke_while_it_is_open_is_built_afresh() -> None:
    offered()
    size()

    (folder() / "index" / "manifest.json").write_bytes(b"not a manifest")

    assert size() == 1
    indexing._open.clear()
    assert size() == 1


def test_a_half_built_folder_is_never_read(settings: Any) -> None:
    offered()
    epoch = indexing.current_epoch()
    half = indexing._folder(CAPABILITIES, epoch)
    half.mkdir()
    (half / "applied.json").write_text("half")

    assert size() == 1
    assert not list(Path(settings.INDEX_DIR).rglob("building-*"))


def test_rebuilding_gives_the_same_answer_and_says_how_far_it_is() -> None:
    offered()
    offered()
    before = indexing.current_index(CAPABILITIES)
    steps: list[tuple[int, int]] = []

    after = indexing.rebuild(CAPABILITIES, lambda done, total: steps.append((done, total)))

    assert (after.keys(), after.model_version) == (before.keys(), before.model_version)
    assert steps[-1] == (2, 2)
    assert Heartbeat.objects.get(name=f"index:{CAPABILITIES}").detail.endswith("(2)")


def test_an_epoch_is_taken_once_and_is_the_same_for_every_process(monkeypatch: pytest.MonkeyPatch) -> None:
    offered()
    first = indexing.current_epoch()

    with another_process(monkeypatch, {}):
        assert indexing.current_epoch().pk == first.pk
    size()
    assert list(Epoch.objects.values_list("number", "documents")) == [(1, 1)]


def test_a_new_epoch_gives_new_folders_and_removes_the_old() -> None:
    offered()
    old_version = indexing.current_index(CAPABILITIES).model_version
    old = folder()

    offered()

    second = indexing.start_epoch()

    index = indexing.current_index(CAPABILITIES)
    assert second.number == 2
    assert (len(index), index.model_version == old_version) == (2, False)
    assert folder() != old
    assert not old.exists()


def test_word_statistics_are_due_when_the_text_has_grown_by_a_quarter_and_by_twenty() -> None:
    ChallengeFactory.create_batch(4)
    indexing.start_epoch()
    assert not indexing.outgrown()

    ArchiveRecordFactory.create_batch(19)
    assert not indexing.outgrown()

    ArchiveRecordFactory(kind="challenge")
    assert indexing.outgrown()

    indexing.start_epoch()
    assert not indexing.outgrown()


def test_a_young_site_borrows_words_and_counts_its_own_texts_only(settings: Any) -> None:
    offered()
    alone = bytes(indexing.start_epoch().statistics)

    settings.BACKGROUND_TEXT = settings.BASE_DIR / "projects" / "data" / "archive" / "records.jsonl.gz"
    borrowed = indexing.start_epoch()

    assert len(bytes(borrowed.statistics)) > 10 * len(alone)
    assert borrowed.documents == 1
    assert size() == 1
