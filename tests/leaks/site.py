"""A small site whose confidential words are given, and a visitor who reads all of it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import Any
from urllib.parse import quote, urldefrag, urlsplit
from uuid import UUID

from django.test import Client
from django.urls import reverse

from accounts.choices import MembershipRole
from accounts.models import Notice, OrganisationLabel, User
from accounts.services.tokens import make_token
from accounts.services.unsubscribing import token_for
from matchmaker.queueing import jobs
from matchmaker.queueing.models import Job, JobState
from projects import queue
from projects.models import Challenge
from projects.services import indexing
from projects.services.challenges import edit_challenge
from projects.services.invitations import invite
from tests import factories
from tests.access.table import TABLE, Row

NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
LANGUAGES = ("en", "zh-hans", "zh-hant")
Secrets = dict[str, str]


@dataclass
class Site:
    """Who is there, and what can be asked for."""

    people: dict[str, User | None]
    ids: dict[str, Any]
    challenges: list[Challenge] = field(default_factory=list)


def build(secrets: Secrets, own: Secrets | None = None) -> Site:
    """Makes the same site each time, but for the confidential words, and for words of the firm's own fields."""
    for factory in (factories.UserFactory, factories.OrganisationFactory, factories.EvidenceFactory):
        factory.reset_sequence(0, force=True)
    factories.UniversityFactory.reset_sequence(force=True)
    indexing._open.clear()
    firm = factories.OrganisationFactory(id=_id(1))
    owner = factories.UserFactory(id=_id(2))
    factories.MembershipFactory(user=owner, organisation=firm)
    viewer = factories.UserFactory(id=_id(3))
    factories.MembershipFactory(user=viewer, organisation=firm, role=MembershipRole.VIEWER)
    university = factories.UniversityFactory(id=_id(4))
    researchers = [_researcher(number, university) for number in range(4)]
    capabilities = [_capability(number, researchers[number], university) for number in range(4)]
    challenges = [_challenge(number, firm, owner, secrets, own or {}) for number in range(4)]
    item = factories.EvidenceFactory(id=_id(60), capability=capabilities[0])
    draft = factories.DraftFactory(id=_id(50), organisation=firm, author=owner)
    factories.ConfidentialTextFactory(challenge=draft, **secrets)
    taken_back = factories.DraftFactory(id=_id(51), organisation=firm, author=owner, state="withdrawn")
    withdrawn = factories.ChallengeFactory(id=_id(52), organisation=firm, author=owner, state="withdrawn")
    for hidden in (taken_back, withdrawn):
        factories.ConfidentialTextFactory(challenge=hidden, **secrets)
    firm_offers = {"owner": owner, "organisation": firm, "for_organisation": True}
    firm_capability = factories.CapabilityFactory(
        id=_id(53), published_at=NOON, last_confirmed=NOON.date(), **firm_offers
    )
    firm_draft = factories.CapabilityDraftFactory(id=_id(54), **firm_offers)
    put_away = factories.CapabilityDraftFactory(
        id=_id(55), owner=researchers[0], organisation=university, state="archived"
    )
    record, posted = (
        factories.ArchiveRecordFactory(id=_id(61), key="a"),
        factories.ArchiveRecordFactory(id=_id(62), key="b", kind="challenge"),
    )
    for capability in capabilities:
        queue.index_changed("capabilities", capability.pk)
        queue.match_capability(capability)
    queue.match_archive(posted.pk)
    settle()
    invitation = invite(challenges[0], capabilities[1], by=owner, message="Shall we talk?")
    ended = factories.InvitationFactory(
        id=_id(56), challenge=challenges[3], capability=capabilities[1], sent_by=owner, state="ended"
    )
    settle()
    people = {
        "anonymous": None,
        "outsider": factories.MembershipFactory(
            user__id=_id(5), organisation__id=_id(6), organisation__name_en="Another firm"
        ).user,
        "researcher": researchers[0],
        "invited": researchers[1],
        "moderator": factories.UserFactory(id=_id(7), is_moderator=True, is_staff=True),
        "owner": owner,
    }
    label = OrganisationLabel.objects.create(organisation=firm, kind="little_giant", since=NOON.date(), named_by=owner)
    ids = {
        "challenge": challenges[0].pk, "draft": draft.pk, "submitted": draft.pk, "closed": challenges[1].pk,
        "capability": capabilities[0].pk, "hidden": capabilities[3].pk, "item": item.pk, "invitation": invitation.pk,
        "organisation": firm.pk, "person": researchers[0].pk, "member": viewer.pk, "record": record.pk,
        "put_away": put_away.pk, "firm_capability": firm_capability.pk, "firm_draft": firm_draft.pk, "ended": ended.pk,
        "nameless": challenges[2].pk, "withdrawn": withdrawn.pk, "taken_back": taken_back.pk,
        "posted_record": posted.pk, "preview": _id(98), "notice": _id(99), "token": make_token(owner, name="key")[0].pk,
        "waiting_kind": label.kind, "unsubscribe": token_for(Notice(recipient=owner, kind="challenge_published")), "forged": "forged",
    }  # fmt: skip
    return Site(people, ids, challenges)


def settle() -> None:
    """Does all work that waits, that after a pause too."""
    Job.objects.filter(state=JobState.READY).update(run_after=NOON)
    jobs.drain()


def _id(number: int) -> UUID:
    """The same id in each world."""
    return UUID(int=(0x4000 << 64) + (0x8000 << 48) + number)


def _researcher(number: int, university: Any) -> User:
    """A researcher with a public page."""
    user = factories.UserFactory(id=_id(10 + number))
    factories.MembershipFactory(user=user, organisation=university)
    factories.ProfileFactory(user=user)
    return user


SUBJECTS = ("电池极片缺陷检测", "复合材料超声检测", "港口泊位调度", "量子材料计算")


def _capability(number: int, owner: User, university: Any) -> Any:
    """A capability in the directory."""
    return factories.CapabilityFactory(
        id=_id(20 + number),
        owner=owner,
        organisation=university,
        title_zh=f"{SUBJECTS[number]}方法",
        title_en=f"Method {number}",
        summary_zh=f"面向{SUBJECTS[number]}的方法。",
        published_at=NOON - timedelta(days=number + 1),
        last_confirmed=NOON.date(),
    )


def _challenge(number: int, firm: Any, author: User, secrets: Secrets, own: Secrets) -> Challenge:
    """A challenge on the board, with confidential words that came later, as edits do."""
    challenge: Challenge = factories.ChallengeFactory(
        id=_id(30 + number),
        organisation=firm,
        author=author,
        title_zh=f"{SUBJECTS[number]}难题",
        title_en=f"Problem {number}",
        problem_zh=f"{SUBJECTS[number]}效果不佳。",
        published_at=NOON - timedelta(days=number + 1),
        submitted_at=NOON - timedelta(days=number + 1),
        answer_by=NOON.date() + timedelta(days=30),
        confidentiality_tier="nda",
        anonymous=number == 2,
        **own,
    )
    queue.index_changed("challenges", challenge.pk)
    queue.match_challenge(challenge)
    jobs.drain()
    edit_challenge(challenge, by=author, values={"summary_zh": "经过修改的摘要。"}, confidential=secrets)
    settle()
    challenge.refresh_from_db()
    return challenge


def seeds(site: Site, words: Iterable[str]) -> list[str]:
    """Every address of the truth table that shows something, in each language, and questions with the given words."""
    found = [
        _address(row, site) for row in TABLE if row.method == "GET" and row.name not in ("healthz", "readyz", "notice")
    ]
    asked = [quote(word) for word in words]
    for word in asked:
        found += [f"/en/{path}?q={word}" for path in ("challenges/", "capabilities/", "archive/", "search/")]
        found += [f"/api/v1/challenges/?q={word}", f"/api/v1/challenges/?confidential_problem={word}"]
        found += [f"/en/challenges/?confidential__confidential_problem__contains={word}"]
        found += [f"/admin/projects/challenge/?q={word}&queue=all"]
        found += [f"/admin/projects/challenge/?confidential__confidential_problem__startswith={word}"]
        found += [f"/admin/projects/challenge/?internal_owner__startswith={word}"]
    found += [
        "/admin/",
        "/admin/projects/challenge/?queue=all",
        "/admin/projects/capability/",
        "/admin/accounts/activity/",
    ]
    found += [
        "/admin/queueing/job/?kind__exact=projects.match_challenge",
        f"/admin/projects/challenge/{site.ids['challenge']}/change/",
    ]
    found += [f"/admin/projects/challenge/{site.ids['challenge']}/confidential/"]
    return list(dict.fromkeys(found))


def every_object(site: Site) -> list[str]:
    """Each address of the API that shows a challenge or a capability, asked for every object there is; to most of them the answer is no."""
    objects = {pk for pk in site.ids.values() if isinstance(pk, UUID)} | {row.pk for row in site.challenges}
    subjects = ("api_challenge", "api_capabilit", "api_evidence")
    shown = (row for row in TABLE if row.method == "GET" and set(row.ids) == {"pk"})
    names = {row.name for row in shown if row.name.startswith(subjects)}
    return [reverse(name, args=[pk]) for name in sorted(names) for pk in sorted(objects)]


def _address(row: Row, site: Site) -> str:
    """The address of a row of the truth table."""
    return reverse(row.name, kwargs={part: site.ids[name] for part, name in row.ids.items()})


LINK = re.compile(r'(?:href|hx-get|action)="([^"]+)"|"next": ?"([^"]+)"')
PRIVATE = ("/account/", "/admin/logout", "/queueing/job/", "/static/", "/admin/jsi18n", "/notices/")


def crawl(site: Site, role: str, start: Iterable[str], *, most: int = 150) -> dict[str, bytes]:
    """Reads all that can be reached as this role: address → status and body, without what changes at each look."""
    client = Client(raise_request_exception=False)
    if site.people[role] is not None:
        client.force_login(site.people[role])  # type: ignore[arg-type]
    waiting, seen, met = list(start), {}, set()
    while waiting and len(seen) < most:
        address = waiting.pop(0)
        if address in met:
            continue
        met.add(address)
        answer = client.get(address)
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]
        found = steady(f"{answer.status_code} {answer.get('Location', '')}\n".encode() + body)
        if "/queueing/job/" in address:  # rows of the same moment, whose order chance gives
            found = b"\n".join(sorted(found.splitlines()))
        seen[steady(address.encode()).decode()] = found
        waiting += [link for link in _links(address, body) if link not in met]
    return seen


def _links(address: str, body: bytes) -> list[str]:
    """Addresses of this site that a page leads to, each once, without their places in the page."""
    found = []
    for match in LINK.finditer(body.decode(errors="replace")):
        link = urldefrag(unescape(match.group(1) or match.group(2)))[0]
        parts = urlsplit(link)
        if parts.netloc and parts.netloc != "testserver":
            continue
        path = f"{parts.path or urlsplit(address).path}?{parts.query}".rstrip("?")
        if path.startswith("/") and not any(private in path for private in PRIVATE) and path.count("&") < 2:
            found.append(path)
    return found


TOKEN = re.compile(rb"\b[A-Za-z0-9]{64}\b")
COUNTED_ID = re.compile(
    rb"(/admin/\w+/\w+/|name=\"_selected_action\" value=\")\d+"
)  # PostgreSQL counts on from the world before
RANDOM_ID = re.compile(
    rb"[0-9a-f]{8}-[0-9a-f]{4}-[1-9a-f][0-9a-f]{3}-[0-9a-f]{4}-(?!0{8})[0-9a-f]{12}|\b[0-9a-f]{32}\b"
)


def steady(body: bytes) -> bytes:
    """An answer without form tokens and ids that chance gave."""
    return COUNTED_ID.sub(rb"\1<number>", RANDOM_ID.sub(b"<id>", TOKEN.sub(b"<token>", body)))


def ask(site: Site, role: str, text: str) -> list[bytes]:
    """Pastes a text, on the page and through the API, and reads what comes back."""
    client = Client()
    if site.people[role] is not None:
        client.force_login(site.people[role])  # type: ignore[arg-type]
    page = client.post("/en/try/", {"text": text, "scope": "capabilities"})
    jobs.drain()
    shown = client.get(page["Location"])
    api = client.post("/api/v1/preview/", {"text": text}, content_type="application/json")
    return [steady(shown.content), steady(api.content)]


def differences(one: dict[str, bytes], other: dict[str, bytes]) -> list[str]:
    """The addresses whose answers differ, or that only one of two visitors could reach."""
    return sorted(address for address in one.keys() | other.keys() if one.get(address) != other.get(address))
