"""Work about projects that is done later. Each task gets an id and calls one service."""

from importlib import import_module

from django.conf import settings
from django.utils import timezone

from accounts.services.notices import tell_of_given_up
from matchmaker.celery import app
from matchmaker.queueing import jobs
from projects.choices import MATCH_ARCHIVE, MATCH_CAPABILITY, MATCH_CHALLENGE, PREVIEW, REMATCH
from projects.services import matching
from projects.services.capabilities import age_capabilities
from projects.services.challenges import expire_challenges
from projects.services.previews import fail_preview


@app.task(name=MATCH_CHALLENGE)
def match_challenge(job_id: str) -> None:
    """Finds the matches of a challenge."""
    jobs.run(job_id, matching.refresh_matches, given_up=tell_of_given_up)


@app.task(name=MATCH_CAPABILITY)
def match_capability(job_id: str) -> None:
    """Scores a capability against the open challenges."""
    jobs.run(job_id, matching.refresh_matches_of_capability, given_up=tell_of_given_up)


@app.task(name=MATCH_ARCHIVE)
def match_archive(job_id: str) -> None:
    """Matches an archived challenge with archived research."""
    jobs.run(job_id, matching.refresh_archive_matches, given_up=tell_of_given_up)


@app.task(name=PREVIEW)
def preview(job_id: str) -> None:
    """Matches a pasted text."""
    jobs.run(job_id, matching.answer_preview, given_up=fail_preview)


@app.task(name=REMATCH)
def rematch_all(job_id: str) -> None:
    """Takes new word statistics and has every list found again."""
    jobs.run(job_id, matching.rematch_all, given_up=tell_of_given_up)


@app.task(name="projects.forget_previews")
def forget_previews() -> int:
    """Removes pasted texts."""
    return matching.forget_previews()


@app.task(name="projects.daily_upkeep")
def daily_upkeep() -> None:
    """Once a day: closes what is past its deadline, has stale capabilities confirmed, renews matches, forgets old sessions."""
    today = timezone.localdate()
    if jobs.once("daily upkeep", today.isoformat()):
        expire_challenges(today=today)
        age_capabilities(today=today)
        matching.rematch_when_outgrown()
        import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()


@app.task(name="projects.warm_up")
def warm_up() -> None:
    """Loads the engine into this process."""
    matching.warm_up()
