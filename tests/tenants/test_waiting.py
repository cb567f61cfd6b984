"""Waiting: what is sent with the next statement is carried out before it, or not at all."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext, suppress
from typing import Any

import pytest
from django.db import (
    DatabaseError,
    DataError,
    IntegrityError,
    OperationalError,
    connection,
    connections,
    transaction,
)
from django.db.transaction import TransactionManagementError
from django.test.utils import CaptureQueriesContext

from bookings import diaries
from bookings.models import Patient, Practitioner, Room
from tenants import organizations
from tenants.models import Organization
from tenants.postgresql import configuration, statements
from tenants.postgresql.statements import Bound, Statement
from tenants.postgresql.waiting import Waiting
from tests.conftest import Committed


@pytest.fixture
def oak(committed: Committed) -> Iterator[Organization]:
    """A clinic outside of any transaction."""
    with organizations.within(organizations.get(committed().org)) as organization:
        yield organization


def later(row: Any) -> None:
    connections["default"].later(statements.insertion(row))  # type: ignore[attr-defined]


def rooms() -> set[str]:
    return set(Room.objects.values_list("name", flat=True))


def add_in_vain(name: str) -> None:
    with transaction.atomic():
        later(Room(name=name))
        transaction.set_rollback(True)


def test_it_takes_no_round_trip_of_its_own(oak: Organization) -> None:
    """The transaction begins with what is asked in it, and ends with what was written last."""
    with CaptureQueriesContext(connection) as queries, transaction.atomic():
        with transaction.atomic():
            rooms()
        later(Patient(name="Ben Ode"))

    assert len(queries) == 2
    assert Patient.objects.get().name == "Ben Ode"


def test_nothing_is_sent_for_a_transaction_in_which_nothing_is_done(oak: Organization) -> None:
    with CaptureQueriesContext(connection) as queries, transaction.atomic(), transaction.atomic():
        pass

    assert [query["sql"] for query in queries] == ["COMMIT"]  # so says Django; psycopg sends none


def test_undoing_a_part_leaves_the_limits_set_before_it(oak: Organization) -> None:
    """The part before has the same savepoint, and nothing of either was sent."""
    with transaction.atomic():
        with transaction.atomic():
            here: Any = connections["default"]
            here.later(Bound("SET LOCAL lock_timeout = '77ms'"))
        with transaction.atomic():
            transaction.set_rollback(True)
        with connection.cursor() as cursor:
            cursor.execute("SHOW lock_timeout")
            assert cursor.fetchone() == ("77ms",)


@pytest.mark.parametrize(("sql", "values"), [("SELECT 1", None), ("SELECT %s", [1]), ("", None)])
def test_a_percent_sign_is_written_as_one_whatever_is_asked_next(
    sql: str, values: list[int] | None, oak: Organization
) -> None:
    """Another statement, one with values, or none until the transaction ends."""
    one: Bound[Any] = Bound("INSERT INTO bookings_room (name, is_active) VALUES ('5 %% o', true)")
    with transaction.atomic(), connection.cursor() as cursor:
        statements.here().later(one)
        if sql:
            cursor.execute(sql, values)
            assert cursor.fetchone() == (1,)

    assert rooms() == {"5 % o"}


def test_what_is_asked_next_sees_what_was_written(oak: Organization) -> None:
    with transaction.atomic():
        later(Room(name="Blue"))
        assert rooms() == {"Blue"}
        assert Room.objects.filter(name="Blue").update(name="Red") == 1
        assert [row.name for row in Room.objects.iterator()] == ["Red"]
        later(Room(name="Green"))
        with connection.cursor() as cursor:
            cursor.execute("SELECT name FROM bookings_room WHERE name LIKE 'G%'")
            assert cursor.fetchall() == [("Green",)]
        later(Room(name="Grey"))
        with connection.cursor() as cursor:
            cursor.executemany(
                "UPDATE bookings_room SET name = %s WHERE name = %s", [("Black", "Grey")]
            )

    assert rooms() == {"Red", "Green", "Black"}


def test_what_is_undone_was_never_written_and_the_rest_is(oak: Organization) -> None:
    with transaction.atomic():
        add_in_vain("Never sent")
        later(Room(name="Blue"))
        with transaction.atomic():
            later(Room(name="Sent"))
            assert "Sent" in rooms()
            transaction.set_rollback(True)
        add_in_vain("Never sent either")
        with transaction.atomic():
            add_in_vain("Deeper")
            later(Room(name="Green"))

    assert rooms() == {"Blue", "Green"}


def test_of_a_transaction_that_is_undone_nothing_is_left(oak: Organization) -> None:
    add_in_vain("Never sent")
    with transaction.atomic():
        later(Room(name="Sent"))
        rooms()
        transaction.set_rollback(True)

    assert rooms() == set()


def test_a_write_fails_at_the_end_of_its_savepoint(oak: Organization) -> None:
    """What the transaction has written before is kept."""
    with transaction.atomic():
        later(Room(name="Blue"))
        with pytest.raises(IntegrityError), transaction.atomic():
            later(Room(name="Blue"))
        later(Room(name="Green"))

    assert rooms() == {"Blue", "Green"}


def write_twice(then: Callable[[], object]) -> None:
    with transaction.atomic():
        later(Room(name="Blue"))
        later(Room(name="Blue"))
        then()


def test_what_was_written_before_a_savepoint_does_not_fail_in_it(oak: Organization) -> None:
    def enter() -> None:
        with transaction.atomic():
            pytest.fail("it should have failed before")

    with pytest.raises(IntegrityError):
        write_twice(enter)

    assert rooms() == set()


def test_a_write_fails_at_the_commit_and_all_is_undone(oak: Organization) -> None:
    with pytest.raises(IntegrityError):
        write_twice(lambda: None)

    assert rooms() == set()


def write_what_cannot_be_written() -> None:
    """psycopg refuses the value, so that PostgreSQL sees nothing of the text."""
    with transaction.atomic():
        with pytest.raises((DatabaseError, ValueError)):
            Patient.objects.filter(name="\0").exists()
        later(Room(name="Blue"))
        rooms()
        transaction.set_rollback(True)


def test_a_value_that_cannot_be_written_takes_nothing_with_it(oak: Organization) -> None:
    """The transaction begins with the statement after it."""
    write_what_cannot_be_written()

    assert rooms() == set()


def test_without_that_the_transaction_would_not_begin(
    oak: Organization, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The negative control: what should have been undone is stored."""
    monkeypatch.setattr(Waiting, "keep_unsent", lambda *_: None)

    write_what_cannot_be_written()

    assert rooms() == {"Blue"}


def test_outside_of_a_transaction_nothing_waits(oak: Organization) -> None:
    with CaptureQueriesContext(connection) as queries:
        later(Patient(name="Ben Ode"))

    assert len(queries) == 1
    assert Patient.objects.count() == 1


def test_a_list_of_rows_is_written_in_a_transaction_that_has_not_begun(oak: Organization) -> None:
    with transaction.atomic():
        Room.objects.bulk_create([Room(name="Blue"), Room(name="Green")])
        Practitioner.objects.update(is_active=False)

    assert rooms() == {"Blue", "Green"}


# --- where it is carried out


@pytest.fixture
def other(committed: Committed) -> Organization:
    return organizations.get(committed().org)


@pytest.mark.parametrize("begin", [transaction.atomic, diaries.writing])
def test_what_waits_is_carried_out_in_the_clinic_that_was_entered(
    begin: Callable[[], AbstractContextManager[None]], other: Organization, oak: Organization
) -> None:
    """Whatever the path of whoever had the connection last."""
    connection.connection.execute(f"SET search_path = {other.schema_name}")
    statements.here().search_path_set_schemas = None

    with begin():
        later(Room(name="Blue"))

    assert rooms() == {"Blue"}
    with organizations.within(other):
        assert rooms() == set()


def test_what_was_written_before_another_clinic_is_entered_is_in_the_first(
    other: Organization, oak: Organization
) -> None:
    with transaction.atomic():
        later(Room(name="Blue"))
        with organizations.within(other):
            assert rooms() == set()

    assert rooms() == {"Blue"}


def test_an_error_in_a_clinic_is_not_hidden_by_a_write_that_fails(
    other: Organization, oak: Organization
) -> None:
    def fail() -> None:
        with organizations.within(other):
            later(Room(name="Blue"))
            later(Room(name="Blue"))
            raise LookupError

    with pytest.raises(LookupError), transaction.atomic():
        fail()

    with organizations.within(other):
        assert rooms() == set()


# --- what is asked ahead

NAMES = Statement(lambda: Room.objects.order_by("name").values_list("name", flat=True))
ANYTHING: Bound[Any] = Bound("SELECT 1")


def test_what_is_asked_ahead_takes_no_round_trip_the_first_time(oak: Organization) -> None:
    Room.objects.create(name="Blue")
    with transaction.atomic():
        statements.ask_ahead(NAMES.bound())
        with CaptureQueriesContext(connection) as queries:
            statements.together(ANYTHING)
            assert NAMES() == ["Blue"]
            assert len(queries) == 1

        later(Room(name="Green"))

        assert NAMES() == ["Blue", "Green"]


def test_what_is_asked_before_it_was_sent_is_sent_once(oak: Organization) -> None:
    with CaptureQueriesContext(connection) as queries, transaction.atomic():
        statements.ask_ahead(NAMES.bound())
        assert NAMES() == []
        statements.together(ANYTHING)

    assert [query["sql"].count("bookings_room") > 0 for query in queries.captured_queries[:2]] == [
        True,
        False,
    ]


@pytest.mark.parametrize("is_undone", [False, True])
def test_behind_its_transaction_or_a_part_that_is_undone_it_is_asked_anew(
    is_undone: bool, oak: Organization
) -> None:
    with transaction.atomic():
        statements.ask_ahead(NAMES.bound())
        statements.together(ANYTHING)
        if is_undone:
            add_in_vain("Red")
            later(Room(name="Blue"))
            assert NAMES() == ["Blue"]

    later(Room(name="Green"))
    assert NAMES() == (["Blue", "Green"] if is_undone else ["Green"])


def test_what_is_asked_ahead_of_one_clinic_is_not_told_in_another(
    other: Organization, oak: Organization
) -> None:
    Room.objects.create(name="Blue")
    with transaction.atomic():
        statements.ask_ahead(NAMES.bound())
        statements.together(ANYTHING)
        with organizations.within(other):
            assert NAMES() == []


def test_a_check_of_the_schema_that_waits_is_carried_out_in_it(
    other: Organization, oak: Organization
) -> None:
    with transaction.atomic():
        with diaries.writing():
            pass
        with organizations.within(other):
            assert rooms() == set()


# --- what fails


def test_an_organization_that_is_not_entered_leaves_the_one_before(
    other: Organization, oak: Organization
) -> None:
    """What was written in it is refused as the other is entered: nothing is written there."""

    def write_and_enter() -> None:
        later(Room(name="Blue"))
        later(Room(name="Blue"))
        with organizations.within(other):
            pass

    with pytest.raises(IntegrityError), transaction.atomic():
        write_and_enter()
    Room.objects.create(name="Green")

    assert organizations.current() == oak
    with organizations.within(other):
        assert rooms() == set()
    assert rooms() == {"Green"}


def test_behind_a_lost_connection_nothing_is_written_any_more(oak: Organization) -> None:
    """A part that fails may be caught; that the transaction is over is told as something is
    written."""

    def write_around_a_cut() -> None:
        Room.objects.create(name="Blue")
        with suppress(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")
        later(Room(name="Green"))

    with pytest.raises(TransactionManagementError), transaction.atomic():
        write_around_a_cut()

    assert rooms() == set()


@pytest.mark.parametrize("sql", ["SELEC 1", "SELECT no_column FROM bookings_room"])
def test_a_part_that_fails_does_not_undo_the_part_before(sql: str, oak: Organization) -> None:
    """Of a text that it cannot read, PostgreSQL carries out nothing, not even the RELEASE in it: so
    all is undone and told, or nothing but that part."""
    with suppress(DatabaseError), transaction.atomic():
        with transaction.atomic():
            rooms()
            later(Room(name="Blue"))
            rooms()
        with suppress(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)
        Room.objects.create(name="Green")

    assert rooms() in (set(), {"Blue", "Green"})


@pytest.mark.parametrize("within", [nullcontext, transaction.atomic])
def test_a_text_that_cannot_be_sent_undoes_its_transaction(
    within: Callable[[], AbstractContextManager[None]], oak: Organization
) -> None:

    def write_what_is_no_text() -> None:
        Room.objects.create(name="Blue")
        with within():
            later(Room(name="\ud800"))

    with pytest.raises(DataError), transaction.atomic():
        write_what_is_no_text()

    assert rooms() == set()
    assert statements.here().waiting == []


def test_what_could_not_be_sent_waits_whole(
    oak: Organization, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first statement of a transaction needs a connection, and so may fail."""

    def fail(self: Any, cursor: Any = None) -> None:
        raise OperationalError("no path")

    with transaction.atomic():
        later(Room(name="Blue"))
        later(Room(name="Green"))
        with monkeypatch.context() as patch:
            patch.setattr(type(statements.here()), "_handle_search_path", fail)
            with pytest.raises(OperationalError):
                statements.here().write()

    assert rooms() == {"Blue", "Green"}


def test_configuration_that_waits_is_noted(oak: Organization) -> None:
    before = configuration.version(oak.schema_name)

    with transaction.atomic():
        later(Room(name="Blue"))

    assert configuration.version(oak.schema_name) != before
