"""The match list of a firm, the list of a researcher, and the page of one pair."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.choices import MembershipRole
from projects.models import Challenge, Invitation, Match
from projects.selectors.matches import cards
from projects.web.marked_text import Mark
from projects.web.pair_texts import passage_text, shared_words
from tests.factories import (
    CapabilityFactory,
    ChallengeFactory,
    ConfidentialTextFactory,
    DraftFactory,
    EvidenceFactory,
    InvitationFactory,
    MatchFactory,
    MembershipFactory,
    UserFactory,
    match_detail,
)
from tests.queries import assert_flat

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}


def ready(match: Match) -> Match:
    """The pair, with its challenge's list brought up to date."""
    Challenge.objects.filter(pk=match.challenge_id).update(matched_version=99)
    match.capability.matched_version = 99
    match.capability.save()
    Match.objects.filter(pk=match.pk).update(updated_at=timezone.now() + timedelta(minutes=1))
    match.refresh_from_db()
    return match


@pytest.fixture
def pair() -> Match:
    """A stored pair with one evidence item."""
    match = MatchFactory()
    EvidenceFactory(capability=match.capability)
    return ready(match)


def pair_page(match: Match, language: str = "en") -> str:
    return f"/{language}/matches/{match.challenge_id}/{match.capability_id}/"


def list_page(match: Match, language: str = "en") -> str:
    return f"/{language}/challenges/{match.challenge_id}/matches/"


def test_the_firm_sees_why_in_words_of_both_languages(client: Client, pair: Match) -> None:
    client.force_login(pair.challenge.author)

    page = client.get(list_page(pair)).content.decode()

    assert "Machine vision for surface defects of battery electrodes" in page
    assert '<span lang="zh">机器视觉</span> ↔ <span lang="en">Machine vision</span>' in page
    assert "Strong match" in page
    assert "2 of 2 places free" in page


@pytest.mark.parametrize(
    ("language", "title"),
    [
        ("en", "Machine vision for surface defects"),
        ("zh-hans", "电池极片表面缺陷的机器视觉检测"),
        ("zh-hant", "电池极片表面缺陷的机器视觉检测"),
    ],
)
def test_titles_are_in_the_readers_language(client: Client, pair: Match, language: str, title: str) -> None:
    client.force_login(pair.challenge.author)

    assert title in client.get(list_page(pair, language)).content.decode()
    assert title in client.get(pair_page(pair, language)).content.decode()


def test_the_order_can_be_switched_and_says_that_it_is_an_aim(client: Client, pair: Match) -> None:
    other = ready(MatchFactory(challenge=pair.challenge, score=0.9, aim_score=0.9))
    client.force_login(pair.challenge.author)

    aim = client.get(list_page(pair))
    fit = client.get(list_page(pair) + "?first=score")

    assert [row.id for row in aim.context["rows"]] == [str(pair.pk), str(other.pk)]
    assert [row.id for row in fit.context["rows"]] == [str(other.pk), str(pair.pk)]
    assert "It does not predict which project succeeds." in aim.content.decode()


def test_the_order_can_be_that_of_one_part_and_a_part_can_be_left_out(client: Client, pair: Match) -> None:
    def parts(relevance: float, feasibility: float) -> list[list[Any]]:
        return [["relevance", relevance, 0.6], ["pasteur_fit", 0.8, 0.2], ["feasibility", feasibility, 0.2]]

    Match.objects.filter(pk=pair.pk).update(parts=parts(0.6, 1.0))
    other = ready(MatchFactory(challenge=pair.challenge, score=0.5, aim_score=0.5, parts=parts(0.9, 0.1)))
    client.force_login(pair.challenge.author)

    def order(query: str) -> list[str]:
        return [row.id for row in client.get(list_page(pair) + query).context["rows"]]

    mine, theirs = str(pair.pk), str(other.pk)
    assert order("?first=score") == order("?first=feasibility") == [mine, theirs]
    assert order("?first=relevance") == order("?without=feasibility") == [theirs, mine]
    page = client.get(list_page(pair) + "?without=feasibility").content.decode()
    assert "“Feasible” is left out" in page
    assert "“Pasteur fit” counts with 0.15" in page
    for wrong in ("?first=nonsense", "?without=relevance", "?without=nonsense"):
        assert client.get(list_page(pair) + wrong).status_code == 404


def test_the_researcher_is_told_too_why_a_pair_is_ruled_out_and_how_many_are(client: Client, pair: Match) -> None:
    for _pair in range(12):
        gated = MatchFactory(capability=pair.capability, gated=True)
        gated.detail |= {"gates": [{"code": "closed", "values": {"side": "challenge"}}]}
        gated.save()
    client.force_login(pair.capability.owner)

    page = client.get(reverse("capability_matches", args=[pair.capability_id])).content.decode()

    assert "Why not: 12 pairs are ruled out" in page
    assert page.count("The challenge is not open.") == 10


def test_what_is_not_known_of_a_pair_reads_so(client: Client, pair: Match) -> None:
    pair.detail["parts"][3]["known"] = False
    pair.save()
    client.force_login(pair.challenge.author)

    for address in (list_page(pair), pair_page(pair)):
        assert "not known" in client.get(address).content.decode()


def test_kinds_of_pair_narrow_the_list_and_an_unknown_kind_is_refused(client: Client, pair: Match) -> None:
    client.force_login(pair.challenge.author)

    assert len(client.get(list_page(pair) + "?kind=industry_academia").context["rows"]) == 1
    empty = client.get(list_page(pair) + "?kind=large_small")
    assert "No match of this kind of pair." in empty.content.decode()
    assert client.get(list_page(pair) + "?kind=nonsense").status_code == 404


def test_pairs_that_are_ruled_out_are_listed_with_the_reason(client: Client, pair: Match) -> None:
    gated = MatchFactory(challenge=pair.challenge, gated=True)
    gated.detail |= {"gates": [{"code": "no_capacity", "values": {"side": "capability"}}]}
    gated.save()
    client.force_login(pair.challenge.author)

    page = client.get(list_page(pair)).content.decode()

    assert "Why not: 1 pair is ruled out" in page
    assert "All their places are taken." in page


def test_no_good_match_is_said_plainly_with_what_to_change(client: Client, pair: Match) -> None:
    Challenge.objects.filter(pk=pair.challenge_id).update(match_note="no_good_match")
    client.force_login(pair.challenge.author)

    page = client.get(list_page(pair)).content.decode()

    assert "No good match yet" in page
    assert "Name the process, the material" in page


def test_while_matches_are_looked_for_the_page_says_so_and_asks_again_ever_slower(client: Client, pair: Match) -> None:
    Challenge.objects.filter(pk=pair.challenge_id).update(matched_version=0)
    client.force_login(pair.challenge.author)

    first = client.get(list_page(pair)).content.decode()
    later = [
        client.get(f"{list_page(pair)}?look={look}", HTTP_HX_REQUEST="true").content.decode() for look in (1, 2, 9)
    ]

    assert "delay:1s" in first
    assert "Look again" in first
    assert [("delay:2s" in page, "delay:5s" in page) for page in later] == [(True, False), (False, True), (False, True)]
    assert all("<html" not in page and 'id="match-rows" hx-swap-oob="true"' in page for page in later)


def test_the_polling_stops_when_the_matches_are_there(client: Client, pair: Match) -> None:
    client.force_login(pair.challenge.author)

    page = client.get(f"{list_page(pair)}?look=3", HTTP_HX_REQUEST="true").content.decode()

    assert "hx-get" not in page
    assert "1 match found" in page


def test_beside_the_form_stand_the_best_matches_or_that_they_are_looked_for(client: Client, pair: Match) -> None:
    client.force_login(pair.challenge.author)

    there = client.get(list_page(pair) + "?brief=1", headers=HTMX).content.decode()

    assert "<html" not in there
    assert "1 match found" in there
    assert pair_page(pair) in there

    Challenge.objects.filter(pk=pair.challenge_id).update(matched_version=0)
    waiting = client.get(list_page(pair) + "?brief=1", headers=HTMX).content.decode()

    assert "being brought up to date" in waiting
    assert 'hx-get="' + list_page(pair) + "?brief=1&amp;look=1" in waiting


def test_beside_the_form_weak_matches_are_not_offered_but_what_to_write(client: Client, pair: Match) -> None:
    client.force_login(pair.challenge.author)
    Match.objects.filter(pk=pair.pk).update(detail=pair.detail | {"band": "weak"})

    there = client.get(list_page(pair) + "?brief=1", headers=HTMX).content.decode()

    assert "No good match yet" in there
    assert "Name the process" in there
    assert pair_page(pair) not in there


def test_a_pair_shows_both_texts_with_twin_marks(client: Client, pair: Match) -> None:
    client.force_login(pair.challenge.author)

    page = client.get(pair_page(pair)).content.decode()

    assert '<mark id="c-1"><a href="#k-1">极片</a></mark>' in page
    assert '<mark id="k-1"><a href="#c-1">极片</a></mark>' in page
    assert '<mark id="k-2"><a href="#c-2">Machine vision</a></mark>' in page


def test_marks_stand_on_the_words_they_name(pair: Match) -> None:
    card = cards([pair], pair.challenge.author)[0]
    left, right = shared_words(card)

    assert [
        passage_text(pair.challenge, place[1])[mark.start : mark.end] for place in left for mark in left[place]
    ] == ["极片", "机器视觉"]
    assert right["", "title_zh"] == [Mark(2, 4, "k-1", "c-1")]


def test_marks_of_a_text_that_changed_since_are_left_out(client: Client, pair: Match) -> None:
    Challenge.objects.filter(pk=pair.challenge_id).update(title_zh="全新的标题")
    pair.capability.updated_at = timezone.now() + timedelta(hours=1)
    pair.capability.save()
    client.force_login(pair.challenge.author)

    page = client.get(pair_page(pair, "zh-hans")).content.decode()

    assert "全新的标题" in page
    assert 'id="c-1"' not in page
    assert 'id="k-1"' not in page


def test_a_pair_says_how_it_gets_to_its_corner_and_what_blocks_it(client: Client, pair: Match) -> None:
    pair.detail |= {"blockers": [{"code": "trl_gap", "values": {"wanted": 8, "has": 3, "gap": 5}}]}
    pair.save()
    client.force_login(pair.challenge.author)

    page = client.get(pair_page(pair)).content.decode()

    assert "The theory comes from the researcher, the use from the firm." in page
    assert "TRL gap 5: needs a pilot line" in page
    assert "Plan a pilot stage" in page
    assert "<svg" in page
    assert "The same as a table" in page


def test_both_sides_are_told_why_they_and_why_you(client: Client, pair: Match) -> None:
    client.force_login(pair.challenge.author)
    firm = client.get(pair_page(pair)).content.decode()
    client.force_login(pair.capability.owner)
    researcher = client.get(pair_page(pair)).content.decode()

    assert firm.index("Why they") < firm.index("Why you")
    assert researcher.index("Why you") < researcher.index("Why they")


def test_the_firm_invites_from_the_pair(client: Client, pair: Match) -> None:
    client.force_login(pair.challenge.author)

    answer = client.post(pair_page(pair) + "invite/", {"message": "我们谈谈吧"})

    invitation = Invitation.objects.get()
    assert (invitation.message, invitation.sent_by) == ("我们谈谈吧", pair.challenge.author)
    assert answer.url == reverse("invitation", args=[invitation.pk])
    assert "See the invitation" in client.get(pair_page(pair)).content.decode()


def test_a_message_that_is_too_long_comes_back_whole(client: Client, pair: Match) -> None:
    client.force_login(pair.challenge.author)

    page = client.post(pair_page(pair) + "invite/", {"message": "长" * 1501}).content.decode()

    assert "长" * 1501 in page
    assert 'href="#id_message"' in page
    assert not Invitation.objects.exists()


def test_a_pair_is_invited_once(client: Client, pair: Match) -> None:
    InvitationFactory(challenge=pair.challenge, capability=pair.capability)
    client.force_login(pair.challenge.author)

    page = client.post(pair_page(pair) + "invite/", {}, follow=True).content.decode()

    assert "You have invited them already." in page
    assert Invitation.objects.count() == 1


def test_a_draft_offers_the_form_instead_of_a_dead_button(client: Client) -> None:
    match = ready(MatchFactory(challenge=DraftFactory()))
    client.force_login(match.challenge.author)

    page = client.get(pair_page(match)).content.decode()

    assert 'action="' + pair_page(match) + "invite/" not in page
    assert reverse("challenge_edit", args=[match.challenge_id]) in page


def test_while_a_moderator_reads_nobody_is_sent_back_to_the_form(client: Client) -> None:
    match = ready(MatchFactory(challenge=DraftFactory(state="submitted")))
    client.force_login(match.challenge.author)

    listed = client.get(reverse("match_list", args=[match.challenge_id])).content.decode()
    page = client.get(pair_page(match)).content.decode()

    assert "A moderator is reading the challenge" in listed
    assert "A moderator is reading the challenge" in page
    assert "Go to the form" not in listed + page


def test_who_may_see_a_list_and_a_pair(client: Client, pair: Match) -> None:
    firm = pair.challenge.organisation
    viewer = MembershipFactory(organisation=firm, role=MembershipRole.VIEWER).user
    seen: dict[str, tuple[int, int, int]] = {}
    people = {
        "owner": pair.challenge.author,
        "viewer": viewer,
        "researcher": pair.capability.owner,
        "colleague of the researcher": MembershipFactory(organisation=pair.capability.organisation).user,
        "other firm": MembershipFactory().user,
        "moderator": UserFactory(is_moderator=True),
    }
    for name, person in people.items():
        client.force_login(person)
        seen[name] = (
            client.get(list_page(pair)).status_code,
            client.get(pair_page(pair)).status_code,
            client.post(pair_page(pair) + "invite/").status_code,
        )
        Invitation.objects.all().delete()

    assert seen == {
        "owner": (200, 200, 302),
        "viewer": (200, 200, 404),
        "researcher": (404, 200, 404),
        "colleague of the researcher": (404, 404, 404),
        "other firm": (404, 404, 404),
        "moderator": (200, 200, 404),
    }
    client.logout()
    for address in (list_page(pair), pair_page(pair)):
        assert client.get(address).url.startswith(reverse("account_login"))


def test_the_capabilitys_challenges_are_for_its_owner_only(client: Client, pair: Match) -> None:
    address = reverse("capability_matches", args=[pair.capability_id])

    client.force_login(pair.capability.owner)
    assert "In-line inspection of battery electrode coating" in client.get(address).content.decode()
    for person in (pair.challenge.author, MembershipFactory(organisation=pair.capability.organisation).user):
        client.force_login(person)
        assert client.get(address).status_code == 404


def test_an_anonymous_firm_stays_unknown_to_the_researcher(client: Client) -> None:
    challenge = ChallengeFactory(
        anonymous=True,
        organisation__name_en="Canary Motors",
        organisation__name_zh="金丝雀汽车",
        internal_owner="canary-owner",
    )
    match = ready(MatchFactory(challenge=challenge))
    addresses = [pair_page(match), reverse("capability_matches", args=[match.capability_id]), reverse("dashboard")]

    client.force_login(match.capability.owner)
    pages = [client.get(address).content.decode() for address in addresses]
    client.force_login(challenge.author)
    own = client.get(pair_page(match, "zh-hans")).content.decode() + client.get(pair_page(match)).content.decode()

    for page in pages:
        assert "A firm" in page
        assert "Canary Motors" not in page
        assert "金丝雀汽车" not in page
        assert "canary-owner" not in page
    assert "canary-owner" not in own


def test_no_page_holds_confidential_words(client: Client, pair: Match) -> None:
    ConfidentialTextFactory(challenge=pair.challenge)
    for person in (pair.challenge.author, pair.capability.owner):
        client.force_login(person)
        pages = [
            pair_page(pair),
            list_page(pair),
            reverse("capability_matches", args=[pair.capability_id]),
            reverse("dashboard"),
        ]
        for address in pages:
            assert "canary-" not in client.get(address).content.decode()


def test_lists_take_the_same_few_queries_for_one_row_and_three() -> None:
    challenge, capability = ChallengeFactory(), CapabilityFactory()
    scores = iter((0.5, 0.6, 0.7))

    def more() -> None:
        score = next(scores)
        ready(MatchFactory(challenge=challenge, capability=EvidenceFactory().capability, score=score))
        ready(MatchFactory(challenge=ChallengeFactory(), capability=capability, score=score))
        gated = MatchFactory(challenge=challenge, gated=True)
        gated.detail |= {"gates": [{"code": "closed", "values": {"side": "capability"}}]}
        gated.save()

    firm, researcher = Client(), Client()
    firm.force_login(challenge.author)
    researcher.force_login(capability.owner)
    asks = [
        lambda: firm.get(reverse("match_list", args=[challenge.pk])),
        lambda: researcher.get(reverse("capability_matches", args=[capability.pk])),
    ]
    assert_flat(more, *((12, ask) for ask in asks))
    assert [len(ask().context["rows"]) for ask in asks] == [3, 3]


def test_the_page_of_a_pair_says_how_much_each_shared_word_carries(client: Client, pair: Match) -> None:
    pair.detail["reasons"].append({**pair.detail["reasons"][0], "share": 0.05})
    pair.save()
    client.force_login(pair.challenge.author)

    page = client.get(pair_page(pair, "zh-hans"))

    assert [(reason["term"], round(reason["share"], 2)) for reason in page.context["card"].reasons] == [
        ("极片", 0.45),
        ("机器视觉", 0.3),
    ]
    assert "极片 <small>45%</small>" in page.content.decode()


def test_a_pair_takes_few_queries(client: Client, pair: Match, django_assert_max_num_queries: Any) -> None:
    client.force_login(pair.challenge.author)

    with django_assert_max_num_queries(12):
        client.get(pair_page(pair))


def test_the_factory_tells_of_words_that_stand_there(pair: Match) -> None:
    for reason in match_detail(pair.challenge, pair.capability)["reasons"]:
        span = reason["in_challenge"]
        assert getattr(pair.challenge, span["field"])[span["start"] : span["end"]] == reason["term"]
