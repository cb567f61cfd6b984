"""The page of the calendar, and what it asks for while it is open."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from math import gcd
from typing import cast
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.core.exceptions import BadRequest
from django.db.models import Min, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified, JsonResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from bookings.checks import has_calendar
from bookings.desk import own_diary
from bookings.desk.actions import OVERRIDE
from bookings.desk.calendar import events, month
from bookings.desk.calendar.clocks import YEARS
from bookings.desk.calendar.events import Asked, Diary
from bookings.models import (
    Appointment,
    AppointmentQuerySet,
    BookingPolicy,
    Practitioner,
    ServiceType,
)
from tenants import organizations, sight
from tenants.sites import front_desk

Status = Appointment.Status
VIEW, CHANGE, ADD = (f"bookings.{verb}_appointment" for verb in ("view", "change", "add"))
MOST_DAYS = 42  # six weeks
VIEWS = {"day": "Day", "week": "Week", "month": "Month"}
# A visit's status is seen by a sign as well as by its colour: a symbol of the theme, and its word.
SIGNS = {
    Status.PENDING.value: ("help", "pending"),
    Status.BOOKED.value: ("event", "booked"),
    Status.ARRIVED.value: ("how_to_reg", "arrived"),
    events.IN_ROOM: ("meeting_room", "in the room"),
    Status.FULFILLED.value: ("check_circle", "fulfilled"),
    Status.NO_SHOW.value: ("person_off", "no-show"),
}
DAY, WEEK = timedelta(days=1), timedelta(days=7)
NO_SUCH_PAGE = (
    "The address names a day, a view or a practitioner that does not exist."
    " The rest of it is shown."
)
NO_UUID = "00000000-0000-0000-0000-000000000000"


def visible(request: HttpRequest) -> AppointmentQuerySet:
    """The visits that the user sees in the list."""
    rows = front_desk.get_model_admin(Appointment).get_queryset(request)
    return cast("AppointmentQuerySet", rows)


def seen(request: HttpRequest) -> QuerySet[Practitioner]:
    return sight.visible(Practitioner.objects.all(), request.user)


def whose(request: HttpRequest, asked: Practitioner | None) -> Practitioner | None:
    """Whose diary is shown: the one asked for, or None for all. Who has a diary of their own sees
    no other."""
    if asked is None:
        return seen(request).first() if sight.is_bound(request.user) else None
    if not sight.sees(asked, request.user):
        raise Http404
    return asked


def in_a_year_that_is_drawn(day: date) -> None:
    """Raises ValidationError."""
    if day.year not in YEARS:
        raise forms.ValidationError("a year without visits")


class Address(forms.Form):
    """What an address of the calendar says."""

    view = forms.ChoiceField(choices=[*VIEWS.items()], required=False)
    date = forms.DateField(
        required=False, input_formats=["%Y-%m-%d"], validators=[in_a_year_that_is_drawn]
    )
    practitioner = forms.ModelChoiceField(Practitioner.objects.all(), required=False)


@dataclass(frozen=True, slots=True)
class Shown:
    """What the page shows: the day, week or month of `day`, of one practitioner or of all."""

    view: str
    day: date
    practitioner: Practitioner | None

    @property
    def days(self) -> tuple[date, date]:
        """The first day, and the first one after the last."""
        match self.view:
            case "week":
                first = week_begins(self.day)
                return first, first + WEEK
            case "month":
                first, after = self.day.replace(day=1), month.next_after(self.day)
                return week_begins(first), week_begins(after - DAY) + WEEK
            case _:
                return self.day, self.day + DAY

    @property
    def title(self) -> str:
        first, until = self.days
        last = until - DAY
        match self.view:
            case "week":
                begins = f"{first.day} {first:%B}" if first.month != last.month else f"{first.day}"
                return f"{begins} to {last.day} {last:%B %Y}"
            case "month":
                return f"{self.day:%B %Y}"
            case _:
                return f"{first:%A} {first.day} {first:%B %Y}"

    @property
    def previous(self) -> "Shown":
        first, _ = self.days
        return replace(self, day=self.day.replace(day=1) - DAY if self.is_month else first - DAY)

    @property
    def following(self) -> "Shown":
        _, until = self.days
        return replace(self, day=month.next_after(self.day) if self.is_month else until)

    @property
    def is_month(self) -> bool:
        return self.view == "month"

    @property
    def address(self) -> str:
        said = {"view": self.view, "date": self.day.isoformat()}
        if self.practitioner:
            said["practitioner"] = str(self.practitioner.pk)
        return f"{reverse('admin:calendar')}?{urlencode(said)}"


def week_begins(day: date) -> date:
    first = organizations.current().first_weekday
    return day - timedelta(days=(day.isoweekday() - first) % 7)


@front_desk.page(
    "calendar/",
    name="calendar",
    title="Calendar",
    icon="calendar_month",
    position=2,
    permission=VIEW,
    by_sight=True,
)
@require_safe
def calendar(request: HttpRequest) -> HttpResponse:
    asked = Address(request.GET)
    if not asked.is_valid():
        messages.warning(request, NO_SUCH_PAGE)
    said, now = asked.cleaned_data, organizations.current().now()
    people = list(seen(request).filter(is_active=True))
    view, one = said.get("view") or "day", whose(request, said.get("practitioner"))
    if one and one not in people:
        people.append(one)
    if view == "week" and one is None:
        one = next(iter(people), None)
    shown = Shown(view, said.get("date") or now.date(), one)
    context = {
        "title": "Calendar",
        "is_fullwidth": "1",
        "shown": shown,
        "today": replace(shown, day=now.date()),
        "is_ahead": shown.days[0] > now.date(),
        "is_today": shown.days[0] <= now.date() < shown.days[1],
        "views": [(label, replace(shown, view=name)) for name, label in VIEWS.items()],
        "people": people,
        "sees_all": not sight.is_bound(request.user),
        "is_installed": has_calendar(),
        "signs": SIGNS,
        "config": drawn_by_script(request, shown),
        "weeks": month.weeks(days_of(shown), visible(request)) if shown.is_month else [],
    }
    return front_desk.render(request, "bookings/desk/calendar.html", context)


def days_of(shown: Shown) -> Asked:
    one = shown.practitioner
    zone = organizations.current().zone
    return Asked.days(*shown.days, zone=zone, only=one.pk if one else None)


def drawn_by_script(request: HttpRequest, shown: Shown) -> dict[str, object]:
    """What calendar.js has to know beside the visits."""
    step = BookingPolicy.current().step_minutes
    may = request.user.has_perm
    return {
        "view": shown.view,
        "date": shown.day.isoformat(),
        "practitioner": shown.practitioner and shown.practitioner.pk,
        "first_day": organizations.current().first_weekday,
        # Drags are as long as a step, or a part of it: hours may begin at any minute.
        "snap": gcd(step, 30),
        "shortest": shortest_visit(),
        "now": organizations.current().now().isoformat(timespec="minutes"),
        "page": reverse("admin:calendar"),
        "events": reverse("admin:calendar_events"),
        "move": reverse("admin:calendar_move"),
        "visit": reverse("admin:bookings_appointment_change", args=[NO_UUID]),
        "signs": SIGNS,
        "may_move": may(CHANGE),
        "may_override": may(CHANGE) and may(OVERRIDE),
        "may_book": may(ADD),
    }


def shortest_visit() -> int:
    """Minutes of the shortest service that is offered."""
    minutes = ServiceType.objects.filter(is_active=True).aggregate(least=Min("minutes"))
    return minutes["least"] or 30


@front_desk.page("calendar/events/", name="calendar_events", permission=VIEW, by_sight=True)
@require_safe
def calendar_events(request: HttpRequest) -> HttpResponse:
    """The visits and hours of the days from `from` up to `to`, in JSON: of all, or of one
    `practitioner`. Answered with 304 while nothing has changed."""
    asked = asked_in(request)
    diary = Diary.read(asked, visible(request))
    tag = f'"{diary.version}"'
    if request.headers.get("If-None-Match") == tag:
        return HttpResponseNotModified(headers={"ETag": tag})
    now, may_change_begun = organizations.current().now(), request.user.has_perm(OVERRIDE)
    answer = events.drawing(diary, now=now, may_change_begun=may_change_begun)
    return JsonResponse(answer, headers={"ETag": tag})


def asked_in(request: HttpRequest) -> Asked:
    try:
        first, until = (date.fromisoformat(request.GET[name]) for name in ("from", "to"))
        only = int(request.GET["practitioner"]) if request.GET.get("practitioner") else None
    except (KeyError, ValueError) as error:
        raise BadRequest("days that no page asks for") from error
    if first.year not in YEARS or not 0 < (until - first).days <= MOST_DAYS:
        raise BadRequest("days that no page asks for")
    own = own_diary.only(request.user)
    if own is not None and only not in (None, own):
        raise Http404
    whose = only if own is None else own
    return Asked.days(first, until, zone=organizations.current().zone, only=whose)
