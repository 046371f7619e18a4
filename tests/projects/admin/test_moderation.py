"""The moderators' pages: the queue, the decisions, the difference, the reason, the work that was given up."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Activity, Notice
from matchmaker.queueing import jobs
from matchmaker.queueing.models import Job, JobState
from projects.admin.challenges import ChallengeAdmin
from projects.models import Challenge, ConfidentialReading
from projects.services.archive import claim_record
from projects.services.challenges import edit_challenge, keep_version
from projects.services.moderation import submit_challenge
from projects.states import ChallengeState
from tests.factories import (
    ArchiveRecordFactory,
    ChallengeFactory,
    ConfidentialTextFactory,
    DraftFactory,
    MembershipFactory,
    OrganisationFactory,
    RecognitionFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db
QUEUE = "/admin/projects/challenge/"


@pytest.fixture
def moderator(client: Client) -> Any:
    """A signed-in moderator, who is no superuser."""
    person = UserFactory(is_moderator=True, is_staff=True)
    client.force_login(person)
    return person


def waiting(days: int, **given: Any) -> Challenge:
    """A challenge that has waited so long."""
    made: Challenge = ChallengeFactory(
        organisation=OrganisationFactory(trusted=False),
        state=ChallengeState.SUBMITTED,
        published_at=None,
        submitted_at=timezone.now() - timedelta(days=days, minutes=1),
        **given,
    )
    return made


def change(challenge: Challenge) -> str:
    return reverse("admin:projects_challenge_change", args=[challenge.pk])


def decide(client: Client, challenge: Challenge, decision: str, note: str = "", seen: str = "") -> Any:
    """Decides on a challenge as it stands, or as it was seen."""
    address = reverse("admin:projects_challenge_decide", args=[challenge.pk])
    given = {"decision": decision, "note": note, "seen": seen or Challenge.objects.get(pk=challenge.pk).fingerprint}
    return client.post(address, given, follow=True)


def versions(page: Any) -> list[str]:
    """What a page of the browser sends along as the texts that were seen."""
    return re.findall(r'name="seen" value="([^"]+)"', page.content.decode())


def act(client: Client, action: str, rows: list[Any], **more: Any) -> Any:
    model = rows[0]._meta
    address = reverse(f"admin:{model.app_label}_{model.model_name}_changelist")
    chosen = {"action": action, "_selected_action": [str(row.pk) for row in rows]}
    if isinstance(rows[0], Challenge):
        chosen["seen"] = versions(client.get(f"{address}?queue=all"))
    chosen |= more
    return client.post(address, chosen, follow=True)


def test_the_queue_shows_what_waits_longest_first_and_for_how_long(client: Client, moderator: Any) -> None:
    young, old = waiting(1, title_en="Young"), waiting(9, title_en="Old")
    ChallengeFactory(title_en="Published")
    DraftFactory(title_en="Secret draft")

    shown = client.get(QUEUE).context["cl"].result_list

    assert [row.pk for row in shown] == [old.pk, young.pk]
    page = client.get(QUEUE).content.decode()
    assert '<td class="field-waiting_days">9</td>' in page
    everything = client.get(f"{QUEUE}?queue=all").content.decode()
    assert "Published" in everything
    assert "Secret draft" not in everything


def test_the_first_page_opens_with_what_waits_and_leads_to_each_list(client: Client, moderator: Any) -> None:
    waiting(9)
    Job.objects.create(kind="queueing.sweep", state=JobState.DEAD, error="RuntimeError: x", finished_at=timezone.now())
    UserFactory()

    page = client.get(reverse("admin:index"))

    assert page.content.decode().index("waits-head") < page.content.decode().index('id="content-main"')
    rows = {row["label"]: row for row in page.context["rows"]}
    assert (rows["Challenges waiting"]["count"], rows["Challenges waiting"]["days"]) == (1, 9)
    for row in rows.values():
        listed = client.get(row["href"])
        assert (listed.status_code, listed.context["cl"].result_count) == (200, row["count"]), row["label"]


def test_the_first_page_shows_no_queue_to_staff_who_do_not_moderate(client: Client) -> None:
    client.force_login(UserFactory(is_staff=True))
    waiting(9)

    page = client.get(reverse("admin:index"))

    assert page.status_code == 200
    assert "waits-head" not in page.content.decode()


@pytest.mark.parametrize(("query", "count"), [("", 2), ("?verified=no", 1), ("?verified=yes", 1)])
def test_organisations_are_narrowed_to_those_nobody_vouched_for(
    client: Client, moderator: Any, query: str, count: int
) -> None:
    OrganisationFactory(verified_at=None)
    OrganisationFactory(verified_at=timezone.now())

    assert client.get(f"/admin/accounts/organisation/{query}").context["cl"].result_count == count


def test_a_revision_waits_in_the_queue_from_its_edit_on(client: Client, moderator: Any) -> None:
    challenge = ChallengeFactory(organisation=OrganisationFactory(trusted=False))
    edit_challenge(challenge, by=challenge.author, values={"summary_en": "Another summary."})

    assert [row.pk for row in client.get(QUEUE).context["cl"].result_list] == [challenge.pk]


def test_approving_publishes_and_tells_the_firm(client: Client, moderator: Any) -> None:
    challenge = waiting(1)

    decide(client, challenge, "publish")

    challenge.refresh_from_db()
    assert challenge.state == ChallengeState.PUBLISHED
    assert Notice.objects.filter(recipient=challenge.author, kind="challenge_published", channel="in_app").count() == 1
    assert Activity.objects.get(verb="published").actor == moderator


@pytest.mark.parametrize(("decision", "state"), [("ask_changes", "needs_changes"), ("reject", "rejected")])
@pytest.mark.parametrize("note", ["Please name a figure.", "请写明检测速度。", "請寫明檢測速度。"])
def test_sending_back_needs_a_sentence_that_the_firm_reads(
    client: Client, moderator: Any, decision: str, state: str, note: str
) -> None:
    challenge = waiting(1)

    refused = decide(client, challenge, decision)
    assert "Say what the firm should do" in refused.content.decode()
    assert Challenge.objects.get().state == ChallengeState.SUBMITTED
    decide(client, challenge, decision, note)

    challenge.refresh_from_db()
    assert (challenge.state, challenge.moderation_note) == (state, note)


def test_a_decision_on_what_does_not_wait_any_more_says_so(client: Client, moderator: Any) -> None:
    challenge = ChallengeFactory()

    answer = decide(client, challenge, "reject", "Too late.")

    assert "does not wait for this decision" in answer.content.decode()
    assert Challenge.objects.get().state == ChallengeState.PUBLISHED


def test_many_are_approved_at_once(client: Client, moderator: Any) -> None:
    rows = [waiting(1), waiting(2), ChallengeFactory()]

    answer = act(client, "approve", rows)

    assert "2 challenges published." in answer.content.decode()
    assert set(Challenge.objects.values_list("state", flat=True)) == {"published"}


@pytest.mark.parametrize(("action", "state"), [("ask_for_changes", "needs_changes"), ("reject", "rejected")])
def test_many_are_sent_back_with_one_sentence(client: Client, moderator: Any, action: str, state: str) -> None:
    rows = [waiting(1), waiting(2)]

    between = act(client, action, rows)
    assert "What should the firms read?" in between.content.decode()
    assert not Challenge.objects.filter(state=state).exists()
    act(client, action, rows, note="Please name a figure.")

    assert Challenge.objects.filter(state=state, moderation_note="Please name a figure.").count() == 2


@pytest.mark.parametrize(("decision", "note"), [("publish", ""), ("ask_changes", "请写明基线。"), ("reject", "无关。")])
@pytest.mark.parametrize("state", [ChallengeState.SUBMITTED, ChallengeState.PUBLISHED], ids=["first", "revision"])
def test_what_the_firm_saved_after_the_page_was_opened_is_shown_and_not_decided(
    client: Client, moderator: Any, decision: str, note: str, state: str
) -> None:
    challenge = ChallengeFactory(organisation=OrganisationFactory(trusted=False), state=state)
    if state == ChallengeState.PUBLISHED:
        keep_version(challenge, by=None)
    edit_challenge(challenge, by=challenge.author, values={"title_zh": "电芯检测"})
    (seen,) = versions(client.get(change(challenge)))
    waits = edit_challenge(challenge, by=challenge.author, values={"title_zh": "電芯檢測"}).state

    answer = decide(client, challenge, decision, note, seen)

    page = answer.content.decode()
    assert answer.request["PATH_INFO"] == change(challenge)
    assert "was changed by the firm after you opened it" in page
    assert ("電芯檢測</ins>" if waits == ChallengeState.REVISION_PENDING else "<td>電芯檢測</td>") in page
    assert f" required>{note}</textarea>" in page
    challenge.refresh_from_db()
    assert challenge.state == waits
    assert decide(client, challenge, decision, note, *versions(answer)).status_code == 200
    challenge.refresh_from_db()
    assert challenge.state != waits
    assert f" required>{note}</textarea>" not in client.get(change(challenge)).content.decode() or not note


@pytest.mark.parametrize("action", ["approve", "ask_for_changes", "reject"])
def test_of_many_only_those_are_decided_that_are_as_the_list_showed_them(
    client: Client, moderator: Any, action: str
) -> None:
    same, changed = waiting(1, title_en="Same"), waiting(2, title_en="Old words")
    seen = versions(client.get(QUEUE))
    edit_challenge(changed, by=changed.author, values={"title_zh": "新题目", "title_en": "New words"})

    page = act(client, action, [same, changed], seen=seen)
    if action != "approve":
        assert versions(page) == seen
        page = act(client, action, [same, changed], seen=versions(page), note="请写明基线。")

    assert "was changed by the firm after you opened it" in page.content.decode()
    same.refresh_from_db()
    changed.refresh_from_db()
    assert (same.state != ChallengeState.SUBMITTED, changed.state) == (True, ChallengeState.SUBMITTED)


def test_what_the_page_does_not_show_is_not_decided_even_when_all_are_chosen(
    client: Client, moderator: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ChallengeAdmin, "list_per_page", 1)
    hidden, shown = waiting(1), waiting(2)

    page = act(client, "approve", [shown], seen=versions(client.get(QUEUE)), select_across="1", index="0")

    assert "Only what the page showed has been decided." in page.content.decode()
    hidden.refresh_from_db()
    shown.refresh_from_db()
    assert (shown.state, hidden.state) == (ChallengeState.PUBLISHED, ChallengeState.SUBMITTED)


@pytest.mark.parametrize(
    ("field", "old", "new", "added", "removed"),
    [
        ("problem_zh", "速度每分钟八十米。", "速度每分钟一百米。", "一百", "八十"),
        ("problem_zh", "速度每分鐘八十米。", "速度每分鐘一百米。", "一百", "八十"),
        ("problem_en", "The line runs at 80 m per minute.", "The line runs at 100 m per minute.", "100 ", "80 "),
        ("problem_zh", "用 AOI 检测极片。", "用 X-ray 检测极片。", "X-ray ", "AOI "),
    ],
    ids=["zh-Hans", "zh-Hant", "en", "mixed"],
)
def test_the_difference_to_the_approved_version_is_marked(
    client: Client, moderator: Any, field: str, old: str, new: str, added: str, removed: str
) -> None:
    challenge = ChallengeFactory(organisation=OrganisationFactory(trusted=False), **{field: old})
    keep_version(challenge, by=None)
    edit_challenge(challenge, by=challenge.author, values={field: new})

    page = client.get(change(challenge)).content.decode()

    assert f"<ins>{added}</ins>" in page
    assert f"<del>{removed}</del>" in page


def test_confidential_text_is_behind_a_reason_that_the_firm_sees(client: Client, moderator: Any) -> None:
    secret = ConfidentialTextFactory(challenge=waiting(1))
    address = reverse("admin:projects_challenge_confidential", args=[secret.challenge_id])

    for page in (client.get(change(secret.challenge)), client.get(address), client.post(address, {"reason": "x"})):
        assert page.status_code == 200
        assert "canary-" not in page.content.decode()
    assert not ConfidentialReading.objects.exists()
    opened = client.post(address, {"reason": "核对保密级别。"}, follow=True)

    assert secret.confidential_problem in opened.content.decode()
    told = Notice.objects.get(recipient=secret.challenge.author, kind="confidential_read", channel="in_app")
    assert told.data["reason"] == "核对保密级别。"
    ConfidentialReading.objects.update(at=timezone.now() - timedelta(hours=2))
    assert "canary-" not in client.get(address).content.decode()


@pytest.mark.parametrize(
    "query",
    [
        "confidential__confidential_problem__startswith=c",
        "confidential__confidential_problem=canary",
        "internal_owner__startswith=z",
        "author__password__startswith=p",
        "organisation__verified_by__email__startswith=a",
        "readings__reason__contains=x",
    ],
)
def test_hidden_fields_cannot_be_asked_letter_by_letter(client: Client, moderator: Any, query: str) -> None:
    ConfidentialTextFactory(challenge=waiting(1))

    assert client.get(f"{QUEUE}?{query}").status_code == 400


@pytest.mark.parametrize(
    "address",
    [
        "/admin/accounts/user/?password__startswith=p",
        "/admin/accounts/organisation/?verified_by__email__startswith=a",
        "/admin/accounts/activity/?actor__password__startswith=p",
        "/admin/queueing/job/?lease_token__isnull=0",
        "/admin/projects/capability/?owner__password__startswith=p",
        "/admin/projects/archiveclaim/?user__password__startswith=p",
    ],
)
def test_other_lists_refuse_hidden_fields_too(client: Client, moderator: Any, address: str) -> None:
    assert client.get(address.partition("?")[0]).status_code == 200
    assert client.get(address).status_code == 400


def test_searching_the_queue_finds_no_confidential_word(client: Client, moderator: Any) -> None:
    secret = ConfidentialTextFactory(challenge=waiting(1))

    assert client.get(f"{QUEUE}?q=canary-problem").context["cl"].result_count == 0
    assert client.get(f"{QUEUE}?q={secret.challenge.title_en[:10]}").context["cl"].result_count == 1


def test_someone_of_the_staff_who_does_not_moderate_sees_nothing(client: Client) -> None:
    client.force_login(UserFactory(is_staff=True))
    challenge = waiting(1)

    assert client.get(QUEUE).status_code == 403
    assert decide(client, challenge, "publish").status_code == 404
    assert Challenge.objects.get().state == ChallengeState.SUBMITTED


def test_work_that_was_given_up_shows_its_error_and_starts_again(
    client: Client, moderator: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "send", lambda job: False)
    dead = Job.objects.create(
        kind="queueing.sweep", subject="a", state=JobState.DEAD, attempts=5, error="RuntimeError: x\ny"
    )
    done = Job.objects.create(kind="queueing.sweep", subject="b", state=JobState.DONE)

    page = client.get("/admin/queueing/job/").content.decode()
    assert "RuntimeError: x" in page
    answer = act(client, "retry", [dead, done])

    assert "1 job started again." in answer.content.decode()
    assert Job.objects.get(subject="a").state == JobState.READY
    assert Job.objects.get(subject="a").attempts == 0
    assert Job.objects.get(subject="b").state == JobState.DONE


def test_organisations_are_verified_and_trusted_and_told(client: Client, moderator: Any) -> None:
    member = MembershipFactory(organisation=OrganisationFactory(trusted=False))

    act(client, "verify_and_trust", [member.organisation])
    jobs.drain()

    member.organisation.refresh_from_db()
    assert member.organisation.trusted
    assert member.organisation.verified
    assert [mailed.to for mailed in mail.outbox] == [[member.user.email]]


def test_trust_is_taken_back_and_what_the_firm_submits_waits_again(client: Client, moderator: Any) -> None:
    draft = DraftFactory(organisation=OrganisationFactory(trusted=True, verified_at=timezone.now()))
    untrusted = OrganisationFactory(trusted=False)

    page = act(client, "distrust", [draft.organisation, untrusted]).content.decode()

    assert "What 1 organisation submits waits for a moderator from now on." in page
    draft.organisation.refresh_from_db()
    assert (draft.organisation.trusted, draft.organisation.verified) == (False, True)
    assert submit_challenge(draft, by=draft.author).state == ChallengeState.SUBMITTED
    assert Activity.objects.get(verb="distrusted").actor == moderator


def buttons(client: Client, row: Any) -> list[str]:
    """The deeds that the page of a row offers."""
    page = client.get(reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk]))
    return re.findall(r'name="action" value="(\w+)"', page.content.decode())


def test_the_page_of_one_offers_what_its_list_does_as_far_as_it_makes_sense(client: Client, moderator: Any) -> None:
    claim = claim_record(ArchiveRecordFactory(), by=UserFactory(), message="我是第一作者，邮箱与论文一致。")
    offered = {
        "new": buttons(client, OrganisationFactory(verified_at=None, trusted=False)),
        "trusted": buttons(client, OrganisationFactory(trusted=True, verified_at=timezone.now())),
        "waiting": buttons(client, RecognitionFactory(state="waiting")),
        "confirmed": buttons(client, RecognitionFactory()),
        "open": buttons(client, claim),
        "dead": buttons(client, Job.objects.create(kind="a", state=JobState.DEAD)),
        "done": buttons(client, Job.objects.create(kind="b", state=JobState.DONE)),
        "person": buttons(client, moderator),
    }

    act(client, "accept", [claim])

    assert buttons(client, claim) == []
    assert offered == {
        "new": ["verify", "verify_and_trust"],
        "trusted": ["distrust"],
        "waiting": ["confirm", "refuse"],
        "confirmed": ["refuse"],
        "open": ["accept", "refuse"],
        "dead": ["retry"],
        "done": [],
        "person": [],
    }


def test_the_page_of_a_person_names_the_organisations_and_the_role(client: Client, moderator: Any) -> None:
    member = MembershipFactory()

    page = client.get(reverse("admin:accounts_user_change", args=[member.user_id])).content.decode()

    assert reverse("admin:accounts_organisation_change", args=[member.organisation_id]) in page
    assert member.get_role_display() in page


def test_a_revision_waits_from_its_last_edit_on_and_stands_behind_what_waits_longer(
    client: Client, moderator: Any
) -> None:
    published = ChallengeFactory(
        organisation=OrganisationFactory(trusted=False), submitted_at=timezone.now() - timedelta(days=90)
    )
    edit_challenge(published, by=published.author, values={"title_zh": "电芯检测"})
    first = waiting(3)

    assert [row.pk for row in client.get(QUEUE).context["cl"].result_list] == [first.pk, published.pk]


def test_nobody_is_asked_for_a_reason_where_nothing_is_confidential(client: Client, moderator: Any) -> None:
    empty = ConfidentialTextFactory(
        challenge=waiting(1), confidential_background="", confidential_problem="", confidential_data=""
    )
    address = reverse("admin:projects_challenge_confidential", args=[empty.challenge_id])

    pages = [client.get(change(empty.challenge)), client.get(address), client.post(address, {"reason": "核对级别。"})]

    for page in pages:
        assert "There is no confidential text." in page.content.decode()
        assert 'id="reason"' not in page.content.decode()
    assert not ConfidentialReading.objects.exists()
    assert not Notice.objects.exists()


@pytest.mark.parametrize(
    ("language", "deed", "field"), [("zh-hans", "修改", "标题（中文）"), ("zh-hant", "修改", "標題（中文）")]
)
def test_the_history_is_told_in_the_moderators_language(
    client: Client, moderator: Any, language: str, deed: str, field: str
) -> None:
    challenge = ChallengeFactory(organisation=OrganisationFactory(trusted=False))
    edit_challenge(challenge, by=challenge.author, values={"title_zh": "电芯检测"})

    page = client.get(change(challenge), headers={"accept-language": language}).content.decode()
    log = client.get("/admin/accounts/activity/", headers={"accept-language": language}).content.decode()

    assert f"{deed}<br><small>{field}</small>" in page
    assert f'<td class="field-deed">{deed}</td>' in log
    assert change(challenge) in log
