"""The settings refuse to start a public site that is unsafe, in one sentence."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
KEY = "Zq3vX8rT1mWk5yLp9sBd2hGf7nJc4uEa6oQi0"
PUBLIC = {"MATCHMAKER_URL": "https://matchmaker.example", "MATCHMAKER_SECRET_KEY": KEY}
HOSTS = {"MATCHMAKER_HOSTS": "matchmaker.example", "MATCHMAKER_SECRET_KEY": KEY}


def start(home: Path, variables: dict[str, str]) -> "subprocess.CompletedProcess[str]":
    """Reads the settings in a process of its own, with nothing but these variables."""
    environment = {"PATH": os.environ["PATH"], "MATCHMAKER_ENV_FILE": "", "MATCHMAKER_HOME": str(home), **variables}
    return subprocess.run(
        [sys.executable, "-c", "import matchmaker.settings as found; print(found.ALLOWED_HOSTS)"],
        cwd=ROOT, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("variables", "sentence"),
    [
        (PUBLIC | {"MATCHMAKER_DEBUG": "1"}, "MATCHMAKER_DEBUG shows secrets to visitors."),
        (HOSTS | {"MATCHMAKER_DEBUG": "1"}, "MATCHMAKER_DEBUG shows secrets to visitors."),
        (PUBLIC | {"MATCHMAKER_DEMO": "1"}, "MATCHMAKER_DEMO opens accounts with a known password."),
        (HOSTS | {"MATCHMAKER_DEMO": "1"}, "MATCHMAKER_DEMO opens accounts with a known password."),
        (HOSTS | {"MATCHMAKER_HOSTS": "localhost, *", "MATCHMAKER_DEMO": "1"}, "MATCHMAKER_DEMO opens accounts"),
        (PUBLIC | {"MATCHMAKER_URL": "http://matchmaker.example"}, "MATCHMAKER_URL must begin with https://"),
        (HOSTS, "MATCHMAKER_URL must begin with https://"),
        (PUBLIC | {"MATCHMAKER_SECRET_KEY": ""}, "MATCHMAKER_SECRET_KEY must be set;"),
        (PUBLIC | {"MATCHMAKER_SECRET_KEY": KEY[:31]}, "MATCHMAKER_SECRET_KEY is shorter than 32 characters."),
        (PUBLIC | {"MATCHMAKER_SECRET_KEY": f"django-insecure-{KEY}"}, "MATCHMAKER_SECRET_KEY can be guessed."),
        (PUBLIC | {"MATCHMAKER_SECRET_KEY": f"only-for-tests-{KEY}"}, "MATCHMAKER_SECRET_KEY can be guessed."),
        (PUBLIC | {"MATCHMAKER_SECRET_KEY": "changeme" * 8}, "MATCHMAKER_SECRET_KEY can be guessed."),
    ],
)
def test_an_unsafe_public_site_is_refused_in_one_sentence(
    tmp_path: Path, variables: dict[str, str], sentence: str
) -> None:
    started = start(tmp_path, variables)

    assert started.returncode == 1
    last = started.stderr.strip().splitlines()[-1]
    assert sentence in last
    assert not variables["MATCHMAKER_SECRET_KEY"] or variables["MATCHMAKER_SECRET_KEY"] not in started.stderr


@pytest.mark.parametrize(
    ("variables", "hosts"),
    [
        (PUBLIC, ["matchmaker.example"]),
        (PUBLIC | {"MATCHMAKER_HOSTS": "www.matchmaker.example"}, ["matchmaker.example", "www.matchmaker.example"]),
        (
            {"MATCHMAKER_SECRET_KEY": "k" * 40, "MATCHMAKER_DEBUG": "1", "MATCHMAKER_DEMO": "1"},
            ["127.0.0.1", "127.0.0.1", "localhost", "[::1]"],
        ),
        (
            HOSTS | {"MATCHMAKER_HOSTS": "LOCALHOST,[::1]", "MATCHMAKER_DEMO": "1"},
            ["127.0.0.1", "LOCALHOST", "[::1]", "127.0.0.1", "localhost", "[::1]"],
        ),
    ],
)
def test_a_safe_site_starts(tmp_path: Path, variables: dict[str, str], hosts: list[str]) -> None:
    started = start(tmp_path, variables)

    assert (started.returncode, started.stdout.strip()) == (0, str(hosts))
