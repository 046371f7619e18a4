"""The capability directory: filters in the address, words in either script, and nothing that is not public."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from projects.models import Capability
from projects.services.search import store_terms
from tests.factories import CapabilityFactory, EvidenceFactory, InvitationFactory, UserFactory
from tests.queries import assert_flat

pytestmark = pytest.mark.django_db


def listed(client: Client, query: str = "", language: str = "en") -> list[str]:
    """The titles in the directory, in order."""
    answer = client.get(f"/{language}/capabilities/{query}")
    assert answer.status_code == 200
    return [row["title"] for row in answer.context["rows"]]


def searchable(capability: Capability) -> Capability:
    """The capability with its public words stored, as a worker does it."""
    store_terms(
        "capability", str(capability.pk), f"{capability.title_zh} {capability.title_en} {capability.methods_zh}"
    )
    return capability


def test_drafts_and_hidden_capabilities_are_in_no_list_and_no_count(client: Client) -> None:
    shown = CapabilityFactory(title_en="Shown")
    stale = CapabilityFactory(title_en="Stale", state="stale", published_at=timezone.now() - timedelta(days=200))
    hidden = [CapabilityFactory(title_en=f"Canary {state}", state=state) for state in ("draft", "hidden", "archived")]
    assert Capability.objects.count() == 5

    for reader in (None, UserFactory(), hidden[0].owner):
        if reader is not None:
            client.force_login(reader)
        page = client.get("/en/capabilities/")
        assert [row["id"] for row in page.context["rows"]] == [shown.pk, stale.pk]
        assert "Canary" not in page.content.decode()
        assert page.context["count"] == 2


@pytest.mark.parametrize(
    "query",
    [
        "kind=technology", "sector=C38", "place=guangzhou", "place=bay", "language=yue", "trl=7-9", "quadrant=edison",
        "mode=licence", "confirmed=90", "free=yes",
    ],
)  # fmt: skip
def test_each_filter_keeps_what_fits_and_leaves_out_the_rest(client: Client, query: str) -> None:
    fits = CapabilityFactory(
        title_en="It fits", kind="technology", application_sectors=["C38"], languages=["yue"], trl=8, quadrant="edison",
        wanted_modes=["licence"],
    )  # fmt: skip
    taken = CapabilityFactory(
        title_en="Another", kind="research", organisation=None, owner=UserFactory(), trl=2, quadrant="bohr", max_active=1,
        last_confirmed=timezone.localdate() - timedelta(days=400),
    )  # fmt: skip
    InvitationFactory(capability=taken, state="accepted")

    assert listed(client, f"?{query}") == [fits.title_en]
    assert client.get(f"/en/capabilities/?{query}").context["count"] == 1


@pytest.mark.parametrize("query", ["kind=magic", "trl=10-12", "confirmed=1", "who=me", "page=3", "sector=Z99"])
def test_an_unknown_option_is_told_in_a_sentence_and_lists_nothing(client: Client, query: str) -> None:
    CapabilityFactory()

    answer = client.get(f"/zh-hans/capabilities/?{query}")

    assert answer.status_code == 400
    assert len(answer.context["errors"]) == 1
    assert answer.context["rows"] == []


@pytest.mark.parametrize("words", ["机器视觉", "機器視覺", "electrode defects", "电极 vision", "缺陷"])
def test_words_find_a_capability_in_either_language_and_script(client: Client, words: str) -> None:
    found = searchable(CapabilityFactory(title_zh="电极缺陷的机器视觉"))
    searchable(CapabilityFactory(title_zh="制冷节能", title_en="Chiller control", methods_zh="预测控制"))

    assert listed(client, f"?q={words}") == [found.title_en]


def test_a_row_shows_room_evidence_and_what_it_beats(client: Client) -> None:
    capability = CapabilityFactory(comparison_to_best_en="Half the misses of line cameras", max_active=3)
    EvidenceFactory(capability=capability, year=2025)
    EvidenceFactory(capability=capability, year=2021)
    InvitationFactory(capability=capability, state="accepted")

    text = client.get("/en/capabilities/").content.decode()

    for part in ("2 of 3 places free", "2 pieces of evidence (2025)", "Half the misses of line cameras"):
        assert part in text


def test_the_directory_costs_the_same_queries_for_one_row_and_three(client: Client) -> None:
    assert_flat(
        lambda: EvidenceFactory(capability=searchable(CapabilityFactory())),
        (4, lambda: client.get("/en/capabilities/?page_size=50")),
        (5, lambda: client.get("/zh-hant/capabilities/?q=機器視覺&kind=research")),
    )
