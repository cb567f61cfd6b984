"""Cancel an appointment that the caller has."""

from dataclasses import dataclass
from datetime import datetime

from assistants import callers
from assistants.calls import standing
from assistants.conversation import Caller
from assistants.outcomes import StillBooked, ToolOutcome
from assistants.tools import denials
from assistants.tools.fields import RemarkField, WordsField
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
    """Cancel the one appointment that is meant; with several, ask which. A reason such as “only if
    you can't move it” is asked about, once a call."""
    row = the_one(heard, caller=caller, now=now)
    if not isinstance(row, Appointment):
        return row
    if row.occupies and denials.put_it_off(heard.reason) and not was_asked(caller):
        return StillBooked(row)
    return appointments.cancel(
        row,
        now=now,
        source=Appointment.Source.VOICE,
        by=caller.conversation,
        reason=heard.reason,
    )


def was_asked(caller: Caller) -> bool:
    return callers.heard_by(caller).filter(outcome=StillBooked.__name__).exists()


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
