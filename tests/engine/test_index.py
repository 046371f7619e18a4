"""The index answers from both sides with the same numbers, and forgets what it is told to forget."""

import json
import random
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from matchmaker.engine.config import DEFAULT, EngineConfig
from matchmaker.engine.documents import Facts, MatchDocument
from matchmaker.engine.errors import BrokenIndexError, NoIndexError, UnknownOptionError, WrongSideError
from matchmaker.engine.index import MatchIndex
from matchmaker.engine.vectors import Statistics

from .conftest import CAPABILITIES, capability, challenge

WORDS = [
    "电池",
    "電池",
    "battery",
    "老化",
    "ageing",
    "缺陷",
    "defect",
    "检测",
    "detection",
    "soil",
    "土壤",
    "radar",
    "雷达",
    "silk",
]
sentences = st.lists(st.sampled_from(WORDS), max_size=8).map(" ".join)


@pytest.mark.parametrize(("asked", "answer"), [("cells", "battery"), ("scratches", "vision"), ("bridge", "radar")])
def test_each_challenge_finds_its_capability_across_languages(
    index: MatchIndex, challenges: list[MatchDocument], asked: str, answer: str
) -> None:
    query = next(document for document in challenges if document.key == asked)

    result = index.query(query)

    assert result.matches[0].capability == answer
    assert result.considered == len(CAPABILITIES)


def test_a_pair_scores_the_same_from_both_sides(
    index: MatchIndex,
    challenge_index: MatchIndex,
    capabilities: list[MatchDocument],
    challenges: list[MatchDocument],
) -> None:
    asked = {(match.challenge, match.capability): match for one in challenges for match in index.query(one).matches}
    offered = {
        (match.challenge, match.capability): match
        for one in capabilities
        for match in challenge_index.query(one).matches
    }

    assert asked
    assert {pair: match.score for pair, match in asked.items()} == {
        pair: match.score for pair, match in offered.items()
    }
    assert all(match.reasons == offered[pair].reasons for pair, match in asked.items())


def test_the_same_question_gives_the_same_bytes(index: MatchIndex, challenges: list[MatchDocument]) -> None:
    first, second = index.query(challenges[0]), MatchIndex.open(index.folder).query(challenges[0])

    assert [json.dumps(match.to_json()) for match in first.matches] == [
        json.dumps(match.to_json()) for match in second.matches
    ]


def test_the_short_list_is_the_head_of_the_full_list(index: MatchIndex, challenges: list[MatchDocument]) -> None:
    for query in challenges:
        full = index.query(query, limit=None).matches
        for limit in range(len(full) + 2):
            assert index.query(query, limit=limit).matches == full[:limit]


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.sampled_from("abcdef"), sentences), max_size=8))
def test_edits_one_by_one_equal_a_full_rebuild(
    tmp_path_factory: pytest.TempPathFactory,
    capabilities: list[MatchDocument],
    statistics: Statistics,
    challenges: list[MatchDocument],
    edits: list[tuple[str, str]],
) -> None:
    folder = tmp_path_factory.mktemp("edits")
    edited = MatchIndex.build(folder / "edited", capabilities, statistics)
    truth = {document.key: document for document in capabilities}
    for key, text in edits:
        if text:
            truth[key] = capability(key, ("title_en", text))
            edited = edited.changed([truth[key]])
        else:
            truth.pop(key, None)
            edited = edited.changed(removed=[key])

    rebuilt = MatchIndex.build(folder / "rebuilt", truth.values(), statistics)

    assert edited.keys() == rebuilt.keys() == sorted(truth)
    for query in challenges:
        assert edited.query(query) == rebuilt.query(query)


def test_a_full_delta_is_merged_and_answers_alike(
    tmp_path: Path, capabilities: list[MatchDocument], challenges: list[MatchDocument], statistics: Statistics
) -> None:
    small = replace(DEFAULT, merge_least=1, merge_share=0.0)
    merged = MatchIndex.build(tmp_path / "small", capabilities[:2], statistics, small).changed(capabilities[2:])
    whole = MatchIndex.build(tmp_path / "whole", capabilities, statistics)

    assert len(list(merged.folder.glob("segment-*"))) <= 2
    assert [merged.query(one).matches for one in challenges] == [whole.query(one).matches for one in challenges]


def test_a_removed_document_disappears(index: MatchIndex, challenges: list[MatchDocument]) -> None:
    assert index.query(challenges[0]).matches[0].capability == "battery"

    after = index.changed(removed=["battery"])

    assert "battery" not in {match.capability for match in after.query(challenges[0]).matches}
    assert after.document("battery") is None
    assert len(after) == len(index) - 1


def test_a_reader_keeps_its_index_until_it_opens_the_newer(index: MatchIndex, challenges: list[MatchDocument]) -> None:
    before = index.query(challenges[0])

    newer = index.changed(removed=["battery"]).changed(removed=["soil"])

    assert index.stale()
    assert not newer.stale()
    assert newer.version != index.version
    assert newer.model_version == index.model_version
    assert index.query(challenges[0]) == before


def test_documents_come_back_as_they_were_given(index: MatchIndex, capabilities: list[MatchDocument]) -> None:
    assert [index.document(one.key) for one in capabilities] == capabilities


def test_keys_narrow_the_search(index: MatchIndex, challenges: list[MatchDocument]) -> None:
    result = index.query(challenges[0], keys=["vision", "soil"])

    assert {match.capability for match in result.matches} <= {"vision", "soil"}
    assert result.considered == 2


def test_pasteur_first_drops_nothing(index: MatchIndex, challenges: list[MatchDocument]) -> None:
    for query in challenges:
        plain, moved = index.query(query).matches, index.query(query, pasteur_first=True).matches
        bands = ("strong", "possible", "weak")
        order = [(bands.index(match.band), match.joint.quadrant != "pasteur", -match.score) for match in moved]

        assert sorted(match.capability for match in plain) == sorted(match.capability for match in moved)
        assert order == sorted(order)


def test_nothing_in_common_is_no_good_match(index: MatchIndex) -> None:
    result = index.query(challenge("poem", ("title_en", "Sonnets and iambic verse")))

    assert result.no_good_match
    assert result.matches == ()


def test_gated_pairs_are_shown_apart(index: MatchIndex, challenges: list[MatchDocument]) -> None:
    ours = Facts(owner="lab")
    newer = index.changed([capability("own", *CAPABILITIES["battery"], facts=ours)])

    result = newer.query(replace(challenges[0], facts=ours))

    assert "own" not in {match.capability for match in result.matches}
    assert [(match.capability, match.gates[0].code) for match in result.gated] == [("own", "conflict_of_interest")]


def test_an_irrelevant_evidence_item_never_raises_the_text_score(
    index: MatchIndex, challenges: list[MatchDocument]
) -> None:
    before = index.text_scores(challenges[0])["battery"]

    padded = index.changed(
        [capability("battery", *CAPABILITIES["battery"], ("title_en", "Gregorian chant manuscripts"))]
    )

    assert padded.text_scores(challenges[0])["battery"] < before


def test_an_empty_index_answers(tmp_path: Path, statistics: Statistics, challenges: list[MatchDocument]) -> None:
    empty = MatchIndex.build(tmp_path / "empty", [], statistics)

    assert len(empty) == 0
    assert empty.query(challenges[0]).no_good_match
    assert len(empty.changed([capability("battery", *CAPABILITIES["battery"])]).query(challenges[0]).matches) == 1


def test_one_side_is_not_mixed_with_the_other(index: MatchIndex, tmp_path: Path, statistics: Statistics) -> None:
    with pytest.raises(WrongSideError):
        index.query(capability("a", ("title_en", "battery")))
    with pytest.raises(WrongSideError):
        index.changed([challenge("a", ("title_en", "battery"))])


def test_a_missing_or_damaged_index_is_named(tmp_path: Path, index: MatchIndex) -> None:
    with pytest.raises(NoIndexError):
        MatchIndex.open(tmp_path / "nowhere")
    (index.folder / "manifest.json").write_text("{", encoding="utf-8")
    with pytest.raises(BrokenIndexError):
        MatchIndex.open(index.folder)


def test_an_unknown_setting_is_refused() -> None:
    with pytest.raises(UnknownOptionError):
        EngineConfig.from_json({"text": {"k2": 1}})


def test_a_changed_weight_changes_the_fingerprint() -> None:
    assert replace(DEFAULT, clear_score=0.99).fingerprint() != DEFAULT.fingerprint()


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "电",
        "battery",
        "\x00\x00",
        "\u202eyrettab",
        "😀🔋",
        "\ud800电池\udfff",
        "电池 battery " * 50_000,
        "鋰" * 100_000,
    ],
    ids=[
        "empty",
        "space",
        "one character",
        "one word",
        "nul",
        "bidi",
        "emoji",
        "surrogates",
        "100,000 words",
        "one long run",
    ],
)
def test_bad_text_is_answered(index: MatchIndex, text: str) -> None:
    query = challenge("odd", ("problem_zh", text))
    stored = index.changed([capability("odd", ("title_zh", text))])

    result = stored.query(query)

    assert stored.document("odd") == capability("odd", ("title_zh", text))
    assert all(0 < match.score <= 1 for match in result.matches)
    json.dumps([match.to_json() for match in result.matches])


def crowd(count: int) -> list[MatchDocument]:
    """Many capabilities of one to six items, drawn from few words, so that scores lie close and some are equal."""
    chance = random.Random(7)
    return [
        capability(f"k{number:03}", *(("t", " ".join(chance.choices(WORDS, k=5))) for _ in range(chance.randint(1, 6))))
        for number in range(count)
    ]


@pytest.mark.parametrize("compiled", [True, False], ids=["compiled sum", "plain sum"])
def test_the_nearest_are_those_that_scoring_everything_gives(
    tmp_path: Path,
    statistics: Statistics,
    challenges: list[MatchDocument],
    monkeypatch: pytest.MonkeyPatch,
    compiled: bool,
) -> None:
    monkeypatch.setattr("matchmaker.engine.index.FIRST", 4)
    monkeypatch.setattr("matchmaker.engine.index.BLOCK", 3)
    if not compiled:
        monkeypatch.setattr("matchmaker.engine.store.csc_matvec", None)
    owners = crowd(200)
    offered = MatchIndex.build(tmp_path / "offered", owners[:150], statistics).changed(owners[150:], ["k003"])
    asked = MatchIndex.build(
        tmp_path / "asked",
        [
            challenge(f"c{owner.key}", ("t", owner.passages[0].text if owner.passages else owner.text()))
            for owner in owners
        ],
        statistics,
    )

    for index, queries in ((offered, challenges), (asked, owners[:10])):
        for query in queries:
            truth = sorted(index.text_scores(query).items(), key=lambda pair: (-pair[1], pair[0]))
            assert len(truth) > 20
            assert index.nearest(query, 20) == truth[:20]
            assert index.nearest(query, 1_000) == truth
