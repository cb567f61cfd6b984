"""Standing: whether an earlier answer to a call is still true, and what to answer if it is not.

A request may come again with the same id, late or on purpose, and the visit may have changed since.
If the earlier answer is still true, it is said again. If this call has undone the change, the
request is carried out again. If somebody else has changed the visit, the caller hears the present
state, and nothing is done.
"""

from collections.abc import Sequence
from datetime import UTC, datetime

from django.db.models import Q

from assistants.calls.memory import Memory
from assistants.conversation import Caller, ToolRequest
from assistants.models import Call, ToolCall
from assistants.outcomes import (
    ChangedSince,
    Forgotten,
    Found,
    StillBooked,
    ToolOutcome,
    WhichAppointment,
    WhichDay,
)
from assistants.tools import places, registry
from bookings import appointments, patients
from bookings.models import Appointment
from bookings.outcomes import Booked, Cancelled, Rescheduled
from tenants.postgresql.statements import NOTHING, Bound, Given, Statement


def memory_of(outcome: ToolOutcome) -> Memory:
    """The row that `outcome` names, as it is now: it is compared with the row later. If times were
    offered, these times: a caller may choose one by its place, such as “the second”."""
    if effect := registry.effect_of(outcome):
        return effect.memory_of(outcome)
    match outcome:
        case Found(appointments=rows) | WhichAppointment(appointments=rows):
            return {"visits": [str(row.pk) for row in rows]}
        case StillBooked(appointment=row):
            return as_it_is(row)
        case WhichDay(days=days):
            return {"days": [day.isoformat() for day in days]}
        case _:
            return {"offered": offered} if (offered := places.offered_in(outcome)) else {}


def memory_of_visit(outcome: ToolOutcome) -> Memory:
    match outcome:
        case Booked(appointment=row) | Rescheduled(appointment=row) | Cancelled(appointment=row):
            return as_it_is(row)
        case _:
            return {}


def as_it_is(row: Appointment) -> Memory:
    """What a sentence says of a visit: “arrived” still counts as booked."""
    return {
        "appointment": str(row.pk),
        "status": "booked" if row.occupies else str(row.status),
        "start": row.start.astimezone(UTC).isoformat(),
        "practitioner": row.practitioner_id,
        "service": row.service_id,
    }


def changed_since(record: ToolCall) -> ToolOutcome | None:
    """The present state, if the settled answer of `record` is no longer true; else None."""
    tool = registry.tools().get(record.tool)
    if not record.memory or tool is None or tool.effect is None:
        return Forgotten()
    return tool.effect.changed_since(record, record.memory)


def same_before(request: ToolRequest, caller: Caller) -> Bound[ToolCall]:
    """Finds what `done_before` is asked about: the last request of this call with the same words
    that has done something, if there is one."""
    if request.name not in registry.that_find("visit") or not caller.conversation:
        return NOTHING
    return SAME.bound(
        conversation=caller.conversation,
        caller=caller.number,
        tool=request.name,
        arguments=request.arguments or {},
        key=request.key or NO_KEY,
    )


NO_KEY = "-"  # what no request has
SAME = Statement(
    lambda: (
        ToolCall.objects.filter(
            conversation=Given("conversation"),
            caller=Given("caller"),
            tool=Given("tool"),
            arguments=Given("arguments", ToolCall._meta.get_field("arguments")),
            settled=True,
        )
        .exclude(key=Given("key"))
        .order_by("-received", "-pk")[:1]
    )
)


def done_before(same: Sequence[ToolCall]) -> ToolOutcome | None:
    """What a request with the same words has already done in this call, if that is still true.

    Models repeat their requests. By then “my next appointment” would be another appointment, and
    “an hour later” another hour. So the same words count as the same wish, and a caller who wants
    something else is asked for it. If the call has booked since it cancelled, they may be of the
    new visit: the tool asks.
    """
    before = next(iter(same), None)
    if before is None or changed_since(before) is not None or has_booked_since(before):
        return None
    visit = visit_of(before.memory) if before.memory else None
    if visit is None:
        return None
    is_cancelled = before.outcome == Cancelled.__name__
    return Cancelled(visit, again=True) if is_cancelled else Rescheduled(visit, moved=False)


def visit_since(record: ToolCall, memory: Memory) -> ToolOutcome | None:
    """How a visit that was booked or moved has changed since; None if it has not. If the same visit
    was booked again in another row, the answer is still true."""
    row = visit_of(memory)
    if row is None:
        return Forgotten()
    if as_it_is(row).items() <= memory.items():
        return None
    twin = twin_of(row, record, memory)
    return Booked(twin, again=True) if twin else ChangedSince(row)


def cancellation_since(record: ToolCall, memory: Memory) -> ToolOutcome | None:
    """How a visit that was cancelled has changed since; None if it has not. The answer is no longer
    true if the same visit was booked again."""
    row = visit_of(memory)
    if row is None:
        return Forgotten()
    booked = row if row.occupies else twin_of(row, record, memory)
    if booked is None and row.status == Appointment.Status.CANCELLED:
        return None
    return ChangedSince(booked or row, was_cancelled=True)


def visit_of(memory: Memory) -> Appointment | None:
    rows = Appointment.objects.select_related("practitioner", "service")
    return rows.filter(pk=memory["appointment"]).first()


def twin_of(row: Appointment, record: ToolCall, memory: Memory) -> Appointment | None:
    """Another visit of the same patient for the same, at the time that was told.

    None if the caller proved only `row`, by its reference: they may not hear of the patient's other
    visits.
    """
    own = patients.of_caller(proven=record.caller, call=record.conversation)
    if not own.filter(pk=row.patient_id).exists():
        return None
    start = datetime.fromisoformat(memory["start"])
    same = appointments.same_visits(row.patient_id, row.service, start).exclude(pk=row.pk)
    return same.select_related("practitioner", "service").first()


def is_undone_by_the_call(record: ToolCall, changed: ToolOutcome) -> bool:
    """Whether the call that was told it has undone it itself, so that it may want it again.

    A booking it has moved is not undone: booked again, the patient would have two visits. After the
    end of the call nothing is done again: such a request was delayed.
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
    if record.tool not in registry.that_find("visit"):
        return False
    later = Q(received__gt=record.received) | Q(received=record.received, pk__gt=record.pk)
    more = ToolCall.objects.filter(later, conversation=record.conversation, settled=True).exclude(
        appointment=None
    )
    if sent is not None:
        more = more.filter(received__lt=sent)
    return more.exclude(appointment=record.appointment_id).exists()


def has_booked_since(record: ToolCall) -> bool:
    """Whether its call has booked a visit since the cancellation of `record`."""
    if record.outcome != Cancelled.__name__:
        return False
    booked = ToolCall.objects.filter(conversation=record.conversation, outcome=Booked.__name__)
    return booked.filter(settled=True, pk__gt=record.pk).exists()


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
