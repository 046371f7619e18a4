"""From a posted challenge to stored, explained matches, with the real engine."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import Notice
from accounts.services.profiles import edit_profile
from matchmaker.queueing import jobs
from matchmaker.queueing.models import Job, JobState
from projects import queue
from projects.choices import MATCH_CAPABILITY, MATCH_CHALLENGE, Collection
from projects.models import Match, Preview, SearchText
from projects.services import indexing, matching
from projects.services.capabilities import edit_capability, hide_capability, publish_capability
from projects.services.challenges import edit_challenge, withdraw_challenge
from projects.services.evidence import replace_evidence
from projects.services.previews import ask_preview
from projects.states import CapabilityState
from tests.factories import (
    CapabilityFactory,
    ChallengeFactory,
    ConfidentialTextFactory,
    DraftFactory,
    MembershipFactory,
    ProfileFactory,
)

pytestmark = pytest.mark.django_db
COOKING = {
    "title_zh": "广式茶点的风味研究",
    "title_en": "Flavour of Cantonese dim sum",
    "summary_zh": "虾饺与烧卖的口感。",
    "summary_en": "How dumplings taste.",
    "what_it_enables_zh": "改进点心配方。",
    "methods_zh": "感官评价",
    "keywords_zh": ["点心"],
}


@pytest.fixture(autouse=True)
def no_broker(monkeypatch: pytest.MonkeyPatch) -> None:
    """Jobs wait until a test drains them, as with a broker that is down."""
    monkeypatch.setattr(jobs, "send", lambda job: False)


def matched(challenge: Any) -> list[Match]:
    queue.match_challenge(challenge)
    jobs.drain()
    challenge.refresh_from_db()
    return list(Match.objects.filter(challenge=challenge).order_by("-score"))


def test_a_challenge_finds_the_capability_that_fits() -> None:
    fits, other = CapabilityFactory(), CapabilityFactory(**COOKING)
    challenge = ChallengeFactory()

    found = matched(challenge)

    assert found[0].capability_id == fits.pk
    assert all(match.capability_id != other.pk or match.score < found[0].score / 2 for match in found)
    assert challenge.matches_ready
    assert Job.objects.filter(state=JobState.DONE).count() >= 1


@pytest.mark.parametrize(
    ("challenge_texts", "capability_texts"),
    [
        ({"title_en": "", "summary_en": "", "problem_en": ""}, {"title_zh": "", "summary_zh": "", "what_it_enables_zh": "", "methods_zh": "", "keywords_zh": []}),
        ({"title_zh": "", "summary_zh": "", "problem_zh": "", "understanding_sought_zh": "", "use_context_zh": ""}, {"title_en": "", "summary_en": ""}),
        ({"title_zh": "電池極片塗布缺陷在線檢測", "problem_zh": "極片缺陷難以識別。", "title_en": "", "summary_en": "", "problem_en": ""}, {"title_en": "", "summary_en": ""}),
    ],
    ids=["zh asks en", "en asks zh", "traditional asks simplified"],
)  # fmt: skip
def test_the_two_sides_meet_across_languages_and_scripts(challenge_texts: Any, capability_texts: Any) -> None:
    fits = CapabilityFactory(**capability_texts)
    CapabilityFactory(**COOKING)

    found = matched(ChallengeFactory(**challenge_texts))

    assert found[0].capability_id == fits.pk
    assert found[0].detail["reasons"]


def test_reasons_stand_in_both_public_texts() -> None:
    capability = CapabilityFactory()
    challenge = ChallengeFactory()

    best = matched(challenge)[0]

    for reason in best.detail["reasons"]:
        here, there = reason["in_challenge"], reason["in_capability"]
        mine = getattr(challenge, here["field"])[here["start"] : here["end"]]
        theirs = getattr(capability, there["field"])
        theirs = "，".join(theirs) if isinstance(theirs, list) else theirs
        assert mine == reason["term"]
        assert theirs[there["start"] : there["end"]]


def test_both_directions_give_the_pair_the_same_score() -> None:
    challenge, capability = ChallengeFactory(), CapabilityFactory(state=CapabilityState.DRAFT)
    assert matched(challenge) == []

    publish_capability(capability, by=capability.owner)
    jobs.drain()
    from_capability = Match.objects.get().score
    from_challenge = matched(challenge)[0].score

    assert from_challenge == pytest.approx(from_capability, abs=1e-9)


def test_confidential_text_changes_no_match(django_assert_num_queries: Any) -> None:
    CapabilityFactory(title_en="canary-problem-9d2", title_zh="某型号隔膜的研究")
    challenge = ChallengeFactory()
    before = [(match.capability_id, match.score, match.detail) for match in matched(challenge)]
    assert before

    ConfidentialTextFactory(challenge=challenge)
    after = [(match.capability_id, match.score, match.detail) for match in matched(challenge)]

    assert after == before
    assert not SearchText.objects.filter(terms__contains="canary").exists()


def test_the_last_text_wins() -> None:
    CapabilityFactory()
    dim_sum = CapabilityFactory(**COOKING)
    challenge = ChallengeFactory()
    assert matched(challenge)[0].capability_id != dim_sum.pk
    texts = {"title_zh": "广式茶点的口感", "problem_zh": "虾饺与烧卖的点心配方与口感评价。", "summary_zh": "点心"}
    english = {
        "title_en": "Flavour of dim sum",
        "problem_en": "Dumplings taste flat.",
        "summary_en": "Dim sum flavour.",
    }

    for number in range(20):
        edit_challenge(challenge, by=challenge.author, values={"summary_zh": f"第{number}稿"})
    edit_challenge(challenge, by=challenge.author, values={**texts, **english})
    assert Job.objects.filter(kind="projects.match_challenge", state=JobState.READY).count() == 1
    jobs.drain()

    assert Match.objects.filter(challenge=challenge).order_by("-score")[0].capability_id == dim_sum.pk


def test_a_hidden_capability_disappears_from_matches() -> None:
    capability = CapabilityFactory()
    challenge = ChallengeFactory()
    assert matched(challenge)

    hide_capability(capability, by=capability.owner)

    assert matched(challenge) == []


def test_who_switched_matching_off_is_in_no_list() -> None:
    profile = ProfileFactory(match_me=False)
    CapabilityFactory(owner=profile.user)

    assert matched(ChallengeFactory()) == []


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_challenge_knows_the_others_on_the_board_that_speak_of_the_same(language: str) -> None:
    other = {"zh": "en", "en": "zh"}[language]
    alone = {f"{name}_{other}": "" for name in ("title", "summary", "problem", "understanding_sought", "use_context")}
    twin = ChallengeFactory()
    cooking = ChallengeFactory(
        title_zh="广式茶点的风味", title_en="Flavour of dim sum", problem_zh="虾饺口感不稳。", problem_en="Dumplings vary.",
        summary_zh="", summary_en="", understanding_sought_zh="", understanding_sought_en="", use_context_zh="厨房",
        use_context_en="A kitchen",
    )  # fmt: skip
    draft = DraftFactory()
    challenge = ChallengeFactory(**alone)

    for each in (twin, cooking, draft, challenge):
        queue.index_changed("challenges", each.pk)
        queue.match_challenge(each)
    jobs.drain()

    assert {row.other_id for row in challenge.similar.all()} == {twin.pk}
    assert not cooking.similar.exists()
    assert not draft.similar.exists()


def test_a_placement_is_stored_with_how_unsure_it_is() -> None:
    challenge, capability = ChallengeFactory(), CapabilityFactory()

    pair = matched(challenge)[0]
    queue.match_capability(capability)
    jobs.drain()

    capability.refresh_from_db()
    for side, name in ((challenge, "challenge"), (capability, "capability")):
        told = pair.detail[f"{name}_placement"]
        assert (side.understanding_sd, side.use_sd) == (told["understanding_sd"], told["use_sd"])
        assert min(side.understanding_sd, side.use_sd) > 0


def test_a_draft_asks_and_is_never_asked_for() -> None:
    draft = DraftFactory()
    capability = CapabilityFactory()

    assert len(matched(draft)) == 1
    queue.match_capability(capability)
    jobs.drain()

    assert len(indexing.current_index("challenges")) == 0
    assert not SearchText.objects.filter(object_id=str(draft.pk)).exists()


def test_a_withdrawn_challenge_disappears_from_the_index() -> None:
    challenge = ChallengeFactory()
    queue.index_changed("challenges", challenge.pk)
    assert len(indexing.current_index("challenges")) == 1

    withdraw_challenge(challenge, by=challenge.author)

    assert len(indexing.current_index("challenges")) == 0


def test_evidence_that_was_removed_has_no_influence() -> None:
    capability = CapabilityFactory(**COOKING)
    challenge = ChallengeFactory()
    rows = [{"kind": "paper", "title_zh": "电池极片涂布缺陷的机器视觉在线检测", "summary_zh": "识别漏涂与划痕缺陷。"}]
    bare = matched(challenge)
    replace_evidence(capability, by=capability.owner, rows=rows)
    jobs.drain()
    with_evidence = Match.objects.get(challenge=challenge).score

    replace_evidence(capability, by=capability.owner, rows=[])
    jobs.drain()
    without = matched(challenge)

    assert with_evidence > (bare[0].score if bare else 0)
    assert [match.score for match in without] == pytest.approx([match.score for match in bare])


def test_owners_are_told_of_a_strong_match_once(settings: Any) -> None:
    settings.BACKGROUND_TEXT = settings.BASE_DIR / "projects" / "data" / "archive" / "records.jsonl.gz"
    capability, challenge = CapabilityFactory(), ChallengeFactory()

    best = matched(challenge)[0]
    matched(challenge)

    assert (best.capability_id, best.band) == (capability.pk, "strong")
    assert Notice.objects.filter(recipient=capability.owner, kind="new_match").count() == 1


def test_a_firm_is_told_of_a_strong_match_that_came_after_its_challenge(settings: Any) -> None:
    settings.BACKGROUND_TEXT = settings.BASE_DIR / "projects" / "data" / "archive" / "records.jsonl.gz"
    before = CapabilityFactory(published_at=timezone.now() - timedelta(days=2))
    challenge = ChallengeFactory(published_at=timezone.now() - timedelta(days=1))
    owner = MembershipFactory(organisation=challenge.organisation).user
    matched(challenge)
    after = CapabilityFactory(published_at=timezone.now())

    for capability in (before, after, after):
        queue.index_changed(Collection.CAPABILITIES, capability.pk)
        queue.match_capability(capability)
        jobs.drain()

    (notice,) = Notice.objects.filter(recipient=owner, kind="new_match")
    assert notice.path == f"matches/{challenge.pk}/{after.pk}/"


def test_deleting_the_index_costs_only_a_rebuild(settings: Any) -> None:
    import shutil

    CapabilityFactory()
    challenge = ChallengeFactory()
    before = [(match.capability_id, match.score) for match in matched(challenge)]

    shutil.rmtree(settings.INDEX_DIR)

    assert [(match.capability_id, match.score) for match in matched(challenge)] == before


def test_a_broken_index_is_built_afresh(settings: Any) -> None:
    CapabilityFactory()
    challenge = ChallengeFactory()
    before = [(match.capability_id, match.score) for match in matched(challenge)]

    indexing._open.clear()
    for path in settings.INDEX_DIR.rglob("*"):
        if path.is_file() and path.suffix in (".npy", ".json") and "applied" not in path.name:
            path.write_bytes(b"not an index")

    assert [(match.capability_id, match.score) for match in matched(challenge)] == before


def test_an_edited_capability_is_found_by_its_new_text() -> None:
    capability = CapabilityFactory(**COOKING)
    challenge = ChallengeFactory()
    weak = matched(challenge)

    texts = {"title_zh": "极片涂布缺陷检测", "summary_zh": "机器视觉识别电池极片缺陷。"}
    edit_capability(capability, by=capability.owner, values=texts)
    jobs.drain()

    assert matched(challenge)[0].score > (weak[0].score if weak else 0)


def test_a_pasted_problem_is_answered_and_leaves_no_trace() -> None:
    fits = CapabilityFactory()

    preview = ask_preview("电芯极片缺陷在线检测", visitor="session:a")
    jobs.drain()

    preview = Preview.objects.get(pk=preview.pk)
    assert preview.state == "ready"
    assert [match["capability"] for match in preview.results["matches"]] == [str(fits.pk)]
    assert not SearchText.objects.exists()
    assert not Match.objects.exists()


def test_switching_matching_off_empties_every_list_at_once_and_on_fills_it_again() -> None:
    capability, other = CapabilityFactory(), CapabilityFactory()
    challenge = ChallengeFactory()
    assert {match.capability_id for match in matched(challenge)} == {capability.pk, other.pk}

    edit_profile(capability.owner, match_me=False)
    assert [match.capability_id for match in Match.objects.all()] == [other.pk]
    assert [match.capability_id for match in matched(challenge)] == [other.pk]
    edit_capability(capability, by=capability.owner, values={"summary_zh": "改过的摘要。"})
    jobs.drain()
    assert [match.capability_id for match in Match.objects.all()] == [other.pk]
    capability.refresh_from_db()
    assert capability.matches_ready

    edit_profile(capability.owner, match_me=True)
    assert {match.capability_id for match in matched(challenge)} == {capability.pk, other.pk}


def test_an_edit_of_a_profile_that_leaves_the_switch_asks_for_nothing() -> None:
    capability = CapabilityFactory()

    edit_profile(capability.owner, headline_zh="教授", match_me=True)

    assert not Job.objects.exists()


def meanwhile(monkeypatch: pytest.MonkeyPatch, deed: Callable[[], Any]) -> None:
    """Has something done once, after the next job has found its pairs and before it stores them."""
    honest, waiting = matching._partners, [deed]

    def slowly(*args: Any) -> set[str]:
        while waiting:
            waiting.pop()()
        return honest(*args)

    monkeypatch.setattr(matching, "_partners", slowly)


def run_one(kind: str) -> None:
    """Does the one job of a kind that waits."""
    job = Job.objects.get(kind=kind, state=JobState.READY)
    jobs.app.tasks[kind].run(str(job.pk))


def test_who_switched_matching_off_meanwhile_is_not_put_back_into_a_list(monkeypatch: pytest.MonkeyPatch) -> None:
    capability, other = CapabilityFactory(), CapabilityFactory()
    challenge = ChallengeFactory()
    queue.match_challenge(challenge)

    meanwhile(monkeypatch, lambda: edit_profile(capability.owner, match_me=False))
    run_one(MATCH_CHALLENGE)

    assert [match.capability_id for match in challenge.matches.all()] == [other.pk]


def test_what_was_hidden_meanwhile_is_not_put_back_into_a_list(monkeypatch: pytest.MonkeyPatch) -> None:
    capability, other = CapabilityFactory(), CapabilityFactory()
    challenge = ChallengeFactory()
    queue.match_challenge(challenge)

    meanwhile(monkeypatch, lambda: hide_capability(capability, by=capability.owner))
    run_one(MATCH_CHALLENGE)

    assert [match.capability_id for match in challenge.matches.all()] == [other.pk]


@pytest.mark.parametrize("draft", [True, False])
def test_a_list_found_before_a_partner_was_edited_leaves_that_partner_to_later_work(
    monkeypatch: pytest.MonkeyPatch, draft: bool
) -> None:
    capability, other = CapabilityFactory(), CapabilityFactory()
    challenge = DraftFactory() if draft else ChallengeFactory()
    queue.index_changed(Collection.CHALLENGES, challenge.pk)
    matched(challenge)
    queue.match_challenge(challenge)
    text = "全新的开头。电池极片表面缺陷的机器视觉检测"

    def edited_and_matched() -> None:
        edit_capability(capability, by=capability.owner, values={"title_zh": text})
        run_one(MATCH_CAPABILITY)

    meanwhile(monkeypatch, edited_and_matched)
    run_one(MATCH_CHALLENGE)

    assert {match.capability_id for match in challenge.matches.all()} == {capability.pk, other.pk}
    Job.objects.filter(state=JobState.READY).update(run_after=timezone.now())  # after a burst it waits a moment
    jobs.drain()
    found = challenge.matches.get(capability=capability)
    places = [reason["in_capability"] for reason in found.detail["reasons"]]
    titles = [place for place in places if place["field"] == "title_zh"]
    assert titles
    assert all(place["start"] >= len("全新的开头。") for place in titles)


def test_a_partner_published_meanwhile_stays_in_the_list(monkeypatch: pytest.MonkeyPatch) -> None:
    challenge, new = ChallengeFactory(), CapabilityFactory(state=CapabilityState.DRAFT)
    CapabilityFactory()
    queue.index_changed(Collection.CHALLENGES, challenge.pk)
    queue.match_challenge(challenge)

    def published_and_matched() -> None:
        publish_capability(new, by=new.owner)
        run_one(MATCH_CAPABILITY)

    meanwhile(monkeypatch, published_and_matched)
    run_one(MATCH_CHALLENGE)

    assert challenge.matches.filter(capability=new).exists()


def test_a_list_of_an_earlier_text_is_not_stored_over_that_of_a_later_one(monkeypatch: pytest.MonkeyPatch) -> None:
    CapabilityFactory()
    dim_sum = CapabilityFactory(**COOKING)
    challenge = DraftFactory()
    queue.match_challenge(challenge)
    texts = {"title_zh": "广式茶点的口感", "problem_zh": "虾饺与烧卖的点心配方与口感评价。", "summary_zh": "点心"}

    def rewritten_and_matched() -> None:
        edit_challenge(
            challenge, by=challenge.author, values={**texts, "title_en": "", "problem_en": "", "summary_en": ""}
        )
        run_one(MATCH_CHALLENGE)

    meanwhile(monkeypatch, rewritten_and_matched)
    run_one(MATCH_CHALLENGE)

    challenge.refresh_from_db()
    assert challenge.matches_ready
    assert challenge.matches.order_by("-score").first().capability == dim_sum  # type: ignore[union-attr]


@pytest.mark.parametrize("deed", ["hide", "switch off"])
def test_a_capability_that_left_meanwhile_gets_no_list(monkeypatch: pytest.MonkeyPatch, deed: str) -> None:
    capability = CapabilityFactory()
    challenge = ChallengeFactory()
    queue.index_changed(Collection.CHALLENGES, challenge.pk)
    queue.match_capability(capability)

    def left() -> None:
        if deed == "hide":
            hide_capability(capability, by=capability.owner)
        else:
            edit_profile(capability.owner, match_me=False)

    meanwhile(monkeypatch, left)
    run_one(MATCH_CAPABILITY)

    assert not capability.matches.exists()


def test_a_challenge_withdrawn_meanwhile_is_not_told_of(monkeypatch: pytest.MonkeyPatch) -> None:
    capability, challenge = CapabilityFactory(), ChallengeFactory()
    queue.match_challenge(challenge)

    meanwhile(monkeypatch, lambda: withdraw_challenge(challenge, by=challenge.author))
    run_one(MATCH_CHALLENGE)

    assert not Notice.objects.filter(recipient=capability.owner).exists()
    assert not SearchText.objects.filter(kind="challenge").exists()
