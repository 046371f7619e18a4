"""A browser dies in the middle of the form of a challenge: whoever signs in again finds everything that was typed."""

import os
import signal
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

from projects.models import Challenge
from tests.conftest import CHROMIUM_FLAGS, chromium
from tests.factories import ChallengeFactory, MembershipFactory
from tests.journeys.conftest import Enter
from tests.journeys.visitor import publishable

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
TYPED = {
    "zh-hans": (
        "zh",
        "极片缺陷在线检测",
        "人工抽检漏检率高 🔋，希望在线识别漏涂。",
        "In-line inspection of electrodes",
        "东莞",
    ),
    "en": (
        "en",
        "In-line inspection of electrodes",
        "Defects must be found in line, at 80 m/min.",
        "极片缺陷在线检测",
        "Dongguan",
    ),
}
"""In each language what is written, its title, its problem, the title in the other language, and a place."""


@pytest.fixture
def doomed(browser: "Browser") -> Iterator["Browser"]:
    """A browser of the test's own, which it may kill."""
    started = browser.browser_type.launch(executable_path=chromium(), args=CHROMIUM_FLAGS)
    yield started
    started.close()


def kill(browser: "Browser") -> None:
    """Kills a browser at once, as a power cut would, and waits until it is gone."""
    told = browser.new_browser_cdp_session().send("SystemInfo.getProcessInfo")
    (number,) = [process["id"] for process in told["processInfo"] if process["type"] == "browser"]
    with browser.contexts[0].pages[0].expect_event("close"):
        os.kill(number, signal.SIGKILL)


@pytest.mark.parametrize(("width", "language"), [(1280, "en"), (360, "zh-hans")])
def test_everything_typed_is_there_after_signing_in_again(
    enter: Enter, transactional_db: Any, doomed: "Browser", width: int, language: str
) -> None:
    member = MembershipFactory().user
    written, title, problem, other, place = TYPED[language]
    typed = {
        "language": written, "title": title, "title_other": other, "problem": problem, "summary": f"{title} ({other})",
        "understanding_rating": "4", "use_rating": "5", "cooperation_modes": "joint_development", "duration_months": "18",
        "city": place, "confidential_background": "canary-killed-2c7", "is_bottleneck": "on", "imported_today": "相机 camera",
        **publishable(),
    }  # fmt: skip
    last = {"internal_owner": f"李 {title}"}
    first = enter(width, language, own=doomed)
    first.sign_in(member)
    first.open("challenges/new/")

    first.fill(**typed)
    with first.page.expect_response(
        lambda answer: last["internal_owner"] in (answer.request.post_data_json or {}).values()
    ):
        first.fill(**last)
    kill(doomed)
    second = enter(width, language)
    second.open("account/login/")
    second.fill(login=member.email, password="a-good-password")
    second.press("main form button.primary-button")
    second.open("dashboard/")
    second.press(f"main a[href$='{Challenge.objects.get().pk}/edit/']")

    found = {name: second.value(name.replace("__", "-"), value) for name, value in (typed | last).items()}
    assert found == typed | last


def test_a_change_of_a_published_challenge_is_there_again_and_nobody_saw_it(
    enter: Enter, transactional_db: Any, doomed: "Browser"
) -> None:
    challenge = ChallengeFactory()
    member = challenge.author
    first = enter(360, "zh-hans", own=doomed)
    first.sign_in(member)
    first.open(f"challenges/{challenge.pk}/edit/")

    with first.page.expect_response(lambda answer: answer.request.method == "POST"):
        first.fill(title="改了一半的标题", confidential_data="canary-killed-9f4")
    kill(doomed)
    reader = enter(1280, "zh-hans")
    reader.open(f"challenges/{challenge.pk}/")
    second = enter(1280, "zh-hans")
    second.sign_in(member)
    second.open(f"challenges/{challenge.pk}/edit/")

    assert challenge.title_zh in reader.text()
    assert "改了一半" not in reader.text()
    assert second.value("title", "") == "改了一半的标题"
    assert second.value("confidential_data", "") == "canary-killed-9f4"
    assert "有尚未保存的修改" in second.text()
