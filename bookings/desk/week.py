"""A week's hours: one practitioner's, as a grid. “Same every day” fills it without typing.

Hours that hold from a day or until one are left as they are: they are edited with the practitioner.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import time
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect

from bookings import diaries
from bookings.models import Practitioner, Schedule
from tenants.editing import KNOWN, AskFirst
from tenants.sites import front_desk
from tenants.versions import VERSION, PageVersion

Stretch = tuple[time, time]
# By weekday, Monday first, the stretches worked.
Week = tuple[tuple[Stretch, ...], ...]
WEEKDAYS = range(7)
WORKDAYS = range(5)
FEWEST, MOST = 2, 6  # columns of the grid
USUAL: Week = tuple(((time(9), time(17)),) if day in WORKDAYS else () for day in WEEKDAYS)
MOST_PATTERNS = 3
PERMISSION = "bookings.change_practitioner"


@dataclass(frozen=True, slots=True)
class Pattern:
    """A week that fills the grid by a click."""

    key: str
    label: str
    week: Week


@dataclass(frozen=True, slots=True)
class Cell:
    """A stretch as it is typed."""

    name: str
    starts: str
    ends: str
    label: str


@dataclass(frozen=True, slots=True)
class Grid:
    """What is typed, and what of it is wrong, one line each."""

    cells: tuple[tuple[str, tuple[Cell, ...]], ...]
    week: Week
    problems: tuple[str, ...] = ()


@front_desk.page("week/<int:key>/", name="week", permission=PERMISSION)
def week(request: HttpRequest, key: int) -> HttpResponse:
    """The grid. A button named `fill` fills it, one named `save` stores it."""
    practitioner = get_object_or_404(Practitioner, pk=key)
    if request.method != "POST":
        version = now(request, practitioner)
        return show(request, practitioner, grid_of(week_of(practitioner)), version=version)
    grid = typed(request)
    if fill := request.POST.get("fill"):
        return show(request, practitioner, grid_of(filled(practitioner, grid.week, fill)))
    if grid.problems or "save" not in request.POST:
        return show(request, practitioner, grid)
    return save(request, practitioner, grid)


def every_week(practitioner: Practitioner) -> QuerySet[Schedule]:
    """The hours without a first or a last day."""
    return practitioner.schedules.filter(valid_from=None, valid_until=None)


def week_of(practitioner: Practitioner) -> Week:
    return as_week((row.weekday, row.starts, row.ends) for row in every_week(practitioner))


def as_week(rows: Iterable[tuple[int, time, time]]) -> Week:
    found: list[list[Stretch]] = [[] for _ in WEEKDAYS]
    for weekday, starts, ends in rows:
        found[weekday].append((starts, ends))
    return tuple(tuple(sorted(day)) for day in found)


# --- the grid


def grid_of(wanted: Week) -> Grid:
    columns = min(MOST, max(FEWEST, *map(len, wanted)))
    cells = tuple(
        (label_of(day), tuple(cell(day, place, wanted[day]) for place in range(columns)))
        for day in WEEKDAYS
    )
    return Grid(cells, wanted)


def cell(day: int, place: int, stretches: Sequence[Stretch]) -> Cell:
    starts, ends = stretches[place] if place < len(stretches) else (None, None)
    name = name_of(day, place)
    label = f"{label_of(day)}, stretch {place + 1}"
    return Cell(name, f"{starts:%H:%M}" if starts else "", f"{ends:%H:%M}" if ends else "", label)


def name_of(day: int, place: int) -> str:
    return f"{day}-{place}"


def label_of(day: int) -> str:
    return str(Schedule.Weekday(day).label)


def typed(request: HttpRequest) -> Grid:
    """The grid as it was sent. What is wrong stays in it."""
    rows: list[tuple[int, time, time]] = []
    problems: list[str] = []
    cells = []
    columns = [place for place in range(MOST) if f"{name_of(0, place)}-starts" in request.POST]
    for day in WEEKDAYS:
        in_day = [sent_cell(request, day, place) for place in columns]
        cells.append((label_of(day), tuple(in_day)))
        for one in in_day:
            try:
                rows += [(day, *stretch) for stretch in stretches_in(one)]
            except ValidationError as error:
                problems += [f"{label_of(day)}: {said}" for said in error.messages]
    return Grid(tuple(cells), as_week(rows), tuple(problems))


def sent_cell(request: HttpRequest, day: int, place: int) -> Cell:
    name = name_of(day, place)
    starts, ends = (request.POST.get(f"{name}-{end}", "").strip() for end in ("starts", "ends"))
    return Cell(name, starts, ends, f"{label_of(day)}, stretch {place + 1}")


def stretches_in(one: Cell) -> list[Stretch]:
    """None for an empty cell. Raises ValidationError."""
    if not (one.starts or one.ends):
        return []
    field = forms.TimeField(error_messages={"required": "Please give both times."})
    starts, ends = field.clean(one.starts), field.clean(one.ends)
    if starts == ends:
        raise ValidationError("It has to end at another time than it starts.")
    return [(starts, ends)]


# --- filling it


def patterns(practitioner: Practitioner) -> list[Pattern]:
    """The weeks of colleagues, and a usual one."""
    found = {USUAL: Pattern("usual", in_words(USUAL), USUAL)}
    rows = Schedule.objects.filter(valid_from=None, valid_until=None).select_related("practitioner")
    others = rows.exclude(practitioner=practitioner).order_by("practitioner__name")
    by_person: dict[Practitioner, list[tuple[int, time, time]]] = {}
    for row in others:
        hours = (row.weekday, row.starts, row.ends)
        by_person.setdefault(row.practitioner, []).append(hours)
    for person, hours_worked in by_person.items():
        theirs = as_week(hours_worked)
        found.setdefault(
            theirs, Pattern(str(person.pk), f"As {person}: {in_words(theirs)}", theirs)
        )
    return sorted(found.values(), key=lambda pattern: pattern.key == "usual")[:MOST_PATTERNS]


def filled(practitioner: Practitioner, wanted: Week, fill: str) -> Week:
    """“workdays” and “all” repeat the first day that has hours; else it is the key of a pattern."""
    days = {"workdays": WORKDAYS, "all": WEEKDAYS}.get(fill)
    if days is None:
        return next((one.week for one in patterns(practitioner) if one.key == fill), wanted)
    first = next((day for day in wanted if day), USUAL[0])
    return tuple(first if day in days else wanted[day] for day in WEEKDAYS)


def in_words(wanted: Week) -> str:
    """“Mon-Fri 09:00-12:00, 13:00-17:00; Sat 09:00-12:00”."""
    parts: list[tuple[list[int], tuple[Stretch, ...]]] = []
    for day, stretches in enumerate(wanted):
        if stretches and parts and parts[-1][1] == stretches and parts[-1][0][-1] == day - 1:
            parts[-1][0].append(day)
        elif stretches:
            parts.append(([day], stretches))
    return "; ".join(f"{days_in_words(days)} {hours_in_words(hours)}" for days, hours in parts)


def days_in_words(days: Sequence[int]) -> str:
    first, last = label_of(days[0])[:3], label_of(days[-1])[:3]
    return first if first == last else f"{first}-{last}"


def hours_in_words(stretches: Iterable[Stretch]) -> str:
    return ", ".join(f"{starts:%H:%M}-{ends:%H:%M}" for starts, ends in stretches)


# --- storing it


def show(
    request: HttpRequest,
    practitioner: Practitioner,
    grid: Grid,
    *,
    version: str = "",
    asked: AskFirst | None = None,
    said: str = "",
) -> HttpResponse:
    """`version` is that of a page that shows the hours as they are; others keep theirs."""
    context = {
        "title": f"Weekly hours of {practitioner}",
        "practitioner": practitioner,
        "grid": grid,
        "patterns": patterns(practitioner),
        "dated": practitioner.schedules.exclude(valid_from=None, valid_until=None),
        "version": version or request.POST.get(VERSION, ""),
        "asked": asked,
        "said": said,
    }
    is_refused = bool(asked or said or grid.problems)
    page = "bookings/desk/week.html"
    return front_desk.render(request, page, context, status=409 if is_refused else 200)


def now(request: HttpRequest, practitioner: Practitioner) -> str:
    """The version of the hours, for a page that shows them as they are."""
    return PageVersion(admin_page(), request).now(practitioner)


def admin_page() -> Any:
    return front_desk.get_model_admin(Practitioner)


def save(request: HttpRequest, practitioner: Practitioner, grid: Grid) -> HttpResponse:
    """Stores the week, unless a colleague has changed it, or it leaves visits outside that the
    page has not shown."""
    asked: AskFirst | None = None
    with diaries.writing():
        Practitioner.objects.filter(pk=practitioner.pk).lock()
        page = PageVersion(admin_page(), request)
        if page.shown() != page.digests(practitioner):
            return changed_since(request, practitioner)
        asked = replaced(practitioner, grid.week)
        if asked.concerns and request.POST.get(KNOWN) != asked.known:
            transaction.set_rollback(True)
        else:
            admin_page().log_change(request, practitioner, f"Weekly hours: {in_words(grid.week)}.")
            asked = None
    if asked:
        return show(request, practitioner, grid, asked=asked)
    messages.success(request, f"Hours of {practitioner}: {in_words(grid.week) or 'none'}.")
    return redirect("admin:bookings_practitioner_changelist")


def replaced(practitioner: Practitioner, wanted: Week) -> AskFirst:
    """Stores the week, and returns what that leaves behind."""
    before = admin_page().concerns(practitioner)
    rows = {(row.weekday, row.starts, row.ends): row for row in every_week(practitioner)}
    kept = {(day, *stretch) for day in WEEKDAYS for stretch in wanted[day]}
    gone = [row.pk for hours, row in rows.items() if hours not in kept]
    practitioner.schedules.filter(pk__in=gone).delete()
    for weekday, starts, ends in sorted(kept - rows.keys()):
        practitioner.schedules.create(weekday=weekday, starts=starts, ends=ends)
    after = admin_page().concerns(practitioner)
    return AskFirst([line for line in after if line not in before])


def changed_since(request: HttpRequest, practitioner: Practitioner) -> HttpResponse:
    """The grid as it is now. Hours are typed anew rather than mixed with a colleague's."""
    change = admin_page().last_change(practitioner)
    by = f" by {change.by}" if change else ""
    said = f"Changed{by} since you opened this page. These are the hours now."
    grid, version = grid_of(week_of(practitioner)), now(request, practitioner)
    return show(request, practitioner, grid, version=version, said=said)
