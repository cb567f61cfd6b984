"""Messages are answered from memory, and never by what is no longer so."""

import threading
from collections.abc import Callable, Iterator
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import psycopg
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from assistants import authentication
from assistants.models import Assistant, ClinicNumber, Reception, Secret, ToolCall
from bookings.models import (
    Appointment,
    BookingPolicy,
    Closure,
    Practitioner,
    Room,
    Schedule,
    ServiceType,
)
from config.warm import warm
from tenants import memory, organizations, tokens
from tenants.models import Domain, Organization
from tenants.postgresql import configuration
from tests.conftest import ELM_STREET, Committed, Door, onboard_elm, tool_calls, wait_until, waiters
from tests.visits import held_diary

EVERY_DAY = {
    day: ["08:00-20:00"]
    for day in (
        "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday",
    )
}  # fmt: skip
CLINIC: dict[str, Any] = {
    **ELM_STREET,
    "practitioners": [{**person, "hours": EVERY_DAY} for person in ELM_STREET["practitioners"]],
}


@pytest.fixture(scope="module", autouse=True)
def loaded() -> None:
    """What else is loaded by the first request, which then may come too late on a busy machine."""
    warm()


@pytest.fixture
def clinic(committed: Committed) -> Iterator[Door]:
    """A clinic whose rows are committed, and which this process remembers."""
    made = committed(clinic=CLINIC)
    with organizations.within(organizations.get(made.org)):
        door = Door(Client(), made.domain, made.secret)
        assert "I have" in said(door, booking(3))[0]
        yield door


NUMBERS = iter(range(10_000))


def said(door: Door, *asked: dict[str, Any], caller: str = "+12025550177") -> list[str]:
    number = next(NUMBERS)
    requests = [
        {"id": f"call_{number}_{count}", "tool": tool, "arguments": arguments}
        for count, one in enumerate(asked)
        for tool, arguments in one.items()
    ]
    answer = door.post(tool_calls(*requests, call_id=f"call-{number}", caller=caller))
    assert answer.status_code == 200, answer.content
    return [result["result"] for result in answer.json()["results"]]


def booking(hour: int = 9, practitioner: str = "Ada Moss", **more: str) -> dict[str, Any]:
    arguments = {
        "service": "consultation",
        "start": f"{day():%Y-%m-%d}T{hour:02}:00",
        "patient_name": "Ben Ode",
        "practitioner": practitioner,
        **more,
    }
    return {"book_appointment": arguments}


def day() -> datetime:
    midnight = organizations.current().now().replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight + timedelta(days=7)


def close_the_day() -> None:
    Closure.objects.bulk_create([Closure(start=day(), end=day() + timedelta(days=1))])


# --- nothing is read twice


def read_by(door: Door, *asked: dict[str, Any]) -> set[str]:
    """The tables of the configuration that a message reads."""
    with CaptureQueriesContext(connection) as queries:
        said(door, *asked)
    plain = [one["sql"] for one in queries if "FOR NO KEY UPDATE" not in one["sql"]]
    return {table for table in configuration.tables for sql in plain if f'FROM "{table}"' in sql}


ASKED: dict[str, Callable[[int], dict[str, Any]]] = {
    "book": booking,
    "find": lambda hour: {"find_appointments": {}},
    "availability": lambda hour: {
        "check_availability": {"service": "consultation", "date": "tomorrow"}
    },
    "clinic": lambda hour: {"clinic_info": {"topic": "opening hours"}},
}


# How often a message waits for the database, the versions as it begins included. Whoever asks for
# times again in another call gives back those held before, which takes one more.
ROUND_TRIPS = {"book": 4, "find": 4, "availability": 7, "clinic": 3}


@pytest.mark.parametrize("kind", ASKED)
def test_a_message_takes_few_round_trips(kind: str, clinic: Door) -> None:
    said(clinic, booking(8))
    said(clinic, ASKED[kind](9))
    with CaptureQueriesContext(connection) as queries:
        said(clinic, ASKED[kind](10))

    assert len(queries) == ROUND_TRIPS[kind], [one["sql"] for one in queries]


@pytest.mark.parametrize("kind", ASKED)
def test_a_message_reads_no_configuration_again(kind: str, clinic: Door) -> None:
    said(clinic, ASKED[kind](8))

    assert read_by(clinic, ASKED[kind](10)) == set()


def test_each_clinic_is_remembered_by_itself(clinic: Door, committed: Committed) -> None:
    ServiceType.objects.filter(name="Consultation").update(name="Talk")
    here = organizations.current()
    organizations.leave()
    made = committed(clinic=CLINIC)
    with organizations.within(organizations.get(made.org)):
        other = Door(Client(), made.domain, made.secret)
        for _ in range(2):
            assert "booked" in said(other, booking())[0]
            with organizations.within(here):
                assert "booked" not in said(clinic, booking())[0]
                assert Door(Client(), clinic.host, made.secret).post({}).status_code == 401


# --- what is changed is obeyed by the next message


def retire() -> None:
    Secret.objects.update(retired=organizations.current().now())


CHANGES: dict[str, Callable[[], object]] = {
    "a closed day": close_the_day,
    "hours": lambda: Schedule.objects.update(starts=time(18)),
    "no hours": lambda: Schedule.objects.all().delete(),
    "a practitioner is away": lambda: Practitioner.objects.update(is_active=False),
    "a service is no longer offered": lambda: ServiceType.objects.update(is_active=False),
    "a service is renamed": lambda: ServiceType.objects.filter(name="Consultation").update(
        name="Talk"
    ),
    "who does what": lambda: Practitioner.objects.get(name="Dr. Ada Moss").services.clear(),
    "a room out of use": lambda: ServiceType.objects.get(name="Consultation").rooms.add(
        Room.objects.create(name="Room 1", is_active=False)
    ),
    "the horizon": lambda: BookingPolicy.objects.update_or_create(defaults={"horizon_days": 1}),
    "another assistant": lambda: Assistant.objects.update(vapi_id="ours"),
}


# They wait for the diary themselves. The last changes nothing for a message that names nobody.
HOLD_THE_DIARY = {"a practitioner is away", "another assistant"}


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_is_obeyed_at_once(change: str, clinic: Door) -> None:
    assert "booked" in said(clinic, booking(9))[0]

    CHANGES[change]()

    body = tool_calls(
        {"id": "x", "tool": "book_appointment", "arguments": booking(11)["book_appointment"]},
        call_id="call-x",
    )
    body["message"]["call"]["assistantId"] = "somebody's"
    clinic.post(body)
    assert Appointment.objects.count() == 1


def test_a_secret_that_was_retired_is_refused_at_once(clinic: Door) -> None:
    retire()

    assert clinic.post({"message": {"type": "status-update"}}).status_code == 401


def test_a_new_secret_is_accepted_at_once(clinic: Door) -> None:
    clinic.secret = authentication.issue_secret()

    assert "booked" in said(clinic, booking())[0]


def by_hand(sql: str) -> None:
    """As with `psql`: no version changes."""
    parameters = {
        name: value
        for name, value in connection.get_connection_params().items()
        if name not in ("context", "cursor_factory", "prepare_threshold")
    }
    with psycopg.connect(**parameters) as session:
        session.execute(f"SET search_path = {organizations.current().schema_name}, extensions")
        session.execute(sql.encode())


def test_a_secret_that_was_entered_by_hand_is_accepted_at_once(clinic: Door) -> None:
    by_hand(
        "INSERT INTO assistants_secret (digest, created)"
        f" VALUES ('{tokens.digest('by hand')}', now())"
    )

    clinic.secret = "by hand"
    assert "booked" in said(clinic, booking())[0]


def test_what_is_changed_by_hand_is_obeyed_within_a_minute(
    clinic: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    by_hand("UPDATE bookings_practitioner SET is_active = false")
    monkeypatch.setattr(memory, "LONGEST", 0.0)  # as if that long had passed

    assert "booked" not in said(clinic, booking())[0]


def test_a_number_that_was_called_is_the_clinics_at_once(clinic: Door) -> None:
    """The message itself stores it, so it may not go by what was remembered before."""
    body = tool_calls(
        {"id": "x", "tool": "book_appointment", "arguments": booking()["book_appointment"]},
        caller="+12025550123",
    )
    body["message"]["phoneNumber"] = {"number": "+12025550123"}

    clinic.post(body)

    assert ClinicNumber.objects.filter(phone="+12025550123").exists()
    assert ToolCall.objects.get(conversation="call-1").caller == ""


def test_what_callers_are_told_is_changed_at_once(clinic: Door) -> None:
    for place in ("1 Elm Street", "2 Oak Street"):
        Reception.objects.update_or_create(defaults={"address": place})
        assert place in said(clinic, {"clinic_info": {"topic": "address"}})[0]


# --- what changes while a message waits for a diary


class Waiting:
    """A message that is answered in a thread of its own."""

    def __init__(self, door: Door, organization: Organization, *asked: dict[str, Any]) -> None:
        self.door, self.organization, self.asked = door, organization, asked
        self.answer: Any = None
        self.thread = threading.Thread(target=self.run)

    def run(self) -> None:
        requests = [
            {"id": str(count), "tool": tool, "arguments": arguments}
            for count, one in enumerate(self.asked)
            for tool, arguments in one.items()
        ]
        try:
            with organizations.within(self.organization):
                self.answer = Door(Client(), self.door.host, self.door.secret).post(
                    tool_calls(*requests, call_id="waiting")
                )
        finally:
            connection.close()

    def heard(self) -> list[str]:
        assert self.answer.status_code == 200, self.answer.content
        return [result["result"] for result in self.answer.json()["results"]]


def answered_after(door: Door, change: Callable[[], object], *asked: dict[str, Any]) -> Waiting:
    """The message comes, and waits for Dr. Ada's diary; then something is changed and committed."""
    organization = organizations.current()
    message = Waiting(door, organization, *asked)
    with held_diary(organization.schema_name) as session:
        message.thread.start()
        wait_until(lambda: bool(waiters(session)))
        change()
    message.thread.join()
    return message


@pytest.mark.usefixtures("alone")
@pytest.mark.parametrize("change", sorted(CHANGES.keys() - HOLD_THE_DIARY))
def test_a_change_while_it_waits_is_obeyed(change: str, clinic: Door) -> None:
    message = answered_after(clinic, CHANGES[change], booking())

    assert "booked" not in message.heard()[0].lower()
    assert Appointment.objects.count() == 0
    assert ToolCall.objects.filter(conversation="waiting").count() == 1


@pytest.mark.usefixtures("alone")
def test_unless_it_is_confirmed_the_change_is_missed(
    clinic: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The negative control."""
    monkeypatch.setattr(memory, "confirm", lambda version: None)

    message = answered_after(clinic, close_the_day, booking())

    assert "booked" in message.heard()[0].lower()
    assert Appointment.objects.count() == 1


@pytest.mark.usefixtures("alone")
def test_a_secret_that_is_retired_while_it_waits_books_nothing(clinic: Door) -> None:
    message = answered_after(clinic, retire, booking())

    assert message.answer.status_code == 401
    assert Appointment.objects.count() == 0


@pytest.mark.usefixtures("alone")
def test_what_was_done_before_the_change_is_done_once(clinic: Door) -> None:
    """Of two requests in a message the first is committed when the second has to run again."""
    first, second = booking(9, practitioner="Bo Lind"), booking(14)

    message = answered_after(clinic, close_the_day, first, second)

    heard = message.heard()
    assert "booked" in heard[0].lower()
    assert "booked" not in heard[1].lower()
    assert [row.practitioner.name for row in Appointment.objects.all()] == ["Dr. Bo Lind"]
    assert ToolCall.objects.filter(conversation="waiting").count() == 2


@pytest.mark.usefixtures("alone")
def test_a_change_that_does_not_matter_is_not_noticed_by_the_caller(clinic: Door) -> None:
    message = answered_after(
        clinic, lambda: Reception.objects.update_or_create(defaults={"address": "x"}), booking()
    )

    assert "booked" in message.heard()[0].lower()
    assert Appointment.objects.count() == 1


# --- whose a host is

Status = Organization.Status


def elsewhere(change: Callable[[Organization], object]) -> None:
    """As an operator does it, in no organization."""
    here = organizations.current()
    organizations.leave()
    change(organizations.get(here.slug))
    here.activate()


@pytest.mark.parametrize(
    "change",
    [
        lambda organization: organizations.set_status(organization, Status.SUSPENDED),
        lambda organization: Organization.objects.filter(pk=organization.pk).update(
            status="suspended"
        ),
    ],
    ids=["save", "update"],
)
def test_a_suspended_clinic_does_nothing_from_then_on(
    change: Callable[[Organization], object], clinic: Door
) -> None:
    elsewhere(change)

    assert "booked" not in said(clinic, booking())[0].lower()
    assert Appointment.objects.count() == 0
    elsewhere(lambda organization: organizations.set_status(organization, Status.ACTIVE))
    assert "booked" in said(clinic, booking())[0].lower()


def test_a_host_that_was_taken_away_is_nobodys(clinic: Door) -> None:
    elsewhere(lambda organization: Domain.objects.filter(domain=clinic.host).delete())

    assert clinic.post({}).status_code == 404


def test_a_host_that_was_given_to_another_clinic_is_that_clinics(
    clinic: Door, committed: Committed
) -> None:
    here = organizations.current()
    organizations.leave()
    made = committed(clinic=CLINIC)
    other = organizations.get(made.org)
    Domain.objects.filter(domain=clinic.host).update(tenant=other)

    with organizations.within(other):
        assert clinic.post({}).status_code == 401
        clinic.secret = made.secret
        assert "booked" in said(clinic, booking())[0].lower()
        assert Appointment.objects.count() == 1
    with organizations.within(here):
        assert Appointment.objects.count() == 0
    organizations.leave()
    Domain.objects.filter(domain=clinic.host).update(tenant=here)


def test_a_clinic_that_was_removed_is_no_more(oak_street: str) -> None:
    made = onboard_elm(oak_street)
    door = Door(Client(), made.domain, made.secret)
    organization = organizations.get(oak_street)
    with organizations.within(organization):
        assert "I have" in said(door, booking(3))[0]
    organizations.leave()

    organizations.remove(organization)

    answer = Client().post("/vapi/", "{}", "application/json", headers={"Host": made.domain})
    assert answer.status_code == 404


def test_a_clinic_whose_schema_was_dropped_by_hand_is_not_served(oak_street: str) -> None:
    made = onboard_elm(oak_street)
    door = Door(Client(), made.domain, made.secret)
    with organizations.within(organizations.get(oak_street)):
        assert "I have" in said(door, booking(3))[0]
    organizations.leave()
    connection.cursor().execute(f"DROP SCHEMA {oak_street} CASCADE")

    answer = Client(raise_request_exception=False).post(
        "/vapi/", "{}", "application/json", headers={"Host": made.domain}
    )

    assert answer.status_code >= 400


@pytest.mark.usefixtures("alone")
def test_a_clinic_that_is_suspended_while_it_waits_books_nothing(clinic: Door) -> None:
    message = answered_after(
        clinic,
        lambda: elsewhere(lambda one: organizations.set_status(one, Status.SUSPENDED)),
        booking(),
    )

    assert "booked" not in message.heard()[0].lower()
    assert Appointment.objects.count() == 0


@pytest.mark.usefixtures("alone")
def test_a_time_zone_that_changes_while_it_waits_is_the_bookings(clinic: Door) -> None:
    def moved(organization: Organization) -> None:
        organization.timezone = "America/Los_Angeles"
        organization.save()

    answered_after(clinic, lambda: elsewhere(moved), booking(9))

    [visit] = Appointment.objects.all()
    assert visit.start.astimezone(ZoneInfo("America/Los_Angeles")).hour == 9


def test_hosts_of_nobody_are_not_remembered(clinic: Door) -> None:
    before = set(memory._homes)

    Client().post("/vapi/", "{}", "application/json", headers={"Host": "nobody.localhost"})

    assert set(memory._homes) == before
