"""A professor: sign up, say what they can do, import papers, see who asks for it, accept an invitation."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.utils import timezone

from projects import queue
from projects.models import Capability, Invitation
from projects.services.invitations import invite
from tests.factories import CapabilityFactory, ChallengeFactory
from tests.journeys.conftest import Enter
from tests.journeys.visitor import settle

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
PAPERS = """
@article{one, title={Few-shot detection of coating defects on battery electrodes}, author={Chan, Mei}, year={2024}}
@article{two, title={基于机器视觉的极片划痕识别}, author={陈梅}, year={2023}}
@article{broken, title={
"""


@pytest.mark.parametrize(("width", "language"), [(1280, "en"), (360, "zh-hans")])
def test_from_signing_up_to_an_accepted_invitation(
    enter: Enter, transactional_db: Any, width: int, language: str
) -> None:
    challenge = ChallengeFactory()
    other = ChallengeFactory(
        title_zh="港口泊位调度", title_en="Berth planning", problem_zh="船舶等待时间长。", problem_en="Ships wait too long.",
        summary_zh="", summary_en="", understanding_sought_zh="", use_context_zh="泊位",
        published_at=timezone.now() - timedelta(days=1),
    )  # fmt: skip
    for each in (challenge, other):
        queue.index_changed("challenges", each.pk)
    settle()
    professor = enter(width, language)

    professor.open("account/signup/")
    professor.sign_up("chan@university.example")
    professor.open("welcome/")
    professor.press("main .card:nth-of-type(2) a.button")
    professor.fill(name_zh="陈梅", name_en="Mei Chan", headline_en="Professor of machine vision")
    professor.press("main form button.primary-button")
    professor.fill(language="zh", title="电池极片缺陷的机器视觉检测", summary="面向极片涂布的小样本缺陷检测方法。")
    professor.press("button[value='save']")
    professor.fill(import__form="bibtex", import__text=PAPERS)
    professor.press("form[action*='/evidence/import/'] button")
    capability = Capability.objects.get()
    assert capability.evidence.count() == 2
    professor.open(f"capabilities/{capability.pk}/edit/")
    professor.press("button[value='publish']")
    settle()
    capability.refresh_from_db()
    assert capability.live, professor.text()
    professor.open(f"capabilities/{capability.pk}/matches/")
    first = professor.page.locator("article a").first.get_attribute("href")
    assert str(challenge.pk) in str(first)
    professor.press("article .actions a")

    invitation = invite(challenge, capability, by=challenge.author, message="Shall we talk?")
    settle()
    assert any("chan@university.example" in mailed.to for mailed in mail.outbox[1:])
    professor.open("notices/")
    professor.open("dashboard/")
    professor.open(f"invitations/{invitation.pk}/")
    professor.fill(answer="Yes, gladly.")
    professor.press("form[action$='/accept/'] button")

    assert Invitation.objects.get().state == "accepted"
    assert challenge.author.email in professor.text()
    for path in ("settings/", "settings/profile/", f"capabilities/{capability.pk}/", "challenges/", "quadrant/"):
        professor.open(path)


def test_what_is_not_saved_is_not_lost_by_importing_a_list(enter: Enter, transactional_db: Any) -> None:
    capability = CapabilityFactory()
    professor = enter()
    professor.sign_in(capability.owner)
    professor.open(f"capabilities/{capability.pk}/edit/")
    asked: list[str] = []
    professor.page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))

    professor.fill(title="typed and not saved", import__text="A paper. 2024")
    professor.page.locator("form[action*='/evidence/import/'] button").click()

    assert asked == ["beforeunload"]
    assert professor.value("title", "") == "typed and not saved"
    assert not capability.evidence.exists()
