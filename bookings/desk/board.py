"""The board: the visits of a day by practitioner, where each stands, and what may come next."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import groupby
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery

from bookings.availability.slots import instant
from bookings.models import Appointment, AppointmentChange, Practitioner
from tenants import organizations

Status = Appointment.Status


class State(StrEnum):
    """Where a visit stands on the board."""

    PENDING = "to be confirmed"
    DUE = "due"
    LATE = "not here yet"
    WAITING = "waiting"
    IN_ROOM = "in room"
    DONE = "done"
    NO_SHOW = "no-show"
    CANCELLED = "cancelled"


OVER = {State.DONE, State.NO_SHOW, State.CANCELLED}
SIGNS = {
    State.PENDING: "?",
    State.DUE: "○",
    State.LATE: "◷",
    State.WAITING: "◐",
    State.IN_ROOM: "●",
    State.DONE: "✓",
    State.NO_SHOW: "∅",
    State.CANCELLED: "✕",
}


class Step(StrEnum):
    """What a button does to a visit. The value is a part of its address."""

    CONFIRM = "confirm"
    ARRIVED = "arrived"
    IN_ROOM = "in-room"
    DONE = "done"
    NOT_HERE = "not-here"
    NO_SHOW = "no-show"
    CANCEL = "cancel"


# The first is what usually comes next.
STEPS = {
    State.PENDING: [Step.CONFIRM, Step.CANCEL],
    State.DUE: [Step.ARRIVED, Step.CANCEL],
    State.LATE: [Step.ARRIVED, Step.NO_SHOW, Step.CANCEL],
    State.WAITING: [Step.IN_ROOM, Step.DONE, Step.NOT_HERE],
    State.IN_ROOM: [Step.DONE, Step.NOT_HERE],
    State.DONE: [Step.NOT_HERE],
    State.NO_SHOW: [Step.ARRIVED],
    State.CANCELLED: [],
}
LABELS = {
    Step.CONFIRM: "Confirm",
    Step.ARRIVED: "Arrived",
    Step.IN_ROOM: "In room",
    Step.DONE: "Done",
    Step.NOT_HERE: "Back to due",
    Step.NO_SHOW: "No-show",
    Step.CANCEL: "Cancel",
}
# Those that are rarely needed are shown by a sign.
SHORT = {Step.NOT_HERE: "↩", Step.CANCEL: "✕"}
SAID = {
    Step.CONFIRM: "Confirmed",
    Step.ARRIVED: "Arrived",
    Step.IN_ROOM: "In room",
    Step.DONE: "Done",
    Step.NOT_HERE: "Due again",
    Step.NO_SHOW: "No-show",
    Step.CANCEL: "Cancelled",
}
MARKED_AS = {
    Step.CONFIRM: Status.BOOKED,
    Step.ARRIVED: Status.ARRIVED,
    Step.DONE: Status.FULFILLED,
    Step.NOT_HERE: Status.BOOKED,
    Step.NO_SHOW: Status.NO_SHOW,
}


# The columns that a row of the board reads: a range, or a list of numbers, takes time to parse.
SHOWN = [
    "status", "start", "end", "practitioner", "service", "room", "source", "notes",
    "cancellation_reason", "arrived_at", "in_room_since",
    "patient__name", "patient__phone", "patient__date_of_birth", "patient__claimed_by",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Button:
    step: Step
    is_next: bool

    @property
    def label(self) -> str:
        return LABELS[self.step]

    @property
    def shown(self) -> str:
        return SHORT.get(self.step, self.label)


@dataclass(frozen=True, slots=True)
class Visit:
    """A row of the board."""

    row: Any
    state: State
    buttons: list[Button]

    @property
    def sign(self) -> str:
        return SIGNS[self.state]

    @property
    def kind(self) -> str:
        """The name of its state in the style sheet."""
        return self.state.name.lower().replace("_", "-")

    @property
    def is_here(self) -> bool:
        """Then it is shown since when, and the time until when has no room beside it."""
        return self.state in (State.WAITING, State.IN_ROOM)

    @property
    def is_over(self) -> bool:
        return self.state in OVER


@dataclass(frozen=True, slots=True)
class Lane:
    practitioner: Practitioner
    visits: list[Visit]

    @property
    def over(self) -> int:
        return sum(visit.is_over for visit in self.visits)

    @property
    def counts(self) -> str:
        """“2 waiting, 1 in room, 7 due”."""
        due = {State.DUE, State.LATE, State.PENDING}
        parts = (
            ("waiting", {State.WAITING}),
            ("in room", {State.IN_ROOM}),
            ("due", due),
        )
        counted = [(word, sum(v.state in states for v in self.visits)) for word, states in parts]
        return ", ".join(f"{number} {word}" for word, number in counted if number)


def lanes_of(
    day: date,
    shown: QuerySet[Appointment],
    *,
    now: datetime,
    may_change: bool,
    may_override: bool,
) -> list[Lane]:
    """The visits of a day in the clinic's zone, by practitioner and time. One query. `shown` are
    those that the user may see."""
    visits = [
        Visit(row, state, buttons(row, state, day, now, may_override) if may_change else [])
        for row in visits_of(day, shown)
        for state in [state_of(row, now)]
    ]
    by_person = groupby(visits, key=lambda visit: visit.row.practitioner)
    return [Lane(practitioner, list(group)) for practitioner, group in by_person]


def visits_of(day: date, shown: QuerySet[Appointment]) -> QuerySet[Appointment]:
    """With `seen`, the key of the newest change."""
    zone = organizations.current().zone
    newest = AppointmentChange.objects.filter(appointment=OuterRef("pk")).order_by("-at", "-pk")
    rows = shown.exclude(status=Status.ENTERED_IN_ERROR).filter(
        start__gte=instant(day, zone), start__lt=instant(day + timedelta(days=1), zone)
    )
    return (
        rows.annotate(seen=Subquery(newest.values("pk")[:1]))
        .select_related("patient")
        .prefetch_related("practitioner", "service", "room")  # a few rows, each for many visits
        .only(*SHOWN)
        .order_by("practitioner__name", "practitioner", "start")
    )


def state_of(row: Appointment, now: datetime) -> State:
    match row.status:
        case Status.PENDING:
            return State.PENDING
        case Status.BOOKED:
            return State.LATE if row.start <= now else State.DUE
        case Status.ARRIVED:
            return State.IN_ROOM if row.in_room_since else State.WAITING
        case Status.FULFILLED:
            return State.DONE
        case Status.NO_SHOW:
            return State.NO_SHOW
        case _:
            return State.CANCELLED


def steps_of(row: Appointment, *, now: datetime, may_override: bool) -> list[Button]:
    """What may be done with this visit now, wherever it is shown."""
    day = row.start.astimezone(now.tzinfo).date()
    return buttons(row, state_of(row, now), day, now, may_override)


def buttons(
    row: Appointment, state: State, day: date, now: datetime, may_override: bool
) -> list[Button]:
    """What may be done now. Nobody arrives for a day to come."""
    steps = [
        step
        for step in STEPS[state]
        if step is not Step.CANCEL or row.start > now or may_override
        if step in (Step.CONFIRM, Step.CANCEL) or day <= now.date()
    ]
    return [Button(step, step is STEPS[state][0]) for step in steps]
