"""All settings, read top to bottom. Values come from the environment through ``matchmaker.env``, which fails loudly."""

from pathlib import Path
from urllib.parse import urlsplit

import dj_database_url
import structlog
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from matchmaker import env

BASE_DIR = Path(__file__).resolve().parent.parent
env.load_file(BASE_DIR / ".env")
HOME = Path(env.text("MATCHMAKER_HOME", str(BASE_DIR / "var"))).resolve()
"""Where everything lives that is not code: database, index, mail, uploads."""

# Who we are

DEMO = env.flag("MATCHMAKER_DEMO", False)
DEBUG = env.flag("MATCHMAKER_DEBUG", False)
SITE_URL = env.text("MATCHMAKER_URL", "http://127.0.0.1:8000").rstrip("/")
SITE_NAME = "Matchmaker"
_site = urlsplit(SITE_URL)
HTTPS = _site.scheme == "https"
_hosts = [host for host in (_site.hostname, *env.words("MATCHMAKER_HOSTS", ())) if host]
LOOPBACK = {host.strip("[]").lower() for host in _hosts} <= {"127.0.0.1", "localhost", "::1"}
"""True when every name that the site answers to is this machine."""
if not LOOPBACK and DEBUG:
    raise ImproperlyConfigured("MATCHMAKER_DEBUG shows secrets to visitors. Unset it, or serve on 127.0.0.1 only.")
if not LOOPBACK and DEMO:
    raise ImproperlyConfigured("MATCHMAKER_DEMO opens accounts with a known password. Unset it on a public host.")
if not LOOPBACK and not HTTPS:
    raise ImproperlyConfigured("MATCHMAKER_URL must begin with https:// on a public host.")
ALLOWED_HOSTS = [*_hosts, "127.0.0.1", "localhost", "[::1]"] if LOOPBACK else _hosts
SECRET_KEY = env.secret("MATCHMAKER_SECRET_KEY")
if not LOOPBACK and (SECRET_KEY.startswith(("django-insecure-", "only-for-tests-")) or len(set(SECRET_KEY)) < 10):
    raise ImproperlyConfigured("MATCHMAKER_SECRET_KEY can be guessed. Make a random one as .env.example says.")
SECRET_KEY_FALLBACKS = env.words("MATCHMAKER_OLD_SECRET_KEYS", ())
CSRF_TRUSTED_ORIGINS = [SITE_URL]

# What it is made of

INSTALLED_APPS = [
    "accounts",
    "projects",
    "matchmaker.queueing",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.orcid",
    "allauth.mfa",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_htmx",
    "django_structlog",
    "csp",
]
MIDDLEWARE = [
    "matchmaker.rest.every_error",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "accounts.web.middleware.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_structlog.middlewares.RequestMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "accounts.web.middleware.TooOftenMiddleware",
]
ROOT_URLCONF = "matchmaker.urls"
WSGI_APPLICATION = "matchmaker.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "accounts.web.context.site",
            ],
        },
    },
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
INSTALLED_APPS.append("django.forms")

# Truth: PostgreSQL, or SQLite set so that writers wait for each other instead of failing

DATABASES = {"default": dj_database_url.parse(env.text("DATABASE_URL", f"sqlite:///{HOME / 'matchmaker.sqlite3'}"))}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-8000;",
    }
DATABASES["default"]["CONN_MAX_AGE"] = 60
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache"},
    "process": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "process"},
}
"""In the database, so that limits are shared by all processes and go on counting when Redis is down; what every look at a
match would have to write is counted in each process by itself."""

# Work: Celery carries ids over Redis; nothing is lost when either dies (docs/explanation/jobs.md)

REDIS_URL = env.text("REDIS_URL", "redis://127.0.0.1:6379/0")
CELERY_BROKER_URL = REDIS_URL
CELERY_TASK_SERIALIZER = CELERY_RESULT_SERIALIZER = CELERY_EVENT_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_TIME_LIMIT = 60
CELERY_TASK_SOFT_TIME_LIMIT = 50
CELERY_TASK_DEFAULT_QUEUE = "default"
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_MAX_TASKS_PER_CHILD = (
    500  # a fresh process loads the engine for seconds, in which a preview waits: renew seldom
)
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = True
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = (
    5  # for QUIT only: a TERM waits for the task; more would outlast the demo's stop (8 s)
)
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 120,
    "unacked_restore_throttle": 1,
    "global_keyprefix": env.text("MATCHMAKER_REDIS_PREFIX", "matchmaker:"),
    "socket_connect_timeout": 1,
    "socket_timeout": 30,
    "socket_keepalive": True,
    "max_retries": 1,
}
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULE_FILENAME = str(HOME / "beat-schedule")
CELERY_BEAT_SCHEDULE = {
    "sweep": {"task": "queueing.sweep", "schedule": 10},
    "prune": {"task": "queueing.prune", "schedule": 3600},
    "previews": {"task": "projects.forget_previews", "schedule": 300},
    "upkeep": {"task": "projects.daily_upkeep", "schedule": 3600},
}
CELERY_TASK_ALWAYS_EAGER = env.flag("MATCHMAKER_EAGER", False)
INDEX_DIR = HOME / "index"
BACKGROUND_TEXT: Path | None = BASE_DIR / "projects" / "data" / "archive" / "records.jsonl.gz"
"""Published records whose word statistics help while a site is young and has little text of its own; None for none."""

# People

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
ACCOUNT_ADAPTER = "accounts.web.adapter.AccountAdapter"
SOCIALACCOUNT_ADAPTER = "accounts.web.adapter.SocialAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_FORMS = {
    "login": "accounts.web.forms.entrance.LoginForm",
    "signup": "accounts.web.forms.entrance.SignupForm",
}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_RATE_LIMITS = {
    "login": "100/h/ip",
    "login_failed": "10/15m/key,100/h/ip",
    "signup": "10/h/ip",
    "reset_password": "5/h/key,20/h/ip",
    "member_add": "20/h/user",
}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "dashboard"
ACCOUNT_LOGOUT_REDIRECT_URL = "landing"
SESSION_COOKIE_AGE = 14 * 24 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
TRUSTED_PROXIES = env.number("MATCHMAKER_PROXIES", 0)
"""How many reverse proxies of ours stand before gunicorn; 0 means that forwarded addresses are not believed."""
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXIES

# Transport and content policy

if HTTPS:
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-session", "__Host-csrf"
    SECURE_SSL_REDIRECT = True
    SECURE_HSTS_SECONDS = 365 * 24 * 3600
    SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = True
    if TRUSTED_PROXIES:
        SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 4000
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024

# Languages

LANGUAGE_CODE = "en"
LANGUAGES = [("zh-hans", "简体中文"), ("zh-hant", "繁體中文"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = USE_TZ = True
TIME_ZONE = "Asia/Hong_Kong"

# Files

STATIC_URL = "/static/"
STATIC_ROOT = HOME / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
MEDIA_ROOT = HOME / "files"

# Mail: to files under HOME unless a server is named

_mail = urlsplit(env.text("MATCHMAKER_MAIL_URL", ""))
if _mail.scheme in ("smtp", "smtps"):
    EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    EMAIL_HOST, EMAIL_PORT = _mail.hostname or "localhost", _mail.port or 25
    EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _mail.username or "", _mail.password or ""
    EMAIL_USE_SSL, EMAIL_USE_TLS = _mail.scheme == "smtps", _mail.scheme == "smtp" and bool(_mail.username)
    EMAIL_TIMEOUT = 20
else:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = HOME / "mail"
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.text("MATCHMAKER_MAIL_FROM", "Matchmaker <noreply@localhost>")

# API

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "accounts.rest.TokenAuthentication",
        "accounts.rest.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticatedOrReadOnly"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["matchmaker.rest_body.JsonParser"],
    "DEFAULT_PAGINATION_CLASS": "matchmaker.rest.Pages",
    "PAGE_SIZE": 20,
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "matchmaker.rest.problem",
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
    "DEFAULT_THROTTLE_RATES": {"preview": "30/min", "token": "10/min"},
    "NUM_PROXIES": TRUSTED_PROXIES,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Matchmaker API",
    "DESCRIPTION": "Challenges, capabilities and their explained matches.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_NAME_OVERRIDES": {
        "Rating": "projects.choices.Rating",
        "Urgency": "projects.choices.Urgency",
        "Readiness": "projects.choices.Readiness",
        "Industry": "accounts.choices.Industry",
        "PersonLanguage": "accounts.choices.Language",
        "ContentLanguage": "projects.choices.ContentLanguage",
        "InterfaceLanguage": "accounts.choices.InterfaceLanguage",
        "CooperationMode": "projects.choices.CooperationMode",
        "DeclineReason": "projects.choices.DeclineReason",
        "CapabilityKind": "projects.choices.CapabilityKind",
        "EvidenceKind": "projects.choices.EvidenceKind",
        "NoticeKind": "accounts.choices.NoticeKind",
        "OrganisationKind": "accounts.choices.OrganisationKind",
        "RecognitionKind": "accounts.choices.LabelKind",
        "RecognitionState": "accounts.choices.RecognitionState",
        "ArchiveKind": "projects.choices.ArchiveKind",
        "ChallengeState": "projects.states.ChallengeState",
        "CapabilityState": "projects.states.CapabilityState",
        "InvitationState": "projects.states.InvitationState",
        "PreviewState": "projects.states.PreviewState",
        "MatchingState": [("pending", "pending"), ("ready", "ready")],
    },
    "POSTPROCESSING_HOOKS": ["drf_spectacular.hooks.postprocess_schema_enums", "matchmaker.rest.add_problems"],
}

# Logs: plain lines; texts of challenges and messages never enter them

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {
        # While the site starts, /readyz says 503 many times, and that is no error.
        "not_readyz": {
            "()": "django.utils.log.CallbackFilter",
            "callback": lambda record: "/readyz" not in record.getMessage(),
        }
    },
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain", "filters": ["not_readyz"]}},
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        "django_structlog": {"level": "WARNING"},
        "celery": {"level": "WARNING"},
    },
}
structlog.configure(
    processors=[
        structlog.stdlib.filter_by_level,
        structlog.contextvars.merge_contextvars,
        structlog.processors.format_exc_info,
        structlog.processors.KeyValueRenderer(key_order=["event"]),
    ],
    wrapper_class=structlog.stdlib.BoundLogger,
    logger_factory=structlog.stdlib.LoggerFactory(),
    cache_logger_on_first_use=True,
)
DJANGO_STRUCTLOG_CELERY_ENABLED = False
