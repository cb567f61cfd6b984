"""A patient cannot be at two places at once: said, not doubled; and nobody waits in a circle."""

import multiprocessing
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.migrations.executor import MigrationExecutor

from assistants.speech.wording import clock
from bookings import appointments
from bookings.models import Appointment, Patient, Practitioner, ServiceType
from bookings.outcomes import AlreadyBooked, Booked
from config.operations import races
from config.operations.races import Race
from config.operations.scratch import CLINIC
from tenants import organizations
from tenants.models import Organization
from tenants.sqlstates import sqlstate
from tests.conftest import BEN, MONDAY, Call, Committed, at
from tests.deadlocks import counting
from tests.migrations import before, migrate
from tests.visits import book, have, insert, row

THURSDAY = "2026-12-03 14:30"
DEE = "+12025550199"


@pytest.fixture
def with_bo(bo: Practitioner, consultation: ServiceType, ben: Patient) -> Appointment:
    """Ben's consultation with Dr. Bo on Thursday at half past two."""
    return have(bo, consultation, ben, THURSDAY)


# --- the rule


@pytest.mark.parametrize(
    ("start", "offered"),
    [
        ("14:15", ["1:45 PM", "2:00 PM", "3:00 PM"]),
        ("14:30", ["2:00 PM", "3:00 PM", "3:15 PM"]),
        ("14:45", ["3:00 PM", "3:15 PM", "3:30 PM"]),
    ],
)
def test_who_is_elsewhere_then_is_told_so_and_offered_when_they_are_not(
    start: str,
    offered: list[str],
    with_bo: Appointment,
    cleaning: ServiceType,
    ben: Patient,
    monday: datetime,
) -> None:
    """C23: Dr. Ada is free then, and Ben is not."""
    outcome = book(cleaning, ben, f"2026-12-03 {start}", monday)

    assert isinstance(outcome, AlreadyBooked)
    assert outcome.appointment == with_bo
    assert [clock(slot.start, monday) for slot in outcome.alternatives] == offered
    assert Appointment.objects.count() == 1


def test_every_time_offered_instead_can_be_had(
    with_bo: Appointment, cleaning: ServiceType, ben: Patient, monday: datetime
) -> None:
    refused = book(cleaning, ben, THURSDAY, monday)
    assert isinstance(refused, AlreadyBooked)

    for slot in refused.alternatives:
        outcome = book(cleaning, ben, slot.start, monday)
        assert isinstance(outcome, Booked)
        appointments.cancel(outcome.appointment, now=monday)


@pytest.mark.parametrize("start", ["14:00", "15:00"])
def test_one_visit_after_the_other_is_no_overlap(
    start: str, with_bo: Appointment, cleaning: ServiceType, ben: Patient, monday: datetime
) -> None:
    assert isinstance(book(cleaning, ben, f"2026-12-03 {start}", monday), Booked)


def test_buffers_are_the_practitioners_and_keep_no_patient_away(
    ada: Practitioner,
    root_canal: ServiceType,
    consultation: ServiceType,
    ben: Patient,
    bo: Practitioner,
    monday: datetime,
) -> None:
    """Ada cleans up for twenty minutes after the root canal; Ben may walk over to Bo."""
    have(ada, root_canal, ben, "2026-12-03 13:15")

    assert isinstance(book(consultation, ben, "2026-12-03 14:45", monday, practitioner=bo), Booked)


def test_two_of_a_family_are_two_patients(
    with_bo: Appointment, cleaning: ServiceType, monday: datetime
) -> None:
    ann = Patient.objects.create(name="Ann Ode", phone=BEN)

    assert isinstance(book(cleaning, ann, THURSDAY, monday), Booked)


def test_what_is_cancelled_keeps_nobody_away(
    with_bo: Appointment, cleaning: ServiceType, ben: Patient, monday: datetime
) -> None:
    appointments.cancel(with_bo, now=monday)

    assert isinstance(book(cleaning, ben, THURSDAY, monday), Booked)


def test_a_move_onto_another_visit_is_told_and_both_stay(
    with_bo: Appointment,
    ada: Practitioner,
    cleaning: ServiceType,
    ben: Patient,
    monday: datetime,
) -> None:
    row = have(ada, cleaning, ben, "2026-12-04 09:00")

    outcome = appointments.reschedule(row, start=at("2026-12-03 14:45"), now=monday)

    assert isinstance(outcome, AlreadyBooked)
    assert outcome.appointment == with_bo
    row.refresh_from_db()
    assert row.start == at("2026-12-04 09:00")


# --- what the caller hears

ASKED = {"service": "cleaning", "start": "2026-12-03T14:45", "patient_name": "Ben Ode"}


@pytest.mark.usefixtures("monday", "with_bo")
def test_the_caller_hears_what_they_have(call: Call) -> None:
    assert call("book_appointment", **ASKED) == (
        "You already have a consultation on Thursday, December 3 at 2:30 PM with Dr. Bo Lind."
        " Would you like to move it, or another time for this one?"
    )
    assert Appointment.objects.count() == 1


@pytest.mark.usefixtures("monday", "with_bo")
def test_a_caller_from_another_number_hears_of_no_visit_of_bens(call: Call, ben: Patient) -> None:
    """P07, Z03: Ben's number, said by somebody else, tells nothing of Ben's diary: what is free is
    booked, for a patient of the caller's own."""
    heard = call("book_appointment", caller=DEE, patient_phone=BEN, **ASKED)

    assert heard.startswith("You're booked: a cleaning on Thursday, December 3, 2026 at 2:45 PM")
    row = Appointment.objects.get(start=at("2026-12-03 14:45"))
    assert row.patient != ben
    assert (row.patient.claimed_by, row.patient.may_be) == (DEE, ben)


# --- the database has the last word


def test_the_database_refuses_it(
    with_bo: Appointment, ada: Practitioner, cleaning: ServiceType, ben: Patient
) -> None:
    with pytest.raises(IntegrityError) as refused:
        insert(row(patient=ben, start=at("2026-12-03 14:45")))

    assert sqlstate(refused.value) == "23P01"
    insert(row(patient=ben, start=at("2026-12-03 15:00")))


@pytest.mark.usefixtures("monday")
def test_what_overlapped_before_the_rule_stays_until_it_moves(committed: Committed) -> None:
    """The migrations back, two visits at one time, and the migrations forwards."""
    with organizations.within(organizations.get(committed().org)):
        insert_two_at_one_time(migrate(before("overlap_is_kept")))

        migrate(*MigrationExecutor(connection).loader.graph.leaf_nodes("bookings"))

        first, second = Appointment.objects.order_by("created")
        assert (first.overlap_is_kept, second.overlap_is_kept) == (False, True)
        appointments.reschedule(second, start=at("2026-12-04 09:00"), now=MONDAY)
        second.refresh_from_db()
        assert (second.start, second.overlap_is_kept) == (at("2026-12-04 09:00"), False)


def insert_two_at_one_time(then: Any) -> None:
    patient = then.get_model("bookings", "Patient").objects.create(name="Ben Ode", phone=BEN)
    service = then.get_model("bookings", "ServiceType").objects.get(name="Consultation")
    end = at(THURSDAY) + timedelta(minutes=30)
    for number, who in enumerate(then.get_model("bookings", "Practitioner").objects.all()):
        then.get_model("bookings", "Appointment").objects.create(
            practitioner=who,
            service=service,
            patient=patient,
            start=at(THURSDAY) + timedelta(minutes=15 * number),
            end=end + timedelta(minutes=15 * number),
            blocked=DateTimeTZRange(at(THURSDAY), end + timedelta(minutes=15)),
            source="staff",
            reference=f"AAAA{number}",
        )


# --- races

FOUR: dict[str, Any] = {
    **CLINIC,
    "practitioners": [
        {**CLINIC["practitioners"][0], "name": f"Dr. {name}"}
        for name in ("One", "Two", "Three", "Four")
    ],
}


@pytest.fixture
def four(committed: Committed) -> Organization:
    """Four practitioners, who are all free, and three patients."""
    organization = organizations.get(committed(clinic=FOUR).org)
    with organizations.within(organization):
        for number in range(3):
            Patient.objects.create(name=f"Caller {number}", phone=f"+120255501{number:02}")
    return organization


def rush(organization: Organization, race: Race, number: int = 0) -> Any:
    """One patient, asked for by every caller with another practitioner, a quarter hour apart.

    The tally, and how many deadlocks PostgreSQL broke up.
    """
    deadlocks = multiprocessing.get_context("fork").Value("i", 0)

    def ask(caller: int, slot: int, start: datetime) -> str:
        with pytest.MonkeyPatch.context() as patch, organizations.within(organization):
            patch.setattr(appointments, "sqlstate", counting(deadlocks))
            try:
                outcome = appointments.book(
                    service=ServiceType.objects.get(),
                    start=start + timedelta(minutes=15 * (caller // 4 % 2)),
                    patient=Patient.objects.order_by("pk")[0],
                    practitioner=Practitioner.objects.order_by("pk")[caller % 4],
                    source=Appointment.Source.VOICE,
                    now=organization.now(),
                )
            except DatabaseError:
                return ""
        return {Booked: "You're booked", AlreadyBooked: "just taken; available"}.get(
            type(outcome), ""
        )

    return races.together(race, number, organization, ask), deadlocks.value


def test_a_patient_who_is_asked_for_everywhere_at_once_is_booked_once(four: Organization) -> None:
    """C23: the same caller may ask again, and has the one appointment there is."""
    tally, deadlocks = rush(four, Race(callers=8, slots=1, rounds=1))

    assert (tally.errors, deadlocks) == (0, 0)
    assert races.overlapping(four) == 0
    with organizations.within(four):
        assert Appointment.objects.count() == 1


def test_without_the_guard_the_patient_is_at_two_places(four: Organization) -> None:
    """The negative control of C23."""
    with races.unguarded(four):
        for number in range(20):
            rush(four, Race(callers=8, slots=1, rounds=1), number)
            if races.overlapping(four):
                return
    pytest.fail("nobody at two places in twenty rounds")
