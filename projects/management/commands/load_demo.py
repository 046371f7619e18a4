"""Loads the demo data and finds all matches, with progress."""

import sys
import time
from typing import Any

from django.core.management.base import BaseCommand

from matchmaker.queueing import jobs
from matchmaker.queueing.models import Job, JobState
from projects import queue
from projects.choices import ArchiveKind, Collection
from projects.models import ArchiveRecord, Challenge
from projects.services import indexing, matching
from projects.services.archive import load_archive
from projects.services.demo import load_demo, load_waiting

LINE_EVERY = 5.0
"""Seconds between two lines of progress in a log."""


class Command(BaseCommand):
    """Safe to repeat: what is there stays."""

    help = "Loads the demo data (needs MATCHMAKER_DEMO=1) and finds all matches."

    def handle(self, *args: Any, **options: Any) -> None:
        """Loads, indexes, matches; nothing is sent to a worker, for all of it is done here."""
        with jobs.unsent():
            self._load()

    def _load(self) -> None:
        """Does it all, one step after the other."""
        start = self._said = time.monotonic()
        loaded = load_demo(self._step)
        archived = load_archive()
        load_waiting()
        fresh = not Challenge.objects.filter(matched_version__gt=0).exists()
        unplaced = list(ArchiveRecord.objects.filter(quadrant="", understanding__isnull=True))
        if fresh:
            indexing.start_epoch()
            for done, collection in enumerate(Collection.values, 1):
                indexing.rebuild(collection)
                self._step("indexes", done, len(Collection.values))
            matching.place_archive(unplaced)
            for pk in ArchiveRecord.objects.filter(kind=ArchiveKind.CHALLENGE, matched_model="").values_list(
                "pk", flat=True
            ):
                queue.match_archive(pk)
        total = Job.objects.filter(state=JobState.READY).exclude(kind="accounts.send_notice").count()
        for done in range(1, total + 1):
            if not jobs.drain(limit=1):
                break
            self._step("matches", done, total)
        self.stdout.write(
            f"loaded {loaded['challenges']} challenges, {loaded['capabilities']} capabilities, {archived} archived records "
            f"in {time.monotonic() - start:.0f} s"
        )

    def _step(self, what: str, done: int, total: int) -> None:
        """Shows progress: on a terminal a running count, else a line every few seconds and at the end of each part."""
        if sys.stdout.isatty():
            self.stdout.write(f"\r{what}: {done} of {total}  ", ending="\n" if done == total else "")
            self.stdout.flush()
        elif done == total or time.monotonic() - self._said > LINE_EVERY:
            self._said = time.monotonic()
            self.stdout.write(f"{what}: {done} of {total}")
