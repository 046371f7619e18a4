"""The demo's processes: one signal ends everything, what falls over starts again, and no folder of others is emptied."""

import os
import signal
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from matchmaker import supervise

ROOT = Path(__file__).resolve().parent.parent.parent
linux = pytest.mark.skipif(sys.platform != "linux", reason="looks at processes through Linux's /proc")
CHILD = """
import os, signal, subprocess, sys, time
print("begins", flush=True)
subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
if "stubborn" in sys.argv:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
open(sys.argv[1], "a").write(f"{os.getpid()}\\n")
time.sleep(600)
"""
PARENT = """
import sys
from matchmaker.processes import GaveUp, Program, Stopping, Supervisor
site = Supervisor({"PATH": "/usr/bin:/bin"}, grace=1.0)
try:
    for name in ("one", "two"):
        site.start(Program(name, [sys.executable, "-c", sys.argv[1], sys.argv[2] + name, *sys.argv[3:]]))
    while True:
        site.tend()
except Stopping:
    site.say("stopping")
except GaveUp as error:
    site.say(str(error))
    sys.exit(1)
finally:
    site.stop(last=["one"])
"""


def pids(path: Path) -> list[int]:
    """The ids that a program wrote, one for each start."""
    return [int(line) for line in path.read_text().split()] if path.exists() else []


def running() -> dict[int, int]:
    """Every process that runs, with its group; the dead that nobody has collected yet do not count."""
    found = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, _parent, group, *_ = path.read_text(errors="replace").rsplit(")", 1)[1].split()
        except OSError:
            continue
        if state not in "ZX":
            found[int(path.parent.name)] = int(group)
    return found


def group_lives(pid: int) -> bool:
    """True while anything of a program's group runs."""
    return pid in running().values()


class Parent:
    """A supervisor of two programs in a process of its own."""

    def __init__(self, folder: Path, *words: str) -> None:
        self.one, self.two = folder / "one", folder / "two"
        self.process = subprocess.Popen(
            [sys.executable, "-c", PARENT, CHILD, f"{folder}/", *words],
            env=os.environ | {"PYTHONPATH": str(ROOT)}, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            start_new_session=True, preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509 - as a terminal would
        )  # fmt: skip

    def wait(self, starts: int) -> None:
        """Waits until both programs were started so often."""
        end = time.monotonic() + 20
        while min(len(pids(self.one)), len(pids(self.two))) < starts:
            assert time.monotonic() < end
            time.sleep(0.05)

    def end(self) -> str:
        """What it printed, after it has ended."""
        return self.process.communicate(timeout=20)[0]


@pytest.fixture
def parents(tmp_path: Path) -> Iterator[list[Parent]]:
    started: list[Parent] = []
    yield started
    for parent in started:
        if parent.process.poll() is None:
            parent.process.kill()
        for path in (parent.one, parent.two):
            for pid in pids(path):
                if group_lives(pid):
                    os.killpg(pid, signal.SIGKILL)


@linux
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
@pytest.mark.parametrize("group", [False, True], ids=["alone", "whole group"])
@pytest.mark.parametrize("words", [(), ("stubborn",)], ids=["willing", "stubborn"])
def test_one_signal_ends_everything(
    tmp_path: Path, parents: list[Parent], number: signal.Signals, group: bool, words: tuple[str, ...]
) -> None:
    parents.append(parent := Parent(tmp_path, *words))
    parent.wait(starts=1)
    started = pids(parent.one) + pids(parent.two)
    assert all(group_lives(pid) for pid in started)

    (os.killpg if group else os.kill)(parent.process.pid, number)
    said = parent.end()

    assert parent.process.returncode == 0
    assert "run     | stopping" in said
    assert "Traceback" not in said
    assert [pid for pid in started if group_lives(pid)] == []


@linux
def test_killed_program_starts_again(tmp_path: Path, parents: list[Parent]) -> None:
    parents.append(parent := Parent(tmp_path))
    parent.wait(starts=1)
    (first,) = pids(parent.two)

    os.kill(first, signal.SIGKILL)
    end = time.monotonic() + 20
    while len(pids(parent.two)) < 2:
        assert time.monotonic() < end
        time.sleep(0.05)
    parent.process.terminate()
    said = parent.end()

    assert "two     | stopped with exit -9; starts again in 0 s" in said
    assert not group_lives(first)
    assert len(pids(parent.one)) == 1


@linux
def test_killed_supervisor_leaves_no_program_behind(tmp_path: Path, parents: list[Parent]) -> None:
    parents.append(parent := Parent(tmp_path))
    parent.wait(starts=1)
    first = pids(parent.one)[0]

    parent.process.kill()
    parent.end()

    end = time.monotonic() + 10
    while first in running():
        assert time.monotonic() < end
        time.sleep(0.05)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("DATABASE_URL", "REDIS_URL", "MATCHMAKER_SECRET_KEY"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path / "state"


def test_fresh_forgets_what_the_demo_kept(home: Path) -> None:
    with supervise.take(home):
        (home / "matchmaker.sqlite3").touch()
        (home / "index" / "base").mkdir(parents=True)

        supervise.empty(home)

        assert sorted(path.name for path in home.iterdir()) == [supervise.MARK, "demo.lock"]


def test_fresh_refuses_a_folder_that_held_other_files(home: Path) -> None:
    home.mkdir()
    (home / "thesis.tex").touch()

    with supervise.take(home), pytest.raises(supervise.Refused, match="held other files before the demo"):
        supervise.empty(home)

    assert (home / "thesis.tex").exists()


def test_fresh_leaves_a_database_server_alone(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://host/site")

    with supervise.take(home):
        (home / "mail").mkdir()
        with pytest.raises(supervise.Refused, match="does not empty the database"):
            supervise.empty(home)

    assert (home / "mail").exists()


def test_fresh_does_not_follow_links_out_of_its_folder(home: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "kept").touch()

    with supervise.take(home):
        (home / "files").symlink_to(outside)
        supervise.empty(home)

    assert not (home / "files").exists()
    assert (outside / "kept").exists()


def test_two_demos_do_not_share_a_folder(home: Path) -> None:
    with supervise.take(home), pytest.raises(supervise.Refused, match="already runs"):
        supervise.take(home)


def test_secrets_are_readable_by_their_owner_only(home: Path) -> None:
    with supervise.take(home):
        first = supervise.demo_environment(home, 8190)
        again = supervise.demo_environment(home, 8190)
        supervise.broker_program(home, first["REDIS_URL"])

    private = [home / "secret_key", home / "demo.env", home / "valkey" / "valkey.conf"]
    assert [stat.S_IMODE(path.stat().st_mode) for path in private] == [0o600] * 3
    assert first["MATCHMAKER_SECRET_KEY_FILE"] == again["MATCHMAKER_SECRET_KEY_FILE"]
    assert len((home / "secret_key").read_text()) >= 50
    assert first["REDIS_URL"] != again["REDIS_URL"]


def test_embedded_broker_listens_on_loopback_with_a_password_and_keeps_its_queue(home: Path) -> None:
    with supervise.take(home):
        program = supervise.broker_program(home, "redis://:secret@127.0.0.1:8191/0")

    assert (home / "valkey" / "valkey.conf").read_text().splitlines()[:5] == [
        "bind 127.0.0.1", "port 8191", "requirepass secret", f'dir "{home / "valkey"}"', "appendonly yes",
    ]  # fmt: skip
    assert "secret" not in " ".join(program.command)


def test_servers_of_the_environment_are_used_as_they_are(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://host/site")
    monkeypatch.setenv("REDIS_URL", "redis://host:6390/3")
    monkeypatch.setenv("MATCHMAKER_ENV_FILE", "elsewhere.env")

    with supervise.take(home):
        found = supervise.demo_environment(home, 8190)

    wanted = {
        "DATABASE_URL": "postgresql://host/site",
        "REDIS_URL": "redis://host:6390/3",
        "MATCHMAKER_ENV_FILE": "",
        "MATCHMAKER_DEMO": "1",
    }
    assert {name: found[name] for name in wanted} == wanted


def test_taken_port_is_named_with_a_way_out() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]

        with pytest.raises(supervise.Refused) as refused:
            supervise.check_port(port)

    assert str(refused.value) == f"port {port} is not free; choose another, for example: PORT={port + 1} ./run demo"


def test_mark_of_the_site_changes_with_its_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in supervise.SOURCES:
        (tmp_path / name).mkdir()
    (tmp_path / "requirements.lock").touch()
    monkeypatch.setattr(supervise, "ROOT", tmp_path)

    before = supervise.fingerprint()
    same = supervise.fingerprint()
    (tmp_path / "templates" / "page.html").write_text("页面")
    after = supervise.fingerprint()

    assert before == same
    assert after != before
