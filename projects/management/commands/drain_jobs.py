"""Finishes waiting work without Celery."""

from typing import Any

from django.core.management.base import BaseCommand

from matchmaker.queueing import jobs


class Command(BaseCommand):
    """For when no worker can run, and for tests."""

    help = "Does every due job in this process."

    def handle(self, *args: Any, **options: Any) -> None:
        """Drains and says how many jobs ran."""
        self.stdout.write(f"{jobs.drain()} jobs done")
