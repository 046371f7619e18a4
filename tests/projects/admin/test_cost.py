"""What the moderators' pages cost."""

from collections.abc import Callable
from functools import partial

import pytest
from django.test import Client
from django.urls import reverse

from projects.models import Challenge
from tests.factories import (
    ArchiveRecordFactory,
    CapabilityFactory,
    ChallengeFactory,
    OrganisationFactory,
    UserFactory,
)
from tests.queries import assert_flat

pytestmark = pytest.mark.django_db


def submitted() -> Challenge:
    """A challenge that waits for a moderator."""
    made: Challenge = ChallengeFactory(
        organisation=OrganisationFactory(trusted=False), state="submitted", published_at=None
    )
    return made


def test_the_queue_and_the_page_of_a_challenge_cost_the_same_at_any_length(client: Client) -> None:
    client.force_login(UserFactory(is_moderator=True, is_staff=True))
    challenge = submitted()
    change = reverse("admin:projects_challenge_change", args=[challenge.pk])

    assert_flat(
        submitted,
        (12, partial(client.get, "/admin/projects/challenge/")),
        (12, partial(client.get, change)),
    )


@pytest.mark.parametrize(
    ("address", "factory"),
    [
        ("accounts_organisation", OrganisationFactory),
        ("accounts_user", UserFactory),
        ("projects_capability", CapabilityFactory),
        ("projects_archiverecord", ArchiveRecordFactory),
    ],
)
def test_lists_of_the_moderators_cost_the_same_for_one_row_and_three(
    client: Client, address: str, factory: Callable[[], object]
) -> None:
    client.force_login(UserFactory(is_moderator=True, is_staff=True))

    assert_flat(factory, (12, lambda: client.get(reverse(f"admin:{address}_changelist"))))
