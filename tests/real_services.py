"""The site on a real PostgreSQL and Redis, with programs of its own: for tests marked ``service``.

A server may hold the data of others. So the tests make a database of their own and drop it again, take a Redis database
number that is empty, and use a key prefix that nobody else has; at the end only keys with this prefix are deleted.
"""

import os
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
import redis
from psycopg import sql

ROOT = Path(__file__).resolve().parent.parent


@contextmanager
def own_database(url: str) -> Iterator[str]:
    """Makes a database on the server of this address; yields its address, and drops it at the end."""
    name = f"matchmaker_test_{secrets.token_hex(4)}"
    with psycopg.connect(url, autocommit=True) as server:
        server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        try:
            yield urlunsplit(urlsplit(url)._replace(path=f"/{name}"))
        finally:
            server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@contextmanager
def own_redis(url: str) -> Iterator[tuple[str, str]]:
    """Yields an address with an empty database number, and a key prefix; deletes the keys with this prefix at the end."""
    prefix = f"matchmaker-test-{secrets.token_hex(4)}:"
    address = urlunsplit(urlsplit(url)._replace(path=f"/{_empty_number(url)}"))
    try:
        yield address, prefix
    finally:
        with redis.Redis.from_url(address) as client:
            for key in client.scan_iter(match=f"{prefix}*"):
                client.delete(key)


def _empty_number(url: str) -> int:
    """Returns a database number that holds nothing; the one in the address when all hold something."""
    given = int(urlsplit(url).path.strip("/") or 0)
    for number in (*range(15, 0, -1), given):
        with redis.Redis.from_url(urlunsplit(urlsplit(url)._replace(path=f"/{number}"))) as client:
            try:
                if not client.dbsize():
                    return number
            except redis.ResponseError:  # the server has fewer numbers
                continue
    return given


@dataclass
class RealSite:
    """Programs of the site that share one database and one broker."""

    environment: dict[str, str]
    log: Path
    running: list["subprocess.Popen[bytes]"] = field(default_factory=list)

    def manage(self, *words: str) -> str:
        """Runs a command of manage.py and returns what it printed; fails with its errors."""
        ended = subprocess.run(
            [sys.executable, "manage.py", *words],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert ended.returncode == 0, f"manage.py {' '.join(words)}: {ended.stderr[-2000:]}"
        return ended.stdout

    def python(self, source: str) -> str:
        """Runs lines of Python with Django set up, and returns what they printed."""
        return self.manage("shell", "--no-imports", "-c", source).strip()

    def start(self, *words: str) -> "subprocess.Popen[bytes]":
        """Starts a Python program, for example a worker, in a group of its own."""
        with self.log.open("ab") as out:
            program = subprocess.Popen(
                [sys.executable, *words],
                cwd=ROOT,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                start_new_session=True,
            )
        self.running.append(program)
        return program

    def worker(self, queue: str = "default") -> "subprocess.Popen[bytes]":
        """Starts a Celery worker with one process for one queue."""
        name = f"{queue}-{len(self.running)}@%h"
        return self.start(
            "-m",
            "celery",
            "-A",
            "matchmaker",
            "worker",
            "-Q",
            queue,
            "-c",
            "1",
            "-n",
            name,
            "--without-gossip",
            "--without-mingle",
        )

    def kill(self, program: "subprocess.Popen[bytes]") -> None:
        """Kills a program and all its children at once, as a power cut would."""
        os.killpg(program.pid, signal.SIGKILL)
        program.wait(10)

    def wait_until(self, holds: Callable[[], bool], what: str, seconds: float = 60) -> None:
        """Waits until something holds; fails with the end of the log."""
        end = time.monotonic() + seconds
        while not holds():
            tail = self.log.read_text(errors="replace")[-2000:] if self.log.exists() else ""
            assert time.monotonic() < end, f"not within {seconds} s: {what}\n{tail}"
            time.sleep(0.2)

    def stop(self) -> None:
        """Ends every program that is left."""
        for program in self.running:
            if program.poll() is None:
                os.killpg(program.pid, signal.SIGTERM)
        for program in self.running:
            try:
                program.wait(10)
            except subprocess.TimeoutExpired:
                self.kill(program)


@contextmanager
def real_site(database_url: str, redis_url: str, home: Path) -> Iterator[RealSite]:
    """Yields a migrated site on the two servers, and cleans up behind it."""
    with own_database(database_url) as database, own_redis(redis_url) as (broker, prefix):
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("MATCHMAKER_", "PYTEST"))}
        environment = kept | {
            "DJANGO_SETTINGS_MODULE": "matchmaker.settings",
            "DATABASE_URL": database,
            "REDIS_URL": broker,
            "MATCHMAKER_REDIS_PREFIX": prefix,
            "MATCHMAKER_HOME": str(home),
            "MATCHMAKER_ENV_FILE": "",
            "MATCHMAKER_SECRET_KEY": secrets.token_urlsafe(50),
        }
        site = RealSite(environment, home / "programs.log")
        try:
            site.manage("migrate", "--no-input", "--verbosity", "0")
            yield site
        finally:
            site.stop()
