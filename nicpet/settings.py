"""Settings, from the environment alone. What is required and missing stops the start with its name."""

from pathlib import Path

import environ
from celery.schedules import schedule
from django.core.exceptions import ImproperlyConfigured

from nicpet.broker import celery_broker

env = environ.Env()
BASE_DIR = Path(__file__).resolve().parent.parent

BASE_URL = env.str("NICPET_BASE_URL").rstrip("/")
DOORBELL_URL = env.str("NICPET_DOORBELL_URL").rstrip("/")
VAR_DIR = Path(env.str("NICPET_VAR"))
REDIS_URL = env.str("REDIS_URL")
SECRET_KEY = env.str("NICPET_SECRET_KEY")
SECRET_KEY_FALLBACKS = env.list("NICPET_FORMER_SECRET_KEYS", default=[])
DEBUG = env.bool("NICPET_DEBUG", default=False)
DEMO = env.bool("NICPET_DEMO", default=False)
HTTPS = BASE_URL.startswith("https://")
ALLOWED_HOSTS = env.list("NICPET_ALLOWED_HOSTS", default=["127.0.0.1", "localhost"])

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django_htmx",
    "guardian",
    "allauth.account",  # the second factor's models lean on it; none of its pages are used
    "allauth.mfa",
    "web",
    "audit",
    "accounts",
    "discussion",
    "dpia",
    "collaborations",
    "computations",
    "library",
    "inbox",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "web.middleware.OncePerForm",
    "web.middleware.RefusalPage",
    "web.middleware.BoundedBody",
    "allauth.account.middleware.AccountMiddleware",
    "accounts.support.middleware.InSupport",
    "accounts.second_factor.middleware.SecondFactorFirst",
]

ROOT_URLCONF = "nicpet.urls"
WSGI_APPLICATION = "nicpet.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "web.context.page",
            ]
        },
    }
]

DATABASES = {"default": env.db_url("DATABASE_URL")}  # a socket directory goes in the query: ?host=/path
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}}

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "guardian.backends.ObjectPermissionBackend",
]
ANONYMOUS_USER_NAME = None  # guardian: nobody gets permissions without logging in
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator")
]
LOGIN_URL = "/log-in/"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/log-in/"

# Whoever approves or signs needs a second factor; ``offered`` leaves it to the person (the demo's invented people).
SECOND_FACTOR = env.str("NICPET_SECOND_FACTOR", default="required")
if SECOND_FACTOR not in ("required", "offered"):
    raise ImproperlyConfigured("NICPET_SECOND_FACTOR is either required or offered.")
# Address name -> steps (all when empty) that stop something: they stay open to who has no second factor yet.
STOPS_ALWAYS = {
    "computations:cancel": (),
    "collaborations:use_case_step": ("hold",),
    "collaborations:basis_step": ("suspend",),
    "collaborations:assessment_step": ("suspend",),
}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS, ACCOUNT_SIGNUP_FIELDS = {"email"}, ["email*", "password1*"]  # as our users are; nobody signs up
MFA_ADAPTER = "accounts.second_factor.adapter.Adapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_TOTP_ISSUER = "NICPET"
MFA_TOTP_TOLERANCE = 1  # a phone whose clock differs by half a minute

LANGUAGE_CODE = "nl"
LANGUAGES = [("nl", "Nederlands"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Europe/Amsterdam"
USE_I18N = True
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"] if (BASE_DIR / "static").is_dir() else []
MEDIA_ROOT = VAR_DIR / "documents"  # agreements; read through views with a permission, never by address
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedStaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = DEBUG
FILE_UPLOAD_PERMISSIONS = 0o600

EMAIL_CONFIG = env.email_url("NICPET_EMAIL_URL", default="consolemail://")
vars().update(EMAIL_CONFIG)
EMAIL_TIMEOUT = 10  # a mail server that hangs does not hold a page for ever
DEFAULT_FROM_EMAIL = env.str("NICPET_EMAIL_FROM", default="nicpet@localhost")

SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_AGE = 12 * 3600
CSRF_TRUSTED_ORIGINS = [BASE_URL]
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000  # a table of hundreds of risks is one form
DATA_UPLOAD_MAX_MEMORY_SIZE = 16 * 1024 * 1024  # far more than any form keeps: the form itself says what is too long

CELERY_BROKER_URL = celery_broker(REDIS_URL)
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# A message lost with its worker is found again within seconds; no task may last longer than the visibility timeout.
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 600,
    "unacked_restore_interval": 5,
    "unacked_restore_throttle": 1,
}
CELERY_TASK_TIME_LIMIT = 300
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TIMEZONE = TIME_ZONE
CELERY_BEAT_SCHEDULE = {
    "sweep": {"task": "computations.sweep", "schedule": schedule(10.0)},
    "keep_turns": {"task": "inbox.keep_turns", "schedule": schedule(10.0)},
    "remind": {"task": "inbox.remind", "schedule": schedule(60.0)},
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {name: {"level": "WARNING"} for name in ("weasyprint", "fontTools")},  # both tell every step
}
