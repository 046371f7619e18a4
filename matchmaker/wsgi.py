"""The WSGI entry for gunicorn."""

import ctypes
import gc
import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver, reverse
from django.utils import translation

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "matchmaker.settings")

application = get_wsgi_application()


def load() -> None:
    """Loads now what the first visitors would wait for; with ``--preload`` all of gunicorn's workers share it."""
    from matchmaker.celery import app
    from projects.services.search import load_dictionaries

    get_resolver().url_patterns  # noqa: B018 - loads the pages
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            reverse("landing")
    app.connection_for_write().get_transport_cls()
    give_back()
    load_dictionaries()
    give_back()


def give_back() -> None:
    """Returns to the system what loading left over: 20 MiB in all, with glibc."""
    if trim := getattr(ctypes.CDLL(None), "malloc_trim", None):
        trim(0)


load()
gc.freeze()  # what is loaded by now stays: the collector of cycles need not look through it again
