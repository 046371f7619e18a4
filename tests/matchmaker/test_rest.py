"""One shape for every error under /api/: each address, each method, each way to go wrong."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from rest_framework.throttling import ScopedRateThrottle

from accounts.api.views import tokens
from accounts.services.tokens import make_token
from matchmaker.rest import PROBLEM
from projects.api.views import challenges
from tests.factories import ChallengeFactory, MembershipFactory

pytestmark = pytest.mark.django_db
METHODS = ("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE", "TRACE", "BREW")
UNKNOWN = (
    "/api",
    "/api/",
    "/api/v1/",
    "/api/v1/challenge/",
    "/api/v1/challenges",
    "/api/v2/me/",
    "/api/v1/x/%00/" + "x" * 9000,
)
PARTS = {"<uuid:pk>": str(UUID(int=0)), "<uuid:item>": str(UUID(int=1)), "<slug:kind>": "gazelle"}


def addresses(patterns: list[Any], before: str = "/") -> Iterator[str]:
    """Every address under /api/ that the site knows, about things that are not there."""
    for pattern in patterns:
        address = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver) and address.startswith("/api/"):
            yield from addresses(pattern.url_patterns, address)
        elif isinstance(pattern, URLPattern) and address.startswith("/api/") and "<path:" not in address:
            for part, value in PARTS.items():
                address = address.replace(part, value)
            yield address


KNOWN = sorted(set(addresses(get_resolver().url_patterns)))


@pytest.fixture
def browser() -> Client:
    """Holds to CSRF tokens, and gets what a fault answers instead of the fault."""
    return Client(enforce_csrf_checks=True, raise_request_exception=False)


def is_problem(answer: Any, status: int | None = None) -> dict[str, Any]:
    """The problem document, whose status is that of the answer."""
    assert status is None or answer.status_code == status, answer.content
    assert answer["Content-Type"] == PROBLEM
    if answer.request["REQUEST_METHOD"] == "HEAD":
        return {}
    found: dict[str, Any] = answer.json()
    assert found["status"] == answer.status_code
    assert found["title"]
    return found


def test_the_addresses_of_the_api_are_found() -> None:
    assert len(KNOWN) > 40
    assert {"/api/docs/", "/api/schema/", "/api/v1/auth/token/", f"/api/v1/challenges/{UUID(int=0)}/"} <= set(KNOWN)


@pytest.mark.parametrize("signed_in", [False, True], ids=["nobody", "session"])
@pytest.mark.parametrize("method", METHODS)
def test_whatever_is_refused_is_a_problem_document(browser: Client, method: str, signed_in: bool) -> None:
    if signed_in:
        browser.force_login(MembershipFactory().user)

    for address in [*KNOWN, *UNKNOWN]:
        answer = browser.generic(method, address)

        assert answer.status_code < 500, (method, address)
        if answer.status_code >= 400:
            is_problem(answer)
        elif method not in ("GET", "HEAD", "OPTIONS"):
            pytest.fail(f"{method} {address} was done without a token")


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "BREW"])
@pytest.mark.parametrize("address", UNKNOWN)
def test_an_unknown_address_is_not_found_by_any_method(browser: Client, method: str, address: str) -> None:
    is_problem(browser.generic(method, address), 404)


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
@pytest.mark.parametrize("address", ["/api/docs/", "/api/schema/"])
def test_what_only_reads_has_no_other_method(browser: Client, method: str, address: str) -> None:
    answer = browser.generic(method, address)

    is_problem(answer, 405)
    assert "GET" in answer["Allow"]


@pytest.mark.parametrize("method", ["POST", "PATCH", "DELETE"])
def test_a_session_needs_its_csrf_token(browser: Client, method: str) -> None:
    browser.force_login(MembershipFactory().user)

    answer = browser.generic(method, "/api/v1/me/", b'{"name_en": "Mallory"}', content_type="application/json")

    is_problem(answer, 403)


@pytest.mark.parametrize(
    ("kind", "size", "status"),
    [("application/json", 8_000_000, 413), ("application/x-www-form-urlencoded", 8_000_000, 415), ("text/csv", 5, 415)]
    + [(kind, 5, 415) for kind in ("multipart/form-data", "multipart/form-data; boundary=é", "/;;;,", "application/xml", "x" * 5000)],
)  # fmt: skip
@pytest.mark.parametrize("address", ["/api/v1/auth/token/", "/api/v1/preview/"])
def test_a_body_too_large_or_of_another_kind(browser: Client, address: str, kind: str, size: int, status: int) -> None:
    is_problem(browser.generic("POST", address, b"x" * size, content_type=kind), status)


def test_a_body_with_too_many_fields(browser: Client, settings: Any) -> None:
    settings.DATA_UPLOAD_MAX_NUMBER_FIELDS = 3

    answer = browser.post("/api/v1/preview/", "a=1&b=2&c=3&d=4", content_type="application/x-www-form-urlencoded")
    asked = browser.get("/api/v1/challenges/?a=1&b=2&c=3&d=4")

    is_problem(answer, 415)
    is_problem(asked, 400)


@pytest.mark.parametrize("charset", ["zlib", "base64", "utf-16", "nonsense", "\x01"])
def test_a_charset_makes_json_nothing_else(browser: Client, charset: str) -> None:
    kind = f"application/json; charset={charset}"

    answer = browser.generic("POST", "/api/v1/preview/", '{"text": "电"}'.encode(), content_type=kind)
    asked = browser.generic("GET", "/api/v1/challenges/?nothing=%31", content_type=kind)

    assert list(is_problem(answer, 400)["errors"]) == ["text"]
    assert list(is_problem(asked, 400)["errors"]) == ["nothing"]


def test_half_a_character_as_a_name(browser: Client) -> None:
    answer = browser.post("/api/v1/preview/", b'{"\\ud800": 1}', content_type="application/json")

    assert list(is_problem(answer, 400)["errors"]) == ["\ud800"]


@pytest.mark.parametrize("accept", ["text/html", "application/xml", "image/*;q=0.1", "nonsense"])
@pytest.mark.parametrize("address", ["/api/v1/challenges/", "/api/schema/"])
def test_another_kind_of_answer_is_not_to_be_had(browser: Client, address: str, accept: str) -> None:
    is_problem(browser.get(address, headers={"accept": accept}), 406)
    is_problem(browser.get("/api/v1/nothing/", headers={"accept": accept}), 404)


@pytest.mark.parametrize("host", ["evil.example", "testserver:port", "a b", "[::"])
def test_a_host_that_is_not_ours(browser: Client, host: str) -> None:
    is_problem(browser.get("/api/v1/challenges/", headers={"host": host}), 400)


@pytest.mark.parametrize("debug", [False, True])
def test_a_fault_of_ours_is_told_without_its_cause(
    browser: Client, monkeypatch: pytest.MonkeyPatch, settings: Any, debug: bool
) -> None:
    settings.DEBUG = debug
    monkeypatch.setattr(challenges, "paged", lambda *given, **named: 1 / 0)

    answer = browser.get("/api/v1/challenges/")

    assert is_problem(answer, 500) == {"type": "about:blank", "title": "Something went wrong here", "status": 500}
    assert answer["Content-Length"] == str(len(answer.content))
    assert answer["X-Content-Type-Options"] == "nosniff"


def test_pages_are_refused_as_pages(browser: Client) -> None:
    for answer in (browser.get("/en/nothing/"), browser.post("/en/try/"), browser.get("/apiary/")):
        assert answer.status_code in (403, 404)
        assert answer["Content-Type"].startswith("text/html")


def in_chinese(words: str) -> bool:
    """True for a sentence with Chinese words."""
    return any("\u4e00" <= sign <= "\u9fff" for sign in words)


@pytest.mark.parametrize("language", ["en", "zh-hans", "zh-hant"])
def test_what_a_person_reads_is_in_their_language(monkeypatch: pytest.MonkeyPatch, language: str) -> None:
    member, challenge = MembershipFactory(), ChallengeFactory()
    limits = {"token": "0/min", "preview": "0/min"}
    monkeypatch.setattr(ScopedRateThrottle, "THROTTLE_RATES", {**limits, "token": "1/min"})
    monkeypatch.setattr(tokens, "make_token", lambda *given, **named: 1 / 0)
    callers = {
        "session": Client(enforce_csrf_checks=True, raise_request_exception=False),
        "nobody": Client(raise_request_exception=False),
    }
    callers["session"].force_login(member.user)
    signed, reading = (
        make_token(person, name="t", scope=scope)[1]
        for person, scope in [(challenge.author, "write"), (member.user, "read")]
    )
    sign_in = f'{{"email": "{member.user.email}", "password": "a-good-password"}}'
    asked: list[tuple[int, str, str, str, dict[str, str]]] = [
        (404, "nobody", "GET", "/api/v1/nothing/", {}),
        (404, "nobody", "GET", f"/api/v1/challenges/{UUID(int=0)}/", {}),
        (404, "nobody", "GET", "/api/v1/challenges/?page=99", {}),
        (401, "nobody", "POST", "/api/v1/challenges/", {}),
        (401, "nobody", "GET", "/api/v1/me/", {"authorization": "Token mm_made_up"}),
        (403, "nobody", "PATCH", "/api/v1/me/", {"authorization": f"Token {reading}"}),
        (403, "session", "PATCH", "/api/v1/me/", {}),
        (405, "nobody", "POST", "/api/docs/", {}),
        (405, "nobody", "DELETE", "/api/schema/", {}),
        (406, "nobody", "GET", "/api/v1/challenges/", {"accept": "text/html"}),
        (409, "nobody", "POST", f"/api/v1/challenges/{challenge.pk}/submit/", {"authorization": f"Token {signed}"}),
        (429, "nobody", "POST", "/api/v1/preview/", {}),
        (500, "nobody", "POST", "/api/v1/auth/token/", {}),
        (400, "nobody", "GET", "/api/v1/challenges/", {"host": "evil.example"}),
    ]  # fmt: skip
    for status, who, method, address, headers in asked:
        answer = callers[who].generic(
            method, address, sign_in, content_type="application/json", headers={"accept-language": language, **headers}
        )

        found = is_problem(answer, status)
        if "host" not in headers:  # refused before the language is known
            assert in_chinese(found["title"]) == (language != "en"), found
            assert in_chinese(found.get("detail", found["title"])) == (language != "en"), found


@pytest.mark.parametrize(
    ("body", "place"), [(b'{"text": ', "line 1, column 10"), (b'{\n"text" 1}', "line 2, column 8"), (b"\xff", "UTF-8")]
)
def test_where_json_is_wrong_is_said(browser: Client, body: bytes, place: str) -> None:
    found = is_problem(browser.post("/api/v1/preview/", body, content_type="application/json"), 400)

    assert place in found["detail"]


@pytest.mark.parametrize("language", ["en", "zh-hans", "zh-hant"])
def test_the_page_about_the_api_says_what_operations_do_in_the_readers_language(language: str) -> None:
    page = Client().get("/api/docs/", headers={"accept-language": language})

    words = [item["words"] for _noun, operations in page.context["groups"] for item in operations]
    assert len(words) > 40
    assert [said for said in words if in_chinese(said) != (language != "en")] == []
