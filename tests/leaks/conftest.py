"""A clock that stands still, and work that waits until it is done."""

from collections.abc import Iterator

import pytest
import time_machine

from matchmaker.queueing import jobs
from projects.api.views import previews
from projects.web.views import landing
from tests.leaks.site import NOON


@pytest.fixture(autouse=True)
def _still(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Two worlds are looked at in the same moment; nobody waits for a worker."""
    monkeypatch.setattr(jobs, "send", lambda job: False)
    for place in (landing, previews):
        monkeypatch.setattr(place, "wait_for", lambda preview: preview)
    with time_machine.travel(NOON, tick=False):
        yield
