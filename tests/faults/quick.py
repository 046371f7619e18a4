"""The site's own Celery application with short waits, for programs that tests kill.

A held job counts as lost after a few seconds, the sweeper looks every second, and finding matches takes a moment longer than
it needs, half of it inside the storing transaction, so that a kill hits work at every stage. A challenge can also be poison.
"""

import os
import signal
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import django

django.setup()

from matchmaker.celery import app  # noqa: E402 - models can be loaded only now
from matchmaker.queueing import jobs  # noqa: E402
from tests.faults.crew import KILLS, RAISES  # noqa: E402

PAUSE = float(os.environ.get("FAULTS_PAUSE", "0.1"))
jobs.LEASE = timedelta(seconds=4)
jobs.RESEND_AFTER = timedelta(seconds=1)
app.conf.beat_schedule = {"sweep": {"task": "queueing.sweep", "schedule": 1}}
app.conf.broker_connection_retry_interval_max = 1


def _slowly(store: Callable[..., None]) -> Callable[..., None]:
    """Stores as before, with a pause before and after."""

    def stored(*args: Any) -> None:
        time.sleep(PAUSE)
        store(*args)
        time.sleep(PAUSE)

    return stored


def _carefully(read: Callable[..., Any]) -> Callable[..., Any]:
    """Reads a challenge as before; poison raises, or kills the process as a lack of memory would."""

    def document(challenge: Any) -> Any:
        time.sleep(PAUSE)
        if challenge.title_en == RAISES:
            raise RuntimeError("poison")
        if challenge.title_en == KILLS:
            os.kill(os.getpid(), signal.SIGKILL)
        return read(challenge)

    return document


if not os.environ.get("MATCHMAKER_SCHEDULE_ONLY"):
    from projects.services import matching

    matching.store_matches = _slowly(matching.store_matches)
    matching.challenge_document = _carefully(matching.challenge_document)
