"""All settings, from the environment.

Without any variable this is a demo on one machine: the embedded PostgreSQL, a key of its own, mail written to files.
`CLCNET_PRODUCTION=1` makes it strict: it then wants SECRET_KEY, ALLOWED_HOSTS and DATABASE_URL, serves over HTTPS only
and refuses demo accounts.

| variable | meaning | default |
| --- | --- | --- |
| CLCNET_PRODUCTION | 1 for a real network | 0 |
| SECRET_KEY | signs sessions and links | a generated one in the data directory; required in production |
| ALLOWED_HOSTS | host names, with commas | local ones; required in production |
| DATABASE_URL | postgres://... (15 or newer) | the embedded server; required in production |
| CLCNET_DATA | directory for the embedded server, mail, key | .data |
| MEDIA_ROOT | directory for uploaded files; no other program may serve it | media in the data directory |
| EMAIL_HOST, EMAIL_PORT, EMAIL_HOST_USER, EMAIL_HOST_PASSWORD | outgoing mail | files in the data directory |
| DEFAULT_FROM_EMAIL | its sender | clcnet@localhost |
| TIME_ZONE | the machine's local time | Asia/Almaty |
"""

import os
import secrets
from pathlib import Path

import dj_database_url
import fontpkg_noto_sans
import pgtrigger
from django.core.exceptions import ImproperlyConfigured
from xstatic.pkg import bootstrap

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = Path(os.environ.get("CLCNET_DATA", BASE_DIR / ".data"))
PRODUCTION = os.environ.get("CLCNET_PRODUCTION") == "1"


def _required(name: str, fallback):
    """The variable; in production its absence stops the start with a sentence."""
    if value := os.environ.get(name):
        return value
    if PRODUCTION:
        raise ImproperlyConfigured(f"CLCNET_PRODUCTION=1 needs the environment variable {name}.")
    return fallback()


def _own_key() -> str:
    """A key made once per machine, so that sessions outlive a restart of the demo."""
    path = DATA_DIR / "secret-key"
    if not path.exists():
        DATA_DIR.mkdir(parents=True, exist_ok=True)
        fresh = path.with_name(f"secret-key.{os.getpid()}")
        fresh.touch(mode=0o600)
        fresh.write_text(secrets.token_urlsafe(50))
        try:
            path.hardlink_to(fresh)  # the first of several processes wins, and none reads half a key
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    return path.read_text()


DEBUG = False
SECRET_KEY = _required("SECRET_KEY", _own_key)
ALLOWED_HOSTS = _required("ALLOWED_HOSTS", lambda: "127.0.0.1 localhost [::1]").replace(",", " ").split()

INSTALLED_APPS = [
    "clcnet",
    "centres",
    "training",
    "monitoring",
    "reports",
    "modeltrans",
    "crispy_forms",
    "crispy_bootstrap5",
    "import_export",
    "django_htmx",
    "pgtrigger",
    "pghistory",
    "django_tasks",
    "django_tasks_db",
    "allauth",
    "allauth.account",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django.forms",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "clcnet.middleware.SafeAnswers",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "clcnet.middleware.ReaderLanguage",
    "clcnet.middleware.SignedOutOfPanel",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "pghistory.middleware.HistoryMiddleware",
    "clcnet.middleware.WayBack",
    "clcnet.middleware.NoNul",
]

ROOT_URLCONF = "clcnet.urls"
WSGI_APPLICATION = "clcnet.wsgi.application"
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
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
            ],
            "builtins": ["django.templatetags.i18n", "django.templatetags.static"],
        },
    },
]

# --- Database -------------------------------------------------------------------------------------------------------

if PRODUCTION or "DATABASE_URL" in os.environ:
    DATABASES = {
        "default": dj_database_url.parse(_required("DATABASE_URL", str), conn_max_age=60, conn_health_checks=True)
    }
else:
    DATABASES = {
        "default": {
            "ENGINE": "clcnet.localdb",  # starts the embedded server on the first connection
            "NAME": "clcnet",
            "CONN_MAX_AGE": 60,
            "CONN_HEALTH_CHECKS": True,
        }
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Rate limits have to be counted for all worker processes together.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cache",
        "OPTIONS": {"MAX_ENTRIES": 20_000},  # with the usual 300 a stranger could flush the counts
    }
}

PGHISTORY_LEVEL = pgtrigger.Statement
PGHISTORY_MIDDLEWARE_METHODS = ("POST", "PUT", "PATCH", "DELETE")
PGHISTORY_APPEND_ONLY = True
PGHISTORY_ADMIN_MODEL = "pghistory.Events"

# --- People ---------------------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "centres.User"
AUTHENTICATION_BACKENDS = ["centres.accounts.Backend"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ["username", "name", "email"]},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "today"
ACCOUNT_ADAPTER = "centres.accounts.Adapter"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "username*", "password1*", "password2*"]
ACCOUNT_USER_DISPLAY = str
ACCOUNT_EMAIL_VERIFICATION = "none"  # an invitation reaches the address, which verifies it
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_EMAIL_NOTIFICATIONS = True
# Whole centres share one address: the adapter's key is the user and the address together.
ACCOUNT_RATE_LIMITS = {"login": "60/m/ip", "login_failed": "5/5m/key"}
ACCOUNT_LOGIN_ON_PASSWORD_RESET = True
SESSION_COOKIE_AGE = ACCOUNT_SESSION_COOKIE_AGE = 14 * 24 * 3600
SESSION_ENGINE = "django.contrib.sessions.backends.db"

# --- Languages ------------------------------------------------------------------------------------------------------

LANGUAGE_CODE = "en"
LANGUAGES = [("kk", "Қазақша"), ("ru", "Русский"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "clcnet" / "locale"]
MODELTRANS_AVAILABLE_LANGUAGES = ("kk", "ru", "en")
MODELTRANS_ADD_FIELD_HELP_TEXT = False
FORMAT_MODULE_PATH = ["clcnet.formats"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = os.environ.get("TIME_ZONE", "Asia/Almaty")

# --- Files ----------------------------------------------------------------------------------------------------------

STATIC_URL = "/static/"
# In production collectstatic gathers the files there; elsewhere they are served from where they lie.
STATIC_ROOT = Path(os.environ.get("STATIC_ROOT", DATA_DIR / "static")) if PRODUCTION else None
STATICFILES_DIRS = [
    BASE_DIR / "static",
    ("bootstrap", bootstrap.BASE_DIR),
    ("noto-sans", str(Path(fontpkg_noto_sans.__file__).parent / "files")),
]
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = not PRODUCTION
# Uploaded files have no address: a view that has asked who may read them sends them.
MEDIA_ROOT = Path(os.environ.get("MEDIA_ROOT", DATA_DIR / "media"))
STORAGES = {
    "default": {"BACKEND": "centres.files.PrivateStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if PRODUCTION
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_HANDLERS = [
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "centres.uploads.NamelessUploads",  # a killed process leaves no list of people in /tmp
]
DATA_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 30_000  # a cycle's form has three fields per centre, and 11,000 centres is a network

# --- Look -----------------------------------------------------------------------------------------------------------

CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"
CRISPY_FAIL_SILENTLY = False

# --- Spreadsheets ---------------------------------------------------------------------------------------------------

IMPORT_EXPORT_USE_TRANSACTIONS = True

# --- In the background ----------------------------------------------------------------------------------------------

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}  # clcnet/worker.py does them

# --- Mail -----------------------------------------------------------------------------------------------------------

DEFAULT_FROM_EMAIL = os.environ.get("DEFAULT_FROM_EMAIL", "clcnet@localhost")
if "EMAIL_HOST" in os.environ:
    EMAIL_HOST = os.environ["EMAIL_HOST"]
    EMAIL_PORT = int(os.environ.get("EMAIL_PORT", "587"))
    EMAIL_USE_TLS = EMAIL_PORT == 587
    EMAIL_USE_SSL = EMAIL_PORT == 465
    EMAIL_TIMEOUT = 10  # seconds; a silent mail server must not hold up the page
    EMAIL_HOST_USER = os.environ.get("EMAIL_HOST_USER", "")
    EMAIL_HOST_PASSWORD = os.environ.get("EMAIL_HOST_PASSWORD", "")
else:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = DATA_DIR / "mail"

# --- Log ------------------------------------------------------------------------------------------------------------

# To standard error, where the service that runs us collects it: a failure always leaves its traceback.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"stderr": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
}

# --- Security -------------------------------------------------------------------------------------------------------

X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
if PRODUCTION:
    SECURE_SSL_REDIRECT = True
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 365 * 24 * 3600
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = True
    ALLAUTH_TRUSTED_PROXY_COUNT = 1
    # Other services may live on subdomains, and the preload list is the association's own decision.
    SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
