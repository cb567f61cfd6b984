"""Replays: a recorded call answers as it did, until something is changed under it."""

import json
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from assistants.calls import retention
from assistants.provisioning.onboarding import Onboarded
from bookings.models import Appointment, Practitioner, Schedule, ServiceType
from config.operations import replays
from tenants import organizations
from tenants.models import Organization
from tenants.organizations import Refused
from tests.conftest import BEN, MONDAY, Committed, Door, at, everything, tool_calls
from tests.inside import manage

CAT = "+12025550188"
WANTED = {"service": "cleaning", "start": "2026-12-03T14:30"}
THREE = {"service": "cleaning", "start": "2026-12-03T15:00"}


class Line:
    """Callers at a clinic whose rows are committed, each sentence a minute after the last."""

    def __init__(self, made: Onboarded) -> None:
        self.organization = organizations.get(made.org)
        self.door = Door(Client(), made.domain, made.secret)
        self.now = MONDAY
        self.count = 0

    def say(self, call: str, tool: str, *, caller: str = BEN, id: str = "", **said: Any) -> str:
        self.now += timedelta(minutes=1)
        self.count += 1
        request = {"id": id or f"call_{self.count}", "tool": tool, "arguments": said}
        with time_machine.travel(self.now, tick=False), organizations.within(self.organization):
            answer = self.door.post(tool_calls(request, call_id=call, caller=caller))
        sentence: str = answer.json()["results"][0]["result"]
        return sentence

    def replay(self, call: str) -> list[replays.Answer]:
        return replays.replay(self.organization, call)


@pytest.fixture
def line(committed: Committed) -> Iterator[Line]:
    made = committed()
    organizations.leave()
    yield Line(made)
    organizations.leave()


@pytest.fixture
def conflict(line: Line) -> Line:
    """Cat looks, Ben is quicker, Cat is told so, takes another time, and asks whether it is done.

    Later the time becomes free again, and somebody else books what Cat had been offered.
    """
    line.say("cat", "check_availability", caller=CAT, service="cleaning", date="2026-12-03")
    line.say("ben", "book_appointment", patient_name="Ben Ode", **WANTED)
    taken = line.say("cat", "book_appointment", caller=CAT, patient_name="Cat Ruiz", **WANTED)
    assert "just taken" in taken
    line.say("cat", "book_appointment", caller=CAT, patient_name="Cat Ruiz", **THREE)
    line.say("cat", "find_appointments", caller=CAT)
    line.say("cat", "did_that_go_through", caller=CAT)
    line.say("ben", "cancel_appointment", patient_name="Ben Ode")
    line.say("dee", "book_appointment", patient_name="Dee Park", caller="+12025550199", **WANTED)
    return line


def heard(answers: list[replays.Answer]) -> list[tuple[str, str]]:
    return [(answer.then, answer.now) for answer in answers]


def test_a_recorded_conflict_call_is_answered_in_the_same_words(conflict: Line) -> None:
    """V12."""
    answers = conflict.replay("cat")

    assert [answer.tool for answer in answers] == [
        "check_availability",
        "book_appointment",
        "book_appointment",
        "find_appointments",
        "did_that_go_through",
    ]
    for then, now in heard(answers):
        assert now == then


def test_a_call_that_moves_and_cancels_is_answered_in_the_same_words(line: Line) -> None:
    line.say("one", "book_appointment", patient_name="Ben Ode", **WANTED)
    line.say("two", "reschedule_appointment", start="2026-12-04T10:00")
    line.say("two", "cancel_appointment")
    line.say("two", "cancel_appointment", reason="again")

    for call in ("one", "two"):
        for then, now in heard(line.replay(call)):
            assert now == then


def test_a_call_that_does_one_thing_twice_under_one_id_is_answered_in_the_same_words(
    line: Line,
) -> None:
    """Z04: each of them is on record."""
    booking = {"patient_name": "Ben Ode", **WANTED}
    line.say("one", "book_appointment", id="hook", **booking)
    line.say("one", "cancel_appointment", id="hook")
    line.say("one", "book_appointment", id="hook", **booking)

    answers = line.replay("one")

    assert len(answers) == 3
    for then, now in heard(answers):
        assert now == then


def test_what_callers_moved_since_stands_where_it_stood(line: Line) -> None:
    line.say("ben", "book_appointment", patient_name="Ben Ode", **WANTED)
    line.say("cat", "book_appointment", caller=CAT, patient_name="Cat Ruiz", **WANTED)
    line.say("ben", "reschedule_appointment", start="2026-12-04T10:00")

    [answer] = line.replay("cat")

    assert "just taken" in answer.then
    assert answer.now == answer.then


def test_a_caller_who_cancels_twice_does_not_get_the_time_back(line: Line) -> None:
    dee = "+12025550199"
    line.say("ben", "book_appointment", patient_name="Ben Ode", **WANTED)
    line.say("ben", "cancel_appointment")
    line.say("dee", "book_appointment", caller=dee, patient_name="Dee Park", **WANTED)
    line.say("cat", "book_appointment", caller=CAT, patient_name="Cat Ruiz", **WANTED)
    line.say("ben", "cancel_appointment", reason="to be sure")

    [answer] = line.replay("cat")

    assert "just taken" in answer.then
    assert answer.now == answer.then


def test_what_staff_moved_into_an_old_time_does_not_end_the_replay(line: Line) -> None:
    line.say("ben", "book_appointment", patient_name="Ben Ode", **WANTED)
    line.say("dee", "book_appointment", caller="+12025550199", patient_name="Dee Park", **THREE)
    line.say("cat", "book_appointment", caller=CAT, patient_name="Cat Ruiz", **WANTED)
    line.say("ben", "cancel_appointment")
    with organizations.within(line.organization):
        row = Appointment.objects.get(patient__name="Dee Park")
        row.start = at("2026-12-03 14:30")
        row.take(row.service)
        row.save()

    [answer] = line.replay("cat")

    assert answer.tool == "book_appointment"


@pytest.mark.parametrize(
    "change",
    [
        lambda: ServiceType.objects.filter(name="Cleaning").update(minutes=60),
        lambda: Schedule.objects.filter(weekday=3).update(ends="14:45"),
        lambda: Practitioner.objects.update(is_active=False),
    ],
    ids=["a longer visit", "shorter hours", "nobody takes appointments"],
)
def test_what_was_changed_since_is_seen(change: Callable[[], object], conflict: Line) -> None:
    """The negative control."""
    with organizations.within(conflict.organization):
        change()

    assert not all(answer.is_same for answer in conflict.replay("cat"))


def test_a_replay_leaves_nothing_and_changes_nothing(conflict: Line) -> None:
    before = everything(), diary(conflict.organization)

    conflict.replay("cat")

    assert (everything(), diary(conflict.organization)) == before


def diary(organization: Organization) -> list[Any]:
    with organizations.within(organization):
        found = list(Appointment.objects.order_by("pk").values())
    organizations.leave()
    return found


def test_what_is_forgotten_or_never_was_cannot_be_replayed(conflict: Line) -> None:
    with organizations.within(conflict.organization):
        later: datetime = MONDAY + timedelta(days=100)
        retention.forget_old(before=later, now=later)

    for call in ("cat", "nobody"):
        with pytest.raises(Refused):
            conflict.replay(call)


# --- the command


def test_an_operator_replays_a_call(conflict: Line) -> None:
    slug = conflict.organization.slug

    done = manage("replay_call", slug, "cat")

    assert (done.returncode, done.stdout.count("same")) == (0, 5)
    assert all(
        row["same"] for row in json.loads(manage("replay_call", slug, "cat", "--json").stdout)
    )


def test_an_operator_sees_what_differs(conflict: Line) -> None:
    with organizations.within(conflict.organization):
        ServiceType.objects.filter(name="Cleaning").update(minutes=60)

    done = manage("replay_call", conflict.organization.slug, "cat", "--json")

    assert done.returncode == 1
    assert done.stderr.endswith("of 5 answers differ.\n")
    assert not all(row["same"] for row in json.loads(done.stdout))


@pytest.mark.parametrize("call", ["nobody", "", "'; DROP SCHEMA x"])
def test_a_call_there_is_none_of_is_one_line(call: str, line: Line) -> None:
    done = manage("replay_call", line.organization.slug, call)

    assert done.returncode == 1
    assert done.stderr.endswith("CommandError: call: no tool was called in a call of this id\n")
