"""Lets one request in at a time: the tests' database in memory is a single connection, which threads share."""

from collections.abc import Callable
from threading import Lock

from django.http import HttpRequest, HttpResponse

_door = Lock()


class OneAtATime:
    """Holds each request until the one before it is answered."""

    def __init__(self, answer: Callable[[HttpRequest], HttpResponse]) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answers, alone."""
        with _door:
            return self.answer(request)
