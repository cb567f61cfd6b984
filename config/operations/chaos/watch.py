"""The watch: reads the diaries throughout a run, and so knows when each row appeared."""

import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import TypedDict, TypeVar

import psycopg
from psycopg import sql
from psycopg.rows import TupleRow

from config.operations import races
from config.operations.judging.history import BEGINNING, Change, Clinic, Closed, Note, Visit
from config.operations.scratch import ClinicFile
from tenants.models import Organization

PAUSE_SECONDS = 0.03
# Sequences give numbers in order, but commits take them out of order, so rows with a lower number
# may still appear: this is how far back we look.
REACH = 500
CHANGES, CLOSURES = "bookings_appointmentchange", "bookings_closure"

Session = psycopg.Connection[TupleRow]
Key = tuple[str, str, int]
Row = TypeVar("Row", Change, Closed)


@dataclass
class Watch:
    """`seen` holds, for each row, when it was not there yet, and when it was."""

    address: str
    schemas: Sequence[str]
    seen: dict[Key, tuple[float, float]] = field(default_factory=dict)
    before: float = BEGINNING
    is_over: threading.Event = field(default_factory=threading.Event)

    def run(self) -> None:
        while not self.is_over.is_set():
            with (
                suppress(psycopg.OperationalError),  # the server was killed, and comes again
                psycopg.connect(self.address, autocommit=True) as session,
            ):
                while not self.is_over.wait(PAUSE_SECONDS):
                    self.look(session)
            self.is_over.wait(PAUSE_SECONDS)

    def look(self, session: Session) -> None:
        began = time.monotonic()
        newest: dict[tuple[str, str], int] = {}
        for schema, table, key in self.seen:
            newest[schema, table] = max(key, newest.get((schema, table), 0))
        found = session.execute(self.question(newest)).fetchall()
        now = time.monotonic()
        for schema, table, key in found:
            self.seen.setdefault((schema, table, key), (self.before, now))
        self.before = began

    def question(self, newest: Mapping[tuple[str, str], int]) -> sql.Composed:
        """One statement, so that all is seen in one snapshot."""
        parts = [
            sql.SQL("SELECT {}, {}, id FROM {} WHERE id > {}").format(
                sql.Literal(schema),
                sql.Literal(table),
                sql.Identifier(schema, table),
                sql.Literal(newest.get((schema, table), 0) - REACH),
            )
            for schema in self.schemas
            for table in (CHANGES, CLOSURES)
        ]
        return sql.SQL(" UNION ALL ").join(parts)

    def dated(self, row: Row, schema: str, table: str, key: int) -> Row:
        """Adds when it was not there yet and when it was; a row never seen came after all looks."""
        after, seen = self.seen.get((schema, table, key), (self.before, time.monotonic()))
        return replace(row, after=after, seen=seen)


def read(watch: Watch, organization: Organization, described: ClinicFile) -> Clinic:
    """All of one org's diary, when everybody has left. `described` is its clinic file."""
    schema = organization.schema_name
    with psycopg.connect(watch.address, autocommit=True) as session:
        session.execute(sql.SQL("SET search_path TO {}").format(sql.Identifier(schema)))
        session.execute("SET TimeZone TO 'UTC'")
        return Clinic(
            **furniture(described),
            visits=[Visit(*row) for row in session.execute(VISITS)],
            changes=[
                watch.dated(Change(*row), schema, CHANGES, row[0])
                for row in session.execute(ALL_CHANGES)
            ],
            closed=[
                watch.dated(Closed(*row), schema, CLOSURES, key)
                for key, *row in session.execute(ALL_CLOSURES)
            ],
            notes=[Note(*row) for row in session.execute(NOTES)],
            names={number: frozenset(names) for number, names in session.execute(NAMES)},
            overlapping=races.overlapping(organization),
        )


class Furniture(TypedDict):
    """The part of `Clinic` that a clinic file says."""

    services: dict[str, tuple[int, int, int]]
    practitioners: dict[str, tuple[str, ...]]
    roomed: frozenset[str]


def furniture(described: ClinicFile) -> Furniture:
    services = described["services"]
    return {
        "services": {
            one["name"]: (one["minutes"], one.get("minutes_before", 0), one.get("minutes_after", 0))
            for one in services
        },
        "practitioners": {
            one["name"]: tuple(
                who["name"] for who in described["practitioners"] if one["name"] in who["services"]
            )
            for one in services
        },
        "roomed": frozenset(one["name"] for one in services if one.get("rooms")),
    }


VISITS = """
    SELECT visit.id::text, visit.reference, service.name, practitioner.name, visit.start, visit.end,
           visit.start - lower(visit.blocked), upper(visit.blocked) - visit.end, visit.status,
           patient.name, patient.phone, coalesce(room.name, ''),
           patient.other_phones, patient.claimed_by, coalesce(patient.date_of_birth::text, '')
    FROM bookings_appointment visit
    JOIN bookings_servicetype service ON service.id = visit.service_id
    JOIN bookings_practitioner practitioner ON practitioner.id = visit.practitioner_id
    JOIN bookings_patient patient ON patient.id = visit.patient_id
    LEFT JOIN bookings_room room ON room.id = visit.room_id
"""
ALL_CHANGES = """
    SELECT change.id, change.appointment_id::text, change.kind, change.by, practitioner.name,
           change.start, change.status
    FROM bookings_appointmentchange change
    JOIN bookings_practitioner practitioner ON practitioner.id = change.practitioner_id
"""
ALL_CLOSURES = """
    SELECT closure.id, closure.start, closure.end, coalesce(practitioner.name, '')
    FROM bookings_closure closure
    LEFT JOIN bookings_practitioner practitioner ON practitioner.id = closure.practitioner_id
"""
NOTES = """
    SELECT 'callback', callback.conversation, callback.phone, '', callback.status = 'pending'
    FROM bookings_callback callback
    UNION ALL
    SELECT 'waiting', entry.conversation, patient.phone, service.name, entry.status = 'waiting'
    FROM bookings_waitlistentry entry
    JOIN bookings_patient patient ON patient.id = entry.patient_id
    JOIN bookings_servicetype service ON service.id = entry.service_id
"""
NAMES = """
    SELECT number, array_agg(DISTINCT patient.name)
    FROM bookings_patient patient, unnest(patient.phone || patient.other_phones) number
    WHERE patient.claimed_by = '' AND number <> ''
    GROUP BY number
"""
