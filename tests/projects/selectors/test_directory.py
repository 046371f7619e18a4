"""The directory: what is in it, how free and fresh it is, and what is whose."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser

from accounts.choices import MembershipRole
from projects.selectors.directory import (
    capabilities_of_organisation,
    capabilities_of_person,
    capabilities_shown,
    directory_count,
    directory_facets,
    directory_rows,
    firms_pairs,
    organisation_count,
    own_pairs,
    sorted_rows,
)
from projects.selectors.facets import narrow
from projects.states import CapabilityState
from tests.factories import (
    CapabilityFactory,
    ChallengeFactory,
    DraftFactory,
    EvidenceFactory,
    InvitationFactory,
    MatchFactory,
    MembershipFactory,
)

pytestmark = pytest.mark.django_db


def test_only_live_capabilities_are_listed_counted_and_shown() -> None:
    made = {state: CapabilityFactory(state=state) for state in CapabilityState.values}
    live = {made["published"].pk, made["stale"].pk}

    assert {row["pk"] for row in directory_rows()} == live
    assert directory_count() == 2
    assert {row.pk for row in capabilities_shown([row.pk for row in made.values()])} == live


def test_a_place_is_taken_by_an_accepted_invitation_only() -> None:
    full, free = CapabilityFactory(max_active=1), CapabilityFactory(max_active=1)
    InvitationFactory(capability=full, state="accepted")
    InvitationFactory(capability=free, state="sent")

    found = narrow(directory_rows(), directory_facets([]), {"free": ("yes",)})

    assert [row["pk"] for row in found.rows] == [free.pk]
    assert found.kept_out == {"free": 1}


def test_rows_are_sorted_by_confirmation_and_readiness_and_those_that_do_not_say_last() -> None:
    today = date(2027, 1, 1)
    silent = CapabilityFactory(last_confirmed=None, trl=None)
    old = CapabilityFactory(last_confirmed=today - timedelta(days=91), trl=9)
    new = CapabilityFactory(last_confirmed=today - timedelta(days=90), trl=2)

    assert [row["pk"] for row in sorted_rows(directory_rows(), "confirmed")] == [new.pk, old.pk, silent.pk]
    assert [row["pk"] for row in sorted_rows(directory_rows(), "trl")] == [old.pk, new.pk, silent.pk]
    counts = narrow(directory_rows(), directory_facets([], today=today), {}).counts["confirmed"]
    assert dict(counts) == {"90": 1, "180": 2}


def test_evidence_is_counted_with_the_year_of_the_newest() -> None:
    capability = EvidenceFactory(year=2019).capability
    EvidenceFactory(capability=capability, year=2023)
    bare = CapabilityFactory()

    shown = capabilities_shown([bare.pk, capability.pk])

    assert [(row.evidence_count, row.evidence_year) for row in shown] == [(0, None), (2, 2023)]  # type: ignore[attr-defined]


def test_a_person_shows_their_own_and_an_organisation_its_own_and_its_peoples() -> None:
    own = CapabilityFactory()
    shared = CapabilityFactory(owner=own.owner, organisation=own.organisation, for_organisation=True)
    CapabilityFactory(owner=own.owner, organisation=own.organisation, state=CapabilityState.DRAFT)

    assert list(capabilities_of_person(own.owner)) == [own]
    assert set(capabilities_of_organisation(own.organisation)) == {own, shared}


def test_who_posts_without_a_name_is_not_counted() -> None:
    ChallengeFactory()
    CapabilityFactory()
    assert organisation_count() == 2

    ChallengeFactory(anonymous=True)
    DraftFactory()

    assert organisation_count() == 2


def test_the_owner_of_a_capability_sees_their_pairs_and_others_see_none() -> None:
    match = MatchFactory()
    MatchFactory(challenge=match.challenge)
    MatchFactory(challenge=match.challenge, capability=CapabilityFactory(owner=match.capability.owner), gated=True)

    assert own_pairs(match.capability.owner, match.challenge) == [match]
    for other in (match.challenge.author, MembershipFactory().user, AnonymousUser()):
        assert own_pairs(other, match.challenge) == []


def test_a_firm_may_invite_for_its_live_challenges_and_viewers_and_outsiders_for_none() -> None:
    match = MatchFactory()
    draft = DraftFactory(organisation=match.challenge.organisation)

    def offered(user: Any) -> list[Any]:
        return firms_pairs(user, match.capability)

    viewer = MembershipFactory(organisation=match.challenge.organisation, role=MembershipRole.VIEWER).user
    assert offered(match.challenge.author) == [match.challenge]
    assert offered(match.challenge.author)[0].band == "strong"
    assert draft not in offered(match.challenge.author)
    assert offered(viewer) == offered(AnonymousUser()) == offered(match.capability.owner) == []
