"""Staff: they change the diaries while callers do, from a process of their own."""

import random
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import timedelta

from django.db import Error, InterfaceError, connection

from bookings import appointments
from bookings.models import Appointment, Closure, Practitioner
from config.operations.chaos.callers import DAYS_AHEAD
from config.operations.judging.truth import STAFF
from tenants import organizations
from tenants.models import Organization

MOST_CLOSURES = 3


def work(clinics: Sequence[Organization], draw: random.Random, is_over: Callable[[], bool]) -> None:
    """Makes one change after another. A change that a fault interrupts is skipped."""
    while not is_over():
        try:
            with organizations.within(draw.choice(clinics)) as organization:
                draw.choices((cancel, move, note, close_a_day), (4, 4, 3, 1))[0](organization, draw)
        except (Error, InterfaceError):
            with suppress(Error, InterfaceError):
                connection.close()
        time.sleep(draw.uniform(0.1, 0.6))


def some_visit(organization: Organization, draw: random.Random) -> Appointment | None:
    rows = Appointment.objects.occupying().filter(start__gt=organization.now())
    return draw.choice(list(rows[:200]) or [None])


def cancel(organization: Organization, draw: random.Random) -> None:
    if visit := some_visit(organization, draw):
        appointments.cancel(visit, now=organization.now(), by=STAFF)


def move(organization: Organization, draw: random.Random) -> None:
    if visit := some_visit(organization, draw):
        start = visit.start + timedelta(days=draw.choice((-1, 0, 1)), minutes=draw.choice((30, 90)))
        appointments.reschedule(visit, start=start, now=organization.now(), by=STAFF)


def note(organization: Organization, draw: random.Random) -> None:
    """A note is saved as the front desk's page saves it: alone."""
    if visit := some_visit(organization, draw):
        visit.notes = f"Bring the form {draw.randrange(1000)}"
        visit.save(update_fields=["notes"])


def close_a_day(organization: Organization, draw: random.Random) -> None:
    if Closure.objects.count() >= MOST_CLOSURES:
        return
    day = organization.now().replace(hour=0, minute=0, second=0, microsecond=0)
    day += timedelta(days=draw.randint(3, DAYS_AHEAD))
    whose = draw.choice(list(Practitioner.objects.all()))
    Closure.objects.create(practitioner=whose, start=day, end=day + timedelta(days=1))
