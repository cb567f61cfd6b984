"""Messages: what staff will see to when the caller has hung up."""

from datetime import datetime
from typing import Any

from assistants import callers
from assistants.callers import Caller
from assistants.catalogue import Choice
from assistants.outcomes import CallbackRequested, ToolOutcome, Unclear, Waiting
from bookings import patients
from bookings.models import (
    Callback,
    Patient,
    Practitioner,
    ServiceType,
    WaitlistEntry,
)
from bookings.patients import Wish


def request_callback(heard: dict[str, Any], *, caller: Caller, now: datetime) -> ToolOutcome:
    """One note for staff a call and number: a second request adds to the first.

    A number that is only said is noted as such: it may be anybody's.
    """
    callback, _ = Callback.objects.update_or_create(
        conversation=caller.conversation,
        phone=heard["phone"],
        status=Callback.Status.PENDING,
        defaults={
            "name": heard["name"],
            "reason": heard["reason"],
            "best_time": heard["best_time"],
        },
        create_defaults={
            "name": heard["name"],
            "reason": heard["reason"],
            "best_time": heard["best_time"],
            "phone_is_proven": heard["phone"] == caller.number,
            "created": now,
        },
    )
    return CallbackRequested(callback.phone, callback.pk)


def join_waitlist(heard: dict[str, Any], *, caller: Caller, now: datetime) -> ToolOutcome:
    """A place in the queue for a time that may become free. Asking again changes what is wanted."""
    if problem := cannot_be_kept(heard["practitioner"], heard["service"]):
        return problem
    said = callers.details(heard, caller)
    patient = patients.recognise(said, wish=Wish(heard["service"]))
    if not isinstance(patient, Patient):
        return patient
    patients.learn(patient, said)
    wanted = {
        "practitioner": heard["practitioner"].named,
        "weekdays": heard["days"],
        "parts": heard["parts"],
    }
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
    return Waiting(heard["service"].name, entry.pk)


def cannot_be_kept(choice: Choice, service: ServiceType) -> Unclear | None:
    """An entry waits for one practitioner or for any: a wish for any but some is asked about."""
    if not choice.without:
        return None
    able = Practitioner.objects.filter(services=service, is_active=True)
    allowed = tuple(person.name for person in choice.among(able))
    return Unclear({"practitioner": "quality"}, practitioners=allowed or tuple(map(str, able)))
