"""Killed workers, doubled messages, poison and bursts of edits cost nothing but time."""

import signal
import time

import pytest

from tests.faults.crew import KILLS, RAISES, Crew

pytestmark = [pytest.mark.service, pytest.mark.timeout(400)]
POST = """
from django.test import Client
answer = []
topics = ["极片缺陷检测", "超声检测", "港口调度", "量子计算", "节能控制", "第一性原理计算", "机器视觉", "图像分割", "应用性能测试", "推荐算法"]
for number in range({count}):
    topic, other = topics[number % 10], topics[(number * 7 + 3) % 10]
    body = {{"language": "zh", "title_zh": f"{{topic}}难题{{number}}", "problem_zh": f"{{other}}在{{topic}}中效果不佳，需要{{topic}}。"}}
    posted = Client().post("/api/v1/challenges/", body, content_type="application/json", HTTP_HOST="127.0.0.1", HTTP_AUTHORIZATION="Token {key}")
    assert posted.status_code == 201, posted.content
    answer.append(posted.json()["id"])
"""
DOUBLED = (
    "SELECT 1 FROM projects_match WHERE challenge_id = ANY(%s::uuid[])"
    " GROUP BY challenge_id, capability_id HAVING count(*) > 1"
)


def posted(crew: Crew, key: str, count: int) -> list[str]:
    """Posts challenges through the API and returns their ids."""
    made: list[str] = crew.tell(POST.format(count=count, key=key))
    return made


def test_killed_workers_lose_and_double_nothing(crew: Crew, key: str) -> None:
    crew.signal(signal.SIGSTOP)
    challenges = posted(crew, key, 40)
    crew.signal(signal.SIGCONT)
    done = "SELECT count(*) FROM queueing_job WHERE subject = ANY(%s) AND state = 'done'"
    caught_working = 0

    for kill in range(4):
        before = crew.ask(done, challenges)[0][0]
        assert before < len(challenges), "all was done before the last kill; the kills hit nothing"
        caught_working += crew.ask("SELECT count(*) FROM queueing_job WHERE state = 'running'")[0][0]
        crew.kill_one(kill % 2)
        end = time.monotonic() + 60
        while crew.ask(done, challenges)[0][0] < before + 2 and time.monotonic() < end:
            time.sleep(0.1)
    crew.site.wait_until(lambda: crew.finished(challenges), "all work is finished by other workers", 120)
    found = crew.results(challenges)
    crew.tell(
        f"""
        from projects import queue
        from projects.models import Challenge, Match
        Match.objects.filter(challenge_id__in={challenges}).delete()
        for challenge in Challenge.objects.filter(pk__in={challenges}):
            queue.match_challenge(challenge)
        answer = 0
        """
    )
    crew.site.wait_until(lambda: crew.finished(challenges), "the run without faults is finished", 120)

    assert caught_working > 0
    assert len({row[0] for row in found}) == 40
    assert found == crew.results(challenges)
    assert crew.ask(DOUBLED, challenges) == []
    assert crew.ask("SELECT max(attempts) FROM queueing_job WHERE subject = ANY(%s)", challenges)[0][0] > 1


def test_a_message_delivered_five_times_has_one_effect(crew: Crew) -> None:
    challenge = crew.tell(
        """
        from matchmaker.celery import app
        from matchmaker.queueing import jobs
        from projects import queue
        from tests.factories import ChallengeFactory
        real = jobs.send
        jobs.send = lambda job: False
        challenge = ChallengeFactory()
        job = queue.match_challenge(challenge)
        for _ in range(5):
            app.signature(job.kind, args=[str(job.pk)]).apply_async(queue="default")
        answer = str(challenge.pk)
        """
    )
    crew.site.wait_until(lambda: crew.finished([challenge]), "the challenge is matched", 90)
    crew.site.wait_until(lambda: not _queued(crew), "all five messages are taken", 60)

    assert crew.ask("SELECT state, attempts FROM queueing_job WHERE subject = %s", challenge) == [("done", 1)]
    assert crew.results([challenge])
    assert crew.ask(DOUBLED, [challenge]) == []
    told = "SELECT count(*) FROM accounts_notice WHERE event_key LIKE %s GROUP BY recipient_id, event_key, channel"
    assert {row[0] for row in crew.ask(told, f"match:{challenge}:%")} <= {1}


def _queued(crew: Crew) -> int:
    """How many messages wait in the broker."""
    import redis

    environment = crew.site.environment
    with redis.Redis.from_url(environment["REDIS_URL"]) as broker:
        waiting: int = broker.llen(environment["MATCHMAKER_REDIS_PREFIX"] + "default")  # type: ignore[assignment]
    return waiting


def test_poison_is_given_up_after_five_attempts_while_the_rest_is_done(crew: Crew, key: str) -> None:
    raising, killing = crew.tell(
        f"""
        from projects import queue
        from tests.factories import DraftFactory
        made = [DraftFactory(title_en="{RAISES}"), DraftFactory(title_en="{KILLS}")]
        for challenge in made:
            queue.match_challenge(challenge)
        answer = [str(challenge.pk) for challenge in made]
        """
    )
    good = posted(crew, key, 10)
    dead = "SELECT subject, attempts, error FROM queueing_job WHERE state = 'dead' AND subject = ANY(%s)"

    def both_dead() -> bool:
        crew.tend()
        # The pauses between attempts grow to half a minute; the test does not wait for them, and gives each its whole lease.
        crew.ask("UPDATE queueing_job SET run_after = now() WHERE state = 'ready' AND subject = %s", raising)
        return len(crew.ask(dead, [raising, killing])) == 2

    crew.site.wait_until(lambda: crew.finished(good), "the good ones are matched", 90)
    crew.site.wait_until(both_dead, "both are given up", 120)

    found = {subject: (attempts, error) for subject, attempts, error in crew.ask(dead, [raising, killing])}
    assert found[raising] == (5, "RuntimeError: poison")
    assert found[killing] == (5, "Each attempt ended without an answer.")


def test_of_twenty_edits_in_two_seconds_the_last_text_wins(crew: Crew) -> None:
    challenge, seconds = crew.tell(
        """
        import time
        from projects.services.challenges import edit_challenge
        from tests.factories import ChallengeFactory
        challenge = ChallengeFactory(title_zh="港口调度", summary_zh="", problem_zh="泊位", title_en="", summary_en="", problem_en="", understanding_sought_zh="未知", use_context_zh="现场")
        began = time.monotonic()
        for number in range(20):
            words = "量子计算" if number == 19 else "港口调度"
            edit_challenge(challenge, by=challenge.author, values={"title_zh": words, "problem_zh": f"{words}第{number}稿"})
            time.sleep(max(0, began + (number + 1) * 0.1 - time.monotonic()))
        answer = [str(challenge.pk), time.monotonic() - began]
        """
    )
    crew.site.wait_until(lambda: crew.finished([challenge]), "the last text is matched", 90)

    best = crew.ask(
        "SELECT k.title_zh FROM projects_match m JOIN projects_capability k ON k.id = m.capability_id"
        " WHERE m.challenge_id = %s ORDER BY m.score DESC LIMIT 1",
        challenge,
    )
    runs = crew.ask("SELECT sum(attempts) FROM queueing_job WHERE subject = %s", challenge)[0][0]
    assert "量子计算" in best[0][0]
    assert seconds < 5
    assert runs <= 3


def test_who_switches_matching_off_at_any_moment_is_in_no_list_afterwards(lone_crew: Crew) -> None:
    lone_crew.site.environment["FAULTS_PAUSE"] = "0.4"
    lone_crew.start(workers=2)
    people, challenges = lone_crew.tell(
        """
        import time
        from accounts.services.profiles import edit_profile
        from projects import queue
        from projects.services.capabilities import edit_capability, publish_capability
        from tests.factories import CapabilityDraftFactory, ChallengeFactory
        people, challenges = [], []
        for trial in range(8):
            topic = f"极片缺陷检测与第{trial}种机器视觉"
            leaving, editing = (publish_capability(made, by=made.owner) for made in (
                CapabilityDraftFactory(title_zh=topic, summary_zh=topic), CapabilityDraftFactory(title_zh=topic, summary_zh=topic)
            ))
            time.sleep(2)
            challenge = ChallengeFactory(title_zh=topic, problem_zh=topic)
            queue.index_changed("challenges", challenge.pk)
            queue.match_challenge(challenge)
            time.sleep(0.3 + 0.15 * trial)  # before, in the middle of, and after the storing of the list
            edit_profile(leaving.owner, match_me=False)
            edit_capability(editing, by=editing.owner, values={"title_zh": "更新：" + topic})
            people.append(str(leaving.pk))
            challenges.append(str(challenge.pk))
        answer = [people, challenges]
        """
    )
    lone_crew.site.wait_until(lambda: lone_crew.finished([*challenges, *people]), "all is matched", 120)
    settled = "SELECT 1 FROM queueing_job WHERE state IN ('ready', 'running')"
    lone_crew.site.wait_until(lambda: not lone_crew.ask(settled), "all work is done", 120)

    left = "SELECT count(*) FROM projects_match WHERE capability_id = ANY(%s::uuid[])"
    places = (
        "SELECT substr(k.title_zh, (r->'in_capability'->>'start')::int + 1, length(r->>'term')) = r->>'term'"
        " FROM projects_match m JOIN projects_capability k ON k.id = m.capability_id, jsonb_array_elements(m.detail->'reasons') r"
        " WHERE m.challenge_id = ANY(%s::uuid[]) AND r->'in_capability'->>'field' = 'title_zh' AND k.title_zh LIKE '更新：%%'"
        " AND r->'pair' = 'null'"
    )
    held = [row[0] for row in lone_crew.ask(places, challenges)]
    assert lone_crew.ask(left, people) == [(0,)]
    assert len(held) >= len(challenges)
    assert all(held)
    assert "deadlock" not in lone_crew.site.log.read_text(errors="replace")
