"""A broker that is down, empty again, or gone while work waits: posting goes on, and all is matched when it is back."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis

from matchmaker import supervise
from tests.faults.crew import Crew
from tests.faults.test_workers import posted

PENDING = {
    "en": "Matches are being looked for. Your text is saved; you can leave this page.",
    "zh-hans": "正在寻找匹配。文字已保存，可以离开此页。",
    "zh-hant": "正在尋找匹配。文字已儲存，可以離開此頁。",
}
PUBLISH = """
from datetime import timedelta
from django.test import Client
from django.utils import timezone
from projects.models import Challenge
from tests.factories import MembershipFactory
rows = {{"metrics-TOTAL_FORMS": "1", "metrics-INITIAL_FORMS": "0", "metrics-0-name": "时间", "metrics-0-unit": "min"}}
typed = {{
    "language": "zh", "title": "极片缺陷检测", "problem": "机器视觉难以在线识别缺陷。", "use_context": "产线", "understanding_sought": "机理",
    **rows, "metrics-0-today": "240", "metrics-0-target": "5", "trl_current": "3", "trl_target": "7", "budget_max": "800000",
    "answer_by": (timezone.localdate() + timedelta(days=30)).isoformat(), "ip_preference": "joint", "confidentiality_tier": "nda",
}}
answer = {{}}
for language in {languages}:
    client = Client(headers={{"host": "127.0.0.1"}})
    client.force_login(MembershipFactory().user)
    page = client.post(f"/{{language}}/challenges/new/", {{**typed, "action": "submit"}}, follow=True)
    answer[language] = [page.redirect_chain[-1][0].split("/")[3], page.content.decode()]
"""
LOOK = """
from django.test import Client
from projects.models import Challenge
answer = {{}}
for language, pk in {challenges}.items():
    challenge = Challenge.objects.get(pk=pk)
    client = Client(headers={{"host": "127.0.0.1"}})
    client.force_login(challenge.author)
    answer[language] = [challenge.state, client.get(f"/{{language}}/challenges/{{pk}}/matches/").content.decode()]
"""
pytestmark = [pytest.mark.service, pytest.mark.timeout(400)]


class Broker:
    """A server of the test's own, which it may kill and empty."""

    def __init__(self, home: Path) -> None:
        self.address = supervise.embedded_broker_url()
        self.program = supervise.broker_program(home, self.address)
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Starts it and waits until it answers."""
        self.process = subprocess.Popen(self.program.command)
        while True:
            try:
                with redis.Redis.from_url(self.address) as client:
                    client.ping()
                return
            except redis.RedisError:
                assert self.process.poll() is None, "the broker does not start"

    def kill(self) -> None:
        """Kills it, as a power cut would."""
        if self.process is not None and self.process.poll() is None:
            self.process.kill()
            self.process.wait()

    def empty(self) -> None:
        """Makes it forget everything."""
        with redis.Redis.from_url(self.address) as client:
            client.flushall()


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Broker]:
    """A broker that is not running yet."""
    made = Broker(tmp_path)
    yield made
    made.kill()


def test_posting_goes_on_without_a_broker_and_all_is_matched_when_it_is_back(
    lone_crew: Crew, broker: Broker, key: str
) -> None:
    lone_crew.site.environment["REDIS_URL"] = broker.address

    challenges = posted(lone_crew, key, 5)
    waiting = lone_crew.ask("SELECT state, sent_at FROM queueing_job WHERE subject = ANY(%s)", challenges)
    seen = lone_crew.tell(
        f"""
        from django.test import Client
        headers = {{"HTTP_HOST": "127.0.0.1", "HTTP_AUTHORIZATION": "Token {key}"}}
        answer = [Client().get(f"/api/v1/challenges/{{pk}}/matches/", **headers).json()["state"] for pk in {challenges}]
        """
    )
    broker.start()
    lone_crew.start(workers=1)
    lone_crew.site.wait_until(lambda: lone_crew.finished(challenges), "all that waited is matched", 90)
    broker.kill()
    later = posted(lone_crew, key, 5)
    broker.start()
    lone_crew.site.wait_until(lambda: lone_crew.finished(later), "all that was posted meanwhile is matched", 120)

    assert waiting == [("ready", None)] * 5
    assert seen == ["pending"] * 5
    assert {row[0] for row in lone_crew.results([*challenges, *later])} == {*challenges, *later}


def test_whoever_publishes_without_a_broker_reads_that_matches_follow_and_later_sees_them(
    lone_crew: Crew, broker: Broker
) -> None:
    lone_crew.site.environment["REDIS_URL"] = broker.address

    lone_crew.site.manage("collectstatic", "--no-input", "--verbosity", "0")

    published = lone_crew.tell(PUBLISH.format(languages=[*PENDING]))
    challenges = {language: challenge for language, (challenge, _) in published.items()}
    broker.start()
    lone_crew.start(workers=1)
    lone_crew.site.wait_until(lambda: lone_crew.finished([*challenges.values()]), "the sweeper has all matched", 240)
    matched = lone_crew.tell(LOOK.format(challenges=challenges))

    for language, sentence in PENDING.items():
        (_, before), (state, after) = published[language], matched[language]
        assert (sentence in before, before.count("<article")) == (True, 0)
        assert (state, sentence in after) == ("published", False)
        assert after.count("<article") >= 5


def test_a_broker_that_forgot_everything_costs_only_time(lone_crew: Crew, broker: Broker, key: str) -> None:
    lone_crew.site.environment["REDIS_URL"] = broker.address
    broker.start()

    challenges = posted(lone_crew, key, 5)
    sent = lone_crew.ask(
        "SELECT count(*) FROM queueing_job WHERE subject = ANY(%s) AND sent_at IS NOT NULL", challenges
    )
    broker.empty()
    lone_crew.start(workers=1)
    lone_crew.site.wait_until(lambda: lone_crew.finished(challenges), "what the broker forgot is sent again", 90)

    assert sent == [(5,)]
    assert {row[0] for row in lone_crew.results(challenges)} == set(challenges)
