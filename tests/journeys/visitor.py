"""A person in Chromium, whose every page is looked over: access faults, errors of scripts and policy, sideways scroll."""

import re
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from axe_playwright_python.sync_playwright import Axe
from django.core import mail
from django.test import Client
from django.utils import timezone

from accounts.models import User
from matchmaker.queueing import jobs
from matchmaker.queueing.models import Job, JobState

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

STICKS_OUT = """Array.from(document.querySelectorAll('body *'))
    .filter(one => one.getBoundingClientRect().right > innerWidth + 1)
    .map(one => one.tagName + '.' + one.className + '#' + one.id).slice(0, 12).join(' ')"""


@dataclass
class Visitor:
    """One person's browser."""

    page: "Page"
    site: str
    language: str
    scripts: bool = True
    faults: list[str] = field(default_factory=list)
    looked_at: list[str] = field(default_factory=list)
    examining: bool = False

    def __post_init__(self) -> None:
        """Listens for whatever the browser complains of."""
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.page.on(
            "response", lambda got: self.faults.append(f"{got.status} {got.url}") if got.status >= 500 else None
        )

    def _hear(self, said: Any) -> None:
        """Keeps what the browser complains of, but for what axe itself does to a page."""
        if said.type in ("error", "warning") and not self.examining:
            self.faults.append(f"{self.page.url.removeprefix(self.site)}: {said.text}")

    def open(self, path: str) -> None:
        """Goes to a page of the site in the visitor's language, and looks it over."""
        self.page.goto(f"{self.site}/{self.language}/{path}")
        self.look()

    def look(self) -> None:
        """Looks the page over as it is."""
        self.page.wait_for_load_state("load")
        where = self.page.url.removeprefix(self.site)
        self.looked_at.append(where)
        if not self.scripts:
            return
        width = self.page.viewport_size["width"] if self.page.viewport_size else 0
        wide = self.page.evaluate("document.documentElement.scrollWidth")
        if wide > width:
            self.faults.append(f"{where}: {wide} px on a screen of {width}: {self.page.evaluate(STICKS_OUT)}")
        self.examining = True
        found = Axe().run(self.page, options={"runOnly": RULES, "resultTypes": ["violations"]}).response
        self.page.evaluate("1")  # by now all that axe caused has been heard
        self.examining = False
        self.faults += [f"{where}: {rule['id']} {rule['nodes'][0]['html'][:200]}" for rule in found["violations"]]

    def press(self, selector: str) -> None:
        """Presses something that leads to a page, and looks that one over."""
        with self.page.expect_navigation(wait_until="load"):
            self.page.locator(selector).first.click()
        self.look()

    def fill(self, **values: str) -> None:
        """Fills fields by their names, whatever kind they are; ``__`` stands for a hyphen."""
        for name, value in values.items():
            self._fill_one(name.replace("__", "-"), value)

    def _fill_one(self, name: str, value: str) -> None:
        """Fills one field, opening what it is folded into."""
        found = self.page.locator(f"[name='{name}']")
        kind = found.first.evaluate("one => one.type")
        found.first.evaluate(
            "one => { for (let fold = one.closest('details'); fold; fold = fold.parentElement.closest('details')) fold.open = true }"
        )
        if kind in ("radio", "checkbox"):
            self._choice(name, value).check()
        elif kind == "select-one":
            found.select_option(value)
        else:
            found.first.fill(value)

    def value(self, name: str, wanted: str) -> str:
        """What a field holds; of several to tick the wanted one, if it is ticked."""
        found = self.page.locator(f"[name='{name}']")
        if found.first.evaluate("one => one.type") in ("radio", "checkbox"):
            return wanted if self._choice(name, wanted).is_checked() else ""
        return found.first.input_value()

    def _choice(self, name: str, value: str) -> "Locator":
        """One of several to choose from; a box that stands alone needs no value."""
        found = self.page.locator(f"[name='{name}']")
        return found if found.count() == 1 else self.page.locator(f"[name='{name}'][value='{value}']")

    def sign_up(self, email: str) -> None:
        """Fills the sign-up page, reads the code in the mail, and types it in."""
        self.fill(email=email)
        self.press("main form button")
        code = re.search(r"^\s*([A-Z0-9-]{6,9})\s*$", mail.outbox[-1].body, re.MULTILINE)
        assert code, mail.outbox[-1].body
        assert mail.outbox[-1].to == [email]
        self.fill(code=code.group(1))
        self.press("main form button")

    def sign_in(self, person: User) -> None:
        """Takes over a session, as somebody does who signed in yesterday."""
        client = Client()
        client.force_login(person)
        cookie = client.cookies["sessionid"].value
        self.page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": self.site}])

    def text(self, selector: str = "main") -> str:
        """What a part of the page says."""
        return self.page.locator(selector).first.inner_text()


def settle() -> None:
    """Does all work that waits, that after a pause too."""
    Job.objects.filter(state=JobState.READY).update(run_after=timezone.now())
    jobs.drain()


def publishable() -> dict[str, Any]:
    """What a firm types beside title and problem, so that nothing is missing."""
    return {
        "use_context": "涂布产线，每班使用。",
        "understanding_sought": "缺陷形成的机理。",
        "metrics__0__name": "检测时间",
        "metrics__0__unit": "min",
        "metrics__0__today": "240",
        "metrics__0__target": "5",
        "trl_current": "3",
        "trl_target": "7",
        "budget_max": "800000",
        "answer_by": (timezone.localdate() + timedelta(days=30)).isoformat(),
        "ip_preference": "joint",
        "confidentiality_tier": "nda",
        "confidential_problem": "canary-journey-5f1",
    }
