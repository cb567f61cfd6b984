"""Configuration: what staff have closed, nobody books after, however it was written."""

import multiprocessing
import random
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from datetime import datetime, time, timedelta
from multiprocessing.sharedctypes import Synchronized
from typing import Any

import pytest
from django.apps import apps
from django.core.serializers import deserialize, serialize
from django.db import connection, transaction
from django.db.models import Model

from assistants.models import (
    Assistant,
    CallPolicy,
    ClinicNumber,
    PromptVersion,
    Reception,
    Secret,
    SigningKey,
    TransferNumber,
    VapiConnection,
    VapiTool,
)
from bookings import appointments
from bookings.availability.hours import timetable
from bookings.models import (
    Appointment,
    BookingPolicy,
    Closure,
    Configuration,
    Opening,
    Patient,
    Practitioner,
    Room,
    Schedule,
    ServiceType,
)
from config.operations.scratch import CLINIC
from tenants import memory, organizations
from tenants.models import Organization
from tenants.postgresql import configuration
from tests.conftest import MONDAY, Committed, wait_until
from tests.recalling import recalling

# Rows of patients, of their calls, and of what happens to them. Who adds a model decides which it
# is.
OF_PATIENTS = {
    "Appointment",
    "AppointmentChange",
    "Call",
    "Callback",
    "Feed",
    "Look",
    "Offer",
    "Patient",
    "PractitionerAccount",
    "ToolCall",
    "WaitlistEntry",
}
MODELS = [
    model for app in ("bookings", "assistants") for model in apps.get_app_config(app).get_models()
]
CONFIGURED = [
    model for model in MODELS
    if model.__name__ not in OF_PATIENTS and model is not Configuration
]  # fmt: skip


def test_each_table_is_of_patients_or_of_the_configuration() -> None:
    joined = {field.m2m_db_table() for model in MODELS for field in model._meta.local_many_to_many}

    of_clinics = {
        table
        for table, version in configuration.tables.items()
        if version == Configuration._meta.db_table
    }
    assert of_clinics == joined | {model._meta.db_table for model in CONFIGURED}


WAYS: dict[str, Callable[[type[Model], Any], object]] = {
    "save": lambda model, row: row.save(),
    "save of a field": lambda model, row: row.save(update_fields=[row._meta.fields[-1].name]),
    "bulk_update": lambda model, row: model._default_manager.bulk_update(
        [row], [row._meta.fields[-1].name]
    ),
    "update": lambda model, row: model._default_manager.filter(pk=row.pk).update(
        **{row._meta.fields[-1].name: getattr(row, row._meta.fields[-1].attname)}
    ),
    "bulk_create": lambda model, row: model._default_manager.bulk_create(
        [row], ignore_conflicts=True
    ),
    "delete": lambda model, row: row.delete(),
    "delete of a queryset": lambda model, row: model._default_manager.all().delete(),
    "loaddata": lambda model, row: next(deserialize("python", serialize("python", [row]))).save(),
    "raw delete": lambda model, row: model._default_manager.filter(pk=0)._raw_delete("default"),
    "a cursor": lambda model, row: connection.cursor().execute(
        f"DELETE FROM {model._meta.db_table} WHERE id = 0"
    ),
    "many at a time": lambda model, row: connection.cursor().executemany(
        f"DELETE FROM {model._meta.db_table} WHERE id = %s", [(0,), (-1,)]
    ),
    "several statements": lambda model, row: connection.cursor().execute(
        f"SELECT 1; DELETE FROM {model._meta.db_table} WHERE id = 0"
    ),
    "a common table": lambda model, row: connection.cursor().execute(
        f"WITH gone AS (DELETE FROM {model._meta.db_table} WHERE id = 0) SELECT 1"
    ),
    "a table with its schema": lambda model, row: connection.cursor().execute(
        f'delete from only "{schema()}"."{model._meta.db_table}" where id = 0'
    ),
    "truncate": lambda model, row: connection.cursor().execute(
        f"TRUNCATE bookings_waitlistentry, {model._meta.db_table} CASCADE"
    ),
    "a comment": lambda model, row: connection.cursor().execute(
        f"DELETE /* old */ FROM {model._meta.db_table} WHERE id = 0"
    ),
}


def schema() -> str:
    return str(organizations.current().schema_name)


@pytest.fixture
def one_of_each(elm: Organization) -> Organization:
    make_one_of_each()
    return elm


def make_one_of_each() -> None:
    """Where there is none yet."""
    hour: dict[str, Any] = {"start": MONDAY, "end": MONDAY + timedelta(hours=1)}
    for alone in (BookingPolicy, CallPolicy, Reception, VapiConnection):
        alone.objects.get_or_create()
    Room.objects.get_or_create(name="Room 9")
    Closure.objects.get_or_create(**hour)
    person, _ = Practitioner.objects.get_or_create(name="Dr. New")
    Opening.objects.get_or_create(practitioner=person, **hour)
    Schedule.objects.get_or_create(practitioner=person, weekday=1, starts=time(9), ends=time(12))
    ServiceType.objects.get_or_create(name="New", minutes=30)
    ClinicNumber.objects.get_or_create(phone="+12025550101")
    voice, _ = Assistant.objects.get_or_create(name="New")
    PromptVersion.objects.get_or_create(assistant=voice, number=9, authority_version=1)
    Secret.objects.get_or_create(digest="new")
    SigningKey.objects.get_or_create(sealed="new")
    TransferNumber.objects.get_or_create(reason="new", phone="+12025550102")
    VapiTool.objects.get_or_create(name="new", vapi_id="new")


def seen() -> set[Any]:
    return connection.configured  # type: ignore[attr-defined, no-any-return]


def of(organization: Organization) -> set[Any]:
    return {configuration.Written(organization.schema_name, "bookings_configuration")}


@pytest.mark.parametrize("change", ["add", "set", "remove", "clear"])
def test_who_offers_what_is_seen_too(change: str, one_of_each: Organization) -> None:
    service, person = ServiceType.objects.latest("pk"), Practitioner.objects.earliest("pk")
    if change in ("remove", "clear"):
        person.services.add(service)
    seen().clear()

    getattr(person.services, change)(*{"set": [[service]], "clear": []}.get(change, [service]))

    assert seen() == of(one_of_each)


def test_what_is_read_or_written_of_patients_is_no_configuration(
    elm: Organization, ada: Practitioner, ben: Patient
) -> None:
    """Else each booking would wait for all others."""
    seen().clear()

    Practitioner.objects.filter(pk=ada.pk).lock()
    list(Practitioner.objects.select_for_update().prefetch_related("services", "schedules"))
    connection.cursor().execute(
        "SELECT id FROM bookings_practitioner FOR NO KEY UPDATE OF bookings_practitioner;"
        " DELETE FROM bookings_offer WHERE EXISTS (SELECT id FROM bookings_practitioner)"
    )
    ben.save()

    assert seen() == set()


# --- its version


@pytest.fixture
def clinic(committed: Committed) -> Iterator[Organization]:
    organization = organizations.get(committed(clinic=CLINIC).org)
    with organizations.within(organization):
        yield organization


def version() -> Any:
    return Configuration.objects.get().version


def test_hours_of_an_earlier_day_are_remembered_too(
    clinic: Organization, django_assert_num_queries: Callable[[int], AbstractContextManager[Any]]
) -> None:
    people = list(Practitioner.objects.all())

    def read(ahead: timedelta) -> None:
        start = clinic.now() + ahead
        timetable(people, start=start, end=start + A_DAY, zone=clinic.zone)

    with recalling():
        read(timedelta(weeks=8))
        with django_assert_num_queries(0):
            read(A_DAY)


@pytest.mark.parametrize("way", WAYS)
def test_every_way_to_write_gives_another_version(way: str, clinic: Organization) -> None:
    found = {}

    for model in CONFIGURED:
        make_one_of_each()
        row = model._default_manager.order_by("pk").last()
        before = version()
        WAYS[way](model, row)
        found[model.__name__] = version() != before

    assert found == dict.fromkeys((model.__name__ for model in CONFIGURED), True)


def test_a_transaction_gives_one_version_as_it_commits(clinic: Organization) -> None:
    before = version()

    with transaction.atomic():
        ServiceType.objects.update(minutes=45)
        assert version() == before
        Practitioner.objects.update(is_active=False)

    assert version() != before


def test_the_same_change_again_gives_another_version(clinic: Organization) -> None:
    ServiceType.objects.update(minutes=45)
    before = version()

    ServiceType.objects.update(minutes=45)

    assert version() != before


def test_what_was_rolled_back_leaves_the_version(clinic: Organization) -> None:
    before = version()

    with transaction.atomic():
        ServiceType.objects.update(minutes=45)
        transaction.set_rollback(True)
    Patient.objects.create(name="Ben Ode")

    assert version() == before


def test_only_the_own_version_changes(clinic: Organization, committed: Committed) -> None:
    organizations.leave()
    other = organizations.get(committed(clinic=CLINIC).org)
    with organizations.within(other):
        before = version()

    with organizations.within(clinic):
        ServiceType.objects.update(minutes=45)

    with organizations.within(other):
        assert version() == before


def test_an_organization_that_is_being_made_may_have_no_version_yet(clinic: Organization) -> None:
    with transaction.atomic():
        connection.cursor().execute("DROP TABLE bookings_configuration")
        ServiceType.objects.update(minutes=45)

    assert ServiceType.objects.filter(minutes=45).exists()


# --- while callers book

A_DAY = timedelta(days=1)
BOOKERS, ROUNDS = 4, 10
# Each closes the day, and gives what opens it again.
CLOSING: dict[str, Callable[[datetime], Callable[[], object]]] = {
    "bulk_create": lambda day: closed(day),
    "update": lambda day: moved_hours(day),
    "out of use": lambda day: out_of_use(),
}


def closed(day: datetime) -> Callable[[], object]:
    Closure.objects.bulk_create([Closure(start=day, end=day + A_DAY)])
    return Closure.objects.all().delete


def moved_hours(day: datetime) -> Callable[[], object]:
    """To a day of the week that is not booked."""
    other = (day.weekday() + 3) % 7
    keys = list(Schedule.objects.filter(weekday=day.weekday()).values_list("pk", flat=True))
    rows = Schedule.objects.filter(pk__in=keys)
    rows.update(weekday=other)
    return lambda: rows.update(weekday=day.weekday())


def out_of_use() -> Callable[[], object]:
    Practitioner.objects.update(is_active=False)
    return lambda: Practitioner.objects.update(is_active=True)


class Callers:
    """Processes that book on the day of `week`, again and again; `tries` counts what they did. Each
    remembers the configuration, as a process that serves callers does."""

    def __init__(self, organization: Organization) -> None:
        self.organization = organization
        self.week: Synchronized[int] = multiprocessing.Value("i", 0)
        self.tries: Synchronized[int] = multiprocessing.Value("i", 0)
        self.first = (organization.now() + A_DAY).replace(hour=0, minute=0, second=0, microsecond=0)

    @property
    def day(self) -> datetime:
        return self.first + timedelta(weeks=self.week.value)

    def book(self, seed: int) -> None:
        connection.close()
        draw = random.Random(seed)
        with organizations.within(self.organization):
            while True:
                patient = Patient.objects.create(name=f"Number {seed} {self.tries.value}")
                with suppress(memory.Outdated), recalling():
                    appointments.book(
                        service=ServiceType.objects.get(),
                        start=self.day + timedelta(hours=8, minutes=30 * draw.randrange(24)),
                        patient=patient,
                        now=self.organization.now(),
                        source=Appointment.Source.VOICE,
                    )
                with self.tries.get_lock():
                    self.tries.value += 1

    def booked(self) -> set[Any]:
        rows = Appointment.objects.filter(start__gte=self.day, start__lt=self.day + A_DAY)
        return set(rows.values_list("pk", flat=True))

    def go_on(self) -> None:
        """Until what was under way has ended, and each has tried again."""
        enough = self.tries.value + 3 * BOOKERS
        wait_until(lambda: self.tries.value >= enough)


@contextmanager
def calling(organization: Organization) -> Iterator[Callers]:
    callers = Callers(organization)
    connection.close()
    fork = multiprocessing.get_context("fork")
    started = [fork.Process(target=callers.book, args=[seed]) for seed in range(BOOKERS)]
    try:
        for process in started:
            process.start()
        with organizations.within(organization):
            yield callers
    finally:
        for process in started:
            process.kill()
            process.join()


def booked_after_it_was_closed(callers: Callers, close: Callable[[datetime], Any]) -> int:
    """In one round: a week's day is booked, closed, and asked for again."""
    callers.week.value += 1
    wait_until(lambda: len(callers.booked()) > 0)
    reopen = close(callers.day)
    at_the_commit = callers.booked()
    callers.go_on()
    appeared = callers.booked() - at_the_commit
    reopen()
    return len(appeared)


@pytest.mark.usefixtures("alone")
@pytest.mark.parametrize("way", CLOSING)
def test_nobody_books_what_was_closed_before(way: str, committed: Committed) -> None:
    organization = organizations.get(committed(clinic=CLINIC).org)

    with calling(organization) as callers:
        found = [booked_after_it_was_closed(callers, CLOSING[way]) for _ in range(ROUNDS)]

    assert found == [0] * ROUNDS


# By what is taken away.
WITHOUT: dict[str, tuple[object, str, object]] = {
    "the lock": (configuration, "SHARE", "SELECT 1"),
    "the confirmation": (memory, "confirm", lambda version: None),
}


@pytest.mark.usefixtures("alone")
@pytest.mark.parametrize("what", WITHOUT)
def test_without_it_somebody_does(
    what: str, committed: Committed, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The negative control: else the rounds above would prove nothing."""
    organization = organizations.get(committed(clinic=CLINIC).org)
    monkeypatch.setattr(*WITHOUT[what])

    with calling(organization) as callers:
        for _ in range(20 * ROUNDS):
            if booked_after_it_was_closed(callers, CLOSING["bulk_create"]):
                return
    pytest.fail("nobody booked what was closed")
