"""Cancel an appointment that the caller has."""

import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime

from assistants import callers
from assistants.calls import standing
from assistants.conversation import Caller
from assistants.hearing import NotUnderstood
from assistants.models import ToolCall
from assistants.outcomes import LeftAsItIs, StillBooked, ToolOutcome
from assistants.tools import catalogue, reasons, times, visits
from assistants.tools.fields import RemarkField, WordsField, text_of
from assistants.tools.find_appointments import the_one
from assistants.tools.serializers import CURRENT, VisitMeant, WhichSerializer
from assistants.tools.tool import Effect, Tool
from bookings import appointments
from bookings.models import Appointment
from bookings.outcomes import Cancelled

# “I can't come to the root canal on Friday”, “my Tuesday appointment”.
COMES_NOT_TO = re.compile(
    r"\b(?:come to|make(?: it to)?|attend|keep|miss|cancel\w*) (?:the|my|our)"
    r" (?P<what>[\w':]+(?: [\w':]+)?(?: on \w+)?)"
    r"|\b(?P<day>(?:mon|tues|wednes|thurs|fri|satur|sun)day)(?:'s)?"
    r" (?:appointment|visit|one|cleaning|slot|booking)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelAppointment(VisitMeant):
    reason: str


class CancelAppointmentSerializer(WhichSerializer[CancelAppointment]):
    arguments = CancelAppointment

    current = WordsField(default="", subject="visit", help_text=CURRENT)
    reason = RemarkField(help_text="Why, if the caller said so.")


def cancel_appointment(heard: CancelAppointment, *, caller: Caller, now: datetime) -> ToolOutcome:
    """Cancel the one appointment that is meant; with several, ask which. If it is not sure that it
    is to be cancelled, that is asked first."""
    row = the_one(heard, caller=caller, now=now)
    if not isinstance(row, Appointment):
        return row
    if row.occupies and (left := left_as_it_is(heard, row, caller, now)):
        return left
    return appointments.cancel(
        row,
        now=now,
        source=Appointment.Source.VOICE,
        by=caller.conversation,
        reason=heard.reason,
    )


def left_as_it_is(
    heard: CancelAppointment, row: Appointment, caller: Caller, now: datetime
) -> StillBooked | LeftAsItIs | None:
    """What is said where the reason puts it off or is of something else, or where the words may be
    a copy of those that cancelled another visit in this call: the same, or none at all."""
    is_of_no_visit = reasons.are_of_no_visit(heard.reason)
    if is_of_no_visit and not heard.current:
        return LeftAsItIs(is_no_visit=True)
    kinds = (Cancelled.__name__, StillBooked.__name__)
    before = list(callers.heard_by(caller).filter(outcome__in=kinds))
    asked = [one for one in before if one.outcome == StillBooked.__name__ and is_about(row, one)]
    is_of_something_else = is_of_no_visit or is_of_another(heard.reason, row, now)
    if asked and asked[0] == before[0]:
        return after_asking(heard, row, asked, is_of_something_else=is_of_something_else)
    if is_of_something_else or reasons.put_it_off(heard.reason):
        return StillBooked(row)
    others = [
        record
        for record in before
        if record.outcome == Cancelled.__name__ and not is_about(row, record)
    ]
    is_bare = not (heard.current or heard.reference or heard.patient_name)
    may_be_copy = others and (is_bare or any(is_copy(heard, record) for record in others))
    return StillBooked(row) if may_be_copy else None


def after_asking(
    heard: CancelAppointment,
    row: Appointment,
    asked: Sequence[ToolCall],
    *,
    is_of_something_else: bool,
) -> StillBooked | LeftAsItIs | None:
    """As `left_as_it_is`, for a caller who was asked about this visit just before. The first time
    the same words come again, they may be a copy."""
    if reasons.are_no(heard.reason):
        return LeftAsItIs()
    if is_same(heard, asked[0]):
        is_put_off = is_of_something_else or reasons.put_it_off(heard.reason)
    else:
        is_confirmed = reasons.confirm(f"{heard.reason} {heard.current}")
        is_put_off = reasons.put_it_off(heard.reason) and not is_confirmed
    return StillBooked(row, is_again=len(asked) > 1) if is_put_off else None


def is_same(heard: CancelAppointment, record: ToolCall) -> bool:
    reason = text_of(record.arguments.get("reason")) or ""
    return heard.reason == reason and is_copy(heard, record)


def is_about(row: Appointment, record: ToolCall) -> bool:
    """Whether the record names this visit, or the same one that was booked anew."""
    told = record.memory or {}
    start = row.start.astimezone(UTC).isoformat()
    return (told.get("start"), told.get("service")) == (start, row.service_id)


def is_copy(heard: CancelAppointment, record: ToolCall) -> bool:
    """Whether the words for the visit and for its patient are those of the record."""
    current = " ".join((text_of(record.arguments.get("current")) or "").split())
    whose = [callers.heard_name(text) for text in record.said_names()]
    return (heard.current, heard.reference) == (current, "") and (
        heard.patient_name in (whose or [""])
    )


def is_of_another(reason: str, row: Appointment, now: datetime) -> bool:
    """Whether a reason names a visit for another service, on another day or of somebody else as the
    one to cancel."""
    if visits.is_for_another(reason, row.patient.name):
        return True
    for named in COMES_NOT_TO.finditer(reason.replace("\u2019", "'")):
        what = named["what"] or named["day"]
        own = set(catalogue.services_to_the_letter(what))
        if own and row.service not in own:
            return True
        with suppress(NotUnderstood):
            if not visits.is_at(row, times.hearer(now)(what), what, now=now):
                return True
    return False


TOOL = Tool(
    name="cancel_appointment",
    place=50,
    serializer=CancelAppointmentSerializer,
    function=cancel_appointment,
    description=(
        "Cancel an appointment the caller has. Use it only after a clear yes to cancelling that"
        " very appointment."
    ),
    waiting="One moment while I cancel that.",
    prompt="after a clear yes to which appointment is given up.",
    effect=Effect(
        outcomes=(Cancelled,),
        memory_of=standing.memory_of_visit,
        changed_since=standing.cancellation_since,
    ),
    finds=("visit", "proof", "whose"),
    asks_ahead=callers.asked_ahead,
)
