"""What the engine reads: public text and public facts, and never the confidential table."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from projects.models import Capability, Challenge
from projects.services.documents import (
    CAPABILITY_WEIGHTS,
    CHALLENGE_WEIGHTS,
    archive_document,
    archived_research,
    background_document,
    capability_document,
    challenge_document,
    live_capabilities,
    live_challenges,
    pasted_document,
)
from projects.states import CapabilityState, ChallengeState
from tests.factories import (
    ArchiveRecordFactory,
    CapabilityFactory,
    ChallengeFactory,
    ConfidentialTextFactory,
    EvidenceFactory,
    InvitationFactory,
    PlaceFactory,
    ProfileFactory,
)

pytestmark = pytest.mark.django_db


def test_the_confidential_table_is_never_asked() -> None:
    challenge = ConfidentialTextFactory().challenge
    CapabilityFactory.create_batch(3)

    with CaptureQueriesContext(connection) as asked:
        documents = [*live_challenges(), *live_capabilities(), *archived_research()]
        again = challenge_document(Challenge.objects.get(pk=challenge.pk))

    assert len(documents) == 4
    assert any("challenge" in query["sql"] for query in asked)
    assert [query["sql"] for query in asked if "confidential_" in query["sql"]] == []
    assert [query["sql"] for query in asked if "confidentialtext" in query["sql"].lower()] == []
    assert "canary" not in again.text()


def test_every_public_text_of_a_challenge_is_read_but_what_is_excluded() -> None:
    texts = {f"{name}_{language}": f"{name} {language}" for name in Challenge.TEXTS for language in ("zh", "en")}

    document = challenge_document(ChallengeFactory(**texts, target_metrics=[], baseline_metrics=[]))

    read = {passage.field for passage in document.passages}
    unread = {name.rsplit("_", 1)[0] for name in set(texts) - read}
    assert unread == {"excluded_approaches", "constraints", "partner_requirements"}
    assert {passage.field: passage.text for passage in document.passages} == {name: texts[name] for name in read}


def test_the_title_weighs_most_and_both_languages_weigh_alike() -> None:
    challenge, capability = challenge_document(ChallengeFactory()), capability_document(CapabilityFactory())

    for document, weights in ((challenge, CHALLENGE_WEIGHTS), (capability, CAPABILITY_WEIGHTS)):
        found = {passage.field: passage.weight for passage in document.passages}
        assert found["title_zh"] == found["title_en"] == max(weights.values()) == max(found.values())
        assert found["summary_zh"] == found["summary_en"] < found["title_zh"]


def test_empty_texts_are_no_passages() -> None:
    document = challenge_document(
        ChallengeFactory(title_en="", summary_en="", problem_en="", target_metrics=[], baseline_metrics=[])
    )

    assert all(passage.text for passage in document.passages)
    assert {passage.field for passage in document.passages if passage.field.endswith("_en")} == set()


def test_an_anonymous_challenge_gives_its_region_and_nothing_of_its_firm() -> None:
    named, anonymous = ChallengeFactory(), ChallengeFactory(anonymous=True)

    open_facts, facts = challenge_document(named).facts, challenge_document(anonymous).facts

    assert (open_facts.place, open_facts.region, open_facts.size, open_facts.tech) == (
        "shenzhen",
        "guangdong",
        "large",
        "technology",
    )
    assert (facts.place, facts.region, facts.in_bay) == ("", "guangdong", True)
    assert (facts.size, facts.tech, facts.org_kind) == ("", "", "")


def test_the_place_of_a_challenge_comes_before_that_of_its_firm() -> None:
    macao = PlaceFactory(key="macao", name_en="Macao", name_zh="澳门", province_en="Macao")

    facts = challenge_document(ChallengeFactory(city=macao)).facts

    assert (facts.place, facts.region, facts.in_bay) == ("macao", "macao", True)


def test_budgets_are_compared_in_cny() -> None:
    facts = challenge_document(ChallengeFactory(budget_min=100, budget_max=1000, currency="HKD")).facts

    assert (facts.budget_min, facts.budget_max) == (pytest.approx(92), pytest.approx(920))


def test_evidence_stands_apart_in_both_languages() -> None:
    item = EvidenceFactory(title_zh="小样本学习", title_en="Few samples", summary_zh="方法", summary_en="")

    evidence = capability_document(item.capability).evidence

    assert [(one.key, one.label, one.year) for one in evidence] == [(str(item.pk), "Few samples", 2024)]
    assert [(passage.field, passage.weight) for passage in evidence[0].passages] == [
        ("title_zh", 1.5),
        ("title_en", 1.5),
        ("summary_zh", 1.0),
    ]


def test_an_accepted_invitation_takes_a_place_and_an_open_one_does_not() -> None:
    capability = CapabilityFactory(max_active=1)
    assert capability_document(capability).facts.places_free == 1
    InvitationFactory(capability=capability, state="sent")
    InvitationFactory(capability=capability, state="accepted")

    counted = next(live_capabilities([str(capability.pk)]))

    assert capability_document(capability).facts.places_free == counted.facts.places_free == 0


def test_how_fresh_a_capability_is_counts_in_days() -> None:
    confirmed = timezone.localdate() - timedelta(days=40)

    assert capability_document(CapabilityFactory(last_confirmed=confirmed)).facts.fresh_days == 40
    assert capability_document(CapabilityFactory(last_confirmed=None)).facts.fresh_days is None


def test_only_what_is_on_the_board_or_in_the_directory_is_a_document() -> None:
    shown = {str(ChallengeFactory(state=state).pk): state for state in ChallengeState.values}
    offered = {str(CapabilityFactory(state=state).pk): state for state in CapabilityState.values}

    assert {shown[document.key] for document in live_challenges()} == {
        "published",
        "revision_pending",
        "matching",
        "evaluating",
    }
    assert {offered[document.key] for document in live_capabilities()} == {"published", "stale"}


def test_who_does_not_let_themselves_be_matched_is_no_document_and_who_has_no_profile_is() -> None:
    without_profile = CapabilityFactory()
    willing = CapabilityFactory(owner=ProfileFactory().user)
    CapabilityFactory(owner=ProfileFactory(match_me=False).user)

    assert {document.key for document in live_capabilities()} == {str(without_profile.pk), str(willing.pk)}


def test_only_the_keys_asked_for_are_read_in_a_fixed_order() -> None:
    rows = [CapabilityFactory() for _number in range(3)]
    keys = sorted(str(row.pk) for row in rows)

    assert [document.key for document in live_capabilities()] == keys
    assert [document.key for document in live_capabilities(keys[1:])] == keys[1:]
    assert list(live_capabilities([])) == []


@pytest.mark.parametrize("rows", [1, 4])
def test_reading_all_capabilities_costs_two_queries(rows: int) -> None:
    for _number in range(rows):
        EvidenceFactory()

    with CaptureQueriesContext(connection) as asked:
        assert len(list(live_capabilities())) == rows == Capability.objects.count()

    assert len(asked) == 3  # capabilities, their evidence, and the count above


def test_archived_research_answers_and_an_archived_challenge_asks() -> None:
    research = ArchiveRecordFactory(
        keywords_zh=["超声", "复合材料"], keywords_en=["ultrasound"], use_text_en="canary-use"
    )
    challenge = ArchiveRecordFactory(kind="challenge")

    document = archive_document(research)

    assert (document.side, archive_document(challenge).side) == ("capability", "challenge")
    assert [passage.text for passage in document.passages if passage.field.startswith("keywords")] == [
        "超声，复合材料",
        "ultrasound",
    ]
    assert "canary-use" not in document.text()
    assert [one.key for one in archived_research()] == [str(research.pk)]


def test_a_pasted_text_is_read_whole_and_word_statistics_leave_out_what_is_empty() -> None:
    pasted = pasted_document("k", "极片缺陷 inspection")
    background = background_document({"key": "b", "title_zh": "甲", "title_en": "", "text_en": "b", "licence": "x"})

    assert (pasted.side, pasted.text()) == ("challenge", "极片缺陷 inspection")
    assert [(passage.field, passage.text) for passage in background.passages] == [("title_zh", "甲"), ("text_en", "b")]


def test_own_names_are_no_words_to_match_by() -> None:
    challenge, capability = ChallengeFactory(), CapabilityFactory()
    firm, owner, lab = challenge.organisation, capability.owner, capability.organisation
    challenge.problem_zh = f"{firm.name_zh}的产线缺陷"
    capability.summary_en = f"{lab.name_en if lab else ''} and {owner.name_en} study defects"

    asked, offered = challenge_document(challenge), capability_document(capability)

    read = {passage.field: passage.text for passage in (*asked.passages, *offered.passages)}
    assert read["problem_zh"] == " " * len(firm.name_zh) + "的产线缺陷"
    assert read["summary_en"].split() == ["and", "study", "defects"]
    assert len(read["summary_en"]) == len(capability.summary_en)


def test_the_least_budget_of_a_capability_is_compared_in_one_currency() -> None:
    needed = capability_document(CapabilityFactory(budget_min=1_000_000, currency="HKD")).facts
    offered = challenge_document(ChallengeFactory(budget_max=900_000, currency="CNY")).facts

    assert (needed.budget_min, offered.budget_max) == (920_000, 900_000)
    assert capability_document(CapabilityFactory()).facts.budget_min is None


def test_what_is_measured_is_matched_once_each_and_lightly() -> None:
    challenge = ChallengeFactory(
        target_metrics=[{"name_zh": "漏检率", "name_en": "Missed defects", "unit": "%", "value": 0.1, "must": True}],
        baseline_metrics=[
            {"name_zh": "漏检率", "name_en": "Missed defects", "unit": "%", "value": 2},
            {"name_zh": "检测时间", "name_en": "", "unit": "h", "value": 4},
        ],
    )

    found = {item.field: item for item in challenge_document(challenge).passages if item.field.startswith("figures")}

    assert {name: item.text for name, item in found.items()} == {
        "figures_zh": "漏检率，检测时间",
        "figures_en": "Missed defects",
    }
    assert {item.weight for item in found.values()} == {min(CHALLENGE_WEIGHTS.values())}


def test_industry_and_publication_are_compared() -> None:
    challenge = challenge_document(ChallengeFactory(industry="C36", publication_policy=120)).facts
    capability = CapabilityFactory(application_sectors=["C36"], publication_need="required")
    facts = capability_document(capability).facts

    assert (challenge.industry, challenge.publish_after) == ("C36", 120)
    assert (facts.sectors, facts.publication) == (("C36",), "required")
