"""Book an appointment, for the caller or for somebody they call for."""

import re
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from assistants.calls import standing
from assistants.conversation import Caller
from assistants.hearing import Reason, When
from assistants.outcomes import Answer, EmailSaid
from assistants.tools import addresses, caps, catalogue, preferences, times, visits
from assistants.tools.addresses import Address
from assistants.tools.catalogue import ANYBODY, Choice
from assistants.tools.check_availability import CheckAvailability, times_for
from assistants.tools.fields import (
    BirthDateField,
    ConfirmedField,
    EmailField,
    NameField,
    NotesField,
    PhoneField,
    PractitionerField,
    ServiceField,
)
from assistants.tools.serializers import (
    PatientMeant,
    StartSerializer,
    Values,
    coded,
    reachable,
)
from assistants.tools.tool import Effect, Tool
from bookings import appointments, patients
from bookings.availability import holds
from bookings.models import Appointment, Patient, ServiceType
from bookings.outcomes import AlreadyBooked, Booked, Busy, NobodyOffers, OutsideHours, SlotTaken
from bookings.patients import Wish
from tenants.postgresql.statements import Bound, Value

WORD = re.compile(r"[a-z]{3}")
# “For me and my wife”, “a cleaning for two people”: each of them needs a visit of their own.
OUR = rf"(?:my|our) (?:{visits.KIN})"
FOR_SEVERAL = re.compile(
    r"\b(?:(?:two|three|four|[2-4]) (?:of us|people|persons|patients|kids|children|adults)"
    rf"|both of us|us both|me and {OUR}|{OUR} and (?:me|i|myself|{OUR})|for me and [A-Z]\w+"
    r"|for both|for (?:the|my|our) (?:whole |entire )?family"
    r"|(?:dos|tres|cuatro) (?:personas|pacientes|niñ[oa]s)|para (?:mí|mi) y (?:para )?mi \w+)\b"
)
SEVERAL_VISITS = re.compile(
    r"\b(?:two|three|four|[2-4]|a couple of) (?:\w+ )?\w+s\b"
    r"|\bfor (?:two|three|four|[2-4])$|\bx ?[2-4]$"
)
# Refusals of one practitioner, where another may have the time, or the visit.
THEIRS_ALONE = (SlotTaken, OutsideHours, NobodyOffers, AlreadyBooked)


@dataclass(frozen=True, slots=True, kw_only=True)
class BookAppointment(PatientMeant):
    """The arguments. If `when` has no time, or is left open, the caller is told what is free."""

    service: ServiceType
    when: When
    is_left_open: bool = False
    is_for_several: bool = False
    practitioner: Choice
    patient_email: Address
    email_confirmed: bool
    notes: str


class BookAppointmentSerializer(StartSerializer[BookAppointment]):
    arguments = BookAppointment
    older_names = {
        **StartSerializer.older_names,
        "serviceType": "service",
        "patientName": "patient_name",
        "patientPhone": "patient_phone",
        "patientEmail": "patient_email",
        "dateOfBirth": "date_of_birth",
    }

    service = ServiceField()
    patient_name = NameField()
    patient_phone = PhoneField()
    patient_email = EmailField()
    email_confirmed = ConfirmedField(
        help_text="“yes” when the caller has said that the e-mail address an answer read back to"
        " them is right: then book the same visit once more with it. It stays one visit.",
    )
    date_of_birth = BirthDateField()
    practitioner = PractitionerField()
    notes = NotesField()

    def validate(self, attrs: Values) -> Values:
        """Another service or another patient in the words for the time is asked about."""
        chosen, words = attrs["service"], self.words()
        whole = f"{words}. {self.text('service')}"
        if visits.is_for_another(whole, attrs["patient_name"]):
            raise coded({"patient_name": f"name.{Reason.SEVERAL}"})
        if WORD.search(words) and (others := catalogue.others_named(words, chosen)):
            self.call.candidates["service"] = [chosen.name, *(row.name for row in others)]
            raise coded({"service": "ambiguous"})
        is_for_several = are_for_several(words, self.text("service"), self.text("notes"), chosen)
        return {**super().validate(attrs), "is_for_several": is_for_several}

    def validate_patient_phone(self, value: str) -> str:
        return reachable(value, self.call)


def are_for_several(words: str, service: str, notes: str, chosen: ServiceType) -> bool:
    """Whether the words for the time or the service, or the notes, ask for visits of several
    people, or for several visits: “two cleanings”, where no service is called so."""
    counted = SEVERAL_VISITS.search(service.casefold())
    own = {word for name in (chosen.name, *chosen.aliases) for word in catalogue.words(name)}
    is_counted = counted is not None and counted[0].split()[0] not in own
    return is_counted or any(map(FOR_SEVERAL.search, (words, service, notes)))


def book_appointment(heard: BookAppointment, *, caller: Caller, now: datetime) -> Answer:
    """Book for a patient recognised or registered. A patient is registered only with a booking."""
    when = heard.when
    if when.time is None or heard.is_left_open:
        asked = CheckAvailability(service=heard.service, practitioner=heard.practitioner, when=when)
        return times_for(asked, caller=caller, now=now)
    start = times.start(when, service=heard.service, now=now)
    if heard.practitioner == ANYBODY:
        heard = replace(heard, practitioner=whom_asked_for(heard.service, start, caller))
    answer = book_for_patient(heard, start=start, caller=caller, now=now)
    is_one_of_several = heard.is_for_several and isinstance(answer.outcome, Booked)
    day = when.day if when.year_corrected else None
    return replace(answer, day=day, is_one_of_several=is_one_of_several)


def whom_asked_for(service: ServiceType, start: datetime, caller: Caller) -> Choice:
    """Whom this call looked for times of, unless it was offered this very time, perhaps with a
    colleague."""
    choice = preferences.whom_searched_for(caller, service)
    if choice != ANYBODY and holds.was_offered(start, conversation=caller.conversation):
        return ANYBODY
    return choice


def book_for_patient(
    heard: BookAppointment,
    *,
    start: datetime,
    caller: Caller,
    now: datetime,
) -> Answer:
    """Book for the caller's patient. If the record has become another person's meanwhile, the
    patient is recognised again."""
    booking = partial(book_as_recognised, heard, start=start, caller=caller, now=now)
    answer = booking()
    is_another = isinstance(answer.outcome, Busy) and answer.outcome.is_another
    return booking() if is_another else answer


def book_as_recognised(
    heard: BookAppointment,
    *,
    start: datetime,
    caller: Caller,
    now: datetime,
) -> Answer:
    email = addresses.settled(heard.patient_email, caller, is_confirmed=heard.email_confirmed)
    said = heard.details(caller, email=email)
    choice = heard.practitioner
    patient = patients.recognise(said, wish=Wish(heard.service, start, choice.named), now=now)
    if not isinstance(patient, Patient):
        return Answer(patient)
    is_new = patient.is_new
    booking = partial(
        appointments.book,
        service=heard.service,
        start=start,
        patient=patient,
        without=choice.without,
        notes=heard.notes,
        source=Appointment.Source.VOICE,
        by=caller.conversation,
        caller=caller.number,
        preference=partial(preferences.of_call, caller, now=now),
        now=now,
    )
    outcome = booking(practitioner=choice.named)
    if choice.named and choice.or_anyone and isinstance(outcome, THEIRS_ALONE):
        outcome = booking(practitioner=None)
    if not isinstance(outcome, Booked):
        return Answer(outcome)
    if is_new:
        patients.compare(patient)
    corrected = patients.learn(patient, said)
    patients.note_contact(outcome.appointment, said)
    return Answer(
        replace(outcome, corrected=corrected),
        email=said_of_email(outcome.appointment, heard.patient_email, email),
    )


def said_of_email(appointment: Appointment, said: Address, kept: str) -> EmailSaid | None:
    """What to ask about the address that was said, or to tell if one was confirmed. `kept` is the
    address that may be stored now, or ""."""
    if said.is_missed:
        return EmailSaid()
    if said.is_spoken and not kept:
        return EmailSaid(said.address)
    was_confirmed = bool(kept) and (said.is_spoken or not said.address)
    is_noted = was_confirmed and appointment.patient.email == kept
    return EmailSaid(is_noted=True) if is_noted else None


def asked_ahead(caller: Caller, *, now: datetime) -> list[Bound[Value]]:
    """The caller's patients, how many visits the caller has booked, and whom they looked for."""
    own = patients.known_in_turn(proven=caller.number, call=caller.conversation)
    return [*own, caps.asked_ahead(caller), preferences.searches(caller)]


TOOL = Tool(
    name="book_appointment",
    place=20,
    serializer=BookAppointmentSerializer,
    function=book_appointment,
    description=(
        "Book one appointment. Use it only after service, day, date, time and name were read back"
        " and the caller said a clear yes. Say that it is booked only when the answer says so."
    ),
    waiting="One moment while I book that.",
    prompt=(
        "after a clear yes to the service, the weekday, the date, the time and the patient's name,"
        " all of which you have just read back."
    ),
    effect=Effect(
        outcomes=(Booked,),
        memory_of=standing.memory_of_visit,
        changed_since=standing.visit_since,
    ),
    is_capped=True,
    finds=("alike",),
    asks_ahead=asked_ahead,
)
