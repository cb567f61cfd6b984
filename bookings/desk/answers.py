"""Answers: what a button or a drag of a page is told, as JSON that desk.js reads.

200: done, with the address that undoes it. 409: refused, with up to three other times.
400: not what a page sends. 403: not allowed.
"""

from dataclasses import asdict, dataclass

from django.http import HttpRequest, JsonResponse
from django.urls import reverse
from django.utils import timezone

from bookings.availability.slots import Slot
from bookings.desk.refusals import NotDone, sentence
from bookings.models import Appointment, AppointmentChange
from bookings.outcomes import (
    AlreadyBooked,
    Booked,
    Cancelled,
    Marked,
    OutsideHours,
    Rescheduled,
    SlotTaken,
    Undone,
)

Done = Booked | Rescheduled | Cancelled | Marked | Undone
JSON = "application/json"
MOST_ALTERNATIVES = 3


@dataclass(frozen=True, slots=True)
class Alternative:
    """A free time, as a button. `start` is ISO 8601 with an offset, `practitioner` a key."""

    label: str
    start: str
    practitioner: int


def is_asked_for(request: HttpRequest) -> bool:
    """Whether a script asks, and not a form."""
    return request.get_preferred_type(["text/html", JSON]) == JSON


def of(outcome: Done | NotDone, *, said: str) -> JsonResponse:
    """Done: `said`, with the way back. Else why it was not done."""
    if isinstance(outcome, Done):
        change = newest(outcome)
        return done(said, undo=undo_page(change) if change else None)
    return refused(sentence(outcome), alternatives(outcome))


def done(said: str, undo: str | None = None) -> JsonResponse:
    """`undo` is the address that a script posts to, to take it back."""
    return JsonResponse(body(said, undo=undo))


def refused(said: str, slots: tuple[Slot, ...] = ()) -> JsonResponse:
    return JsonResponse(body(said, refused=True, slots=slots), status=409)


def bad_input(said: str) -> JsonResponse:
    return JsonResponse(body(said, refused=True), status=400)


def not_allowed(said: str) -> JsonResponse:
    return JsonResponse(body(said, refused=True), status=403)


def body(
    said: str, *, undo: str | None = None, refused: bool = False, slots: tuple[Slot, ...] = ()
) -> dict[str, object]:
    offered = [asdict(alternative(slot)) for slot in slots[:MOST_ALTERNATIVES]]
    return {"said": said, "undo": undo, "refused": refused, "alternatives": offered}


def newest(outcome: Done) -> AppointmentChange | None:
    """The change that the outcome made, if it can be undone. What was so already made none."""
    match outcome:
        case Undone() | Rescheduled(moved=False):
            return None
        case Booked(again=True) | Cancelled(again=True) | Marked(again=True):
            return None
        case _:
            return outcome.appointment.changes.last()


def alternatives(outcome: NotDone) -> tuple[Slot, ...]:
    match outcome:
        case SlotTaken() | OutsideHours():
            return outcome.offered
        case AlreadyBooked(alternatives=found):
            return found
        case _:
            return ()


def alternative(slot: Slot) -> Alternative:
    start = timezone.localtime(slot.start)
    label = f"{start:%a} {start.day} {start:%b %H:%M} with {slot.practitioner.name}"
    return Alternative(label, start.isoformat(), slot.practitioner.pk)


def undo_page(change: AppointmentChange) -> str:
    return reverse("admin:bookings_appointment_undo", args=[change.pk])


def seen(row: Appointment) -> int | None:
    """The key of the newest change of `row`, which a page sends back as `seen`."""
    change = row.changes.last()
    return change.pk if change else None
