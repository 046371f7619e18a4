"""Posting, editing, submitting and closing challenges."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts.models import Activity, Notice
from matchmaker.queueing.models import Job
from projects.models import Challenge, ConfidentialText, IndexChange
from projects.services.challenges import (
    close_challenge,
    edit_challenge,
    expire_challenges,
    keep_typed,
    missing_answers,
    post_challenge,
    withdraw_challenge,
)
from projects.services.moderation import (
    ask_for_changes,
    open_confidential,
    publish_challenge,
    reject_challenge,
    submit_challenge,
)
from projects.states import ChallengeState, NotAllowed
from tests.factories import (
    ChallengeFactory,
    ConfidentialTextFactory,
    DraftFactory,
    MembershipFactory,
    OrganisationFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db
LEAST = {"language": "zh", "title_zh": "极片检测", "problem_zh": "缺陷难以在线发现。"}


def post(**values: Any) -> Challenge:
    membership = MembershipFactory()
    return post_challenge(author=membership.user, organisation=membership.organisation, values={**LEAST, **values})


def errors_of(**values: Any) -> dict[str, list[str]]:
    with pytest.raises(ValidationError) as caught:
        post(**values)
    return caught.value.message_dict


@pytest.mark.parametrize(
    "values",
    [
        LEAST,
        {"language": "en", "title_en": "Electrode inspection", "problem_en": "Defects are hard to find in line."},
        {"language": "zh", "title_zh": "電極缺陷檢測", "problem_zh": "塗布缺陷難以在線發現。"},
        {"language": "zh", "title_zh": "X-ray 检测 of 极片", "problem_zh": "In-line 缺陷。"},
    ],
)
def test_a_draft_needs_only_title_problem_and_language(values: dict[str, str]) -> None:
    membership = MembershipFactory()

    challenge = post_challenge(author=membership.user, organisation=membership.organisation, values=values)

    assert challenge.state == ChallengeState.DRAFT
    assert Job.objects.filter(kind="projects.match_challenge", subject=str(challenge.pk)).count() == 1
    assert Activity.objects.filter(verb="posted", object_id=str(challenge.pk)).count() == 1


def test_what_is_typed_is_kept_until_the_challenge_ends() -> None:
    challenge = ChallengeFactory()

    keep_typed(challenge, fields={"title": ["half a ti\x00tle"]})
    kept = ConfidentialText.objects.get(challenge=challenge).typed["fields"]
    close_challenge(challenge, by=challenge.author)

    assert kept == {"title": ["half a title"]}
    assert ConfidentialText.objects.get(challenge=challenge).typed == {}
    with pytest.raises(NotAllowed):
        keep_typed(challenge, fields={"title": ["later"]})


def test_publication_asks_for_at_most_eight_more_answers() -> None:
    assert missing_answers(post()) == 8
    assert missing_answers(post(understanding_rating=1, trl_current=3, budget_max=5)) == 6
    assert missing_answers(DraftFactory()) == 0


def test_the_script_of_chinese_text_is_noted() -> None:
    assert post(title_zh="電極缺陷檢測", problem_zh="塗布缺陷難以發現").script == "hant"
    assert post(title_zh="电极缺陷检测", problem_zh="涂布缺陷难以发现").script == "hans"


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"title_zh": ""}, "title_zh"),
        ({"title_zh": "\x00\u202e \u200b"}, "title_zh"),
        ({"problem_zh": "   "}, "problem_zh"),
        ({"language": "fr"}, "language"),
        ({"budget_min": Decimal("-1")}, "budget_min"),
        ({"budget_min": Decimal(10), "budget_max": Decimal(5)}, "budget_max"),
        ({"trl_current": 7, "trl_target": 3}, "trl_target"),
        ({"trl_current": 12}, "trl_current"),
        ({"title_zh": "长" * 200}, "title_zh"),
        ({"problem_zh": "word " * 100_000}, "problem_zh"),
        ({"cooperation_modes": ["marriage"]}, "cooperation_modes"),
        ({"languages": "zh"}, "languages"),
        ({"target_metrics": [{"name_en": "time", "value": "fast"}]}, "target_metrics"),
        ({"target_metrics": [{"value": 5}]}, "target_metrics"),
        ({"state": "published"}, "state"),
        ({"organisation": "x"}, "organisation"),
    ],
)
def test_bad_input_names_its_field_and_stores_nothing(values: dict[str, Any], field: str) -> None:
    assert list(errors_of(**values)) == [field]
    assert Challenge.objects.count() == 0


def test_odd_characters_are_removed_and_emoji_stay() -> None:
    challenge = post(title_zh="极片\u202e检测\x00\u200b 👩‍🔬", problem_zh="一\r\n\r\n\r\n\r\n二")

    assert challenge.title_zh == "极片检测 👩‍🔬"
    assert challenge.problem_zh == "一\n\n二"


def test_a_place_is_known_by_any_of_its_names() -> None:
    assert {post(city=name).city_id for name in ("深圳", "Shenzhen", "深圳市", "shenzhen")} == {"shenzhen"}
    assert post(city="Ningde").city.name_en == "Ningde"


def test_submitting_names_everything_that_is_still_missing() -> None:
    challenge = post()

    with pytest.raises(ValidationError) as caught:
        submit_challenge(challenge, by=challenge.author)

    assert set(caught.value.message_dict) == {
        "target_metrics",
        "baseline_metrics",
        "trl_current",
        "trl_target",
        "budget_max",
        "answer_by",
        "ip_preference",
        "confidentiality_tier",
        "use_context_zh",
        "understanding_sought_zh",
    }


def test_who_needs_a_tool_need_not_name_a_question() -> None:
    challenge = DraftFactory(understanding_sought_zh="", understanding_rating=1)

    assert submit_challenge(challenge, by=challenge.author).state == ChallengeState.PUBLISHED


def test_a_date_in_the_past_is_refused_at_submission() -> None:
    challenge = DraftFactory(answer_by=timezone.localdate() - timedelta(days=1))

    with pytest.raises(ValidationError) as caught:
        submit_challenge(challenge, by=challenge.author)

    assert list(caught.value.message_dict) == ["answer_by"]


def test_a_trusted_organisation_publishes_at_once() -> None:
    challenge = DraftFactory()

    challenge = submit_challenge(challenge, by=challenge.author)

    assert challenge.state == ChallengeState.PUBLISHED
    assert challenge.versions.count() == 1
    assert IndexChange.objects.filter(collection="challenges", key=str(challenge.pk)).count() == 1


def test_an_untrusted_organisation_waits_for_a_moderator_and_is_told() -> None:
    challenge = DraftFactory(organisation=OrganisationFactory(trusted=False))
    moderator = UserFactory(is_moderator=True)

    waiting = submit_challenge(challenge, by=challenge.author)
    assert waiting.state == ChallengeState.SUBMITTED
    assert not IndexChange.objects.exists()

    publish_challenge(waiting, by=moderator, seen=waiting.fingerprint)

    assert Challenge.objects.get().state == ChallengeState.PUBLISHED
    assert Notice.objects.filter(recipient=challenge.author, kind="challenge_published", channel="in_app").count() == 1


@pytest.mark.parametrize(("send_back", "state"), [(ask_for_changes, "needs_changes"), (reject_challenge, "rejected")])
def test_sending_back_needs_a_sentence(send_back: Any, state: str) -> None:
    challenge = ChallengeFactory(state=ChallengeState.SUBMITTED, published_at=None)
    moderator = UserFactory(is_moderator=True)

    with pytest.raises(ValidationError):
        send_back(challenge, by=moderator, seen=challenge.fingerprint, note="  ")
    send_back(challenge, by=moderator, seen=challenge.fingerprint, note="请写明基线。")

    challenge.refresh_from_db()
    assert (challenge.state, challenge.moderation_note) == (state, "请写明基线。")


def test_an_edit_of_an_untrusted_firm_leaves_the_approved_version_visible() -> None:
    challenge = ChallengeFactory(organisation=OrganisationFactory(trusted=False))
    version = challenge.input_version

    edited = edit_challenge(challenge, by=challenge.author, values={"title_zh": "新标题"})

    assert edited.state == ChallengeState.REVISION_PENDING
    assert edited.title_zh == "电池极片涂布缺陷在线检测"
    assert edited.pending == {"title_zh": "新标题"}
    assert edited.input_version == version

    published = publish_challenge(edited, by=UserFactory(is_moderator=True), seen=edited.fingerprint)

    assert (published.title_zh, published.pending, published.state) == ("新标题", {}, ChallengeState.PUBLISHED)
    assert published.input_version == version + 1


def test_a_rejected_revision_leaves_the_published_text() -> None:
    challenge = ChallengeFactory(organisation=OrganisationFactory(trusted=False))
    edited = edit_challenge(
        challenge, by=challenge.author, values={"title_zh": "新标题", "budget_max": Decimal(900000)}
    )

    rejected = reject_challenge(edited, by=UserFactory(is_moderator=True), seen=edited.fingerprint, note="与原题不同。")

    assert (rejected.state, rejected.title_zh, rejected.pending) == ("published", "电池极片涂布缺陷在线检测", {})


def test_a_waiting_revision_is_edited_on_with_its_dates_and_amounts() -> None:
    challenge = ChallengeFactory(organisation=OrganisationFactory(trusted=False))
    later = timezone.localdate() + timedelta(days=60)
    edit_challenge(challenge, by=challenge.author, values={"budget_max": Decimal(900000), "answer_by": later})

    edited = edit_challenge(challenge, by=challenge.author, values={"title_zh": "新标题"})

    assert set(edited.pending) == {"budget_max", "answer_by", "title_zh"}
    published = publish_challenge(edited, by=UserFactory(is_moderator=True), seen=edited.fingerprint)
    published.refresh_from_db()
    assert (published.budget_max, published.answer_by, published.title_zh) == (Decimal(900000), later, "新标题")


def test_a_revision_that_says_what_is_published_waits_no_more() -> None:
    challenge = ChallengeFactory(organisation=OrganisationFactory(trusted=False))
    edit_challenge(challenge, by=challenge.author, values={"title_zh": "新标题"})

    edited = edit_challenge(challenge, by=challenge.author, values={"title_zh": challenge.title_zh})

    assert (edited.state, edited.pending) == (ChallengeState.PUBLISHED, {})
    assert not Job.objects.filter(kind="projects.match_challenge").exists()


def test_what_waited_is_published_with_the_next_edit_of_a_firm_that_is_trusted_by_now() -> None:
    challenge = ChallengeFactory(organisation=OrganisationFactory(trusted=False))
    edit_challenge(challenge, by=challenge.author, values={"title_zh": "新标题"})
    challenge.organisation.trusted = True
    challenge.organisation.save()

    edited = edit_challenge(challenge, by=challenge.author, values={"title_en": "A new title"})

    assert (edited.state, edited.pending) == (ChallengeState.PUBLISHED, {})
    assert (edited.title_zh, edited.title_en) == ("新标题", "A new title")


def test_an_edit_of_a_trusted_firm_is_matched_again() -> None:
    challenge = ChallengeFactory(matched_version=1)

    edited = edit_challenge(challenge, by=challenge.author, values={"problem_zh": "新的问题描述。"})

    assert not edited.matches_ready
    assert Job.objects.filter(kind="projects.match_challenge").count() == 1


def test_an_edit_without_a_change_asks_for_nothing() -> None:
    challenge = ChallengeFactory(matched_version=1)

    edited = edit_challenge(challenge, by=challenge.author, values={"title_zh": challenge.title_zh})

    assert edited.matches_ready
    assert not Job.objects.exists()


def test_confidential_text_lives_apart_and_changes_no_input() -> None:
    challenge = ChallengeFactory(matched_version=1)

    edit_challenge(challenge, by=challenge.author, values={}, confidential={"confidential_problem": "绝密"})

    challenge.refresh_from_db()
    assert challenge.confidential.confidential_problem == "绝密"
    assert challenge.matches_ready
    assert not Job.objects.exists()


def test_reading_confidential_text_tells_the_firm_who_and_why() -> None:
    challenge = ConfidentialTextFactory().challenge
    moderator = UserFactory(is_moderator=True)

    with pytest.raises(ValidationError):
        open_confidential(challenge, by=moderator, reason="x")
    open_confidential(challenge, by=moderator, reason="核对附件是否涉密。")

    notice = Notice.objects.get(recipient=challenge.author, kind="confidential_read", channel="in_app")
    assert notice.data["reason"] == "核对附件是否涉密。"


def test_closing_and_withdrawing_leave_the_board() -> None:
    closed, withdrawn = ChallengeFactory(), ChallengeFactory()

    close_challenge(closed, by=closed.author)
    withdraw_challenge(withdrawn, by=withdrawn.author)

    assert set(IndexChange.objects.values_list("key", flat=True)) == {str(closed.pk), str(withdrawn.pk)}
    with pytest.raises(NotAllowed):
        close_challenge(Challenge.objects.get(pk=closed.pk), by=closed.author)


@pytest.mark.parametrize("trusted", [True, False])
def test_a_date_that_has_passed_meanwhile_does_not_stand_in_the_way_of_an_edit(trusted: bool) -> None:
    yesterday = timezone.localdate() - timedelta(days=1)
    challenge = ChallengeFactory(
        answer_by=yesterday, deadline=yesterday, organisation=OrganisationFactory(trusted=trusted)
    )

    values = {"summary_zh": "新的摘要。", "answer_by": yesterday, "deadline": yesterday.isoformat()}
    edited = edit_challenge(challenge, by=challenge.author, values=values)

    assert edited.revised().summary_zh == "新的摘要。"
    assert edited.answer_overdue
    for name in ("answer_by", "deadline"):
        with pytest.raises(ValidationError) as caught:
            edit_challenge(challenge, by=challenge.author, values={name: yesterday - timedelta(days=1)})
        assert set(caught.value.message_dict) == {name}


def test_what_is_past_its_deadline_expires() -> None:
    today = timezone.localdate()
    past = ChallengeFactory(deadline=today - timedelta(days=1))
    ChallengeFactory(deadline=today + timedelta(days=1))

    assert expire_challenges(today=today) == 1
    past.refresh_from_db()
    assert past.state == ChallengeState.EXPIRED


def test_a_challenge_is_no_part_of_itself_nor_of_its_own_parts() -> None:
    whole = DraftFactory()
    part, piece = (DraftFactory(organisation=whole.organisation) for _ in range(2))
    edit_challenge(part, by=whole.author, values={"parent_challenge": whole})
    piece = edit_challenge(piece, by=whole.author, values={"parent_challenge": part})

    for parent in (whole, part, piece):
        with pytest.raises(ValidationError) as caught:
            edit_challenge(whole, by=whole.author, values={"parent_challenge": parent})
        assert caught.value.message_dict["parent_challenge"]
    assert edit_challenge(piece, by=whole.author, values={"parent_challenge": whole}).parent_challenge == whole


def test_a_ring_cannot_wait_for_a_moderator() -> None:
    firm = OrganisationFactory(trusted=False)
    one, other = (ChallengeFactory(organisation=firm) for _ in range(2))
    one = edit_challenge(one, by=one.author, values={"parent_challenge": other})

    assert one.pending == {"parent_challenge": str(other.pk)}
    with pytest.raises(ValidationError):
        edit_challenge(other, by=one.author, values={"parent_challenge": one})


def test_a_parent_is_of_the_same_organisation() -> None:
    part, foreign = DraftFactory(), DraftFactory()
    MembershipFactory(organisation=foreign.organisation, user=part.author)

    with pytest.raises(ValidationError) as caught:
        edit_challenge(part, by=part.author, values={"parent_challenge": foreign})

    assert caught.value.message_dict["parent_challenge"]
