"""Join the waitlist: a place in the queue for a time that may become free."""

from dataclasses import dataclass
from datetime import datetime

from assistants.calls.memory import Memory
from assistants.conversation import Caller
from assistants.hearing import Days
from assistants.models import ToolCall
from assistants.outcomes import (
    Answer,
    DayPassed,
    ToolOutcome,
    ToolResult,
    Unclear,
    Waiting,
    WaitingNoLonger,
)
from assistants.tools import preferences
from assistants.tools.catalogue import WHOM, Choice
from assistants.tools.fields import (
    BirthDateField,
    NameField,
    PhoneField,
    PractitionerField,
    ServiceField,
    WaitingField,
)
from assistants.tools.serializers import PatientMeant, ToolSerializer, reachable
from assistants.tools.tool import Effect, Tool
from bookings import appointments, patients
from bookings.models import (
    BookingPolicy,
    Patient,
    ServiceType,
    WaitlistEntry,
)
from bookings.outcomes import NobodyOffers, Wanted
from bookings.patients import Wish


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinWaitlist(PatientMeant):
    """`days` are those that suit, with their hours."""

    service: ServiceType
    practitioner: Choice
    days: Days


class JoinWaitlistSerializer(ToolSerializer[JoinWaitlist]):
    arguments = JoinWaitlist
    older_names = {
        "serviceType": "service",
        "patientName": "patient_name",
        "patientPhone": "patient_phone",
        **WHOM,
    }
    may_name_somebody = ("days", "service")

    service = ServiceField()
    patient_name = NameField()
    patient_phone = PhoneField()
    date_of_birth = BirthDateField()
    practitioner = PractitionerField()
    days = WaitingField(default=Days())

    def validate_patient_phone(self, value: str) -> str:
        return reachable(value, self.call)


def join_waitlist(heard: JoinWaitlist, *, caller: Caller, now: datetime) -> ToolResult:
    """A place in the queue for a time that may become free. Asking again changes what is wanted."""
    if problem := cannot_be_kept(heard.practitioner, heard.service, now=now):
        return problem
    days = heard.days
    last = max(days.named, default=days.latest)
    if last and last < now.date():
        return DayPassed(last)
    said = heard.details(caller)
    patient = patients.recognise_and_lock(said, wish=Wish(heard.service), now=now)
    if not isinstance(patient, Patient):
        return patient
    patients.learn(patient, said)
    named = None if heard.practitioner.or_anyone else heard.practitioner.named
    wanted = {
        "practitioner": named,
        "contact_phone": patients.contact_phone(patient, said),
        **preferences.waited_for(days),
    }
    entry, _ = WaitlistEntry.objects.update_or_create(
        patient=patient,
        service=heard.service,
        status=WaitlistEntry.Status.WAITING,
        defaults=wanted,
        create_defaults={
            **wanted,
            "created": now,
            "conversation": caller.conversation,
        },
    )
    outcome = Waiting(entry.service.name, entry.pk, entry.preference(BookingPolicy.current()))
    corrected = (last or days.earliest) if days.year_corrected else None
    return Answer(outcome, day=corrected)


def cannot_be_kept(
    choice: Choice, service: ServiceType, *, now: datetime
) -> Unclear | NobodyOffers | None:
    """An entry waits for one practitioner, who does the service, or for any: "anyone but Dr. Cheng"
    cannot be stored and is asked about."""
    is_open = choice.named is None or choice.or_anyone
    if is_open and not choice.without:
        return None
    able = appointments.able_to(service)
    if choice.named and not is_open:
        wanted = Wanted(service.name, now, choice.named.name)
        is_able = choice.named in able
        return None if is_able else NobodyOffers(wanted, tuple(who.name for who in able))
    allowed = tuple(person.name for person in choice.among(able))
    return Unclear({"practitioner": "quality"}, practitioners=allowed or tuple(map(str, able)))


def memory_of(outcome: ToolOutcome) -> Memory:
    if not isinstance(outcome, Waiting) or not outcome.entry:
        return {}
    entry = WaitlistEntry.objects.get(pk=outcome.entry)
    return {"entry": entry.pk, "wants": entry.wants}


def changed_since(record: ToolCall, memory: Memory) -> ToolOutcome | None:
    """The place was given up, or is kept for other days and hours than the caller was told."""
    waiting = WaitlistEntry.objects.open().select_related("service")
    entry = waiting.filter(pk=memory["entry"]).first()
    if entry is None:
        return WaitingNoLonger()
    if entry.wants == memory.get("wants", entry.wants):
        return None
    return Waiting(entry.service.name, entry.pk, entry.preference(BookingPolicy.current()))


TOOL = Tool(
    name="join_waitlist",
    place=80,
    serializer=JoinWaitlistSerializer,
    function=join_waitlist,
    description=(
        "Put a patient on the waitlist for a service. Use it when none of the free times suits."
    ),
    waiting="Let me put that on the list.",
    prompt="when nothing that is free suits them and they want to be told of more.",
    effect=Effect(outcomes=(Waiting,), memory_of=memory_of, changed_since=changed_since),
    is_capped=True,
    finds=("alike",),
)
