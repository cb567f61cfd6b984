"""Changing: what a caller already has, found, moved and cancelled, and whether it was done."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from assistants import callers, preferences, standing, times, underway
from assistants.callers import Caller, Proof, SeveralPatients, WrongReference
from assistants.hearing import When
from assistants.models import ToolCall
from assistants.outcomes import (
    Forgotten,
    Found,
    NothingDone,
    NothingFound,
    NotOnRecord,
    NotProven,
    StillWorking,
    ToldAgain,
    ToolOutcome,
    Uncertain,
    Understood,
    WhichAppointment,
    WhoseAppointment,
)
from bookings import appointments
from bookings.models import Appointment

# What a caller can mean by “that”.
ACTIONS = (
    "book_appointment",
    "reschedule_appointment",
    "cancel_appointment",
    "request_callback",
    "join_waitlist",
)


def find_appointments(heard: dict[str, Any], *, caller: Caller, now: datetime) -> ToolOutcome:
    """What the caller has ahead of them, the soonest first; not while that is being changed."""
    if not underway.is_over(caller):
        return StillWorking()
    rows = meant(heard, caller=caller, now=now)
    if not isinstance(rows, list):
        return rows
    ahead = [row for row in callers.live(rows) if row.start > now]
    return Found(tuple(ahead)) if ahead else NothingFound()


def reschedule_appointment(heard: dict[str, Any], *, caller: Caller, now: datetime) -> ToolOutcome:
    """Move the one appointment that is meant; with several, ask which."""
    when: When = heard["when"]
    row = the_one(heard, caller=caller, now=now)
    if not isinstance(row, Appointment):
        return row
    outcome = appointments.reschedule(
        row,
        start=times.start(when, service=row.service, now=now),
        practitioner=heard["practitioner"],
        by=caller.conversation,
        preference=preferences.of_call(caller, now=now),
        now=now,
    )
    return Understood(when.day, outcome) if when.day and when.year_corrected else outcome


def cancel_appointment(heard: dict[str, Any], *, caller: Caller, now: datetime) -> ToolOutcome:
    """Cancel the one appointment that is meant; with several, ask which."""
    row = the_one(heard, caller=caller, now=now)
    if not isinstance(row, Appointment):
        return row
    return appointments.cancel(row, now=now, by=caller.conversation)


def meant(
    heard: dict[str, Any], *, caller: Caller, now: datetime
) -> list[Appointment] | WhoseAppointment | NothingFound | NotProven:
    proof = Proof(
        name=heard["patient_name"],
        date_of_birth=heard["date_of_birth"],
        reference=heard["reference"],
    )
    try:
        return callers.appointments_of(caller, proof, now=now) or NothingFound()
    except SeveralPatients:
        return WhoseAppointment()
    except WrongReference:
        return NotProven()


def the_one(
    heard: dict[str, Any], *, caller: Caller, now: datetime
) -> Appointment | WhichAppointment | WhoseAppointment | NothingFound | NotProven:
    """The appointment meant. One that is cancelled is meant only when none is left that is not."""
    rows = meant(heard, caller=caller, now=now)
    if not isinstance(rows, list):
        return rows
    candidates = on_the_day(callers.live(rows) or rows[-1:], heard.get("current"), now=now)
    if len(candidates) > 1:
        return WhichAppointment(tuple(candidates))
    return candidates[0] if candidates else NothingFound()


def on_the_day(
    rows: Sequence[Appointment], current: When | None, *, now: datetime
) -> list[Appointment]:
    """Those on the day, and at the time, the caller said they have it."""
    zone = now.tzinfo
    return [
        row
        for row in rows
        if current is None
        or (
            current.day in (None, row.start.astimezone(zone).date())
            and (
                current.time is None
                or row.start.astimezone(zone).time() in (current.time, current.other_time)
            )
        )
    ]


def did_that_go_through(heard: dict[str, Any], *, caller: Caller, now: datetime) -> ToolOutcome:
    """The truth about the last thing this call asked to have done.

    While another request of the call is under way, there is none to tell yet. A copy that failed
    may be written down as later than the request that was carried out.
    """
    if not underway.is_over(caller):
        return Uncertain()
    if not caller.conversation:
        return NotOnRecord()
    actions = ToolCall.objects.filter(
        conversation=caller.conversation[:200], tool__in=ACTIONS
    ).order_by("-received", "-pk")
    last = actions.first()
    if last is None:
        return NothingDone()
    if last.forgotten:
        return Forgotten()
    # A request whose answer was lost may have been carried out under its own record.
    done = actions.filter(tool=last.tool, arguments=last.arguments, settled=True).first()
    if done is None:
        return NothingDone(tried=True)
    changed = standing.changed_since(done)
    if changed is None:
        return ToldAgain(done.sentence)
    is_asked_anew = done.pk != last.pk and standing.is_undone_by_the_call(done, changed)
    return NothingDone(tried=True) if is_asked_anew else changed
