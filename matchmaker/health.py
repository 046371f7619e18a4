"""Says whether the process lives, and whether the whole site can answer."""

from datetime import timedelta

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from kombu.connection import Connection

from matchmaker.queueing.jobs import BROKER_ERRORS
from matchmaker.queueing.models import Heartbeat

SILENT_AFTER = timedelta(seconds=60)


@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    """Answers 200 while this process lives."""
    return JsonResponse({"status": "ok"})


@never_cache
def readyz(request: HttpRequest) -> HttpResponse:
    """Answers 200 when database, broker, worker and index all answer, else 503; each with its state."""
    found = {"database": _database(), "broker": _broker()}
    found |= _beats() if found["database"] == "ok" else {"worker": "unknown", "index": "unknown"}
    ready = all(state == "ok" or state.startswith("ok ") for state in found.values())
    return JsonResponse({"status": "ready" if ready else "not ready", **found}, status=200 if ready else 503)


def _database() -> str:
    """Asks the database for one row."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError as error:
        return type(error).__name__
    return "ok"


def _broker() -> str:
    """Opens a connection to the broker, for at most a second."""
    try:
        options = {"socket_connect_timeout": 1, "socket_timeout": 1}
        with Connection(settings.CELERY_BROKER_URL, transport_options=options) as broker:  # type: ignore[no-untyped-call]  # kombu ships none
            broker.ensure_connection(max_retries=1, interval_start=0, timeout=1)
    except BROKER_ERRORS as error:
        return type(error).__name__
    return "ok"


def _beats() -> dict[str, str]:
    """Reads when a worker last worked, and which index it serves."""
    rows = {row.name: row for row in Heartbeat.objects.filter(name__in=["worker", "index:capabilities"])}
    worker, index = rows.get("worker"), rows.get("index:capabilities")
    alive = worker is not None and worker.at > timezone.now() - SILENT_AFTER
    silent = "silent" if worker else "never seen"
    return {"worker": "ok" if alive else silent, "index": f"ok {index.detail}" if index else "not built"}
