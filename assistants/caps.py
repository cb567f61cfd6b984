"""Caps: how much a caller may have open at the clinic; beyond it people decide, in a call back.

Only what is open counts: visits ahead, call backs not made yet, places on the waitlist. Who asked
for a row is told by the tool calls of its call, as long as those are kept (`retention`). It is
counted in the transaction that adds: requests at the same moment do not see each other, so a cap
may be passed by as many as are answered at once.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db.models import Exists, Model, OuterRef, QuerySet

from assistants.callers import Caller
from assistants.models import ToolCall, ToolCallQuerySet
from assistants.outcomes import (
    CallbackRequested,
    CallbacksCapped,
    ToolOutcome,
    VisitsCapped,
    Waiting,
    WaitlistCapped,
)
from bookings.models import Appointment, Callback, WaitlistEntry
from bookings.outcomes import Booked


@dataclass(frozen=True, slots=True)
class Cap:
    """Most rows open of one call; of one number that calls; and of calls without a number, for one
    number said in them and all together."""

    a_call: int
    a_number: int
    a_number_said: int
    withheld: int


# A mother books two visits for each of five children in one call; a home books for thirty
# residents from one number. Sixty calls without a number filled a week of one practitioner.
VISITS = Cap(a_call=10, a_number=30, a_number_said=10, withheld=30)
WAITING = Cap(a_call=10, a_number=30, a_number_said=10, withheld=30)
# One for each of those a caller speaks for; staff call a number once, whatever it asked for.
CALLBACKS = Cap(a_call=5, a_number=5, a_number_said=3, withheld=30)


@dataclass(frozen=True, slots=True)
class Open:
    """Rows still open. `asked` are the tool calls a row comes from, `phone` is where its number
    stands, and `unseen` is 1 where the row just made is not among them yet."""

    rows: QuerySet[Any]
    asked: ToolCallQuerySet
    phone: str
    unseen: int = 0

    def count(self, *, said: str = "", **who: Any) -> int:
        """How many were asked for by `who`; with a number `said`, only those for that number."""
        rows: QuerySet[Model] = self.rows.filter(Exists(self.asked.filter(**who)))
        return self.unseen + (rows.filter(**{self.phone: said}) if said else rows).count()


def reached(
    outcome: ToolOutcome, *, said: str, caller: Caller, now: datetime
) -> VisitsCapped | CallbacksCapped | WaitlistCapped | None:
    """What to answer instead of `outcome`, where it adds one too many. `said` is its number."""
    match outcome:
        case Booked(again=False):
            rows = visits(now)
            if is_callers(rows, VISITS, said, caller) or is_withhelds(rows, VISITS, caller):
                return VisitsCapped()
        case Waiting():
            rows = waiting()
            if is_callers(rows, WAITING, said, caller) or is_withhelds(rows, WAITING, caller):
                return WaitlistCapped()
        case CallbackRequested():
            rows = callbacks()
            if is_callers(rows, CALLBACKS, said, caller):
                return CallbacksCapped(is_known=True)
            if is_withhelds(rows, CALLBACKS, caller):
                return CallbacksCapped(is_known=False)
    return None


def has_room_for_callback(caller: Caller) -> bool:
    """Whether a call back more would be noted for this caller."""
    rows = replace(callbacks(), unseen=1)
    return not (is_callers(rows, CALLBACKS, "", caller) or is_withhelds(rows, CALLBACKS, caller))


def is_callers(rows: Open, cap: Cap, said: str, caller: Caller) -> bool:
    """Whether the call has too many, or the number: the one that calls, else the one said."""
    if caller.conversation and (rows.count(conversation=caller.conversation) > cap.a_call):
        return True
    if caller.number:
        return rows.count(caller=caller.number) > cap.a_number
    return bool(said) and rows.count(said=said, **WITHHELD) > cap.a_number_said


def is_withhelds(rows: Open, cap: Cap, caller: Caller) -> bool:
    """Whether all callers without a number have too many together, this one among them."""
    return not caller.number and rows.count(**WITHHELD) > cap.withheld


# One whose caller was forgotten may have shown a number.
WITHHELD: dict[str, Any] = {"caller": "", "forgotten": None}


def visits(now: datetime) -> Open:
    booked = ToolCall.objects.filter(appointment=OuterRef("pk"), outcome=Booked.__name__)
    ahead = Appointment.objects.occupying().filter(start__gt=now)
    return Open(ahead, booked, phone="patient__phone", unseen=1)


def callbacks() -> Open:
    pending = Callback.objects.filter(status=Callback.Status.PENDING)
    return Open(pending, of_its_call(), phone="phone")


def waiting() -> Open:
    entries = WaitlistEntry.objects.filter(status=WaitlistEntry.Status.WAITING)
    return Open(entries, of_its_call(), phone="patient__phone")


def of_its_call() -> ToolCallQuerySet:
    """Those of the call a row was made in; staff's own rows are of none."""
    return ToolCall.objects.filter(conversation=OuterRef("conversation")).exclude(conversation="")
