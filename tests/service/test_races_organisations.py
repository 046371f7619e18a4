"""Organisations on PostgreSQL: two owners, two moderators, and edits of a firm beside those of its challenges."""

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from accounts.models import Notice, Organisation, OrganisationLabel
from accounts.services.organisations import edit_organisation
from accounts.services.recognitions import decide_recognition, name_recognition, withdraw_recognition
from projects.models import Challenge
from projects.services.challenges import edit_challenge
from tests.factories import ChallengeFactory, MembershipFactory, RecognitionFactory, UserFactory
from tests.service.races import crowd, overlap

pytestmark = [pytest.mark.service, pytest.mark.usefixtures("postgresql"), pytest.mark.timeout(240)]
GIVEN: dict[str, Any] = {"kind": "unicorn", "since": date(2024, 6, 1), "evidence_url": "https://list.example/"}


def errors(outcomes: Any) -> list[str]:
    """What those who lost were told; any other error fails the test."""
    assert [one for one in outcomes if isinstance(one, Exception) and not isinstance(one, ValidationError)] == []
    return [one.messages[0] for one in outcomes if isinstance(one, ValidationError)]


def test_of_two_owners_who_name_the_same_the_second_is_told() -> None:
    owners = [MembershipFactory()]
    owners.append(MembershipFactory(organisation=owners[0].organisation))

    outcomes = overlap(*[lambda one=one: name_recognition(one.organisation, by=one.user, **GIVEN) for one in owners])

    assert errors(outcomes) == ["This recognition is named already. Change that one instead."]
    assert OrganisationLabel.objects.get().named_by == owners[0].user


def test_of_two_moderators_who_confirm_one_does_and_the_owner_is_told_once() -> None:
    owner = MembershipFactory()
    label = RecognitionFactory(organisation=owner.organisation, state="waiting")
    moderators = [UserFactory(is_moderator=True) for _number in range(2)]

    outcomes = overlap(*[lambda one=one: decide_recognition(label, by=one, confirm=True) for one in moderators])

    assert errors(outcomes) == ["This recognition has been decided so already."]
    assert OrganisationLabel.objects.get().decided_by == moderators[0]
    assert Notice.objects.filter(kind="recognition_decided", channel="in_app").count() == 1


def test_what_is_withdrawn_while_a_moderator_decides_is_gone() -> None:
    owner = MembershipFactory()
    label = RecognitionFactory(organisation=owner.organisation, state="waiting")
    moderator = UserFactory(is_moderator=True)

    outcomes = overlap(
        lambda: withdraw_recognition(label, by=owner.user),
        lambda: decide_recognition(OrganisationLabel.objects.get(kind=label.kind), by=moderator, confirm=True),
    )

    assert errors(outcomes) == ["This recognition was withdrawn meanwhile."]
    assert not OrganisationLabel.objects.exists()


def test_a_firm_and_its_challenges_are_edited_at_once_and_nobody_waits_for_ever() -> None:
    owner = MembershipFactory()
    firm = owner.organisation
    rows = [ChallengeFactory(organisation=firm, author=owner.user) for _number in range(4)]

    def edit(number: int) -> Any:
        return lambda: edit_challenge(rows[number], by=owner.user, values={"title_en": f"Another title {number}"})

    def grow(size: str) -> Any:
        return lambda: edit_organisation(Organisation.objects.get(pk=firm.pk), by=owner.user, size=size)

    outcomes = crowd(*[edit(number) for number in range(4)], grow("small"), grow("medium"))

    assert errors(outcomes) == []
    assert {row.title_en for row in Challenge.objects.all()} == {f"Another title {number}" for number in range(4)}
    assert {row.input_version for row in Challenge.objects.all()} == {4}
