"""Who may read what: an owner, a colleague, an outsider, a moderator and nobody."""

from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser

from accounts.choices import MembershipRole
from projects import rules
from projects.models import Challenge
from projects.selectors import access
from projects.services.capabilities import archive_capability
from projects.services.challenges import withdraw_challenge
from projects.services.moderation import open_confidential
from tests.factories import (
    CapabilityDraftFactory,
    CapabilityFactory,
    ChallengeFactory,
    ConfidentialTextFactory,
    DraftFactory,
    InvitationFactory,
    MatchFactory,
    MembershipFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db
NOBODY = AnonymousUser()


def colleague(challenge: Challenge, role: str = MembershipRole.MEMBER) -> Any:
    return MembershipFactory(organisation=challenge.organisation, role=role).user


def test_a_draft_is_known_to_its_organisation_alone() -> None:
    draft = DraftFactory()
    people = [draft.author, colleague(draft), MembershipFactory().user, UserFactory(is_moderator=True), NOBODY]

    seen = [access.visible_challenges(person).filter(pk=draft.pk).exists() for person in people]

    assert seen == [True, True, False, False, False]
    assert [rules.can_see_challenge(person, draft) for person in people] == seen


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        ("submitted", [True, False, True, False]),
        ("rejected", [True, False, True, False]),
        ("withdrawn", [True, False, True, False]),
        ("published", [True, True, True, True]),
        ("closed", [True, True, True, True]),
    ],
)
def test_rows_and_rule_agree_on_every_state(state: str, expected: list[bool]) -> None:
    challenge = ChallengeFactory(state=state)
    people = [challenge.author, MembershipFactory().user, UserFactory(is_moderator=True), NOBODY]

    assert [access.visible_challenges(person).filter(pk=challenge.pk).exists() for person in people] == expected
    assert [rules.can_see_challenge(person, challenge) for person in people] == expected


def test_what_was_never_handed_in_stays_the_firms_when_it_is_taken_back() -> None:
    draft, submitted = DraftFactory(), ChallengeFactory(state="submitted", published_at=None)
    ConfidentialTextFactory(challenge=draft)
    moderator = UserFactory(is_moderator=True)
    MatchFactory(challenge=draft)
    open_confidential(draft, by=moderator, reason="A complaint about the budget.")
    taken, back = (withdraw_challenge(row, by=row.author) for row in (draft, submitted))

    assert (taken.state, back.state) == ("withdrawn", "withdrawn")
    assert set(access.visible_challenges(moderator)) == {back}
    assert [rules.can_see_challenge(moderator, row) for row in (taken, back)] == [False, True]
    assert [rules.can_see_members_part(moderator, row) for row in (taken, back)] == [False, True]
    assert access.confidential_text(moderator, taken) is None
    assert not access.visible_matches(moderator).exists()
    assert set(access.visible_challenges(taken.author)) == {taken}
    assert access.confidential_text(taken.author, taken) is not None


def test_what_was_never_in_the_directory_stays_its_owners_when_it_is_archived() -> None:
    draft, known = CapabilityDraftFactory(), CapabilityFactory()
    moderator, stranger = UserFactory(is_moderator=True), UserFactory()
    put_away, gone = (archive_capability(row, by=row.owner) for row in (draft, known))

    assert set(access.visible_capabilities(moderator)) == {gone}
    assert [rules.can_see_capability(moderator, row) for row in (put_away, gone)] == [False, True]
    assert not access.visible_capabilities(stranger).exists()
    assert set(access.visible_capabilities(put_away.owner)) == {put_away}


def test_who_left_a_firm_sees_no_more_of_it() -> None:
    draft = DraftFactory()
    person = colleague(draft)
    assert access.visible_challenges(person).filter(pk=draft.pk).exists()

    person.memberships.all().delete()
    again = type(person).objects.get(pk=person.pk)

    assert not access.visible_challenges(again).filter(pk=draft.pk).exists()


def test_an_outsider_reads_no_member_field_and_no_poster_of_an_anonymous_challenge() -> None:
    challenge = ChallengeFactory(anonymous=True)
    outsider = MembershipFactory().user

    outside, inside = access.fields_for(outsider, challenge), access.fields_for(challenge.author, challenge)

    assert {"organisation", "city", "author", "internal_owner", "moderation_note", "is_bottleneck"}.isdisjoint(outside)
    assert {"organisation", "city", "author", "internal_owner", "moderation_note"} <= inside


def test_a_bottleneck_is_shown_only_when_the_firm_says_so() -> None:
    hidden, shown = ChallengeFactory(is_bottleneck=True), ChallengeFactory(is_bottleneck=True, bottleneck_public=True)

    assert "imported_today" not in access.fields_for(NOBODY, hidden)
    assert "imported_today" in access.fields_for(NOBODY, shown)


@pytest.mark.parametrize(
    ("tier", "expected"),
    [
        # owner, colleague, viewer, invited professor, other firm, moderator, nobody
        ("public", [True, True, False, False, False, False, False]),
        ("registered", [True, True, True, True, True, False, False]),
        ("invited", [True, True, False, True, False, False, False]),
        ("nda", [True, True, False, False, False, False, False]),
    ],
)
def test_confidential_text_opens_by_tier(tier: str, expected: list[bool]) -> None:
    challenge = ChallengeFactory(confidentiality_tier=tier)
    ConfidentialTextFactory(challenge=challenge)
    invitation = InvitationFactory(challenge=challenge)
    people = [
        challenge.author,
        colleague(challenge),
        colleague(challenge, MembershipRole.VIEWER),
        invitation.capability.owner,
        MembershipFactory().user,
        UserFactory(is_moderator=True),
        NOBODY,
    ]

    assert [access.confidential_text(person, challenge) is not None for person in people] == expected


def test_an_invitation_that_was_declined_opens_nothing() -> None:
    challenge = ChallengeFactory(confidentiality_tier="invited")
    ConfidentialTextFactory(challenge=challenge)
    invitation = InvitationFactory(challenge=challenge, state="declined")

    assert access.confidential_text(invitation.capability.owner, challenge) is None


def test_a_moderator_reads_confidential_text_only_with_a_reason() -> None:
    challenge = ChallengeFactory()
    ConfidentialTextFactory(challenge=challenge)
    moderator, other = UserFactory(is_moderator=True), UserFactory(is_moderator=True)

    open_confidential(challenge, by=moderator, reason="核对是否涉密。")

    assert access.confidential_text(moderator, challenge) is not None
    assert access.confidential_text(other, challenge) is None
    assert access.readings_of(challenge.author, challenge).count() == 1
    assert access.readings_of(moderator, challenge).count() == 0


def test_capabilities_are_seen_while_they_live() -> None:
    capability = CapabilityFactory(state="hidden")
    people = [capability.owner, MembershipFactory(organisation=capability.organisation).user, UserFactory(), NOBODY]

    expected = [True, False, False, False]
    assert [access.visible_capabilities(person).filter(pk=capability.pk).exists() for person in people] == expected
    assert [rules.can_see_capability(person, capability) for person in people] == expected


def test_what_an_organisation_offers_belongs_to_all_of_it() -> None:
    capability = CapabilityFactory(state="draft", for_organisation=True)
    person = MembershipFactory(organisation=capability.organisation, role="member").user
    viewer = MembershipFactory(organisation=capability.organisation, role="viewer").user

    assert rules.can_edit_capability(person, capability)
    assert access.visible_capabilities(viewer).filter(pk=capability.pk).exists()
    assert not rules.can_edit_capability(viewer, capability)


def test_a_pair_is_seen_from_its_two_sides_alone() -> None:
    match = MatchFactory()
    people = [
        match.challenge.author,
        colleague(match.challenge),
        match.capability.owner,
        MembershipFactory().user,
        UserFactory(is_moderator=True),
        NOBODY,
    ]

    expected = [True, True, True, False, True, False]
    assert [access.visible_matches(person).filter(pk=match.pk).exists() for person in people] == expected
    assert [rules.can_see_match(person, match) for person in people] == expected


def test_the_match_of_a_draft_is_the_firms_alone() -> None:
    match = MatchFactory(challenge=DraftFactory())

    assert access.visible_matches(match.challenge.author).exists()
    assert not access.visible_matches(match.capability.owner).exists()


def test_an_invitation_is_seen_by_its_two_sides() -> None:
    invitation = InvitationFactory()
    people = [invitation.challenge.author, invitation.capability.owner, UserFactory(), NOBODY]

    assert [access.visible_invitations(person).exists() for person in people] == [True, True, False, False]


@pytest.mark.parametrize(
    ("part", "parent", "told"),
    [
        ({}, {}, True),
        ({"anonymous": True}, {}, False),
        ({}, {"anonymous": True}, False),
        ({}, {"state": "withdrawn"}, False),
    ],
)
def test_a_part_does_not_name_the_firm_of_an_anonymous_whole_nor_a_whole_that_of_its_part(
    part: dict[str, Any], parent: dict[str, Any], told: bool
) -> None:
    whole = ChallengeFactory(**parent)
    piece = ChallengeFactory(organisation=whole.organisation, parent_challenge=whole, **part)

    assert "parent_challenge" in access.fields_for(whole.author, piece)
    assert "parent_challenge" in access.fields_for(UserFactory(is_moderator=True), piece)
    assert ("parent_challenge" in access.fields_for(NOBODY, piece)) == told
    assert ("parent_challenge" in access.fields_for(MembershipFactory().user, piece)) == told
