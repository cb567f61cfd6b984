"""Refusals: the messages at the front desk if something could not be done."""

from dataclasses import dataclass

from bookings.availability.slots import Slot
from bookings.desk import outside_hours
from bookings.models import Appointment, AppointmentChange
from bookings.outcomes import (
    AlreadyBooked,
    Busy,
    CancelOutcome,
    MarkOutcome,
    NobodyOffers,
    NotChangeable,
    OutsideHours,
    RescheduleOutcome,
    SlotPassed,
    SlotTaken,
    Stale,
    TooFarAhead,
    UndoOutcome,
)
from tenants.moments import moment_in_words

BY_TELEPHONE = "a caller, by telephone"


@dataclass(frozen=True, slots=True)
class ElsewhereThen:
    """The patient has another visit then, which is not for this user to see."""


NotDone = RescheduleOutcome | CancelOutcome | MarkOutcome | UndoOutcome | ElsewhereThen


def refusal(outcome: NotDone) -> dict[str, str] | str:
    """The message, by the form's field it is about, if it is about one."""
    match outcome:
        case NobodyOffers():
            return {"practitioner": sentence(outcome)}
        case AlreadyBooked() | SlotPassed() | TooFarAhead():
            return {"start": sentence(outcome)}
        case SlotTaken(alternatives=found) | OutsideHours(alternatives=found):
            return {"start": f"{sentence(outcome)} Nearest free: {times(found)}."}
        case _:
            return sentence(outcome)


def sentence(outcome: NotDone) -> str:
    """Why it was not done, without the times that are free."""
    match outcome:
        case SlotTaken(on_offer=True):
            return "A caller is being offered this time; in three minutes it is free, or booked."
        case AlreadyBooked(appointment=other):
            when = moment_in_words(other.start)
            return f"The patient has {other.service} at {when}: {other.reference}."
        case SlotTaken():
            return "This time is taken."
        case OutsideHours(wanted=wanted):
            return outside_hours.why(wanted)
        case SlotPassed():
            return "This time has passed."
        case TooFarAhead(last=last):
            return outside_hours.too_far(last)
        case NobodyOffers(practitioners=able):
            return f"Not offered by them. Offered by: {', '.join(able) or 'nobody'}."
        case _:
            return left_as_it_is(outcome)


def left_as_it_is(outcome: NotDone) -> str:
    """Why an appointment was not changed, for reasons other than its time."""
    match outcome:
        case Stale(change=change):
            return changed_since(change)
        case NotChangeable(appointment=row):
            when = moment_in_words(row.start)
            return f"It is {row.get_status_display().lower()}, {when}, and stays as it is."
        case ElsewhereThen():
            return "The patient has another visit then."
        case Busy():
            return "Someone else is writing in this diary. Please try again."
        case _:
            return "It could not be booked."


def changed_since(change: AppointmentChange) -> str:
    when = moment_in_words(change.at)
    done = change.get_kind_display().lower()
    return f"It has been changed since you looked: {done} by {who(change)}, {when}."


def times(found: tuple[Slot, ...]) -> str:
    if not found:
        return "none"
    return "; ".join(moment_in_words(slot.start) for slot in found)


def who(change: AppointmentChange) -> str:
    """The user's name as it was then, or “a caller”: a call's id means nothing to staff."""
    if change.source == Appointment.Source.VOICE:
        return BY_TELEPHONE
    return change.by or "staff"
