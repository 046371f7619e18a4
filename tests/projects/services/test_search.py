"""The search box: both scripts, English word forms, and every word must be there."""

import pytest

from matchmaker.queueing import jobs
from projects import queue
from projects.models import SearchText
from projects.selectors.board import board_rows
from projects.services.capabilities import hide_capability, publish_capability
from projects.services.challenges import edit_challenge, withdraw_challenge
from projects.services.search import find, forget_terms, matching_values, rare_words_in_both, store_terms
from tests.factories import (
    ArchiveRecordFactory,
    CapabilityFactory,
    ChallengeFactory,
    ConfidentialTextFactory,
    ProfileFactory,
)

pytestmark = pytest.mark.django_db
HANS = "锂电池极片涂布缺陷的在线检测"
HANT = "鋰電池極片塗布缺陷的在線檢測"


@pytest.fixture(autouse=True)
def no_broker(monkeypatch: pytest.MonkeyPatch) -> None:
    """Jobs wait until a test drains them."""
    monkeypatch.setattr(jobs, "send", lambda job: False)


@pytest.mark.parametrize(
    ("text", "query"),
    [
        (HANS, "缺陷检测"),
        (HANS, "缺陷檢測"),
        (HANT, "缺陷检测"),
        (HANT, "缺陷檢測"),
        (HANT, "电池"),
        (HANS, "電池"),
        ("Inspecting coated foils in line", "inspection of a coating"),
        ("Coated FOILS", "foil"),
        ("Foil", "foils"),
        ("极片 foil inspection 检测", "檢測 Foils"),
        ("ＰＥＭ fuel cells", "pem"),
    ],
)
def test_a_query_finds_the_other_script_and_other_forms_of_a_word(text: str, query: str) -> None:
    store_terms("challenge", "a", text)
    store_terms("challenge", "b", "广式茶点 dim sum")

    assert find("challenge", query) == {"a"}


@pytest.mark.parametrize(("one", "other"), [("电池", "茶点"), ("檢測", "茶點"), ("检测", "dumplings"), ("foil", "dim")])
def test_every_word_of_a_query_must_be_there(one: str, other: str) -> None:
    store_terms("challenge", "a", HANS + " foil")
    store_terms("challenge", "b", "广式茶点 dim sum dumpling")

    assert (find("challenge", one), find("challenge", other)) == ({"a"}, {"b"})
    assert find("challenge", f"{one} {other}") == set()


ONE_LANGUAGE = {
    "hans": "锂电池极片缺陷的在线检测",
    "hant": "鋰電池極片缺陷的在線檢測",
    "en": "In-line detection of defects on lithium battery electrodes",
    "mixed": "Lithium 电池 electrode 的缺陷 inspection",
}


@pytest.mark.parametrize("written", ONE_LANGUAGE)
@pytest.mark.parametrize("kind", ["challenge", "capability", "archive"])
@pytest.mark.parametrize(
    "query", ["锂电池缺陷", "鋰電池缺陷", "lithium batteries with defects", "电池 defects", "electrode 檢測"]
)
def test_a_text_in_one_language_is_found_by_words_of_the_other(written: str, kind: str, query: str) -> None:
    store_terms(kind, "a", ONE_LANGUAGE[written])
    store_terms(kind, "b", "广式茶点 dim sum with shrimps")

    assert find(kind, query) == {"a"}


@pytest.mark.parametrize(
    ("column", "text", "query"),
    [
        ("zh", "燃料电池催化剂的腐蚀", "fuel cell corrosion"),
        ("en", "Corrosion of fuel cell catalysts", "燃料电池 腐蝕"),
    ],
)
def test_a_challenge_in_one_language_is_found_by_the_other(column: str, text: str, query: str) -> None:
    other = "en" if column == "zh" else "zh"
    challenge = ChallengeFactory(
        **{f"{name}_{column}": text for name in ("title", "problem")},
        **{f"{name}_{other}": "" for name in ("title", "problem", "summary")},
    )
    queue.match_challenge(challenge)
    jobs.drain()

    assert find("challenge", query) == {str(challenge.pk)}


def test_a_capability_is_found_whose_owner_takes_no_part_in_matching() -> None:
    capability = CapabilityFactory()
    ProfileFactory(user=capability.owner, match_me=False)
    queue.match_capability(capability)
    jobs.drain()

    assert find("capability", "machine vision") == {str(capability.pk)}


def test_finding_every_list_again_cuts_every_text_again() -> None:
    challenge, capability, record = ChallengeFactory(matched_version=1), CapabilityFactory(), ArchiveRecordFactory()
    draft = CapabilityFactory(state="draft")
    assert not SearchText.objects.exists()

    queue.rematch_all()
    jobs.drain()

    held = set(SearchText.objects.values_list("object_id", flat=True))
    assert held == {str(item.pk) for item in (challenge, capability, record)}
    assert str(draft.pk) not in held


@pytest.mark.parametrize("query", ["", "  ", "？！", "\x00", "the of"])
def test_a_query_without_a_word_narrows_nothing(query: str) -> None:
    store_terms("challenge", "a", HANS)

    assert find("challenge", query) is None


def test_a_query_asks_one_kind_of_object() -> None:
    for kind in ("challenge", "capability", "archive"):
        store_terms(kind, f"{kind}-1", HANS)

    assert find("archive", "电池") == {"archive-1"}


def test_the_words_of_an_edited_text_replace_the_old_ones() -> None:
    store_terms("challenge", "a", HANS)

    for _again in range(2):
        store_terms("challenge", "a", "广式茶点")

    assert (find("challenge", "电池"), find("challenge", "茶点")) == (set(), {"a"})


def test_forgetting_leaves_other_objects() -> None:
    store_terms("challenge", "a", HANS)
    store_terms("challenge", "b", HANS)

    forget_terms("challenge", "a")

    assert find("challenge", "电池") == {"b"}


def test_a_long_query_and_a_long_word_are_cut_and_do_not_fail() -> None:
    store_terms("challenge", "a", "x" * 500 + " 电池")

    assert find("challenge", "电池 " + "？" * 1000) == {"a"}
    assert find("challenge", "x" * 500) == {"a"}
    [held] = SearchText.objects.values_list("terms", flat=True)
    assert all(len(term) <= 60 for term in held.split())


def test_a_challenge_is_found_while_it_is_on_the_board_and_by_its_last_text() -> None:
    challenge = ChallengeFactory()
    queue.match_challenge(challenge)
    jobs.drain()
    assert find("challenge", "電池 檢測") == find("challenge", "machine vision") == {str(challenge.pk)}

    edit_challenge(
        challenge, by=challenge.author, values={"problem_zh": "", "problem_en": "Foils tear at the slot die."}
    )
    jobs.drain()
    assert find("challenge", "machine vision") == find("challenge", "机器视觉") == set()
    assert find("challenge", "slot die") == {str(challenge.pk)}

    withdraw_challenge(challenge, by=challenge.author)
    jobs.drain()
    assert find("challenge", "slot die") == set()
    assert board_rows({str(challenge.pk)}) == []
    assert not SearchText.objects.exists()


def test_a_hidden_capability_is_found_again_once_it_is_published_again() -> None:
    capability = CapabilityFactory()
    queue.match_capability(capability)
    jobs.drain()
    assert find("capability", "机器视觉") == {str(capability.pk)}

    hide_capability(capability, by=capability.owner)
    jobs.drain()
    assert find("capability", "机器视觉") == set()

    publish_capability(capability, by=capability.owner)
    jobs.drain()
    assert find("capability", "机器视觉") == {str(capability.pk)}


def test_confidential_words_are_never_found() -> None:
    challenge = ConfidentialTextFactory().challenge
    queue.match_challenge(challenge)

    jobs.drain()

    assert find("challenge", "极片") == {str(challenge.pk)}
    for secret in ("浆料配方", "漿料配方", "slurry recipe", "slurry 配方"):
        assert find("challenge", secret) == set()
    assert find("challenge", "canary") == set()


def test_rare_words_that_stand_in_both_texts_are_named_as_they_are_written() -> None:
    for number in range(3):
        store_terms("capability", str(number), "电池 检测")

    found = rare_words_in_both("Zirconate 添加剂用于電池的檢測", "电池检测与 zirconate 材料")

    assert found == ["Zirconate"]
    assert rare_words_in_both("甲方绝密", "电池检测") == []


def test_the_page_on_matching_shows_the_weights_that_run() -> None:
    values = matching_values()

    assert set(values["weights"]) == {"relevance", "pasteur_fit", "complement", "feasibility"}
    assert 0 < values["possible_at"] < values["strong_at"] < 1
