"""Odd, broken and oversized input: nothing breaks, and a sentence says what to do."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from projects.models import Capability, Challenge
from projects.web.views import landing
from tests.factories import CapabilityFactory, MembershipFactory, OrganisationFactory

pytestmark = pytest.mark.django_db
HUNDRED_THOUSAND = "检测缺陷 find the defect " * 25_000
KEPT = {
    "one word": "perovskite",
    "one Chinese word": "电池极片",
    "traditional": "電池極片缺陷檢測",
    "NUL inside": "电池\x00极片\x01缺陷",
    "bidi inside": "电池\u202e极片\u202c缺陷",
    "emoji inside": "🔋电池极片缺陷👩‍🔬",
    "a letter doubled": "é e\u0301 Ünïcödé 缺陷",
    "long word": "x" * 10_000,
    "markup": "<script>alert(1)</script> {{ 7*7 }} {% debug %} ' OR 1=1 --",
}


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(landing, "wait_for", lambda preview: preview)


@pytest.fixture
def firm(client: Client) -> Any:
    """A signed-in owner of a trusted firm."""
    member = MembershipFactory(organisation=OrganisationFactory(trusted=True))
    client.force_login(member.user)
    return member


def typed(**changed: Any) -> dict[str, Any]:
    """What the browser sends for a draft."""
    rows = {"metrics-TOTAL_FORMS": "3", "metrics-INITIAL_FORMS": "0"}
    return {"language": "zh", "title": "极片缺陷", "problem": "难以在线发现。", **rows, **changed}


@pytest.mark.parametrize("case", KEPT)
def test_odd_text_is_matched_and_shown_as_text(client: Client, case: str) -> None:
    page = client.post("/en/try/", {"text": KEPT[case], "scope": "capabilities"}, follow=True)

    shown = page.content.decode()
    assert page.status_code == 200
    assert not any(sign in shown for sign in "\x00\x01\u202e\u202c")
    assert "<script>alert" not in shown


@pytest.mark.parametrize("case", KEPT)
def test_odd_text_makes_a_draft_that_can_be_read(client: Client, firm: Any, case: str) -> None:
    client.post(reverse("challenge_new"), typed(problem=KEPT[case], title=KEPT[case][:60]))

    made = Challenge.objects.get()
    page = client.get(reverse("challenge", args=[made.pk]))
    assert page.status_code == 200
    assert "<script>alert" not in page.content.decode()
    assert not any(sign in made.problem_zh + made.problem_en for sign in "\x00\x01\u202e\u202c")


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("title", "", "Give the challenge a title"),
        ("problem", "\x00\u202e ", "Describe the problem in a few sentences"),
        ("problem", HUNDRED_THOUSAND, "Please shorten it"),
        ("budget_max", "-5", "A budget cannot be negative"),
        ("budget_max", "many", "number"),
        ("budget_max", "1e400", "number"),
        ("trl_target", "99", "not one of the"),
        ("answer_by", "yesterday", "date"),
        ("language", "tlh", "not one of the"),
        ("metrics-TOTAL_FORMS", "minus one", "(Hidden field TOTAL_FORMS) Enter a whole number."),
    ],
)
def test_a_wrong_field_is_named_and_the_rest_is_kept(
    client: Client, firm: Any, name: str, value: str, sentence: str
) -> None:
    page = client.post(reverse("challenge_new"), typed(**{name: value, "use_context": "涂布产线上"}))

    assert page.status_code == 200
    assert sentence.lower() in page.content.decode().lower()
    assert "涂布产线上" in page.content.decode()
    assert not Challenge.objects.exists()


@pytest.mark.parametrize("name", ["answer_by", "deadline"])
def test_a_date_in_the_past_is_refused_when_publishing(client: Client, firm: Any, name: str) -> None:
    past = (timezone.localdate() - timedelta(days=1)).isoformat()

    page = client.post(reverse("challenge_new"), typed(**{name: past, "action": "submit"}))

    assert page.status_code == 200
    assert "This date is past" in page.content.decode()
    assert not Challenge.objects.filter(state="published").exists()


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("place=atlantis", "“atlantis” is not an option of “Place”."),
        ("trl=eleven", "“eleven” is not an option of “Readiness"),
        ("quadrant=moon", "“moon” is not an option of “Quadrant”."),
        ("page=minus", "“minus” is not the number of a page."),
        ("page=99999", "There is no page 99999; the list has 1."),
        ("sort=password", "“password” is not an option of “Order”."),
    ],
)
@pytest.mark.parametrize("page", ["challenge_board", "capability_directory", "archive"])
def test_unknown_filters_are_said(client: Client, page: str, query: str, sentence: str) -> None:
    name = query.partition("=")[0]
    if page == "archive" and name in ("place", "trl"):
        sentence = f"There is no filter “{name}”."

    answer = client.get(f"{reverse(page)}?{query}")

    assert answer.status_code == 400
    assert "This list cannot be shown as asked" in answer.content.decode()
    assert sentence in answer.content.decode()


@pytest.mark.parametrize("words", ["%00", "x" * 3000, "%ff%fe", "'\"<b>", "%F0%9F%94%8B"])
@pytest.mark.parametrize("page", ["challenge_board", "capability_directory", "archive", "search"])
def test_odd_words_find_nothing_and_break_no_page(client: Client, page: str, words: str) -> None:
    answer = client.get(f"{reverse(page)}?q={words}")

    assert answer.status_code == 200
    assert "<main" in answer.content.decode()
    assert "<b>" not in answer.content.decode()


def test_two_thousand_papers_fit_and_one_more_is_refused(client: Client) -> None:
    capability = CapabilityFactory()
    client.force_login(capability.owner)
    address = reverse("evidence_import", args=[capability.pk])

    client.post(
        address, {"import-form": "list", "import-text": "\n".join(f"Paper {n} on foils, 2020" for n in range(2000))}
    )
    more = client.post(address, {"import-form": "list", "import-text": "One paper too many, 2021"}, follow=True)

    assert Capability.objects.get().evidence.count() == 2000
    assert "at most 2" in more.content.decode()
    for page in (reverse("capability", args=[capability.pk]), reverse("capability_edit", args=[capability.pk])):
        answer = client.get(page)
        assert answer.status_code == 200
        assert len(answer.content) < 300_000


@pytest.mark.parametrize("address", ["/en/try/", "/en/challenges/new/", "/api/v1/preview/", "/api/v1/challenges/"])
def test_a_huge_body_is_refused_and_breaks_nothing(client: Client, firm: Any, address: str) -> None:
    huge = "x" * (6 * 1024 * 1024)
    if address.startswith("/api/"):
        answer = client.post(address, json.dumps({"text": huge}), content_type="application/json")
        assert answer.status_code == 413
        assert answer["Content-Type"] == "application/problem+json"
        assert answer.json() == {"type": "about:blank", "title": "Too large", "status": 413}
    else:
        answer = client.post(address, f"text={huge}", content_type="application/x-www-form-urlencoded")
        assert answer.status_code == 400
        assert "Nothing was changed." in answer.content.decode()


@pytest.mark.parametrize(
    "body", [b"\xff\xfe\x00", b"[]", b"null", b'{"text": 5}', b'{"text": "\\ud800"}', b'{"a":' * 2000]
)
def test_a_body_that_makes_no_sense_is_a_problem_document(client: Client, firm: Any, body: bytes) -> None:
    for address in ("/api/v1/preview/", "/api/v1/challenges/"):
        answer = client.post(address, body, content_type="application/json")

        assert answer.status_code == 400
        assert answer["Content-Type"] == "application/problem+json"
