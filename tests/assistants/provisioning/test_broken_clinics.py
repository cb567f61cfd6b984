"""Broken clinics: each is named by `manage.py doctor`, with what to do, and the next is looked at.

Z15, Z18. Every clinic here was broken in a way of its own; one run of the command sees them all.
"""

import json
import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from django.db import connection

from assistants.provisioning.onboarding import Onboarded
from bookings.models import Appointment, Patient, Practitioner, Room, ServiceType
from config.operations import demonstration
from tenants import organizations
from tenants.models import Organization
from tests.conftest import ELM_STREET, MONDAY, Committed, Server, onboarded, tool_calls
from tests.inside import manage
from tests.sql import execute

pytestmark = pytest.mark.usefixtures("django_db_setup")

DIARY = "appointment_no_double_booking"
ROOM = "appointment_no_double_booked_room"
PATIENT = "appointment_no_patient_at_two_places"
WITH_ROOM = {
    **ELM_STREET,
    "rooms": [{"name": "Room 1"}],
}


def sql(*statements: str) -> Callable[[str], None]:
    """Run in the clinic's schema."""

    def run(schema: str) -> None:
        with connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement.format(s=schema))

    return run


def drop(table: str, constraint: str) -> str:
    return f"ALTER TABLE {{s}}.{table} DROP CONSTRAINT {constraint}"


def overlap(constraint: str) -> Callable[[str], None]:
    """Two visits at one time that share what the dropped constraint keeps apart."""

    def run(schema: str) -> None:
        sql(drop("bookings_appointment", constraint))(schema)
        with organizations.within(organizations.get(schema)):
            for name in ("Ben Ode", "Cat Ruiz"):
                Patient.objects.create(name=name, phone="+12025550177")
            people, patients = Practitioner.objects.all(), Patient.objects.all()
            for number in (0, 1):
                visit = {
                    "practitioner": people[0 if constraint == DIARY else number],
                    "patient": patients[0 if constraint == PATIENT else number],
                    "room": Room.objects.get() if constraint == ROOM else None,
                    "service": ServiceType.objects.get(name="Consultation"),
                    "start": MONDAY + timedelta(minutes=15 * number),
                }
                Appointment(source="staff", **visit).save()

    return run


def rezone(zone: str) -> Callable[[str], object]:
    return lambda schema: Organization.objects.filter(slug=schema).update(timezone=zone)


@dataclass(frozen=True)
class Broken:
    by: Callable[[str], object]
    said: str


WAYS = {
    "no_wall": Broken(
        sql(drop("bookings_appointment", DIARY)),
        rf"constraint {DIARY} of bookings_appointment is missing: SET search_path = \S+,"
        rf" extensions; ALTER TABLE bookings_appointment ADD CONSTRAINT {DIARY} EXCLUDE USING gist",
    ),
    "unchecked": Broken(
        sql(
            drop("bookings_appointment", "appointment_ends_after_it_starts"),
            "ALTER TABLE {s}.bookings_appointment ADD CONSTRAINT appointment_ends_after_it_starts"
            ' CHECK ("end" > start) NOT VALID',
        ),
        r"constraint appointment_ends_after_it_starts of bookings_appointment is not validated:"
        r" ALTER TABLE \S+\.bookings_appointment VALIDATE CONSTRAINT",
    ),
    "weakened": Broken(
        sql(
            drop("bookings_appointment", "appointment_ends_after_it_starts"),
            "ALTER TABLE {s}.bookings_appointment ADD CONSTRAINT appointment_ends_after_it_starts"
            ' CHECK ("end" >= start)',
        ),
        r"constraint appointment_ends_after_it_starts .* is “CHECK .*>=.*” and should be “CHECK",
    ),
    "no_table": Broken(
        sql("DROP TABLE {s}.bookings_offer CASCADE"),
        r"table bookings_offer is missing: restore it from a backup",
    ),
    "unreadable": Broken(
        sql("DROP TABLE {s}.assistants_signingkey"),
        r"it cannot be read further: relation .assistants_signingkey. does not exist",
    ),
    "no_column": Broken(
        sql("ALTER TABLE {s}.bookings_appointment DROP COLUMN notes"),
        r"column bookings_appointment\.notes is missing: restore it from a backup",
    ),
    "nullable": Broken(
        sql("ALTER TABLE {s}.bookings_appointment ALTER COLUMN notes DROP NOT NULL"),
        r"column bookings_appointment\.notes is “text” and should be “text NOT NULL”: ALTER TABLE",
    ),
    "shortened": Broken(
        sql("ALTER TABLE {s}.bookings_appointment ALTER COLUMN notes TYPE varchar(10)"),
        r"column bookings_appointment\.notes is “character varying\(10\) NOT NULL” and should be",
    ),
    "no_index": Broken(
        sql("DROP INDEX {s}.appointment_start"),
        r"index appointment_start of bookings_appointment is missing: SET .* CREATE INDEX",
    ),
    "bad_index": Broken(
        sql(
            "UPDATE pg_index SET indisvalid = false"
            " WHERE indexrelid = '{s}.appointment_start'::regclass"
        ),
        r"index appointment_start of bookings_appointment is invalid: REINDEX INDEX",
    ),
    "no_key": Broken(
        sql("ALTER TABLE {s}.bookings_appointment DISABLE TRIGGER ALL"),
        r"trigger of a foreign key of bookings_appointment is made by no migration \(disabled\)",
    ),
    "quiet": Broken(
        sql("CREATE RULE quiet AS ON INSERT TO {s}.bookings_callback DO INSTEAD NOTHING"),
        r"rule quiet of bookings_callback is made by no migration",
    ),
    "unlogged": Broken(
        sql("ALTER TABLE {s}.bookings_bookingpolicy SET UNLOGGED"),
        r"table bookings_bookingpolicy is “unlogged” and should be “logged”: ALTER TABLE",
    ),
    "doubled": Broken(
        overlap(DIARY), r"1 visits overlap another of the same practitioner: cancel or move"
    ),
    "one_room": Broken(overlap(ROOM), r"1 visits overlap another of the same room"),
    "two_places": Broken(overlap(PATIENT), r"1 visits overlap another of the same patient"),
    "no_zone": Broken(
        rezone("Mars/Base"),
        r"the time zone “Mars/Base” of \S+ is unknown: choose another in the operators' admin",
    ),
    "folder_zone": Broken(rezone("America"), r"the time zone “America” of \S+ is unknown"),
    "empty_zone": Broken(rezone(""), r"the time zone “” of \S+ is unknown"),
    "behind": Broken(
        sql("DELETE FROM {s}.django_migrations WHERE app = 'bookings'"),
        r"its schema is behind: manage\.py migrate_schemas",
    ),
    "gone": Broken(
        sql("DROP SCHEMA {s} CASCADE"), r"its schema is missing or empty: restore it from a backup"
    ),
    "canary": Broken(
        sql("CREATE TABLE {s}.tenants_organization (id bigint)"),
        r"it sees a table tenants_organization, which is not a clinic's",
    ),
}
# Somebody works at its tables for longer than we wait: as if its node were away.
AWAY = "away"
HEALTHY = "unharmed"


@dataclass(frozen=True)
class Ward:
    clinics: dict[str, Onboarded]
    returncode: int
    page: str
    complaint: str

    def lines(self, way: str) -> list[str]:
        """What stands under the clinic's name."""
        found: list[str] = []
        is_its = False
        for line in self.page.splitlines():
            if not line.startswith("  "):
                is_its = f"({self.clinics[way].org})" in line
            elif is_its:
                found.append(line)
        return found


@contextmanager
def broken(django_db_blocker: Any) -> Iterator[dict[str, Onboarded]]:
    with onboarded(django_db_blocker) as make:
        clinics = {way: make(f"{way}_clinic", clinic=WITH_ROOM) for way in [*WAYS, AWAY, HEALTHY]}
        sql(
            "CREATE INDEX of_an_operator ON {s}.bookings_patient (name)",
            "CREATE TABLE {s}.notes_of_an_operator (id bigint)",
        )(clinics[HEALTHY].schema)
        for way, one in WAYS.items():
            one.by(clinics[way].schema)
        yield clinics
        organizations.leave()
        for made in clinics.values():
            organizations.remove(organizations.get(made.org))


@pytest.fixture(scope="module")
def ward(django_db_setup: None, django_db_blocker: Any) -> Iterator[Ward]:
    with broken(django_db_blocker) as clinics:
        with psycopg.connect(os.environ["DATABASE_URL"]) as other:
            other.execute(f"LOCK {clinics[AWAY].schema}.bookings_appointment")
            done = manage("doctor")
        yield Ward(clinics, done.returncode, done.stdout, done.stderr)


def test_the_command_ends_in_one_line_and_1(ward: Ward) -> None:
    assert ward.returncode == 1
    assert re.fullmatch(r"CommandError: Wrong: \d+\.", ward.complaint.strip())


@pytest.mark.parametrize("way", WAYS)
def test_what_is_broken_is_said_in_one_line_with_what_to_do(way: str, ward: Ward) -> None:
    found = [line for line in ward.lines(way) if re.search(f"✗ {WAYS[way].said}", line)]

    assert len(found) == 1, ward.lines(way)


@pytest.mark.parametrize("way", ["no_wall", "unchecked", "no_table", "no_index", "unlogged"])
def test_one_fault_is_one_line(way: str, ward: Ward) -> None:
    """No second one for the index of a constraint, or for the columns of a table."""
    assert len(ward.lines(way)) == 1


def test_one_that_cannot_be_read_is_named_and_the_next_one_looked_at(ward: Ward) -> None:
    [line] = ward.lines(AWAY)

    assert line.startswith("  ✗ it cannot be read, somebody holds one of its tables: look at")


def test_a_clinic_with_nothing_wrong_is_counted_alone(ward: Ward) -> None:
    """An operator's own index and table change nothing for it."""
    assert ward.lines(HEALTHY) == []
    assert re.search(r"^\d+ clinics? (is|are) right\.$", ward.page, re.MULTILINE)


def test_asked_about_alone_it_has_all_its_lines(ward: Ward) -> None:
    done = manage("doctor", "--org", ward.clinics[HEALTHY].org)

    assert (done.returncode, done.stderr) == (0, "")
    assert "· index of_an_operator of bookings_patient is made by no migration" in done.stdout
    assert "· table notes_of_an_operator is made by no migration" in done.stdout
    assert "✓ no visit overlaps another" in done.stdout


@pytest.mark.parametrize("way", ["no_wall", "unchecked", "no_index"])
def test_what_it_says_to_do_mends_it(way: str, ward: Ward) -> None:
    made = ward.clinics[way]
    [line] = ward.lines(way)
    execute(re.sub(r".*? is (missing|not validated): ", "", line), "RESET search_path")
    connection.close()

    done = manage("doctor", "--org", made.org)

    assert (done.returncode, "✓ tables, constraints and indexes are as" in done.stdout) == (0, True)


# --- a time zone that nobody knows


@pytest.mark.parametrize("way", ["no_zone", "folder_zone", "empty_zone"])
def test_a_clinic_in_no_zone_is_unavailable(way: str, ward: Ward, server: Server) -> None:
    made = ward.clinics[way]
    body = tool_calls({"id": "a", "tool": "clinic_info", "arguments": {}})

    status, answer = server.request("POST", "/vapi/", host=made.domain, secret="x", body=body)
    desk, _ = server.request("GET", "/admin/", host=made.domain)

    assert (status, desk) == (200, 503)
    assert "trouble" in json.loads(answer)["results"][0]["result"]


@pytest.mark.parametrize(
    ("command", "code"), [("list_orgs", 0), ("forget_calls", 0), ("load_holidays {org}", 1)]
)
def test_commands_say_so_in_one_line(command: str, code: int, ward: Ward) -> None:
    done = manage(*command.format(org=ward.clinics["no_zone"].org).split())

    assert "Traceback" not in done.stderr
    [line] = [
        text for text in f"{done.stdout}{done.stderr}".splitlines()
        if "no_zone" in text and "unknown" in text
    ]  # fmt: skip
    assert done.returncode == code, line


def test_at_start_the_demonstration_is_shown_whatever_its_zone(
    committed: Committed, monkeypatch: pytest.MonkeyPatch
) -> None:
    org = committed().org
    rezone("Mars/Base")(org)
    monkeypatch.setattr(demonstration, "CLINICS", (org,))

    assert "curl -s http" in demonstration.booking_line(demonstration.Shown())


# --- the database beneath all clinics


@pytest.mark.parametrize(
    ("spoil", "mend", "said"),
    [
        (
            "ALTER EXTENSION btree_gist SET SCHEMA public",
            "ALTER EXTENSION btree_gist SET SCHEMA extensions",
            "✗ btree_gist is in the schema “public”, where no clinic finds it: ALTER EXTENSION"
            " btree_gist SET SCHEMA extensions",
        ),
        (
            "CREATE TABLE public.bookings_patient (id bigint)",
            "DROP TABLE public.bookings_patient",
            "✗ table public.bookings_patient is where no clinic's rows may be",
        ),
        (
            "CREATE TABLE extensions.anything (id bigint)",
            "DROP TABLE extensions.anything",
            "✗ table extensions.anything is where no clinic's rows may be",
        ),
    ],
)
def test_the_database_itself_is_looked_over(
    spoil: str, mend: str, said: str, committed: Committed
) -> None:
    org = committed().org
    sql(spoil)("public")
    try:
        done = manage("doctor", "--org", org)
    finally:
        sql(mend)("public")

    assert (done.returncode, said in done.stdout) == (1, True)
    assert manage("doctor", "--org", org).returncode == 0
