"""Work about accounts that is done later."""

from accounts.models import Notice
from accounts.services import notices
from matchmaker.celery import app
from matchmaker.queueing import jobs
from matchmaker.queueing.models import Job


@app.task(name="accounts.send_notice")
def send_notice(job_id: str) -> None:
    """Sends one notice by e-mail."""
    jobs.run(job_id, _send, given_up=notices.tell_of_given_up)


def _send(job: Job) -> None:
    """Sends, then closes the job; a notice that is gone by now needs no mail."""
    notice = Notice.objects.select_related("recipient").filter(pk=job.subject).first()
    if notice is not None:
        notices.send_by_email(notice)
    with jobs.closing(job):
        pass
