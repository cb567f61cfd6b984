"""Today: a day's visits by practitioner, from due to done; and what else needs a look."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.dateparse import parse_date

from bookings import appointments, attendance
from bookings.availability.overrides import Overrides
from bookings.desk import answers, live, outside_hours, own_diary, rows
from bookings.desk.actions import OVERRIDE, key_in
from bookings.desk.board import MARKED_AS, SAID, Step, lanes_of
from bookings.desk.calendar.clocks import YEARS
from bookings.models import Appointment, Practitioner
from bookings.outcomes import Cancelled, CancelOutcome, Marked, MarkOutcome
from tenants import organizations, sight
from tenants.sites import front_desk

MAY_CHANGE, MAY_CLOSE = "bookings.change_appointment", "bookings.add_closure"
MAY_BEGIN = "bookings.add_practitioner"


@dataclass(frozen=True, slots=True)
class Dial:
    """Somebody to call: posting to `take` tells colleagues so, and `then` is the page for the note.
    Both are addresses."""

    name: str
    phone: str
    take: str
    then: str


@dataclass(frozen=True, slots=True)
class Notice:
    """Something that needs a look, with the page where it is dealt with."""

    text: str
    link: str
    is_urgent: bool = False
    dial: Dial | None = None


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
    by_sight=True,
)
def today(request: HttpRequest) -> HttpResponse:
    """The start page; its board alone if that is asked for, and nothing if it has not changed."""
    now = organizations.current().now()
    day = day_in(request, now)
    part = board(request, day, now)
    context = {"part": part, "day": day, "is_today": day == now.date()}
    if live.is_asked_for(request):
        return live.answer(request, part, "bookings/desk/board.html", context)
    page = {
        **context,
        "title": "Today" if day == now.date() else f"{day:%A}",
        "is_fullwidth": "1",
        "is_ahead": day > now.date(),
        "before": day - timedelta(days=1),
        "after": day + timedelta(days=1),
        "may_book": request.user.has_perm("bookings.add_appointment"),
    }
    return front_desk.render(request, "bookings/desk/today.html", page)


def board(request: HttpRequest, day: date, now: datetime) -> live.Part:
    may = request.user.has_perm
    visits = sight.visible(Appointment.objects.all(), request.user)
    lanes = lanes_of(day, visits, now=now, may_change=may(MAY_CHANGE), may_override=may(OVERRIDE))
    zone, may_see_patients = organizations.current().zone, may("bookings.view_patient")
    to = rows.addresses(day, zone, may_see_patients=may_see_patients)
    away = outside_hours.absences(day, [lane.practitioner for lane in lanes])
    shown = [
        (
            lane,
            away[lane.practitioner.pk],
            rows.joined(rows.row(visit, to) for visit in lane.visits),
        )
        for lane in lanes
    ]
    begins = (
        not lanes and may(MAY_BEGIN) and not Practitioner.objects.filter(is_active=True).exists()
    )
    context = {"lanes": shown, "day": day, "may_close": may(MAY_CLOSE), "begins": begins}
    return live.part(request, "bookings/desk/lanes.html", context)


def day_in(request: HttpRequest, now: datetime) -> date:
    """The day that is asked for; today if it is none."""
    try:
        asked = parse_date(request.GET.get("day", ""))
    except ValueError:
        asked = None
    return asked if asked and asked.year in YEARS else now.date()


@front_desk.page(
    "visit/<uuid:key>/<slug:name>/", name="visit_step", permission=MAY_CHANGE, by_sight=True
)
def take_step(request: HttpRequest, key: UUID, name: str) -> HttpResponse:
    """A button of the board: one step of a visit, answered for a script."""
    if request.method != "POST":
        raise Http404
    shown = sight.visible(Appointment.objects.select_related("patient"), request.user)
    row = get_object_or_404(shown, pk=key)
    if name not in set(Step):
        return answers.bad_input("There is no such step.")
    if sight.is_bound(request.user) and key_in(request.POST.get("seen", "")) is None:
        return answers.bad_input("Please reload the page, and try again.")
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
            outcome = attendance.take_in(row, now=now, by=by, seen=seen)
        case _:
            outcome = attendance.mark(row, MARKED_AS[step], now=now, by=by, seen=seen)
    shown = own_diary.as_shown(outcome, request.user)
    return answers.of(shown, said=said(request, outcome, step, row, now))


def said(
    request: HttpRequest,
    outcome: MarkOutcome | CancelOutcome,
    step: Step,
    row: Appointment,
    now: datetime,
) -> str:
    done = f"{SAID[step]}: {row.patient.name}, {timezone.localtime(row.start):%H:%M}."
    if not isinstance(outcome, Cancelled | Marked) or outcome.appointment.occupies:
        return done
    waiting = own_diary.wanting(outcome.appointment, request.user, now=now)
    names = list(dict.fromkeys(match.entry.patient.name for match in waiting))
    return f"{done} Waiting for the time: {', '.join(names[:3])}." if names else done


@front_desk.page("notices/", name="notices", permission="bookings.view_appointment", by_sight=True)
def strip(request: HttpRequest) -> HttpResponse:
    """What needs a look. Empty when all is well."""
    now = organizations.current().now()
    found: Iterable[Notice | None] = (notice(request, now) for notice in notices)
    context = {"notices": [notice for notice in found if notice]}
    return TemplateResponse(request, "bookings/desk/notices.html", context)
