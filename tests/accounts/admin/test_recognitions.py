"""The moderators' queue of recognitions."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import Activity, Notice
from tests.factories import MembershipFactory, RecognitionFactory, UserFactory
from tests.queries import assert_flat

pytestmark = pytest.mark.django_db
QUEUE = "/admin/accounts/organisationlabel/"


@pytest.fixture
def moderator(client: Client) -> Any:
    """A signed-in moderator, who is no superuser."""
    person = UserFactory(is_moderator=True, is_staff=True)
    client.force_login(person)
    return person


def act(client: Client, action: str, rows: list[Any], **more: str) -> Any:
    return client.post(QUEUE, {"action": action, "_selected_action": [row.pk for row in rows], **more}, follow=True)


def test_what_waits_stands_first_with_its_age_and_its_evidence_can_be_opened(client: Client, moderator: Any) -> None:
    RecognitionFactory(kind="unicorn")
    young = RecognitionFactory(state="waiting", named_at=timezone.now() - timedelta(days=1, hours=1))
    old = RecognitionFactory(state="waiting", named_at=timezone.now() - timedelta(days=9, hours=1))

    answer = client.get(QUEUE)

    rows = list(answer.context["cl"].result_list)
    assert rows[:2] == [old, young]
    assert len(rows) == 3
    page = answer.content.decode()
    assert '<a href="https://list.example/2024" rel="noopener noreferrer">list.example</a>' in page
    assert '<td class="field-waiting_days">9</td>' in page
    assert list(client.get(QUEUE + "?state__exact=waiting").context["cl"].result_list) == [old, young]


def test_a_moderator_confirms_many_at_once_and_the_owners_are_told(client: Client, moderator: Any) -> None:
    owner = MembershipFactory()
    rows = [
        RecognitionFactory(organisation=owner.organisation, kind=kind, state="waiting")
        for kind in ("unicorn", "listed")
    ]
    rows.append(RecognitionFactory())  # which is confirmed

    page = act(client, "confirm", rows).content.decode()

    for row in rows[:2]:
        row.refresh_from_db()
        assert (row.state, row.decided_by) == ("confirmed", moderator)
    assert "2 recognitions decided." in page
    assert "decided so already" in page
    assert Notice.objects.filter(kind="recognition_decided", channel="in_app", recipient=owner.user).count() == 2
    assert Activity.objects.filter(verb="confirmed recognition", actor=moderator).count() == 2


def test_a_refusal_asks_for_a_sentence_first(client: Client, moderator: Any) -> None:
    row = RecognitionFactory(state="waiting")

    asked = act(client, "refuse", [row]).content.decode()
    row.refresh_from_db()
    assert "Why are these recognitions not confirmed?" in asked
    assert f"Little Giant · {row.organisation.name_en}" in asked
    assert row.state == "waiting"

    empty = act(client, "refuse", [row], note="  ").content.decode()
    row.refresh_from_db()
    assert "Say why the recognition is not confirmed" in empty
    assert row.state == "waiting"

    act(client, "refuse", [row], note="The list of 2024 has no such name.")
    row.refresh_from_db()
    assert (row.state, row.note) == ("refused", "The list of 2024 has no such name.")


@pytest.mark.parametrize("page", ["", "{pk}/change/"])
def test_who_decided_is_on_no_page(client: Client, moderator: Any, page: str) -> None:
    decider = UserFactory(is_moderator=True, email="canary-decider@site.example", name_en="Canary Decider", name_zh="")
    row = RecognitionFactory(decided_by=decider)

    text = client.get(QUEUE + page.format(pk=row.pk)).content.decode()

    assert "Little Giant" in text
    assert "canary" not in text.lower()


def test_only_moderators_decide(client: Client) -> None:
    row = RecognitionFactory(state="waiting")

    for person in (MembershipFactory(organisation=row.organisation).user, UserFactory(is_staff=True)):
        client.force_login(person)
        act(client, "confirm", [row])

    row.refresh_from_db()
    assert row.state == "waiting"


def test_the_queue_costs_the_same_at_any_length(client: Client, moderator: Any) -> None:
    assert_flat(lambda: RecognitionFactory(state="waiting"), (8, lambda: client.get(QUEUE)))
