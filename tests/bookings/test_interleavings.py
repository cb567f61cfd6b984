"""Two at one diary at the same moment, in the order that would do harm: one after the other.

The first is stopped where it has looked and not yet written. The second goes on until it waits for
the first, or, with the guard taken away, until it is done behind the first one's back.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

import pytest
from django.db import IntegrityError, connection
from django.db.models import Count

from bookings import appointments, attendance, merging
from bookings.availability import conflicts, slots
from bookings.availability.slots import Calendar
from bookings.models import Appointment, Closure, Patient, Practitioner, ServiceType
from bookings.outcomes import Booked, Cancelled, Merged, NotChangeable, Rescheduled, SlotTaken
from config.operations import races
from tenants import organizations
from tenants.models import Organization
from tenants.postgresql import configuration
from tenants.sqlstates import sqlstate
from tests.conftest import BEN, MONDAY, at, onboarded, wait_until
from tests.desk import Desk, form
from tests.sql import execute
from tests.visits import insert, row

Verb = Callable[[], object]


@pytest.fixture(scope="module")
def clinics(django_db_setup: None, django_db_blocker: Any) -> Iterator[dict[str, Organization]]:
    """Two clinics whose rows other sessions see: with and without locks and constraints."""
    with onboarded(django_db_blocker) as make:
        yield {name: organizations.get(make().org) for name in ("guarded", "bare")}


@pytest.fixture
def oak(clinics: dict[str, Organization]) -> Iterator[Organization]:
    with emptied(clinics["guarded"]) as organization:
        yield organization


@pytest.fixture
def bare(clinics: dict[str, Organization]) -> Iterator[Organization]:
    """No constraints, no locks on diaries or appointments: only the check before the write."""
    with (
        emptied(clinics["bare"]) as organization,
        races.unguarded(organization),
    ):
        yield organization


@contextmanager
def emptied(organization: Organization) -> Iterator[Organization]:
    """The clinic with eleven patients and no appointments."""
    with organizations.within(organization):
        execute("TRUNCATE bookings_patient, bookings_closure, auth_user CASCADE")
        Patient.objects.create(name="Ben Ode", phone=BEN)
        for number in range(10):
            Patient.objects.create(name=f"Caller {number}", phone=f"+120255501{number:02}")
        yield organization


def have(patient: str, start: str) -> Appointment:
    appointment = row(patient=Patient.objects.get(name=patient), start=at(start))
    appointment.save()
    return appointment


def book(patient: str, start: str) -> object:
    return appointments.book(
        service=ServiceType.objects.get(name="Cleaning"),
        start=at(start),
        patient=Patient.objects.get(name=patient),
        source=Appointment.Source.VOICE,
        now=MONDAY,
    )


def move(appointment: Appointment, start: str) -> object:
    return appointments.reschedule(appointment, start=at(start), now=MONDAY)


def cancel(appointment: Appointment) -> object:
    return appointments.cancel(appointment, now=MONDAY)


def interleaved(oak: Organization, first: Verb, *others: Verb) -> list[Any]:
    """What comes of each. `first` has looked before the others begin, and writes after that."""
    looked, go = threading.Event(), threading.Event()
    outcomes: dict[int, object] = {}
    threads = each_by_itself(oak, [first, *others], outcomes)
    with stopped_before_writing(threads[0], looked, go):
        threads[0].start()
        assert looked.wait(timeout=10)
        for thread in threads[1:]:
            thread.start()
        wait_until(lambda: waiting() + len(outcomes) >= len(others))
        go.set()
        for thread in threads:
            thread.join(timeout=20)
    return [outcomes[number] for number in range(len(threads))]


def at_once(oak: Organization, *verbs: Verb) -> list[Any]:
    """What comes of each when all are let go together."""
    gate, outcomes = threading.Barrier(len(verbs)), dict[int, object]()

    def through_the_gate(verb: Verb) -> object:
        gate.wait(timeout=10)
        return verb()

    threads = each_by_itself(oak, [partial(through_the_gate, verb) for verb in verbs], outcomes)
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=20)
    return [outcomes[number] for number in range(len(verbs))]


def each_by_itself(
    oak: Organization, verbs: list[Verb], outcomes: dict[int, object]
) -> list[threading.Thread]:
    """A thread and a connection for each, not started yet. A fault is an outcome."""

    def run(number: int, verb: Verb) -> None:
        try:
            with organizations.within(oak):
                outcomes[number] = verb()
        except Exception as fault:
            outcomes[number] = fault
        finally:
            connection.close()

    return [threading.Thread(target=run, args=pair) for pair in enumerate(verbs)]


@contextmanager
def stopped_before_writing(
    thread: threading.Thread, looked: threading.Event, go: threading.Event
) -> Iterator[None]:
    save = Appointment.save

    def stop_and_save(self: Appointment, *args: Any, **kwargs: Any) -> None:
        if threading.current_thread() is thread:
            looked.set()
            go.wait(timeout=10)
        save(self, *args, **kwargs)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Appointment, "save", stop_and_save)
        yield


def waiting() -> int:
    """Sessions of this test's database that wait for a lock."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity"
            " WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        return int(cursor.fetchone()[0])


def starts() -> list[str]:
    return [
        f"{start.astimezone(MONDAY.tzinfo):%d %H:%M}"
        for start in Appointment.objects.occupying()
        .order_by("start")
        .values_list("start", flat=True)
    ]


def is_offered(start: str) -> bool:
    here = slots.around(at(start), practitioners=list(Practitioner.objects.all()), now=MONDAY)
    return at(start) in [slot.start for slot in here.free(ServiceType.objects.get(name="Cleaning"))]


# --- C08: two who swap


def test_two_callers_who_swap_times_are_refused_and_keep_their_visits(oak: Organization) -> None:
    """C08: neither time is free while the other has it; nothing is lost, nothing doubled."""
    one, other = have("Ben Ode", "2026-12-03 09:00"), have("Caller 0", "2026-12-03 10:00")

    outcomes = at_once(
        oak,
        lambda: move(one, "2026-12-03 10:00"),
        lambda: move(other, "2026-12-03 09:00"),
    )

    assert [type(outcome) for outcome in outcomes] == [SlotTaken, SlotTaken]
    one.refresh_from_db()
    other.refresh_from_db()
    assert (one.start, other.start) == (at("2026-12-03 09:00"), at("2026-12-03 10:00"))


def test_without_the_walls_one_is_put_upon_the_other(
    bare: Organization, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The negative control of C08, whose wall is the look: it is taken away as well."""
    one, _ = have("Ben Ode", "2026-12-03 09:00"), have("Caller 0", "2026-12-03 10:00")
    monkeypatch.setattr(Calendar, "is_free", lambda calendar, slot: True)

    move(one, "2026-12-03 10:00")

    assert races.overlapping(bare) == 1


# --- C10: one appointment moved twice


def test_one_appointment_moved_twice_at_once_is_one_appointment(oak: Organization) -> None:
    """C10: it ends where the last of the two put it, and both other times are free."""
    appointment = have("Ben Ode", "2026-12-03 09:00")

    outcomes = interleaved(
        oak,
        lambda: move(appointment, "2026-12-03 10:00"),
        lambda: move(appointment, "2026-12-03 11:00"),
    )

    assert [type(outcome) for outcome in outcomes] == [Rescheduled, Rescheduled]
    assert starts() == ["03 11:00"]
    assert is_offered("2026-12-03 09:00")
    assert is_offered("2026-12-03 10:00")


def moved_to_the_same_time_twice(oak: Organization) -> list[bool]:
    appointment = have("Ben Ode", "2026-12-03 09:00")
    outcomes = interleaved(
        oak,
        lambda: move(appointment, "2026-12-03 10:00"),
        lambda: move(appointment, "2026-12-03 10:00"),
    )
    assert starts() == ["03 10:00"]
    return [isinstance(outcome, Rescheduled) and outcome.moved for outcome in outcomes]


def test_of_two_moves_to_one_time_the_second_finds_it_there(oak: Organization) -> None:
    """C10."""
    assert moved_to_the_same_time_twice(oak) == [True, False]


def test_without_the_guard_both_believe_to_have_moved_it(bare: Organization) -> None:
    """The negative control of C10."""
    assert moved_to_the_same_time_twice(bare) == [True, True]


def test_what_another_moved_to_a_colleague_stays_with_the_colleague(oak: Organization) -> None:
    """C10: a caller who asks only for another time keeps the practitioner it has by then."""
    bo = Practitioner.objects.get(name="Dr. Bo Lind")
    appointment = row(
        service=ServiceType.objects.get(name="Consultation"), start=at("2026-12-03 09:00")
    )
    appointment.save()

    outcomes = interleaved(
        oak,
        lambda: appointments.reschedule(
            appointment, start=at("2026-12-03 10:00"), practitioner=bo, now=MONDAY
        ),
        lambda: move(appointment, "2026-12-03 11:00"),
    )

    assert [type(outcome) for outcome in outcomes] == [Rescheduled, Rescheduled]
    assert starts() == ["03 11:00"]
    assert Appointment.objects.get().practitioner == bo


# --- C11: cancelled while it is moved


def test_what_is_cancelled_while_it_moves_is_cancelled_where_it_went(oak: Organization) -> None:
    """C11: as if one had come after the other; all of its times are free."""
    appointment = have("Ben Ode", "2026-12-03 09:00")

    moved, cancelled = interleaved(
        oak, lambda: move(appointment, "2026-12-03 10:00"), lambda: cancel(appointment)
    )

    assert isinstance(moved, Rescheduled)
    assert isinstance(cancelled, Cancelled)
    assert cancelled.appointment.start == at("2026-12-03 10:00")
    assert starts() == []
    assert is_offered("2026-12-03 09:00")
    assert is_offered("2026-12-03 10:00")


def test_what_moves_while_it_is_cancelled_stays_cancelled(oak: Organization) -> None:
    """C11, the other way round."""
    appointment = have("Ben Ode", "2026-12-03 09:00")

    cancelled, moved = interleaved(
        oak, lambda: cancel(appointment), lambda: move(appointment, "2026-12-03 10:00")
    )

    assert isinstance(cancelled, Cancelled)
    assert isinstance(moved, NotChangeable)
    assert starts() == []


def test_without_the_guard_a_cancelled_appointment_comes_back(bare: Organization) -> None:
    """The negative control of C11: the caller was told it is cancelled, and it is booked."""
    appointment = have("Ben Ode", "2026-12-03 09:00")
    _, cancelled = interleaved(
        bare, lambda: move(appointment, "2026-12-03 10:00"), lambda: cancel(appointment)
    )

    assert isinstance(cancelled, Cancelled)
    assert starts() == ["03 10:00"]


# --- C12: a time that is given back while others wait for it


def test_a_time_given_back_goes_to_one_of_those_who_wait(oak: Organization) -> None:
    """C12: ten callers are at the diary before the cancellation is committed."""
    appointment = have("Ben Ode", "2026-12-03 09:00")

    cancelled, *others = interleaved(
        oak,
        lambda: cancel(appointment),
        *(lambda n=number: book(f"Caller {n}", "2026-12-03 09:00") for number in range(10)),
    )

    assert isinstance(cancelled, Cancelled)
    assert sorted(type(outcome).__name__ for outcome in others) == ["Booked"] + ["SlotTaken"] * 9
    assert starts() == ["03 09:00"]


def test_without_the_guard_nobody_waits_for_it_and_two_have_it(bare: Organization) -> None:
    """The negative control of C12."""
    appointment = have("Ben Ode", "2026-12-03 09:00")
    _, refused = interleaved(
        bare, lambda: cancel(appointment), lambda: book("Caller 0", "2026-12-03 09:00")
    )
    outcomes = interleaved(
        bare,
        lambda: book("Caller 1", "2026-12-03 09:00"),
        lambda: book("Caller 2", "2026-12-03 09:00"),
    )

    assert isinstance(refused, SlotTaken)
    assert [type(outcome) for outcome in outcomes] == [Booked, Booked]
    assert starts() == ["03 09:00"] * 2


# --- C14: the front desk and a caller


def add_at_the_desk(oak: Organization) -> Verb:
    """The form of the front desk, filled in and ready to be sent."""
    desk = Desk(oak)
    filled = form(
        Patient.objects.get(name="Caller 0"),
        Practitioner.objects.get(name="Dr. Ada Moss"),
        ServiceType.objects.get(name="Cleaning"),
        "2026-12-03 09:00:00",
    )
    return lambda: desk.post("bookings/appointment/add/", filled)


def test_the_front_desk_waits_for_a_caller_and_reads_that_it_is_taken(oak: Organization) -> None:
    """C14: in the same moment, one has it; staff get an error of the form."""
    send = add_at_the_desk(oak)
    booked, page = interleaved(oak, lambda: book("Ben Ode", "2026-12-03 09:00"), send)

    assert isinstance(booked, Booked)
    assert page.status_code == 200
    assert "This time is taken." in page.content.decode()
    assert starts() == ["03 09:00"]


def test_without_the_guard_the_front_desk_doubles_the_caller(bare: Organization) -> None:
    """The negative control of C14."""
    send = add_at_the_desk(bare)
    interleaved(bare, lambda: book("Ben Ode", "2026-12-03 09:00"), send)

    assert starts() == ["03 09:00"] * 2


# --- C21: closed while it is booked


def close() -> list[Appointment]:
    """Save a closure as the front desk does, and look what stands in it."""
    closure = Closure.objects.create(start=at("2026-12-03 08:00"), end=at("2026-12-03 12:00"))
    return conflicts.inside(closure, now=MONDAY)


def test_a_closure_waits_for_a_booking_inside_it_and_names_it(oak: Organization) -> None:
    """C21: booked, then flagged."""
    booked, flagged = interleaved(oak, lambda: book("Ben Ode", "2026-12-03 09:00"), close)

    assert isinstance(booked, Booked)
    assert flagged == [booked.appointment]


def test_without_the_guard_the_booking_is_in_the_closure_and_nobody_sees_it(
    bare: Organization, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The negative control of C21: neither the diary nor the configuration is waited for."""
    monkeypatch.setattr(configuration, "SHARE", "SELECT 1")
    booked, flagged = interleaved(bare, lambda: book("Ben Ode", "2026-12-03 09:00"), close)

    assert isinstance(booked, Booked)
    assert flagged == []


# --- C13: two requests for one time


def confirm(appointment: Appointment) -> object:
    return attendance.mark(appointment, Appointment.Status.BOOKED, now=MONDAY)


def test_one_request_confirmed_by_two_of_the_staff_is_one_appointment(oak: Organization) -> None:
    """C13: a request takes its time from the beginning, so there are never two to confirm."""
    asked = row(status="pending")
    insert(asked)
    ann = Patient.objects.get(name="Caller 0")
    with pytest.raises(IntegrityError) as refused:
        insert(row(status="pending", patient=ann))

    at_once(oak, lambda: confirm(asked), lambda: confirm(asked))

    assert sqlstate(refused.value) == "23P01"
    assert list(Appointment.objects.values_list("status", flat=True)) == ["booked"]


def test_without_the_guard_two_requests_for_one_time_are_confirmed(bare: Organization) -> None:
    """The negative control of C13."""
    requests = [
        row(status="pending", patient=patient) for patient in Patient.objects.order_by("name")[:2]
    ]
    for asked in requests:
        insert(asked)
    at_once(bare, *(lambda one=one: confirm(one) for one in requests))

    booked = Appointment.objects.filter(status="booked").values("start")
    assert [found["n"] for found in booked.annotate(n=Count("pk")).values("n")] == [2]


# --- a patient who is merged while somebody books for them


def booked_while_merged(oak: Organization) -> list[Any]:
    ben, other = (Patient.objects.get(name=name) for name in ("Ben Ode", "Caller 0"))
    return interleaved(
        oak,
        lambda: book("Caller 0", "2026-12-03 09:00"),
        lambda: merging.merge(ben, other),
    )


def test_a_merge_waits_for_a_booking_and_moves_the_visit(oak: Organization) -> None:
    booked, merged = booked_while_merged(oak)

    assert isinstance(booked, Booked)
    assert isinstance(merged, Merged)
    [row] = Appointment.objects.all()
    assert row.patient == merged.patient
    assert not Patient.objects.exclude(pk=merged.patient.pk).filter(name=row.patient.name).exists()


def test_without_the_guard_the_booking_is_lost_with_its_patient(bare: Organization) -> None:
    """The negative control: only the foreign key is left to refuse it."""
    booked, merged = booked_while_merged(bare)

    assert isinstance(merged, Merged)
    assert isinstance(booked, IntegrityError)
    assert not Appointment.objects.exists()
