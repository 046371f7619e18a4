"""What leaves the engine: bands, tenths and hundredths; kinds of pair; and whose matches somebody sees in which order."""

from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import translation

from accounts.models import Organisation
from projects.choices import PairKind
from projects.models import Match
from projects.selectors import matches as selector
from projects.services.matching import BAND_ORDER
from projects.web.cards import card_view
from tests.factories import (
    CapabilityFactory,
    ChallengeFactory,
    EvidenceFactory,
    MatchFactory,
    MembershipFactory,
    OrganisationFactory,
    UniversityFactory,
    UserFactory,
    match_detail,
)

pytestmark = pytest.mark.django_db


def stored(challenge: Any, band: str, score: float, quadrant: str = "bohr", **changed: Any) -> Match:
    """A match with the order that the aim gives it."""
    aim = 2 * BAND_ORDER.index(band) + (quadrant == "pasteur") + score
    made: Match = MatchFactory(challenge=challenge, band=band, score=score, quadrant=quadrant, aim_score=aim, **changed)
    return made


def test_exact_numbers_end_here() -> None:
    match = MatchFactory(score=0.71234, relevance=0.64321)
    match.detail["parts"][0]["value"] = 0.64321
    match.detail["reasons"][0]["share"] = 0.41234
    match.detail["joint"]["understanding"] = 0.70499
    match.detail["evidence_shares"][0]["share"] = 0.98765

    card = selector.cards([match], match.challenge.author)[0]

    assert dict(card.parts) == {"relevance": 0.6, "pasteur_fit": 0.8, "complement": 0.5, "feasibility": 0.9}
    assert card.reasons[0].share == 0.41
    assert card.joint.understanding == 0.7
    assert card.evidence_shares == ((None, 0.99),)
    card_text = str(
        {name: value for name, value in vars(card).items() if name not in ("match", "challenge", "capability")}
    )
    for exact in ("0.71234", "0.64321", "0.41234", "0.70499", "0.98765", "0.27"):
        assert exact not in card_text


@pytest.mark.parametrize(("band", "steps"), [("strong", 5), ("possible", 3), ("weak", 1)])
def test_a_band_fills_its_steps(band: str, steps: int) -> None:
    match = MatchFactory(band=band)
    match.detail["band"] = band

    card = selector.cards([match], match.challenge.author)[0]

    assert (card.band, card.steps) == (band, steps)


def test_ranks_count_on_from_page_to_page() -> None:
    rows = [MatchFactory(), MatchFactory()]

    assert [card.rank for card in selector.cards(rows, AnonymousUser(), first=21)] == [21, 22]


def test_reasons_name_both_places_the_pair_of_languages_and_the_evidence() -> None:
    capability = CapabilityFactory()
    item = EvidenceFactory(capability=capability, title_en="Few samples", title_zh="小样本")
    match = MatchFactory(capability=capability)
    match.detail["reasons"][1]["evidence"] = str(item.pk)
    match.detail["evidence_shares"] = [{"key": str(item.pk), "share": 0.6}, {"key": "gone", "share": 0.4}]

    card = selector.cards([match], match.challenge.author)[0]

    first, second = card.reasons
    assert (first.term, first.challenge_field, first.in_challenge, first.pair) == ("极片", "title_zh", (2, 4), None)
    assert (second.pair, second.evidence, second.capability_field) == (
        ("机器视觉", "Machine vision"),
        "Few samples",
        "title_en",
    )
    assert card.evidence_shares == ((item, 0.6),)


@pytest.mark.parametrize(
    ("language", "named"), [("zh-hans", "小样本检测"), ("zh-hant", "小样本检测"), ("en", "Few samples")]
)
def test_evidence_behind_a_reason_is_named_in_the_readers_language(language: str, named: str) -> None:
    item = EvidenceFactory(title_en="Few samples", title_zh="小样本检测")
    match = MatchFactory(capability=item.capability)
    match.detail["reasons"][0]["evidence"] = str(item.pk)

    with translation.override(language):
        assert selector.cards([match], match.challenge.author)[0].reasons[0].evidence == named


@pytest.mark.parametrize("title", ["小样本检测", "小樣本檢測", "Few samples", "用AOI检测 foils"])
def test_two_items_of_one_title_keep_their_shares_and_years_apart(title: str) -> None:
    capability = CapabilityFactory()
    old, new = (EvidenceFactory(capability=capability, title_en="", title_zh=title, year=year) for year in (2019, 2025))
    match = MatchFactory(capability=capability)
    match.detail["evidence_shares"] = [{"key": str(old.pk), "share": 0.25}, {"key": str(new.pk), "share": 0.75}]

    card = selector.cards([match], match.challenge.author)[0]

    assert card.evidence_shares == ((old, 0.25), (new, 0.75))
    shown = card_view(card, match.challenge.author).evidence
    assert [(one["label"], one["year"], one["share"]) for one in shown] == [(title, 2025, 0.75), (title, 2019, 0.25)]


def test_best_first_and_with_the_aim_pasteur_partnerships_first_within_each_band() -> None:
    challenge = ChallengeFactory()
    strong = stored(challenge, "strong", 0.9)
    strong_pasteur = stored(challenge, "strong", 0.7, "pasteur")
    possible = stored(challenge, "possible", 0.6)
    possible_pasteur = stored(challenge, "possible", 0.5, "pasteur")
    weak_pasteur = stored(challenge, "weak", 0.3, "pasteur")

    def listed(aim: bool) -> list[Match]:
        return list(selector.matches_of_challenge(challenge.author, challenge, pasteur_first=aim))

    assert listed(False) == [strong, strong_pasteur, possible, possible_pasteur, weak_pasteur]
    assert listed(True) == [strong_pasteur, strong, possible_pasteur, possible, weak_pasteur]


@pytest.mark.parametrize(("chosen", "aim"), [(True, True), (False, False)])
def test_the_firm_chooses_the_order_and_a_reader_may_choose_another(chosen: bool, aim: bool) -> None:
    challenge = ChallengeFactory(pasteur_first=chosen)
    plain, pasteur = stored(challenge, "strong", 0.9), stored(challenge, "strong", 0.7, "pasteur")

    assert (selector.matches_of_challenge(challenge.author, challenge)[0] == pasteur) is aim
    assert selector.matches_of_challenge(challenge.author, challenge, pasteur_first=not aim)[0] == (
        plain if aim else pasteur
    )


def test_gated_pairs_stand_apart() -> None:
    challenge = ChallengeFactory()
    fits, gated = MatchFactory(challenge=challenge), MatchFactory(challenge=challenge, gated=True)

    assert list(selector.matches_of_challenge(challenge.author, challenge)) == [fits]
    assert list(selector.matches_of_challenge(challenge.author, challenge, gated=True)) == [gated]
    assert not selector.matches_of_capability(gated.capability.owner, gated.capability).exists()


def test_the_firm_and_the_owner_see_the_pair_and_outsiders_do_not() -> None:
    match = MatchFactory()
    colleague = MembershipFactory(organisation=match.challenge.organisation, role="viewer").user
    outsider = MembershipFactory().user

    def seen(person: Any) -> list[int]:
        return [
            selector.matches_of_challenge(person, match.challenge).count(),
            selector.matches_of_capability(person, match.capability).count(),
            selector.matches_for_researcher(person).count(),
        ]

    assert seen(match.challenge.author) == [1, 1, 0]
    assert seen(colleague) == [1, 1, 0]
    assert seen(match.capability.owner) == [1, 1, 1]
    assert seen(outsider) == seen(AnonymousUser()) == [0, 0, 0]


COMPANY = {"kind": "company", "tech": "technology", "size": "large"}
UNIVERSITY = {"kind": "university", "tech": "", "size": ""}
KINDS: list[tuple[dict[str, str], dict[str, str], set[PairKind]]] = [
    (COMPANY, UNIVERSITY, {PairKind.INDUSTRY_ACADEMIA}),
    (COMPANY, {**UNIVERSITY, "kind": "institute"}, {PairKind.INDUSTRY_ACADEMIA}),
    (UNIVERSITY, COMPANY, set()),
    (COMPANY, COMPANY, {PairKind.TECHNOLOGY_TECHNOLOGY}),
    (COMPANY, {**COMPANY, "tech": "traditional"}, {PairKind.TECHNOLOGY_TRADITIONAL}),
    ({**COMPANY, "tech": "traditional"}, COMPANY, {PairKind.TECHNOLOGY_TRADITIONAL}),
    ({**COMPANY, "tech": "traditional"}, {**COMPANY, "tech": "traditional"}, set()),
    (COMPANY, {**COMPANY, "size": "micro"}, {PairKind.TECHNOLOGY_TECHNOLOGY, PairKind.LARGE_SMALL}),
    ({**COMPANY, "size": "small"}, {**COMPANY, "tech": ""}, {PairKind.LARGE_SMALL}),
    (COMPANY, {**COMPANY, "size": "medium", "tech": ""}, set()),
]


@pytest.mark.parametrize(("firm", "partner", "kinds"), KINDS)
def test_kinds_of_pair_are_derived_and_filtered_alike(
    firm: dict[str, str], partner: dict[str, str], kinds: set[PairKind]
) -> None:
    match = MatchFactory(
        challenge=ChallengeFactory(organisation=OrganisationFactory(**firm)),
        capability=CapabilityFactory(organisation=OrganisationFactory(**partner)),
    )

    derived = selector.pair_kinds(match.challenge.organisation, match.capability.organisation)
    filtered = {kind for kind in PairKind if selector.of_kinds(Match.objects.all(), [kind], AnonymousUser()).exists()}

    assert set(derived) == filtered == kinds


def test_several_kinds_narrow_together_and_an_unknown_one_changes_nothing() -> None:
    large = ChallengeFactory(organisation=OrganisationFactory(**COMPANY))
    both = MatchFactory(
        challenge=large, capability=CapabilityFactory(organisation=OrganisationFactory(**{**COMPANY, "size": "micro"}))
    )
    one = MatchFactory(challenge=large, capability=CapabilityFactory(organisation=OrganisationFactory(**COMPANY)))

    together = selector.of_kinds(
        Match.objects.all(), [PairKind.TECHNOLOGY_TECHNOLOGY, PairKind.LARGE_SMALL], AnonymousUser()
    )

    assert list(together) == [both]
    assert set(selector.of_kinds(Match.objects.all(), ["unknown"], AnonymousUser())) == {both, one}


def test_without_an_organisation_there_is_no_kind_of_pair() -> None:
    organisation = Organisation(**COMPANY)

    assert selector.pair_kinds(None, organisation) == selector.pair_kinds(organisation, None) == ()


def test_the_kind_of_pair_does_not_tell_who_posted_an_anonymous_challenge() -> None:
    match = MatchFactory(
        challenge=ChallengeFactory(anonymous=True), capability=CapabilityFactory(organisation=UniversityFactory())
    )

    def kinds(viewer: Any) -> tuple[str, ...]:
        return selector.cards([match], viewer)[0].pair_kinds

    def filtered(viewer: Any) -> bool:
        return selector.of_kinds(Match.objects.all(), [PairKind.INDUSTRY_ACADEMIA], viewer).exists()

    insiders = [match.challenge.author, UserFactory(is_moderator=True)]
    strangers = [match.capability.owner, MembershipFactory().user, AnonymousUser()]
    assert [kinds(viewer) for viewer in insiders] == [(PairKind.INDUSTRY_ACADEMIA,)] * 2
    assert [kinds(viewer) for viewer in strangers] == [()] * 3
    assert [filtered(viewer) for viewer in insiders + strangers] == [True, True, False, False, False]


def test_no_kind_narrows_a_researchers_list_by_who_posted_anonymously() -> None:
    capability = CapabilityFactory(organisation=OrganisationFactory(size="small", tech="traditional"))
    for firm in (COMPANY, {**COMPANY, "size": "medium", "tech": "traditional"}):
        hidden = ChallengeFactory(anonymous=True, organisation=OrganisationFactory(**firm))
        MatchFactory(challenge=hidden, capability=capability)
    named = MatchFactory(capability=capability)

    found = {
        kind: list(selector.matches_of_capability(capability.owner, capability, kinds=[kind])) for kind in PairKind
    }

    assert len(selector.matches_of_capability(capability.owner, capability)) == 3
    assert found[PairKind.LARGE_SMALL] == found[PairKind.TECHNOLOGY_TRADITIONAL] == [named]
    assert found[PairKind.TECHNOLOGY_TECHNOLOGY] == found[PairKind.INDUSTRY_ACADEMIA] == []


def test_a_partner_that_is_gone_by_now_is_left_out_and_ranks_close_up() -> None:
    gone, there = CapabilityFactory(), CapabilityFactory()
    details = [match_detail(ChallengeFactory(), capability) for capability in (gone, there)]

    found = selector.cards_of_details(details, {str(there.pk): there})

    assert [(card.rank, card.capability) for card in found] == [(1, there)]


PARTS = {"a": (0.9, 0.2, 0.9), "b": (0.5, 0.9, 0.2), "c": (0.88, 0.9, 0.5)}
"""Relevance, Pasteur fit and feasibility of three pairs."""


@pytest.mark.parametrize(
    ("by", "without", "order"),
    [
        ("", (), "abc"),
        ("relevance", (), "acb"),  # .9 and .88 are one tenth: the given order decides
        ("pasteur_fit", (), "bca"),
        ("", ("pasteur_fit",), "acb"),
        ("", ("pasteur_fit", "feasibility"), "acb"),
        ("", ("feasibility",), "cba"),
    ],
)
def test_a_list_goes_by_one_part_or_leaves_parts_out_of_the_score(
    by: str, without: tuple[str, ...], order: str
) -> None:
    challenge, made = ChallengeFactory(), {}
    for place, (name, values) in enumerate(PARTS.items()):
        parts = [
            list(row) for row in zip(("relevance", "pasteur_fit", "feasibility"), values, (0.4, 0.4, 0.2), strict=True)
        ]
        made[MatchFactory(challenge=challenge, parts=parts, score=0.9 - place / 10, gated=name == "b").pk] = name
    rows = selector.matches_of_challenge(challenge.author, challenge, pasteur_first=False, gated=None)

    found = selector.ranked(rows, by=by, without=without)

    assert "".join(made[pk] for pk, _gated in found) == order
    assert [made[pk] for pk, gated in found if gated] == ["b"]


def test_a_part_of_which_nothing_is_known_has_no_value() -> None:
    match = MatchFactory()
    match.detail["parts"][3]["known"] = False

    (card,) = selector.cards([match], match.challenge.author)

    assert card.parts == (("relevance", 0.6), ("pasteur_fit", 0.8), ("complement", 0.5), ("feasibility", None))
    assert card.weights == {"relevance": 0.6, "pasteur_fit": 0.15, "complement": 0.0, "feasibility": 0.2}


def test_why_a_pair_is_ruled_out_is_kept_back_where_it_could_tell_who_posts() -> None:
    capability = CapabilityFactory()
    hidden = MatchFactory(capability=capability, challenge__anonymous=True, gated=True)
    known = MatchFactory(capability=capability, gated=True)
    fits = MatchFactory(capability=capability, challenge__anonymous=True)

    assert set(selector.matches_of_capability(capability.owner, capability, gated=None)) == {known, fits}
    assert list(selector.matches_of_capability(capability.owner, capability, gated=True)) == [known]
    assert hidden.gated


def test_a_challenge_in_a_traditional_industry_makes_the_pair_one_whoever_posts_it() -> None:
    firm, partner = (OrganisationFactory(**{**COMPANY, "tech": "technology"}) for _side in "12")
    challenge = ChallengeFactory(organisation=firm, is_traditional_industry=True)
    match = MatchFactory(challenge=challenge, capability=CapabilityFactory(organisation=partner))
    viewer = challenge.author

    assert selector.cards([match], viewer)[0].pair_kinds == (PairKind.TECHNOLOGY_TRADITIONAL,)
    assert list(selector.of_kinds(Match.objects.all(), [PairKind.TECHNOLOGY_TRADITIONAL], viewer)) == [match]
    assert not selector.of_kinds(Match.objects.all(), [PairKind.TECHNOLOGY_TECHNOLOGY], viewer).exists()
