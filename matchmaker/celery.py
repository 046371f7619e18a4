"""The Celery application: JSON only, late acknowledgement, nothing lost when a worker or the broker dies."""

import os

from celery import Celery
from celery.signals import worker_process_init, worker_ready

from matchmaker import env

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "matchmaker.settings")

app = Celery("matchmaker")
app.config_from_object("django.conf:settings", namespace="CELERY")
if not env.flag("MATCHMAKER_SCHEDULE_ONLY", False):  # the schedule sends names; it need not load what does the work
    app.autodiscover_tasks(["matchmaker.queueing", "accounts", "projects"])


@worker_process_init.connect
def _preload(**_: object) -> None:
    """Loads scikit-learn and the engine before the first task, which would otherwise wait seconds for it."""
    app.signature("projects.warm_up").type.run()


@worker_ready.connect
def _report(**_: object) -> None:
    """Tells /readyz that this worker lives, and sends again what waited while no worker ran."""
    app.signature("queueing.sweep").delay()
