"""Settings: one file, read from the environment. What can be wrong is a system check."""

import os
import secrets
from contextlib import suppress

from psycopg import IsolationLevel

from config.environment import (
    BASE_DIR,
    DATA_DIR,
    database,
    host,
    log_level,
    phone_number,
    whole_number,
    yes_or_no,
)
from tenants import budgets
from tenants.postgresql.connections import pool


def machine_secret() -> str:
    """A key made on first use and kept beside the data, so that sessions survive a restart."""
    file = DATA_DIR / "secret_key"
    if not file.exists():
        whole = DATA_DIR / f"secret_key.{os.getpid()}"
        with open(os.open(whole, os.O_WRONLY | os.O_CREAT, 0o600), "w") as key:
            key.write(secrets.token_urlsafe(64))
        with suppress(FileExistsError):  # another process was first
            os.link(whole, file)
        whole.unlink()
    return file.read_text()


DEBUG = yes_or_no("DEBUG")
SECRET_KEY = os.environ.get("SECRET_KEY") or machine_secret()

# The host is checked against the domains in the database: an unknown one gets a 404.
ALLOWED_HOSTS = ["*"]
OPERATORS_HOST = os.environ.get("OPERATORS_HOST", "").lower() or "localhost"
HOST = host()
PORT = whole_number("PORT", 8000, most=65535)

# Where callers are put through when neither an assistant nor the database can take the call.
FALLBACK_NUMBER = phone_number("FALLBACK_NUMBER")

# Set HTTPS=1 where a proxy that ends TLS stands in front.
HTTPS = yes_or_no("HTTPS")
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_SSL_REDIRECT = HTTPS
# Vapi follows no redirect, and a probe speaks plain HTTP from inside.
SECURE_REDIRECT_EXEMPT = [r"^vapi/?$", r"^health/?$"]
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
# The domains are the clinics' own: what stands beneath them is not ours to bind.
SILENCED_SYSTEM_CHECKS = [
    "security.W005",
    "security.W021",
    "axes.W002",  # its middleware: the sign-in form says it, as an error of its own
]
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = 12 * 60 * 60
X_FRAME_OPTIONS = "DENY"

# Organizations: one schema each; `public` holds who they are, `extensions` what PostgreSQL adds.
TENANT_MODEL = "tenants.Organization"
TENANT_DOMAIN_MODEL = "tenants.Domain"
DATABASE_ROUTERS = ["django_tenants.routers.TenantSyncRouter"]
PUBLIC_SCHEMA_URLCONF = "config.urls_operators"
PG_EXTRA_SEARCH_PATHS = ["extensions"]
TENANT_LIMIT_SET_CALLS = True
GET_EXECUTOR_FUNCTION = "tenants.migrating.executor_for"
# It would query while Django starts, before a worker forks; our slugs cannot take a reserved name.
SKIP_PG_EXTRA_VALIDATION = True

DJANGO_APPS = [
    "unfold",
    "unfold.contrib.filters",
    "unfold.contrib.forms",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "axes",
]
# django-tenants comes last: its admin templates would hide the theme's.
SHARED_APPS = [
    "config",
    "tenants",
    *DJANGO_APPS,
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_tenants",
]
TENANT_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "bookings",
    "assistants",
]
INSTALLED_APPS = list(dict.fromkeys([*SHARED_APPS, *TENANT_APPS]))

MIDDLEWARE = [
    "config.middleware.HealthMiddleware",
    "assistants.middleware.SpeakableFaultMiddleware",
    "config.middleware.ContentSecurityPolicyMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "tenants.middleware.OrganizationMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
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
            ]
        },
    }
]

# The pool belongs to a serving worker (config/gunicorn.py); a command opens what it needs.
DATABASES = {
    "default": {
        **database(),
        "ENGINE": "tenants.postgresql",
        "CONN_HEALTH_CHECKS": True,
        # A cursor that outlives its statement is one more thing a pooler may give to another.
        "DISABLE_SERVER_SIDE_CURSORS": True,
    }
}
DATABASES["default"].setdefault("OPTIONS", {}).update(
    connect_timeout=budgets.CONNECT,
    application_name="clinic-booking",
    # Said at each BEGIN: poolers know nothing of `options`. Under a stricter isolation a lock taken
    # after the snapshot protects nothing.
    isolation_level=IsolationLevel.READ_COMMITTED,
)
if pool_size := whole_number("DATABASE_POOL", 0):
    DATABASES["default"]["OPTIONS"]["pool"] = pool(size=pool_size)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_PASSWORD_VALIDATORS = [
    *(
        {"NAME": f"django.contrib.auth.password_validation.{name}"}
        for name in (
            "UserAttributeSimilarityValidator",
            "MinimumLengthValidator",
            "CommonPasswordValidator",
            "NumericPasswordValidator",
        )
    ),
    {"NAME": "tenants.passwords.AnotherPassword"},
]
LOGIN_URL = "admin:login"

# Failed sign-ins lock out. The counts are ours (tenants/sign_ins.py): the tables of django-axes,
# four in every org, are not made.
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
MIGRATION_MODULES = {"axes": None}
AXES_HANDLER = "tenants.sign_ins.Handler"
AXES_CLIENT_IP_CALLABLE = "tenants.sign_ins.address_of"
AXES_VERBOSE = False
# Behind how many proxies of ours we stand, where HTTPS=1 says that there is one.
TRUSTED_PROXIES = whole_number("TRUSTED_PROXIES", 1, most=10)

LANGUAGE_CODE = "en-us"
USE_I18N = False
FORMAT_MODULE_PATH = ["config.formats"]
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "static/"
STATIC_ROOT = DATA_DIR / "static"
STATIC_ROOT.mkdir(parents=True, exist_ok=True)
WHITENOISE_USE_FINDERS = True

# A late envelope repeats the prompt and the whole conversation.
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024

# Vapi's API, for `sync_assistants`: a key for all orgs, and keys of single ones by their slug.
VAPI_BASE_URL = os.environ.get("VAPI_BASE_URL", "")
VAPI_API_KEYS = {
    name.removeprefix("VAPI_API_KEY").lstrip("_").lower(): key
    for name, key in os.environ.items()
    if name.startswith("VAPI_API_KEY") and key
}

REST_FRAMEWORK = {
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": [],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "UNAUTHENTICATED_USER": None,
    # ASCII escapes carry whatever an id is made of, half a character included.
    "UNICODE_JSON": False,
}

# The page at the operators' host (config/openapi.py), drawn with files of our own.
SPECTACULAR_SETTINGS = {
    "TITLE": "Clinic booking",
    "VERSION": "1",
    "SERVERS": [
        {
            "url": "https://{host}",
            "description": "A clinic's own host",
            "variables": {"host": {"default": "elm.example.com"}},
        }
    ],
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_AUTHENTICATION": [],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "POSTPROCESSING_HOOKS": ["config.openapi.add_health"],
    # It would describe the orgs' URLs, without what config.openapi says of them.
    "ENABLE_DJANGO_DEPLOY_CHECK": False,
}

UNFOLD = {
    "SITE_TITLE": "Clinic booking",
    "SITE_HEADER": "Clinic booking",
    "SITE_SYMBOL": "event_available",
    "SITE_URL": None,
    "SHOW_VIEW_ON_SITE": False,
}

LOGGING_CONFIG = "config.logs.configure"
LOGGING = {"level": log_level()}
