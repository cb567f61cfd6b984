"""Today: a day's visits by practitioner, from due to done; and what else needs a look."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import groupby
from typing import Any
from uuid import UUID

from django.db.models import OuterRef, QuerySet, Subquery
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.dateparse import parse_date

from bookings import appointments, waitlist
from bookings.availability.overrides import Overrides
from bookings.availability.slots import instant
from bookings.desk import answers, live
from bookings.desk.actions import OVERRIDE, key_in
from bookings.models import Appointment, AppointmentChange, Practitioner
from bookings.outcomes import Cancelled, CancelOutcome, Marked, MarkOutcome
from tenants import organizations
from tenants.sites import front_desk

Status = Appointment.Status
MAY_CHANGE = "bookings.change_appointment"


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


@dataclass(frozen=True, slots=True)
class Notice:
    """Something that needs a look, with the page where it is dealt with."""

    text: str
    link: str
    is_urgent: bool = False


# What other modules report on the start page: each adds a function.
notices: list[Callable[[HttpRequest, datetime], Notice | None]] = []


@front_desk.page(
    "",
    name="today",
    title="Today",
    icon="today",
    position=1,
    permission="bookings.view_appointment",
    start=True,
)
def today(request: HttpRequest) -> HttpResponse:
    """The start page; its board alone if that is asked for, and nothing if it has not changed."""
    now = organizations.current().now()
    day = day_in(request, now)
    may_change = request.user.has_perm(MAY_CHANGE)
    lanes = board(day, now=now, may_change=may_change, may_override=request.user.has_perm(OVERRIDE))
    part = live.part(
        request,
        "bookings/desk/lanes.html",
        {"lanes": lanes, "day": day, "may_see_patients": may_see_patients(request)},
    )
    context = {"part": part, "day": day, "is_today": day == now.date()}
    if live.is_asked_for(request):
        return live.answer(request, part, "bookings/desk/board.html", context)
    page = {
        **front_desk.each_context(request),
        **context,
        "title": "Today" if day == now.date() else f"{day:%A}",
        "is_fullwidth": "1",
        "before": day - timedelta(days=1),
        "after": day + timedelta(days=1),
        "may_book": request.user.has_perm("bookings.add_appointment"),
    }
    return TemplateResponse(request, "bookings/desk/today.html", page)


def may_see_patients(request: HttpRequest) -> bool:
    return request.user.has_perm("bookings.view_patient")


def day_in(request: HttpRequest, now: datetime) -> date:
    """The day that is asked for; today if it is none."""
    try:
        asked = parse_date(request.GET.get("day", ""))
    except ValueError:
        asked = None
    return asked if asked and 2000 <= asked.year <= 2200 else now.date()


def board(day: date, *, now: datetime, may_change: bool, may_override: bool) -> list[Lane]:
    """The visits of a day in the clinic's zone, by practitioner and time. One query."""
    visits = [
        Visit(row, state, buttons(row, state, day, now, may_override) if may_change else [])
        for row in visits_of(day)
        for state in [state_of(row, now)]
    ]
    by_person = groupby(visits, key=lambda visit: visit.row.practitioner)
    return [Lane(practitioner, list(group)) for practitioner, group in by_person]


def visits_of(day: date) -> QuerySet[Appointment]:
    """With `seen`, the key of the newest change."""
    zone = organizations.current().zone
    newest = AppointmentChange.objects.filter(appointment=OuterRef("pk")).order_by("-at", "-pk")
    rows = Appointment.objects.exclude(status=Status.ENTERED_IN_ERROR).filter(
        start__gte=instant(day, zone), start__lt=instant(day + timedelta(days=1), zone)
    )
    return (
        rows.annotate(seen=Subquery(newest.values("pk")[:1]))
        .select_related("practitioner", "patient", "service", "room")
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


@front_desk.page("visit/<uuid:key>/<slug:name>/", name="visit_step", permission=MAY_CHANGE)
def take_step(request: HttpRequest, key: UUID, name: str) -> HttpResponse:
    """A button of the board: one step of a visit, answered for a script."""
    if request.method != "POST":
        raise Http404
    if name not in set(Step):
        return answers.bad_input("There is no such step.")
    row = get_object_or_404(Appointment.objects.select_related("patient"), pk=key)
    return carry_out(request, row, Step(name))


def carry_out(request: HttpRequest, row: Appointment, step: Step) -> JsonResponse:
    now, by = organizations.current().now(), request.user.get_username()
    seen = key_in(request.POST.get("seen", ""))
    outcome: MarkOutcome | CancelOutcome
    match step:
        case Step.CANCEL:
            outcome = appointments.cancel(
                row,
                now=now,
                by=by,
                reason=request.POST.get("reason", "").replace("\0", "").strip(),
                seen=seen,
                overrides=Overrides(begun=request.user.has_perm(OVERRIDE)),
            )
        case Step.IN_ROOM:
            outcome = appointments.take_in(row, now=now, by=by, seen=seen)
        case _:
            outcome = appointments.mark(row, MARKED_AS[step], now=now, by=by, seen=seen)
    return answers.of(outcome, said=said(outcome, step, row, now))


def said(outcome: MarkOutcome | CancelOutcome, step: Step, row: Appointment, now: datetime) -> str:
    done = f"{SAID[step]}: {row.patient.name}, {timezone.localtime(row.start):%H:%M}."
    if not isinstance(outcome, Cancelled | Marked) or outcome.appointment.occupies:
        return done
    waiting = waitlist.wanting(outcome.appointment, now=now)
    names = list(dict.fromkeys(match.entry.patient.name for match in waiting))
    return f"{done} Waiting for the time: {', '.join(names[:3])}." if names else done


@front_desk.page("notices/", name="notices", permission="bookings.view_appointment")
def strip(request: HttpRequest) -> HttpResponse:
    """What needs a look. Empty when all is well."""
    now = organizations.current().now()
    found: Iterable[Notice | None] = (notice(request, now) for notice in notices)
    context = {"notices": [notice for notice in found if notice]}
    return TemplateResponse(request, "bookings/desk/notices.html", context)
