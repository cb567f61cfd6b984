"""Races: callers in separate processes ask for one slot at the same moment."""

import multiprocessing
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from multiprocessing.context import ForkProcess
from statistics import quantiles
from typing import TypeAlias, TypeVar

from django.core.management.base import CommandError
from django.db import connection
from django.db.models import Model

from assistants.calls import answering
from assistants.conversation import Kind, ToolRequest, VoiceMessage
from bookings.models import Appointment, DiaryQuerySet
from config.operations.scratch import Line
from config.warm import warm
from tenants import organizations
from tenants.models import Organization
from tenants.postgresql.statements import Bound

SLOTS_A_DAY = 24  # half hours from eight to eight
LONGEST_WAIT = 60.0
# By the caller's number, the slot's number and its start: the sentence that was heard.
Ask: TypeAlias = "Callable[[int, int, datetime], str]"
Row = TypeVar("Row", bound=Model)
ENDING = (signal.SIGINT, signal.SIGTERM)


@dataclass(frozen=True)
class Race:
    callers: int
    slots: int
    rounds: int

    def starts(self, number: int, now: datetime) -> list[datetime]:
        """The slots of round `number`: half hours from tomorrow on, no two rounds on one day."""
        days = -(-self.slots // SLOTS_A_DAY)
        first = (now + timedelta(days=1 + number * days)).replace(
            hour=8, minute=0, second=0, microsecond=0
        )
        return [
            first + timedelta(days=slot // SLOTS_A_DAY, minutes=30 * (slot % SLOTS_A_DAY))
            for slot in range(self.slots)
        ]


@dataclass(frozen=True)
class Tally:
    booked: int = 0
    offered: int = 0
    errors: int = 0
    milliseconds: tuple[float, ...] = field(default=(), repr=False)

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(
            self.booked + other.booked,
            self.offered + other.offered,
            self.errors + other.errors,
            self.milliseconds + other.milliseconds,
        )

    def __str__(self) -> str:
        return f"{self.booked} booked, {self.offered} offered alternatives, {self.errors} errors"

    def percentiles(self) -> dict[str, float]:
        if len(self.milliseconds) < 2:
            return {}
        cuts = quantiles(self.milliseconds, n=100, method="inclusive")
        return {f"p{share}": round(cuts[share - 1], 1) for share in (50, 95, 99)}

    def speed(self) -> str:
        return ", ".join(f"{name} {value:.0f} ms" for name, value in self.percentiles().items())

    def as_dict(self) -> dict[str, object]:
        return {
            "booked": self.booked,
            "offered": self.offered,
            "errors": self.errors,
            "milliseconds": self.percentiles(),
        }


def judged(sentence: str, milliseconds: float) -> Tally:
    return Tally(
        booked=int(sentence.startswith("You're booked")),
        offered=int("just taken" in sentence and "available" in sentence),
        errors=int(not sentence.startswith("You're booked") and "just taken" not in sentence),
        milliseconds=(milliseconds,),
    )


def run(race: Race, line: Line, number: int) -> Tally:
    """One round over HTTP: every caller asks for every slot, all at once for each."""

    def ask(caller: int, slot: int, start: datetime) -> str:
        try:
            return line.ask("book_appointment", **request(number, caller, slot, start))
        except CommandError:
            return ""

    return together(race, number, line.organization, ask)


def run_inside(race: Race, organization: Organization, number: int) -> Tally:
    """One round without HTTP, so that the walls can be taken away in the callers' processes."""

    def ask(caller: int, slot: int, start: datetime) -> str:
        said = request(number, caller, slot, start)
        message = VoiceMessage(Kind.TOOLS, said.pop("call"), said.pop("caller"))
        wanted = ToolRequest("1", "book_appointment", dict(said), key=None)
        with organizations.within(organization):
            return answering.answer(wanted, message, now=organization.now())

    warm()  # as gunicorn does before it forks
    return together(race, number, organization, ask)


def request(number: int, caller: int, slot: int, start: datetime) -> dict[str, str]:
    return {
        "call": f"race-{number}-{slot}-{caller}",
        # After ten visits from another telephone: one number has a cap (assistants.tools.caps).
        "caller": f"+1{201 + (number * 10 + slot // 10) % 499}555{caller % 10000:04}",
        "service": "cleaning",
        "start": f"{start:%Y-%m-%dT%H:%M}",
        "patient_name": f"Caller {'abcdefghijklmnopqrstuvwxyz'[caller % 26]} {caller // 26 or ''}",
    }


def together(race: Race, number: int, organization: Organization, ask: Ask) -> Tally:
    """Fork the callers, hold them at a gate before each slot, and add up what they heard."""
    starts = race.starts(number, organization.now())
    connection.close()  # a forked process must not share it
    context = multiprocessing.get_context("fork")
    gate, heard = context.Barrier(race.callers), context.Queue()

    def call(caller: int) -> None:
        for ending in ENDING:
            signal.signal(ending, signal.SIG_DFL)
        tally = Tally()
        for slot, start in enumerate(starts):
            gate.wait(LONGEST_WAIT)
            began = time.perf_counter()
            sentence = ask(caller, slot, start)
            tally = tally + judged(sentence, (time.perf_counter() - began) * 1000)
        heard.put(tally)

    callers = [context.Process(target=call, args=(caller,)) for caller in range(race.callers)]
    total = Tally()
    try:
        with signals_later():
            for process in callers:
                process.start()
        for _ in callers:
            total = total + heard.get(timeout=LONGEST_WAIT * race.slots)
    except BaseException:  # if one process failed, the others must not wait at the gate for it
        for process in begun(callers):
            process.kill()
        raise
    finally:
        for process in begun(callers):
            process.join()
    return total


@contextmanager
def signals_later() -> Iterator[None]:
    """Signals that end us are handled afterwards: what is raised while Python forks can be lost.

    https://docs.python.org/3/library/os.html#os.register_at_fork: hooks run then, and what is
    raised in one is ignored.
    """
    arrived: list[int] = []
    before = {
        number: signal.signal(number, lambda number, _: arrived.append(number)) for number in ENDING
    }
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        if arrived:
            signal.raise_signal(arrived[0])


def begun(callers: Sequence[ForkProcess]) -> list[ForkProcess]:
    return [process for process in callers if process.pid is not None]


def overlapping(organization: Organization) -> int:
    """How many pairs of rows hold one practitioner, one room or one patient at one time.

    Counted without our own guard.
    """
    with organizations.within(organization), connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT count(*)
            FROM bookings_appointment one
            JOIN bookings_appointment other
              ON other.id > one.id AND (
                 other.blocked && one.blocked
                 AND (other.practitioner_id = one.practitioner_id OR other.room_id = one.room_id)
                 OR other.patient_id = one.patient_id
                 AND other.start < one."end" AND one.start < other."end"
             )
            WHERE one.status = ANY(%(occupying)s) AND other.status = ANY(%(occupying)s)
            """,
            {"occupying": [str(status) for status in Appointment.OCCUPYING]},
        )
        return int(cursor.fetchone()[0])


@contextmanager
def unguarded(organization: Organization) -> Iterator[None]:
    """Removes two of the three walls in a scratch schema: the constraints and the diaries' locks.

    The check before booking stays: an unprotected system has only that.
    """
    with organizations.within(organization), connection.cursor() as cursor:
        cursor.execute(
            "ALTER TABLE bookings_appointment"
            " DROP CONSTRAINT IF EXISTS appointment_no_double_booking,"
            " DROP CONSTRAINT IF EXISTS appointment_no_double_booked_room,"
            " DROP CONSTRAINT IF EXISTS appointment_no_patient_at_two_places"
        )
    guarded = DiaryQuerySet.lock, Bound.locking
    DiaryQuerySet.lock = look_only  # type: ignore[assignment, method-assign]
    Bound.locking = lambda bound: bound  # type: ignore[assignment, method-assign]
    try:
        yield
    finally:
        DiaryQuerySet.lock, Bound.locking = guarded  # type: ignore[method-assign]


def look_only(rows: "DiaryQuerySet[Row]") -> list[Row]:
    return list(rows.order_by("pk"))
