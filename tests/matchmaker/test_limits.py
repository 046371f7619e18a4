"""How often one person may change what is matched, and look at how it matches."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from rest_framework.exceptions import Throttled

from matchmaker.limits import DRAFTS, EDITS, LOOKS, Limit, demand
from tests.factories import CapabilityFactory, ChallengeFactory, DraftFactory, MatchFactory, UserFactory

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 23, 12, 0, tzinfo=timezone.get_fixed_timezone(480))


def allowed(who: object, limit: Limit) -> bool:
    """Whether one more is allowed."""
    try:
        demand(who, limit)
    except Throttled:
        return False
    return True


def use_up(who: object, limit: Limit) -> None:
    """Does it until it is refused."""
    for _number in range(limit.most * 3):
        if not allowed(who, limit):
            return
    pytest.fail("there is no limit")


def test_sixty_edits_an_hour_are_allowed_to_each_person() -> None:
    with time_machine.travel(NOON, tick=False):
        assert [allowed("li", EDITS) for _number in range(61)] == [True] * 60 + [False]
        assert allowed("chan", EDITS)
        assert allowed("li", DRAFTS)
    with time_machine.travel(NOON + timedelta(minutes=45), tick=False), pytest.raises(Throttled) as caught:
        demand("li", EDITS)
    assert caught.value.wait == 15 * 60
    with time_machine.travel(NOON + timedelta(minutes=60), tick=False):
        assert allowed("li", EDITS)


def test_looks_are_counted_without_asking_the_database(django_assert_num_queries: Any) -> None:
    with time_machine.travel(NOON, tick=False), django_assert_num_queries(0):
        looks = [allowed("reader", LOOKS) for _number in range(700)]

    assert looks == [True] * 600 + [False] * 100


Deed = Callable[[Client], Any]


def deeds() -> list[tuple[Limit, Any, Deed]]:
    """What is limited: by which limit, for whom, and how it is asked for."""
    challenge, draft, capability = ChallengeFactory(), DraftFactory(), CapabilityFactory()
    pair = MatchFactory()
    for side in (pair.challenge, pair.capability):
        side.matched_version = side.input_version
        side.save(update_fields=["matched_version"])
    body = {"content_type": "application/json"}
    form = {
        "action": "save",
        "language": "zh",
        "title": "极片",
        "problem": "漏涂",
        "metrics-TOTAL_FORMS": "0",
        "metrics-INITIAL_FORMS": "0",
    }
    pages = f"/en/capabilities/{capability.pk}/"
    firm, owner = pair.challenge.author, pair.capability.owner
    return [
        (EDITS, challenge.author, lambda c: c.patch(f"/api/v1/challenges/{challenge.pk}/", {}, **body)),
        (DRAFTS, draft.author, lambda c: c.patch(f"/api/v1/challenges/{draft.pk}/", {}, **body)),
        (DRAFTS, draft.author, lambda c: c.post(f"/en/challenges/{draft.pk}/edit/", form)),
        (EDITS, capability.owner, lambda c: c.patch(f"/api/v1{pages[3:]}", {}, **body)),
        (EDITS, capability.owner, lambda c: c.post(f"/api/v1{pages[3:]}evidence/", {"title_en": "A paper", "kind": "paper"}, **body)),
        (EDITS, capability.owner, lambda c: c.post(f"/api/v1{pages[3:]}confirm/", **body)),
        (EDITS, capability.owner, lambda c: c.post(f"{pages}edit/", {})),
        (EDITS, capability.owner, lambda c: c.post(f"{pages}evidence/import/", {})),
        (LOOKS, firm, lambda c: c.get(f"/api/v1/challenges/{pair.challenge_id}/matches/")),
        (LOOKS, owner, lambda c: c.get(f"/api/v1/capabilities/{pair.capability_id}/matches/")),
        (LOOKS, firm, lambda c: c.get(reverse("match_list", args=[pair.challenge_id]))),
        (LOOKS, owner, lambda c: c.get(reverse("capability_matches", args=[pair.capability_id]))),
        (LOOKS, owner, lambda c: c.get(f"/en/matches/{pair.challenge_id}/{pair.capability_id}/")),
    ]  # fmt: skip


def test_page_and_api_are_limited_together_and_say_when_to_try_again() -> None:
    with time_machine.travel(NOON + timedelta(minutes=30), tick=False):
        for number, (limit, person, deed) in enumerate(deeds()):
            client = Client()
            client.force_login(person)
            if allowed(person.pk, limit):
                assert deed(client).status_code < 429, number
            use_up(person.pk, limit)

            answer = deed(client)

            assert answer.status_code == 429, number
            assert answer["Retry-After"] in ("1800", "1801")
            if answer.request["PATH_INFO"].startswith("/api/"):
                assert answer["Content-Type"] == "application/problem+json"
            else:
                assert "Please wait 30 minutes, then try again." in answer.content.decode()


def test_a_list_that_is_looked_for_may_be_asked_for_at_any_rate() -> None:
    challenge = ChallengeFactory()
    client = Client()
    client.force_login(challenge.author)
    use_up(challenge.author.pk, LOOKS)

    assert client.get(f"/api/v1/challenges/{challenge.pk}/matches/").status_code == 200
    assert client.get(reverse("match_list", args=[challenge.pk])).status_code == 200


def test_the_limit_is_a_persons_own() -> None:
    pair = MatchFactory()
    use_up(UserFactory().pk, LOOKS)
    client = Client()
    client.force_login(pair.capability.owner)

    assert client.get(f"/en/matches/{pair.challenge_id}/{pair.capability_id}/").status_code == 200
