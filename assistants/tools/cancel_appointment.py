"""Cancel an appointment that the caller has."""

import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime

from assistants import callers
from assistants.calls import standing
from assistants.conversation import Caller
from assistants.hearing import NotUnderstood
from assistants.models import ToolCall
from assistants.outcomes import StillBooked, ToolOutcome
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
    is to be cancelled, that is asked first, once."""
    row = the_one(heard, caller=caller, now=now)
    if not isinstance(row, Appointment):
        return row
    if row.occupies and is_unsure(heard, row, caller, now):
        return StillBooked(row)
    return appointments.cancel(
        row,
        now=now,
        source=Appointment.Source.VOICE,
        by=caller.conversation,
        reason=heard.reason,
    )


def is_unsure(heard: CancelAppointment, row: Appointment, caller: Caller, now: datetime) -> bool:
    """Whether the reason puts it off or is of another visit, or the words may be a copy of those
    that cancelled another visit in this call: the same, or none at all."""
    kinds = (Cancelled.__name__, StillBooked.__name__)
    before = list(callers.heard_by(caller).filter(outcome__in=kinds))
    puts_off = reasons.put_it_off(heard.reason) or is_of_another(heard.reason, row, now)
    asked = [one for one in before if one.outcome == StillBooked.__name__ and is_about(row, one)]
    if asked and asked[0] == before[0]:  # the same request once more may be a copy
        return puts_off and len(asked) == 1 and is_same(heard, asked[0])
    if puts_off:
        return True
    others = [
        record
        for record in before
        if record.outcome == Cancelled.__name__ and not is_about(row, record)
    ]
    is_bare = not (heard.current or heard.reference or heard.patient_name)
    return bool(others) and (is_bare or any(is_copy(heard, record) for record in others))


def is_same(heard: CancelAppointment, record: ToolCall) -> bool:
    said = record.arguments if isinstance(record.arguments, dict) else {}
    return heard.reason == (text_of(said.get("reason")) or "") and is_copy(heard, record)


def is_about(row: Appointment, record: ToolCall) -> bool:
    """Whether the record names this visit, or the same one that was booked anew."""
    told = record.memory or {}
    start = row.start.astimezone(UTC).isoformat()
    return (told.get("start"), told.get("service")) == (start, row.service_id)


def is_copy(heard: CancelAppointment, record: ToolCall) -> bool:
    """Whether the words for the visit and for its patient are those of the record."""
    said = record.arguments if isinstance(record.arguments, dict) else {}
    current = " ".join((text_of(said.get("current")) or "").split())
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
