"""Two people, or two workers, at the same moment: one of them wins, the other is told so, and nothing is done twice."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.messages import get_messages
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.choices import MembershipRole
from accounts.models import Activity, Membership, Notice, User
from accounts.services import organisations
from matchmaker.queueing import jobs
from matchmaker.queueing.models import Job, JobState
from projects import queue
from projects.models import Challenge, EvidenceItem, IndexChange, Invitation
from projects.services import capabilities, challenges, evidence, moderation
from projects.services.invitations import accept_invitation
from tests.factories import (
    CapabilityFactory,
    ChallengeFactory,
    DraftFactory,
    EvidenceFactory,
    InvitationFactory,
    MatchFactory,
    MembershipFactory,
    OrganisationFactory,
    UserFactory,
)
from tests.service.races import crowd, overlap

pytestmark = [pytest.mark.service, pytest.mark.usefixtures("postgresql"), pytest.mark.timeout(240)]
KIND, MANY = "queueing.sweep", 8


def browser(person: User) -> Client:
    """A browser in which this person has signed in."""
    client = Client()
    client.force_login(person)
    return client


def said(answer: Any) -> list[str]:
    """What an answer tells the person on the next page."""
    return [str(message) for message in get_messages(answer.wsgi_request)]


# Requests for work


def test_two_requests_for_one_object_become_one_job() -> None:
    first, second = overlap(
        lambda: jobs.enqueue(KIND, "a", input_version=1), lambda: jobs.enqueue(KIND, "a", input_version=2)
    )

    assert first.pk == second.pk
    assert Job.objects.get().input_version == 2


def test_a_crowd_of_requests_becomes_one_job_with_the_newest_version() -> None:
    made = crowd(*[lambda number=number: jobs.enqueue(KIND, "a", input_version=number) for number in range(MANY)])

    assert {job.pk for job in made} == {Job.objects.get().pk}
    assert Job.objects.get().input_version == MANY - 1


def test_a_request_while_a_worker_takes_the_waiting_one_is_not_lost() -> None:
    waiting = jobs.enqueue(KIND, "a")

    _, asked = overlap(lambda: jobs.claim(str(waiting.pk)), lambda: jobs.enqueue(KIND, "a", input_version=2))

    assert asked.pk != waiting.pk
    assert sorted(Job.objects.values_list("state", "input_version")) == [(JobState.READY, 2), (JobState.RUNNING, 0)]


def test_requests_and_workers_in_a_crowd_lose_nothing() -> None:
    def ask_and_take() -> Job | None:
        return jobs.claim(str(jobs.enqueue(KIND, "a").pk))

    outcomes = crowd(*[ask_and_take] * MANY)

    assert [error for error in outcomes if isinstance(error, Exception)] == []
    assert Job.objects.filter(state=JobState.READY).count() <= 1
    assert {job.pk for job in outcomes if job} == set(
        Job.objects.filter(state=JobState.RUNNING).values_list("pk", flat=True)
    )


def test_a_job_that_fails_while_the_same_is_asked_for_again_leaves_the_new_one() -> None:
    taken = jobs.claim(str(jobs.enqueue(KIND, "a").pk))
    assert taken is not None

    asked, failed = overlap(lambda: jobs.enqueue(KIND, "a"), lambda: jobs._fail(taken, RuntimeError("broken"), None))

    assert failed is None
    assert dict(Job.objects.values_list("pk", "state")) == {taken.pk: JobState.DONE, asked.pk: JobState.READY}


# Workers


def test_of_a_crowd_of_workers_one_takes_the_job() -> None:
    job = jobs.enqueue(KIND, "a")

    taken = crowd(*[lambda: jobs.claim(str(job.pk))] * MANY)

    assert len([found for found in taken if found is not None]) == 1
    job.refresh_from_db()
    assert (job.state, job.attempts) == (JobState.RUNNING, 1)


def test_a_second_worker_waits_for_the_first_and_goes_away() -> None:
    job = jobs.enqueue(KIND, "a")

    first, second = overlap(lambda: jobs.claim(str(job.pk)), lambda: jobs.claim(str(job.pk)))

    assert first.pk == job.pk
    assert second is None


def late() -> Job:
    """A job whose worker has been away for longer than its lease."""
    held = jobs.claim(str(jobs.enqueue(KIND, "a").pk))
    assert held is not None
    Job.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    return held


def close(job: Job) -> str:
    """Stores what a worker found, and closes the job."""
    with jobs.closing(job):
        EvidenceFactory()
    return "stored"


def test_a_late_worker_stores_nothing_once_another_has_taken_over() -> None:
    held = late()

    taken, closed = overlap(lambda: jobs.claim(str(held.pk)), lambda: close(held))

    assert taken.attempts == 2
    assert isinstance(closed, jobs.LeaseLost)
    assert not EvidenceItem.objects.exists()


def test_a_late_worker_that_is_storing_already_is_not_overtaken() -> None:
    held = late()

    closed, taken = overlap(lambda: close(held), lambda: jobs.claim(str(held.pk)))

    assert closed == "stored"
    assert taken is None
    assert Job.objects.get().state == JobState.DONE


# What an index must follow


def test_two_changes_of_an_index_get_numbers_in_the_order_of_their_commits() -> None:
    overlap(lambda: queue.index_changed("capabilities", "first"), lambda: queue.index_changed("capabilities", "second"))

    assert list(IndexChange.objects.order_by("number").values_list("number", "key")) == [(1, "first"), (2, "second")]


def test_whoever_reads_while_a_crowd_writes_sees_no_gap() -> None:
    writing, looks = MANY * 3, []

    def write() -> None:
        for _ in range(3):
            queue.index_changed("capabilities", "any")

    def read() -> None:
        while not looks or len(looks[-1]) < writing:
            looks.append(list(IndexChange.objects.order_by("number").values_list("number", flat=True)))

    outcomes = crowd(read, *[write] * MANY)

    assert set(outcomes) == {None}
    assert all(seen == list(range(1, len(seen) + 1)) for seen in looks)


# The last free place


def invited(count: int, places: int) -> list[Invitation]:
    """As many invitations to one laboratory, each from another firm and to be answered by another member, for a few places."""
    capability = CapabilityFactory(max_active=places, for_organisation=True)
    return [InvitationFactory(capability=capability) for _ in range(count)]


def answering(invitation: Invitation, word: str = "accept") -> Any:
    """A member of the laboratory who has the invitation open and presses a button."""
    member = MembershipFactory(organisation=invitation.capability.organisation)
    client = browser(member.user)
    return lambda: client.post(f"/en/invitations/{invitation.pk}/{word}/", {"reason": "no_time", "answer": "Gladly."})


def test_two_who_accept_the_last_free_place_get_one_and_a_sentence() -> None:
    first, second = invited(2, places=1)

    won, lost = overlap(answering(first), answering(second))

    assert won.status_code == 302
    assert said(won) == ["Accepted. The firm is told now."]
    assert lost.status_code == 200
    assert "All your places are taken." in lost.content.decode()
    assert "Gladly." in lost.content.decode()
    assert dict(Invitation.objects.values_list("pk", "state")) == {first.pk: "accepted", second.pk: "sent"}
    assert Notice.objects.filter(channel="in_app").count() == 1


def test_a_crowd_gets_as_many_places_as_there_are() -> None:
    outcomes = crowd(
        *[lambda one=one: accept_invitation(one, by=one.capability.owner) for one in invited(MANY, places=3)]
    )

    assert sum(isinstance(outcome, Invitation) for outcome in outcomes) == 3
    assert sum(isinstance(outcome, ValidationError) for outcome in outcomes) == MANY - 3
    assert Invitation.objects.filter(state="accepted").count() == 3


def test_a_doubled_yes_is_one_and_is_not_called_a_lack_of_places() -> None:
    (invitation,) = invited(1, places=1)
    press = answering(invitation)

    first, second = overlap(press, press)

    assert said(first) == ["Accepted. The firm is told now."]
    assert "This invitation was answered already." in said(second)
    assert Notice.objects.filter(channel="in_app").count() == 1


def test_an_invitation_taken_back_while_it_is_accepted_has_one_end() -> None:
    (invitation,) = invited(1, places=1)
    firm = browser(invitation.challenge.author)

    accepted, withdrawn = overlap(
        answering(invitation), lambda: firm.post(f"/en/invitations/{invitation.pk}/withdraw/")
    )

    assert said(accepted) == ["Accepted. The firm is told now."]
    assert said(withdrawn) == ["This invitation was answered already."]
    assert Invitation.objects.get().state == "accepted"


# Two moderators


@pytest.mark.parametrize(
    ("decisions", "state"), [(("publish", "reject"), "published"), (("reject", "publish"), "rejected")]
)
def test_of_two_moderators_who_decide_at_once_the_first_has_decided(decisions: tuple[str, str], state: str) -> None:
    challenge = ChallengeFactory(state="submitted", published_at=None, organisation__trusted=False)
    address = reverse("admin:projects_challenge_decide", args=[challenge.pk])

    def deciding(decision: str) -> Any:
        client = browser(UserFactory(is_moderator=True, is_staff=True, language="en"))
        given = {"decision": decision, "note": "Please name a figure.", "seen": challenge.fingerprint}
        return lambda: client.post(address, given)

    first, second = overlap(*map(deciding, decisions))

    challenge.refresh_from_db()
    assert challenge.state == state
    assert said(first) == [f"Done: “{challenge}”. The firm has been told."]
    assert said(second) == [f"“{challenge}” does not wait for this decision any more."]
    assert challenge.versions.count() == (state == "published")
    assert Notice.objects.filter(channel="in_app").count() == 1


@pytest.mark.parametrize("state", ["submitted", "revision_pending"])
def test_what_a_firm_saves_while_a_moderator_approves_is_not_approved_with_it(state: str) -> None:
    challenge = ChallengeFactory(state="submitted", published_at=None, organisation__trusted=False)
    if state == "revision_pending":
        Challenge.objects.update(state="published", published_at=timezone.now())
        challenges.edit_challenge(challenge, by=challenge.author, values={"title_en": "Cells"})
    seen = Challenge.objects.get().fingerprint
    address = reverse("admin:projects_challenge_decide", args=[challenge.pk])
    client = browser(UserFactory(is_moderator=True, is_staff=True, language="en"))

    _edited, answer = overlap(
        lambda: challenges.edit_challenge(challenge, by=challenge.author, values={"title_en": "Pouch cells"}),
        lambda: client.post(address, {"decision": "publish", "seen": seen}),
    )

    assert said(answer) == [
        "“Pouch cells” was changed by the firm after you opened it, so nothing has been decided. "
        "Read what it says now, and decide again."
    ]
    challenge.refresh_from_db()
    assert (challenge.state, challenge.versions.count()) == (state, 0)
    assert not Notice.objects.exists()


def test_what_a_firm_saves_after_the_approval_waits_for_the_next() -> None:
    challenge = ChallengeFactory(state="submitted", published_at=None, organisation__trusted=False)
    seen, moderator = Challenge.objects.get().fingerprint, UserFactory(is_moderator=True)

    overlap(
        lambda: moderation.publish_challenge(challenge, by=moderator, seen=seen),
        lambda: challenges.edit_challenge(challenge, by=challenge.author, values={"title_zh": "又一个标题"}),
    )

    challenge.refresh_from_db()
    assert (challenge.state, challenge.pending) == ("revision_pending", {"title_zh": "又一个标题"})
    assert challenge.title_zh == challenge.versions.get().fields["title_zh"] != "又一个标题"


# A button pressed twice


def typed(**changed: Any) -> dict[str, Any]:
    """What the browser sends for a challenge that can be published."""
    rows = {"metrics-TOTAL_FORMS": "1", "metrics-INITIAL_FORMS": "0", "metrics-0-name": "time", "metrics-0-unit": "min"}
    return {
        "language": "zh", "title": "极片缺陷", "problem": "难以在线发现。", "use_context": "涂布产线", "understanding_sought": "机理",
        **rows, "metrics-0-today": "240", "metrics-0-target": "5", "trl_current": "3", "trl_target": "7", "budget_max": "800000",
        "answer_by": (timezone.localdate() + timedelta(days=30)).isoformat(), "ip_preference": "joint",
        "confidentiality_tier": "nda", "form_key": uuid4().hex, **changed,
    }  # fmt: skip


@pytest.mark.parametrize(("action", "state"), [("save", "draft"), ("submit", "published"), ("autosave", "draft")])
def test_a_new_challenge_sent_twice_is_one(action: str, state: str) -> None:
    client = browser(MembershipFactory().user)
    data = typed(action=action)

    first, second = overlap(*[lambda: client.post("/en/challenges/new/", data)] * 2)

    assert Challenge.objects.get().state == state
    assert {first.status_code, second.status_code} == {200 if action == "autosave" else 302}
    assert str(Challenge.objects.get().pk) in first.headers.get("Location", "") + first.headers.get(
        "HX-Replace-Url", ""
    )
    assert str(Challenge.objects.get().pk) in second.headers.get("Location", "") + second.headers.get(
        "HX-Replace-Url", ""
    )
    assert Job.objects.count() == 1


def test_a_challenge_published_twice_is_published_once() -> None:
    challenge = DraftFactory()
    client = browser(challenge.author)

    first, second = overlap(*[lambda: client.post(f"/en/challenges/{challenge.pk}/submit/")] * 2)

    assert said(first) == ["Published. The matches follow below."]
    assert "This challenge was handed in already." in said(second)
    assert challenge.versions.count() == 1
    assert Activity.objects.filter(verb="published").count() == 1


def test_an_invitation_sent_twice_is_one() -> None:
    match = MatchFactory()
    client = browser(match.challenge.author)
    address = reverse("invite", args=[match.challenge_id, match.capability_id])

    first, second = overlap(*[lambda: client.post(address, {"message": "Shall we talk?"})] * 2)

    assert said(first) == ["Invited. They are told now, and you are told of their answer."]
    assert "You have invited them already." in said(second)
    assert Invitation.objects.count() == 1
    assert Notice.objects.filter(channel="in_app").count() == 1


def test_a_list_of_papers_sent_twice_is_added_once() -> None:
    capability = CapabilityFactory()
    text = "\n".join(f"Paper {number} on foils, 2020" for number in range(5))

    def send() -> Any:
        return evidence.import_evidence(capability, by=capability.owner, text=text, form="list")

    first, second = overlap(send, send)

    assert (first.added, second.added, second.doubled) == (5, 0, 5)
    assert sorted(capability.evidence.values_list("position", flat=True)) == list(range(5))


# Edits side by side


def test_two_edits_of_a_challenge_both_hold_and_each_counts() -> None:
    challenge = ChallengeFactory()

    overlap(
        lambda: challenges.edit_challenge(challenge, by=challenge.author, values={"summary_zh": "新的摘要。"}),
        lambda: challenges.edit_challenge(challenge, by=challenge.author, values={"problem_zh": "新的难题。"}),
    )

    before = challenge.input_version
    challenge.refresh_from_db()
    assert (challenge.summary_zh, challenge.problem_zh) == ("新的摘要。", "新的难题。")
    assert challenge.input_version == before + 2
    assert sorted(challenge.versions.values_list("number", flat=True)) == [1, 2]


def test_papers_added_side_by_side_stay_within_the_limit_and_each_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(evidence, "MOST_ITEMS", 3)
    capability = EvidenceFactory(capability=EvidenceFactory().capability).capability
    before = capability.input_version

    def adding(title: str) -> Any:
        return lambda: evidence.add_evidence(
            capability, by=capability.owner, values={"kind": "paper", "title_en": title}
        )

    first, second = overlap(adding("One on foils"), adding("Another on foils"))

    assert isinstance(first, EvidenceItem)
    assert isinstance(second, ValidationError)
    capability.refresh_from_db()
    assert (capability.evidence.count(), capability.input_version) == (3, before + 1)


def test_what_its_owner_hides_is_not_brought_back_by_the_daily_upkeep() -> None:
    today = timezone.localdate()
    capability = CapabilityFactory(last_confirmed=today - timedelta(days=200))

    overlap(
        lambda: capabilities.hide_capability(capability, by=capability.owner),
        lambda: capabilities.age_capabilities(today=today),
    )

    capability.refresh_from_db()
    assert capability.state == "hidden"
    assert not Notice.objects.exists()


def test_the_daily_upkeep_goes_on_when_a_challenge_is_closed_meanwhile() -> None:
    today = timezone.localdate()
    closed, due = (ChallengeFactory(deadline=today - timedelta(days=1)) for _ in range(2))

    _, expired = overlap(
        lambda: challenges.close_challenge(closed, by=closed.author), lambda: challenges.expire_challenges(today=today)
    )

    assert expired == 1
    assert dict(Challenge.objects.values_list("pk", "state")) == {closed.pk: "closed", due.pk: "expired"}


# Organisations


def test_of_two_owners_who_leave_at_once_one_stays() -> None:
    firm = OrganisationFactory()
    first, second = (MembershipFactory(organisation=firm) for _ in range(2))

    left, kept = overlap(
        lambda: organisations.remove_member(first, by=first.user),
        lambda: organisations.remove_member(second, by=second.user),
    )

    assert left is None
    assert isinstance(kept, ValidationError)
    assert Membership.objects.get(organisation=firm).role == MembershipRole.OWNER


def test_an_owner_who_leaves_while_the_other_becomes_a_member_is_held() -> None:
    firm = OrganisationFactory()
    first, second = (MembershipFactory(organisation=firm) for _ in range(2))

    _, kept = overlap(
        lambda: organisations.add_member(firm, first.user, by=second.user, role=MembershipRole.MEMBER),
        lambda: organisations.remove_member(second, by=second.user),
    )

    assert isinstance(kept, ValidationError)
    assert Membership.objects.filter(organisation=firm, role=MembershipRole.OWNER).count() == 1


def test_a_firm_that_saves_its_page_does_not_undo_what_a_moderator_decides() -> None:
    firm = MembershipFactory(organisation__trusted=False).organisation
    moderator = UserFactory(is_moderator=True)

    overlap(
        lambda: organisations.verify_organisation(firm, by=moderator, trusted=True),
        lambda: organisations.edit_organisation(
            type(firm).objects.get(pk=firm.pk), by=firm.memberships.get().user, description_en="We inspect foils."
        ),
    )

    firm.refresh_from_db()
    assert (firm.trusted, firm.description_en) == (True, "We inspect foils.")
