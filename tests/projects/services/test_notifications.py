"""What is told, to whom, and that nothing confidential is told."""

import pytest

from accounts.choices import MembershipRole
from accounts.models import Notice
from matchmaker.queueing import jobs
from projects.services import notifications
from projects.services.invitations import accept_invitation, decline_invitation, invite
from tests.factories import (
    CapabilityFactory,
    ChallengeFactory,
    ConfidentialTextFactory,
    MatchFactory,
    MembershipFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_broker(monkeypatch: pytest.MonkeyPatch) -> None:
    """Mails wait."""
    monkeypatch.setattr(jobs, "send", lambda job: False)


def test_a_new_match_is_told_to_the_owner_once_and_not_by_mail() -> None:
    match = MatchFactory()

    for _again in range(2):
        notifications.new_matches([match])

    notice = Notice.objects.get()
    assert (notice.recipient, notice.kind, notice.channel) == (match.capability.owner, "new_match", "in_app")
    assert notice.path == f"matches/{match.challenge_id}/{match.capability_id}/"
    assert notice.data == {"title_zh": match.challenge.title_zh, "title_en": match.challenge.title_en}


def test_a_new_capability_is_told_to_the_people_of_the_firm_once_and_not_by_mail() -> None:
    match = MatchFactory()
    firm = match.challenge.organisation
    owner = MembershipFactory(organisation=firm).user
    MembershipFactory(organisation=firm, role=MembershipRole.VIEWER)

    for _again in range(2):
        notifications.new_capabilities([match])

    told = Notice.objects.filter(recipient=owner).get()
    assert (told.kind, told.channel) == ("new_match", "in_app")
    assert told.data["offer_en"] == match.capability.title_en
    assert set(Notice.objects.values_list("recipient__memberships__role", flat=True)) <= {"owner", "member"}


def test_no_notice_names_an_anonymous_firm_or_holds_confidential_words() -> None:
    challenge = ChallengeFactory(anonymous=True)
    ConfidentialTextFactory(challenge=challenge)
    capability = CapabilityFactory()

    notifications.new_matches([MatchFactory(challenge=challenge, capability=capability)])
    invite(challenge, capability, by=challenge.author, message="canary-message")

    told = str(list(Notice.objects.filter(recipient=capability.owner).values()))
    assert challenge.title_zh in told
    for secret in (
        "canary",
        challenge.organisation.name_zh,
        challenge.organisation.name_en,
        str(challenge.organisation_id),
    ):
        assert secret not in told


def test_an_invitation_is_told_to_the_owner_and_its_answer_to_the_firm() -> None:
    challenge, capability = ChallengeFactory(), CapabilityFactory()
    colleague = MembershipFactory(organisation=challenge.organisation, role=MembershipRole.MEMBER).user
    MembershipFactory(organisation=challenge.organisation, role=MembershipRole.VIEWER)
    outsider = UserFactory()

    invitation = invite(challenge, capability, by=challenge.author)
    accept_invitation(invitation, by=capability.owner)

    invited = Notice.objects.filter(kind="invitation", channel="in_app")
    answered = Notice.objects.filter(kind="invitation_answer", channel="in_app")
    assert [notice.recipient for notice in invited] == [capability.owner]
    assert {notice.recipient for notice in answered} == {challenge.author, colleague}
    assert {notice.data["state"] for notice in answered} == {"accepted"}
    assert not Notice.objects.filter(recipient=outsider).exists()


def test_the_words_of_a_refusal_stay_on_the_page() -> None:
    challenge, capability = ChallengeFactory(), CapabilityFactory()
    invitation = invite(challenge, capability, by=challenge.author)

    decline_invitation(invitation, by=capability.owner, reason="no_time", answer="canary-answer 没有时间。")

    notice = Notice.objects.get(kind="invitation_answer", channel="in_app")
    assert notice.data["state"] == "declined"
    assert "canary-answer" not in str(notice.data)


def test_who_left_the_site_is_not_told() -> None:
    challenge = ChallengeFactory()
    gone = MembershipFactory(organisation=challenge.organisation, user=UserFactory(is_active=False))

    notifications.challenge_decided(challenge, "published", by=UserFactory(is_moderator=True))

    recipients = set(Notice.objects.filter(channel="in_app").values_list("recipient", flat=True))
    assert recipients == {challenge.author_id}
    assert gone.user_id not in recipients
