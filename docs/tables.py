#!/usr/bin/env python3
"""Writes the tables of the reference that are drawn from the code, so that page and code cannot differ.

tables.py            rewrites what stands between the marks in docs/reference/
tables.py --check    fails when a page is not what it would write
"""

import os
import sys
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
REFERENCE = ROOT / "docs" / "reference"
BEGIN, END = "<!-- from the code: {} -->", "<!-- end -->"


def table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """Returns a Markdown table."""
    head = list(head)
    lines = [head, ["---"] * len(head), *(list(row) for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def moves_table(moves: Mapping[str, Mapping[str, str]]) -> str:
    """Returns one row for each deed and the states it starts from."""
    rows = []
    for deed, steps in moves.items():
        targets: dict[str, list[str]] = {}
        for state, following in steps.items():
            targets.setdefault(str(following), []).append(f"`{state}`")
        rows += [(f"`{deed}`", ", ".join(sources), f"`{target}`") for target, sources in targets.items()]
    return table(("deed", "from", "to"), rows)


def states_table(states: Any) -> str:
    """Returns one row for each state, with its name on English pages."""
    from django.utils.translation import override

    with override("en"):
        return table(("state", "on pages"), [(f"`{state.value}`", str(state.label)) for state in states])


def groups_table(groups: Mapping[str, Iterable[str]]) -> str:
    """Returns one row for each named group of states."""
    return table(
        ("group", "states"),
        ((f"`{name}`", ", ".join(f"`{state}`" for state in states)) for name, states in groups.items()),
    )


def fields_text() -> str:
    """Returns for each model its fields by class."""
    from django.apps import apps

    parts = []
    for app in ("accounts", "projects", "queueing"):
        for model in sorted(apps.get_app_config(app).get_models(), key=lambda model: model.__name__):
            by_class: dict[str, list[str]] = {}
            for name, kind in model.FIELD_CLASSES.items():  # type: ignore[attr-defined]  # a test sees that each has it
                by_class.setdefault(kind, []).append(f"`{name}`")
            rows = ((kind, ", ".join(by_class[kind])) for kind in ORDER if kind in by_class)
            parts.append(f"### {app}.{model.__name__}\n\n{table(('class', 'fields'), rows)}")
    return "\n\n".join(parts)


ORDER = ("public", "member", "nda", "personal", "secret")


def jobs_table() -> str:
    """Returns one row for each Celery task of ours, with what its docstring says."""
    from matchmaker.celery import app

    app.loader.import_default_modules()
    ours = ("accounts.", "projects.", "queueing.")
    rows = ((f"`{name}`", _first_line(task)) for name, task in sorted(app.tasks.items()) if name.startswith(ours))
    return table(("task", "does"), rows)


def schedule_table() -> str:
    """Returns one row for each entry of the schedule."""
    from django.conf import settings

    rows = ((f"`{entry['task']}`", f"{entry['schedule']} s") for entry in settings.CELERY_BEAT_SCHEDULE.values())
    return table(("task", "every"), rows)


def _first_line(task: Any) -> str:
    """The first sentence of a task's docstring."""
    return str(task.run.__doc__ or "").strip().splitlines()[0]


def sections() -> dict[str, dict[str, Callable[[], str]]]:
    """Returns for each page the tables between its marks."""
    from projects import states

    groups = {
        "LIVE_CHALLENGES": states.LIVE_CHALLENGES,
        "SHOWN_CHALLENGES": states.SHOWN_CHALLENGES,
        "LIVE_CAPABILITIES": states.LIVE_CAPABILITIES,
    }
    return {
        "states.md": {
            "challenge states": lambda: states_table(states.ChallengeState),
            "challenge moves": lambda: moves_table(states.CHALLENGE_MOVES),
            "capability states": lambda: states_table(states.CapabilityState),
            "capability moves": lambda: moves_table(states.CAPABILITY_MOVES),
            "invitation states": lambda: states_table(states.InvitationState),
            "invitation moves": lambda: moves_table(states.INVITATION_MOVES),
            "claim states": lambda: states_table(states.ClaimState),
            "preview states": lambda: states_table(states.PreviewState),
            "groups": lambda: groups_table(groups),
        },
        "fields.md": {"fields": fields_text},
        "jobs.md": {"tasks": jobs_table, "schedule": schedule_table},
    }


def written(text: str, tables: Mapping[str, Callable[[], str]]) -> str:
    """Returns a page with what stands between its marks written anew; a missing mark is an error."""
    for name, make in tables.items():
        begin = BEGIN.format(name)
        head, found, rest = text.partition(begin)
        _old, closed, tail = rest.partition(END)
        if not found or not closed:
            raise ValueError(f"the mark {begin!r} or its end is missing")
        text = f"{head}{begin}\n\n{make()}\n\n{END}{tail}"
    return text


def main(*, check: bool) -> int:
    """Writes or checks every page."""
    differing = []
    for name, tables in sections().items():
        path = REFERENCE / name
        old = path.read_text(encoding="utf-8")
        new = written(old, tables)
        if new != old:
            differing.append(name)
            if not check:
                path.write_text(new, encoding="utf-8")
    if check and differing:
        print(f"docs/reference: {', '.join(differing)} differ from the code; run docs/tables.py")
        return 1
    return 0


def set_up() -> None:
    """Readies Django with the settings of the tests, which need nothing from outside."""
    sys.path.insert(0, str(ROOT))
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    import django

    django.setup()


if __name__ == "__main__":
    set_up()
    sys.exit(main(check="--check" in sys.argv[1:]))
