"""What somebody learns of a confidential text who plays with their own: nothing, not from many tries, nor together with others."""

import json
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from projects import queue
from projects.choices import Collection
from projects.models import Challenge, Epoch, Match
from projects.services import documents
from projects.services.capabilities import edit_capability
from projects.services.challenges import edit_challenge, withdraw_challenge
from tests.factories import CapabilityFactory, ChallengeFactory, DraftFactory, MembershipFactory
from tests.leaks.site import settle

pytestmark = [pytest.mark.django_db, pytest.mark.timeout(300)]
PAIRS = [("钠离子电池", "量子计算"), ("港口泊位调度", "超声检测"), ("graphene dispersant", "sintering furnace")]
PUBLIC = {
    "title_zh": "产线难题",
    "title_en": "A problem in line",
    "problem_zh": "产线上的效果不佳。",
    "problem_en": "It fails.",
}


@pytest.fixture(autouse=True)
def _own_index(settings: Any, tmp_path: Any) -> None:
    """Each test begins without an index."""
    settings.INDEX_DIR = tmp_path


def on_the_board() -> Challenge:
    """A challenge whose public text tells little."""
    challenge: Challenge = ChallengeFactory(**PUBLIC, confidentiality_tier="nda")
    queue.index_changed(Collection.CHALLENGES, challenge.pk)
    queue.match_challenge(challenge)
    settle()
    return challenge


def seen_by(owner: Any, capability: Any) -> Any:
    """All that the API says to the owner of a capability about the challenges it matches."""
    client = Client()
    client.force_login(owner)
    return client.get(f"/api/v1/capabilities/{capability.pk}/matches/").json()["results"]


def strength(results: Any) -> float:
    """How strongly an attacker sees a text answered: the sum of all parts of all pairs, and of the words given as reasons."""
    return sum(sum(row["parts"].values()) + len(row["reasons"]) for row in results)


def rounds(challenge: Challenge) -> list[tuple[bool, bool]]:
    """For each hidden word: whether the attacker saw a difference between the two, and whether it led to the right one."""
    capability = CapabilityFactory()
    played = []
    for pair in PAIRS:
        for hidden in pair:
            edit_challenge(challenge, by=challenge.author, values={}, confidential={"confidential_problem": hidden})
            queue.index_changed(Collection.CHALLENGES, challenge.pk)
            queue.match_challenge(challenge)
            seen = {}
            for word in pair:
                texts = {"summary_zh": f"{word}方法，用于产线", "summary_en": f"{word} in line"}
                edit_capability(capability, by=capability.owner, values=texts)
                settle()
                seen[word] = strength(seen_by(capability.owner, capability))
            played.append((len(set(seen.values())) > 1, max(seen, key=lambda word: seen[word]) == hidden))
    return played


def test_probing_with_ones_own_text_is_no_better_than_a_coin(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the two words are answered differently, the same one leads whichever is hidden: half of the guesses are right."""
    challenge = on_the_board()

    played = rounds(challenge)

    assert sum(right for _told, right in played) == len(played) / 2

    honest = documents.challenge_document

    def leaky(row: Any) -> Any:
        secret = getattr(Challenge.objects.select_related("confidential").get(pk=row.pk), "confidential", None)
        row.problem_zh += secret.confidential_problem if secret else ""
        return honest(row)

    monkeypatch.setattr("projects.services.documents.challenge_document", leaky)
    monkeypatch.setattr("projects.services.matching.challenge_document", leaky)
    assert all(told and right for told, right in rounds(challenge))


def test_many_who_put_their_explanations_together_find_no_confidential_word() -> None:
    words = [word for pair in PAIRS for word in pair]
    challenge = on_the_board()
    edit_challenge(challenge, by=challenge.author, values={}, confidential={"confidential_data": "，".join(words)})
    attackers = [
        CapabilityFactory(summary_zh=f"{word}，用于产线", summary_en=f"{word} in line", published_at=None)
        for word in words
    ]
    for capability in attackers:
        queue.index_changed(Collection.CAPABILITIES, capability.pk)
        queue.match_capability(capability)
    settle()

    told = [row for capability in attackers for row in seen_by(capability.owner, capability)]

    assert sum(len(row["reasons"]) for row in told) >= len(attackers)
    shown = json.dumps([row["reasons"] for row in told], ensure_ascii=False)
    assert [word for word in words if any(part in shown for part in word.split())] == []


def test_one_challenge_more_or_less_changes_no_other_pair_and_no_statistic() -> None:
    others = [CapabilityFactory() for _ in range(4)]
    challenge = on_the_board()

    def pairs() -> dict[Any, Any]:
        rows = Match.objects.filter(challenge=challenge)
        return {row.capability_id: (row.score, row.band, row.detail) for row in rows}

    before, epochs = pairs(), list(Epoch.objects.values_list("number", flat=True))
    assert len(before) == len(others)

    new = on_the_board()
    assert Match.objects.filter(challenge=new).exists()
    assert pairs() == before
    withdraw_challenge(new, by=new.author)
    settle()

    assert pairs() == before
    assert list(Epoch.objects.values_list("number", flat=True)) == epochs


@pytest.mark.parametrize("path", ["/en/challenges/{}/", "/api/v1/challenges/{}/", "/api/v1/challenges/{}/matches/"])
def test_what_is_hidden_costs_the_same_questions_as_what_is_not_there(path: str) -> None:
    """No clock is read: the same questions to the database, and nothing after them, take the same time."""
    client = Client()
    client.force_login(MembershipFactory().user)
    client.get(path.format(uuid4()))  # what is read once per process

    def asked(pk: Any) -> list[str]:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(path.format(pk)).status_code == 404
        return [query["sql"].replace(str(pk), "?").replace(pk.hex, "?") for query in captured]

    assert asked(DraftFactory().pk) == asked(uuid4())
    assert len(asked(uuid4())) > 1
