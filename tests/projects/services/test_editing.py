"""Two who edit the same thing: nobody's text is lost in silence."""

from typing import Any

import pytest

from accounts.choices import MembershipRole
from accounts.models import Activity
from accounts.selectors.activity import last_edit
from projects.models import Capability, Challenge
from projects.services.capabilities import edit_capability
from projects.services.challenges import edit_challenge
from projects.services.editing import ChangedMeanwhile
from tests.factories import CapabilityFactory, DraftFactory, MembershipFactory

pytestmark = pytest.mark.django_db


def shared(kind: str) -> tuple[Any, Any, Any, Any]:
    """Something two people may edit, how it is edited, its owner, and a colleague."""
    if kind == "challenge":
        challenge = DraftFactory()
        colleague = MembershipFactory(organisation=challenge.organisation, role=MembershipRole.MEMBER).user
        return challenge, edit_challenge, challenge.author, colleague
    capability = CapabilityFactory(for_organisation=True)
    colleague = MembershipFactory(organisation=capability.organisation, role=MembershipRole.MEMBER).user
    return capability, edit_capability, capability.owner, colleague


@pytest.mark.parametrize("kind", ["challenge", "capability"])
def test_an_edit_of_what_a_colleague_has_edited_since_is_refused_and_says_who(kind: str) -> None:
    subject, edit, owner, colleague = shared(kind)
    version = last_edit(type(subject), subject.pk)
    edit(subject, by=colleague, values={"summary_zh": "同事的摘要。"}, version=version)

    with pytest.raises(ChangedMeanwhile) as caught:
        edit(subject, by=owner, values={"summary_zh": "我的摘要。"}, version=version)

    subject.refresh_from_db()
    assert subject.summary_zh == "同事的摘要。"
    assert str(colleague) in caught.value.messages[0]
    edit(subject, by=owner, values={"summary_zh": "我的摘要。"}, version=last_edit(type(subject), subject.pk))
    subject.refresh_from_db()
    assert subject.summary_zh == "我的摘要。"


@pytest.mark.parametrize("kind", ["challenge", "capability"])
def test_ones_own_edits_and_deeds_that_change_no_text_stand_in_nobodys_way(kind: str) -> None:
    subject, edit, owner, colleague = shared(kind)
    version = last_edit(type(subject), subject.pk)
    Activity.objects.create(
        actor=colleague, verb="confirmed", object_type=subject._meta.model_name, object_id=str(subject.pk)
    )

    for text in ("第一个标签页。", "第二个标签页。"):
        edit(subject, by=owner, values={"summary_zh": text}, version=version)

    subject.refresh_from_db()
    assert subject.summary_zh == "第二个标签页。"


def test_without_a_version_the_last_edit_wins_as_ever() -> None:
    challenge, edit, owner, colleague = shared("challenge")
    edit(challenge, by=colleague, values={"summary_zh": "同事的摘要。"})

    assert edit(challenge, by=owner, values={"summary_zh": "我的摘要。"}).summary_zh == "我的摘要。"


def test_edits_of_one_kind_of_object_are_not_counted_for_another() -> None:
    challenge, edit, _owner, colleague = shared("challenge")
    edit(challenge, by=colleague, values={"summary_zh": "同事的摘要。"})

    assert last_edit(Challenge, challenge.pk) > 0
    assert last_edit(Capability, challenge.pk) == 0
