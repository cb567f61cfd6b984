"""Statements: how many a request sends to the database, from its host to its answer."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bookings.models import Patient
from tests.conftest import Call, Door, tool_calls

CLEANING = {"service": "cleaning", "patient_name": "Ben Ode"}
AT_TEN, AT_ELEVEN = {"start": "2026-12-03T10:00"}, {"start": "2026-12-03T11:00"}
ASKED: dict[str, tuple[str, dict[str, str], int]] = {
    "book": ("book_appointment", {**CLEANING, **AT_ELEVEN}, 18),
    "conflict": ("book_appointment", {**CLEANING, **AT_TEN}, 19),
    "move": ("reschedule_appointment", AT_ELEVEN, 19),
    "cancel": ("cancel_appointment", {}, 13),
    "availability": ("check_availability", {"service": "cleaning", "date": "2026-12-03"}, 19),
    "find": ("find_appointments", {}, 11),
}


@pytest.mark.usefixtures("monday")
@pytest.mark.parametrize("kind", ASKED)
def test_a_request_takes_no_more_statements_than_it_needs(
    kind: str, door: Door, ben: Patient, call: Call
) -> None:
    """`SET`, `BEGIN` and savepoints included, and the configuration, which a transaction that wrote
    it reads each time. A number that grows wants a reason."""
    call("clinic_info", topic="hours")  # the first request of a process asks for more
    whose = "+12025550188" if kind == "conflict" else ben.phone
    name = {"patient_name": "Cat Ruiz"} if kind == "conflict" else {}
    if kind in ("conflict", "move", "cancel", "find"):
        assert call("book_appointment", **CLEANING, **AT_TEN).startswith("You're booked")
    tool, said, most = ASKED[kind]
    request: dict[str, Any] = {"id": "r", "tool": tool, "arguments": {**said, **name}}

    with CaptureQueriesContext(connection) as queries:
        door.post(tool_calls(request, call_id="call-2", caller=whose))

    assert len(queries) <= most, [query["sql"][:120] for query in queries]
