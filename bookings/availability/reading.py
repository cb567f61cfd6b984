"""Reading: the visits and holds that a calendar has to know of, in statements compiled once."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from django.db.models import Aggregate, Field, Func, Q, Value

from bookings.availability.periods import Blocked, in_numbers, moment
from bookings.models import Appointment, AppointmentQuerySet, Offer, OfferQuerySet, ServiceType
from tenants.postgresql import statements
from tenants.postgresql.statements import NOTHING, Answers, Bound, Given, Statement, together

# In a period from this length on, visits that touch are read as one.
LONG = timedelta(days=30)
# What no row has.
NO_APPOINTMENT = UUID(int=0)
NO_CALLER = "-"


@dataclass(frozen=True, slots=True)
class Requester:
    """The person for whom times are searched. Three things do not block them: the appointment that
    is to move, what is held for their call, and what is held for an earlier call from the same
    number, whose line dropped. `caller` is the number that proves who calls (E.164), or "". All
    other visits of the patient block them."""

    appointment: Appointment | None = None
    conversation: str = ""
    patient: UUID | None = None
    caller: str = ""
    over_holds: bool = False  # what is held for other callers does not block them either

    def visits(self, start: datetime, end: datetime | None = None) -> AppointmentQuerySet:
        """The patient's other visits from `start` on; none if the patient is not known."""
        if self.patient is None:
            return Appointment.objects.none()
        others = Appointment.objects.seeing(self.patient, start, end).order_by("start")
        return others.exclude(pk=self.appointment.pk) if self.appointment else others

    def holds_of_others(self, start: datetime, end: datetime) -> OfferQuerySet:
        """The holds in [start, end) that block them."""
        if self.over_holds:
            return Offer.objects.none()
        others = Offer.objects.unexpired().of_others(self.conversation, self.caller)
        return others.blocking(start, end)


ANYBODY = Requester()


class Visit(NamedTuple):
    """What a calendar has to know of an appointment, of a hold, or of several appointments without
    a gap (the key of their service is 0). Instants are numbers."""

    practitioner: int
    room: int | None
    service: int
    starts: int
    blocked_from: int
    blocked_until: int
    conversation: str = ""  # the call it is held for; "" for an appointment

    @property
    def start(self) -> datetime:
        return moment(self.starts)


class Seen(NamedTuple):
    """What a calendar holds beside what is configured: the visits and holds in the diaries, and
    the periods of the patient's other visits."""

    visits: list[Visit]
    elsewhere: Blocked

    @classmethod
    def of(cls, found: Answers) -> "Seen":
        """Of the rows that the statements `to_see` have found."""
        elsewhere, *visits = found
        read = [Visit(*row) for rows in visits for row in rows]
        return cls(read, Blocked(in_numbers((start, end) for start, end, *_ in elsewhere)))


def read(
    people: Iterable[int], start: datetime, end: datetime, requester: Requester, *, now: datetime
) -> Seen:
    return Seen.of(together(*to_see(people, start, end, requester, now=now)))


def to_see(
    people: Iterable[int],
    start: datetime,
    end: datetime,
    requester: Requester,
    *,
    now: datetime,
) -> list[Bound[statements.Value]]:
    """Every visit and hold in the diaries with these keys, or in a room, that touches [start, end);
    and the patient's other visits from `now` on, none if the patient is not known."""
    asked = {"people": list(people), "start": start, "end": end}
    to_move = requester.appointment.pk if requester.appointment else NO_APPOINTMENT
    wanted: list[Bound[statements.Value]] = [
        ELSEWHERE.bound(patient=requester.patient, start=now, to_move=to_move)
        if requester.patient
        else NOTHING,
        visits_in(end - start).bound(**asked, to_move=to_move),
    ]
    if not requester.over_holds:
        own = {"conversation": requester.conversation, "caller": requester.caller or NO_CALLER}
        wanted.append(HOLDS.bound(**asked, **own))
    return wanted


def visits_in(period: timedelta) -> Statement[statements.Value]:
    """What finds the visits. In a long period all that touch are told as one, for each practitioner
    and room: that says as much, unless visits of a service are counted."""
    if period < LONG or any(service.most_a_day is not None for service in ServiceType.offered()):
        return VISITS
    return STRETCHES


def same_visit(found: Answers, service: int, start: datetime) -> UUID | None:
    """The key of the patient's visit of this service at this very time, among those that are not
    over, which the statements `to_see` have found."""
    others = found[0]
    return next((key for *when, of, key in others if (when[0], of) == (start, service)), None)


class Microseconds(Func):
    """An instant as a number, which is read several times as fast.

    `date_part` gives the nearest double, `extract` would give a numeric first. The product is less
    than half a microsecond from the whole number, to which the cast rounds it. A plain Field is
    used because IntegerField would convert each value again.
    """

    function = "date_part"
    template = "(%(function)s('epoch', %(expressions)s) * 1000000)::bigint"
    output_field = Field()


COLUMNS = (
    "practitioner",
    "room",
    "service",
    Microseconds("start"),
    Microseconds("blocked__startswith"),
    Microseconds("blocked__endswith"),
)


def concerned() -> Q:
    """The rows of some practitioners' diaries, and of any room."""
    return Q(practitioner__id__any_of=Given("people")) | Q(room__isnull=False)


def visits() -> AppointmentQuerySet:
    rows = Appointment.objects.blocking(Given("start"), Given("end")).filter(concerned())
    return rows.exclude(pk=Given("to_move")).order_by()


class Bounds(Aggregate):
    """The lower or the upper `bound` of each of the stretches that all periods make, as a number
    (see Microseconds): each is a row."""

    function = "range_agg"
    template = (
        "(date_part('epoch', %(bound)s(unnest(%(function)s(%(expressions)s)))) * 1000000)::bigint"
    )
    output_field = Field()


STARTS, ENDS = Bounds("blocked", bound="lower"), Bounds("blocked", bound="upper")
VISITS = Statement(lambda: visits().values_list(*COLUMNS))
STRETCHES = Statement(
    lambda: (
        visits()
        .values("practitioner", "room")
        .values_list("practitioner", "room", Value(0), STARTS, STARTS, ENDS)
    )
)
HOLDS = Statement(
    lambda: (
        Offer.objects.unexpired()
        .of_others(Given("conversation"), Given("caller"))
        .blocking(Given("start"), Given("end"))
        .filter(concerned())
        .order_by()
        .values_list(*COLUMNS, "conversation")
    )
)
ELSEWHERE = Statement(
    lambda: (
        Appointment.objects.seeing(Given("patient"), Given("start"))
        .exclude(pk=Given("to_move"))
        .order_by("start")
        .values_list("start", "end", "service", "pk")
    )
)
