"""Reschedule an appointment: to a time of its own, or one that is told by when it is now."""

import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property, partial
from typing import Self

from assistants import callers
from assistants.calls import standing
from assistants.conversation import Caller
from assistants.hearing import NotUnderstood, When
from assistants.outcomes import (
    Answer,
    OtherService,
    ToolResult,
    WhichAppointment,
    WhichDay,
    WhoseAppointment,
)
from assistants.tools import catalogue, preferences, relative, shifts, times, visits
from assistants.tools.catalogue import ANYBODY, Choice
from assistants.tools.check_availability import OF_MANY_DAYS, CheckAvailability, times_for
from assistants.tools.fields import (
    JSON,
    CallContext,
    PractitionerField,
    WhenField,
    WordsField,
    is_nothing,
)
from assistants.tools.find_appointments import Meant, the_one
from assistants.tools.relative import NewTime, TwoDays, Window
from assistants.tools.serializers import (
    CURRENT,
    StartSerializer,
    Values,
    VisitMeant,
    WhoseSerializer,
    Written,
)
from assistants.tools.tool import Effect, Tool
from bookings import appointments
from bookings.availability import slots
from bookings.availability.reading import Requester
from bookings.models import Appointment, Practitioner, ServiceType
from bookings.outcomes import (
    NobodyOffers,
    OutsideHours,
    Rescheduled,
    RescheduleOutcome,
    SlotTaken,
    Wanted,
)

# The arguments that say when a visit is to be.
WHEN = ("start", "date", "time", "appointmentDate", "appointmentTime")
# “The same time but with somebody else”
WITH_ANOTHER = re.compile(
    rf",? ?\b(?:but )?with {catalogue.ANOTHER}\b"
    r"(?= *(?:$|[,.;!?]|(?:please|at|on|if|instead|then|next|this|tomorrow|\w+day)\b))",
    re.IGNORECASE,
)
# “The same day as my cleaning”, “not a cleaning”: what is named there is not wanted.
LANDMARK = re.compile(
    r"\b(?:as|before|after|behind|not|than) (?:my|the|our|that|an?) .*", re.IGNORECASE
)


@dataclass(frozen=True, slots=True, kw_only=True)
class RescheduleAppointment(VisitMeant):
    """`when` is the new time; `relative` are the words that tell it by when the visit is now.
    `is_weekday`: the day was told by its weekday alone. `is_day_of_month`: by its number.
    `is_of_its_day`: some hours without a day were told, which are those of the visit's own day.
    `services` were named with it; `words` are all that was said of the new time."""

    when: When
    is_left_open: bool = False
    relative: str
    is_weekday: bool
    practitioner: Choice
    services: Sequence[ServiceType]
    is_day_of_month: bool = False
    is_of_its_day: bool = False
    words: str = ""


class RescheduleAppointmentSerializer(
    StartSerializer[RescheduleAppointment], WhoseSerializer[RescheduleAppointment]
):
    """`current` is when they have it; `start`, or `date` and `time`, when they want it."""

    arguments = RescheduleAppointment
    older_names = {**WhoseSerializer.older_names, **StartSerializer.older_names}

    start = WhenField(
        left_out=True,
        help_text="The new day and time in the caller's own words, also where they tell it by the"
        " visit: “an hour later”, “same time on Friday”. Or leave it out and give `date` and"
        " `time`.",
    )
    current = WordsField(default="", subject="visit", help_text=CURRENT)
    practitioner = PractitionerField(has_one=True)
    offers_of = "reschedule_appointment"

    services: Sequence[ServiceType] = ()

    @classmethod
    def reading(cls, written: Written, call: CallContext) -> Self:
        return super().reading({**said_before(written, call), **written}, call)

    def to_internal_value(self, data: Written) -> Values:
        words = f"{self.text('service')} {LANDMARK.sub(' ', self.words())}"
        self.services = catalogue.services_to_the_letter(words)
        return super().to_internal_value(data)

    @cached_property
    def parts(self) -> list[str]:
        return super().parts or [self.text("service")]

    def as_said(self) -> list[str]:
        return [WITH_ANOTHER.sub(" ", part) for part in super().as_said()]

    def named_elsewhere(self) -> str:
        said = map(WITH_ANOTHER.search, super().as_said())
        return "somebody else" if any(said) else super().named_elsewhere()

    def is_by_visit(self, words: str) -> bool:
        is_made = relative.is_made(words) and not self.offered_times()
        return is_made or relative.is_by_reference(words) or self.is_of_service_alone(words)

    def is_of_service_alone(self, words: str) -> bool:
        """“Make it a consultation instead.”"""
        if not self.services:
            return False
        try:
            return times.hearer(self.call.now)(words) == When()
        except NotUnderstood:
            return True

    def validate(self, attrs: Values) -> Values:
        heard = super().validate(attrs)
        is_open = relative.is_open(self.words(), times.hearer(self.call.now))
        is_weekday = is_open and not self.is_as_told
        return {
            **heard,
            "is_weekday": is_weekday,
            "is_day_of_month": not self.is_answer and is_number_alone(self.words().casefold()),
            "is_of_its_day": self.is_of_its_day(heard["when"]),
            "services": self.services,
            "words": self.words(),
        }

    def is_of_its_day(self, when: When) -> bool:
        """“Nine” and “in the afternoon” are, where the call was told no other times; “any
        afternoon” is of no day, and “as soon as possible” begins today."""
        if when.day or not (when.time or times.is_wish(when)):
            return False
        is_open = self.is_soonest or OF_MANY_DAYS.search(self.words())
        return not is_open and not self.offered_times()


def said_before(written: Written, call: CallContext) -> dict[str, JSON]:
    """The new time as the call said it before it was asked which visit it is for, where this is
    the answer and says none."""
    if any(not is_nothing(written.get(name)) for name in WHEN):
        return {}
    last = callers.heard_by(call.caller).first()
    if last is None or (last.tool, last.outcome) != (TOOL.name, WhichAppointment.__name__):
        return {}
    return {name: last.arguments[name] for name in WHEN if name in last.arguments}


def reschedule_appointment(
    heard: RescheduleAppointment, *, caller: Caller, now: datetime
) -> ToolResult:
    """Move the one appointment that is meant; with several, ask which."""
    row = told_apart(the_one(heard, caller=caller, now=now), heard, now=now)
    if not isinstance(row, Appointment):
        return row
    if visits.is_for_another(heard.words, row.patient.name):
        return WhoseAppointment()
    others = [service for service in heard.services if service != row.service]
    if others:
        return OtherService(row, others[0].name)
    if heard.practitioner.is_another:
        but_own = Choice(without=frozenset({row.practitioner_id}))
        heard = replace(heard, practitioner=but_own)
    wish = wished(heard, row, now=now)
    if isinstance(wish, TwoDays):
        return WhichDay(wish.days)
    if isinstance(wish, Window) or wants_times(wish) or heard.is_left_open:
        return times_to_move_to(row, wish, heard.practitioner, caller=caller, now=now)
    when = wish if isinstance(wish, When) else When()
    start = wish if isinstance(wish, datetime) else times.start(when, service=row.service, now=now)
    outcome = moved(row, heard.practitioner, start, caller=caller, now=now)
    return Answer(outcome, day=when.day if when.year_corrected else None)


def told_apart(found: Meant, heard: RescheduleAppointment, *, now: datetime) -> Meant:
    """Of several visits the one for a service that was named, or at the time that the new one is
    to replace, if there is one such."""
    if not isinstance(found, WhichAppointment) or found.is_another:
        return found
    zone, hear = slots.zone_of(now), times.hearer(now)
    named = [row for row in found.appointments if row.service in heard.services]
    if not named and heard.relative:
        rows = found.appointments
        starts = [row.start.astimezone(zone) for row in rows]
        named = [
            row
            for row, start in zip(rows, starts, strict=True)
            if relative.replaces(heard.relative, start, hear=hear)
        ]
    return named[0] if len(named) == 1 else found


def wished(heard: RescheduleAppointment, row: Appointment, *, now: datetime) -> NewTime:
    """When the visit is to be, by itself or as it is told by when the visit is now. “Thursday at
    three”, of a visit in a later week, may be of this week or of that one; and today's weekday may
    be of the next."""
    start = row.start.astimezone(slots.zone_of(now))
    day = heard.when.day
    if not heard.relative and heard.is_weekday and day and heard.when.time:
        own = relative.in_week_of(start, day)
        if day == own == now.date() < start.date():
            own += shifts.WEEK
        return TwoDays((day, own)) if day < own else heard.when
    if not heard.relative and heard.is_day_of_month and day:
        of_month = in_month_of(start.date(), day)
        is_nearer = of_month - start.date() < start.date() - day
        return TwoDays((day, of_month)) if day < of_month and is_nearer else heard.when
    if not heard.relative and heard.is_of_its_day:
        is_own = start.time() in (heard.when.time, heard.when.other_time)
        return start if is_own else Window(start.date(), wish=heard.when)
    if not heard.relative:
        return heard.when
    hear = times.hearer(now)
    if heard.practitioner != ANYBODY and relative.is_unchanged(heard.relative, start, hear=hear):
        return start
    return relative.new_time(heard.relative, start, hear=hear)


def is_number_alone(words: str) -> bool:
    """Whether a day is told by its number, without a weekday or a month."""
    return visits.is_day_of_any_month(words) and not preferences.WEEKDAYS.search(words)


def in_month_of(visit: date, day: date) -> date:
    """The day with that number in the month of the visit; `day` if there is none."""
    with suppress(ValueError):
        return visit.replace(day=day.day)
    return day


def wants_times(wish: NewTime) -> bool:
    return isinstance(wish, When) and wish.time is None


def times_to_move_to(
    row: Appointment, wish: NewTime, choice: Choice, *, caller: Caller, now: datetime
) -> Answer:
    """The free times that fit the wish for a new time, with the visit's practitioner unless another
    was asked for."""
    where = wish if isinstance(wish, Window) else Window()
    when = where.wish if isinstance(wish, Window) else wish
    day = where.day or (when.day if isinstance(when, When) else None)
    is_free = choice.named or choice.without
    asked = CheckAvailability(
        service=row.service,
        practitioner=choice if is_free else Choice(named=row.practitioner),
        when=replace(when, day=day) if isinstance(when, When) else When(),
    )
    requester = Requester(row, caller.conversation, row.patient_id, caller.number)
    return times_for(
        asked, caller=caller, now=now, requester=requester, after=where.after, before=where.before
    )


def soonest_to_move_to(row: Appointment, *, caller: Caller, now: datetime) -> Answer:
    return times_to_move_to(row, When(), ANYBODY, caller=caller, now=now)


def moved(
    row: Appointment, choice: Choice, start: datetime, *, caller: Caller, now: datetime
) -> RescheduleOutcome:
    """Move the visit; to a colleague only if the caller asked for one, or if anybody will do."""
    named, is_unwanted = choice.named, row.practitioner_id in choice.without
    if is_unwanted:
        able = Practitioner.objects.filter(services=row.service_id, is_active=True)
        allowed = choice.among(able.order_by("pk"))
        if not allowed:
            asked = Wanted(row.service.name, start)
            return NobodyOffers(asked, tuple(person.name for person in able))
        named = allowed[0]
    moving = partial(
        appointments.reschedule,
        row,
        start=start,
        without=choice.without,
        source=Appointment.Source.VOICE,
        by=caller.conversation,
        caller=caller.number,
        preference=partial(preferences.of_call, caller, now=now),
        now=now,
    )
    outcome = moving(practitioner=named)
    if not isinstance(outcome, SlotTaken | OutsideHours):
        return outcome
    other = outcome.colleague
    will_do = choice.or_anyone or is_unwanted
    if will_do and other and other.start == start:
        return moving(practitioner=other.practitioner)
    return outcome


TOOL = Tool(
    name="reschedule_appointment",
    place=40,
    serializer=RescheduleAppointmentSerializer,
    function=reschedule_appointment,
    description=(
        "Move an appointment the caller has to another time. Use it only after a clear yes to the"
        " new day and time. The old time is kept until the new one is certain."
    ),
    waiting="One moment while I move that.",
    prompt="after a clear yes to which appointment moves, and to when.",
    effect=Effect(
        outcomes=(Rescheduled,),
        memory_of=standing.memory_of_visit,
        changed_since=standing.visit_since,
    ),
    finds=("visit", "proof", "whose"),
    asks_ahead=callers.asked_ahead,
)
