"""Who is told what a moderator decided, and what a decision leaves behind. The steps themselves are in test_challenges."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from functools import partial

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts.choices import MembershipRole
from accounts.models import Activity, Notice, User
from projects import rules
from projects.models import Challenge, ConfidentialReading, IndexChange
from projects.selectors.access import confidential_text
from projects.services.challenges import edit_challenge
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


@pytest.fixture
def moderator() -> User:
    made: User = UserFactory(is_moderator=True)
    return made


def waiting() -> Challenge:
    """A challenge that an untrusted firm has submitted."""
    made: Challenge = ChallengeFactory(
        organisation=OrganisationFactory(trusted=False), state=ChallengeState.SUBMITTED, published_at=None
    )
    return made


def told() -> set[User]:
    return {notice.recipient for notice in Notice.objects.filter(channel="in_app")}


def test_owners_and_members_are_told_and_viewers_and_outsiders_are_not(moderator: User) -> None:
    challenge = waiting()
    colleague = MembershipFactory(organisation=challenge.organisation, role=MembershipRole.MEMBER).user
    MembershipFactory(organisation=challenge.organisation, role=MembershipRole.VIEWER)
    MembershipFactory()

    publish_challenge(challenge, by=moderator, seen=challenge.fingerprint)

    assert told() == {challenge.author, colleague}


def test_a_trusted_firm_is_not_told_of_its_own_deed_but_the_colleague_is() -> None:
    draft = DraftFactory()
    colleague = MembershipFactory(organisation=draft.organisation, role=MembershipRole.MEMBER).user

    submit_challenge(draft, by=draft.author)

    assert told() == {colleague}


def test_each_round_of_changes_is_told(moderator: User) -> None:
    challenge = waiting()
    for _round in range(2):
        challenge = ask_for_changes(challenge, by=moderator, seen=challenge.fingerprint, note="请写明基线。")
        challenge = submit_challenge(challenge, by=challenge.author)
    assert challenge.moderation_note == ""

    assert Notice.objects.filter(channel="in_app", kind="changes_asked").count() == 2


def test_publishing_keeps_the_approved_text_and_enters_the_index_once(moderator: User) -> None:
    challenge = waiting()
    challenge = publish_challenge(challenge, by=moderator, seen=challenge.fingerprint)

    version = challenge.versions.get()
    assert (version.number, version.approved_by, version.fields["title_zh"]) == (1, moderator, challenge.title_zh)
    assert IndexChange.objects.filter(collection="challenges").count() == 1
    with pytest.raises(NotAllowed):
        publish_challenge(challenge, by=moderator, seen=challenge.fingerprint)


def test_a_moderator_cannot_decide_on_a_draft(moderator: User) -> None:
    draft = DraftFactory()

    with pytest.raises(NotAllowed):
        publish_challenge(draft, by=moderator, seen=draft.fingerprint)
    with pytest.raises(NotAllowed):
        reject_challenge(draft, by=moderator, seen=draft.fingerprint, note="x")

    draft.refresh_from_db()
    assert draft.state == ChallengeState.DRAFT


@pytest.mark.parametrize("state", [ChallengeState.SUBMITTED, ChallengeState.PUBLISHED], ids=["first", "revision"])
@pytest.mark.parametrize(
    "decide",
    [publish_challenge, partial(ask_for_changes, note="请写明基线。"), partial(reject_challenge, note="与平台无关。")],
    ids=["publish", "ask", "reject"],
)
def test_a_decision_is_on_the_text_that_the_moderator_saw(
    moderator: User, decide: Callable[..., Challenge], state: str
) -> None:
    challenge = ChallengeFactory(organisation=OrganisationFactory(trusted=False), state=state)
    edit_challenge(challenge, by=challenge.author, values={"title_en": "Cells", "budget_max": Decimal(900000)})
    seen = Challenge.objects.get().fingerprint
    edit_challenge(challenge, by=challenge.author, values={"title_en": "Pouch cells"})
    before = Challenge.objects.values().get()

    with pytest.raises(ValidationError) as caught:
        decide(challenge, by=moderator, seen=seen)

    (sentence,) = caught.value.message_dict["seen"]
    assert sentence.startswith(
        "“Pouch cells” was changed by the firm after you opened it, so nothing has been decided."
    )
    assert Challenge.objects.values().get() == before
    assert told() == set()
    assert decide(challenge, by=moderator, seen=Challenge.objects.get().fingerprint).state != before["state"]


def test_what_nobody_moderates_leaves_the_fingerprint_as_it_is() -> None:
    challenge = waiting()
    seen = Challenge.objects.get().fingerprint

    inside = {"payment_nodes": "三期", "internal_owner": "赵工", "is_bottleneck": True}
    edit_challenge(challenge, by=challenge.author, values=inside, confidential={"confidential_data": "良率。"})
    edit_challenge(challenge, by=challenge.author, values={"budget_max": Decimal(800000), "trl_target": 7})

    assert Challenge.objects.get().fingerprint == seen
    edit_challenge(challenge, by=challenge.author, values={"anonymous": True})
    assert Challenge.objects.get().fingerprint != seen


def test_the_note_reaches_the_log_and_the_firm_but_no_notice(moderator: User) -> None:
    challenge = waiting()
    challenge = reject_challenge(challenge, by=moderator, seen=challenge.fingerprint, note="与平台无关。\x00")

    assert challenge.moderation_note == "与平台无关。"
    assert Activity.objects.get(verb="reject").reason == "与平台无关。"
    assert "与平台无关" not in str(Notice.objects.values_list("data"))


def test_confidential_text_opens_for_that_moderator_for_an_hour(moderator: User) -> None:
    challenge = ChallengeFactory(confidentiality_tier="nda")
    ConfidentialTextFactory(challenge=challenge)
    other = UserFactory(is_moderator=True)
    assert confidential_text(moderator, challenge) is None

    with time_machine.travel(timezone.now(), tick=False) as clock:
        open_confidential(challenge, by=moderator, reason="核对附件是否涉密。")
        assert rules.can_read_confidential(moderator, challenge)
        assert not rules.can_read_confidential(other, challenge)
        assert not rules.can_read_confidential(moderator, ChallengeFactory())

        clock.shift(timedelta(hours=1))
        assert not rules.can_read_confidential(moderator, challenge)


@pytest.mark.parametrize("reason", ["", "  ", "四个字呀", "\u200b" * 9])
def test_a_reason_that_says_nothing_opens_nothing_and_tells_nobody(moderator: User, reason: str) -> None:
    challenge = ChallengeFactory()

    with pytest.raises(ValidationError) as caught:
        open_confidential(challenge, by=moderator, reason=reason)

    assert list(caught.value.message_dict) == ["reason"]
    assert not ConfidentialReading.objects.exists()
    assert told() == set()
