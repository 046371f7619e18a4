"""The first page after signing in, for each kind of person."""

from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.choices import MembershipRole
from accounts.services.activity import record
from projects.models import ConfidentialReading
from tests.factories import (
    CapabilityFactory,
    ChallengeFactory,
    ConfidentialTextFactory,
    DraftFactory,
    EvidenceFactory,
    InvitationFactory,
    MatchFactory,
    MembershipFactory,
    OrganisationFactory,
    ProfileFactory,
    UserFactory,
)
from tests.queries import assert_flat

pytestmark = pytest.mark.django_db


def desk(client: Client, person: Any, query: str = "", language: str = "en") -> str:
    """The desk of a person as text."""
    client.force_login(person)
    return client.get(f"/{language}/dashboard/{query}").content.decode()


def test_nobody_opens_a_desk_without_signing_in(client: Client) -> None:
    assert client.get(reverse("dashboard")).url.startswith(reverse("account_login"))


def test_who_belongs_nowhere_is_welcomed(client: Client) -> None:
    client.force_login(UserFactory())

    answer = client.get(reverse("dashboard"), follow=True)

    assert answer.redirect_chain == [(reverse("welcome"), 302)]
    assert "I have a problem" in answer.content.decode()
    assert "I can help" in answer.content.decode()


def test_the_firms_desk_begins_with_decisions(client: Client) -> None:
    organisation = OrganisationFactory()
    person = MembershipFactory(organisation=organisation).user
    DraftFactory(organisation=organisation, title_en="Draft that lacks", budget_max=None, answer_by=None)
    DraftFactory(organisation=organisation, title_en="Draft that is complete")
    ChallengeFactory(
        organisation=organisation, state="needs_changes", title_en="Sent back", moderation_note="Please name the alloy."
    )
    published = ChallengeFactory(organisation=organisation, title_en="On the board")
    InvitationFactory(challenge=published, state="declined", decline_reason="no_time", answered_at=timezone.now())
    reader = UserFactory(is_moderator=True, name_en="Mo Derator")
    ConfidentialReading.objects.create(challenge=published, reader=reader, reason="Checking a copied patent number.")

    page = desk(client, person)

    assert page.index("Needs your decision") < page.index("Our challenges")
    for words in (
        "The draft lacks 2 answers.",
        "The draft is complete.",
        "Please name the alloy.",
        "No time at present",
    ):
        assert words in page
    assert "Mo Derator, a moderator, read the confidential part." in page
    assert "Checking a copied patent number." in page


def test_the_firms_desk_counts_matches_and_says_what_changed(client: Client) -> None:
    match = MatchFactory()
    MatchFactory(challenge=match.challenge, band="possible")
    MatchFactory(challenge=match.challenge, band="weak")
    MatchFactory(challenge=match.challenge, gated=True)
    challenge = match.challenge
    record(challenge.author, "published", challenge, organisation=challenge.organisation)

    client.force_login(challenge.author)
    answer = client.get(reverse("dashboard"))

    assert [(row["strong"], row["possible"]) for row in answer.context["rows"]] == [(1, 1)]
    assert "What changed" in answer.content.decode()


def test_the_researchers_desk_ranks_challenges_once_each_with_a_reason(client: Client) -> None:
    person = UserFactory()
    one, two = CapabilityFactory(owner=person), CapabilityFactory(owner=person)
    both, single = ChallengeFactory(title_en="For both"), ChallengeFactory(title_en="For one")
    MatchFactory(challenge=both, capability=one, score=0.4)
    MatchFactory(challenge=both, capability=two, score=0.9)
    MatchFactory(challenge=single, capability=one, score=0.6)

    client.force_login(person)
    answer = client.get(reverse("dashboard"))

    assert [row["card"].title for row in (*answer.context["fits"], *answer.context["weaker"])] == [
        "For both",
        "For one",
    ]
    assert reverse("match", args=[both.pk, two.pk]) in answer.content.decode()
    assert '<span lang="zh">机器视觉</span> ↔ <span lang="en">Machine vision</span>' in answer.content.decode()


def test_the_researchers_desk_begins_with_invitations_and_what_must_be_confirmed(client: Client) -> None:
    capability = CapabilityFactory(state="stale", title_en="Old but good")
    InvitationFactory(capability=capability, answer_by=timezone.localdate() + timedelta(days=3))
    InvitationFactory(capability=capability, state="accepted")
    EvidenceFactory(capability=capability)

    page = desk(client, capability.owner)

    assert "Answer invitation" in page
    assert "Please answer by" in page
    assert f'formaction="{reverse("capability_confirm", args=[capability.pk])}"' in page
    assert "1 of 2 places free" in page
    assert "1 piece of evidence" in page
    assert "left out of new match lists" not in page


def test_the_researchers_desk_keeps_whom_they_talk_with_and_says_when_no_place_is_free(client: Client) -> None:
    capability = CapabilityFactory(max_active=1)
    taken = InvitationFactory(capability=capability, state="accepted", challenge__title_en="Talked about")

    page = desk(client, capability.owner)

    assert "You are talking with" in page
    assert f'href="{reverse("invitation", args=[taken.pk])}"' in page
    assert (
        f'href="{reverse("capability_edit", args=[capability.pk])}#id_max_active">left out of new match lists' in page
    )


def test_weak_matches_stand_below_and_apart_and_open_where_there_is_no_other(client: Client) -> None:
    weak = MatchFactory(band="weak", score=0.1)
    weak.detail["band"] = "weak"
    weak.save()

    alone = desk(client, weak.capability.owner)
    MatchFactory(capability=weak.capability, band="strong", score=0.7)
    beside = desk(client, weak.capability.owner)

    assert "<details open><summary>1 weaker match</summary>" in alone
    assert "<details><summary>1 weaker match</summary>" in beside


def test_a_researcher_without_capabilities_is_shown_the_way(client: Client) -> None:
    page = desk(client, ProfileFactory().user)

    assert "Tell what you can do." in page
    assert reverse("capability_new") in page


def test_the_bridges_desk_lists_what_lacks_a_strong_match_and_a_translation(client: Client) -> None:
    MatchFactory(challenge__title_en="Well matched")
    MatchFactory(challenge__title_en="Weakly matched", band="weak")
    ChallengeFactory(title_en="Chinese only", problem_en="")
    DraftFactory(title_en="Still a draft")
    client.force_login(UserFactory(is_bridge=True))

    answer = client.get(reverse("dashboard"))

    assert {row["title"] for row in answer.context["alone"]} == {"Weakly matched", "Chinese only"}
    assert [row["title"] for row in answer.context["one_language"]] == ["Chinese only"]


def test_the_moderators_desk_counts_what_waits(client: Client) -> None:
    ChallengeFactory(state="submitted")
    client.force_login(UserFactory(is_moderator=True))

    answer = client.get(reverse("dashboard"))

    assert [(row["count"], row["days"]) for row in answer.context["rows"]][:2] == [(1, 0), (0, None)]


def test_a_desk_that_is_not_yours_is_not_shown(client: Client) -> None:
    membership = MembershipFactory()
    client.force_login(membership.user)

    assert client.get(reverse("dashboard") + "?as=moderator").context["shown"] == "firm"


def test_an_outsider_and_a_viewer_see_their_own(client: Client) -> None:
    challenge = DraftFactory(title_en="Canary draft")
    viewer = MembershipFactory(organisation=challenge.organisation, role=MembershipRole.VIEWER).user

    assert "Canary draft" in desk(client, viewer)
    assert reverse("challenge_new") not in desk(client, viewer)
    assert "Canary draft" not in desk(client, MembershipFactory().user)


@pytest.mark.parametrize("language", ["en", "zh-hans", "zh-hant"])
def test_desks_take_as_many_queries_for_three_rows_as_for_one_and_leak_nothing(client: Client, language: str) -> None:
    organisation, researcher = OrganisationFactory(), UserFactory()
    firm = MembershipFactory(organisation=organisation).user
    capability = EvidenceFactory(capability__owner=researcher).capability
    title = "In-line inspection" if language == "en" else "电池极片涂布缺陷在线检测"
    MatchFactory(challenge__title_en="In-line inspection, weak", band="weak")

    def more() -> None:
        challenge = ChallengeFactory(organisation=organisation)
        ConfidentialTextFactory(challenge=challenge)
        MatchFactory(challenge=challenge, capability=capability)
        MatchFactory(capability=EvidenceFactory(capability__owner=researcher).capability)
        InvitationFactory(challenge=challenge, capability=capability)
        InvitationFactory(challenge=challenge, state="accepted", answered_at=timezone.now())
        record(firm, "edited", challenge, organisation=organisation)

    people = (firm, researcher, UserFactory(is_bridge=True), UserFactory(is_moderator=True))
    readers = [Client() for _person in people]
    for reader, person in zip(readers, people, strict=True):
        reader.force_login(person)
    asks = [partial(reader.get, f"/{language}/dashboard/") for reader in readers]
    assert_flat(more, *((12, ask) for ask in asks))
    for person, ask in zip(people, asks, strict=True):
        page = ask().content.decode()
        assert "canary-" not in page
        assert (title in page) is not person.is_moderator


@pytest.mark.parametrize(
    ("given", "places", "said"),
    [("4", 4, "Saved."), ("0", 2, "between 1 and 50"), ("-1", 2, "between 1 and 50"), ("many", 2, "between 1 and 50")],
)
def test_a_professor_sets_the_number_of_places_on_the_desk(client: Client, given: str, places: int, said: str) -> None:
    capability = CapabilityFactory(max_active=2, summary_en="Machine vision.")
    address = f"/en/capabilities/{capability.pk}/places/"
    assert f'action="{address}"' in desk(client, capability.owner)

    answer = client.post(address, {"max_active": given}, follow=True)

    capability.refresh_from_db()
    assert capability.max_active == places
    assert said in answer.content.decode()


def test_nobody_else_sets_the_places(client: Client) -> None:
    capability = CapabilityFactory(max_active=2)
    client.force_login(MembershipFactory(organisation=capability.organisation).user)

    assert client.post(f"/en/capabilities/{capability.pk}/places/", {"max_active": "9"}).status_code == 404
    capability.refresh_from_db()
    assert capability.max_active == 2
