"""Times the search for the next free time in a scratch clinic: medians, and ratios to its best."""

import time
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import islice, product
from statistics import median

from django.core.management.base import CommandParser
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bookings.availability import slots
from bookings.models import Appointment, Closure, Patient, Practitioner, ServiceType
from config.operations import scratch
from config.warm import warm
from tenants import organizations
from tenants.commands import Command as BaseCommand

DAYS = 365
SLOTS_A_DAY = 24  # half hours from eight to eight
PRACTITIONERS = 3


class Command(BaseCommand):
    help = "Time the search for the next free time over a year, with thousands of visits ahead."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--appointments", type=int, default=5000, help="how many are ahead")
        parser.add_argument("--repeat", type=int, default=30, help="how often each is timed")

    def handle(self, *, appointments: int, repeat: int, **options: object) -> None:
        with scratch.clinic() as (organization, _), organizations.within(organization):
            now = organization.now()
            furnish()
            warm()  # as a worker that serves
            cases: tuple[tuple[str, Callable[[], object]], ...] = (
                ("an empty diary", list),
                (f"{appointments:,} spread over the year", lambda: spread(appointments, now)),
                (f"the next {appointments:,} times taken", lambda: crowd(appointments, now)),
                ("and the clinic closed behind them", lambda: close(now)),
            )
            self.stdout.write(f"{'next three free times, a year ahead':<44} median   best  queries")
            for said, prepare in cases:
                prepare()
                self.stdout.write(timed(said, lambda: next_free(now), repeat))


def timed(said: str, run: Callable[[], object], repeat: int) -> str:
    """Milliseconds, and the ratio to the best run, which a busy machine disturbs least."""
    run()
    milliseconds = []
    for _ in range(repeat):
        began = time.perf_counter()
        run()
        milliseconds.append((time.perf_counter() - began) * 1000)
    with CaptureQueriesContext(connection) as queries:
        run()
    middle, best = median(milliseconds), min(milliseconds)
    ratio = middle / best
    return f"{said:<44} {middle:6.1f} {best:6.1f} {len(queries):8}   (median/best {ratio:.2f})"


def next_free(now: datetime) -> list[slots.Slot]:
    found = slots.soonest(
        service=ServiceType.objects.get(),
        practitioners=Practitioner.objects.all(),
        after=now,
        now=now,
    )
    return list(islice(found, 3))


def furnish() -> None:
    """Two more practitioners with the hours of the first."""
    first, service = Practitioner.objects.get(), ServiceType.objects.get()
    hours = list(first.schedules.all())
    for number in range(2, PRACTITIONERS + 1):
        another = Practitioner.objects.create(name=f"Dr. Scratch {number}")
        another.services.add(service)
        for schedule in hours:
            schedule.pk, schedule.practitioner = None, another
            schedule.save(force_insert=True)


def times(now: datetime) -> list[datetime]:
    first = (now + timedelta(days=1)).replace(hour=8, minute=0, second=0, microsecond=0)
    return [
        first + timedelta(days=day, minutes=30 * slot)
        for day, slot in product(range(DAYS - 1), range(SLOTS_A_DAY))
    ]


def spread(count: int, now: datetime) -> None:
    wanted = list(product(times(now), Practitioner.objects.order_by("pk")))
    fill(wanted[:: max(len(wanted) // count, 1)][:count])


def crowd(count: int, now: datetime) -> None:
    Appointment.objects.all().delete()
    fill(list(product(times(now), Practitioner.objects.order_by("pk")))[:count])
    tomorrow = times(now)[0].replace(hour=0)
    Closure.objects.create(start=now, end=tomorrow, reason="The rest of today")


def close(now: datetime) -> None:
    last = Appointment.objects.order_by("end").last()
    if last:
        Closure.objects.create(start=last.end, end=now + timedelta(days=2 * DAYS))


def fill(wanted: list[tuple[datetime, Practitioner]]) -> None:
    service = ServiceType.objects.get()
    patients = {
        person: Patient.objects.create(name=f"Patient of {person}")
        for person in Practitioner.objects.all()
    }
    rows = [
        Appointment(
            practitioner=person,
            patient=patients[person],
            service=service,
            start=start,
            source="staff",
        )
        for start, person in wanted
    ]
    for number, row in enumerate(rows):
        row.reference = f"B{number}"
        row.take(service)
    Appointment.objects.bulk_create(rows)
