"""The ``run`` script: what it says when something is missing, and that an interrupt never leaves half an environment.

A made-up Python stands in for making an environment and fetching packages, so nothing here needs a network.
"""

import os
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
TOOLS = (
    "sh",
    "dirname",
    "cat",
    "sed",
    "awk",
    "grep",
    "rm",
    "mv",
    "mkdir",
    "df",
    "tail",
    "date",
    "env",
    "tr",
    "sleep",
    "ls",
)
PYTHON = """#!/bin/sh
# Stands in for Python: it writes down what it was asked, and makes environments that are copies of itself.
echo "python $*" >>"{calls}"
case "$*" in
    *"import ensurepip"*) [ ! -e "{faults}/venv" ] || exit 1 ;;
    *sys.version_info*) [ ! -e "{faults}/old" ] || exit 1; echo "$0" ;;
    *platform.python_version*) echo "only Python 3.9.2" ;;
    "-m venv "*) mkdir -p "$3/bin" && ln -s "$0" "$3/bin/python" ;;
    "-m pip config"*) echo "global.index-url='https://mirror.example/simple'" ;;
    "-m pip install"*)
        if [ -s "{faults}/pip" ]; then cat "{faults}/pip" >&2; exit 1; fi
        ln -s "{uv}" "${{0%/*}}/uv" ;;
    *) exec "{real}" "$@" ;;
esac
"""
UV = """#!/bin/sh
echo "uv $* index=$UV_DEFAULT_INDEX" >>"{calls}"
case "$1" in
    --version) echo "uv 1.0" ;;
    venv) for last; do :; done; mkdir -p "$last/bin" && ln -s "{python}" "$last/bin/python" && ln -s "$0" "$last/bin/uv" ;;
    pip) while [ -e "{faults}/slow" ]; do sleep 0.1; done
        if [ -s "{faults}/uv" ]; then cat "{faults}/uv" >&2; exit 1; fi ;;
esac
"""


@dataclass
class Project:
    """A copy of the script in a folder of its own, with made-up tools."""

    root: Path
    tools: Path
    faults: Path
    calls: Path

    @property
    def environment(self) -> dict[str, str]:
        return {"PATH": str(self.tools), "HOME": str(self.root / "home")}

    def run(self, *words: str, cwd: Path | None = None, **extra: str) -> "subprocess.CompletedProcess[str]":
        """Runs the script to its end."""
        command = [str(self.root / "run"), *words]
        return subprocess.run(
            command,
            cwd=cwd or self.root,
            env=self.environment | extra,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    def interrupt(self, number: signal.Signals, *, group: bool) -> int:
        """Starts the script, interrupts it while packages are fetched, and returns its exit code."""
        (self.faults / "slow").touch()
        program = subprocess.Popen(
            [str(self.root / "run"), "evaluate"], cwd=self.root, env=self.environment, start_new_session=True,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509 - a shell cannot trap a signal that it was started without
        )  # fmt: skip
        end = time.monotonic() + 30
        while not self.asked("uv pip install"):
            assert time.monotonic() < end, self.calls.read_text()
            time.sleep(0.05)
        if group:
            os.killpg(program.pid, number)
        else:
            program.send_signal(number)
        code = program.wait(20)
        (self.faults / "slow").unlink()
        return code

    def asked(self, words: str) -> int:
        """How often a made-up tool was called like this."""
        text = self.calls.read_text() if self.calls.exists() else ""
        return sum(line.startswith(words) for line in text.splitlines())

    def left(self) -> list[str]:
        """What stands in the folder that begins like an environment."""
        return sorted(path.name for path in self.root.glob(".venv*"))


@pytest.fixture
def project(tmp_path: Path) -> Project:
    root, tools, faults, calls = tmp_path / "a project", tmp_path / "bin", tmp_path / "faults", tmp_path / "calls"
    for folder in (root / "matchmaker" / "engine", root / "locale", tools, faults):
        folder.mkdir(parents=True)
    shutil.copy(ROOT / "run", root)
    (root / "requirements.lock").write_text(
        "django==5 \\\n    --hash=sha256:1\nuv==1.0 \\\n    --hash=sha256:2\nvine==5 \\\n    --hash=sha256:3\n"
    )
    (root / "requirements-test.lock").write_text(
        (root / "requirements.lock").read_text() + "pytest==9 \\\n    --hash=sha256:4\n"
    )
    (root / "locale" / "messages.py").write_text("")
    (root / "pytest.py").write_text("print('tests run')")
    (root / "matchmaker" / "engine" / "evaluation.py").write_text("import os, sys; print(os.getcwd(), sys.argv[1:])")
    for name in TOOLS:
        found = shutil.which(name)
        assert found, name
        (tools / name).symlink_to(found)
    (tools / "ln").symlink_to(str(shutil.which("ln")))
    words = {
        "calls": calls,
        "faults": faults,
        "real": sys.executable,
        "uv": tmp_path / "uv",
        "python": tools / "python3",
    }
    for path, text in ((tools / "python3", PYTHON), (tmp_path / "uv", UV)):
        path.write_text(text.format(**words))
        path.chmod(0o755)
    return Project(root, tools, faults, calls)


@pytest.mark.parametrize("words", [(), ("nonsense",), ("--fresh",)])
def test_unknown_command_prints_usage_and_exits_2(project: Project, words: tuple[str, ...]) -> None:
    ended = project.run(*words)

    assert ended.returncode == 2
    assert ended.stderr.startswith("usage: ./run COMMAND")
    assert project.left() == []


def test_help_is_no_error(project: Project) -> None:
    ended = project.run("--help")

    assert (ended.returncode, ended.stderr) == (0, "")
    assert "demo [--fresh]" in ended.stdout


def test_environment_is_made_once_and_again_when_the_lock_changes(project: Project) -> None:
    first = project.run("evaluate", "retrieval")
    again = project.run("evaluate", "retrieval")
    made = project.asked("uv pip install")
    with (project.root / "requirements.lock").open("a") as lock:
        lock.write("zzz==1 \\\n    --hash=sha256:5\n")
    changed = project.run("evaluate", "retrieval")

    assert [first.returncode, again.returncode, changed.returncode] == [0, 0, 0], first.stderr + changed.stderr
    assert "Setting up the environment" in first.stdout
    assert "Setting up the environment" not in again.stdout
    assert "Setting up the environment" in changed.stdout
    assert (made, project.asked("uv pip install")) == (1, 2)
    assert project.left() == [".venv"]


def test_packages_are_only_taken_with_their_hashes(project: Project) -> None:
    project.run("evaluate")

    installs = [line for line in project.calls.read_text().splitlines() if " install " in line]
    assert len(installs) == 2
    assert all("--require-hashes" in line for line in installs)


def test_pip_fetches_nothing_but_uv(project: Project) -> None:
    (project.faults / "slow").touch()
    program = subprocess.Popen(
        [str(project.root / "run"), "evaluate"], env=project.environment, stdout=subprocess.DEVNULL
    )
    while not project.asked("uv pip install"):
        time.sleep(0.05)
    fetched = next(project.root.glob(".venv.new.*/uv.lock")).read_text()
    (project.faults / "slow").unlink()

    assert program.wait(20) == 0
    assert fetched == "uv==1.0 \\\n    --hash=sha256:2\n"


def test_mirror_of_pips_settings_serves_uv(project: Project) -> None:
    project.run("evaluate")

    assert any(
        line.startswith("uv pip install") and line.endswith("index=https://mirror.example/simple")
        for line in project.calls.read_text().splitlines()
    )


def test_tests_bring_their_own_packages_and_the_demo_keeps_them(project: Project) -> None:
    demo = project.run("evaluate")
    tests = project.run("test")
    demo_again = project.run("evaluate")

    assert "from requirements.lock;" in demo.stdout
    assert "from requirements-test.lock;" in tests.stdout
    assert tests.stdout.endswith("tests run\n")
    assert "Setting up" not in demo_again.stdout


@pytest.mark.parametrize("group", [False, True], ids=["alone", "whole group"])
@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)])
def test_interrupt_leaves_no_half_made_environment(
    project: Project, number: signal.Signals, code: int, group: bool
) -> None:
    ended = project.interrupt(number, group=group)

    assert ended == code
    assert project.left() == []
    assert project.run("evaluate").returncode == 0


def test_interrupt_keeps_the_environment_that_was_there(project: Project) -> None:
    project.run("evaluate")
    before = (project.root / ".venv" / "locks").read_text()
    project.calls.unlink()
    with (project.root / "requirements.lock").open("a") as lock:
        lock.write("zzz==1 \\\n    --hash=sha256:5\n")

    project.interrupt(signal.SIGTERM, group=True)

    assert project.left() == [".venv"]
    assert (project.root / ".venv" / "locks").read_text() == before


def test_what_a_killed_run_left_is_cleared_away(project: Project) -> None:
    ended = project.interrupt(signal.SIGKILL, group=True)
    left = project.left()
    again = project.run("evaluate")

    assert ended == -signal.SIGKILL
    assert len(left) == 1
    assert again.returncode == 0
    assert project.left() == [".venv"]


def test_missing_venv_module_names_the_debian_package(project: Project) -> None:
    (project.faults / "venv").touch()

    ended = project.run("demo")

    assert ended.returncode == 1
    assert (
        ended.stderr
        == "run: Python's venv module is incomplete; on Debian or Ubuntu install it with: apt-get install python3-venv\n"
    )
    assert project.left() == []


def test_old_python_is_named_with_what_to_install(project: Project) -> None:
    (project.faults / "old").touch()

    ended = project.run("demo")

    assert ended.returncode == 1
    assert ended.stderr == (
        "run: Matchmaker needs Python 3.11 or newer and found only Python 3.9.2; "
        "on Debian 12 install it with: apt-get install python3 python3-venv\n"
    )


@pytest.mark.parametrize(
    ("tool", "said", "sentence"),
    [
        (
            "pip",
            "Temporary failure in name resolution",
            "the packages could not be downloaded; check the network connection",
        ),
        (
            "uv",
            "error: Failed to fetch: dns error",
            "the packages could not be downloaded; check the network connection",
        ),
        ("uv", "error: No space left on device", "the disk is full"),
        (
            "uv",
            "error: Hash mismatch for `django==5`",
            "a downloaded package is not the one that requirements.lock names",
        ),
        ("uv", "error: no wheel for this machine", "the packages could not be installed; the lines above say why"),
    ],
)
def test_failed_fetch_says_why_and_leaves_nothing(project: Project, tool: str, said: str, sentence: str) -> None:
    (project.faults / tool).write_text(said + "\n")

    ended = project.run("evaluate")

    assert ended.returncode == 1
    assert said in ended.stderr
    assert ended.stderr.splitlines()[-1].startswith(f"run: {sentence}")
    assert project.left() == []


def test_evaluate_reads_files_from_where_it_was_called(project: Project, tmp_path: Path) -> None:
    elsewhere = tmp_path / "else where"
    elsewhere.mkdir()

    ended = project.run("evaluate", "retrieval", "--out", "a b", cwd=elsewhere)

    assert ended.stdout.splitlines()[-1] == f"{elsewhere} ['retrieval', '--out', 'a b']"


def test_unknown_bench_names_those_there_are(project: Project) -> None:
    (project.root / "bench").mkdir()
    (project.root / "bench" / "search.py").write_text("")

    ended = project.run("bench", "../run")

    assert ended.returncode == 2
    assert ended.stderr == "usage: ./run bench NAME, where NAME is one of: search \n"
