"""Pasted problems: whose they are, whom they ask, and that they are gone within the hour."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts.models import Notice
from matchmaker.queueing import jobs
from matchmaker.queueing.models import Job, JobState
from projects.models import Preview
from projects.selectors.access import visible_previews
from projects.services.matching import PREVIEW_LASTS, forget_previews
from projects.services.previews import ask_preview, visitor_key, wait_for
from projects.states import PreviewState
from tests.factories import ArchiveRecordFactory, CapabilityFactory, UserFactory

pytestmark = pytest.mark.django_db
TEXT = "电芯极片涂布缺陷在线检测，ultrasonic imaging of composite structures"


@pytest.fixture(autouse=True)
def no_broker(monkeypatch: pytest.MonkeyPatch) -> None:
    """Jobs wait until a test drains them."""
    monkeypatch.setattr(jobs, "send", lambda job: False)


def test_a_visitor_keeps_one_key_and_no_two_share_it() -> None:
    mine: dict[str, Any] = {}
    other: dict[str, Any] = {}

    first = visitor_key(mine)

    assert visitor_key(mine) == first == mine["visitor"]
    assert visitor_key(other) != first
    assert 30 < len(first) <= 64


def test_a_visitor_sees_their_own_previews_only() -> None:
    mine = ask_preview(TEXT, visitor="visitor:a")
    ask_preview(TEXT, visitor="visitor:b")

    assert list(visible_previews("visitor:a")) == [mine]
    assert list(visible_previews("")) == []


@pytest.mark.parametrize("text", ["", "   ", "\u200b\u200b\u200b\u200b\u200b", "？！。，……", "电池", "a b"])
def test_too_little_to_match_is_asked_for_more(text: str) -> None:
    with pytest.raises(ValidationError) as caught:
        ask_preview(text, visitor="visitor:a")

    assert list(caught.value.message_dict) == ["text"]
    assert not Preview.objects.exists()
    assert not Job.objects.exists()


def test_four_chinese_letters_are_enough_and_too_long_is_said_with_its_length() -> None:
    assert ask_preview("电池检测", visitor="visitor:a").text == "电池检测"

    with pytest.raises(ValidationError, match="20001"):
        ask_preview("检" * 20_001, visitor="visitor:a")


def test_an_unknown_scope_is_refused() -> None:
    with pytest.raises(ValidationError) as caught:
        ask_preview(TEXT, visitor="visitor:a", scope="challenges")

    assert list(caught.value.message_dict) == ["scope"]


def test_each_scope_asks_its_own_side() -> None:
    capability, record = CapabilityFactory(), ArchiveRecordFactory()

    previews = {scope: ask_preview(TEXT, visitor="a", scope=scope) for scope in ("capabilities", "archive")}
    jobs.drain()

    found = {
        scope: [match["capability"] for match in Preview.objects.get(pk=preview.pk).results["matches"]]
        for scope, preview in previews.items()
    }
    assert found == {"capabilities": [str(capability.pk)], "archive": [str(record.pk)]}


def test_previews_are_matched_before_all_other_work() -> None:
    preview = ask_preview(TEXT, visitor="a")

    job = Job.objects.get()
    assert (job.queue, job.subject) == ("preview", str(preview.pk))
    assert TEXT not in str(Job.objects.values())


def test_waiting_ends_when_the_answer_is_there_and_when_time_is_up() -> None:
    CapabilityFactory()
    preview = ask_preview(TEXT, visitor="a")
    looked: list[float] = []

    def work(pause: float) -> None:
        looked.append(pause)
        jobs.drain()

    assert wait_for(preview, seconds=0, sleep=looked.append).state == "pending"
    looked.clear()
    assert wait_for(preview, seconds=30, sleep=work).state == "ready"
    assert len(looked) == 1


def test_waiting_for_what_is_gone_ends() -> None:
    preview = ask_preview(TEXT, visitor="a")
    Preview.objects.all().delete()

    assert wait_for(preview, seconds=30, sleep=lambda _pause: None) is preview


def test_pasted_texts_are_gone_within_the_hour() -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        ask_preview(TEXT, visitor="a")
        clock.shift(timedelta(minutes=30))
        young = ask_preview(TEXT, visitor="a")

        clock.shift(timedelta(minutes=29))
        assert forget_previews() == 0
        clock.shift(timedelta(minutes=2))
        assert forget_previews() == 1

    assert list(Preview.objects.all()) == [young]
    assert timedelta(hours=1) >= PREVIEW_LASTS


def test_a_preview_that_was_forgotten_closes_its_job() -> None:
    ask_preview(TEXT, visitor="a")
    Preview.objects.all().delete()

    jobs.drain()

    assert Job.objects.get().state == "done"


def try_until_given_up(preview: Preview) -> Job:
    """Lets a job fail as often as it may."""
    for _attempt in range(jobs.MOST_ATTEMPTS):
        Job.objects.filter(subject=str(preview.pk)).update(run_after=timezone.now())
        jobs.drain()
    return Job.objects.get(subject=str(preview.pk))


def test_a_preview_whose_job_is_given_up_has_failed_and_a_new_try_answers_it(monkeypatch: pytest.MonkeyPatch) -> None:
    capability, moderator = CapabilityFactory(), UserFactory(is_moderator=True)
    preview = ask_preview(TEXT, visitor="visitor:a")
    with monkeypatch.context() as broken:
        broken.setattr("projects.services.matching.current_index", lambda collection: 1 / 0)
        job = try_until_given_up(preview)
    preview.refresh_from_db()
    assert (job.state, preview.state, preview.text) == (JobState.DEAD, PreviewState.FAILED, TEXT)
    assert Notice.objects.get().recipient == moderator

    jobs.retry(job)
    jobs.drain()

    preview.refresh_from_db()
    assert preview.state == PreviewState.READY
    assert [found["capability"] for found in preview.results["matches"]] == [str(capability.pk)]


def test_a_worker_that_comes_back_answers_what_was_pasted_meanwhile() -> None:
    CapabilityFactory()
    preview = ask_preview(TEXT, visitor="visitor:a")

    with time_machine.travel(timezone.now() + timedelta(minutes=40)):
        jobs.drain()

    assert Preview.objects.get(pk=preview.pk).state == PreviewState.READY
