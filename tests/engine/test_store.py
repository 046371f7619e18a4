"""Readers in other processes see the old or the new index, never half of one."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from matchmaker.engine import store
from matchmaker.engine.documents import MatchDocument
from matchmaker.engine.errors import BrokenIndexError
from matchmaker.engine.index import MatchIndex
from matchmaker.engine.vectors import Statistics, term_hash

from .conftest import CAPABILITIES, capability, challenge

READER = """
import sys
from pathlib import Path
from matchmaker.engine.documents import MatchDocument, Passage
from matchmaker.engine.index import MatchIndex
query = MatchDocument("c", "challenge", (Passage("t", "lithium-ion batteries 电池"),))
seen = set()
print("ready", flush=True)
for line in sys.stdin:
    if line == "stop\\n":
        break
while True:
    index = MatchIndex.open(Path(sys.argv[1]))
    keys = index.keys()
    assert [match.capability for match in index.query(query).matches if match.capability not in keys] == []
    seen.add(len(keys))
    if (Path(sys.argv[1]) / "done").exists():
        break
print(sorted(seen), flush=True)
"""


def test_readers_in_other_processes_never_see_half_an_index(index: MatchIndex) -> None:
    readers = [
        subprocess.Popen(
            [sys.executable, "-c", READER, str(index.folder)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        for _ in range(2)
    ]
    for reader in readers:
        assert reader.stdout is not None
        assert reader.stdin is not None
        assert reader.stdout.readline() == "ready\n"
        reader.stdin.write("stop\n")
        reader.stdin.flush()

    for turn in range(12):
        index = index.changed([capability("extra", ("title_en", f"battery {turn}"))])
        index = index.changed(removed=["extra"])
    (index.folder / "done").touch()

    for reader in readers:
        output, _ = reader.communicate(timeout=60)
        assert reader.returncode == 0
        assert set(map(int, output.strip(" []\n").split(","))) <= {len(CAPABILITIES), len(CAPABILITIES) + 1}


def test_two_writers_lose_nothing(index: MatchIndex) -> None:
    other = MatchIndex.open(index.folder)

    index.changed([capability("one", ("title_en", "battery"))])
    other.changed([capability("two", ("title_zh", "電池"))])

    assert MatchIndex.open(index.folder).keys() == sorted([*CAPABILITIES, "one", "two"])


def test_old_segments_are_deleted(index: MatchIndex) -> None:
    for turn in range(6):
        index = index.changed([capability("extra", ("title_en", f"battery {turn}"))])

    assert len(list(index.folder.glob("segment-*"))) <= 3


def test_an_interrupted_write_is_not_seen(index: MatchIndex) -> None:
    before = index.keys()

    store.write_segment(index.folder, [], decay=0.9)

    assert MatchIndex.open(index.folder).keys() == before


def test_nothing_in_the_folder_can_run_code(index: MatchIndex) -> None:
    for path in index.folder.rglob("*.npy"):
        np.load(path, allow_pickle=False)
    assert {path.suffix for path in index.folder.rglob("*") if path.is_file()} <= {".npy", ".json", ".jsonl", ""}


def test_another_format_is_refused(index: MatchIndex) -> None:
    manifest = index.folder / store.MANIFEST
    manifest.write_text(
        manifest.read_text(encoding="utf-8").replace(f'"format":{store.FORMAT}', '"format":0'), encoding="utf-8"
    )

    with pytest.raises(BrokenIndexError, match="format 0"):
        MatchIndex.open(index.folder)


def test_an_index_of_another_engine_is_to_be_built_again(index: MatchIndex) -> None:
    manifest = index.folder / store.MANIFEST
    manifest.write_text(manifest.read_text(encoding="utf-8").replace('"reasons"', '"old_name"'), encoding="utf-8")

    with pytest.raises(BrokenIndexError, match="build it again"):
        MatchIndex.open(index.folder)


def test_statistics_come_back_equal(tmp_path: Path, statistics: Statistics) -> None:
    statistics.save(tmp_path / "statistics")
    loaded = Statistics.load(tmp_path / "statistics")
    hashes = np.array([0, 2**63, 2**64 - 1], dtype=np.uint64)

    assert loaded.epoch == statistics.epoch
    assert (loaded.idf(hashes) == statistics.idf(hashes)).all()


def test_rare_terms_weigh_more_and_unknown_ones_most() -> None:
    documents: list[MatchDocument] = [
        challenge(str(number), ("t", "battery silk" if number else "battery")) for number in range(9)
    ]
    terms = np.array(sorted(map(term_hash, ("batteri", "silk", "quantum"))), dtype=np.uint64)
    found = dict(
        zip(sorted(map(term_hash, ("batteri", "silk", "quantum"))), Statistics.fit(documents).idf(terms), strict=True)
    )

    assert 0 < found[term_hash("batteri")] < found[term_hash("silk")] < found[term_hash("quantum")] == 1.0
