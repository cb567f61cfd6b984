"""The operators' commands over rows that are really committed, most in processes of their own."""

import json
import os
import threading
from pathlib import Path

import psycopg
import pytest
from django.db import connection
from django_tenants.utils import schema_exists

from assistants.models import Secret
from bookings.models import Appointment
from tenants import organizations
from tenants.models import Organization
from tests import inside
from tests.commands import Program
from tests.conftest import Committed, everything, manage, wait_until, waiters

ONBOARD = (
    "--name", "Oak Street", "--timezone", "America/New_York", "--phone-region", "US",
    "--clinic-file", "fixtures/clinics/bright_smile.toml",
)  # fmt: skip


def test_onboard_org_prints_json_and_nothing_else(oak_street: str) -> None:
    done = manage("onboard_org", oak_street, "--domain", "oak.localhost", *ONBOARD, "--json")

    assert done.returncode == 0, done.stderr
    made = json.loads(done.stdout)
    assert list(made) == [
        "org", "schema", "domain", "vapi_url", "secret", "admin_url", "admin_email",
        "admin_password", "admin_link",
    ]  # fmt: skip
    assert Organization.objects.filter(slug=oak_street).exists()


def onboarding(slug: str, folder: Path) -> Program:
    """`onboard_org` at work, what it says and complains of in two files of the folder."""
    folder.mkdir(exist_ok=True)
    return Program(
        "manage.py", "onboard_org", slug, "--domain", "oak.localhost", *ONBOARD,
        output=folder / "stdout", errors=folder / "stderr",
    )  # fmt: skip


def test_of_two_at_the_same_time_one_is_onboarded(oak_street: str, tmp_path: Path) -> None:
    commands = {folder: onboarding(oak_street, tmp_path / folder) for folder in ("first", "second")}
    codes = {folder: command.wait(60) for folder, command in commands.items()}

    assert sorted(codes.values()) == [0, 1]
    [refused] = [folder for folder, code in codes.items() if code]
    said = (tmp_path / refused / "stderr").read_text()
    assert "slug: is already an organization" in said
    assert "Traceback" not in said
    with organizations.within(organizations.get(oak_street)):
        assert Secret.objects.count() == 1


def test_killed_on_the_way_nothing_is_left(oak_street: str, tmp_path: Path) -> None:
    """Killed in the middle of its one transaction."""
    before = everything()
    command = onboarding(oak_street, tmp_path)
    wait_until(lambda: writing_session() > 0)
    command.kill()
    command.wait(60)
    wait_until(lambda: writing_session() == 0)

    assert everything() == before
    assert manage("onboard_org", oak_street, "--domain", "oak.localhost", *ONBOARD).returncode == 0


def writing_session() -> int:
    """Sessions of this database that are onboarding: they hold the slug's lock."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(DISTINCT pid) FROM pg_locks WHERE locktype = 'advisory' AND granted"
            " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
        )
        return int(cursor.fetchone()[0])


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["Bad Slug", "--domain", "oak.localhost", *ONBOARD], "slug:"),
        (["oak_street", *ONBOARD, "--domain", "elm-street.localhost"], "domain: is already taken"),
        (
            ["oak_street", "--domain", "oak.localhost", *ONBOARD, "--timezone", "Mars/Base"],
            "timezone:",
        ),
        (
            ["oak_street", "--domain", "oak.localhost", *ONBOARD, "--phone-region", "XX"],
            "phone-region:",
        ),
        (["oak_street", "--clinic-file", "nowhere.toml"], "clinic-file:"),
        (["oak_street", "--clinic-file", "/bin/ls"], "is not UTF-8: save it as such"),
        (["oak_street", "--domain", "oak.localhost"], "--name: is needed"),
        ([], "SLUG"),
        (["oak_street", "--nonsense"], "--nonsense"),
    ],
)
def test_a_bad_argument_is_one_line_that_names_it_and_exit_code_1(
    arguments: list[str], said: str, oak_street: str
) -> None:
    done = inside.manage("onboard_org", *arguments)

    assert done.returncode == 1
    assert done.stdout == ""
    assert len(done.stderr.strip().splitlines()) == 1
    assert said in done.stderr


def test_operators_list_suspend_resume_and_reach_an_org(committed: Committed) -> None:
    slug = committed().org

    assert inside.manage("suspend_org", slug).returncode == 0
    assert (
        inside.manage("add_domain", slug, f"{slug.replace('_', '-')}.example.com").returncode == 0
    )
    [row] = [r for r in json.loads(inside.manage("list_orgs", "--json").stdout) if r["org"] == slug]
    assert (row["status"], len(row["domains"])) == ("suspended", 2)
    assert inside.manage("resume_org", slug).returncode == 0
    assert "active" in inside.manage("list_orgs").stdout
    assert "no organization" in inside.manage("suspend_org", "nobody").stderr


def test_a_secret_is_rotated(committed: Committed) -> None:
    made = committed()

    rotated = json.loads(inside.manage("rotate_secret", made.org, "--json").stdout)
    third = inside.manage("rotate_secret", made.org)
    retired = json.loads(inside.manage("rotate_secret", made.org, "--retire-old", "--json").stdout)

    assert set(rotated) == {"org", "vapi_url", "secret"}
    assert (third.returncode, "retire the old one first" in third.stderr) == (1, True)
    assert retired["retired"] == 1


def test_an_unreachable_database_is_one_line() -> None:
    done = manage("list_orgs", DATABASE_URL="postgresql://127.0.0.1:1/nowhere")

    assert done.returncode == 1
    assert len(done.stderr.strip().splitlines()) == 1
    assert "database cannot be reached" in done.stderr


def test_a_database_that_breaks_off_is_one_line_and_not_called_away(
    committed: Committed, tmp_path: Path
) -> None:
    slug, complaint = committed().org, tmp_path / "stderr"
    with psycopg.connect(os.environ["DATABASE_URL"]) as at_work:
        at_work.execute("SELECT 1 FROM tenants_organization WHERE slug = %s FOR UPDATE", [slug])
        command = Program(
            "manage.py", "suspend_org", slug, output=tmp_path / "stdout", errors=complaint
        )
        wait_until(lambda: bool(waiters(at_work)))
        at_work.execute("SELECT pg_cancel_backend(%s)", waiters(at_work))

        assert command.wait(60) == 1

    [line] = complaint.read_text().strip().splitlines()
    assert line == (
        "CommandError: The database broke this off"
        " (canceling statement due to user request). Try again."
    )


def test_erasing_an_org_leaves_the_others(committed: Committed) -> None:
    made = committed()

    organizations.remove(organizations.get(made.org))

    assert not schema_exists(made.schema)
    with organizations.within(organizations.get("elm_street")):
        assert Appointment.objects.count() == 0


def test_erasing_an_org_waits_for_work_in_it(committed: Committed) -> None:
    """Also when each waits for the other, and PostgreSQL breaks it up by ending the erasure."""
    organization = organizations.get(committed().org)
    erasing = threading.Thread(target=erased, args=(organization,))
    with psycopg.connect(os.environ["DATABASE_URL"]) as at_work:
        at_work.execute("SET deadlock_timeout = '1min'")  # the erasure notices first
        at_work.execute(f"SET search_path = {organization.schema_name}")
        at_work.execute("LOCK bookings_appointment IN ACCESS SHARE MODE")
        erasing.start()
        wait_until(lambda: bool(waiters(at_work)))
        for table in tables(at_work, organization.schema_name):
            at_work.execute(f"LOCK {table} IN ACCESS SHARE MODE")
    erasing.join(timeout=10)

    assert not schema_exists(organization.schema_name)
    assert not Organization.objects.filter(pk=organization.pk).exists()


def erased(organization: Organization) -> None:
    try:
        organizations.remove(organization)
    finally:
        connection.close()


def tables(session: "psycopg.Connection[tuple[str]]", schema: str) -> list[str]:
    named = session.execute("SELECT tablename FROM pg_tables WHERE schemaname = %s", [schema])
    return [table for (table,) in named]
