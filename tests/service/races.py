"""Deeds that run side by side, each in a thread with a connection and a transaction of its own."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event
from typing import Any

from django.db import connection, transaction
from django.utils import translation

Deed = Callable[[], Any]
LOOK_AGAIN = 0.02
"""Seconds between two looks at whether the other waits; how long both take decides nothing."""


def overlap(first: Deed, second: Deed) -> tuple[Any, Any]:
    """Begins the second when the first has done all but commit; returns what each gave, or the error it ended with.

    The first commits when the database says that the second waits for it, or when the second has ended without having seen
    anything of the first. Whatever can go wrong between two transactions goes wrong in this order, each time.
    """
    numbers: list[int] = []
    ready, begun, ended = Event(), Event(), Event()

    def lead() -> Any:
        try:
            with transaction.atomic():
                outcome = first()
                ready.set()
                begun.wait()
                while not ended.wait(LOOK_AGAIN) and not _waits(numbers[0]):
                    pass
            return outcome
        finally:
            ready.set()

    def follow() -> Any:
        try:
            numbers.append(_number())
            ready.wait()
            begun.set()
            return second()
        finally:
            begun.set()
            ended.set()

    return tuple(_together(lead, follow))  # type: ignore[return-value]  # two deeds, two outcomes


def crowd(*deeds: Deed) -> list[Any]:
    """Begins all deeds at once, and leaves the order to chance; returns what each gave, or the error it ended with."""
    gate = Barrier(len(deeds))

    def waiting(deed: Deed) -> Deed:
        def begun() -> Any:
            _number()  # the connection is there before the gate opens
            gate.wait()
            return deed()

        return begun

    return _together(*map(waiting, deeds))


def _together(*deeds: Deed) -> list[Any]:
    """Runs each deed in a thread of its own."""
    with ThreadPoolExecutor(len(deeds)) as threads:
        return [each.result() for each in [threads.submit(_outcome, deed) for deed in deeds]]


def _outcome(deed: Deed) -> Any:
    """What a deed gives, or the error it ends with."""
    try:
        with translation.override("en"):
            return deed()
    except Exception as error:  # the test says which error is right
        return error
    finally:
        connection.close()


def _number() -> int:
    """What the server calls this thread's connection."""
    connection.ensure_connection()
    number: int = connection.connection.info.backend_pid
    return number


def _waits(number: int) -> bool:
    """True when that connection waits for this one."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid() = ANY(pg_blocking_pids(%s))", [number])
        return bool(cursor.fetchone()[0])
