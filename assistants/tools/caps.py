"""Caps: how many open rows a caller may add. Beyond that, staff decide in a call back.

Open rows are counted: visits to come, call backs not made yet, and waiting entries on the waitlist.
Each call and each calling number has its own limit. A caller who reaches it blocks nobody else.

Callers without a number share two limits, since we cannot tell them apart:

- The rows they added within a day. Whoever uses this limit up keeps the others out for a day at
  most. Staff can end it sooner: they cancel the visits, or mark the call backs and entries as done.
- All their open rows, ten times as many. An attacker would have to come back for ten days, and
  nobody would have to notice it; a clinic with many honest callers does not reach it.

A clinic with several practitioners has more callers, so its daily limit is ten for each
practitioner where that is more. `doctor` names a clinic where a shared limit is reached, and the
list of tool calls can be filtered for callers without a number.

We read from the tool calls of its call who asked for a row, as long as these are kept
(`retention`). Rows are counted in the transaction that adds one. Requests at the same moment do not
see each other's rows, so a cap may be exceeded by the number of requests answered at once.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeAlias

from django.db.models import Exists, Model, OuterRef, Q, QuerySet

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
from assistants.tallies import counting, tally
from bookings.models import Appointment, Callback, Practitioner, WaitlistEntry
from bookings.outcomes import Booked
from tenants.postgresql.statements import Bound, Given, Statement, Value

A_DAY = timedelta(days=1)
# The daily limit of all callers without a number, for each practitioner; or `Cap.withheld`, if that
# is more.
A_PRACTITIONER_A_DAY = 10
# The limit of all their open rows, in daily limits.
DAYS_TO_FILL = 10


@dataclass(frozen=True, slots=True)
class Cap:
    """Limits of one kind of row.

    `a_call` and `a_number` are for the open rows of one call and of one calling number. For calls
    without a number, `a_number_said` is for one number that was said, and `withheld` for all such
    calls together; both are for rows added within a day.
    """

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
    number. `unseen`: 1 if the row made now is not in the query yet. `counted` finds how many of
    them the `conversation` and the `caller` asked for, where these are known."""

    rows: Callable[[], Rows]
    asked: Callable[[], ToolCallQuerySet]
    phone: str
    counted: Callable[..., Iterable[tuple[str, int]]]
    unseen: int = 0

    def count(self, who: Q, *, said: str = "", since: datetime | None = None) -> int:
        """How many open rows `who` asked for. With `said`, only rows for that number; with
        `since`, only rows added after it."""
        rows = self.of(who)
        if said:
            rows = rows.filter(**{self.phone: said})
        return self.unseen + (rows.filter(created__gt=since) if since else rows).count()

    def of(self, who: Q) -> Rows:
        """The open rows that `who` asked for."""
        return self.rows().filter(Exists(self.asked().filter(who)))


def reached(
    outcome: ToolOutcome, *, said: str, caller: Caller, now: datetime
) -> VisitsCapped | CallbacksCapped | WaitlistCapped | None:
    """The refusal, if `outcome` adds a row beyond a limit. `said` is the number in the request."""
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
    if caller.conversation and own.open().exists():
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
    """Whose limit is exceeded, with the row just added: that of the call or the calling number. For
    a caller without a number: that of the number said, or of all such callers."""
    if is_callers(rows, cap, caller, now):
        return Whose.CALLER
    if caller.number:
        return None
    if said and rows.count(WITHHELD, said=said, since=now - A_DAY) > cap.a_number_said:
        return Whose.NUMBER_SAID
    return Whose.WITHHELD if is_withhelds(rows, cap, now) else None


def is_callers(rows: Open, cap: Cap, caller: Caller, now: datetime) -> bool:
    """Whether this call, or the number that calls, has too many."""
    most = {"conversation": cap.a_call, "caller": cap.a_number}
    counted = rows.counted(now=now, **callers_names(caller))
    return any(rows.unseen + count > most[name] for name, count in counted)


def callers_names(caller: Caller) -> dict[str, str | None]:
    return {"conversation": caller.conversation or None, "caller": caller.number or None}


def is_withhelds(rows: Open, cap: Cap, now: datetime) -> bool:
    """Whether all callers without a number have too many together."""
    standing = rows.count(WITHHELD)
    if standing <= cap.withheld:
        return False
    a_day = rows.count(WITHHELD, since=now - A_DAY)
    most = max(cap.withheld, A_PRACTITIONER_A_DAY * len(Practitioner.working()))
    return a_day > most or standing > most * DAYS_TO_FILL


def shared_and_reached(now: datetime) -> Iterator[str]:
    """The kinds of rows that callers without a number cannot add now, in words for staff."""
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
    def ahead() -> Rows:
        return Appointment.objects.occupying().filter(start__gt=now)

    return Open(ahead, that_booked, "patient__phone", visits_of_caller, unseen)


def callbacks(*, unseen: int = 0) -> Open:
    return Open(Callback.objects.open, of_its_call, "phone", CALLBACKS_OF_CALLER, unseen)


def waiting(*, unseen: int = 0) -> Open:
    entries = WaitlistEntry.objects.open
    return Open(entries, of_its_call, "patient__phone", WAITING_OF_CALLER, unseen)


def of_caller(rows: Open) -> "QuerySet[Model, tuple[str, int]]":
    who = ("conversation", "caller")
    return counting(**{name: rows.of(Q(**{name: Given(name)})) for name in who})


def visits_of_caller(**who: Any) -> Iterator[tuple[str, int]]:
    """As WAITING_OF_CALLER for its rows. Every booking asks for it, so it first asks the tool calls
    alone: nearly always these are too few, whatever has become of the visits since."""
    booked = BOOKED(conversation=who["conversation"], caller=who["caller"])
    if len(booked) >= min(VISITS.a_call, VISITS.a_number):
        booked = STILL_BOOKED(**who)
    for place, name in enumerate(("conversation", "caller"), start=1):
        yield name, len({row[0] for row in booked if row[place] == who[name]})


def that_booked_for_caller() -> ToolCallQuerySet:
    who = Q(conversation=Given("conversation")) | Q(caller=Given("caller"))
    return ToolCall.objects.filter(who, outcome=Booked.__name__).order_by()


COUNTED = ("appointment", "conversation", "caller")
BOOKED = Statement(lambda: that_booked_for_caller().values_list(*COUNTED))
STILL_BOOKED = Statement(
    lambda: (
        that_booked_for_caller()
        .filter(appointment__status__in=Appointment.OCCUPYING, appointment__start__gt=Given("now"))
        .values_list(*COUNTED)
    )
)


def asked_ahead(caller: Caller) -> Bound[Value]:
    """What is asked when a visit was booked."""
    return BOOKED.bound(**callers_names(caller))


WAITING_OF_CALLER = Statement(lambda: of_caller(waiting()))
CALLBACKS_OF_CALLER = Statement(lambda: of_caller(callbacks()))


def that_booked() -> ToolCallQuerySet:
    return ToolCall.objects.filter(appointment=OuterRef("pk"), outcome=Booked.__name__)


def of_its_call() -> ToolCallQuerySet:
    """The tool calls of the call in which a row was made. A row that staff made has none."""
    return ToolCall.objects.filter(conversation=OuterRef("conversation")).exclude(conversation="")
