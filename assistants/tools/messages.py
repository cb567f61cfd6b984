"""Messages: what staff will see to when the caller has hung up."""

from datetime import datetime
from typing import Any

from assistants import callers
from assistants.conversation import Caller
from assistants.hearing import Days
from assistants.outcomes import (
    CallbackRequested,
    DayPassed,
    ToolOutcome,
    Unclear,
    Understood,
    Waiting,
)
from assistants.tools import preferences
from assistants.tools.catalogue import Choice
from bookings import names, patients
from bookings.models import (
    BookingPolicy,
    Callback,
    Patient,
    Practitioner,
    ServiceType,
    WaitlistEntry,
)
from bookings.patients import Wish


def request_callback(heard: dict[str, Any], *, caller: Caller, now: datetime) -> ToolOutcome:
    """One note for staff a call, number and person: a second request adds to the first.

    A number that is only said is noted as such: it may be anybody's.
    """
    noted = Callback.objects.filter(
        conversation=caller.conversation, phone=heard["phone"], status=Callback.Status.PENDING
    )
    theirs = (row for row in noted.order_by("pk") if names.are_alike(row.name, heard["name"]))
    callback = next(theirs, None) or Callback(
        conversation=caller.conversation,
        phone=heard["phone"],
        phone_is_proven=heard["phone"] == caller.number,
        created=now,
    )
    callback.name = heard["name"]
    callback.reason = added(callback.reason, heard["reason"])
    callback.best_time = heard["best_time"] or callback.best_time
    callback.save()
    return CallbackRequested(callback.phone, callback.pk)


def added(noted: str, said: str) -> str:
    """Both reasons, unless one holds the other; as far as there is room."""
    if said.casefold() in noted.casefold():
        return noted
    if noted.casefold() in said.casefold():
        return said
    room = Callback._meta.get_field("reason").max_length or 0
    return f"{noted}; {said}"[:room]


def join_waitlist(heard: dict[str, Any], *, caller: Caller, now: datetime) -> ToolOutcome:
    """A place in the queue for a time that may become free. Asking again changes what is wanted."""
    if problem := cannot_be_kept(heard["practitioner"], heard["service"]):
        return problem
    days: Days = heard["days"]
    last = max(days.named, default=days.latest)
    if last and last < now.date():
        return DayPassed(last)
    said = callers.details(heard, caller)
    wish = Wish(heard["service"])
    patient = patients.recognise(said, wish=wish)
    if isinstance(patient, Patient) and not patient.hold():
        patient = patients.recognise(said, wish=wish)  # it has become somebody else's
    if not isinstance(patient, Patient):
        return patient
    patients.learn(patient, said)
    choice: Choice = heard["practitioner"]
    named = None if choice.or_anyone else choice.named
    wanted = {"practitioner": named, **preferences.waited_for(days)}
    entry, _ = WaitlistEntry.objects.update_or_create(
        patient=patient,
        service=heard["service"],
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
    return Understood(corrected, outcome) if corrected else outcome


def cannot_be_kept(choice: Choice, service: ServiceType) -> Unclear | None:
    """An entry waits for one practitioner or for any: a wish for any but some is asked about."""
    if not choice.without:
        return None
    able = Practitioner.objects.filter(services=service, is_active=True)
    allowed = tuple(person.name for person in choice.among(able))
    return Unclear({"practitioner": "quality"}, practitioners=allowed or tuple(map(str, able)))
