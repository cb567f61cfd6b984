"""Figures: how many calls came in over some days, and what came of them.

A call is a row of Call, which Vapi's events make. What came of it is read from the outcomes of its
requests, so each figure is the number of calls in a list that can be opened (`of`).
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import (
    Count,
    DurationField,
    Exists,
    ExpressionWrapper,
    F,
    Max,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    TextChoices,
)
from django.db.models.functions import TruncDate

from assistants import outcomes
from assistants.models import Call, ToolCall
from bookings.availability.slots import instant
from bookings.outcomes import AlikePatient, Booked, Cancelled, Rescheduled, WhichPatient
from tenants import organizations

# Reasons of Vapi for the end of a call (`endedReason`).
# https://docs.vapi.ai/calls/call-ended-reason
PUT_THROUGH = "assistant-forwarded-call"
HUNG_UP = "customer-ended-call"


class What(TextChoices):
    """What came of a call. A call may have several."""

    BOOKED = "booked"
    MOVED = "moved"
    CANCELLED = "cancelled"
    CALL_BACK = "call-back", "Asked for a call back"
    WAITLIST = "waitlist", "Joined the waitlist"
    PUT_THROUGH = "put-through", "Put through"
    ASKED_AGAIN = "asked-again", "Asked again"
    FAILED = "failed"


# The names that ToolCall.outcome has then.
OUTCOMES: dict[What, list[type]] = {
    What.BOOKED: [Booked],
    What.MOVED: [Rescheduled],
    What.CANCELLED: [Cancelled],
    What.CALL_BACK: [outcomes.CallbackRequested],
    What.WAITLIST: [outcomes.Waiting],
    What.ASKED_AGAIN: [
        outcomes.Unclear,
        outcomes.WhichAppointment,
        outcomes.WhichDay,
        WhichPatient,
        AlikePatient,
        outcomes.WhoseAppointment,
    ],
    What.FAILED: [
        outcomes.Fault,
        outcomes.Uncertain,
        outcomes.NotLookedUp,
        outcomes.Garbled,
        outcomes.TooMuch,
        outcomes.UnknownTool,
    ],
}
# With these the caller has got what they called for.
DONE = [What.BOOKED, What.MOVED, What.CANCELLED, What.CALL_BACK, What.WAITLIST]
MOST_HEARD = 5


@dataclass(frozen=True, slots=True)
class Days:
    """Days in the clinic's zone, the last one included."""

    first: date
    last: date

    @property
    def start(self) -> datetime:
        return instant(self.first, organizations.current().zone)

    @property
    def end(self) -> datetime:
        """Excluded."""
        return instant(self.last + timedelta(days=1), organizations.current().zone)

    @property
    def all(self) -> list[date]:
        return [self.first + timedelta(days=n) for n in range((self.last - self.first).days + 1)]


@dataclass(frozen=True, slots=True)
class Day:
    day: date
    calls: int
    came: dict[What, int]
    talked: timedelta
    cost: float  # US dollars, as Vapi reports it


@dataclass(frozen=True, slots=True)
class Heard:
    """What callers heard last before they hung up with nothing done: an outcome, how often, and the
    newest sentence for it ("" if it is not kept any more)."""

    outcome: str
    times: int
    sentence: str


def names(what: What) -> list[str]:
    return [outcome.__name__ for outcome in OUTCOMES[what]]


def of(what: What) -> Q:
    """The calls of which this came."""
    if what is What.PUT_THROUGH:
        return Q(ended_reason=PUT_THROUGH)
    asked = ToolCall.objects.filter(conversation=OuterRef("conversation"))
    return Q(Exists(asked.filter(outcome__in=names(what))))


def calls(days: Days) -> QuerySet[Call]:
    return Call.objects.filter(received__gte=days.start, received__lt=days.end)


def by_day(days: Days) -> list[Day]:
    """Each of the days, also those without a call. One query."""
    lasted = ExpressionWrapper(F("ended") - F("started"), output_field=DurationField())
    came = {f"came_{what.name}": Count("pk", filter=of(what)) for what in What}
    rows = (
        calls(days)
        .order_by()
        .annotate(day=TruncDate("received", tzinfo=organizations.current().zone))
        .values("day")
        .annotate(number=Count("pk"), talked=Sum(lasted), paid=Sum("cost"), **came)
        .values_list("day", "number", "talked", "paid", *came)
    )
    found = {
        day: Day(
            day,
            number,
            dict(zip(What, counts, strict=True)),
            talked or timedelta(),
            float(paid or 0),
        )
        for day, number, talked, paid, *counts in rows
    }
    none = dict.fromkeys(What, 0)
    return [found.get(day, Day(day, 0, none, timedelta(), 0.0)) for day in days.all]


def by_service(days: Days) -> list[tuple[str, int]]:
    """The calls that booked, by the name of the service; the most first."""
    booked = ToolCall.objects.filter(
        outcome__in=names(What.BOOKED),
        conversation__in=calls(days).values("conversation"),
        appointment__isnull=False,
    )
    counted = (
        booked.order_by()
        .values("appointment__service__name")
        .annotate(calls=Count("conversation", distinct=True))
    )
    found = [(row["appointment__service__name"], row["calls"]) for row in counted]
    return sorted(found, key=lambda one: (-one[1], one[0]))


def ended_on(outcome: str) -> Q:
    """The calls in which the caller hung up after a sentence for `outcome`, with nothing done."""
    ended = hung_up().annotate(newest=newest("outcome")).filter(newest=outcome)
    return Q(pk__in=ended.values("pk"))


def hung_up() -> QuerySet[Call]:
    """The calls that the caller ended before anything was done."""
    asked = ToolCall.objects.filter(conversation=OuterRef("conversation"))
    done = [name for what in DONE for name in names(what)]
    return Call.objects.filter(~Exists(asked.filter(outcome__in=done)), ended_reason=HUNG_UP)


def newest(field: str) -> Subquery:
    """A field of the newest request in a call that was answered."""
    asked = ToolCall.objects.filter(conversation=OuterRef("conversation")).exclude(outcome="")
    return Subquery(asked.order_by("-received", "-pk").values(field)[:1])


def heard_last(days: Days) -> list[Heard]:
    """The sentences that callers heard most before they hung up, by what they were about."""
    rows = list(
        hung_up()
        .filter(pk__in=calls(days).values("pk"))
        .order_by()
        .annotate(newest=newest("outcome"), last=newest("pk"))
        .exclude(last=None)
        .values("newest")
        .annotate(times=Count("pk"), example=Max("last"))
        .order_by("-times", "newest")
        .values_list("newest", "times", "example")[:MOST_HEARD]
    )
    examples = ToolCall.objects.filter(pk__in=[example for *_, example in rows])
    sentences = dict(examples.values_list("pk", "sentence"))
    return [Heard(outcome, times, sentences.get(example, "")) for outcome, times, example in rows]
