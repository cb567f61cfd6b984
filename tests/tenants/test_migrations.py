"""Migrations: a clinic made at once stands where one stands that grew step by step."""

import re
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django_tenants.utils import schema_context

from bookings.models import Appointment, Patient, Practitioner, ServiceType
from tenants.models import Organization
from tests.conftest import MONDAY, at, onboard_elm
from tests.copies import KEPT, ORIGINAL
from tests.standing import structure

pytestmark = pytest.mark.django_db


def grown(schema: str, *, at_once: bool) -> list[Any]:
    """What stands in `schema` after every migration, but for the schema's own name."""
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE SCHEMA {schema}")
        with schema_context(schema):
            executor = MigrationExecutor(connection)
            loader = MigrationLoader(connection, replace_migrations=at_once)
            executor.loader = loader
            executor.recorder.ensure_schema()
            executor.migrate(
                [
                    leaf
                    for leaf in loader.graph.leaf_nodes()
                    if at_once or not loader.disk_migrations[leaf].replaces
                ]
            )
    return structure(schema)


def test_a_clinic_made_at_once_has_what_one_has_that_grew_step_by_step() -> None:
    at_once = grown("made_at_once", at_once=True)

    assert at_once == grown("step_by_step", at_once=False)
    assert len(at_once) > 300


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
    visit = Appointment.objects.create(
        service=cleaning,
        practitioner=ada,
        patient=ben,
        start=at("2026-12-03 14:30"),
        source="voice",
    )
    get_user_model().objects.create_user("rosa")
    shown = {"practitioner": ada, "start": visit.start, "end": visit.end, "at": MONDAY}
    done = {"call-1": "booked", "rosa": "rescheduled", "gone": "marked", "call-2": "cancelled"}
    for by, kind in done.items():
        visit.changes.create(kind=kind, by=by, status="booked", **shown)
    connection.check_constraints()
    executor = MigrationExecutor(connection)
    executor.migrate([("bookings", "0036_drop_the_tables_of_axes")])

    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes("bookings"))

    told = {change.by: change.source for change in visit.changes.all()}
    assert told == {"call-1": "voice", "rosa": "staff", "gone": "staff", "call-2": "voice"}
