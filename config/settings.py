"""Settings: one file, read from the environment. Importing it makes no folder and no file.

A wrong value raises ImproperlyConfigured (config/environment.py).
"""

import os
from collections.abc import Callable

from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse_lazy
from django.utils.functional import SimpleLazyObject
from psycopg import IsolationLevel

from config.environment import (
    BASE_DIR,
    data_dir,
    database,
    email,
    host,
    host_name,
    log_level,
    phone_number,
    secret_key,
    threads,
    web_address,
    whole_number,
    workers,
    yes_or_no,
)
from tenants import budgets
from tenants.postgresql.connections import pool

DEBUG = yes_or_no("DEBUG")
DATA_DIR = data_dir()
# Without one, a key is made when the first signature is needed.
SECRET_KEY = os.environ.get("SECRET_KEY") or SimpleLazyObject(secret_key)

# Any host is allowed here: the middleware looks it up in the database, and answers 404 if it is
# unknown.
ALLOWED_HOSTS = ["*"]
OPERATORS_HOST = host_name("OPERATORS_HOST", "localhost")
HOST = host()
PORT = whole_number("PORT", 8000, most=65535)
WORKERS = workers()
THREADS = threads()

# Where callers are put through when neither an assistant nor the database can take the call.
FALLBACK_NUMBER = phone_number("FALLBACK_NUMBER")

# Set HTTPS=1 where a proxy that ends TLS stands in front.
HTTPS = yes_or_no("HTTPS")
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_SSL_REDIRECT = HTTPS
# Where voice vendors post: a caller waits for the answer, which is JSON.
VENDOR_PATHS = ("/vapi",)
# Vendors follow no redirect, and a probe speaks plain HTTP from inside.
SECURE_REDIRECT_EXEMPT = [*(rf"^{path[1:]}/?$" for path in VENDOR_PATHS), r"^health/?$"]
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
# Silenced: HSTS for subdomains and preload. The domains belong to the clinics, and their subdomains
# are not ours.
SILENCED_SYSTEM_CHECKS = [
    "security.W005",
    "security.W021",
    "axes.W002",  # not its middleware: our sign-in form shows the lockout
    "staticfiles.W004",  # a folder that is missing: bookings.W001 says what to run
]
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
CSRF_FAILURE_VIEW = "config.errors.csrf_failure"
SESSION_COOKIE_AGE = 12 * 60 * 60

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
    "config.apps.AdminConfig",
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
    "tenants.accounts",
    *DJANGO_APPS,
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_tenants",
]
TENANT_APPS = [
    "config.apps.AdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "tenants.accounts",
    "bookings",
    "assistants",
]
INSTALLED_APPS = list(dict.fromkeys([*SHARED_APPS, *TENANT_APPS]))

MIDDLEWARE = [
    "config.health.HealthMiddleware",
    "assistants.middleware.SpeakableFaultMiddleware",
    "config.middleware.ContentSecurityPolicyMiddleware",
    "config.middleware.CompressionMiddleware",
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

DATABASE = database()
OPTIONS = {
    **DATABASE.get("OPTIONS", {}),
    "connect_timeout": budgets.CONNECT,
    "application_name": "clinic-booking",
    # Said at each BEGIN: poolers know nothing of `options`. Under a stricter isolation a lock taken
    # after the snapshot protects nothing.
    "isolation_level": IsolationLevel.READ_COMMITTED,
}
# The pool belongs to a serving worker (config/gunicorn.py); a command opens what it needs.
if pool_size := whole_number("DATABASE_POOL", 0):
    OPTIONS["pool"] = pool(size=pool_size)
DATABASES = {
    "default": {
        **DATABASE,
        "ENGINE": "tenants.postgresql",
        "OPTIONS": OPTIONS,
        # A pooler could hand a server-side cursor to another client.
        "DISABLE_SERVER_SIDE_CURSORS": True,
    }
}
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
# With HTTPS=1: the number of our own proxies in front.
TRUSTED_PROXIES = whole_number("TRUSTED_PROXIES", 1, most=10)

# Mail of the front desk: invitations, and ways back in. Without a server none is sent.
MAIL = email()
EMAIL_HOST, EMAIL_PORT = MAIL.host, MAIL.port
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = MAIL.user, MAIL.password
EMAIL_USE_TLS, EMAIL_USE_SSL = MAIL.starts_tls, MAIL.is_tls
DEFAULT_FROM_EMAIL = MAIL.sender
EMAIL_TIMEOUT = 5
PASSWORD_RESET_TIMEOUT = 60 * 60

USE_I18N = False
FORMAT_MODULE_PATH = ["config.formats"]
TIME_ZONE = "UTC"

STATIC_URL = "static/"
STATIC_ROOT = DATA_DIR / "static"  # for `collectstatic`, which makes it; nothing needs it
WHITENOISE_USE_FINDERS = True
# What npm has fetched (package.json): served as it is, never changed. And what set-up has made.
STATICFILES_DIRS = [
    ("event-calendar", BASE_DIR / "node_modules/@event-calendar/build/dist"),
    BASE_DIR / ".venv/icons",
]

# A late envelope repeats the prompt and the whole conversation.
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024
# A file that is uploaded holds what patients are called: it stays in memory, or is not taken.
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler"]
FILE_UPLOAD_MAX_MEMORY_SIZE = 3 * 1024 * 1024

# Vapi's API, for `sync_assistants`: a key for all orgs, and keys of single ones by their slug.
VAPI_BASE_URL = web_address("VAPI_BASE_URL")
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


def static_file(path: str) -> Callable[[HttpRequest], str]:
    """The theme asks for the address with each page."""
    return lambda _: static(path)


UNFOLD = {
    "SITE_TITLE": "Clinic booking",
    "SITE_HEADER": "Clinic booking",
    "SITE_SYMBOL": "event_available",
    "SITE_FAVICONS": [{"rel": "icon", "href": static_file("tenants/favicon.svg")}],
    "SITE_URL": None,
    "SHOW_VIEW_ON_SITE": False,
    "ACCOUNT": {
        "navigation": [
            {"title": "Change password", "link": reverse_lazy("admin:password_change")},
            {"title": "Two-step sign-in", "link": reverse_lazy("admin:own_second_step")},
        ]
    },
    "STYLES": [
        static_file("bookings/desk.css"),
        static_file("bookings/drawer.css"),
        static_file("tenants/accounts.css"),
    ],
    "SCRIPTS": [
        static_file("bookings/desk.js"),
        static_file("bookings/names.js"),
        static_file("bookings/finding.js"),
        static_file("bookings/drawer.js"),
        static_file("bookings/pressing.js"),
    ],
}

LOGGING_CONFIG = "config.logs.configure"
LOGGING = {"level": log_level()}
