"""The walls against double booking, each shown to stand alone, and to be missed when it is gone."""

import re
import threading
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, OperationalError, connection, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from bookings import appointments, diaries
from bookings.models import Appointment, Closure, Patient, Practitioner, ServiceType
from bookings.outcomes import Booked, Busy, OutsideHours, SlotTaken
from tenants import budgets, organizations
from tenants.models import Organization
from tenants.postgresql import deadlines
from tenants.postgresql.base import DatabaseWrapper
from tenants.sqlstates import LOCK_NOT_AVAILABLE, sqlstate
from tests.conftest import MONDAY, Committed, wait_until, waiters
from tests.sql import execute
from tests.visits import START, book, held_diary, insert, row

# --- (c) the constraint has the last word


@pytest.mark.parametrize("offset", [0, 10, -10, 29])
@pytest.mark.parametrize("status", ["pending", "booked", "arrived", "fulfilled"])
def test_the_database_refuses_an_overlap(offset: int, status: str, ben: Patient) -> None:
    insert(row(status=status))
    cat = Patient.objects.create(name="Cat Ruiz", phone="+12025550188")

    with pytest.raises(IntegrityError) as refused:
        insert(row(start=START + timedelta(minutes=offset), patient=cat))

    assert sqlstate(refused.value) == "23P01"


@pytest.mark.parametrize("status", ["cancelled", "noshow", "entered-in-error"])
def test_what_takes_no_time_is_in_nobodys_way(status: str, ben: Patient) -> None:
    insert(row(status=status))

    insert(row())

    assert Appointment.objects.count() == 2


def test_it_refuses_an_overlap_of_buffers(ben: Patient) -> None:
    insert(row(blocked=DateTimeTZRange(START, START + timedelta(minutes=50))))
    cat = Patient.objects.create(name="Cat Ruiz", phone="+12025550188")

    with pytest.raises(IntegrityError):
        insert(row(start=START + timedelta(minutes=40), patient=cat))


@pytest.mark.parametrize(
    ("hole", "changes"),
    [
        ("an empty period", {"blocked": DateTimeTZRange(empty=True)}),
        ("no period", {"blocked": None}),
        ("no start", {"blocked": DateTimeTZRange(None, START + timedelta(hours=1))}),
        ("no end", {"blocked": DateTimeTZRange(START, None)}),
        (
            "an excluded start",
            {"blocked": DateTimeTZRange(START, START + timedelta(hours=1), "(]")},
        ),
        (
            "a period shorter than the visit",
            {"blocked": DateTimeTZRange(START, START + timedelta(minutes=10))},
        ),
        ("nobody", {"practitioner_id": None}),
        ("an end before the start", {"end": START - timedelta(minutes=1)}),
        ("no length", {"end": START}),
        (
            "a day and more",
            {
                "end": START + timedelta(hours=25),
                "blocked": DateTimeTZRange(START, START + timedelta(hours=25)),
            },
        ),
        ("an unknown status", {"status": "perhaps"}),
    ],
)
def test_a_hole_in_the_constraint_is_closed(
    hole: str, changes: dict[str, Any], ben: Patient
) -> None:
    """A17, A18: no length, more than a day, and nobody's at all."""
    with pytest.raises(IntegrityError):
        insert(row(**changes))


def test_the_same_visit_is_in_the_database_once(
    elm: Organization, ben: Patient, consultation: ServiceType, bo: Practitioner, ada: Practitioner
) -> None:
    insert(row(service=consultation, practitioner=ada))

    with pytest.raises(IntegrityError) as refused:
        insert(row(service=consultation, practitioner=bo))

    assert sqlstate(refused.value) == "23505"


def test_every_org_has_the_constraints(committed: Committed) -> None:
    """C20, in a schema made by onboarding."""
    made = committed()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conname FROM pg_constraint WHERE contype = 'x' AND conname ~ '^appointment'"
            " AND connamespace = %s::regnamespace ORDER BY conname",
            [made.schema],
        )
        assert cursor.fetchall() == [
            ("appointment_no_double_booked_room",),
            ("appointment_no_double_booking",),
            ("appointment_no_patient_at_two_places",),
        ]


def test_without_the_constraint_the_overlap_is_stored(ben: Patient) -> None:
    """The negative control of the tests above: it is the constraint that refuses."""
    cat = Patient.objects.create(name="Cat Ruiz", phone="+12025550188")
    execute(
        "SET CONSTRAINTS ALL IMMEDIATE",
        "ALTER TABLE bookings_appointment DROP CONSTRAINT appointment_no_double_booking",
    )

    insert(row())
    insert(row(patient=cat))

    assert Appointment.objects.count() == 2


# --- (b) the slot is looked at again, by the function that offered it


def test_the_second_look_refuses_without_the_constraint(
    cleaning: ServiceType, ben: Patient, cat: Patient, monday: datetime
) -> None:
    execute("ALTER TABLE bookings_appointment DROP CONSTRAINT appointment_no_double_booking")
    arguments: dict[str, Any] = {
        "service": cleaning,
        "start": START,
        "now": monday,
        "source": Appointment.Source.VOICE,
    }
    appointments.book(patient=ben, **arguments)

    assert isinstance(appointments.book(patient=cat, **arguments), SlotTaken)


def test_a_race_lost_at_the_constraint_is_looked_at_again(
    cleaning: ServiceType,
    ben: Patient,
    cat: Patient,
    ada: Practitioner,
    monday: datetime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Somebody past our queue takes the slot between the look and the write: 23P01, then a look."""
    save = Appointment.save

    def save_too_late(self: Appointment, *args: Any, **kwargs: Any) -> None:
        monkeypatch.setattr(Appointment, "save", save)
        insert_behind_our_back(cat)
        save(self, *args, **kwargs)

    def insert_behind_our_back(patient: Patient) -> None:
        insert(row(patient=patient))

    monkeypatch.setattr(Appointment, "save", save_too_late)

    outcome = book(cleaning, ben, START, monday)

    # The write is undone with the savepoint it shared, so the second try finds the slot free.
    assert isinstance(outcome, Booked)
    assert Appointment.objects.count() == 1


# --- (a) writers queue at the diary


@pytest.fixture
def oak(committed: Committed) -> Iterator[Organization]:
    """A clinic whose rows other sessions see."""
    with organizations.within(organizations.get(committed().org)) as organization:
        Patient.objects.create(name="Ben Ode", phone="+12025550177")
        yield organization


def writes() -> dict[str, Callable[[], object]]:
    service = ServiceType.objects.get(name="Cleaning")
    ada = Practitioner.objects.get(name="Dr. Ada Moss")
    existing = row(start=START + timedelta(days=1))
    existing.save()
    return {
        "book": lambda: appointments.book(
            service=service,
            start=START,
            patient=Patient.objects.get(),
            now=MONDAY,
            source=Appointment.Source.VOICE,
        ),
        "reschedule": lambda: appointments.reschedule(existing, start=START, now=MONDAY),
        "cancel": lambda: appointments.cancel(existing, now=MONDAY),
        "save": lambda: row().save(),
        "closure": lambda: Closure.objects.create(
            practitioner=ada, start=START, end=START + timedelta(hours=1)
        ),
        "closure of all": lambda: Closure.objects.create(
            start=START, end=START + timedelta(hours=1)
        ),
    }


@pytest.mark.parametrize(
    "verb", ["book", "reschedule", "cancel", "save", "closure", "closure of all"]
)
def test_every_writer_waits_at_the_diary(verb: str, oak: Organization) -> None:
    """It is still waiting while another holds the diary, and done once it is let go."""
    assert_it_waits(writes()[verb], oak, held_diary(oak.schema_name))


@pytest.mark.parametrize("verb", ["book", "reschedule", "cancel", "save"])
def test_every_writer_waits_at_the_patient(verb: str, oak: Organization) -> None:
    """C23: behind the practitioner's diary and the room's, so that nobody waits in a circle."""
    assert_it_waits(writes()[verb], oak, held_diary(oak.schema_name, "Ben Ode", "patient"))


def assert_it_waits(write: Callable[[], object], oak: Organization, held: Any) -> None:
    done = threading.Event()

    def run() -> None:
        try:
            with organizations.within(oak):
                write()
                done.set()
        finally:
            connection.close()

    with held as other:
        waiting = threading.Thread(target=run)
        waiting.start()
        wait_until(lambda: bool(waiters(other)))
        assert not done.is_set()
    waiting.join(timeout=10)

    assert done.is_set()


def test_who_waits_too_long_is_told_so(oak: Organization, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(budgets, "LOCK", 0.05)
    book = writes()["book"]

    with held_diary(oak.schema_name):
        assert book() == Busy()

    assert isinstance(book(), Booked)


def let_go_and_save(oak: Organization) -> None:
    """A visit is saved by who held its diary and has let it go; another session holds it now."""
    visit = row()
    with diaries.writing():
        with transaction.atomic():
            Practitioner.objects.lock()
            transaction.set_rollback(True)
        with held_diary(oak.schema_name):
            visit.save()


def test_who_has_let_a_diary_go_waits_for_it_again(
    oak: Organization, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A lock that was taken since a savepoint is gone when that is rolled back to."""
    monkeypatch.setattr(budgets, "LOCK", 0.1)

    with pytest.raises(OperationalError) as refused:
        let_go_and_save(oak)

    assert sqlstate(refused.value) == LOCK_NOT_AVAILABLE


def test_without_the_count_of_rollbacks_it_would_not(
    oak: Organization, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The negative control: the diary is written to while another session holds it."""
    monkeypatch.delattr(DatabaseWrapper, "_savepoint_rollback")

    let_go_and_save(oak)

    assert Appointment.objects.count() == 1


def test_a_diary_that_is_held_is_not_locked_again(
    elm: Organization, ben: Patient, django_assert_num_queries: Any
) -> None:
    visit = row()
    with diaries.writing():
        Practitioner.objects.lock()
        Patient.objects.lock()
        with django_assert_num_queries(1) as queries:  # is the reference free
            visit.save()

    assert not any("FOR NO KEY" in query["sql"] for query in queries.captured_queries)


def test_a_closure_and_a_booking_see_each_other(oak: Organization) -> None:
    """C21: the booking waits for the closure that is being saved, and is refused by it."""
    book, outcome = writes()["book"], []

    def run() -> None:
        try:
            with organizations.within(oak):
                outcome.append(book())
        finally:
            connection.close()

    with transaction.atomic():
        Closure.objects.create(start=START - timedelta(hours=1), end=START + timedelta(hours=1))
        booking = threading.Thread(target=run)
        booking.start()
        wait_until(lambda: blocked_by_us() > 0)
    booking.join(timeout=10)

    assert isinstance(outcome[0], OutsideHours)


def blocked_by_us() -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_locks"
            " WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))"
        )
        return int(cursor.fetchone()[0])


LIMITS = ("citus.propagate_set_commands", "lock_timeout", "statement_timeout")


def limits() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_setting(name, true) FROM unnest(%s::text[]) name", [list(LIMITS)]
        )
        return [value or "" for (value,) in cursor.fetchall()]


def test_while_it_writes_its_limits_hold_also_on_a_node_of_citus(oak: Organization) -> None:
    """They do not hold for the next user of the connection."""
    before = limits()

    with diaries.writing():
        assert limits() == ["local", "3s", "5s"]

    assert limits() == before == ["", "0", "0"]


def test_citus_is_told_to_hand_settings_on_before_they_are_made(
    elm: Organization, django_assert_num_queries: Any
) -> None:
    """`SET LOCAL`, since Citus hands on no function's settings; in one round trip."""
    with django_assert_num_queries(1) as queries, diaries.writing():
        Patient.objects.exists()

    [said] = [query["sql"] for query in queries.captured_queries]
    assert re.findall(r"SET LOCAL (\S+)", said) == list(LIMITS)
    assert "set_config" not in said


def test_a_writing_inside_of_another_is_a_part_of_it(
    elm: Organization, django_assert_num_queries: Any
) -> None:
    """It costs no round trip; if it waits shorter than that one, it can fail by itself."""
    with diaries.writing():
        with django_assert_num_queries(0), diaries.writing():
            pass
        with django_assert_num_queries(0), diaries.writing(patience=0.5):
            pass
        with diaries.writing(patience=0.5):
            assert limits()[1:] == ["500ms", "500ms"]


def test_what_is_tried_leaves_time_to_look_at_what_was_done(
    elm: Organization, monkeypatch: pytest.MonkeyPatch
) -> None:
    left = 0.9
    monkeypatch.setattr(deadlines, "remaining", lambda: left)
    with diaries.trying(), diaries.writing():
        assert limits()[1:] == ["400ms", "400ms"]
    left = 0.6
    with diaries.writing():
        assert limits()[1:] == ["300ms", "300ms"]


def test_pieces_of_work_share_the_time_until_the_deadline(
    elm: Organization, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each may wait for its share, whatever those before it have needed of theirs."""
    left = 4.0
    monkeypatch.setattr(deadlines, "remaining", lambda: left)
    with diaries.trying(5), diaries.writing():
        assert limits()[1:] == ["700ms", "700ms"]
    with diaries.trying(5), diaries.writing(patience=budgets.LOCK_TO_HOLD):
        assert limits()[1:] == ["700ms", "700ms"]
    left = 1.2
    with diaries.trying(1), diaries.writing():
        assert limits()[1:] == ["700ms", "700ms"]


def test_the_limits_are_shortened_when_the_deadline_has_come_nearer(
    elm: Organization, monkeypatch: pytest.MonkeyPatch
) -> None:
    left = 4.0
    monkeypatch.setattr(deadlines, "remaining", lambda: left)
    with diaries.writing():
        assert limits()[1:] == ["3s", "3700ms"]
        left = 1.0
        with diaries.writing():
            assert limits()[1:] == ["700ms", "700ms"]


def test_one_writing_writes_to_one_organization(elm: Organization) -> None:
    with diaries.writing():
        elm.schema_name = "another"
        with pytest.raises(RuntimeError, match="another organization"), diaries.writing():
            pass


def test_a_verb_inside_of_a_writing_leaves_it_to_undo_all(
    oak: Organization, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing of it is kept, and nothing is caught that has broken the transaction."""
    monkeypatch.setattr(budgets, "LOCK", 0.05)
    book = writes()["book"]

    def write_and_book() -> None:
        with diaries.writing():
            Patient.objects.update(email="ben@example.com")
            book()

    with held_diary(oak.schema_name), pytest.raises(OperationalError) as waited:
        write_and_book()

    assert sqlstate(waited.value) == LOCK_NOT_AVAILABLE
    assert Patient.objects.get().email == ""


def test_the_schema_written_to_is_the_orgs(elm: Organization) -> None:
    execute("SET search_path = public")

    with pytest.raises(RuntimeError, match="schema"), diaries.writing():
        Patient.objects.exists()
