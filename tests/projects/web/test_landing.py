"""The first page and the box for a pasted problem: no account, no script, nothing kept longer than said."""

import logging
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from projects.models import Challenge, Preview
from projects.states import PreviewState
from projects.web import pasted
from tests.factories import (
    ArchiveRecordFactory,
    CapabilityFactory,
    ChallengeFactory,
    DraftFactory,
    EvidenceFactory,
    UserFactory,
    match_detail,
)

pytestmark = pytest.mark.django_db
TEXT = "电芯极片在高速涂布中出现划痕和漏涂 canary-pasted"


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    """The page does not wait for a worker that these tests do not start."""
    monkeypatch.setattr("projects.web.views.landing.wait_for", lambda asked: Preview.objects.get(pk=asked.pk))


@pytest.fixture
def answered() -> Callable[..., Preview]:
    """Answers a preview as the worker does."""

    def answer(preview: Preview, *found: Any, no_good_match: bool = False) -> Preview:
        asked = Challenge()
        preview.results = {
            "matches": [match_detail(asked, partner) for partner in found],
            "no_good_match": no_good_match,
        }
        preview.state = PreviewState.READY
        preview.save()
        return preview

    return answer


def paste(client: Client, text: str = TEXT, **headers: str) -> Any:
    return client.post("/en/try/", {"text": text, "scope": "capabilities"}, headers=headers or None)


@pytest.mark.parametrize("language", ["en", "zh-hans", "zh-hant"])
def test_the_first_page_counts_public_items_only(client: Client, language: str) -> None:
    capability = CapabilityFactory()
    ChallengeFactory(anonymous=True)
    ChallengeFactory()
    DraftFactory()
    CapabilityFactory(state="draft")
    ArchiveRecordFactory()

    page = client.get(f"/{language}/")

    assert page.context["counts"] == {"challenges": 2, "capabilities": 1, "organisations": 2, "records": 1}
    assert capability.organisation is not None
    assert Challenge.objects.count() == 3


def test_worked_examples_are_shown_where_they_are_on_the_board(client: Client) -> None:
    title = "复合材料机翼壁板超声检测：判读由 4 小时降到 5 分钟"
    assert client.get("/en/").context["examples"] == []
    ChallengeFactory(title_zh=title)

    assert [row["title"] for row in client.get("/zh-hans/").context["examples"]] == [title]


def test_without_scripts_a_pasted_problem_leads_to_a_page_that_can_be_looked_at_again(
    client: Client, answered: Callable[..., Preview]
) -> None:
    capability = EvidenceFactory().capability

    sent = paste(client)
    preview = Preview.objects.get()
    assert (sent.status_code, sent["Location"]) == (302, f"/en/try/{preview.pk}/")
    pending = client.get(sent["Location"])
    assert pending.context["pending"]
    assert f'href="/en/try/{preview.pk}/"' in pending.content.decode()
    answered(preview, capability)
    ready = client.get(sent["Location"]).content.decode()

    assert "Machine vision for surface defects of battery electrodes" in ready
    assert "机器视觉" in ready
    assert "Sign up to invite" in ready
    assert f"/en/capabilities/{capability.pk}/" in ready


def test_while_no_worker_answers_page_and_api_say_why_and_at_last_that_it_failed(
    client: Client, answered: Callable[..., Preview]
) -> None:
    address = paste(client)["Location"]
    preview = Preview.objects.get()
    api = f"/api/v1/preview/{preview.pk}/"
    now = preview.created_at
    assert "This takes a few seconds." in client.get(address).content.decode()

    with time_machine.travel(now + timedelta(minutes=2)):
        page = client.get(address)
        assert page.context["pending"]
        assert "The matcher is busy or has stopped. Your words are kept" in page.content.decode()
        assert client.get(api).json()["state"] == "pending"
    with time_machine.travel(now + timedelta(minutes=11)):
        page = client.get(address)
        assert "The comparison did not succeed." in page.content.decode()
        assert f">{preview.text}</textarea>" in page.content.decode()
        assert "data-poll" not in page.content.decode()
        assert client.get(api).json()["state"] == "failed"
        answered(preview, CapabilityFactory())
        assert client.get(api).json()["state"] == "ready"


def test_with_htmx_the_answer_is_a_part_of_the_page_that_asks_again(
    client: Client, answered: Callable[..., Preview]
) -> None:
    part = paste(client, **{"hx-request": "true"})
    preview = Preview.objects.get()

    assert "<html" not in part.content.decode()
    assert f"/en/try/{preview.pk}/?look=1" in part.content.decode()
    assert part["HX-Push-Url"] == f"/en/try/{preview.pk}/"
    answered(preview, CapabilityFactory())
    again = client.get(f"/en/try/{preview.pk}/?look=1", headers={"hx-request": "true"}).content.decode()
    assert "<html" not in again
    assert "data-poll" not in again


def test_no_good_match_is_said_plainly(client: Client, answered: Callable[..., Preview]) -> None:
    paste(client)
    preview = answered(Preview.objects.get(), CapabilityFactory(), no_good_match=True)

    assert "No good match" in client.get(f"/en/try/{preview.pk}/").content.decode()


def test_the_archive_answers_with_records_and_how_to_find_them(
    client: Client, answered: Callable[..., Preview]
) -> None:
    record = ArchiveRecordFactory()
    client.post("/en/try/", {"text": TEXT, "scope": "archive"})
    preview = answered(Preview.objects.get(), record)

    page = client.get(f"/en/try/{preview.pk}/").content.decode()

    assert f"/en/archive/{record.pk}/#find" in page
    assert "Sign up to invite" not in page
    assert "not users of this site" in page


def test_nobody_else_opens_the_results(client: Client) -> None:
    paste(client)
    address = f"/en/try/{Preview.objects.get().pk}/"
    assert client.get(address).status_code == 200

    stranger = Client()
    assert stranger.get(address).status_code == 404
    paste(stranger)
    assert stranger.get(address).status_code == 404
    stranger.force_login(UserFactory())
    assert stranger.get(address).status_code == 404


def test_the_text_is_still_there_after_signing_in(client: Client) -> None:
    paste(client)
    preview = Preview.objects.get()
    challenge = ChallengeFactory()

    client.force_login(challenge.author)

    assert client.get(f"/en/try/{preview.pk}/").status_code == 200
    assert client.session[pasted.KEY]["text"] == TEXT
    form = client.get(f"/en/challenges/new/?preview={preview.pk}").content.decode()
    assert "canary-pasted" in form


def test_signing_out_drops_the_text(client: Client) -> None:
    client.force_login(UserFactory())
    paste(client)
    assert pasted.KEY in client.session

    client.logout()

    assert pasted.KEY not in client.session


@pytest.mark.parametrize(
    "text",
    ["", "电", "?!", "\x00\x00\x00", "x" * 100_000, "word " * 100_000, "\u202e\u202d", "😀😀😀"],
    ids=["empty", "one sign", "marks", "binary", "long", "very long", "overrides", "emoji"],
)
def test_a_text_that_cannot_be_compared_is_told_so_and_stays_in_the_box(client: Client, text: str) -> None:
    answer = client.post("/en/try/", {"text": text, "scope": "capabilities"})

    assert answer.status_code == 400
    assert answer.context["errors"]
    assert "problem-text-error" in answer.content.decode()
    assert not Preview.objects.exists()
    part = client.post("/en/try/", {"text": text}, headers={"hx-request": "true"})
    assert part.status_code == 200
    assert "This text cannot be compared" in part.content.decode()


@pytest.mark.parametrize("text", ["电池极片\u202eabc\x00缺陷检测", "電池極片檢測 😀 inspection", "battery 电池"])
def test_strange_signs_in_a_good_text_do_no_harm(client: Client, text: str) -> None:
    assert paste(client, text).status_code == 302
    assert "\u202e" not in Preview.objects.get().text


def test_an_unknown_scope_is_an_error(client: Client) -> None:
    answer = client.post("/en/try/", {"text": TEXT, "scope": "everything"})

    assert answer.status_code == 400
    assert "Choose whom to ask" in answer.content.decode()


def test_the_pasted_text_is_in_no_log_and_no_address(
    client: Client, caplog: pytest.LogCaptureFixture, answered: Callable[..., Preview]
) -> None:
    with caplog.at_level(logging.DEBUG):
        sent = paste(client)
        client.get(sent["Location"])
        client.post("/en/try/", {"text": "canary-pasted " * 9000, "scope": "capabilities"})

    assert "canary-pasted" in Preview.objects.get().text
    assert "canary-pasted" not in caplog.text
    assert "canary" not in sent["Location"]


def test_asking_very_often_is_slowed_down_with_a_sentence(client: Client) -> None:
    answers = [paste(client) for _number in range(31)]

    assert [answer.status_code for answer in answers[:30]] == [302] * 30
    assert answers[30].status_code == 429
    assert "Please try again in" in answers[30].content.decode()


def test_opening_the_address_of_the_form_leads_to_the_first_page(client: Client) -> None:
    assert client.get("/en/try/")["Location"] == "/en/"


def test_a_form_without_the_pages_token_is_refused() -> None:
    assert Client(enforce_csrf_checks=True).post("/en/try/", {"text": TEXT}).status_code == 403
    assert not Preview.objects.exists()


def test_first_page_and_results_cost_few_queries(
    client: Client, answered: Callable[..., Preview], django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(6):
        client.get("/en/")
    paste(client)
    preview = Preview.objects.get()
    for count in (1, 3):
        answered(preview, *(EvidenceFactory().capability for _number in range(count)))
        with django_assert_max_num_queries(5):
            assert len(client.get(f"/en/try/{preview.pk}/").context["cards"]) == count


@pytest.mark.parametrize("door", ["challenges/new/", "capabilities/new/"])
def test_the_two_doors_lead_a_visitor_to_sign_up_and_everyone_else_to_the_form(client: Client, door: str) -> None:
    visitor = client.get("/en/").content.decode()
    client.force_login(UserFactory())
    member = client.get("/en/").content.decode()

    assert f'href="/en/account/signup/?next=/en/{door}"' in visitor
    assert f'href="/en/{door}"' in member


def test_whoever_has_no_organisation_yet_is_told_that_the_pasted_problem_is_kept(client: Client) -> None:
    paste(client)
    client.force_login(UserFactory())

    page = client.get(f"/en/challenges/new/?preview={Preview.objects.get().pk}", follow=True).content.decode()

    assert "The problem you pasted is kept" in page


def test_the_text_outlives_the_preview_for_a_day(client: Client) -> None:
    paste(client)
    preview = Preview.objects.get()
    address = f"/en/challenges/new/?preview={preview.pk}"
    client.force_login(ChallengeFactory().author)
    preview.delete()

    assert "canary-pasted" in client.get(address).content.decode()
    with time_machine.travel(timezone.now() + timedelta(days=1, minutes=1), tick=False):
        assert "canary-pasted" not in client.get(address).content.decode()
