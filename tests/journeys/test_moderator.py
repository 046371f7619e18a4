"""A moderator: the queue, the difference, asking for changes, approving, reading what is confidential and being seen to."""

from typing import Any

import pytest

from projects.models import Challenge, ConfidentialReading
from projects.services.moderation import submit_challenge
from tests.factories import ConfidentialTextFactory, DraftFactory, MembershipFactory, OrganisationFactory, UserFactory
from tests.journeys.conftest import Enter
from tests.journeys.visitor import settle

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
REASON = "A reader says that the figures are wrong."


@pytest.mark.parametrize(("width", "language"), [(1280, "zh-hans"), (360, "en")])
def test_a_challenge_is_sent_back_mended_approved_and_its_secret_read_with_a_reason(
    enter: Enter, transactional_db: Any, width: int, language: str
) -> None:
    member = MembershipFactory(organisation=OrganisationFactory(trusted=False))
    draft = DraftFactory(organisation=member.organisation, author=member.user)
    secret = ConfidentialTextFactory(challenge=draft)
    submit_challenge(draft, by=member.user)
    moderator, firm = enter(width, language), enter(width, language)
    person = UserFactory(is_moderator=True, is_staff=True, language=language)
    moderator.sign_in(person)
    firm.sign_in(member.user)
    queue_page = f"{moderator.site}/admin/projects/challenge/"

    moderator.page.goto(queue_page)
    moderator.look()
    moderator.press("#result_list tbody th a")
    assert "电池极片涂布缺陷在线检测" in moderator.text("#changes + table")
    moderator.page.locator("#note").fill("请写明检测速度。")
    moderator.press("button[value='ask_changes']")
    assert Challenge.objects.get().state == "needs_changes"

    firm.open(f"challenges/{draft.pk}/edit/")
    assert "请写明检测速度。" in firm.page.locator("body").inner_text()
    firm.fill(problem="涂布速度每分钟八十米，检测速度须跟上，缺陷最小零点一毫米。")
    firm.press("button[value='submit']")
    assert Challenge.objects.get().state == "submitted"

    moderator.page.goto(f"{queue_page}{draft.pk}/change/")
    moderator.look()
    moderator.press("button[value='publish']")
    settle()
    assert Challenge.objects.get().state == "published"
    firm.open(f"challenges/{draft.pk}/edit/")
    firm.fill(problem="涂布速度每分钟一百米，缺陷最小零点一毫米。")
    firm.press("button[value='save']")
    assert Challenge.objects.get().state == "revision_pending"
    moderator.page.goto(f"{queue_page}{draft.pk}/change/")
    moderator.look()
    assert moderator.page.locator("#changes + table ins").count() > 0
    assert moderator.page.locator("#changes + table del").count() > 0
    moderator.press("button[value='publish']")

    moderator.page.goto(f"{queue_page}{draft.pk}/confidential/")
    moderator.look()
    assert secret.confidential_data not in moderator.page.content()
    moderator.page.locator("#reason").fill(REASON)
    moderator.press("form:has(#reason) button")
    assert secret.confidential_data in moderator.page.content()
    assert ConfidentialReading.objects.get().reader == person
    firm.open(f"challenges/{draft.pk}/")
    assert REASON in firm.page.locator("body").inner_text()
    firm.open("notices/")
    assert REASON in firm.page.locator("body").inner_text()
