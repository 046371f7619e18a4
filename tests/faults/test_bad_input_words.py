"""Each kind of bad input, on the page and through the API: the same clear sentence, in the reader's language, and nothing stored."""

import json
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext

from projects.api.views import previews
from projects.models import Challenge, EvidenceItem, Preview
from projects.services import evidence
from projects.web.views import landing
from tests.factories import CapabilityFactory, DraftFactory, EvidenceFactory, MembershipFactory
from tests.faults.test_bad_input import HUNDRED_THOUSAND, typed

pytestmark = [pytest.mark.django_db, pytest.mark.parametrize("language", ["en", "zh-hans", "zh-hant"])]
DESCRIBE = "Describe the problem in a sentence or two, in Chinese or English."
SHORTEN = "This text has %(count)d characters; at most %(limit)d fit. Please shorten it."
PROBLEM = "Describe the problem in a few sentences: what happens, where, and what was tried."
PAST = "This date is past. Choose a day from today on."
NO_BIBTEX = "No BibTeX entry was found. An entry begins with @article{…} and has a title."
NO_RIS = "No RIS record was found. A record begins with “TY  - ” and ends with “ER  - ”."
NO_ROW = "No row was found. The first line must name the columns, one of them “title”."
NO_LINE = "No line with a title was found. Put one publication on each line."
FULL = "A capability holds at most %(limit)d items. Keep those that matter most."
YESTERDAY = (timezone.localdate() - timedelta(days=2)).isoformat()


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits for a worker that these tests do not start."""
    for place in (landing, previews):
        monkeypatch.setattr(place, "wait_for", lambda preview: preview)


def said(language: str, sentence: str, **values: Any) -> str:
    """A sentence as a reader of this language gets it."""
    with translation.override(language):
        words = gettext(sentence)
    assert language == "en" or words != sentence, f"no {language} for: {sentence}"
    return words % values if values else words


def on_page(answer: Any) -> str:
    """What a page says, as it is read."""
    return unescape(answer.content.decode())


def send(client: Client, language: str, address: str, body: dict[str, Any]) -> Any:
    """Posts JSON as a reader of this language."""
    return client.post(
        address, json.dumps(body), content_type="application/json", headers={"accept-language": language}
    )


def errors(answer: Any) -> dict[str, list[str]]:
    """The sentences of a problem document by field."""
    assert answer["Content-Type"] == "application/problem+json"
    found: dict[str, list[str]] = answer.json()["errors"]
    return found


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", DESCRIBE), (" \u3000\n\t", DESCRIBE), ("\x00\x01\x02\x7f", DESCRIBE), ("👩‍🔬🔋", DESCRIBE),
        ("\u202e\u202d\u2066\u2069", DESCRIBE), ("电池", DESCRIBE), (HUNDRED_THOUSAND, SHORTEN),
    ],
    ids=["empty", "blank", "binary", "emoji", "overrides", "two signs", "100,000 words"],
)  # fmt: skip
def test_a_pasted_text_that_cannot_be_matched(client: Client, language: str, text: str, sentence: str) -> None:
    values = {"count": len(text.strip()), "limit": 20_000} if sentence == SHORTEN else {}

    page = client.post(f"/{language}/try/", {"text": text, "scope": "capabilities"})
    api = send(client, language, "/api/v1/preview/", {"text": text})

    assert (page.status_code, api.status_code) == (400, 400)
    assert said(language, sentence, **values) in on_page(page)
    assert errors(api) == {"text": [said(language, sentence, **values)]}
    assert not Preview.objects.exists()


@pytest.mark.parametrize(
    "text", ["perovskite", "电池极片", "電池極片", "电池\x00极片", "电池\u202e极片", "🔋电池极片👩‍🔬"]
)
def test_odd_but_good_text_is_taken_and_its_odd_signs_are_left_out(client: Client, language: str, text: str) -> None:
    page = client.post(f"/{language}/try/", {"text": text, "scope": "capabilities"})
    api = send(client, language, "/api/v1/preview/", {"text": text})

    assert (page.status_code, api.status_code) == (302, 200)
    kept = text.replace("\x00", "").replace("\u202e", "")
    assert list(Preview.objects.values_list("text", flat=True)) == [kept, kept]


@pytest.mark.parametrize(
    ("name", "column", "value", "sentence"),
    [
        ("problem", "problem_zh", "\x00\u202e ", PROBLEM),
        ("problem", "problem_zh", HUNDRED_THOUSAND, SHORTEN),
        ("budget_max", "budget_max", "-5", "A budget cannot be negative."),
        ("budget_min", "budget_min", "-0.01", "A budget cannot be negative."),
        ("trl_target", "trl_target", "1", "The readiness wanted is below the readiness now."),
    ],
    ids=["nothing but signs", "100,000 words", "negative budget", "negative lower end", "readiness turned round"],
)
def test_a_field_of_a_challenge_that_cannot_be(
    client: Client, language: str, name: str, column: str, value: str, sentence: str
) -> None:
    client.force_login(MembershipFactory().user)
    values = {"count": len(value.strip()), "limit": 20_000} if sentence == SHORTEN else {}
    body = {"language": "zh", "title_zh": "极片缺陷", "problem_zh": "难以在线发现。", "trl_current": 3, column: value}

    page = client.post(
        f"/{language}/challenges/new/", typed(trl_current="3", use_context="涂布产线上", **{name: value})
    )
    api = send(client, language, "/api/v1/challenges/", body)

    assert (page.status_code, api.status_code) == (200, 400)
    assert said(language, sentence, **values) in on_page(page)
    assert "涂布产线上" in on_page(page)
    assert errors(api) == {column: [said(language, sentence, **values)]}
    assert not Challenge.objects.exists()


@pytest.mark.parametrize("name", ["answer_by", "deadline"])
def test_a_date_in_the_past(client: Client, language: str, name: str) -> None:
    draft = DraftFactory(**{name: YESTERDAY})
    client.force_login(draft.author)

    page = client.post(f"/{language}/challenges/{draft.pk}/submit/")
    api = send(client, language, f"/api/v1/challenges/{draft.pk}/submit/", {})

    assert (page.status_code, api.status_code) == (200, 400)
    assert said(language, PAST) in on_page(page)
    assert errors(api) == {name: [said(language, PAST)]}
    assert Challenge.objects.get().state == "draft"


@pytest.mark.parametrize(
    ("text", "form", "sentence"),
    [
        ("", "bibtex", NO_BIBTEX), ("@article{a, title={", "bibtex", NO_BIBTEX), ("@@@ not at all", "bibtex", NO_BIBTEX),
        ("\x00\x01\x89PNG\r\n", "bibtex", NO_BIBTEX), ("TY  - JOUR\nnothing", "ris", NO_RIS), ('title,"year\n\x00', "csv", NO_ROW),
        ("\x00\u202e\n", "list", NO_LINE),
    ],
    ids=["empty", "unclosed", "nonsense", "binary", "broken RIS", "broken CSV", "no title"],
)  # fmt: skip
def test_a_broken_list_of_papers(client: Client, language: str, text: str, form: str, sentence: str) -> None:
    capability = CapabilityFactory()
    client.force_login(capability.owner)
    address = f"capabilities/{capability.pk}/evidence/import/"

    page = client.post(f"/{language}/{address}", {"import-text": text, "import-form": form})
    api = send(client, language, f"/api/v1/{address}", {"text": text, "form": form})

    assert (page.status_code, api.status_code) == (200, 400)
    assert said(language, sentence) in on_page(page)
    assert errors(api) == {"text": [said(language, sentence)]}
    assert not EvidenceItem.objects.exists()


def test_a_broken_entry_among_good_ones_is_named(client: Client, language: str) -> None:
    capability = CapabilityFactory()
    client.force_login(capability.owner)
    text = "@article{one, title={缺陷检测}}\n@article{two, author={Chan}}\n"
    address = f"capabilities/{capability.pk}/evidence/import/"

    page = client.post(f"/{language}/{address}", {"import-text": text, "import-form": "bibtex"}, follow=True)
    capability.evidence.all().delete()
    api = send(client, language, f"/api/v1/{address}", {"text": text, "form": "bibtex"})

    assert said(language, "Entry “%(name)s” has no title.", name="two") in on_page(page)
    assert api.json()["left_out"] == [said(language, "Entry “%(name)s” has no title.", name="two")]
    assert capability.evidence.get().title_zh == "缺陷检测"


def test_more_papers_than_fit(client: Client, language: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(evidence, "MOST_ITEMS", 1)
    capability = EvidenceFactory().capability
    client.force_login(capability.owner)
    address = f"capabilities/{capability.pk}/evidence/import/"

    page = client.post(
        f"/{language}/{address}", {"import-text": "One too many, 2021", "import-form": "list"}, follow=True
    )
    api = send(client, language, f"/api/v1/{address}", {"text": "One too many, 2021", "form": "list"})

    assert said(language, FULL, limit=1) in on_page(page)
    assert api.status_code == 400
    assert said(language, FULL, limit=1) in api.content.decode()
    assert capability.evidence.count() == 1


@pytest.mark.parametrize("query", ["place=atlantis", "trl=eleven", "quadrant=moon", "sort=password", "nonsense=1"])
@pytest.mark.parametrize("name", ["challenge", "capability"])
def test_an_unknown_filter(client: Client, language: str, name: str, query: str) -> None:
    asked, _sign, value = query.partition("=")
    page_name = {"challenge": "challenge_board", "capability": "capability_directory"}[name]
    with translation.override(language):
        address = reverse(page_name)
    api_name = {"challenge": "api_challenges", "capability": "api_capabilities"}[name]

    page = client.get(f"{address}?{query}")
    api = client.get(f"{reverse(api_name)}?{query}", headers={"accept-language": language})

    assert (page.status_code, api.status_code) == (400, 400)
    assert said(language, "This list cannot be shown as asked") in on_page(page)
    assert (asked if asked == "nonsense" else value) in on_page(page)
    assert errors(api) == {asked: [said(language, "This parameter is not known here.")]}


@pytest.mark.parametrize("name", ["api_archive", "api_organisations", "api_notices", "api_invitations"])
def test_an_unknown_parameter_of_a_list(client: Client, language: str, name: str) -> None:
    client.force_login(MembershipFactory().user)
    headers = {"accept-language": language}

    kept = client.get(reverse(name), {"page": 1, "page_size": 5}, headers=headers)
    api = client.get(reverse(name), {"page": 1, "year": 2024, "Page": 2}, headers=headers)

    assert (kept.status_code, api.status_code) == (200, 400)
    sentence = said(language, "This parameter is not known here.")
    assert errors(api) == {"Page": [sentence], "year": [sentence]}
