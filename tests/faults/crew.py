"""Workers and a schedule on one real site, and questions about what they have done."""

import dataclasses
import json
import os
import signal
import subprocess
import textwrap
from dataclasses import dataclass, field
from typing import Any

import psycopg

from tests.real_services import RealSite

APP = "tests.faults.quick"
RAISES, KILLS = "poison-raises", "poison-kills"
"""Titles of challenges that are poison to a worker."""
Program = subprocess.Popen[bytes]


@dataclass
class Crew:
    """Two workers and the schedule; a fallen worker is started again, as a process manager would."""

    site: RealSite
    workers: list[Program] = field(default_factory=list)
    schedule: Program | None = None

    def start(self, workers: int = 2) -> None:
        """Starts the programs and waits until the first worker has shown itself."""
        self.site.environment["PYTHONWARNINGS"] = "ignore"
        alone = dataclasses.replace(self.site, environment={**self.site.environment, "MATCHMAKER_SCHEDULE_ONLY": "1"})
        self.schedule = alone.start("-m", "celery", "-A", APP, "beat", "-s", str(self.site.log.with_suffix(".beat")))
        self.workers = [self._worker() for _ in range(workers)]
        self.site.wait_until(
            lambda: bool(self.ask("SELECT 1 FROM queueing_heartbeat WHERE name = 'worker'")), "a worker works", 120
        )

    def _worker(self) -> Program:
        """Starts one worker."""
        name = f"quick-{len(self.site.running)}@%h"
        calm = ["--without-gossip", "--without-mingle", "--without-heartbeat"]
        return self.site.start("-m", "celery", "-A", APP, "worker", "-Q", "default", "-c", "1", "-n", name, *calm)

    def kill_one(self, number: int) -> None:
        """Kills one worker with all its processes at once, and puts a new one in its place."""
        self.site.kill(self.workers[number])
        self.workers[number] = self._worker()

    def signal(self, number: signal.Signals) -> None:
        """Sends a signal to all processes of all workers, to hold them or to let them go on."""
        for worker in self.workers:
            os.killpg(worker.pid, number)

    def tend(self) -> None:
        """Starts again what has fallen."""
        for number, worker in enumerate(self.workers):
            if worker.poll() is not None:
                self.workers[number] = self._worker()

    def stop(self) -> None:
        """Ends all of it at once."""
        for program in [*self.workers, *([self.schedule] if self.schedule else [])]:
            if program.poll() is None:
                self.site.kill(program)

    def ask(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        """Asks the database, past all of our code."""
        with psycopg.connect(self.site.environment["DATABASE_URL"], autocommit=True) as database:
            found = database.execute(query, values)  # type: ignore[arg-type]  # the queries stand in the tests
            return found.fetchall() if found.description else []

    def tell(self, source: str) -> Any:
        """Runs lines of Python in the site; what they put into ``answer`` comes back."""
        # Each call is a process of its own, whose factories would count from nought again.
        apart = "import os\nfrom tests import factories\nfactories.UserFactory.reset_sequence(os.getpid() * 1000)\n"
        lines = apart + textwrap.dedent(source) + "\nimport json\nprint('ANSWER' + json.dumps(answer, default=str))"
        return json.loads(self.site.python(lines).rpartition("ANSWER")[2])

    def finished(self, subjects: list[str]) -> bool:
        """True when no work on these challenges is left, and their lists belong to their texts."""
        self.tend()
        open_jobs = "SELECT 1 FROM queueing_job WHERE subject = ANY(%s) AND state IN ('ready', 'running') LIMIT 1"
        behind = (
            "SELECT 1 FROM projects_challenge WHERE id = ANY(%s::uuid[]) AND matched_version < input_version LIMIT 1"
        )
        return not self.ask(open_jobs, subjects) and not self.ask(behind, subjects)

    def results(self, subjects: list[str]) -> list[tuple[Any, ...]]:
        """What was found for these challenges, to the last figure."""
        query = (
            "SELECT challenge_id::text, capability_id::text, score, relevance, aim_score, band, detail::text"
            " FROM projects_match WHERE challenge_id = ANY(%s::uuid[]) ORDER BY 1, 2"
        )
        return self.ask(query, subjects)
