"""The WSGI entry for gunicorn."""

import gc
import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "matchmaker.settings")

application = get_wsgi_application()
get_resolver().url_patterns  # noqa: B018 - loads the pages now, and not while the first visitor waits
gc.freeze()  # what is loaded by now stays: the collector of cycles need not look through it again
