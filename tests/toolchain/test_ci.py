"""What continuous integration runs: everything, also after a failure, and no test at all counts as one."""

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
RUN = """#!/bin/sh
echo "run $* CI=$CI DATABASE_URL=$DATABASE_URL REDIS_URL=$REDIS_URL TEST_DATABASE_URL=$TEST_DATABASE_URL" >>calls
if read -r line; then echo "stdin is open" >>calls; fi
exit "$(cat "exit-$1" 2>/dev/null || echo 0)"
"""
SERVICES = """#!/bin/sh
[ ! -e no-services ] || exit 1
trap 'echo ended >>calls; exit 0' TERM
printf 'DATABASE_URL=postgresql://here/\\nREDIS_URL=redis://here/1\\nPOSTGRESQL_FROM=trial\\nREDIS_FROM=trial\\n' >"$3"
while :; do sleep 0.1; done
"""


@dataclass
class Copy:
    """The script with a made-up ``./run`` and made-up servers."""

    root: Path

    def run(self, *words: str) -> "subprocess.CompletedProcess[str]":
        """Runs the script to its end."""
        kept = {
            name: value
            for name, value in os.environ.items()
            if name not in ("CI", "DATABASE_URL", "REDIS_URL", "TEST_DATABASE_URL")
        }
        environment = kept | {"PATH": f"{self.root / 'bin'}:{os.environ['PATH']}"}
        return subprocess.run(
            [str(self.root / ".ci" / "run"), *words],
            cwd="/",
            env=environment,
            input="typed\n",
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    @property
    def calls(self) -> list[str]:
        """What was called, in order."""
        return (self.root / "calls").read_text().splitlines()


@pytest.fixture
def copy(tmp_path: Path) -> Copy:
    for path, text in {
        "run": RUN,
        ".venv/bin/python": SERVICES,
        "bin/chromium": "#!/bin/sh\n",
        "bin/fc-list": "#!/bin/sh\necho a font\n",
    }.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)
        (tmp_path / path).chmod(0o755)
    (tmp_path / ".ci").mkdir()
    shutil.copy(ROOT / ".ci" / "run", tmp_path / ".ci")
    return Copy(tmp_path)


def test_runs_checks_then_tests_on_both_databases_and_ends_its_servers(copy: Copy) -> None:
    ended = copy.run()

    urls = "DATABASE_URL=postgresql://here/ REDIS_URL=redis://here/1"
    assert ended.returncode == 0, ended.stderr
    assert copy.calls == [
        "run check CI=true DATABASE_URL= REDIS_URL= TEST_DATABASE_URL=",
        f"run test CI=true {urls} TEST_DATABASE_URL=",
        f"run test -m not browser and not service CI=true {urls} TEST_DATABASE_URL=postgresql://here/",
        "ended",
    ]


@pytest.mark.parametrize(("command", "code"), [("check", 1), ("test", 1), ("test", 5)])
def test_failure_of_one_stage_fails_the_whole_and_stops_no_other(copy: Copy, command: str, code: int) -> None:
    (copy.root / f"exit-{command}").write_text(str(code))

    ended = copy.run()

    assert ended.returncode == 1
    assert f"failed with exit {code}" in ended.stdout
    assert [line.split()[1] for line in copy.calls if line.startswith("run ")] == ["check", "test", "test"]


def test_missing_servers_fail_the_run_and_the_tests_still_run(copy: Copy) -> None:
    (copy.root / "no-services").touch()

    ended = copy.run("-k", "words")

    assert ended.returncode == 1
    assert [line.split(" CI=")[0] for line in copy.calls] == ["run check", "run test -k words"]
