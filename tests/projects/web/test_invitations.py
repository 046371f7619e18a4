"""The page of an invitation, from both sides."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.choices import MembershipRole
from projects.models import Challenge, Invitation
from projects.services.challenges import close_challenge, withdraw_challenge
from tests.factories import ConfidentialTextFactory, InvitationFactory, MatchFactory, MembershipFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def invitation() -> Invitation:
    """An invitation of a stored pair that nobody has opened."""
    match = MatchFactory()
    return InvitationFactory(
        challenge=match.challenge, capability=match.capability, message="Shall we talk? 我们谈谈？"
    )


def page_of(invitation: Invitation, deed: str = "") -> str:
    return reverse(f"invitation_{deed}" if deed else "invitation", args=[invitation.pk])


def test_opening_tells_the_firm_that_it_was_seen(client: Client, invitation: Invitation) -> None:
    client.force_login(invitation.challenge.author)
    client.get(page_of(invitation))
    invitation.refresh_from_db()
    assert invitation.state == "sent"

    client.force_login(invitation.capability.owner)
    page = client.get(page_of(invitation)).content.decode()

    invitation.refresh_from_db()
    assert invitation.state == "seen"
    assert "Shall we talk? 我们谈谈？" in page
    assert "Why this pair" in page
    assert "please answer by" in page


def test_a_yes_shows_each_side_how_to_reach_the_other(client: Client, invitation: Invitation) -> None:
    client.force_login(invitation.capability.owner)
    before = client.get(page_of(invitation)).content.decode()
    assert invitation.sent_by.email not in before

    client.post(page_of(invitation, "accept"), {"answer": "下周二下午"})

    researcher = client.get(page_of(invitation)).content.decode()
    client.force_login(invitation.challenge.author)
    firm = client.get(page_of(invitation)).content.decode()
    assert invitation.sent_by.email in researcher
    assert invitation.capability.owner.email in firm
    assert "下周二下午" in firm


def test_a_no_needs_a_reason_and_a_sentence_and_keeps_what_was_typed(client: Client, invitation: Invitation) -> None:
    client.force_login(invitation.capability.owner)

    no_reason = client.post(page_of(invitation, "decline"), {"answer": "typed sentence"}).content.decode()
    no_sentence = client.post(page_of(invitation, "decline"), {"reason": "no_time"}).content.decode()
    client.post(page_of(invitation, "decline"), {"reason": "no_time", "answer": "Next year again."})

    assert 'href="#id_reason"' in no_reason
    assert "typed sentence" in no_reason
    assert 'href="#id_answer"' in no_sentence
    client.force_login(invitation.challenge.author)
    firm = client.get(page_of(invitation)).content.decode()
    assert "No time at present" in firm
    assert "Next year again." in firm


def test_a_full_researcher_is_told_what_to_do(client: Client, invitation: Invitation) -> None:
    invitation.capability.max_active = 1
    invitation.capability.save()
    InvitationFactory(capability=invitation.capability, state="accepted")
    client.force_login(invitation.capability.owner)

    page = client.post(page_of(invitation, "accept"), {"answer": "typed yes"}).content.decode()

    assert "All your places are taken." in page
    assert "typed yes" in page


def test_an_answer_cannot_be_given_twice(client: Client, invitation: Invitation) -> None:
    client.force_login(invitation.capability.owner)
    client.post(page_of(invitation, "accept"))

    answer = client.post(page_of(invitation, "decline"), {"reason": "terms", "answer": "No."}, follow=True)

    invitation.refresh_from_db()
    assert "This invitation was answered already." in answer.content.decode()
    assert invitation.state == "accepted"


def test_the_firm_takes_back_what_was_not_answered(client: Client, invitation: Invitation) -> None:
    client.force_login(invitation.challenge.author)

    client.post(page_of(invitation, "withdraw"))

    invitation.refresh_from_db()
    assert invitation.state == "withdrawn"


def test_who_may_open_and_who_may_answer(client: Client, invitation: Invitation) -> None:
    firm, academy = invitation.challenge.organisation, invitation.capability.organisation
    people = {
        "firm": invitation.challenge.author,
        "viewer": MembershipFactory(organisation=firm, role=MembershipRole.VIEWER).user,
        "colleague of the researcher": MembershipFactory(organisation=academy).user,
        "other firm": MembershipFactory().user,
        "moderator": UserFactory(is_moderator=True),
    }
    seen = {}
    for name, person in people.items():
        client.force_login(person)
        seen[name] = [client.get(page_of(invitation)).status_code]
        seen[name] += [client.post(page_of(invitation, deed)).status_code for deed in ("accept", "decline")]

    assert seen == {
        "firm": [200, 404, 404],
        "viewer": [200, 404, 404],
        "colleague of the researcher": [404, 404, 404],
        "other firm": [404, 404, 404],
        "moderator": [404, 404, 404],
    }
    client.logout()
    assert client.get(page_of(invitation)).url.startswith(reverse("account_login"))


@pytest.mark.parametrize("language", ["en", "zh-hans", "zh-hant"])
def test_the_page_opens_in_every_language_without_confidential_words(
    client: Client, invitation: Invitation, language: str, django_assert_max_num_queries: Any
) -> None:
    ConfidentialTextFactory(challenge=invitation.challenge)
    title = "In-line inspection" if language == "en" else "电池极片涂布缺陷在线检测"
    for person in (invitation.challenge.author, invitation.capability.owner):
        client.force_login(person)
        with django_assert_max_num_queries(12):
            page = client.get(f"/{language}/invitations/{invitation.pk}/").content.decode()
        assert title in page
        assert "canary-" not in page


@pytest.mark.parametrize(
    ("deed", "told"), [(close_challenge, "The firm has closed"), (withdraw_challenge, "The firm has taken")]
)
def test_an_ended_invitation_says_why_and_is_answered_no_more(
    client: Client, invitation: Invitation, deed: Any, told: str
) -> None:
    deed(invitation.challenge, by=invitation.challenge.author)
    client.force_login(invitation.capability.owner)

    page = client.get(page_of(invitation)).content.decode()
    answer = client.post(page_of(invitation, "accept"), {"answer": "yes"}, follow=True).content.decode()
    notices = client.get(reverse("notices")).content.decode()

    assert told in page
    assert "Accept invitation" not in page
    assert "has left the board" in answer
    assert invitation.sent_by.email not in answer
    assert told in notices
    invitation.refresh_from_db()
    assert invitation.state == "ended"


def test_the_firm_takes_back_by_page_and_api_alike(client: Client, invitation: Invitation) -> None:
    other = InvitationFactory(challenge=invitation.challenge)
    Challenge.objects.filter(pk=invitation.challenge_id).update(state="awarded")
    client.force_login(invitation.challenge.author)

    client.post(page_of(invitation, "withdraw"))
    answer = client.post(reverse("api_invitation_withdraw", args=[other.pk]))

    invitation.refresh_from_db()
    assert (invitation.state, answer.json()["state"]) == ("withdrawn", "withdrawn")
