"""A site on a local port, and people in browsers."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest

from matchmaker.celery import app
from matchmaker.queueing import jobs
from tests.factories import CapabilityFactory, EvidenceFactory
from tests.journeys.visitor import Visitor

if TYPE_CHECKING:
    from playwright.sync_api import Browser

TOPICS = ("漏涂缺陷", "划痕缺陷", "小样本缺陷", "表面缺陷", "涂布缺陷", "气泡缺陷")
Enter = Callable[..., Visitor]


@pytest.fixture(autouse=True)
def _one_at_a_time(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Work that is due is done as soon as it is asked for, as if a worker were there."""
    app.loader.import_default_modules()
    monkeypatch.setattr(jobs, "send", lambda job: bool(app.tasks[job.kind].run(str(job.pk)) or True))
    settings.MIDDLEWARE = ["tests.journeys.one_at_a_time.OneAtATime", *settings.MIDDLEWARE]


@pytest.fixture
def enter(browser: "Browser", live_server: Any) -> Iterator[Enter]:
    """Lets a person in, at a width and in a language; at the end nobody's browser may have complained."""
    visitors: list[Visitor] = []

    def come_in(
        width: int = 1280, language: str = "en", *, scripts: bool = True, own: "Browser | None" = None
    ) -> Visitor:
        context = (own or browser).new_context(
            viewport={"width": width, "height": 900},
            java_script_enabled=scripts,
            locale=language,
            service_workers="block",
        )
        page = context.new_page()
        page.set_default_timeout(20_000)
        visitors.append(Visitor(page, live_server.url, language, scripts))
        return visitors[-1]

    yield come_in
    for visitor in visitors:
        if not visitor.page.is_closed():
            visitor.page.context.close()
    faults = [fault for visitor in visitors for fault in visitor.faults]
    assert not faults, "\n".join(dict.fromkeys(faults))


@pytest.fixture
def laboratory(transactional_db: None) -> list[Any]:
    """Six capabilities of professors, each with a paper behind it."""
    made = []
    for topic in TOPICS:
        capability = CapabilityFactory(
            title_zh=f"电池极片{topic}的机器视觉检测", title_en=f"Machine vision for defects of electrodes ({topic})"
        )
        EvidenceFactory(capability=capability)
        made.append(capability)
    return made
