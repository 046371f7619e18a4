"""The public page of a challenge: what each reader sees, and what nobody learns from it."""

import re
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.services.places import place_named
from projects.models import Challenge, ConfidentialReading, SimilarChallenge
from tests.factories import (
    CapabilityFactory,
    ChallengeFactory,
    ConfidentialTextFactory,
    DraftFactory,
    InvitationFactory,
    MatchFactory,
    MembershipFactory,
    OrganisationFactory,
    UserFactory,
)
from tests.queries import assert_flat

pytestmark = pytest.mark.django_db


def page(client: Client, challenge: Challenge, language: str = "en") -> str:
    answer = client.get(f"/{language}/challenges/{challenge.pk}/")
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_visitor_reads_figures_readiness_and_texts_in_their_language(client: Client) -> None:
    challenge = ChallengeFactory()

    english, chinese = page(client, challenge), page(client, challenge, "zh-hans")

    assert "inspection time" in english
    assert re.search(r">240<.*>5<", english, re.DOTALL)
    assert "must be reached" in english
    assert "At 80 m/min the smallest defect is 0.1 mm" in english
    assert 'lang="zh-Hans">电池极片涂布缺陷在线检测</h1>' in chinese
    assert "In-line inspection of battery electrode coating" in chinese


def test_a_draft_is_there_for_the_firm_alone(client: Client) -> None:
    draft = DraftFactory()
    colleague = MembershipFactory(organisation=draft.organisation).user

    for reader, status in ((None, 404), (UserFactory(), 404), (colleague, 200), (draft.author, 200)):
        client.logout()
        if reader is not None:
            client.force_login(reader)
        assert client.get(f"/en/challenges/{draft.pk}/").status_code == status


@pytest.mark.parametrize("tier", ["registered", "invited", "nda"])
def test_the_panel_of_the_uncleared_is_the_same_with_and_without_confidential_text(client: Client, tier: str) -> None:
    empty = ChallengeFactory(confidentiality_tier=tier)
    filled = ChallengeFactory(confidentiality_tier=tier, organisation=empty.organisation)
    text = ConfidentialTextFactory(challenge=filled)
    assert "canary" in text.confidential_data

    panels = [page(client, item).split('id="confidential"')[1].split("</section>")[0] for item in (empty, filled)]

    assert panels[0].replace(str(empty.pk), "") == panels[1].replace(str(filled.pk), "")
    assert "canary" not in page(client, filled)


@pytest.mark.parametrize(
    ("tier", "outsider", "invited"), [("registered", True, True), ("invited", False, True), ("nda", False, False)]
)
def test_confidential_text_is_read_by_those_whom_the_tier_admits(
    client: Client, tier: str, outsider: bool, invited: bool
) -> None:
    challenge = ConfidentialTextFactory(challenge__confidentiality_tier=tier).challenge
    capability = CapabilityFactory()
    InvitationFactory(challenge=challenge, capability=capability)
    colleague = MembershipFactory(organisation=challenge.organisation).user

    readers = (
        (None, False),
        (UserFactory(), outsider),
        (capability.owner, invited),
        (colleague, True),
        (challenge.author, True),
    )
    for reader, cleared in readers:
        client.logout()
        if reader is not None:
            client.force_login(reader)
        assert ("canary-problem-9d2" in page(client, challenge)) is cleared


CANARIES = ("canary-problem-9d2", "canary import", "canary substitute", "canary owner", "canary nodes")


def own(tier: str, **fields: Any) -> Challenge:
    """A challenge with something of the firm's own in each place where it could leak."""
    challenge = ChallengeFactory(
        confidentiality_tier=tier,
        is_bottleneck=True,
        imported_today="canary import",
        substitute_sought="canary substitute",
        internal_owner="canary owner",
        payment_nodes="canary nodes",
        **fields,
    )
    return ConfidentialTextFactory(challenge=challenge).challenge


def seen(client: Client, challenge: Challenge, kind: str) -> str:
    """The page as one kind of other reader sees it, without the notice that says so."""
    answer = client.get(f"/en/challenges/{challenge.pk}/?as={kind}")
    assert answer.status_code == 200
    text = answer.content.decode()
    assert text.count('id="seen-as"') == 1
    return main(re.sub(r'<div class="notice info" id="seen-as">.*?</div>', "", text, flags=re.DOTALL))


def main(text: str) -> str:
    """What stands between head and foot of a page, without empty lines."""
    inner = text.split("<main")[1].split("</main>")[0]
    return "\n".join(line for line in inner.splitlines() if line.strip())


ADMITTED = [("registered", "member"), ("invited", "invited")]


@pytest.mark.parametrize(
    ("tier", "kind"),
    [
        (tier, kind)
        for tier in ("public", "registered", "invited", "nda")
        for kind in ("visitor", "member", "invited", "owner")
        if (tier, kind) not in ADMITTED
    ],
)
def test_the_firm_sees_its_page_exactly_as_a_visitor_does(client: Client, tier: str, kind: str) -> None:
    challenge = own(tier)
    visitor = main(page(client, challenge))

    client.force_login(challenge.author)

    assert [word for word in CANARIES if word not in page(client, challenge)] == []
    shown = seen(client, challenge, kind)
    assert [word for word in CANARIES if word in shown] == []
    assert shown == visitor


@pytest.mark.parametrize(("tier", "kind"), ADMITTED)
def test_the_firm_sees_its_page_exactly_as_those_whom_the_tier_admits(client: Client, tier: str, kind: str) -> None:
    challenge = own(tier)
    reader = UserFactory()
    if tier == "invited":
        InvitationFactory(challenge=challenge, capability=CapabilityFactory(owner=reader))
    client.force_login(reader)
    theirs = main(page(client, challenge))

    client.force_login(challenge.author)
    shown = seen(client, challenge, kind)

    assert [word for word in CANARIES if word in shown] == ["canary-problem-9d2"]
    assert shown == theirs


def test_a_draft_and_a_revision_are_shown_as_they_will_be(client: Client) -> None:
    draft = DraftFactory(internal_owner="canary owner")
    revised = ChallengeFactory(
        title_en="Published title", pending={"title_en": "Title of the revision"}, state="revision_pending"
    )

    client.force_login(draft.author)
    text = seen(client, draft, "visitor")
    client.force_login(revised.author)

    assert "canary owner" not in text
    assert "Only your organisation" not in text
    assert "Title of the revision" in seen(client, revised, "visitor")
    assert "Title of the revision" not in page(client, revised)


def test_an_anonymous_challenge_is_seen_without_the_firms_name(client: Client) -> None:
    challenge = own("invited", anonymous=True, organisation=OrganisationFactory(name_en="Canary Works"))
    client.force_login(challenge.author)

    assert "Canary Works" in page(client, challenge)
    assert [kind for kind in ("visitor", "invited") if "Canary Works" in seen(client, challenge, kind)] == []


@pytest.mark.parametrize("kind", ["visitor", "member", "invited"])
def test_only_those_who_act_for_the_firm_look_in_the_place_of_others(client: Client, kind: str) -> None:
    challenge, draft = own("invited"), DraftFactory()
    colleague = MembershipFactory(organisation=challenge.organisation, role="viewer").user

    for reader in (None, UserFactory(), UserFactory(is_moderator=True), colleague):
        client.logout()
        if reader is not None:
            client.force_login(reader)
        answer = client.get(f"/en/challenges/{challenge.pk}/?as={kind}")
        assert main(answer.content.decode()) == main(page(client, challenge))
        assert client.get(f"/en/challenges/{draft.pk}/?as={kind}").status_code == 404


def test_the_firm_alone_sees_which_moderator_read_and_why(client: Client) -> None:
    challenge = ConfidentialTextFactory().challenge
    ConfidentialReading.objects.create(
        challenge=challenge, reader=UserFactory(is_moderator=True), reason="A complaint about export rules"
    )

    assert "A complaint about export rules" not in page(client, challenge)
    client.force_login(challenge.author)
    assert "A complaint about export rules" in page(client, challenge)


def test_an_anonymous_firm_shows_its_region_and_no_name_place_or_link(client: Client) -> None:
    firm = OrganisationFactory(name_en="Canary Works", name_zh="金丝雀厂", description_en="canary description")
    challenge = ChallengeFactory(organisation=firm, anonymous=True, internal_owner="Canary Owner")

    for language in ("en", "zh-hans", "zh-hant"):
        text = page(client, challenge, language)
        for secret in ("Canary", "金丝雀", str(firm.pk), "Shenzhen", "深圳", "canary"):
            assert secret not in text
    assert "A firm · Guangdong" in page(client, challenge)
    client.force_login(challenge.author)
    assert "Canary Works" in page(client, challenge)


@pytest.mark.parametrize(
    ("name", "country", "shown"),
    [
        ("Canary town", "Chile", "A firm · Chile"),
        ("Canary town", "", "A firm · Elsewhere"),
        ("南沙", "", "A firm · Elsewhere"),
    ],
)
def test_an_anonymous_firm_in_a_place_without_a_province_shows_no_more_than_the_country(
    client: Client, name: str, country: str, shown: str
) -> None:
    challenge = ChallengeFactory(anonymous=True, city=place_named(name, country=country))

    assert shown in page(client, challenge)
    assert name not in page(client, challenge)
    assert "place-" not in page(client, challenge)


def test_fields_of_the_firm_stay_with_the_firm(client: Client) -> None:
    challenge = ChallengeFactory(
        internal_owner="canary-owner", working_level_user="canary-user", payment_nodes="canary-payment", is_bottleneck=True,
        imported_today="canary-import",
    )  # fmt: skip

    assert "canary" not in page(client, challenge)
    client.force_login(challenge.author)
    assert page(client, challenge).count("canary") == 4


def test_a_public_bottleneck_is_shown(client: Client) -> None:
    challenge = ChallengeFactory(is_bottleneck=True, bottleneck_public=True, imported_today="16K line cameras")

    assert "16K line cameras" in page(client, challenge)


def test_a_closed_challenge_can_be_read_and_says_that_it_is_over(client: Client) -> None:
    challenge = ChallengeFactory(state="closed", closed_at=timezone.now())

    text = page(client, challenge)

    assert "This challenge is over since" in text
    assert "Sign up to help" not in text


def test_the_firm_finds_its_deeds_and_nobody_else(client: Client) -> None:
    challenge = ChallengeFactory()
    edit = f"/en/challenges/{challenge.pk}/edit/"

    assert edit not in page(client, challenge)
    client.force_login(UserFactory())
    assert edit not in page(client, challenge)
    client.force_login(challenge.author)
    own = page(client, challenge)
    for address in (edit, f"/en/challenges/{challenge.pk}/matches/", f"/en/challenges/{challenge.pk}/close/"):
        assert address in own


def test_a_researcher_sees_how_their_own_work_fits(client: Client) -> None:
    match = MatchFactory()

    assert "How your work fits" not in page(client, match.challenge)
    client.force_login(match.capability.owner)
    assert f"/en/matches/{match.challenge_id}/{match.capability_id}/" in page(client, match.challenge)


def test_similar_challenges_are_named_without_telling_who_is_anonymous(client: Client) -> None:
    challenge, named, nameless = (
        ChallengeFactory(),
        ChallengeFactory(title_en="Scratches on foil"),
        ChallengeFactory(anonymous=True),
    )
    for other in (named, nameless):
        SimilarChallenge.objects.create(challenge=challenge, other=other, likeness=0.2)

    shown = page(client, challenge)

    assert f'href="/en/challenges/{named.pk}/"' in shown
    assert "Scratches on foil" in shown
    assert named.organisation.name_en in shown
    assert f'href="/en/challenges/{nameless.pk}/"' in shown
    assert nameless.organisation.name_en not in shown


def test_a_quadrant_is_drawn_only_where_the_text_is_long_enough(client: Client) -> None:
    placed = ChallengeFactory(understanding=0.3, use=0.9, quadrant="edison")
    short = ChallengeFactory()

    assert 'id="challenge-title"' in page(client, placed)
    assert "The text is too short to place it." in page(client, short)


def test_a_challenge_costs_few_queries(client: Client) -> None:
    match = MatchFactory()
    address = f"/en/challenges/{match.challenge_id}/"
    firm, researcher = Client(), Client()
    firm.force_login(match.challenge.author)
    researcher.force_login(match.capability.owner)

    def more() -> None:
        MatchFactory(capability=CapabilityFactory(owner=match.capability.owner), challenge=match.challenge)
        SimilarChallenge.objects.create(challenge=match.challenge, other=ChallengeFactory(), likeness=0.2)

    assert_flat(
        more,
        (3, lambda: client.get(address)),
        (10, lambda: firm.get(address)),
        (10, lambda: researcher.get(address)),
    )


def test_one_tick_box_shows_the_other_language_of_every_text(client: Client) -> None:
    both = ChallengeFactory(title_zh="极片检测", title_en="Electrode inspection", problem_zh="漏涂", problem_en="Gaps")
    one = ChallengeFactory(title_zh="极片检测", title_en="", problem_zh="漏涂", problem_en="")

    assert '<input type="checkbox" id="both"' in page(client, both)
    assert '<div class="text other" lang="zh-Hans"><p>漏涂</p></div>' in page(client, both)
    assert 'id="both"' not in page(client, one)
