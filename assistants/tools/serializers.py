"""Serializers: what a tool's arguments have in common, from written text to a dataclass.

A tool's own serializer is with the tool. What it makes is a frozen dataclass, an `Arguments`.
"""

import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from copy import copy
from dataclasses import dataclass, fields, replace
from datetime import date, datetime, timedelta
from functools import cached_property, partial
from typing import Any, ClassVar, Self, TypeAlias, TypeVar

from django.db.models import Q
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail

from assistants import callers, hearing
from assistants.conversation import Caller
from assistants.hearing import Days, NotUnderstood, Reason, When
from assistants.tools import catalogue, denials, places, times, weekdays, whom
from assistants.tools.catalogue import WHOM
from assistants.tools.fields import (
    JSON,
    AnyField,
    BirthDateField,
    CallContext,
    ClockField,
    DateField,
    NameField,
    ReferenceField,
    TextField,
    WhenField,
    is_nothing,
    refused,
    text_of,
)
from assistants.tools.places import MOST_LOOKED_BACK_ON, Offered
from bookings.models import Appointment
from bookings.patients import Details

Written: TypeAlias = Mapping[str, JSON]
# By name, the value of each field. They are typed once they are in a tool's dataclass.
Values: TypeAlias = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Arguments:
    """What was understood of a tool's arguments. Each tool has its own."""

    @property
    def number_said(self) -> str:
        """The number to reach somebody at, E.164; "" where the tool takes none."""
        return ""


Heard = TypeVar("Heard", bound=Arguments)
INSTEAD_OF = re.compile(r"\b(?:instead of|rather than|not|from|was)\b", re.IGNORECASE)


class ToolSerializer(serializers.Serializer[Heard]):
    """Reads the arguments that a model wrote, within the context of a call."""

    arguments: type[Heard]
    # What models called an argument before, and may still.
    older_names: ClassVar[Mapping[str, str]] = {}
    # Arguments beside `practitioner` in which one may be named: “Tuesday at two with Dr. Lind”.
    may_name_somebody: ClassVar[Sequence[str]] = ()
    # The days among which the caller has yet to choose, where they named several.
    choice: tuple[date, ...] = ()
    # Whether it was told in the call which week a weekday is of.
    is_as_told = False

    @classmethod
    def reading(cls, written: Written, call: CallContext) -> Self:
        day = cls.day_beside_service(written, call)
        return cls(data={**written, **day}, context={"call": call})

    @classmethod
    def day_beside_service(cls, written: Written, call: CallContext) -> Written:
        """The day that is said with the service, where no other words are given for it."""
        service = text_of(written.get("service") or written.get("serviceType"))
        days = [name for name in ("date", "appointmentDate") if not is_nothing(written.get(name))]
        if not service or days or not {"service", "date"} <= cls._declared_fields.keys():
            return {}
        day = times.beside_a_service(service, now=call.now)
        is_start = "start" in cls._declared_fields and is_nothing(written.get("start"))
        return {"start" if is_start else "date": day} if day else {}

    @property
    def call(self) -> CallContext:
        call: CallContext = self.context["call"]
        return call

    def heard(self) -> Heard:
        """What was understood. Call after `is_valid`."""
        names = {field.name for field in fields(self.arguments)}
        values = self.validated_data.items()
        return self.arguments(**{name: value for name, value in values if name in names})

    def corrects_a_year(self) -> bool:
        """Whether a year that is past was said, and taken for the coming one."""
        values = self.validated_data.values()
        return any(value.year_corrected for value in values if isinstance(value, When | Days))

    def to_internal_value(self, data: Written) -> Values:
        renamed = {
            new: data[old]
            for old, new in self.older_names.items()
            if old in data and is_nothing(data.get(new))
        }
        practitioner = self.said("practitioner")
        if practitioner and not catalogue.is_anyone(text_of(practitioner) or "?"):
            self.refuse_two(text_of(practitioner) or "")
        elif named := self.named_elsewhere():
            renamed["practitioner"] = named
        all_said = {**data, **renamed}
        for name in self.may_name_somebody:
            if text := text_of(all_said.get(name)):
                all_said[name] = self.without_whom(text)
        values: Values = super().to_internal_value(all_said)
        return values

    def without_whom(self, text: str) -> str:
        """The text without a practitioner's name. It is asked for several times of the same."""
        if text not in self.bare:
            self.bare[text] = whom.without(text)
        return self.bare[text]

    @cached_property
    def bare(self) -> dict[str, str]:
        return {}

    def named_elsewhere(self) -> str:
        """The words for the practitioner who is named in another argument; "" for none."""
        texts = map(self.text, self.may_name_somebody)
        return next(filter(None, map(whom.named, texts)), "")

    def refuse_two(self, practitioner: str) -> None:
        """Asked where the argument `practitioner` names one, and “with …” in other words another;
        of a visit that moves that may be whom it was with."""
        texts = [*map(self.text, self.may_name_somebody)]
        beside = next(filter(None, (whom.named(text, is_alone=False) for text in texts)), "")
        if not beside or INSTEAD_OF.search(" ".join(texts)):
            return
        named = [catalogue.named_in(text) for text in (practitioner, beside)]
        if all(len(people) == 1 for people in named) and named[0] != named[1]:
            self.call.candidates["practitioner"] = [people[0].name for people in named]
            raise coded({"practitioner": "several"})

    def as_told(self, said: When, words: str) -> When:
        """`said`, of the week that this call was told of (`weekdays`), or asked about."""
        try:
            day = weekdays.as_told(
                said,
                words,
                offered=self.offered_times,
                visits=self.own_visits,
                hear=times.hearer(self.call.now),
            )
        except weekdays.SeveralDays as error:
            self.choice = error.days
            raise coded({"date": f"day.{Reason.SEVERAL}"}) from None
        self.is_as_told = day is not None
        return replace(said, day=day) if day else said

    def own_visits(self) -> list[datetime]:
        """The starts of the visits that this call has booked or moved, on the clinic's clock."""
        heard = callers.heard_by(self.call.caller)
        done = heard.filter(settled=True, appointment__in=Appointment.objects.occupying())
        visits = done.values_list("appointment__start", flat=True)[:MOST_LOOKED_BACK_ON]
        return [start.astimezone(self.call.now.tzinfo) for start in visits]

    def offered_times(self, tool: str = "", *, service: str | None = None) -> list[datetime]:
        """The times that this call was offered last, on the clinic's clock; none if that was by
        another tool than the one that is named. With `service` "" they may be for any."""
        caller, now = self.call.caller, self.call.now
        heard = callers.heard_by(caller)
        last = heard.filter(places.OFFERED).first() if tool else None
        if last and last.tool != tool:
            return []
        offered = places.latest(
            heard,
            service=self.text("service") if service is None else service,
            conversation=caller.conversation,
            caller="",
            now=now,
        )
        return [one.start.astimezone(now.tzinfo) for one in offered]

    def has_done_since(self) -> bool:
        """Whether this call has booked or changed a visit since it was last offered times."""
        heard = callers.heard_by(self.call.caller)
        last = heard.filter(places.OFFERED | Q(settled=True, appointment__isnull=False)).first()
        return bool(last and last.settled and last.appointment_id)

    def was_said(self, name: str) -> bool:
        return not is_nothing(self.said(name))

    def said(self, name: str) -> JSON:
        """The argument as it was written, under its name or an older one."""
        older = [old for old, new in self.older_names.items() if new == name]
        written = (self.initial_data.get(word) for word in (name, *older))
        return next((value for value in written if not is_nothing(value)), None)

    def text(self, name: str) -> str:
        """The argument as text; "" where none was said."""
        return text_of(self.said(name)) or ""

    def problems(self) -> dict[str, str]:
        """What was unclear, by argument, in the order of the fields. Call after `is_valid`."""
        return {
            name: str(self.errors[name][0].code)
            for name in self._declared_fields
            if name in self.errors
        }

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        """Each has a copy of its own, which knows its serializer, and shares all else."""
        return {name: copy(field) for name, field in self._declared_fields.items()}

    @classmethod
    def text_fields(cls) -> dict[str, AnyField]:
        """Each argument by its name, older ones not included."""
        declared = cls._declared_fields.items()
        return {name: field for name, field in declared if isinstance(field, TextField)}


def together(*heard: When) -> When:
    try:
        return times.combined(*heard)
    except times.Unsettled as error:
        raise coded({error.argument: error.code}) from None


def coded(problems: Mapping[str, str]) -> serializers.ValidationError:
    return serializers.ValidationError(
        {name: [ErrorDetail("unclear", code=code)] for name, code in problems.items()}
    )


def reachable(said: str, call: CallContext) -> str:
    """The number said, else the one that calls; asked for when there is neither."""
    phone = said or call.caller.number
    if not phone:
        raise refused("required")
    return phone


class NoArguments(ToolSerializer[Arguments]):
    arguments = Arguments


# --- when


class StartSerializer(ToolSerializer[Heard]):
    """One day and one time, in `start` or in `date` and `time`; put together in `when`. If they are
    only asked about, as in “is Tuesday at two free?”, `is_left_open`: times are told, none taken.

    What cannot be read of them is left out: what is missing then is asked for.
    """

    older_names = {
        "appointmentDate": "date",
        "appointmentTime": "time",
        "start_time": "start",
        "datetime": "start",
        "date_time": "start",
        **WHOM,
    }
    may_name_somebody = ("start", "date", "time", "service")
    # Whether the day answers the question which of several it is.
    is_answer = False
    # The tool whose offers a time alone is of; "" for any.
    offers_of: ClassVar[str] = ""

    start = WhenField(
        left_out=True,
        help_text=f"{WhenField.meaning} Or which of the times offered, such as “the second one”."
        " Or leave it out and give `date` and `time`.",
    )
    date = DateField(left_out=True)
    time = ClockField(left_out=True)

    def to_internal_value(self, data: Written) -> Values:
        """What `hearing` alone cannot judge is taken out first: a time told by the visit that
        moves, an offer taken by its place, and “the first you have”."""
        self.relative, self.offer, self.is_soonest = "", None, False
        words = self.words()
        self.choice = times.choice_in(words, now=self.call.now)
        if self.is_by_visit(words):
            self.relative = words
            return super().to_internal_value(self.in_place_of(data, ""))
        if places.is_named(words):
            if day := places.day_taken(words, callers.heard_by(self.call.caller)):
                return super().to_internal_value(self.in_place_of(data, day))
            self.offer = self.taken(", ".join(self.as_said()))
        if self.offer:
            return super().to_internal_value(self.in_place_of(data, ""))
        if places.is_soonest(words):
            self.is_soonest = True
            data = self.in_place_of(data, places.without_soonest(words))
        elif any(map(hearing.asks_soonest, (words, *self.parts))):
            self.is_soonest = True
            left = [part for part in self.parts if not hearing.asks_soonest(part)]
            data = self.in_place_of(data, ", ".join(left))
        return super().to_internal_value(data)

    def is_by_visit(self, words: str) -> bool:
        """Whether the words tell the time by a visit there is."""
        return False

    def words(self) -> str:
        """All words for the day and the time, in one text."""
        return ", ".join(self.parts)

    @cached_property
    def parts(self) -> list[str]:
        """With whom it is to be is left out, which is heard by itself."""
        return [self.without_whom(part) for part in self.as_said()]

    def as_said(self) -> list[str]:
        return [*filter(None, map(self.text, ("start", "date", "time")))]

    def in_place_of(self, data: Written, words: str) -> Written:
        older = {old for old, new in self.older_names.items() if new in ("start", "date", "time")}
        left = {name: value for name, value in data.items() if name not in older}
        return {**left, "start": words, "date": "", "time": ""}

    def taken(self, words: str) -> Offered | None:
        """The offer that is meant, if this call was offered any. Asked where it is not clear."""
        now = self.call.now
        offered = places.latest(
            callers.heard_by(self.call.caller),
            service=self.text("service"),
            conversation=self.call.caller.conversation,
            caller=self.call.caller.number,
            now=now,
        )
        try:
            return places.taken(words, offered, now=now, hear=times.hearer(now))
        except NotUnderstood as error:
            argument = "date" if error.part == "day" else "time"
            raise coded({argument: f"{error.part}.{error.reason}"}) from None

    def validate(self, attrs: Values) -> Values:
        """`when`, with a day and a time; with a day, a wish for some hours, or with neither for
        the soonest, the caller is told what is free."""
        attrs = {**attrs, "relative": self.relative}
        if self.relative:
            return {**attrs, "when": When()}
        if self.offer:
            return self.as_offered(attrs, self.offer)
        said = together(attrs["start"], self.today_or(attrs["date"]), attrs["time"])
        said = self.with_time_before(said)
        if not self.is_soonest:
            offered = partial(self.offered_times, tool=self.offers_of)
            said = weekdays.on_the_offered_day(
                said, self.words(), offered=offered, is_done=self.has_done_since
            )
        said = self.as_told(said, self.words())
        said = times.as_just_past(said, self.words(), today=self.call.now.date())
        if said.time and any(map(denials.are_of_no_time_to_come, self.parts)):
            raise coded({"time": f"time.{Reason.AMBIGUOUS}"})
        is_left_open = bool(said.time) and any(map(denials.leave_it_open, self.parts))
        is_any_day = self.is_soonest if said.day is None else not said.one_day
        conversation = self.call.caller.conversation
        when = times.with_midnight(said, conversation=conversation, now=self.call.now)
        is_enough = self.is_soonest or when.day is not None or times.is_wish(when)
        lacks_a_day = when.time and times.missing(when) and not is_any_day
        if (lacks_a_day or not is_enough) and not self.is_of_its_day(when):
            raise coded(dict.fromkeys(times.missing(when), "required"))
        return {**attrs, "when": when, "is_left_open": is_left_open or is_any_day}

    def is_of_its_day(self, when: When) -> bool:
        """Whether a time or hours without a day are of the day that a visit has."""
        return False

    def with_time_before(self, said: When) -> When:
        """A day alone, which answers the question which of several it is, with the time that was
        said before that question."""
        day = said.one_day
        if day is None or said.time or said.has_hours:
            return said
        time = places.time_asked_about(day, callers.heard_by(self.call.caller))
        with suppress(NotUnderstood):
            before = times.hearer(self.call.now)(time) if time else When()
            self.is_answer = before != When()
            return replace(said, time=before.time, other_time=before.other_time)
        return said

    def as_offered(self, attrs: Values, offer: Offered) -> Values:
        """The arguments with the offered time and its practitioner, unless somebody else was
        named."""
        local = offer.start.astimezone(self.call.now.tzinfo)
        named = attrs["practitioner"]
        if named == catalogue.ANYBODY:
            attrs = {**attrs, "practitioner": catalogue.with_key(offer.practitioner)}
        return {**attrs, "when": times.at(local)}

    def today_or(self, date: When) -> When:
        """A weekday that is today's means today if the time, given in another argument, is still to
        come."""
        now = self.call.now
        if date.day != now.date() + timedelta(days=7):
            return date
        words = f"{self.text('date')} at {self.text('time')}"
        try:
            both = hearing.when(words, now=now, region=self.call.region)
        except NotUnderstood:
            return date
        return replace(date, day=both.day) if both.day == now.date() else date

    def problems(self) -> dict[str, str]:
        """What was not said about the time is asked for together with the rest."""
        is_said = self.was_said("start") or self.relative or self.offer or self.is_soonest
        unsaid = [] if is_said else [name for name in ("date", "time") if not self.was_said(name)]
        return {**dict.fromkeys(unsaid, "required"), **super().problems()}


# --- whose, and which


CURRENT = (
    "Which appointment they mean, in their own words, if they said so: when it is, what it is for,"
    " or with whom, such as “the cleaning on Wednesday”."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitMeant(Arguments):
    """What tells one appointment, and whose it is, from another; "" or None where it was not said.
    `current` are the caller's words for it; it fits each line of them."""

    patient_name: str = ""
    date_of_birth: date | None = None
    reference: str = ""
    current: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PatientMeant(Arguments):
    """The patient whom it is for, as the caller says. `patient_phone` is E.164."""

    patient_name: str
    patient_phone: str
    date_of_birth: date | None

    @property
    def number_said(self) -> str:
        return self.patient_phone

    def details(self, caller: Caller, *, email: str = "") -> Details:
        return callers.details(
            caller,
            name=self.patient_name,
            phone=self.patient_phone,
            date_of_birth=self.date_of_birth,
            email=email,
        )


class WhoseSerializer(ToolSerializer[Heard]):
    """What tells one appointment, and whose it is, from another."""

    older_names: ClassVar[Mapping[str, str]] = {
        "appointment_id": "reference",
        "appointmentId": "reference",
        "patientName": "patient_name",
        "dateOfBirth": "date_of_birth",
    }

    patient_name = NameField(default="")
    date_of_birth = BirthDateField()
    reference = ReferenceField(default="")


class WhichSerializer(WhoseSerializer[Heard]):
    """What is written apart of the visit, as to book one, is a further line of `current`."""

    APART = (
        "appointment", "visit", "service", "practitioner", *WHOM, "start", "day", "date", "time",
        "appointment_date", "appointment_time", "appointmentDate", "appointmentTime",
    )  # fmt: skip

    def to_internal_value(self, data: Written) -> Values:
        if any(map(self.was_said, self.APART)):
            current = " ".join(self.text("current").split())
            apart = ", ".join(filter(None, map(self.text, self.APART)))
            data = {**data, "current": f"{current}\n{apart}".strip()}
        return super().to_internal_value(data)


class VisitMeantSerializer(WhoseSerializer[VisitMeant]):
    arguments = VisitMeant
