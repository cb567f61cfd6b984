"""Visits: what a caller has, has booked, moved or cancelled, in words."""

from datetime import datetime
from typing import assert_never

from assistants.outcomes import (
    ChangedSince,
    Found,
    LeftAsItIs,
    OtherService,
    StillBooked,
    VisitOutcome,
    WhichAppointment,
)
from assistants.speech.wording import article, clip, clock, counted, on_day
from bookings.availability import slots
from bookings.models import Appointment
from bookings.outcomes import Booked, Cancelled, NotChangeable, Rescheduled, Stale

TELL_THE_REST = "Shall I tell you the rest?"
LEFT = "All right, I've changed nothing. Is there anything else I can do for you?"
NO_VISIT = (
    "I can't take back a place on the waitlist or a call back, but the clinic can. Your"
    " appointments stay as they are. Is there anything else?"
)


def say(outcome: VisitOutcome, now: datetime) -> str:
    """What the caller has, or has no longer."""
    match outcome:
        case Booked(appointment=appointment, corrected=corrected):
            put_right = " I've corrected the details; it is still one visit." if corrected else ""
            return (
                f"You're booked: {visit(appointment, now, whole=True)}."
                f" Your reference is {appointment.reference}.{put_right}"
            )
        case Rescheduled(appointment=appointment, moved=moved):
            now_is = "I've moved it" if moved else "It is there already"
            return (
                f"{now_is}: {visit(appointment, now, whole=True)}."
                f" Your reference is {appointment.reference}."
            )
        case Cancelled(appointment=appointment, again=again):
            done = "It was already cancelled" if again else "I've cancelled it"
            return f"{done}: {visit(appointment, now)}. Is there anything else I can do for you?"
        case NotChangeable(appointment=appointment):
            return (
                f"I can't change that one any more: {visit(appointment, now)}."
                " Would you like a new appointment, or a call back from the clinic?"
            )
        case ChangedSince():
            return changed_since(outcome, now)
        case Stale(appointment=appointment):
            return (
                "That one has been changed meanwhile, so I left it as it is:"
                f" {visit(appointment, now)}. What would you like to do?"
            )
        case Found():
            return found_ahead(outcome, now)
        case WhichAppointment():
            return which_visit(outcome, now)
        case OtherService() | StillBooked() | LeftAsItIs():
            return what_to_do(outcome, now)
        case _:
            assert_never(outcome)


def found_ahead(outcome: Found, now: datetime) -> str:
    visits = [f"{visit(row, now)}, reference {row.reference}" for row in outcome.appointments]
    told, left = counted(visits, word="and")
    also = "also " if outcome.is_rest else ""
    return f"You {also}have {told}. {TELL_THE_REST if left else 'Is it about that?'}"


def which_visit(outcome: WhichAppointment, now: datetime) -> str:
    visits = [visit(row, now) for row in outcome.appointments]
    told, _ = counted(visits)
    if outcome.is_several:
        return f"One at a time, please. You have {told}. Which one first?"
    if not outcome.is_another:
        return f"I see more than one: {told}. Which one do you mean?"
    which = "Do you mean that one?" if len(visits) == 1 else "Which one do you mean?"
    return f"I don't see that one. You have {told}. {which}"


def what_to_do(outcome: OtherService | StillBooked | LeftAsItIs, now: datetime) -> str:
    if isinstance(outcome, LeftAsItIs):
        return NO_VISIT if outcome.is_no_visit else LEFT
    told = visit(outcome.appointment, now)
    if isinstance(outcome, StillBooked) and outcome.is_again:
        return f"You still have {told}. Please say “cancel it” if you no longer want it."
    if isinstance(outcome, StillBooked):
        return f"You still have {told}. Shall I cancel it, or look for another time?"
    return (
        f"What you have is {told}. I can move it as it is, or cancel it and book"
        f" {article(outcome.wanted)} instead. Which would you like?"
    )


def changed_since(outcome: ChangedSince, now: datetime) -> str:
    row = outcome.appointment
    if row.status == Appointment.Status.CANCELLED:
        return f"That visit was cancelled since: {visit(row, now)}. Shall I book it again?"
    if not row.occupies:
        return say(NotChangeable(row), now)
    stands = f"{visit(row, now)}, reference {row.reference}"
    if outcome.was_cancelled:
        return f"That visit is booked again since: {stands}. Shall I cancel it?"
    return f"That visit has been moved since. It is {stands}. Does that suit you?"


def visit(appointment: Appointment, now: datetime, *, whole: bool = False) -> str:
    """“a cleaning on Thursday, December 3 at 2:30 PM with Dr. Moss”; the `whole` date of what was
    just agreed on, for a year is what models get wrong."""
    what, who = article(str(appointment.service)), clip(str(appointment.practitioner))
    day = on_day(appointment.start.astimezone(slots.zone_of(now)).date(), now, whole=whole)
    return f"{what} {day} at {clock(appointment.start, now)} with {who}"
