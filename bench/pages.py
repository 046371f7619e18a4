"""Measures what a page costs, as a ratio to the least that Django can do with the same database.

    ./run bench pages [--rounds 5] [--seconds 1.0]

Makes a database of its own in a temporary folder (SQLite, 500 challenges, 500 capabilities, one firm that owns them all, and its
matches), serves the site and a baseline with gunicorn, two sync workers each, and asks for page after page in turns. The baseline is
one query of 20 rows of the same 500 and a template of 20 rows, without middleware. Processor time is that of the workers, user and
system, divided by the requests; a ratio is taken within a round, and the median of the rounds is printed.
"""

import argparse
import gzip
import http.client
import json
import math
import os
import re
import secrets
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from itertools import cycle, islice
from pathlib import Path
from typing import Any
from uuid import UUID

ROOT = Path(__file__).resolve().parent.parent
MANY, MATCHES, EVIDENCE = 500, 30, 4
WORKERS = 2
LIST, DETAIL, VIEW, NONE = 20.0, 10.0, 60.0, math.inf
"""The most a list of 50 rows and a detail page may cost in baselines, and the most kilobytes of a first view."""
ROWS = """{% for row in rows %}<li><a href="/challenges/{{ row.pk }}/">{{ row.title_en }}</a> {{ row.industry }}</li>
{% endfor %}"""


@dataclass(frozen=True)
class Target:
    """A page to be measured."""

    name: str
    path: str
    signed_in: bool
    most: float


# The baseline: what gunicorn serves as ``bench.pages:baseline``


def _listing(request: Any) -> Any:
    """Twenty rows of the challenges with the columns that are shown, and nothing else."""
    from django.http import HttpResponse

    from projects.models import Challenge

    return HttpResponse(_template().render({"rows": Challenge.objects.only("title_en", "industry")[:20]}))


@cache
def _template() -> Any:
    from django.template import engines

    return engines["django"].from_string(f"<!DOCTYPE html><title>Baseline</title><ul>{ROWS}</ul>")


urlpatterns: list[Any] = []


def baseline() -> Any:
    """The application of the baseline: the same settings and database, no middleware, one address."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "matchmaker.settings")
    import django
    from django.conf import settings
    from django.core.handlers.wsgi import WSGIHandler
    from django.urls import path

    django.setup(set_prefix=False)
    urlpatterns[:] = [path("", _listing)]
    settings.MIDDLEWARE = []
    settings.ROOT_URLCONF = "bench.pages"
    return WSGIHandler()


# The data


def texts(noun: str) -> list[dict[str, Any]]:
    """The demo's records, for texts of a natural length."""
    found = []
    for path in sorted((ROOT / "projects/data/demo").glob(f"{noun}_*.json")):
        found += json.loads(path.read_text(encoding="utf-8"))
    return found


def fill() -> dict[str, str]:
    """Writes the rows; returns the ids that addresses and the session need."""
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore
    from django.utils import timezone

    from accounts.models import Membership, Organisation, Place, User
    from accounts.services.places import write_down_cities
    from projects.choices import BudgetBand
    from projects.models import Capability, Challenge, EvidenceItem, Match
    from projects.services.capabilities import EDITABLE as CAPABILITY_FIELDS
    from projects.services.challenges import EDITABLE as CHALLENGE_FIELDS

    def values(record: dict[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
        return {name: record[name] for name in names if record.get(name) is not None and name != "city"}

    write_down_cities()
    places = list(Place.objects.all())
    user = User.objects.create_user("owner@firm.example", name_en="The owner of all", name_zh="众多需求的主人")
    professor = User.objects.create_user("professor@university.example", name_en="A professor", name_zh="教授")
    firm = Organisation.objects.create(
        kind="company", name_en="Firm Ltd", name_zh="公司", city=places[0], size="large", tech="technology"
    )
    home = Organisation.objects.create(kind="university", name_en="University", name_zh="大学", city=places[1])
    Membership.objects.create(user=user, organisation=firm, role="owner")
    now = timezone.now()
    corners = cycle(("pasteur", "bohr", "edison", "fourth"))
    challenges = Challenge.objects.bulk_create(
        Challenge(
            **values(record, CHALLENGE_FIELDS), organisation=firm, author=user, state="published", published_at=now, matched_version=9,
            city=places[number % len(places)], deadline=now.date(), understanding=0.6, use=0.7, quadrant=next(corners),
            budget_band=BudgetBand.of(float(record.get("budget_max") or 0)),
        )
        for number, record in enumerate(islice(cycle(texts("challenges")), MANY))
    )  # fmt: skip
    capabilities = Capability.objects.bulk_create(
        Capability(
            **values(record, CAPABILITY_FIELDS), organisation=home, owner=professor, state="published", published_at=now, understanding=0.7,
            use=0.4, city=places[number % len(places)], quadrant=next(corners), last_confirmed=now.date(),
        )
        for number, record in enumerate(islice(cycle(texts("capabilities")), MANY))
    )  # fmt: skip
    EvidenceItem.objects.bulk_create(
        EvidenceItem(
            capability=item,
            kind="paper",
            title_en=f"Paper {place}",
            title_zh=f"论文{place}",
            year=2020 + place,
            fingerprint=str(place),
        )
        for item in capabilities
        for place in range(EVIDENCE)
    )
    Match.objects.bulk_create(
        Match(
            challenge=challenges[0], capability=item, model_version="bench", score=0.9 - place / 100, relevance=0.6, aim_score=5.0,
            band="possible", understanding=0.7, use=0.7, quadrant="pasteur", detail=_detail(challenges[0], item), updated_at=now,
        )
        for place, item in enumerate(capabilities[:MATCHES])
    )  # fmt: skip
    session = SessionStore()
    session[SESSION_KEY], session[HASH_SESSION_KEY] = str(user.pk), user.get_session_auth_hash()
    session[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
    session.create()
    keys: dict[str, UUID | str | None] = {
        "challenge": challenges[0].pk, "capability": capabilities[0].pk, "firm": firm.pk, "session": session.session_key,
    }  # fmt: skip
    return {name: str(key) for name, key in keys.items()}


def _detail(challenge: Any, capability: Any) -> dict[str, Any]:
    """The engine's answer for a pair, in its full length: eight reasons, every row, two blockers."""
    word = challenge.title_zh[:2]
    place = {"understanding": 0.6, "use": 0.7, "understanding_sd": 0.1, "use_sd": 0.1, "quadrant": "pasteur", "abstained": False, "source": "text", "cues": []}  # fmt: skip
    reason = {
        "share": 0.1, "evidence": "", "contribution": 0.05, "in_challenge": {"field": "title_zh", "start": 0, "end": 2},
        "in_capability": {"field": "title_zh", "start": 0, "end": 2}, "pair": None,
    }  # fmt: skip
    names = ("relevance", "pasteur_fit", "complement", "feasibility")
    return {
        "challenge": str(challenge.pk), "capability": str(capability.pk), "score": 0.6, "relevance": 0.6, "band": "possible",
        "parts": [{"name": name, "value": 0.6, "weight": 0.2, "share": 0.25} for name in names],
        "reasons": [reason | {"term": f"{word}{number}"} for number in range(8)],
        "evidence_shares": [{"key": "", "share": 0.7}],
        "rows": [
            {"code": "trl_gap", "level": "fair", "values": {"gap": 4, "wanted": 8, "has": 4}},
            {"code": "languages", "level": "good", "values": {"common": ["zh", "en"]}},
            {"code": "place", "level": "good", "values": {"shared": "bay"}},
        ],
        "blockers": [
            {"code": "trl_gap", "values": {"gap": 4, "wanted": 8, "has": 4}},
            {"code": "ip_conflict", "values": {"challenge": "firm_owns", "capability": "open"}},
        ],
        "gates": [], "joint": place, "challenge_placement": place, "capability_placement": place, "theory_from": "capability",
        "use_from": "challenge",
    }  # fmt: skip


# The servers


@contextmanager
def served(application: str) -> Iterator[tuple[int, list[int]]]:
    """Serves an application with two workers; yields the port and the workers' process ids."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [
        sys.executable,
        "-m",
        "gunicorn",
        application,
        "-b",
        f"127.0.0.1:{port}",
        "-w",
        str(WORKERS),
        "--log-level",
        "error",
    ]
    server = subprocess.Popen(command, cwd=ROOT)
    try:
        for _attempt in range(300):
            try:
                ask(port, "/", {})
                break
            except OSError:
                assert server.poll() is None, f"{application} does not start"
                time.sleep(0.1)
        children = Path(f"/proc/{server.pid}/task/{server.pid}/children").read_text(encoding="utf-8").split()
        yield port, [int(child) for child in children]
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(20)


def ask(port: int, path: str, headers: dict[str, str]) -> tuple[int, bytes]:
    """One request; returns its status and body."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("GET", path, headers=headers)
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    return answer.status, body


def processor_seconds(workers: list[int]) -> float:
    """How long the workers have run on a processor, to the nanosecond."""
    return (
        sum(int(Path(f"/proc/{worker}/schedstat").read_text(encoding="utf-8").split()[0]) for worker in workers) / 1e9
    )


def burst(port: int, workers: list[int], path: str, headers: dict[str, str], seconds: float) -> float:
    """The processor seconds of one request, over as many as fit in the time."""
    before, count, end = processor_seconds(workers), 0, time.monotonic() + seconds
    while time.monotonic() < end or count < 4:
        status, _body = ask(port, path, headers)
        assert status == 200, f"{path} answered {status}"
        count += 1
    return (processor_seconds(workers) - before) / count


# The figures


def first_view(port: int, path: str, headers: dict[str, str]) -> float:
    """The kilobytes of a page with all its files, each compressed as a proxy does it."""
    _status, page = ask(port, path, headers)
    files = set(re.findall(rb'(?:href|src)="(/static/[^"]+)"', page))
    bodies = [page, *(ask(port, name.decode(), {})[1] for name in sorted(files))]
    return sum(len(gzip.compress(body, 6)) for body in bodies) / 1000


def queries(path: str, session: str) -> int:
    """How often a page asks the database."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client = Client(headers={"host": "127.0.0.1"})
    if session:
        client.cookies["sessionid"] = session
    client.get(path)
    with CaptureQueriesContext(connection) as asked:
        client.get(path)
    return len(asked)


def targets(keys: dict[str, str]) -> list[Target]:
    """The pages of the issue, and the others that anyone opens."""
    challenge, capability = keys["challenge"], keys["capability"]
    return [
        Target("first page", "/en/", False, DETAIL),
        Target("board, 50 rows", "/en/challenges/?page_size=50", False, LIST),
        Target("board, 50 rows, Chinese", "/zh-hans/challenges/?page_size=50", False, LIST),
        Target("board, 20 rows, filtered", "/en/challenges/?field=energy&place=bay", False, LIST),
        Target("directory, 50 rows", "/en/capabilities/?page_size=50", False, LIST),
        Target("challenge", f"/en/challenges/{challenge}/", False, DETAIL),
        Target("challenge, its firm", f"/en/challenges/{challenge}/", True, DETAIL),
        Target("capability", f"/en/capabilities/{capability}/", False, DETAIL),
        Target("capability, owner of 500", f"/en/capabilities/{capability}/", True, DETAIL),
        Target("organisation, 500 challenges", f"/en/organisations/{keys['firm']}/", False, LIST),
        Target("match list, 20 cards", f"/en/challenges/{challenge}/matches/", True, LIST),
        Target("match page", f"/en/matches/{challenge}/{capability}/", True, DETAIL),
        Target("quadrant, 250 marks", "/en/quadrant/", False, NONE),
    ]


def measure(keys: dict[str, str], rounds: int, seconds: float) -> list[str]:
    """Asks for all pages in turns; returns what is over its limit."""
    over = []
    cookie = {"Cookie": f"sessionid={keys['session']}"}
    pages = targets(keys)
    ratios: dict[str, list[float]] = {page.name: [] for page in pages}
    spent: dict[str, list[float]] = {page.name: [] for page in pages}
    with served("bench.pages:baseline()") as (base_port, base_workers), served("matchmaker.wsgi") as (port, workers):
        for page in pages:
            burst(port, workers, page.path, cookie if page.signed_in else {}, 0.2)
        least = []
        for _round in range(rounds):
            for page in pages:
                base = burst(base_port, base_workers, "/", {}, seconds / 2)
                cost = burst(port, workers, page.path, cookie if page.signed_in else {}, seconds)
                least.append(base)
                spent[page.name].append(cost)
                ratios[page.name].append(cost / base)
        print(
            f"baseline: {statistics.median(least) * 1000:.2f} ms of processor time ({rounds} rounds, {os.cpu_count()} cores)"
        )
        print(f"{'page':32} {'ratio':>6} {'most':>5} {'CPU ms':>7} {'SQL':>4} {'first view kB':>14}")
        for page in pages:
            ratio, cost = statistics.median(ratios[page.name]), statistics.median(spent[page.name]) * 1000
            asked = queries(page.path, keys["session"] if page.signed_in else "")
            size = first_view(port, page.path, cookie if page.signed_in else {})
            print(f"{page.name:32} {ratio:6.1f} {page.most:5.0f} {cost:7.1f} {asked:4d} {size:14.1f}")
            if ratio > page.most or asked > 12 or size > VIEW:
                over.append(page.name)
    return over


def main() -> int:
    """Makes the data, measures, and says what is over its limit."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5, help="how often each page is measured")
    parser.add_argument("--seconds", type=float, default=1.0, help="how long each page is asked for in a round")
    given = parser.parse_args()
    home = tempfile.mkdtemp(prefix="matchmaker-bench-")
    for name in [
        name for name in os.environ if name.startswith("MATCHMAKER_") or name in ("DATABASE_URL", "REDIS_URL")
    ]:
        del os.environ[name]
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "matchmaker.settings",
        "MATCHMAKER_ENV_FILE": "",
        "MATCHMAKER_HOME": home,
        "MATCHMAKER_SECRET_KEY": secrets.token_urlsafe(48),
    }
    try:
        import django
        from django.core.management import call_command

        django.setup()
        call_command("migrate", verbosity=0)
        call_command("collectstatic", verbosity=0, interactive=False)
        over = measure(fill(), given.rounds, given.seconds)
    finally:
        shutil.rmtree(home, ignore_errors=True)
    print("over its limit: " + ", ".join(over) if over else "every page is within its limits")
    return 1 if over else 0


if __name__ == "__main__":
    sys.exit(main())
