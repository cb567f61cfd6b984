"""Callers: who is on the line, and whose appointments they may hear of and change.

The caller is the number that the network signals, never a number that is said. Without one, an
appointment's reference and the date of birth of a verified patient prove who calls: a birthday that
an unproven caller gave proves nothing (`Patient.birthday_proves`). An unknown visit and a forbidden
one get the same answer.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial

from assistants import hearing
from assistants.conversation import Caller
from assistants.hearing import NotUnderstood
from assistants.models import ToolCall, ToolCallQuerySet
from assistants.outcomes import NotProven
from bookings import names, patients
from bookings.models import Appointment, AppointmentQuerySet, Patient, Practitioner, ServiceType
from bookings.outcomes import AlikePatient, SlotTaken
from bookings.patients import Details
from tenants.postgresql.statements import Bound, Given, Statement

# Limits for wrong references: in one call, and in all calls of the org within an hour, so that
# calling again does not help. Above a limit no reference is accepted, in that call or until the
# hour is over. Requests at the same moment may exceed a limit by their number.
MOST_GUESSES = 5
MOST_GUESSES_AN_HOUR = 20
HOUR = timedelta(hours=1)
# Wrong birthdays for one reference within 24 hours, whoever calls: with a known year of birth there
# are only 365. Then only the patient's own number opens that visit. An unknown reference is counted
# and answered in the same way, since we count the reference that was said.
MOST_BIRTHDAYS_A_DAY = 10
A_DAY = timedelta(days=1)
# From this many lost times in one call on, the answer also offers a call back.
MOST_LOST = 3


@dataclass(frozen=True, slots=True)
class Proof:
    """What the caller said to prove whose appointment is meant. A part not said is empty."""

    name: str = ""
    date_of_birth: date | None = None
    reference: str = ""


class UnclearPatient(LookupError):
    """It is not clear which patient is meant: several share the number, or the name said may be
    that of a relative of the only one."""


class OtherVisits(LookupError):
    """No visit of this caller has the reference, and `appointments` are theirs.

    It does not count as a guess: without a birthday a reference opens only what the number opens.
    """

    def __init__(self, appointments: list[Appointment]) -> None:
        super().__init__("another reference")
        self.appointments = appointments


class WrongReference(LookupError):
    """The reference belongs to no appointment of this caller, or to none at all. It counts as a
    guess."""


def appointments_of(caller: Caller, proof: Proof, *, now: datetime) -> list[Appointment]:
    """Appointments still to come that this caller may change, cancelled ones included, by start.

    The visits of the number that calls are found even after too many wrong references. Raises
    UnclearPatient, OtherVisits and WrongReference.
    """
    own = patients_of(caller, proof)
    if not proof.reference:
        return ahead(own, now=now)
    rows = Appointment.objects.select_related("patient", "service", "practitioner")
    named = rows.filter(reference=proof.reference)
    if theirs := list(named.filter(patient__in=own)):
        return theirs
    if not proof.date_of_birth and (others := live(ahead(own, now=now))):
        raise OtherVisits(others)
    return proven_by_reference(named, caller, proof, now=now)


def ahead(own: Sequence[Patient], *, now: datetime) -> list[Appointment]:
    """The visits to come of these patients, cancelled ones included, by start."""
    by_key = {row.pk: row for row in own}
    rows = AHEAD(patients=list(by_key), now=now) if by_key else []
    for row in rows:
        row.patient = by_key[row.patient_id]
        row.service = ServiceType.known(row.service_id) or row.service
        row.practitioner = Practitioner.known(row.practitioner_id) or row.practitioner
    return rows


AHEAD = Statement(
    lambda: Appointment.objects.filter(
        patient__id__any_of=Given("patients"), start__gt=Given("now")
    ).order_by("start")
)


def asked_ahead(caller: Caller, *, now: datetime) -> list[Bound[Patient]]:
    """Whose visits they are: what every request about a visit asks."""
    return [patients.known(proven=caller.number, call=caller.conversation)]


def proven_by_reference(
    named: AppointmentQuerySet, caller: Caller, proof: Proof, *, now: datetime
) -> list[Appointment]:
    """The appointment whose patient's date of birth was said with its reference.

    None after too many wrong references. Raises WrongReference.
    """
    if has_guessed_enough(caller, now=now) or is_guessed_at(proof.reference, now=now):
        return []
    verified = named.filter(patient__claimed_by="", patient__birthday_proves=True)
    if proof.date_of_birth and (
        rows := list(verified.filter(patient__date_of_birth=proof.date_of_birth))
    ):
        return rows
    raise WrongReference


def patients_of(caller: Caller, proof: Proof) -> list[Patient]:
    """The caller's patients, as far as what was said does not rule them out.

    If no patient has that name: the caller's only patient, if their name is similar. With several
    patients, or where both names may be in one family (Paul and Paula), the caller is asked: raises
    UnclearPatient.
    """
    own = patients.known_to(proven=caller.number, call=caller.conversation)
    born = [row for row in own if is_born(row, proof)]
    known = [row for row in born if names.is_of(row, proof.name)]
    if not known and any(names.is_nearly_of(row, proof.name) for row in born):
        if len(born) > 1 or names.may_be_a_relative_of(born[0], proof.name):
            raise UnclearPatient
        known = born
    if len(known) > 1 and not (proof.name or proof.date_of_birth or proof.reference):
        raise UnclearPatient
    return known


def is_born(patient: Patient, proof: Proof) -> bool:
    """Whether the birthday said can be the patient's: it is equal, or none is known."""
    return not proof.date_of_birth or patient.date_of_birth in (None, proof.date_of_birth)


def details(
    caller: Caller, *, name: str, phone: str, date_of_birth: date | None, email: str = ""
) -> Details:
    """What is known of the caller, and what they say of the patient whom a tool is about."""
    return Details(
        proven=caller.number,
        call=caller.conversation,
        name=name,
        phone=phone,
        date_of_birth=date_of_birth,
        email=email,
        is_another=partial(was_asked_about, name, caller),
    )


def heard_by(caller: Caller) -> ToolCallQuerySet:
    """The requests of this call whose answers the caller has heard, the newest first."""
    records = ToolCall.objects.filter(conversation=caller.conversation).exclude(conversation="")
    if caller.heard_until is not None:
        records = records.filter(pk__lte=caller.heard_until)
    return records.order_by("-received", "-pk")


def was_asked_about(name: str, caller: Caller) -> bool:
    """Whether this call was asked already if a patient of this name is one of the caller's."""
    asked = heard_by(caller).filter(outcome=AlikePatient.__name__)
    said = (text for record in asked for text in record.said_names())
    return any(names.are_same(name, heard_name(text)) for text in said)


def heard_name(text: str) -> str:
    try:
        return hearing.person_name(text)
    except NotUnderstood:
        return ""


def has_guessed_enough(caller: Caller, *, now: datetime) -> bool:
    """Whether this call, or the org within an hour, has named too many wrong references."""
    guesses = ToolCall.objects.filter(outcome=NotProven.__name__)
    if guesses.filter(received__gt=now - HOUR).count() >= MOST_GUESSES_AN_HOUR:
        return True
    in_call = guesses.filter(conversation=caller.conversation)
    return bool(caller.conversation) and in_call.count() >= MOST_GUESSES


def is_guessed_at(reference: str, *, now: datetime) -> bool:
    """Whether too many birthdays were tried for this reference, whether it exists or not."""
    guesses = ToolCall.objects.filter(outcome=NotProven.__name__, memory__reference=reference)
    return guesses.filter(received__gt=now - A_DAY).count() >= MOST_BIRTHDAYS_A_DAY


def live(rows: Sequence[Appointment]) -> list[Appointment]:
    return [row for row in rows if row.occupies]


def lost_times(caller: Caller) -> Bound[int]:
    """Finds the requests of this call whose time was taken, MOST_LOST of them at most."""
    return LOST.bound(conversation=caller.conversation)


LOST = Statement(
    lambda: ToolCall.objects.filter(
        conversation=Given("conversation"), outcome=SlotTaken.__name__
    ).values_list("pk", flat=True)[:MOST_LOST]
)
