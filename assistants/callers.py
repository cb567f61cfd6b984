"""Callers: who is on the line, and whose appointments they may hear of and change.

The network says which number calls; nothing that is said does. A withheld number proves itself by
an appointment's reference and the patient's date of birth. Not known and not allowed look the same.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from assistants.models import ToolCall
from assistants.outcomes import NotProven
from bookings.models import Appointment, AppointmentQuerySet, Patient, name_key

# Wrong references that one call may name; and all calls of the org together within an hour, so
# that who calls again and again does not try on. Then nothing is proven by a reference any more:
# in that call, or until the hour has passed. Requests at once may pass each by as many as they are.
MOST_GUESSES = 5
MOST_GUESSES_AN_HOUR = 20
HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Caller:
    """`number` is E.164, or "" when withheld; `conversation` is the call's id, or ""."""

    number: str
    conversation: str


@dataclass(frozen=True, slots=True)
class Proof:
    """What was said to tell whose appointment is meant, each part empty when it was not said."""

    name: str = ""
    date_of_birth: date | None = None
    reference: str = ""


class SeveralPatients(LookupError):
    """The number is a family's, and nothing said tells whom it is about."""


class WrongReference(LookupError):
    """The reference said is of no appointment of this caller, or of none: a guess at one."""


def appointments_of(caller: Caller, proof: Proof, *, now: datetime) -> list[Appointment]:
    """Appointments still to come that this caller may change, cancelled ones included, by start.

    The number that calls opens its own at any time, however much was guessed. Raises
    SeveralPatients and WrongReference.
    """
    rows = Appointment.objects.select_related("patient", "service", "practitioner").order_by(
        "start"
    )
    own = rows.filter(patient__in=patients_of(caller, proof))
    if not proof.reference:
        return list(own.filter(start__gt=now))
    named = rows.filter(reference=proof.reference)
    return list(own & named) or proven_by_reference(named, caller, proof, now=now)


def proven_by_reference(
    named: AppointmentQuerySet, caller: Caller, proof: Proof, *, now: datetime
) -> list[Appointment]:
    """The appointment whose patient's date of birth was said with its reference.

    Nothing, whatever was said, where too much was guessed. Raises WrongReference.
    """
    if has_guessed_enough(caller, now=now):
        return []
    if proof.date_of_birth and (
        rows := list(named.filter(patient__date_of_birth=proof.date_of_birth))
    ):
        return rows
    raise WrongReference


def patients_of(caller: Caller, proof: Proof) -> list[Patient]:
    """The patients of the number that calls, as far as what was said does not rule them out."""
    if not caller.number:
        return []
    known = [row for row in Patient.objects.filter(phone=caller.number) if fits(row, proof)]
    if len(known) > 1 and not (proof.name or proof.date_of_birth or proof.reference):
        raise SeveralPatients
    return known


def fits(patient: Patient, proof: Proof) -> bool:
    if proof.date_of_birth and patient.date_of_birth not in (None, proof.date_of_birth):
        return False
    return not proof.name or is_name_of(patient, proof.name)


def is_name_of(patient: Patient, said: str) -> bool:
    """“Ben” will do for Ben Ode: the number is known already."""
    return set(name_key(said).split()) <= set(patient.name_key.split())


def has_guessed_enough(caller: Caller, *, now: datetime) -> bool:
    """Whether references were guessed at too often in this call, or in the org within an hour."""
    guesses = ToolCall.objects.filter(outcome=NotProven.__name__)
    if guesses.filter(received__gt=now - HOUR).count() >= MOST_GUESSES_AN_HOUR:
        return True
    in_call = guesses.filter(conversation=caller.conversation[:200])
    return bool(caller.conversation) and in_call.count() >= MOST_GUESSES


def live(rows: Sequence[Appointment]) -> list[Appointment]:
    return [row for row in rows if row.occupies]
