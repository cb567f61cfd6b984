"""Migrations: a clinic of an earlier version becomes what a new one is."""

import re

import pytest
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.db import connection
from django.db.migrations.exceptions import InconsistentMigrationHistory
from django.db.migrations.executor import MigrationExecutor
from django_tenants.models import TenantMixin
from django_tenants.utils import schema_context

import tenants.structure
from bookings.models import Patient, Practitioner, ServiceType
from tenants import organizations
from tenants.models import Organization
from tests.conftest import MONDAY, onboard_elm
from tests.copies import KEPT, ORIGINAL
from tests.sql import execute
from tests.standing import structure
from tests.visits import have

pytestmark = pytest.mark.django_db


# Where `main` was on 28 November 2026 (1ebf7e7), before the squashed migrations were deleted.
MAIN = {
    "bookings": "0036_drop_the_tables_of_axes",
    "assistants": "0022_reception_notes_are_longer",
    "tenants": "0004_drop_the_tables_of_axes",
}
# What its databases have on record beside the squashes: files that are gone.
SQUASHED = {
    "bookings": [
        "0001_initial",
        "0002_booking_policy",
        "0003_service_type_most_a_day",
        "0004_schedule_over_midnight",
        "0005_opening",
        "0006_closure_is_yearly",
        "0007_closure_holiday",
        "0008_room",
        "0009_appointment_room",
        "0010_appointment_no_double_booked_room",
        "0011_closure_room",
        "0012_callback_and_waitlist",
        "0013_appointment_change",
        "0014_offer",
    ],
    "assistants": [
        "0001_initial",
        "0002_assistant_voice_and_model",
        "0003_reception_emergency",
        "0004_prompt_version",
        "0005_assistant_vapi_id",
        "0006_vapi_connection",
        "0007_vapi_tool",
        "0008_signing_key",
        "0009_call",
        "0010_tool_call_appointment",
        "0011_tool_call_caller",
        "0012_tool_call_forgotten",
    ],
}
SQUASHES = [
    ("bookings", "0001_squashed_0014_offer"),
    ("assistants", "0001_squashed_0012_tool_call_forgotten"),
]


def as_on_main(schema: str) -> None:
    """A clinic as the code of `main` left it: its structure, and the migrations on record."""
    execute(f"CREATE SCHEMA {schema}")
    with schema_context(schema):
        executor = MigrationExecutor(connection)
        executor.migrate(list(MAIN.items()))
        for app, names in SQUASHED.items():
            for name in names:
                executor.recorder.record_applied(app, name)


def migrate(schema: str) -> None:
    try:
        call_command("migrate_schemas", schema_name=schema, interactive=False, verbosity=0)
    finally:
        organizations.leave()


def test_a_clinic_of_the_main_before_the_squashed_migrations_went_is_migrated() -> None:
    as_on_main("of_main")
    assert structure("of_main") != structure(ORIGINAL)

    migrate("of_main")

    assert without_casts(structure("of_main")) == without_casts(structure(ORIGINAL))
    assert len(structure("of_main")) > 300
    assert organizations.is_complete(Organization(schema_name="of_main"))
    assert structure_differences("of_main") == []


def test_without_its_squashes_on_record_it_is_refused() -> None:
    """The negative control: it is the record of the squashes that carries a clinic over."""
    as_on_main("without_squashes")
    with schema_context("without_squashes"):
        for app, name in SQUASHES:
            MigrationExecutor(connection).recorder.record_unapplied(app, name)

    with pytest.raises(InconsistentMigrationHistory):
        migrate("without_squashes")


def structure_differences(schema: str) -> list[str]:
    """What `doctor` says of its tables, columns, constraints and indexes."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Organization, "create_schema", TenantMixin.create_schema)
        wanted = tenants.structure.reference()
    found = tenants.structure.differences([schema], wanted)
    return [difference.sentence for difference in found.get(schema, [])]


AXES = ("accessattempt", "accessattemptexpiration", "accessfailurelog", "accesslog")


def test_what_django_axes_had_in_a_clinic_goes(elm: Organization) -> None:
    """A clinic of the morning of 28 November 2026 has its tables."""
    executor = MigrationExecutor(connection)
    executor.migrate([("bookings", "0035_waitlist_entry_bounds_are_in_order")])
    with connection.cursor() as cursor:
        for table in AXES:
            cursor.execute(f"CREATE TABLE axes_{table} (id BIGINT PRIMARY KEY)")
        cursor.execute(
            "ALTER TABLE axes_accessattemptexpiration ADD FOREIGN KEY (id)"
            " REFERENCES axes_accessattempt"
        )
    executor.recorder.record_applied("axes", "0010_accessattemptexpiration")
    before = structure(elm.schema_name)

    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes("bookings"))

    after = structure(elm.schema_name)
    assert any("axes_" in str(row) for row in before)
    assert not any("axes_" in str(row) for row in after)
    assert "axes" not in {app for app, _ in executor.recorder.applied_migrations()}


def without_casts(rows: list[tuple[str, ...]]) -> list[list[str]]:
    """PostgreSQL writes a list of words down with its casts elsewhere once it was read again."""
    return [
        [re.sub(r"::(?:character varying|text)|[()\[\]]", "", text) for text in row] for row in rows
    ]


def test_the_copies_other_tests_use_have_what_migrations_make() -> None:
    onboard_elm("oak_street")

    assert without_casts(structure("oak_street")) == without_casts(structure(ORIGINAL))
    with connection.cursor() as cursor:
        for table in KEPT:
            cursor.execute(
                f"(TABLE oak_street.{table} EXCEPT TABLE {ORIGINAL}.{table})"
                f" UNION ALL (TABLE {ORIGINAL}.{table} EXCEPT TABLE oak_street.{table})"
            )
            assert cursor.fetchall() == []


def test_earlier_changes_of_staff_are_named_as_theirs(
    elm: Organization, cleaning: ServiceType, ada: Practitioner, ben: Patient
) -> None:
    """What only staff can do was theirs without an account; what a caller did stays a caller's."""
    visit = have(ada, cleaning, ben, "2026-12-03 14:30")
    get_user_model().objects.create_user("rosa")
    shown = {"practitioner": ada, "start": visit.start, "end": visit.end, "at": MONDAY}
    done = {"call-1": "booked", "rosa": "rescheduled", "gone": "marked", "call-2": "cancelled"}
    for by, kind in done.items():
        visit.changes.create(kind=kind, by=by, status="booked", **shown)
    connection.check_constraints()
    executor = MigrationExecutor(connection)
    executor.migrate([("bookings", "0036_drop_the_tables_of_axes")])

    MigrationExecutor(connection).migrate([("bookings", "0038_name_changes_of_staff")])
    connection.check_constraints()  # in one transaction, what it wrote is still to be checked
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes("bookings"))

    told = {change.by: change.source for change in visit.changes.all()}
    assert told == {"call-1": "voice", "rosa": "staff", "gone": "staff", "call-2": "voice"}
