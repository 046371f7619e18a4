"""A firm: paste a problem, see who could help, sign up, post it, read the matches, invite."""

from typing import Any

import pytest
from django.core import mail

from accounts.models import Organisation
from projects.models import Challenge, Invitation, Match, SearchText
from tests.factories import MembershipFactory, OrganisationFactory
from tests.journeys.conftest import Enter
from tests.journeys.visitor import publishable, settle

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
PROBLEM = "电池极片涂布缺陷难以在线检测，人工抽检漏检率高，希望用机器视觉识别漏涂和划痕。"


@pytest.mark.parametrize(("width", "language"), [(1280, "zh-hans"), (360, "en")])
def test_from_a_pasted_problem_to_an_invitation(enter: Enter, laboratory: list[Any], width: int, language: str) -> None:
    firm = enter(width, language)
    firm.open("")
    firm.fill(text=PROBLEM)
    firm.page.locator(".preview-box button").click()
    firm.page.wait_for_selector("#results article")
    assert firm.page.locator("#results article").count() == 5
    firm.look()

    firm.press("#results article .match-foot a")
    firm.sign_up("li@inspection.example")
    firm.fill(kind="company", name_zh="检测有限公司", name_en="Inspection Ltd", city="深圳")
    firm.press("main form button.primary-button")
    assert firm.page.locator("[name='problem']").input_value() == PROBLEM
    Organisation.objects.update(trusted=True)

    firm.fill(title="极片缺陷在线检测", **publishable())
    firm.press("button[value='submit']")
    settle()
    challenge = Challenge.objects.get()
    assert challenge.state == "published"
    firm.open(f"challenges/{challenge.pk}/matches/")
    assert firm.page.locator("article.match, article").count() >= 5
    firm.press("article .actions a")
    assert firm.page.locator("mark").count() > 0
    firm.page.locator("[name='message']").fill("我们想和您谈谈。")
    firm.press("form[action$='/invite/'] button")

    invitation = Invitation.objects.get()
    settle()
    assert invitation.message == "我们想和您谈谈。"
    assert any(mailed.to == [invitation.capability.owner.email] for mailed in mail.outbox)
    assert not any("canary-journey" in str(mailed.message()) for mailed in mail.outbox)
    assert not SearchText.objects.filter(terms__contains="canary").exists()
    assert not any("canary" in str(match.detail) for match in Match.objects.all())
    for path in ("dashboard/", f"challenges/{challenge.pk}/", f"challenges/{challenge.pk}/edit/", "notices/"):
        firm.open(path)


def test_without_scripts_a_firm_reads_posts_and_invites(enter: Enter, laboratory: list[Any]) -> None:
    member = MembershipFactory(organisation=OrganisationFactory(trusted=True))
    firm = enter(1280, "zh-hant", scripts=False)

    firm.open("")
    firm.page.locator("#problem-text").fill(PROBLEM)
    firm.press(".preview-box button")
    settle()
    firm.page.reload()
    assert firm.page.locator("main article").count() == 5
    firm.sign_in(member.user)
    firm.open("challenges/new/")
    firm.page.locator("[name='title']").fill("極片缺陷在線檢測")
    firm.page.locator("[name='problem']").fill(PROBLEM)
    firm.press("button[value='save']")
    for name, value in publishable().items():
        firm._fill_one(name.replace("__", "-"), value)
    firm.press("button[value='submit']")
    settle()
    challenge = Challenge.objects.get()
    firm.open(f"challenges/{challenge.pk}/matches/")
    firm.press("article .actions a")
    firm.press("form[action$='/invite/'] button")

    assert Invitation.objects.get().challenge == challenge


def test_the_main_path_needs_no_mouse(enter: Enter, laboratory: list[Any]) -> None:
    visitor = enter(1280, "en")
    visitor.open("")
    keys = visitor.page.keyboard

    keys.press("Tab")
    keys.press("Enter")
    reach(visitor.page, "document.activeElement.id === 'problem-text'")
    keys.type("Defects of battery electrodes must be found in line by machine vision.")
    reach(visitor.page, "document.activeElement.matches('.preview-box button')")
    keys.press("Enter")
    visitor.page.wait_for_selector("#results article")
    reach(visitor.page, "document.activeElement.matches('#results article a')")
    with visitor.page.expect_navigation(wait_until="load"):
        keys.press("Enter")

    assert "/capabilities/" in visitor.page.url or "/signup/" in visitor.page.url


def reach(page: Any, there: str) -> None:
    """Presses Tab until the focus is there, and holds that it can be seen on the way."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate(there):
            style = page.evaluate(
                "(() => { const s = getComputedStyle(document.activeElement); return s.outlineStyle + s.boxShadow })()"
            )
            assert style != "nonenone", "the focus cannot be seen"
            return
    raise AssertionError(f"sixty tabs do not lead to {there}")
