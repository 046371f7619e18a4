"""Posting, publishing, confirming and ageing capabilities."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts.choices import MembershipRole
from accounts.models import Notice
from matchmaker.queueing.models import Job
from projects.models import Capability, IndexChange
from projects.services.capabilities import (
    age_capabilities,
    archive_capability,
    confirm_capability,
    edit_capability,
    post_capability,
    publish_capability,
)
from projects.states import CapabilityState, NotAllowed
from tests.factories import CapabilityFactory, MembershipFactory, UniversityFactory

pytestmark = pytest.mark.django_db


def post(**values: Any) -> Capability:
    membership = MembershipFactory(organisation=UniversityFactory())
    return post_capability(
        owner=membership.user,
        organisation=membership.organisation,
        values={"language": "zh", "title_zh": "极片检测", **values},
    )


def test_a_draft_needs_only_title_and_language() -> None:
    capability = post()

    assert capability.state == CapabilityState.DRAFT
    assert not Job.objects.exists()


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"title_zh": ""}, "title_zh"),
        ({"language": "xx"}, "language"),
        ({"kind": "magic"}, "kind"),
        ({"max_active": 0}, "max_active"),
        ({"trl": 10}, "trl"),
        ({"keywords_zh": "一个词"}, "keywords_zh"),
        ({"keywords_zh": ["词" * 100]}, "keywords_zh"),
        ({"wanted_modes": ["x"]}, "wanted_modes"),
        ({"application_sectors": ["Z99"]}, "application_sectors"),
        ({"understanding_rating": 6}, "understanding_rating"),
        ({"owner": None}, "owner"),
    ],
)
def test_bad_input_names_its_field(values: dict[str, Any], field: str) -> None:
    with pytest.raises(ValidationError) as caught:
        post(**values)

    assert list(caught.value.message_dict) == [field]


def test_publishing_needs_a_description_and_asks_for_matches() -> None:
    capability = post()
    with pytest.raises(ValidationError) as caught:
        publish_capability(capability, by=capability.owner)
    assert list(caught.value.message_dict) == ["summary_zh"]

    capability = edit_capability(capability, by=capability.owner, values={"summary_zh": "少样本缺陷检测。"})
    capability = publish_capability(capability, by=capability.owner)

    assert capability.live
    assert IndexChange.objects.filter(collection="capabilities", key=str(capability.pk)).count() == 1
    assert Job.objects.filter(kind="projects.match_capability").count() == 1


def test_what_nobody_confirms_ages_is_asked_about_once_and_is_hidden_after_a_year() -> None:
    today = timezone.localdate()
    half_a_year = CapabilityFactory(last_confirmed=today - timedelta(days=200))
    a_year = CapabilityFactory(last_confirmed=today - timedelta(days=366))
    fresh = CapabilityFactory(last_confirmed=today - timedelta(days=10))

    age_capabilities(today=today)
    age_capabilities(today=today)

    states = [Capability.objects.get(pk=row.pk).state for row in (half_a_year, a_year, fresh)]
    assert states == ["stale", "hidden", "published"]
    assert Notice.objects.filter(recipient=half_a_year.owner, channel="in_app").count() == 1


def test_confirming_brings_a_stale_capability_back() -> None:
    capability = CapabilityFactory(state="stale", last_confirmed=timezone.localdate() - timedelta(days=200))

    confirmed = confirm_capability(capability, by=capability.owner)

    assert (confirmed.state, confirmed.last_confirmed) == ("published", timezone.localdate())


def test_archiving_is_for_good() -> None:
    capability = CapabilityFactory()
    archive_capability(capability, by=capability.owner)

    with pytest.raises(NotAllowed):
        publish_capability(Capability.objects.get(), by=capability.owner)


def test_of_several_organisations_none_is_guessed_and_only_ones_own_can_be_named() -> None:
    first = MembershipFactory(organisation=UniversityFactory())
    second, foreign = MembershipFactory(user=first.user), UniversityFactory()
    values = {"language": "zh", "title_zh": "极片检测"}

    def home(**named: Any) -> Any:
        return post_capability(owner=first.user, values=values, **named).organisation

    assert home() is None
    assert home(organisation=second.organisation) == second.organisation
    for wrong in ({"organisation": foreign}, {"for_organisation": True}):
        with pytest.raises(ValidationError) as caught:
            home(**wrong)
        assert set(caught.value.message_dict) == {"organisation"}


def test_the_only_organisation_need_not_be_named_but_a_viewer_offers_nothing_for_it() -> None:
    viewer = MembershipFactory(role=MembershipRole.VIEWER)
    values = {"language": "zh", "title_zh": "极片检测"}

    assert post_capability(owner=viewer.user, values=values).organisation == viewer.organisation
    with pytest.raises(ValidationError):
        post_capability(owner=viewer.user, values=values, for_organisation=True)


def test_what_is_sent_twice_under_one_key_is_one_draft() -> None:
    owner, other = (MembershipFactory().user for _ in range(2))

    first = post_capability(owner=owner, values={"language": "zh", "title_zh": "极片检测"}, key="k")
    again = post_capability(owner=owner, values={"language": "zh", "title_zh": "极片检测方法"}, key="k")
    others = post_capability(owner=other, values={"language": "zh", "title_zh": "极片检测"}, key="k")

    assert first.pk == again.pk != others.pk
    assert Capability.objects.get(pk=first.pk).title_zh == "极片检测方法"
