"""What the signed-in pages open with, each to the right people."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from accounts.services.activity import record
from projects.selectors import dashboards
from projects.services.moderation import open_confidential
from tests.factories import (
    CapabilityFactory,
    ChallengeFactory,
    ConfidentialTextFactory,
    DraftFactory,
    EvidenceFactory,
    InvitationFactory,
    MatchFactory,
    MembershipFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


def test_a_firm_counts_its_strong_and_possible_matches_and_no_gated_one() -> None:
    challenge = ChallengeFactory()
    draft = DraftFactory(organisation=challenge.organisation, updated_at=timezone.now() - timedelta(days=1))
    for band, gated in (("strong", False), ("strong", True), ("possible", False), ("possible", False), ("weak", False)):
        MatchFactory(challenge=challenge, band=band, gated=gated)
    MatchFactory()

    colleague = MembershipFactory(organisation=challenge.organisation, role="viewer").user
    for person in (challenge.author, colleague):
        rows = [(row.pk, row.strong_count, row.possible_count) for row in dashboards.firm_challenges(person)]  # type: ignore[attr-defined]
        assert rows == [(challenge.pk, 1, 2), (draft.pk, 0, 0)]
    assert list(dashboards.firm_challenges(UserFactory())) == []


def test_answers_stay_for_a_month() -> None:
    challenge, now = ChallengeFactory(), timezone.now()
    InvitationFactory(challenge=challenge, state="accepted", answered_at=now - timedelta(days=31))
    InvitationFactory(challenge=challenge, state="sent")
    recent = InvitationFactory(challenge=challenge, state="declined", answered_at=now - timedelta(days=29))

    assert list(dashboards.answered_invitations(challenge.author)) == [recent]
    assert list(dashboards.answered_invitations(recent.capability.owner)) == []


def test_a_firm_sees_who_read_its_confidential_text_and_what_was_done_and_outsiders_do_not() -> None:
    challenge, moderator = ConfidentialTextFactory().challenge, UserFactory(is_moderator=True)
    reading = open_confidential(challenge, by=moderator, reason="核对附件是否涉密。")
    record(challenge.author, "edited", challenge, organisation=challenge.organisation)

    assert list(dashboards.recent_readings(challenge.author)) == [reading]
    assert [deed.verb for deed in dashboards.recent_deeds(challenge.author)] == ["edited", "read confidential"]
    for other in (MembershipFactory().user, AnonymousUser()):
        assert list(dashboards.recent_readings(other)) == list(dashboards.recent_deeds(other)) == []


def test_one_sees_ones_own_capabilities_and_those_of_the_organisation_with_their_counts() -> None:
    own = EvidenceFactory().capability
    InvitationFactory(capability=own, state="accepted")
    colleague = MembershipFactory(organisation=own.organisation).user
    shared = CapabilityFactory(organisation=own.organisation, owner=colleague, for_organisation=True, state="draft")

    counted = {row.pk: (row.evidence_count, row.taken) for row in dashboards.own_capabilities(own.owner)}  # type: ignore[attr-defined]

    assert counted == {own.pk: (1, 1), shared.pk: (0, 0)}
    assert [row.pk for row in dashboards.own_capabilities(colleague)] == [shared.pk]
    assert not dashboards.own_capabilities(MembershipFactory().user).exists()


def test_open_invitations_wait_for_their_owner_the_most_urgent_first() -> None:
    capability, today = CapabilityFactory(), timezone.localdate()
    later = InvitationFactory(capability=capability, answer_by=today + timedelta(days=9))
    sooner = InvitationFactory(capability=capability, answer_by=today + timedelta(days=2), state="seen")
    InvitationFactory(capability=capability, state="declined")

    assert list(dashboards.received_invitations(capability.owner)) == [sooner, later]
    assert list(dashboards.accepted_invitations(capability.owner)) == []
    assert list(dashboards.received_invitations(later.challenge.author)) == []
    assert dashboards.accepted_counts([capability.pk]) == {}
    assert dashboards.invitations_of_challenge(later.challenge.author, later.challenge) == {capability.pk: later}
    assert dashboards.invitations_of_capability(UserFactory(), capability) == {}


def test_who_said_yes_finds_the_invitation_again_and_nobody_else_does() -> None:
    taken = InvitationFactory(state="accepted")

    assert list(dashboards.accepted_invitations(taken.capability.owner)) == [taken]
    assert list(dashboards.accepted_invitations(taken.challenge.author)) == []
    assert list(dashboards.accepted_invitations(UserFactory())) == []


def test_each_challenge_is_ranked_once_with_its_best_capability() -> None:
    owner, challenge = UserFactory(), ChallengeFactory()
    weaker, better = (CapabilityFactory(owner=owner) for _number in range(2))
    MatchFactory(challenge=challenge, capability=weaker, score=0.4)
    best = MatchFactory(challenge=challenge, capability=better, score=0.6)
    other = MatchFactory(capability=weaker, score=0.5)
    strange = MatchFactory(challenge=challenge, score=0.9)

    assert dashboards.ranked_challenges(owner) == [best.pk, other.pk]
    assert dashboards.pairs_in_order(owner, [other.pk, strange.pk, best.pk]) == [other, best]


def test_a_bridge_sees_what_nobody_matches_strongly_and_what_stands_in_one_language() -> None:
    lonely = ChallengeFactory(problem_en="")
    MatchFactory(challenge=lonely, band="possible")
    MatchFactory(challenge=lonely, band="strong", gated=True)
    MatchFactory(band="strong")
    DraftFactory(problem_en="")

    assert list(dashboards.without_strong_match(UserFactory())) == [lonely]
    assert list(dashboards.in_one_language(UserFactory())) == [lonely]
