"""Migrating: a clinic whose migrations fail is unavailable; the others are served (Z18)."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from django.db import connection

from assistants import speech
from assistants.provisioning.onboarding import Onboarded
from tenants import organizations
from tests import inside
from tests.conftest import ROOT, Committed, Server, free_port, manage, tool_calls, wait_until
from tests.sql import execute


@dataclass(frozen=True)
class Ward:
    """The first has tables that its migrations want to make; the second's schema is gone; the third
    has none of its tables, and gets them; nothing is the matter with the last."""

    broken: Onboarded
    gone: Onboarded
    behind: Onboarded
    sound: Onboarded


@pytest.fixture
def ward(committed: Committed) -> Iterator[Ward]:
    made = Ward(*(committed(f"{name}_oak") for name in ("broken", "gone", "behind", "sound")))
    execute(
        f"CREATE TABLE {made.broken.schema}.kept AS TABLE {made.broken.schema}.django_migrations",
        f"TRUNCATE {made.broken.schema}.django_migrations",
        f"DROP SCHEMA {made.gone.schema} CASCADE",
        f"DROP SCHEMA {made.behind.schema} CASCADE",
        f"CREATE SCHEMA {made.behind.schema}",
    )
    yield made
    organizations.leave()
    for one in (made.broken, made.gone, made.behind, made.sound):
        organizations.remove(organizations.get(one.org))


def tables(schema: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_tables WHERE schemaname = %s", [schema])
        return int(cursor.fetchone()[0])


def test_all_others_are_migrated_and_doctor_names_those_that_are_not(ward: Ward) -> None:
    before = tables("extensions")

    done = inside.manage("migrate_schemas")

    assert done.returncode == 1
    *_, line = done.stderr.splitlines()
    assert "broken_oak (ProgrammingError 42P07 at contenttypes.0001_initial)" in line
    assert "gone_oak (its schema is missing)" in line
    assert "behind_oak" not in line
    assert "sound_oak" not in line
    assert tables(ward.behind.schema) == tables(ward.sound.schema)
    assert tables("extensions") == before

    told = inside.manage("doctor").stdout
    assert "(broken_oak)\n  ✗ its schema is behind: manage.py migrate_schemas" in told
    assert "(gone_oak)\n  ✗ its schema is missing or empty" in told
    assert "sound_oak" not in told


def test_serve_starts_for_the_others(ward: Ward) -> None:
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "manage.py", "serve", "--without-demonstration"],
        cwd=ROOT,
        env={**os.environ, "WEB_CONCURRENCY": "1", "PORT": str(port)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    server = Server(None, port, ROOT)  # type: ignore[arg-type]
    try:
        wait_until(lambda: server.is_healthy(), seconds=60)
        heard = {one.org: ask(server, one) for one in (ward.broken, ward.gone, ward.sound)}
        pages = {
            one.org: server.request("GET", "/admin/login/", host=one.domain)[0]
            for one in (ward.broken, ward.gone, ward.behind, ward.sound)
        }
        mend(ward.broken.schema)
        assert ask(server, ward.broken).startswith("The clinic is")
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        output, _ = process.communicate(timeout=60)

    assert heard["broken_oak"] == heard["gone_oak"] == speech.NOT_LOOKED_UP
    assert heard["sound_oak"].startswith("The clinic is")
    assert pages == {"broken_oak": 503, "gone_oak": 503, "behind_oak": 200, "sound_oak": 200}
    assert "Not migrated, and not served: broken_oak (" in output
    assert '"event": "migration failed"' in output


def ask(server: Server, made: Onboarded) -> str:
    body = tool_calls({"id": "a", "tool": "clinic_info", "arguments": {"topic": "hours"}})
    status, answer = server.request(
        "POST", "/vapi/", host=made.domain, body=body, secret=made.secret
    )
    assert status == 200
    return str(json.loads(answer)["results"][0]["result"])


def mend(schema: str) -> None:
    execute(
        f"TRUNCATE {schema}.django_migrations",
        f"INSERT INTO {schema}.django_migrations SELECT * FROM {schema}.kept",
    )


def test_without_a_database_it_is_one_line_about_that() -> None:
    done = manage("migrate_schemas", DATABASE_URL="postgresql://127.0.0.1:1/none")

    assert done.returncode == 1
    assert "Not migrated" not in done.stderr
