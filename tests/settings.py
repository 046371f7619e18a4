"""Settings of the tests: SQLite in memory, work done at once, mail kept in a list, nothing left on the disk.

``TEST_DATABASE_URL`` runs the whole suite on another database server. ``DATABASE_URL`` and ``REDIS_URL`` are only for tests
marked ``service``, which start programs of their own (tests/real_services.py).
"""

import atexit
import os
import shutil
import tempfile

SERVICE_DATABASE_URL = os.environ.pop("DATABASE_URL", "")
SERVICE_REDIS_URL = os.environ.pop("REDIS_URL", "")
_home = tempfile.mkdtemp(prefix="matchmaker-tests-")
atexit.register(shutil.rmtree, _home, ignore_errors=True)
for _name in [name for name in os.environ if name.startswith("MATCHMAKER_")]:
    del os.environ[_name]
os.environ |= {
    "MATCHMAKER_ENV_FILE": "",
    "MATCHMAKER_HOME": _home,
    "MATCHMAKER_SECRET_KEY": "only-for-tests-" + "k" * 40,
    "MATCHMAKER_EAGER": "1",
    "DATABASE_URL": os.environ.get("TEST_DATABASE_URL") or "sqlite://:memory:",
}

from matchmaker.settings import *  # noqa: E402, F403 - the variables above must stand first

os.environ.pop("DATABASE_URL")
ALLOWED_HOSTS = ["testserver", "127.0.0.1", "localhost", "matchmaker.example"]
CELERY_TASK_EAGER_PROPAGATES = True
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
CACHES = {
    name: {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": name}
    for name in ("default", "process")
}
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_AUTOREFRESH = True
BACKGROUND_TEXT = None  # word statistics come from what a test writes
