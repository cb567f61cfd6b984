"""Standing: whether what a call was told still holds, and how it stands when it does not.

A request may come again under its id, late or on purpose, and others may have changed since what
was done for it. What still holds is said again; what this call itself has undone is done anew; of
what others have changed it is said how it stands, and nothing is done.
"""

from datetime import UTC, datetime
from typing import Any

from django.db.models import Q

from assistants.conversation import Caller
from assistants.models import Call, ToolCall
from assistants.outcomes import (
    CallbackRequested,
    CalledBack,
    ChangedSince,
    Forgotten,
    Found,
    ToolOutcome,
    Waiting,
    WaitingNoLonger,
    WhichAppointment,
)
from assistants.tools import places
from bookings import appointments, patients
from bookings.models import Appointment, BookingPolicy, Callback, WaitlistEntry
from bookings.outcomes import Booked, Cancelled, Rescheduled

CHANGING = ("cancel_appointment", "reschedule_appointment")
# What can be said again. A refusal is not among them: the next try may succeed.
SETTLED = (Booked, Rescheduled, Cancelled, CallbackRequested, Waiting)


def told_by(outcome: ToolOutcome) -> dict[str, Any] | None:
    """The row that `outcome` tells of, as it is now, to be compared with it later; of what was
    offered the times, from which a caller chooses by their place."""
    match outcome:
        case Booked(appointment=row) | Rescheduled(appointment=row) | Cancelled(appointment=row):
            return as_it_is(row)
        case CallbackRequested(callback=key):
            return {"callback": key}
        case Waiting(entry=key):
            return {"entry": key, "wants": WaitlistEntry.objects.get(pk=key).wants} if key else None
        case Found(appointments=rows) | WhichAppointment(appointments=rows):
            return {"visits": [str(row.pk) for row in rows]}
        case _:
            return {"offered": offered} if (offered := places.told_in(outcome)) else None


def as_it_is(row: Appointment) -> dict[str, Any]:
    """What a sentence says of a visit: that a patient arrived takes nothing from “booked”."""
    return {
        "appointment": str(row.pk),
        "status": "booked" if row.occupies else str(row.status),
        "start": row.start.astimezone(UTC).isoformat(),
        "practitioner": row.practitioner_id,
        "service": row.service_id,
    }


def changed_since(record: ToolCall) -> ToolOutcome | None:
    """How it stands now, where the settled answer of `record` holds no longer; None: it holds."""
    told = record.told
    if not told:
        return Forgotten()
    match record.outcome:
        case Booked.__name__ | Rescheduled.__name__:
            return visit_since(record, told)
        case Cancelled.__name__:
            return cancellation_since(record, told)
        case CallbackRequested.__name__:
            asked = Callback.objects.filter(pk=told["callback"])
            return None if asked.filter(status=Callback.Status.PENDING) else CalledBack()
        case Waiting.__name__:
            return place_since(told)
        case _:
            return Forgotten()


def done_before(record: ToolCall) -> ToolOutcome | None:
    """What a request of the same words has done in this call already, while it still holds.

    Models ask again for what they have asked for. “My next appointment” is another one by then, and
    “an hour later” another hour: it is the same wish, and who has another one is asked for it.
    """
    if record.tool not in CHANGING or not record.conversation:
        return None
    same = ToolCall.objects.filter(
        conversation=record.conversation,
        caller=record.caller,
        tool=record.tool,
        arguments=record.arguments,
        settled=True,
    ).exclude(pk=record.pk)
    before = same.order_by("-received", "-pk").first()
    if before is None or changed_since(before) is not None:
        return None
    visit = visit_of(before.told or {})
    if visit is None:
        return None
    is_cancelled = before.outcome == Cancelled.__name__
    return Cancelled(visit, again=True) if is_cancelled else Rescheduled(visit, moved=False)


def place_since(told: dict[str, Any]) -> ToolOutcome | None:
    """Of a place on the waitlist: given up, or kept for other days and hours than were told."""
    places = WaitlistEntry.objects.select_related("service")
    entry = places.filter(pk=told["entry"], status=WaitlistEntry.Status.WAITING).first()
    if entry is None:
        return WaitingNoLonger()
    if entry.wants == told.get("wants", entry.wants):
        return None
    return Waiting(entry.service.name, entry.pk, entry.preference(BookingPolicy.current()))


def visit_since(record: ToolCall, told: dict[str, Any]) -> ToolOutcome | None:
    """Of a visit that was booked or moved. Booked once more under another row, it is booked."""
    row = visit_of(told)
    if row is None:
        return Forgotten()
    if as_it_is(row).items() <= told.items():
        return None
    twin = twin_of(row, record, told)
    return Booked(twin, again=True) if twin else ChangedSince(row)


def cancellation_since(record: ToolCall, told: dict[str, Any]) -> ToolOutcome | None:
    """Of a visit that was cancelled. It is not, where the same one is booked once more."""
    row = visit_of(told)
    if row is None:
        return Forgotten()
    booked = row if row.occupies else twin_of(row, record, told)
    if booked is None and row.status == Appointment.Status.CANCELLED:
        return None
    return ChangedSince(booked or row, was_cancelled=True)


def visit_of(told: dict[str, Any]) -> Appointment | None:
    rows = Appointment.objects.select_related("practitioner", "service")
    return rows.filter(pk=told["appointment"]).first()


def twin_of(row: Appointment, record: ToolCall, told: dict[str, Any]) -> Appointment | None:
    """Another visit of the same patient for the same, at the time that was told.

    None for who has only proven `row`, by its reference: the patient's other visits are not theirs.
    """
    own = patients.of_caller(proven=record.caller, call=record.conversation)
    if not own.filter(pk=row.patient_id).exists():
        return None
    start = datetime.fromisoformat(told["start"])
    same = appointments.same_visits(row.patient_id, row.service, start).exclude(pk=row.pk)
    return same.select_related("practitioner", "service").first()


def is_undone_by_the_call(record: ToolCall, changed: ToolOutcome) -> bool:
    """Whether the call that was told it has undone it itself, so that it may want it again.

    A booking it has moved is not undone: booked again, the patient would have two visits. A call
    that has ended wants nothing any more: what comes then was on its way for long.
    """
    if not isinstance(changed, ChangedSince) or has_ended(record.conversation):
        return False
    row = changed.appointment
    if record.outcome == Booked.__name__ and row.occupies:
        return False
    return bool(record.conversation) and last_changed_by(row) == record.conversation


def has_ended(conversation: str) -> bool:
    return Call.objects.filter(conversation=conversation, status=Call.Status.ENDED).exists()


def is_late(changed: ToolOutcome, sent: datetime | None) -> bool:
    """Whether a request was sent before its call's own last change of the visit: it is a copy that
    was slow on the way. What was sent later is a new wish; so is what does not say when."""
    if sent is None or not isinstance(changed, ChangedSince):
        return False
    last = changed.appointment.changes.order_by("pk").last()
    return last is not None and sent <= last.at


def has_done_more(record: ToolCall, *, sent: datetime | None) -> bool:
    """Whether its call has booked, moved or cancelled another visit since the cancellation or the
    move of `record`, and before this request was sent. Ids are not unique: hooks share one."""
    if record.tool not in CHANGING:
        return False
    later = Q(received__gt=record.received) | Q(received=record.received, pk__gt=record.pk)
    more = ToolCall.objects.filter(later, conversation=record.conversation, settled=True).exclude(
        appointment=None
    )
    if sent is not None:
        more = more.filter(received__lt=sent)
    return more.exclude(appointment=record.appointment_id).exists()


def ahead(caller: Caller, *, now: datetime) -> tuple[Appointment, ...]:
    """The visits to come of the caller's patients."""
    own = patients.of_caller(proven=caller.number, call=caller.conversation)
    rows = Appointment.objects.occupying().filter(patient__in=own, start__gt=now)
    return tuple(rows.select_related("practitioner", "service").order_by("start"))


def last_changed_by(row: Appointment) -> str:
    """The call or the user who left `row` as it is; empty where its history does not say."""
    last = row.changes.order_by("pk").last()
    if last is None:
        return ""
    left = (last.status, last.start, last.practitioner_id)
    return last.by if left == (row.status, row.start, row.practitioner_id) else ""
