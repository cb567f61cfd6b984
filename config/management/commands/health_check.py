"""Tests the whole booking path over HTTP, and checks the rows."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta

from django.core.management.base import CommandError, CommandParser
from django.db.models import QuerySet
from rich.console import Console

from bookings.availability import slots
from bookings.models import Appointment, Practitioner, ServiceType
from config.operations import scratch
from config.operations.scratch import Line
from tenants import organizations
from tenants.commands import Command as BaseCommand

Check = Callable[[Line, datetime], str]

TIME = re.compile(r"\b(\d{1,2}):(\d\d) (AM|PM)")
HOUR = 14


class Command(BaseCommand):
    help = (
        "Book, conflict, send a wrong year and an odd phone number, in a scratch clinic; exit code"
        " 0 if all is right."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--url", help="a running server over this database; else one is started"
        )

    def handle(self, *, url: str | None, **_: object) -> None:
        progress = Console(stderr=True)
        failures = 0
        with (
            progress.status("Making a scratch clinic and a server …") as status,
            scratch.line(url) as line,
        ):
            status.stop()
            with organizations.within(line.organization):
                for number, (said, check) in enumerate(CHECKS, start=1):
                    problem = run(check, line)
                    failures += bool(problem)
                    self.stdout.write(verdict(number, said, problem))
        if failures:
            raise CommandError(f"{failures} of {len(CHECKS)} failed.")


def verdict(number: int, said: str, problem: str) -> str:
    if problem:
        return f"❌ TEST {number} FAILED: {said}: {problem}"
    return f"✅ TEST {number} PASSED: {said}"


def run(check: Check, line: Line) -> str:
    now = line.organization.now()
    day = (now + timedelta(days=10)).replace(hour=HOUR, minute=0, second=0, microsecond=0)
    try:
        return check(line, day)
    except CommandError as error:
        return str(error)


def booking_succeeds(line: Line, start: datetime) -> str:
    sentence = book(line, start, name="Ben Ode", caller="+12025550177")
    rows = list(rows_at(start))
    if "booked" not in sentence or len(rows) != 1 or rows[0].status != "booked":
        return seen(sentence, rows)
    return "" if rows[0].reference in sentence else seen(sentence, rows)


def conflict_is_answered(line: Line, start: datetime) -> str:
    """Three alternatives are offered, and each can be booked at this moment."""
    sentence = book(line, start, name="Cat Ruiz", caller="+12025550188")
    offered = {local_time(*found) for found in TIME.findall(sentence)}
    free = {slot.start.astimezone(start.tzinfo).strftime("%H:%M") for slot in free_on(line, start)}
    rows = list(rows_at(start))
    if len(offered) != 3 or not offered <= free or len(rows) != 1:
        return seen(sentence, rows)
    return ""


def year_is_normalised(line: Line, start: datetime) -> str:
    start = start.replace(hour=HOUR + 2)
    if (start.month, start.day) == (2, 29):
        start += timedelta(days=1)
    stale = start.replace(year=start.year - 2)
    sentence = book(line, stale, name="Dee Park", caller="+12025550199")
    rows = list(rows_at(start))
    if len(rows) != 1 or f"{start:%B} {start.day}, {start.year}" not in sentence:
        return seen(sentence, rows)
    return ""


def phone_is_normalised(line: Line, start: datetime) -> str:
    start = start.replace(hour=HOUR + 3)
    sentence = book(line, start, name="Eve Holm", caller="", phone="(415) 555-0123")
    rows = list(rows_at(start))
    if [row.patient.phone for row in rows] != ["+14155550123"]:
        return f"{seen(sentence, rows)}, phone {[row.patient.phone for row in rows]}"
    return ""


CHECKS: tuple[tuple[str, Check], ...] = (
    ("Booking succeeded", booking_succeeds),
    ("Conflict detected with alternatives", conflict_is_answered),
    ("Date normalization handled", year_is_normalised),
    ("Phone normalization working", phone_is_normalised),
)


def book(line: Line, start: datetime, *, name: str, caller: str, phone: str = "") -> str:
    return line.ask(
        "book_appointment",
        call=f"health-{name}",
        caller=caller,
        service="cleaning",
        start=f"{start:%Y-%m-%dT%H:%M}",
        patient_name=name,
        patient_phone=phone,
    )


def rows_at(start: datetime) -> QuerySet[Appointment]:
    return Appointment.objects.occupying().filter(start=start).select_related("patient")


def free_on(line: Line, day: datetime) -> list[slots.Slot]:
    people, now = list(Practitioner.objects.all()), line.organization.now()
    day_of = slots.around(day, practitioners=people, now=now, days=0)
    return day_of.free(ServiceType.objects.get())


def local_time(hour: str, minute: str, half: str) -> str:
    return f"{int(hour) % 12 + (12 if half == 'PM' else 0):02}:{minute}"


def seen(sentence: str, rows: list[Appointment]) -> str:
    found = ", ".join(f"{row.start:%Y-%m-%d %H:%M} UTC {row.status}" for row in rows) or "none"
    return f"heard “{sentence}”; rows: {found}"
