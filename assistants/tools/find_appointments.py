"""Find appointments: those that a caller has ahead, and which of them is meant."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from assistants import callers, speech
from assistants.callers import OtherVisits, Proof, UnclearPatient, WrongReference
from assistants.calls import underway
from assistants.conversation import Caller
from assistants.outcomes import (
    Found,
    LeftAsItIs,
    NothingFound,
    NotProven,
    StillWorking,
    ToolOutcome,
    WhichAppointment,
    WhoseAppointment,
)
from assistants.tools import reasons, times, visits
from assistants.tools.fields import NameField, ReferenceField, RemarkField
from assistants.tools.serializers import VisitMeant, WhichSerializer
from assistants.tools.tool import Tool
from bookings.models import Appointment
from tenants.postgresql.statements import Bound, Value

# The one visit that is meant, or why it is not known which.
Meant = Appointment | WhichAppointment | WhoseAppointment | NothingFound | NotProven | LeftAsItIs

# What asks for the visits that an answer had no room for.
REST = re.compile(r"\b(?:rest|others?|remaining|what else|any more|more|the ones? after)\b")


@dataclass(frozen=True, slots=True, kw_only=True)
class FindAppointments(VisitMeant):
    """The arguments: all visits are meant, unless `current` asks for one or for the rest."""


class FindAppointmentsSerializer(WhichSerializer[FindAppointments]):
    """The number is enough to look; a family is asked for the name."""

    arguments = FindAppointments

    current = RemarkField(
        subject="visit",
        help_text="Which of them, if they asked for one, or “the rest”, in their own words.",
    )

    patient_name = NameField(default="", left_out=True)
    reference = ReferenceField(default="", left_out=True)


def find_appointments(heard: FindAppointments, *, caller: Caller, now: datetime) -> ToolOutcome:
    """The caller's visits to come, the soonest first; StillWorking while another request of the
    call changes them."""
    if not underway.is_over(caller):
        return StillWorking()
    rows = meant(heard, caller=caller, now=now)
    if not isinstance(rows, list):
        return rows
    ahead = [row for row in callers.live(rows) if row.start > now]
    if not ahead:
        return NothingFound()
    if heard.current and not speaks_of_the_rest(heard.current):
        found = pointed_at(ahead, heard, caller=caller, now=now)
        return Found(tuple(found)) if found else WhichAppointment(tuple(ahead), is_another=True)
    rest = not_told(ahead, caller)
    return Found(tuple(rest or ahead), is_rest=bool(rest))


def speaks_of_the_rest(words: str) -> bool:
    return bool(REST.search(words.casefold()))


def not_told(ahead: Sequence[Appointment], caller: Caller) -> list[Appointment]:
    """The visits that the answer just before had no room for, if it left any out."""
    last = callers.heard_by(caller).first() if len(ahead) > 1 else None
    if last is None or not last.sentence.endswith(speech.TELL_THE_REST):
        return []
    told = [number for number, row in enumerate(ahead) if row.reference in last.sentence]
    return list(ahead[max(told) + 1 :]) if told else []


def meant(
    heard: VisitMeant, *, caller: Caller, now: datetime
) -> list[Appointment] | WhichAppointment | WhoseAppointment | NothingFound | NotProven:
    proof = Proof(
        name=heard.patient_name,
        date_of_birth=heard.date_of_birth,
        reference=heard.reference,
    )
    try:
        return callers.appointments_of(caller, proof, now=now) or NothingFound()
    except UnclearPatient:
        if heard.patient_name:
            return WhoseAppointment()
        if name := visits.whose(heard.current):
            return meant(replace(heard, patient_name=name), caller=caller, now=now)
        name = visits.bare_name(heard.current)
        named = meant(replace(heard, patient_name=name), caller=caller, now=now) if name else None
        return named if isinstance(named, list) else WhoseAppointment()
    except OtherVisits as error:
        return WhichAppointment(tuple(error.appointments), is_another=True)
    except WrongReference:
        return NotProven(proof.reference if proof.date_of_birth else "")


def the_one(heard: VisitMeant, *, caller: Caller, now: datetime) -> Meant:
    """The appointment meant. A cancelled one is taken only if no other is left."""
    if reasons.are_no(heard.current):
        return LeftAsItIs()
    if reasons.name_no_visit(heard.current):
        return LeftAsItIs(is_no_visit=True)
    rows = meant(heard, caller=caller, now=now)
    if not isinstance(rows, list):
        return rows
    live = callers.live(rows)
    known = live or rows[-1:]
    found = pointed_at(known, heard, caller=caller, now=now) if heard.current else known
    if len(found) == 1:
        return found[0]
    if found or not live:
        return WhichAppointment(tuple(found)) if found else NothingFound()
    is_several = len(live) > 1 and visits.are_several(heard.current)
    return WhichAppointment(tuple(live), is_another=not is_several, is_several=is_several)


def pointed_at(
    rows: Sequence[Appointment], heard: VisitMeant, *, caller: Caller, now: datetime
) -> list[Appointment]:
    """The visits of `rows` that every line of the words for the visit fits."""
    fits = partial(
        visits.fitting,
        rows,
        listed=visits.listed(rows, caller),
        is_named=bool(heard.patient_name),
        hear=times.hearer(now),
        now=now,
    )
    fitting = list(rows)
    for line in heard.current.splitlines():
        fitting = [row for row in fits(line) if row in fitting]
    return fitting


def asked_ahead(caller: Caller, *, now: datetime) -> list[Bound[Value]]:
    return [*underway.asked_ahead(caller), *callers.asked_ahead(caller, now=now)]


TOOL = Tool(
    name="find_appointments",
    place=30,
    serializer=FindAppointmentsSerializer,
    function=find_appointments,
    description=(
        "Tell which appointments the caller has ahead. Whose they are is known from the telephone"
        " number; a name is needed only where a family shares it."
    ),
    waiting="Let me look that up.",
    prompt="when the caller asks what they have, or does not know when it is.",
    finds=("proof", "whose"),
    asks_ahead=asked_ahead,
)
