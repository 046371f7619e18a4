"""The shape of the code holds: who imports whom, what stays out of web processes, and that every field has a class."""

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from django.apps import apps

from matchmaker.privacy import CLASSES

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("matchmaker", "accounts", "projects")
CONTRACTS = {
    contract["name"]
    for contract in tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"][
        "contracts"
    ]
}
HEAVY = ("sklearn", "scipy", "numpy", "joblib", "rjieba", "matchmaker.engine.vectors", "matchmaker.engine.index")
WEB_MEMORY_MIB = 150


def lint_imports(folder: Path) -> tuple[int, str]:
    """Runs the import contracts on a copy of the code."""
    program = Path(sys.executable).with_name("lint-imports")
    ended = subprocess.run(
        [str(program), "--no-cache", "--config", str(folder / "pyproject.toml")],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder)},
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    return ended.returncode, ended.stdout + ended.stderr


def broken(output: str) -> set[str]:
    """The names of the contracts that the tool calls broken."""
    return set(re.findall(r"(?m)^(.+?) BROKEN", output))


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The code without data, in a folder where it may be spoilt."""
    for package in PACKAGES:
        shutil.copytree(
            ROOT / package,
            tmp_path / package,
            ignore=lambda _, names: [n for n in names if Path(n).suffix not in ("", ".py")],
        )
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def plant(folder: Path, path: str, line: str) -> None:
    """Adds a line to a file, or makes the file."""
    with (folder / path).open("a", encoding="utf-8") as file:
        file.write(f"\n{line}\n")


def test_import_contracts_hold() -> None:
    code, output = lint_imports(ROOT)

    assert (code, broken(output)) == (0, set()), output
    assert f"Contracts: {len(CONTRACTS)} kept, 0 broken." in output


PLANTED = {
    "The engine knows nothing of the site": ("matchmaker/engine/text.py", "import django.conf"),
    "Only the matching services call the engine": ("projects/services/challenges.py", "import matchmaker.engine.text"),
    "Pages, API and admin never load the engine, even through others": (
        "projects/web/planted.py",
        "import projects.services.matching",
    ),
    "Packages depend downwards": ("accounts/services/activity.py", "import projects.models"),
    "Inside an app": ("projects/models/challenges.py", "import projects.services.challenges"),
    "projects uses accounts below its pages": ("projects/api/urls.py", "import accounts.api.urls"),
    "Inside the engine": ("matchmaker/engine/errors.py", "import matchmaker.engine.text"),
    "No import cycles": ("projects/selectors/access.py", "import projects.services.challenges"),
}


def test_every_contract_has_a_planted_violation() -> None:
    assert set(PLANTED) == CONTRACTS


@pytest.mark.parametrize("contract", PLANTED)
def test_planted_violation_is_caught(contract: str, copy: Path) -> None:
    path, line = PLANTED[contract]
    plant(copy, path, line)

    code, output = lint_imports(copy)

    assert code == 1
    assert contract in broken(output), output


WEB_PROCESS = """
import sys
from pathlib import Path
import matchmaker.wsgi
from django.contrib import admin
from django.template.engine import Engine
from django.urls import URLPattern, get_resolver
from matchmaker.celery import app
from matchmaker.queueing.jobs import BROKER_ERRORS

def views(patterns):
    for pattern in patterns:
        if isinstance(pattern, URLPattern):
            yield pattern.callback
        else:
            yield from views(pattern.url_patterns)

count = len(list(views(get_resolver().url_patterns)))
Engine.get_default().template_libraries
from projects.services.search import lookup  # a query in either language loads dictionaries
assert lookup.needs_of("锂电池極片缺陷检测 battery")
try:  # asking for work must not load what does the work
    app.signature("projects.match_challenge", args=["none"]).apply_async(retry=False)
except BROKER_ERRORS as error:
    print("broker", type(error).__name__)
print("views", count)
status = Path("/proc/self/status")
peak = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM")) if status.exists() else "- 0 kB"
print("mebibytes", int(peak.split()[1]) // 1024)
print("modules", *sorted(sys.modules))
"""


def test_web_process_stays_light() -> None:
    """Importing all views, searching and asking for work loads no numbers package; the process stays under its memory bound."""
    environment = {
        name: value
        for name, value in os.environ.items()
        if name not in ("DATABASE_URL", "MATCHMAKER_EAGER", "DJANGO_SETTINGS_MODULE")
    }
    environment |= {
        "DJANGO_SETTINGS_MODULE": "matchmaker.settings",
        "REDIS_URL": "redis://127.0.0.1:1/0",
        "PYTHONPATH": str(ROOT),
    }

    ended = subprocess.run(
        [sys.executable, "-c", WEB_PROCESS], env=environment, capture_output=True, text=True, timeout=100, check=False
    )

    assert ended.returncode == 0, ended.stderr
    said = dict(line.split(" ", 1) for line in ended.stdout.splitlines())
    loaded = set(said["modules"].split())
    assert "projects.services.challenges" in loaded
    assert "broker" in said
    assert int(said["views"]) > 20
    assert sorted(loaded.intersection(HEAVY)) == []
    assert int(said["mebibytes"]) < WEB_MEMORY_MIB


OURS = [model for app in apps.get_app_configs() if app.name.split(".")[0] in PACKAGES for model in app.get_models()]


@pytest.mark.parametrize("model", OURS, ids=lambda model: model.__name__)
def test_every_field_has_a_class(model: type) -> None:
    """Says of each stored field who may read it; a field without a class is the next leak."""
    options = model._meta  # type: ignore[attr-defined]
    stored = {field.name for field in (*options.concrete_fields, *options.local_many_to_many)}
    classes = dict(getattr(model, "FIELD_CLASSES", {}))

    assert set(classes.values()) <= set(CLASSES)
    assert {"unclassified": sorted(stored - set(classes)), "no such field": sorted(set(classes) - stored)} == {
        "unclassified": [],
        "no such field": [],
    }


MIRRORED = {
    "accounts": "accounts",
    "projects": "projects",
    "engine": "matchmaker/engine",
    "queueing": "matchmaker/queueing",
}
NAMED_TESTS = {
    "engine": "matchmaker/engine",
    "accounts/services": "accounts/services",
    "accounts/selectors": "accounts/selectors",
    "projects/services": "projects/services",
    "projects/selectors": "projects/selectors",
}
TESTED_ELSEWHERE: dict[str, str] = {}
"""Modules without a test file of their name, each with the reason."""


def test_tests_lie_where_the_code_lies() -> None:
    """A folder of tests has the path of the folder of code that it tests."""
    strays = []
    for tests, code in MIRRORED.items():
        for path in sorted((ROOT / "tests" / tests).rglob("test_*.py")):
            if not (ROOT / code / path.parent.relative_to(ROOT / "tests" / tests)).is_dir():
                strays.append(path.relative_to(ROOT).as_posix())

    assert strays == []


def test_what_thinks_and_what_changes_has_tests() -> None:
    """Each module of the engine, the services and the selectors has a test file with its name."""
    modules = [(tests, path) for tests, code in NAMED_TESTS.items() for path in sorted((ROOT / code).glob("[!_]*.py"))]

    missing = [
        path.relative_to(ROOT).as_posix()
        for tests, path in modules
        if not list((ROOT / "tests" / tests).glob(f"test_{path.stem}*.py"))
    ]

    assert len(modules) > 40
    assert {
        "untested": sorted(set(missing) - set(TESTED_ELSEWHERE)),
        "no longer needed": sorted(set(TESTED_ELSEWHERE) - set(missing)),
    } == {
        "untested": [],
        "no longer needed": [],
    }
