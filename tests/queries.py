"""What a page costs in queries, and that a longer list costs no more."""

from collections.abc import Callable

from django.db import connection
from django.test.utils import CaptureQueriesContext


def cost(ask: Callable[[], object]) -> list[str]:
    """The queries that asking takes."""
    with CaptureQueriesContext(connection) as asked:
        ask()
    return [query["sql"] for query in asked]


def assert_flat(more: Callable[[], object], *asks: tuple[int, Callable[[], object]]) -> None:
    """Each way of asking takes as many queries for three rows as for one, and at most its number. ``more`` makes a row."""
    more()
    for _most, ask in asks:
        ask()  # what is read once for a process is not the list's
    one = [cost(ask) for _most, ask in asks]
    more()
    more()
    three = [cost(ask) for _most, ask in asks]

    for (most, _ask), fewer, queries in zip(asks, one, three, strict=True):
        assert len(fewer) == len(queries) <= most, "\n".join(queries)
