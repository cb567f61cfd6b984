"""Changing: what a caller already has, found, moved and cancelled, and whether it was done."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

from assistants import callers, speech
from assistants.callers import OtherVisits, Proof, SeveralPatients, WrongReference
from assistants.calls import standing, underway
from assistants.conversation import Caller, ToolRequest
from assistants.hearing import When
from assistants.models import ToolCall
from assistants.outcomes import (
    Forgotten,
    Found,
    NeverDone,
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
    WhichDay,
    WhoseAppointment,
)
from assistants.tools import availability, preferences, relative, times, visits
from assistants.tools.catalogue import ANYBODY, Choice
from assistants.tools.relative import NewTime, TwoDays, Window
from bookings import appointments
from bookings.availability import slots
from bookings.availability.slots import Own
from bookings.models import Appointment, Practitioner
from bookings.outcomes import (
    NobodyOffers,
    OutsideHours,
    RescheduleOutcome,
    SlotTaken,
    Wanted,
)

Source = Appointment.Source
# What asks for the visits that an answer had no room for.
REST = re.compile(r"\b(?:rest|others?|remaining|what else|any more|more|the ones? after)\b")
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
    if not ahead:
        return NothingFound()
    if heard["current"] and not speaks_of_the_rest(heard["current"]):
        found = pointed_at(ahead, heard, caller=caller, now=now)
        return Found(tuple(found)) if found else WhichAppointment(tuple(ahead), is_another=True)
    rest = not_told(ahead, caller)
    return Found(tuple(rest or ahead), is_rest=bool(rest))


def speaks_of_the_rest(words: str) -> bool:
    return bool(REST.search(words.casefold()))


def not_told(ahead: Sequence[Appointment], caller: Caller) -> list[Appointment]:
    """Those behind the last one that the answer just before had room for, if it left any out."""
    last = callers.heard_by(caller).first()
    if last is None or not last.sentence.endswith(speech.TELL_THE_REST):
        return []
    told = [number for number, row in enumerate(ahead) if row.reference in last.sentence]
    return list(ahead[max(told) + 1 :]) if told else []


def reschedule_appointment(heard: dict[str, Any], *, caller: Caller, now: datetime) -> ToolOutcome:
    """Move the one appointment that is meant; with several, ask which."""
    row = the_one(heard, caller=caller, now=now)
    if not isinstance(row, Appointment):
        return row
    wish = wished(heard, row, now=now)
    if isinstance(wish, TwoDays):
        return WhichDay(wish.days)
    if isinstance(wish, Window) or wants_times(wish):
        return times_to_move_to(row, wish, heard["practitioner"], caller=caller, now=now)
    when = wish if isinstance(wish, When) else When()
    start = wish if isinstance(wish, datetime) else times.start(when, service=row.service, now=now)
    outcome = moved(
        row,
        heard["practitioner"],
        start=start,
        by=caller.conversation,
        caller=caller.number,
        preference=preferences.of_call(caller, now=now),
        now=now,
    )
    return Understood(when.day, outcome) if when.day and when.year_corrected else outcome


def wished(heard: dict[str, Any], row: Appointment, *, now: datetime) -> NewTime:
    """When the visit is to be, by itself or as it is told by when the visit is now."""
    if not heard["relative"]:
        when: When = heard["when"]
        return when
    start = row.start.astimezone(slots.zone_of(now))
    return relative.new_time(heard["relative"], start, hear=times.hearer(now))


def wants_times(wish: NewTime) -> bool:
    return isinstance(wish, When) and wish.time is None


def times_to_move_to(
    row: Appointment, wish: NewTime, choice: Choice, *, caller: Caller, now: datetime
) -> ToolOutcome:
    """What is free where the new time is to be, with the practitioner the visit is with."""
    where = wish if isinstance(wish, Window) else Window()
    when = where.wish if isinstance(wish, Window) else wish
    day = where.day or (when.day if isinstance(when, When) else None)
    is_free = choice.named or choice.without
    return availability.times_for(
        row.service,
        choice if is_free else Choice(named=row.practitioner),
        replace(when, day=day) if isinstance(when, When) else When(),
        caller=caller,
        now=now,
        own=Own(row, caller.conversation, row.patient_id, caller.number),
        after=where.after,
        before=where.before,
    )


def soonest_to_move_to(row: Appointment, *, caller: Caller, now: datetime) -> ToolOutcome:
    return times_to_move_to(row, When(), ANYBODY, caller=caller, now=now)


def moved(row: Appointment, choice: Choice, **wanted: Any) -> RescheduleOutcome:
    """To a colleague only where somebody else was asked for, or anybody will do."""
    named, is_unwanted = choice.named, row.practitioner_id in choice.without
    if is_unwanted:
        able = Practitioner.objects.filter(services=row.service_id, is_active=True)
        allowed = choice.among(able.order_by("pk"))
        if not allowed:
            asked = Wanted(row.service.name, wanted["start"])
            return NobodyOffers(asked, tuple(person.name for person in able))
        named = allowed[0]
    moving = partial(
        appointments.reschedule, row, source=Source.VOICE, without=choice.without, **wanted
    )
    outcome = moving(practitioner=named)
    if not isinstance(outcome, SlotTaken | OutsideHours):
        return outcome
    other = outcome.colleague
    will_do = choice.or_anyone or is_unwanted
    if will_do and other and other.start == wanted["start"]:
        return moving(practitioner=other.practitioner)
    return outcome


def cancel_appointment(heard: dict[str, Any], *, caller: Caller, now: datetime) -> ToolOutcome:
    """Cancel the one appointment that is meant; with several, ask which."""
    row = the_one(heard, caller=caller, now=now)
    if not isinstance(row, Appointment):
        return row
    return appointments.cancel(
        row, now=now, source=Source.VOICE, by=caller.conversation, reason=heard["reason"]
    )


def meant(
    heard: dict[str, Any], *, caller: Caller, now: datetime
) -> list[Appointment] | WhichAppointment | WhoseAppointment | NothingFound | NotProven:
    proof = Proof(
        name=heard["patient_name"],
        date_of_birth=heard["date_of_birth"],
        reference=heard["reference"],
    )
    try:
        return callers.appointments_of(caller, proof, now=now) or NothingFound()
    except SeveralPatients:
        return WhoseAppointment()
    except OtherVisits as error:
        return WhichAppointment(tuple(error.appointments), is_another=True)
    except WrongReference:
        return NotProven(proof.reference if proof.date_of_birth else "")


def the_one(
    heard: dict[str, Any], *, caller: Caller, now: datetime
) -> Appointment | WhichAppointment | WhoseAppointment | NothingFound | NotProven:
    """The appointment meant. One that is cancelled is meant only when none is left that is not."""
    rows = meant(heard, caller=caller, now=now)
    if not isinstance(rows, list):
        return rows
    live = callers.live(rows)
    known = live or rows[-1:]
    found = pointed_at(known, heard, caller=caller, now=now) if heard["current"] else known
    if len(found) == 1:
        return found[0]
    if found or not live:
        return WhichAppointment(tuple(found)) if found else NothingFound()
    return WhichAppointment(tuple(live), is_another=True)


def pointed_at(
    rows: Sequence[Appointment], heard: dict[str, Any], *, caller: Caller, now: datetime
) -> list[Appointment]:
    """Those of `rows` that are meant by the words for the visit."""
    return visits.fitting(
        rows,
        heard["current"],
        listed=visits.listed(rows, caller),
        is_named=bool(heard["patient_name"]),
        hear=times.hearer(now),
        now=now,
    )


def did_that_go_through(heard: dict[str, Any], *, caller: Caller, now: datetime) -> ToolOutcome:
    """The truth about the last thing this call asked to have done.

    While another request of the call is under way, there is none to tell yet. A copy that failed
    may be written down as later than the request that was carried out. One that was lost while
    nothing could be written down is known from Vapi's account of the call alone.
    """
    if not underway.is_over(caller) or underway.may_be_waiting(caller):
        return Uncertain()
    if not caller.conversation:
        return NotOnRecord()
    actions = ToolCall.objects.filter(conversation=caller.conversation, tool__in=ACTIONS).order_by(
        "-received", "-pk"
    )
    last = actions.first()
    if left_no_trace(caller, last):
        return NeverDone(said_before(last))
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


def left_no_trace(caller: Caller, newest: ToolCall | None) -> bool:
    """Whether the last thing this call asked for, as Vapi tells it, is on record nowhere.

    It is, where the `newest` record can be of it, or where there are as many that can be as it was
    asked for. Vapi adds arguments of its own to those the model wrote (`STATIC_PARAMETERS`).
    """
    asked = [request for request in caller.earlier if request.name in ACTIONS]
    if not asked:
        return False
    last = asked[-1]
    records = ToolCall.objects.filter(conversation=caller.conversation, tool=last.name)
    could_be = [row for row in records if can_be_of(row, last)]
    times = {
        str(request.id)
        for request in asked
        if (request.name, request.arguments) == (last.name, last.arguments)
    }
    return newest not in could_be and len(could_be) < len(times)


def can_be_of(record: ToolCall, request: ToolRequest) -> bool:
    """What we have forgotten can be of any."""
    said = (request.arguments or {}).items()
    return bool(record.forgotten) or said <= record.arguments.items()


def said_before(last: ToolCall | None) -> str:
    """What was said of the last thing that is on record, if it was done and stands so."""
    holds = last is not None and last.settled and standing.changed_since(last) is None
    return last.sentence if last and holds else ""
