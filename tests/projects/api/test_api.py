"""The API: posting, reading, matching, and one shape for every error."""

from functools import partial
from typing import Any

import pytest
from django.test import Client

from accounts.services.places import place_named
from accounts.services.tokens import make_token
from matchmaker.queueing import jobs
from projects.models import Capability, Challenge
from tests.factories import (
    CapabilityFactory,
    ChallengeFactory,
    ConfidentialTextFactory,
    DraftFactory,
    InvitationFactory,
    MatchFactory,
    MembershipFactory,
    OrganisationFactory,
    UserFactory,
)
from tests.queries import assert_flat

pytestmark = pytest.mark.django_db
BODY = {"language": "zh", "title_zh": "极片检测", "problem_zh": "缺陷难以在线发现。"}


class Caller:
    """Speaks JSON as one person."""

    def __init__(self, user: Any = None, scope: str = "write") -> None:
        self.client = Client()
        self.headers = {"HTTP_AUTHORIZATION": f"Token {make_token(user, name='t', scope=scope)[1]}"} if user else {}

    def get(self, path: str) -> Any:
        return self.client.get(f"/api/v1/{path}", **self.headers)

    def post(self, path: str, body: Any = None) -> Any:
        return self.client.post(f"/api/v1/{path}", body or {}, content_type="application/json", **self.headers)

    def patch(self, path: str, body: Any) -> Any:
        return self.client.patch(f"/api/v1/{path}", body, content_type="application/json", **self.headers)

    def delete(self, path: str) -> Any:
        return self.client.delete(f"/api/v1/{path}", **self.headers)


def is_problem(answer: Any, status: int) -> dict[str, Any]:
    assert answer.status_code == status, answer.content
    assert answer["Content-Type"] == "application/problem+json"
    found: dict[str, Any] = answer.json()
    assert found["status"] == status
    return found


@pytest.fixture(autouse=True)
def no_broker(monkeypatch: pytest.MonkeyPatch) -> None:
    """Jobs wait until a test drains them."""
    monkeypatch.setattr(jobs, "send", lambda job: False)


def test_a_token_is_given_for_address_and_password() -> None:
    UserFactory(email="a@firm.example", password="a-good-password")

    answer = Caller().post("auth/token/", {"email": "A@firm.example", "password": "a-good-password"})

    assert answer.status_code == 200
    headers = {"HTTP_AUTHORIZATION": f"Token {answer.json()['token']}"}
    assert Client().get("/api/v1/me/", **headers).json()["email"] == "a@firm.example"


def test_unknown_address_and_wrong_password_are_answered_alike() -> None:
    UserFactory(email="a@firm.example", password="a-good-password")

    wrong = Caller().post("auth/token/", {"email": "a@firm.example", "password": "wrong"})
    unknown = Caller().post("auth/token/", {"email": "b@firm.example", "password": "wrong"})

    assert is_problem(wrong, 400) == is_problem(unknown, 400)


def test_an_unconfirmed_address_gets_no_token() -> None:
    person = UserFactory(email="a@firm.example", password="a-good-password")
    person.emailaddress_set.update(verified=False)

    is_problem(Caller().post("auth/token/", {"email": "a@firm.example", "password": "a-good-password"}), 400)


def test_a_reading_token_may_not_write() -> None:
    member = MembershipFactory()

    assert Caller(member.user, "read").get("challenges/").status_code == 200
    is_problem(Caller(member.user, "read").post("challenges/", BODY), 403)


def test_a_made_up_token_is_refused() -> None:
    answer = Client().get("/api/v1/me/", HTTP_AUTHORIZATION="Token mm_nothing")

    is_problem(answer, 401)


@pytest.mark.parametrize("path", ["nothing/", "challenges/not-a-uuid/", ""])
def test_an_unknown_path_is_a_problem_document(path: str) -> None:
    is_problem(Caller().get(path), 404)


def test_a_wrong_method_is_a_problem_document() -> None:
    is_problem(Caller(UserFactory()).delete("me/"), 405)


def test_malformed_json_is_a_problem_document() -> None:
    caller = Caller(MembershipFactory().user)

    answer = caller.client.post("/api/v1/challenges/", '{"title": ', content_type="application/json", **caller.headers)

    is_problem(answer, 400)


def test_a_firm_posts_submits_and_sees_matches() -> None:
    capability = CapabilityFactory()
    draft = DraftFactory()
    firm = Caller(draft.author)

    assert firm.post(f"challenges/{draft.pk}/submit/").json()["state"] == "published"
    assert firm.get(f"challenges/{draft.pk}/matches/").json()["state"] == "pending"
    jobs.drain()
    found = firm.get(f"challenges/{draft.pk}/matches/").json()

    assert found["state"] == "ready"
    best = found["results"][0]
    assert best["capability"]["id"] == str(capability.pk)
    assert {"rank", "band", "quadrant", "quadrant_of", "parts", "reasons", "blockers"} <= set(best)
    assert all(value == round(value, 1) for value in best["parts"].values())
    assert "score" not in best


def test_what_is_missing_for_publication_is_named() -> None:
    member = MembershipFactory()
    firm = Caller(member.user)
    made = firm.post("challenges/", BODY)
    assert made.status_code == 201

    problem = is_problem(firm.post(f"challenges/{made.json()['id']}/submit/"), 400)

    assert {"target_metrics", "use_context_zh", "answer_by"} <= set(problem["errors"])


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "language"),
        ({**BODY, "title_zh": ""}, "title_zh"),
        ({**BODY, "surprise": 1}, "surprise"),
        ({**BODY, "state": "published"}, "state"),
        ({**BODY, "budget_min": -5}, "budget_min"),
        ({**BODY, "ip_preference": "mine"}, "ip_preference"),
        ({**BODY, "title_zh": "\x00"}, "title_zh"),
        ({**BODY, "target_metrics": [{"name": "x", "value": "fast"}]}, "target_metrics"),
    ],
)
def test_bad_input_names_its_field(body: dict[str, Any], field: str) -> None:
    problem = is_problem(Caller(MembershipFactory().user).post("challenges/", body), 400)

    assert field in problem["errors"]


def test_a_challenge_cannot_be_posted_for_somebody_elses_organisation() -> None:
    other = OrganisationFactory()

    problem = is_problem(
        Caller(MembershipFactory().user).post("challenges/", {**BODY, "organisation": str(other.pk)}), 400
    )

    assert "organisation" in problem["errors"]
    assert not Challenge.objects.exists()


DEEDS = ["submit", "close", "withdraw", "publish", "reject", "ask-changes"]


def test_a_hidden_draft_cannot_be_told_from_nothing() -> None:
    draft = DraftFactory()
    outsider = Caller(MembershipFactory().user)
    absent = "00000000-0000-4000-8000-000000000000"

    for tail in ("", "matches/"):
        hidden, nothing = outsider.get(f"challenges/{draft.pk}/{tail}"), outsider.get(f"challenges/{absent}/{tail}")
        is_problem(hidden, 404)
        assert hidden.content == nothing.content
    for deed in DEEDS:
        hidden, nothing = (
            outsider.post(f"challenges/{key}/{deed}/", {"note": "x"} if deed in ("reject", "ask-changes") else None)
            for key in (draft.pk, absent)
        )
        is_problem(hidden, 404)
        assert hidden.content == nothing.content
    assert outsider.patch(f"challenges/{draft.pk}/", {"title_zh": "x"}).status_code == 404


def test_permissions_of_owner_colleague_viewer_outsider_and_nobody() -> None:
    challenge = ChallengeFactory()
    member = MembershipFactory(organisation=challenge.organisation, role="member").user
    viewer = MembershipFactory(organisation=challenge.organisation, role="viewer").user
    outsider = MembershipFactory().user
    callers = [Caller(person) for person in (challenge.author, member, viewer, outsider, None)]
    path = f"challenges/{challenge.pk}/"

    assert [caller.get(path).status_code for caller in callers] == [200, 200, 200, 200, 200]
    assert [caller.get(f"{path}matches/").status_code for caller in callers] == [200, 200, 200, 404, 401]
    change = {"constraints_zh": "无"}
    assert [caller.patch(path, change).status_code for caller in callers] == [200, 200, 403, 403, 401]


def test_only_moderators_decide() -> None:
    challenge = ChallengeFactory(state="submitted", published_at=None)
    path = f"challenges/{challenge.pk}/"

    moderator = Caller(UserFactory(is_moderator=True))
    seen = {"seen": moderator.get(path).json()["fingerprint"]}

    is_problem(Caller(challenge.author).post(f"{path}publish/", seen), 404)
    is_problem(moderator.post(f"{path}reject/", {**seen, "note": ""}), 400)
    answer = moderator.post(f"{path}publish/", seen)

    assert answer.json()["state"] == "published"
    is_problem(moderator.post(f"{path}publish/", seen), 409)


@pytest.mark.parametrize("deed", ["publish", "ask-changes", "reject"])
def test_a_decision_names_the_text_it_is_about(deed: str) -> None:
    challenge = ChallengeFactory(organisation__trusted=False)
    path, note = f"challenges/{challenge.pk}/", {} if deed == "publish" else {"note": "请写明基线。"}
    moderator, firm = Caller(UserFactory(is_moderator=True)), Caller(challenge.author)
    firm.patch(path, {"title_zh": "电芯检测", "budget_max": 900000})
    read = moderator.get(path).json()
    assert read["revision"] == {"title_zh": "电芯检测", "budget_max": 900000}
    assert {"revision", "fingerprint"}.isdisjoint(firm.get(path).json())
    firm.patch(path, {"title_zh": "電芯檢測"})

    unnamed = is_problem(moderator.post(f"{path}{deed}/", note), 400)
    late = is_problem(moderator.post(f"{path}{deed}/", {**note, "seen": read["fingerprint"]}), 400)
    waiting = moderator.get(path).json()
    done = moderator.post(f"{path}{deed}/", {**note, "seen": waiting["fingerprint"]})

    assert list(unnamed["errors"]) == list(late["errors"]) == ["seen"]
    assert (waiting["state"], done.json()["state"]) == ("revision_pending", "published")


def test_confidential_text_is_absent_for_everyone_but_the_cleared() -> None:
    text = ConfidentialTextFactory()
    path = f"challenges/{text.challenge_id}/"

    own = Caller(text.challenge.author).get(path)
    assert own.json()["confidential"]["confidential_data"] == text.confidential_data
    for caller in (Caller(), Caller(MembershipFactory().user), Caller(UserFactory(is_moderator=True))):
        for listing in (path, "challenges/"):
            answer = caller.get(listing)
            assert b"canary" not in answer.content
            assert b'"confidential"' not in answer.content


def test_an_anonymous_poster_is_nowhere() -> None:
    firm = OrganisationFactory(name_en="Canary Batteries", name_zh="金丝雀电池")
    challenge = ChallengeFactory(anonymous=True, organisation=firm)
    match = MatchFactory(challenge=challenge)
    professor = Caller(match.capability.owner)

    paths = ("challenges/", f"challenges/{challenge.pk}/", f"capabilities/{match.capability_id}/matches/")
    answers = [professor.get(path) for path in paths]

    assert all(answer.status_code == 200 for answer in answers)
    for answer in answers:
        assert "Canary" not in answer.content.decode()
        assert "金丝雀" not in answer.content.decode()
        assert str(firm.pk) not in answer.content.decode()


def test_a_capability_is_posted_published_and_meets_the_open_challenges() -> None:
    challenge = ChallengeFactory()
    professor = Caller(MembershipFactory().user)
    body = {
        "language": "zh",
        "title_zh": "极片缺陷检测",
        "summary_zh": "机器视觉识别电池极片涂布缺陷。",
        "evidence": [{"kind": "paper", "title_zh": "极片缺陷", "year": 2024}],
    }

    made = professor.post("capabilities/", body).json()
    assert professor.post(f"capabilities/{made['id']}/publish/").json()["state"] == "published"
    jobs.drain()
    found = professor.get(f"capabilities/{made['id']}/matches/").json()

    assert [result["challenge"]["id"] for result in found["results"]] == [str(challenge.pk)]
    is_problem(Caller(challenge.author).get(f"capabilities/{made['id']}/matches/"), 404)


def test_only_the_owner_changes_a_capability() -> None:
    capability = CapabilityFactory()
    path = f"capabilities/{capability.pk}/"
    people = [capability.owner, MembershipFactory(organisation=capability.organisation).user, None]
    callers = [Caller(person) for person in people]

    assert [caller.patch(path, {"trl": 6}).status_code for caller in callers] == [200, 403, 401]
    assert [caller.post(f"{path}evidence/", {"title_zh": "论文"}).status_code for caller in callers] == [201, 403, 401]
    draft = CapabilityFactory(state="draft")
    is_problem(Caller(UserFactory()).patch(f"capabilities/{draft.pk}/", {"trl": 6}), 404)


def test_evidence_is_imported_with_a_report() -> None:
    capability = CapabilityFactory()
    owner = Caller(capability.owner)
    text = "@article{a, title={Foils}, year={2020}}\n@article{b, year={2021}}"

    answer = owner.post(f"capabilities/{capability.pk}/evidence/import/", {"form": "bibtex", "text": text})

    assert answer.json()["added"] == 1
    assert len(answer.json()["left_out"]) == 1
    item = owner.get(f"capabilities/{capability.pk}/evidence/").json()[0]["id"]
    assert owner.delete(f"capabilities/{capability.pk}/evidence/{item}/").status_code == 204


def test_a_preview_belongs_to_its_visitor(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("projects.services.previews.WAIT_SECONDS", 0.0)
    capability = CapabilityFactory()
    visitor, other = Caller(), Caller()
    monkeypatch.setattr("projects.api.views.previews.wait_for", lambda preview: preview)

    asked = visitor.post("preview/", {"text": "电芯极片缺陷在线检测"})
    assert (asked.status_code, asked.json()["state"]) == (200, "pending")
    jobs.drain()
    path = f"preview/{asked.json()['id']}/"

    assert visitor.get(path).json()["results"][0]["capability"]["id"] == str(capability.pk)
    is_problem(other.get(path), 404)
    assert "电芯极片" not in visitor.get(path).content.decode().replace("在线检测", "")


@pytest.mark.parametrize("text", ["", "  ", "\x00", "x" * 30_000, "。。。"])
def test_an_empty_or_endless_preview_is_refused(text: str) -> None:
    is_problem(Caller().post("preview/", {"text": text}), 400)


def test_invitations_are_sent_seen_and_answered_by_the_right_people() -> None:
    challenge, capability = ChallengeFactory(), CapabilityFactory()
    body = {"challenge": str(challenge.pk), "capability": str(capability.pk)}

    is_problem(Caller(MembershipFactory().user).post("invitations/", body), 403)
    sent = Caller(challenge.author).post("invitations/", body)
    assert sent.status_code == 201
    path = f"invitations/{sent.json()['id']}"

    is_problem(Caller(UserFactory()).post(f"{path}/accept/"), 404)
    is_problem(Caller(challenge.author).post(f"{path}/accept/"), 403)
    is_problem(Caller(capability.owner).post(f"{path}/decline/", {"reason": "no_time"}), 400)
    assert Caller(capability.owner).post(f"{path}/accept/").json()["state"] == "accepted"
    is_problem(Caller(challenge.author).post(f"{path}/withdraw/"), 409)


def test_the_list_of_invitations_is_ones_own() -> None:
    invitation = InvitationFactory()
    InvitationFactory()

    assert Caller(invitation.sent_by).get("invitations/").json()["count"] == 1
    assert Caller(UserFactory()).get("invitations/").json()["count"] == 0


def test_lists_cost_the_same_number_of_queries_at_any_length() -> None:
    challenge = ChallengeFactory()
    caller = Caller(challenge.author)
    most = {"challenges/": 5, "capabilities/": 5, "invitations/": 5, f"challenges/{challenge.pk}/matches/": 9}

    def more() -> None:
        InvitationFactory(challenge=challenge, capability=MatchFactory(challenge=challenge).capability)

    assert_flat(more, *((number, partial(caller.get, path)) for path, number in most.items()))
    assert [caller.get(path).status_code for path in most] == [200] * 4


def test_the_description_is_openapi_3_1_and_names_every_operation() -> None:
    answer = Client().get("/api/schema/?format=json")

    whole = answer.json()
    assert whole["openapi"].startswith("3.1")
    assert "/api/v1/challenges/{id}/matches/" in whole["paths"]
    assert all(
        "default" in operation["responses"]
        for methods in whole["paths"].values()
        for name, operation in methods.items()
        if name in ("get", "post", "patch", "delete")
    )


def test_a_capability_of_one_person_is_not_anothers_list() -> None:
    capability = CapabilityFactory()
    CapabilityFactory()

    assert Caller(capability.owner).get("capabilities/?mine=true").json()["count"] == 1
    is_problem(Caller(capability.owner).get("capabilities/?mine=perhaps"), 400)
    assert Capability.objects.count() == 2


@pytest.mark.parametrize("kind", ["challenges", "capabilities"])
def test_an_edit_that_names_what_it_builds_on_is_refused_when_somebody_else_was_quicker(kind: str) -> None:
    subject = ChallengeFactory() if kind == "challenges" else CapabilityFactory(for_organisation=True)
    owner = subject.author if kind == "challenges" else subject.owner
    colleague = MembershipFactory(organisation=subject.organisation).user
    path = f"{kind}/{subject.pk}/"
    read = Caller(owner).get(path)["ETag"]
    Caller(colleague).patch(path, {"title_zh": "同事的标题"})

    def patch(tag: str) -> Any:
        mine = Caller(owner)
        mine.headers["HTTP_IF_MATCH"] = tag
        return mine.patch(path, {"title_zh": "我的标题"})

    assert str(colleague) in is_problem(patch(read), 412)["detail"]
    is_problem(patch('"made up"'), 400)
    assert Caller(owner).get(path).json()["title_zh"] == "同事的标题"
    assert patch(Caller(owner).get(path)["ETag"]).json()["title_zh"] == "我的标题"
    assert Caller(owner).patch(path, {"title_zh": "不问"}).status_code == 200
    assert not Caller(UserFactory()).get(path).has_header("ETag")
    assert not Caller().get(path).has_header("ETag")


def test_a_place_is_sent_by_name_province_and_country_and_comes_back_with_its_names() -> None:
    caller = Caller(MembershipFactory().user)

    made = caller.post("challenges/", BODY | {"city": "Changde", "province": "湖南", "country": "cn"}).json()
    wrong = caller.patch(f"challenges/{made['id']}/", {"city": "Aveiro", "country": "Lusitania"})
    offered = caller.post("capabilities/", {"language": "en", "title_en": "Imaging", "city": "Aveiro", "country": "PT"})

    assert made["city"] == {
        "key": "changde-hunan-cn", "name_zh": "", "name_en": "Changde", "province_zh": "湖南", "province_en": "Hunan",
        "country": "CN", "region": "hunan", "in_bay": False,
    }  # fmt: skip
    assert set(is_problem(wrong, 400)["errors"]) == {"country"}
    assert offered.json()["city"]["region"] == "pt"


def test_the_region_of_an_anonymous_challenge_is_never_the_place_that_was_typed() -> None:
    challenge = ChallengeFactory(anonymous=True, city=place_named("Canary town"))

    assert Caller().get(f"challenges/{challenge.pk}/").json()["city"] == {"region": "elsewhere", "in_bay": False}


def test_a_capability_may_name_its_least_budget() -> None:
    caller = Caller(MembershipFactory().user)
    body = {"language": "en", "title_en": "Imaging", "budget_min": 300000, "currency": "HKD"}

    made = caller.post("capabilities/", body)

    assert (made.json()["budget_min"], made.json()["currency"]) == (300000, "HKD")
    errors = is_problem(caller.post("capabilities/", body | {"budget_min": -1}), 400)["errors"]
    assert errors == {"budget_min": ["A budget cannot be negative."]}
