"""Cancel an appointment that the caller has."""

from dataclasses import dataclass
from datetime import UTC, datetime

from assistants import callers
from assistants.calls import standing
from assistants.conversation import Caller
from assistants.models import ToolCall
from assistants.outcomes import StillBooked, ToolOutcome
from assistants.tools import catalogue, denials
from assistants.tools.fields import RemarkField, WordsField, text_of
from assistants.tools.find_appointments import the_one
from assistants.tools.serializers import CURRENT, VisitMeant, WhichSerializer
from assistants.tools.tool import Effect, Tool
from bookings import appointments
from bookings.models import Appointment
from bookings.outcomes import Cancelled


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
    if row.occupies and is_unsure(heard, row, caller):
        return StillBooked(row)
    return appointments.cancel(
        row,
        now=now,
        source=Appointment.Source.VOICE,
        by=caller.conversation,
        reason=heard.reason,
    )


def is_unsure(heard: CancelAppointment, row: Appointment, caller: Caller) -> bool:
    """Whether the reason puts it off or is of another service, or the words may be a copy of those
    that cancelled another visit in this call: the same, or none at all."""
    kinds = (Cancelled.__name__, StillBooked.__name__)
    before = list(callers.heard_by(caller).filter(outcome__in=kinds))
    if before and before[0].outcome == StillBooked.__name__:
        return False
    if denials.put_it_off(heard.reason) or catalogue.others_named(heard.reason, row.service):
        return True
    start = row.start.astimezone(UTC).isoformat()
    others = [
        record for record in before if (record.memory or {}).get("start") not in (None, start)
    ]
    is_bare = not (heard.current or heard.reference or heard.patient_name)
    return bool(others) and (is_bare or any(heard.current == current_of(one) for one in others))


def current_of(record: ToolCall) -> str:
    said = record.arguments if isinstance(record.arguments, dict) else {}
    return " ".join((text_of(said.get("current")) or "").split())


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
