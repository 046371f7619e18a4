"""Asks for work about accounts to be done later."""

from uuid import UUID

from matchmaker.queueing import jobs
from matchmaker.queueing.models import Job


def send_notice(notice_id: UUID) -> Job:
    """Asks for one notice to be sent by e-mail."""
    return jobs.enqueue("accounts.send_notice", notice_id)
