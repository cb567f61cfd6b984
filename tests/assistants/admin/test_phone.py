"""The page of the phone assistant: each figure is the number of calls in the list behind it."""

import re
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from assistants import figures
from assistants.figures import What
from assistants.models import Call, ToolCall
from assistants.outcomes import ToolOutcome
from bookings.models import Appointment, Patient, Practitioner, ServiceType
from tenants.models import Organization
from tests.conftest import MONDAY, at
from tests.desk import Desk
from tests.visits import insert, row

pytestmark = pytest.mark.usefixtures("monday", "elm")

LISTED = re.compile(r'<a href="([^"]+)">(\d+)<span class="desk-hidden"> calls: ([^<]+)<')


def put_call(name: str, *outcomes: str, days_ago: int = 0, **facts: Any) -> Call:
    """A call with a request for each of these outcomes, in this order."""
    received = MONDAY - timedelta(days=days_ago)
    for number, outcome in enumerate(outcomes):
        ToolCall.objects.create(
            conversation=name,
            tool="any",
            outcome=outcome,
            sentence=f"{outcome}, said.",
            received=received + timedelta(seconds=number),
        )
    return Call.objects.create(conversation=name, received=received, **facts)


@pytest.fixture
def calls(elm: Organization) -> None:
    put_call(
        "a", "Openings", "Booked", started=MONDAY, ended=MONDAY + timedelta(minutes=3), cost="0.25"
    )
    put_call("b", "Booked", "Cancelled", "Booked", days_ago=1)
    put_call("c", "Unclear", "Rescheduled", days_ago=29, cost="0.75")
    put_call("d", "Fault", "CallbackRequested")
    put_call("e", ended_reason=figures.PUT_THROUGH)
    put_call("f", "Openings", ended_reason=figures.HUNG_UP)
    put_call("g", "Unclear", "Openings", ended_reason=figures.HUNG_UP, days_ago=3)
    put_call("h", "SlotTaken", "Waiting", ended_reason=figures.HUNG_UP)
    put_call("too old", "Booked", days_ago=30)
    put_call("erased", "Booked", erased=MONDAY)


def lists(page: str) -> dict[str, tuple[int, str]]:
    """The number of each figure, and the address behind it."""
    return {name: (int(number), unescape(link)) for link, number, name in LISTED.findall(page)}


def opened(desk: Desk, link: str) -> set[str]:
    """The calls that are shown at the address."""
    found = desk.get(link.removeprefix("/admin/")).context["cl"].queryset
    return set(found.values_list("conversation", flat=True))


@pytest.mark.usefixtures("calls")
def test_each_figure_counts_the_calls_of_its_list(desk: Desk) -> None:
    figures_shown = lists(desk.get("phone/").content.decode())

    assert {name: number for name, (number, _) in figures_shown.items()} == {
        "Calls": 9,
        "Booked": 3,
        "Moved": 1,
        "Cancelled": 1,
        "Asked for a call back": 1,
        "Joined the waitlist": 1,
        "Put through": 1,
        "Asked again": 2,
        "Failed": 1,
    }
    assert opened(desk, figures_shown["Booked"][1]) == {"a", "b", "erased"}
    for number, link in figures_shown.values():
        assert len(opened(desk, link)) == number


@pytest.mark.usefixtures("calls")
def test_fewer_days_count_fewer_calls(desk: Desk) -> None:
    shown = lists(desk.get("phone/?days=7").content.decode())

    assert shown["Calls"][0] == 8
    assert shown["Moved"][0] == 0
    assert lists(desk.get("phone/?days=nonsense").content.decode())["Calls"][0] == 9


@pytest.mark.usefixtures("calls")
def test_conversion_minutes_and_cost(desk: Desk) -> None:
    page = " ".join(desk.get("phone/").content.decode().split())

    assert "33 %<small>of calls that booked a visit" in page
    assert "3<small>0.3 a call" in page
    assert "$1.00<small>$0.11 a call" in page


@pytest.mark.usefixtures("calls")
def test_what_was_heard_before_hanging_up_with_nothing_done(desk: Desk) -> None:
    page = desk.get("phone/").content.decode()

    [(link, times, sentence)] = re.findall(
        r'<li><a href="([^"]+)">(\d) calls?</a> <q>([^<]+)</q>', page
    )
    assert (times, sentence) == ("2", "Openings, said.")
    assert opened(desk, unescape(link)) == {"f", "g"}


def test_a_call_just_before_midnight_counts_on_the_clinics_day() -> None:
    late = at("2026-11-22 23:59")
    Call.objects.create(conversation="late", received=late)

    [sunday, monday] = figures.by_day(figures.Days(late.date(), late.date() + timedelta(days=1)))

    assert (sunday.calls, monday.calls) == (1, 0)


def test_bookings_are_counted_by_service(
    desk: Desk, ada: Practitioner, cleaning: ServiceType, ben: Patient
) -> None:
    visit: Appointment = row(start=MONDAY + timedelta(days=2))
    insert(visit)
    put_call("a", "Booked")
    ToolCall.objects.update(appointment=visit)

    page = desk.get("phone/").content.decode()

    assert 'aria-label="Cleaning: 1. "' in page


def test_no_call_at_all_is_a_page_too(desk: Desk) -> None:
    page = desk.get("phone/").content.decode()

    assert "No call has booked in these days." in page
    assert "Nobody hung up before something was done." in page


def test_the_number_of_queries_does_not_grow_with_the_calls(desk: Desk) -> None:
    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as asked:
            desk.get("phone/")
        return len(asked)

    desk.get("phone/")
    put_call("0", "Booked")
    few = queries()
    for number in range(1, 30):
        put_call(str(number), "Openings", ended_reason=figures.HUNG_UP, days_ago=number)

    assert queries() <= few + 1  # the examples of what was heard last


def test_who_may_not_see_calls_does_not_see_the_page(desk: Desk) -> None:
    desk.may_only()
    assert desk.get("phone/").status_code == 403
    assert "phone/" not in desk.get("").content.decode()

    desk.may_only("view_call")
    assert desk.get("phone/").status_code == 200


def test_every_outcome_that_is_counted_is_one_that_a_tool_has() -> None:
    known = {outcome.__name__ for outcome in ToolOutcome.__args__}

    for what in What:
        assert what is What.PUT_THROUGH or set(figures.names(what)) <= known
