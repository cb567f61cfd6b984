"""Caps: how much a caller may add at the clinic; beyond it people decide, in a call back.

Counted is what still stands: visits ahead, call backs not made yet, places on the waitlist. What
one call and one number that is shown have standing is theirs alone, and harms nobody else.

What callers without a number have is shared by all of them, honest or not, so that it has two
bounds. Within a day and a night they may add so much: whoever uses that up keeps the others out
until the next day and no longer, and staff end it sooner by cancelling, or seeing to, what was
added. And so much may stand in all, ten times as much: only an attacker who returns for ten days
unnoticed reaches it; a clinic with many honest callers does not. A clinic of several practitioners
has more callers, and a longer day to fill: there it is ten a day for each. `doctor` names a clinic
where a shared bound is reached, and the tool calls can be filtered for it.

The tool calls of a row's call say who asked for it, as long as they are kept (`retention`). It is
counted in the transaction that adds: requests at the same moment do not see each other, so a cap
may be exceeded by the number of requests that are answered at once.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeAlias

from django.db.models import Exists, OuterRef, Q, QuerySet

from assistants.conversation import Caller
from assistants.models import ToolCall, ToolCallQuerySet
from assistants.outcomes import (
    CallbackRequested,
    CallbacksCapped,
    ToolOutcome,
    VisitsCapped,
    Waiting,
    WaitlistCapped,
    Whose,
)
from assistants.tallies import tally
from bookings.models import Appointment, Callback, Practitioner, WaitlistEntry
from bookings.outcomes import Booked

A_DAY = timedelta(days=1)
# Shared by callers without a number, for each practitioner, where that is more than the cap's own.
A_PRACTITIONER_A_DAY = 10
DAYS_TO_FILL = 10


@dataclass(frozen=True, slots=True)
class Cap:
    """Limits: open rows of one call, and of one calling number. For calls without a number: rows
    added within a day, for one number that was said, and for all such calls together."""

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


Rows: TypeAlias = QuerySet[Appointment] | QuerySet[Callback] | QuerySet[WaitlistEntry]


@dataclass(frozen=True, slots=True)
class Open:
    """Open rows. `asked`: the tool calls that made them. `phone`: the field that holds their
    number. `unseen`: 1 if the row made now is not in the query yet."""

    rows: Rows
    asked: ToolCallQuerySet
    phone: str
    unseen: int = 0

    def count(self, who: Q, *, said: str = "", since: datetime | None = None) -> int:
        """How many were asked for by `who`; with a number `said`, only those for that number, and
        only those added after `since`."""
        rows = self.of(who)
        if said:
            rows = rows.filter(**{self.phone: said})
        return self.unseen + (rows.filter(created__gt=since) if since else rows).count()

    def of(self, who: Q) -> Rows:
        """Those asked for by `who`."""
        return self.rows.filter(Exists(self.asked.filter(who)))


def reached(
    outcome: ToolOutcome, *, said: str, caller: Caller, now: datetime
) -> VisitsCapped | CallbacksCapped | WaitlistCapped | None:
    """What to answer instead of `outcome`, where it adds one too many. `said` is its number."""
    match outcome:
        case Booked(again=False):
            whose = whose_is_reached(visits(now, unseen=1), VISITS, said, caller, now)
            return VisitsCapped(whose) if whose else None
        case Waiting():
            whose = whose_is_reached(waiting(), WAITING, said, caller, now)
            return WaitlistCapped(whose) if whose else None
        case CallbackRequested():
            return callbacks_capped(callbacks(), said, caller, now)
        case _:
            return None


def of_a_callback(*, said: str, caller: Caller, now: datetime) -> CallbacksCapped | None:
    """The refusal that a request for a call back would get now, or None. Changing a call back of
    this call is never refused.
    """
    own = Callback.objects.filter(conversation=caller.conversation, phone=said or caller.number)
    if caller.conversation and own.filter(status=Callback.Status.PENDING).exists():
        return None
    return callbacks_capped(callbacks(unseen=1), said, caller, now)


def callbacks_capped(
    rows: Open, said: str, caller: Caller, now: datetime
) -> CallbacksCapped | None:
    whose = whose_is_reached(rows, CALLBACKS, said, caller, now)
    return CallbacksCapped(is_known=whose is not Whose.WITHHELD) if whose else None


def whose_is_reached(
    rows: Open, cap: Cap, said: str, caller: Caller, now: datetime
) -> Whose | None:
    """Which limit is exceeded, counting the row just added: the call's or the calling number's; for
    a caller without a number, that of the number said or of all such callers."""
    if caller.conversation and rows.count(Q(conversation=caller.conversation)) > cap.a_call:
        return Whose.CALLER
    if caller.number:
        return Whose.CALLER if rows.count(Q(caller=caller.number)) > cap.a_number else None
    if said and rows.count(WITHHELD, said=said, since=now - A_DAY) > cap.a_number_said:
        return Whose.NUMBER_SAID
    return Whose.WITHHELD if is_withhelds(rows, cap, now) else None


def is_withhelds(rows: Open, cap: Cap, now: datetime) -> bool:
    """Whether all callers without a number have too many together."""
    standing = rows.count(WITHHELD)
    if standing <= cap.withheld:
        return False
    a_day = rows.count(WITHHELD, since=now - A_DAY)
    most = max(
        cap.withheld, A_PRACTITIONER_A_DAY * Practitioner.objects.filter(is_active=True).count()
    )
    return a_day > most or standing > most * DAYS_TO_FILL


def shared_and_reached(now: datetime) -> Iterator[str]:
    """What callers without a number can add no more of at the moment, in words for staff."""
    shared = {
        "visits": (visits(now, unseen=1), VISITS),
        "places on the waitlist": (waiting(unseen=1), WAITING),
        "call backs": (callbacks(unseen=1), CALLBACKS),
    }
    standing = tally(**{kind: rows.of(WITHHELD) for kind, (rows, _) in shared.items()})
    for kind, (rows, cap) in shared.items():
        if standing[kind] >= cap.withheld and is_withhelds(rows, cap, now):
            yield kind


# Forgotten tool calls are left out: their caller may have shown a number.
WITHHELD = Q(caller="", forgotten=None)


def visits(now: datetime, *, unseen: int = 0) -> Open:
    booked = ToolCall.objects.filter(appointment=OuterRef("pk"), outcome=Booked.__name__)
    ahead = Appointment.objects.occupying().filter(start__gt=now)
    return Open(ahead, booked, phone="patient__phone", unseen=unseen)


def callbacks(*, unseen: int = 0) -> Open:
    pending = Callback.objects.filter(status=Callback.Status.PENDING)
    return Open(pending, of_its_call(), phone="phone", unseen=unseen)


def waiting(*, unseen: int = 0) -> Open:
    entries = WaitlistEntry.objects.filter(status=WaitlistEntry.Status.WAITING)
    return Open(entries, of_its_call(), phone="patient__phone", unseen=unseen)


def of_its_call() -> ToolCallQuerySet:
    """Those of the call a row was made in; staff's own rows are of none."""
    return ToolCall.objects.filter(conversation=OuterRef("conversation")).exclude(conversation="")
