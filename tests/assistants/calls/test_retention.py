"""Retention: words are let go of in time, counts are kept, and nothing wrong is said of it."""

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.db import connection

from assistants.calls import retention
from assistants.models import Call, CallPolicy, ToolCall
from bookings.models import Appointment
from tenants import organizations
from tenants.models import Organization
from tests.conftest import MONDAY, Committed, Door
from tests.inside import manage
from tests.payloads import payload

LATER = MONDAY + timedelta(days=100)


@pytest.fixture
def talked(monday: datetime, door: Door) -> Call:
    for number in ("15", "60", "74"):
        door.post(payload(number))
    Call.objects.update(structured_outputs={"a": {"name": "Intake", "result": "a cleaning"}})
    return Call.objects.get()


def test_the_words_go_and_the_counts_stay(talked: Call) -> None:
    done = retention.forget_old(before=LATER, now=LATER)

    assert (done.calls, done.tool_calls) == (1, 1)
    talked.refresh_from_db()
    assert (talked.transcript, talked.summary, talked.recording_url) == ("", "", "")
    assert talked.structured_outputs is None
    assert (talked.cost, talked.ended_reason) == (Decimal("0.2312"), "customer-ended-call")
    assert len(talked.hangs) == 1
    record = ToolCall.objects.get()
    assert (record.arguments, record.caller, record.sentence) == ({}, "", "")
    assert (record.tool, record.outcome) == ("book_appointment", "Booked")
    assert record.appointment == Appointment.objects.get()


def test_what_is_younger_is_kept(talked: Call) -> None:
    assert retention.forget_old(before=MONDAY, now=LATER).calls == 0

    talked.refresh_from_db()
    assert talked.transcript


def test_counting_changes_nothing(talked: Call) -> None:
    assert retention.count_old(before=LATER).tool_calls == 1

    assert ToolCall.objects.get().arguments


def test_a_second_time_there_is_nothing_left_to_forget(talked: Call) -> None:
    retention.forget_old(before=LATER, now=LATER)

    assert retention.forget_old(before=LATER, now=LATER).calls == 0


def test_a_request_that_was_forgotten_is_neither_done_again_nor_answered_wrongly(
    talked: Call, door: Door
) -> None:
    retention.forget_old(before=LATER, now=LATER)

    with time_machine.travel(LATER, tick=False):
        [one] = door.post(payload("15")).json()["results"]

    assert one["result"] == "I no longer have that on record. What would you like to do?"
    assert Appointment.objects.count() == 1


def test_a_report_that_comes_after_brings_nothing_back(talked: Call, door: Door) -> None:
    retention.forget_old(before=LATER, now=LATER)

    door.post(payload("60"))

    talked.refresh_from_db()
    assert talked.transcript == ""


# --- the command


@pytest.fixture
def old_calls(committed: Committed) -> Callable[..., str]:
    """A clinic with calls of these many days ago."""

    def make(*ages: int) -> str:
        made = committed()
        with organizations.within(organizations.get(made.org)) as organization:
            for age in ages:
                heard = organization.now() - timedelta(days=age)
                Call.objects.create(
                    conversation=f"c{age}", received=heard, transcript="User: Quux", cost=1
                )
                ToolCall.objects.create(
                    conversation=f"c{age}", tool="clinic_info", received=heard, arguments={"a": "b"}
                )
        return made.org

    return make


def remembered(slug: str) -> list[str]:
    with organizations.within(organizations.get(slug)):
        rows = Call.objects.exclude(transcript="").order_by("received")
        return list(rows.values_list("conversation", flat=True))


def keep(slug: str, days: int) -> None:
    with organizations.within(organizations.get(slug)):
        CallPolicy.objects.create(keep_days=days)


def test_each_clinic_forgets_by_its_own_policy(old_calls: Callable[..., str]) -> None:
    usual, short = old_calls(91, 89, 8), old_calls(91, 89, 8)
    keep(short, 7)

    done = manage("forget_calls")

    assert done.returncode == 0
    assert f"{usual}: 1 calls and 1 tool calls older than 90 days forgotten" in done.stdout
    assert f"{short}: 3 calls and 3 tool calls older than 7 days forgotten" in done.stdout
    assert (remembered(usual), remembered(short)) == (["c89", "c8"], [])


def test_much_is_forgotten_in_pieces(
    old_calls: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A year of a busy clinic in one statement exceeded its time limit, every night anew."""
    monkeypatch.setattr(retention, "AT_ONCE", 2)
    slug = old_calls(95, 94, 93, 92, 91, 8)

    done = manage("forget_calls", "--org", slug)

    assert done.stdout == f"{slug}: 5 calls and 5 tool calls older than 90 days forgotten\n"
    assert remembered(slug) == ["c8"]
    with connection.cursor() as cursor:
        erased = f"FROM {slug}.assistants_toolcall WHERE forgotten IS NOT NULL"
        cursor.execute(f"SELECT count(DISTINCT xmin::text) {erased}")
        assert cursor.fetchone() == (3,)


def test_an_operator_says_how_old_and_where(old_calls: Callable[..., str]) -> None:
    here, there = old_calls(91, 31), old_calls(91, 31)

    manage("forget_calls", "--org", here, "--older-than", "30d")

    assert (remembered(here), remembered(there)) == ([], ["c91", "c31"])


def test_a_dry_run_tells_and_changes_nothing(old_calls: Callable[..., str]) -> None:
    slug = old_calls(91)

    done = manage("forget_calls", "--org", slug, "--dry-run")

    assert done.stdout == (
        f"{slug}: 1 calls and 1 tool calls older than 90 days would be forgotten\n"
    )
    assert remembered(slug) == ["c91"]


def test_a_suspended_clinic_is_left_as_it_is(old_calls: Callable[..., str]) -> None:
    slug = old_calls(91)
    organizations.set_status(organizations.get(slug), Organization.Status.SUSPENDED)

    assert slug not in manage("forget_calls").stdout

    assert remembered(slug) == ["c91"]


@pytest.mark.parametrize("age", ["90", "0d", "-1d", "3 months", "99999d", "d"])
def test_an_age_that_is_none_is_one_line(age: str, committed: object) -> None:
    done = manage("forget_calls", f"--older-than={age}")

    assert done.returncode == 1
    assert done.stderr == "CommandError: --older-than: must be a number of days such as 90d\n"
