"""The public page of a capability, of its owner and of an organisation."""

from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from projects.models import Capability
from tests.factories import (
    CapabilityFactory,
    ChallengeFactory,
    DraftFactory,
    EvidenceFactory,
    MatchFactory,
    MembershipFactory,
    OrganisationFactory,
    ProfileFactory,
    RecognitionFactory,
    UserFactory,
)
from tests.queries import assert_flat

pytestmark = pytest.mark.django_db


def page(client: Client, capability: Capability, language: str = "en", query: str = "") -> str:
    answer = client.get(f"/{language}/capabilities/{capability.pk}/{query}")
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_visitor_reads_owner_evidence_freshness_and_what_it_beats(client: Client) -> None:
    capability = CapabilityFactory(comparison_to_best_zh="漏检率比线阵相机低一半", last_confirmed=date(2026, 3, 1))
    EvidenceFactory(capability=capability, title_zh="极片缺陷论文", title_en="")

    english, chinese = page(client, capability), page(client, capability, "zh-hans")

    assert f'/en/people/{capability.owner_id}/"' in english
    assert "March 1, 2026" in english
    assert 'lang="zh-Hans">极片缺陷论文' in english
    assert "漏检率比线阵相机低一半" in chinese


def test_evidence_is_marked_with_the_script_it_is_written_in(client: Client) -> None:
    capability = CapabilityFactory()
    EvidenceFactory(capability=capability, title_zh="邊緣聯邦訓練", title_en="", summary_zh="跨廠訓練。", summary_en="")

    shown = page(client, capability)

    assert 'lang="zh-Hant">邊緣聯邦訓練' in shown
    assert 'lang="zh-Hant">跨廠訓練。' in shown


def test_evidence_comes_in_pages_of_twenty(client: Client) -> None:
    capability = CapabilityFactory()
    items = EvidenceFactory.create_batch(21, capability=capability)

    assert items[20].title_en not in page(client, capability)
    assert items[20].title_en in page(client, capability, query="?page=2")


@pytest.mark.parametrize("state", ["draft", "hidden", "archived"])
def test_what_is_not_in_the_directory_is_there_for_its_owner_alone(client: Client, state: str) -> None:
    capability = CapabilityFactory(state=state)
    colleague = MembershipFactory(organisation=capability.organisation).user

    for reader, status in ((None, 404), (UserFactory(), 404), (colleague, 404), (capability.owner, 200)):
        client.logout()
        if reader is not None:
            client.force_login(reader)
        assert client.get(f"/en/capabilities/{capability.pk}/").status_code == status


def test_a_firm_invites_by_picking_one_of_its_challenges(client: Client) -> None:
    match = MatchFactory()
    other = ChallengeFactory(
        organisation=match.challenge.organisation, author=match.challenge.author, title_en="Unmatched"
    )
    DraftFactory(organisation=match.challenge.organisation, author=match.challenge.author, title_en="Canary draft")

    assert "Sign up to invite" in page(client, match.capability)
    client.force_login(match.challenge.author)
    text = page(client, match.capability)

    assert f"/en/matches/{match.challenge_id}/{match.capability_id}/" in text
    assert f"/en/challenges/{other.pk}/matches/" in text
    assert "Canary draft" not in text


def test_the_owner_is_not_asked_to_invite_themselves(client: Client) -> None:
    capability = CapabilityFactory()
    client.force_login(capability.owner)

    text = page(client, capability)

    assert "Invite them" not in text
    assert f"/en/capabilities/{capability.pk}/matches/" in text


def test_a_capability_costs_few_queries(client: Client) -> None:
    match, firm = MatchFactory(), Client()
    address = f"/en/capabilities/{match.capability_id}/"
    firm.force_login(match.challenge.author)

    def more() -> None:
        EvidenceFactory(capability=match.capability)
        ChallengeFactory(organisation=match.challenge.organisation)

    assert_flat(more, (4, lambda: client.get(address)), (9, lambda: firm.get(address)))


def test_a_person_has_a_page_of_their_own_words_and_work_without_a_label(client: Client) -> None:
    profile = ProfileFactory()
    capability = CapabilityFactory(owner=profile.user, understanding=0.8, use=0.3, quadrant="bohr")
    CapabilityFactory(owner=profile.user, state="draft", title_en="Canary draft")

    text = client.get(f"/en/people/{profile.user_id}/").content.decode()

    assert "Professor of machine vision" in text
    assert f"/en/capabilities/{capability.pk}/" in text
    assert "People are not placed" in text
    assert "Canary draft" not in text
    assert profile.user.email not in text


def test_a_person_without_profile_or_public_work_has_no_page(client: Client) -> None:
    firm_person = MembershipFactory().user
    gone = ProfileFactory(user=UserFactory(is_active=False)).user

    assert client.get(f"/en/people/{firm_person.pk}/").status_code == 404
    assert client.get(f"/en/people/{gone.pk}/").status_code == 404


def test_a_person_is_not_tied_to_an_organisation_by_membership_alone(client: Client) -> None:
    profile = ProfileFactory()
    MembershipFactory(user=profile.user, organisation=OrganisationFactory(name_en="Canary Employer"))

    assert "Canary Employer" not in client.get(f"/en/people/{profile.user_id}/").content.decode()


def test_an_organisation_shows_labels_with_dates_how_it_was_verified_and_its_public_items(client: Client) -> None:
    firm = OrganisationFactory(verified_at=timezone.now(), verified_how="domain", domain="canary-domain.example")
    RecognitionFactory(organisation=firm, kind="little_giant", since=date(2024, 6, 1))
    shown = ChallengeFactory(organisation=firm)
    capability = CapabilityFactory(organisation=firm, for_organisation=True)
    anonymous = ChallengeFactory(organisation=firm, anonymous=True, title_en="Canary anonymous")
    draft = DraftFactory(organisation=firm, title_en="Canary draft")

    for reader in (None, shown.author):
        if reader is not None:
            client.force_login(reader)
        text = client.get(f"/en/organisations/{firm.pk}/").content.decode()
        for part in (
            "Little Giant",
            "June 1, 2024",
            "by the e-mail domain of its people",
            str(shown.pk),
            str(capability.pk),
        ):
            assert part in text
        for secret in ("Canary", str(anonymous.pk), str(draft.pk), "canary-domain"):
            assert secret not in text


def people_and_firm(rows: int) -> tuple[str, str]:
    """The addresses of a person and an organisation with so many capabilities and challenges."""
    profile, firm = ProfileFactory(), OrganisationFactory()
    for _number in range(rows):
        mine = CapabilityFactory(owner=profile.user, organisation=firm, understanding=0.8, use=0.3, quadrant="bohr")
        EvidenceFactory(capability=mine)
        ChallengeFactory(organisation=firm)
    return f"/en/people/{profile.user_id}/", f"/en/organisations/{firm.pk}/"


def test_organisation_and_person_cost_as_many_queries_for_thirty_rows_as_for_three(client: Client) -> None:
    for signed_in in (False, True):
        costs = []
        for rows in (3, 30):
            addresses = people_and_firm(rows)
            if signed_in:
                client.force_login(MembershipFactory().user)
            for address in addresses:
                with CaptureQueriesContext(connection) as counted:
                    client.get(address)
                costs.append(len(counted))
        assert costs[:2] == costs[2:]
        assert max(costs) <= (12 if signed_in else 7)


def test_organisation_and_person_show_all_their_capabilities_page_by_page(client: Client) -> None:
    for address, param in zip(people_and_firm(33), ("page", "offered"), strict=True):
        first, second = client.get(address), client.get(f"{address}?{param}=2")

        shown = [[row["href"] for row in page.context["capabilities"]] for page in (first, second)]
        assert [len(rows) for rows in shown] == [20, 13]
        assert len({*shown[0], *shown[1]}) == 33
        assert '<h2 id="capabilities">Capabilities <span class="count-quiet">33</span></h2>' in first.content.decode()
        assert f'href="?{param}=2"' in first.content.decode()


def test_the_two_lists_of_an_organisation_turn_their_pages_by_themselves(client: Client) -> None:
    _person, address = people_and_firm(21)

    page = client.get(f"{address}?page=2").content.decode()

    assert 'href="?page=1"' in page
    assert 'href="?page=2&amp;offered=2"' in page
