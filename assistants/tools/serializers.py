"""Serializers: a tool's arguments, all of them text a model wrote, heard into values.

A field's error is a short code (`Unclear.problems`); `speech` words it. What was changed on the
way from words to value is told by name only: values never reach a log.
A field's `meaning`, or its own `help_text`, is what the model is told of it (`definitions`).
"""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any, ClassVar

from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail

from assistants import hearing
from assistants.calls import signalling
from assistants.hearing import Days, NotUnderstood, Reason, When
from assistants.tools import addresses, catalogue, denials, places, preferences, relative, times
from assistants.tools.addresses import Address
from assistants.tools.catalogue import Choice
from assistants.tools.places import Offered
from bookings import phones
from bookings.models import ServiceType

NOTHING = {"", "null", "none", "undefined", "n/a", "na", "unknown", "nil", "not provided"}
LONGEST = 2000


def is_nothing(data: Any) -> bool:
    """Models write “null”, false, [] and {} for what was not said."""
    if isinstance(data, str):
        return data.strip().casefold() in NOTHING
    return data is None or data is False or data in ([], {})


def text_of(data: Any) -> str | None:
    """Text, a number a model left unquoted, or the one of them in a list; None for all else."""
    if isinstance(data, list) and len(data) == 1:
        [data] = data
    if isinstance(data, bool) or not isinstance(data, str | int | float):
        return None
    return str(data).strip()


class TextField(serializers.Field[Any, Any, Any, Any]):
    """Text, or what can be read as one (`text_of`). Nothing said is the same as not given.

    `left_out`: the tool does as well without it, so what is no text counts as not given. Of the
    rest a caller is asked: to leave out whose visit, which day or what number would be a guess.
    """

    meaning = "In the caller's own words."
    left_out = False

    def __init__(self, *, left_out: bool | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.left_out = type(self).left_out if left_out is None else left_out

    def run_validation(self, data: Any = serializers.empty) -> Any:
        if is_nothing(data):
            data = serializers.empty
        return super().run_validation(data)

    def to_internal_value(self, data: Any) -> Any:
        text = text_of(data)
        if text is None or len(text) > LONGEST:
            if self.left_out:
                return self.default
            raise serializers.ValidationError(code="unclear", detail="unclear")
        try:
            value = self.hear(text)
        except NotUnderstood as error:
            code = f"{error.part}.{error.reason}"
            raise serializers.ValidationError(code=code, detail="unclear") from None
        except catalogue.Unresolved as error:
            self.context["candidates"][self.field_name] = error.candidates
            raise serializers.ValidationError(code=error.code, detail="unclear") from None
        if not self.is_same(value, text):
            self.context["normalised"].add(self.field_name)
        return value

    def to_representation(self, value: Any) -> Any:
        return value

    def hear(self, text: str) -> Any:
        return text

    def is_same(self, value: Any, text: str) -> bool:
        return str(value) == text

    def beside(self, name: str) -> str:
        """What was written in the tool's argument `name`, as text."""
        parent = self.parent
        return text_of(parent.said(name)) or "" if isinstance(parent, ToolSerializer) else ""

    @property
    def now(self) -> datetime:
        return self.context["now"]  # type: ignore[no-any-return]

    @property
    def region(self) -> str:
        return self.context["organization"].phone_region  # type: ignore[no-any-return]


class ServiceField(TextField):
    meaning = "What the visit is for, as the caller calls it."

    def hear(self, text: str) -> ServiceType:
        found = catalogue.service(text, practitioner=self.beside("practitioner"))
        named = set(catalogue.words(" ".join([found.name, *found.aliases])))
        if denials.refuse(" ".join(word for word in text.split() if word.casefold() not in named)):
            raise catalogue.Unresolved("unknown")
        return found


class PractitionerField(TextField):
    meaning = (
        "Whom the caller wants to see, if they named somebody, in their own words, such as “anyone"
        " but Dr. Cheng”."
    )

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, default=catalogue.ANYBODY, **kwargs)

    def hear(self, text: str) -> Choice:
        return catalogue.practitioner(text, service=self.beside("service"))


class WhenField(TextField):
    meaning = (
        "A day and a time in the caller's own words, such as “next Thursday at half past two”."
    )

    def hear(self, text: str) -> When:
        return times.hearer(self.now)(text)

    def is_same(self, value: When, text: str) -> bool:
        day = value.day.isoformat() if value.day else ""
        time = value.time.isoformat("minutes") if value.time else ""
        return text in {day, time, f"{day}T{time}"}


class DateField(WhenField):
    meaning = "A day in the caller's own words, such as “next Tuesday” or “December 3rd”."

    def hear(self, text: str) -> When:
        """A number alone is a time to `hearing`; where a date belongs it is not clear. A part of
        the day is a wish there, too."""
        when = super().hear(text)
        if when.day is None and not times.is_wish(when):
            raise NotUnderstood("day", Reason.AMBIGUOUS)
        return when


class ClockField(WhenField):
    """“Any time” names none, and any will do."""

    meaning = "A time in the caller's own words, such as “half past two”."

    def hear(self, text: str) -> When:
        try:
            return super().hear(text)
        except NotUnderstood as error:
            if error.reason is Reason.NOTHING_HEARD and hearing.asks_soonest(text):
                return When()
            raise


class RemarkField(TextField):
    """For people to read, whatever a model makes of it: as much as there is `room` for."""

    def __init__(self, *, room: int = LONGEST, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.room = room

    def to_internal_value(self, data: Any) -> Any:
        if data is True:
            return self.default
        if isinstance(data, list):
            data = ", ".join(map(str, data))
        elif isinstance(data, dict):
            data = ", ".join(f"{name}: {value}" for name, value in data.items())
        return str(data).strip()[: self.room]


class NotesField(RemarkField):
    meaning = "Anything the clinic should know before the visit, if the caller said so."


class DayField(WhenField):
    """A day, or days to search among. Words for the soonest name none; others are asked about."""

    meaning = (
        "The day or days asked about, in the caller's own words, such as “by Friday”, “Tuesday or"
        " Wednesday after three” or “any day but Monday”; leave it out for the soonest."
    )

    def hear(self, text: str) -> Any:
        try:
            return times.searcher(self.now)(text)
        except NotUnderstood as error:
            if error.reason is Reason.NOTHING_HEARD and hearing.asks_soonest(text):
                return When()
            raise

    def is_same(self, value: When | Days, text: str) -> bool:
        return isinstance(value, When) and super().is_same(value, text)


class PreferenceField(WhenField):
    """A preference we do not understand is none: it only ranks what is offered."""

    meaning = "When in the day suits the caller, such as “after five” or “mornings”."
    left_out = True

    def hear(self, text: str) -> When:
        return preferences.hours_in(text, now=self.now)


class WaitingField(TextField):
    """The days and hours somebody waits for. All of it is kept; what is not understood is asked."""

    meaning = (
        "Which days and times suit, in the caller's own words, such as “Tuesdays in the morning”,"
        " “before September 10” or “after 3 pm on weekdays”; leave it out for any."
    )

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, list) and data and all(isinstance(one, str) for one in data):
            data = ", ".join(data)
        return super().to_internal_value(data)

    def hear(self, text: str) -> Days:
        if hearing.asks_soonest(text) or catalogue.is_anyone(text):
            return Days()
        try:
            return self.kept(text)
        except times.Unsettled as error:
            raise serializers.ValidationError(code=error.code, detail="unclear") from None

    def is_same(self, value: Any, text: str) -> bool:
        return False

    def kept(self, said: str) -> Days:
        """Raises NotUnderstood, also for a time alone: a place is kept for a stretch of the day."""
        found = hearing.days_in(said, now=self.now, region=self.region, every=True)
        if found.hours.time:
            raise NotUnderstood("time", Reason.AMBIGUOUS)
        times.refuse_other_zone(found.hours, now=self.now)
        return found


class PhoneField(TextField):
    meaning = "Another number to reach them at; leave it out for the one they call from."

    def hear(self, text: str) -> str:
        """“The number I'm calling from” is no number said: the one signalled is used, if any was.

        The clinic's own number reaches no patient, and a keypad word, which a model may have from
        the signalling, nobody: another number is asked for.
        """
        if catalogue.is_this_number(text):
            if not self.context["caller"]:
                raise serializers.ValidationError(code="unseen", detail="unclear")
            return ""
        said = hearing.phone(text, region=self.region).e164
        if denials.refuse(text):
            raise NotUnderstood("phone", Reason.AMBIGUOUS)
        if said in signalling.KEYPAD_NUMBERS:
            raise NotUnderstood("phone", Reason.NOT_A_NUMBER)
        if signalling.is_the_clinics(said):
            raise serializers.ValidationError(code="the_clinics", detail="unclear")
        if phones.is_costly(said):
            raise serializers.ValidationError(code="costly", detail="unclear")
        return said


class NameField(TextField):
    meaning = "First and last name of the patient, as the caller gave it."

    def hear(self, text: str) -> str:
        """“Mrs. Smith” may be one of several at a number: the whole name is asked for."""
        name = hearing.person_name(text)
        if len(name.split()) == 1 and catalogue.has_title(text):
            raise NotUnderstood("name", Reason.AMBIGUOUS)
        return name


class EmailField(TextField):
    """An address is optional: what becomes of one that was spoken, or not understood, is up to
    `addresses`, and nothing waits for it."""

    meaning = (
        "An e-mail address in the caller's own words, if they offer one. One that was spoken is"
        " read back by the answer, and kept once it is confirmed with `email_confirmed`."
    )
    left_out = True

    def hear(self, text: str) -> Address:
        return addresses.heard(text)


class ConfirmedField(TextField):
    """Whether it is a yes. Models also write `true`; what is neither is none."""

    left_out = True

    def to_internal_value(self, data: Any) -> bool:
        return data is True or addresses.is_yes(text_of(data) or "")


class BirthDateField(TextField):
    meaning = "The patient's date of birth, if it was said."

    def hear(self, text: str) -> date:
        if denials.refuse(text):
            raise NotUnderstood("birth_date", Reason.AMBIGUOUS)
        return hearing.birth_date(text, now=self.now, region=self.region)


class ToolSerializer(serializers.Serializer[dict[str, Any]]):
    """Context: `organization`, `now` (its time), `caller` (E.164, or "" when withheld),

    `conversation` (the call's id, or ""), `normalised`, a set that gathers the names of arguments
    whose value is not what was written, and `candidates`, which gathers for an argument the names
    that may be meant by it.
    """

    older_names: ClassVar[Mapping[str, str]] = {}
    # The days among which the caller has yet to choose, where they named several.
    choice: tuple[date, ...] = ()

    def to_internal_value(self, data: Any) -> Any:
        renamed = {
            new: data[old]
            for old, new in self.older_names.items()
            if old in data and is_nothing(data.get(new))
        }
        return super().to_internal_value({**data, **renamed})

    def was_said(self, name: str) -> bool:
        return not is_nothing(self.said(name))

    def said(self, name: str) -> Any:
        """The argument as it was written, under its name or an older one."""
        older = [old for old, new in self.older_names.items() if new == name]
        written = (self.initial_data.get(word) for word in (name, *older))
        return next((value for value in written if not is_nothing(value)), None)

    def problems(self) -> dict[str, str]:
        """What was unclear, by argument, in the order of the fields. Call after `is_valid`."""
        names = list(self.get_fields())
        return {name: str(self.errors[name][0].code) for name in names if name in self.errors}


def together(*heard: When) -> When:
    try:
        return times.combined(*heard)
    except times.Unsettled as error:
        raise coded({error.argument: error.code}) from None


def coded(problems: Mapping[str, str]) -> serializers.ValidationError:
    return serializers.ValidationError(
        {name: [ErrorDetail("unclear", code=code)] for name, code in problems.items()}
    )


class CheckAvailabilitySerializer(ToolSerializer):
    older_names = {"serviceType": "service", "appointmentDate": "date"}

    service = ServiceField()
    date = DayField(required=False, default=When())
    time_preference = PreferenceField(required=False, default=When())
    practitioner = PractitionerField()

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """`when` is a day and hours; `days` those to search among, where several were named.

        “Any time Thursday” is of the Thursday that was asked about, whichever it is.
        """
        day, wish = attrs["date"], attrs["time_preference"]
        said = text_of(self.said("time_preference")) or ""
        said = said if len(said) <= LONGEST else ""  # that much is nothing a caller said
        weekdays = preferences.weekdays_in(said, now=self.context["now"])
        beside = self.days_wished(said, is_understood=bool(wish != When() or weekdays))
        if beside and not self.was_said("date"):
            day, beside, weekdays = beside, None, frozenset()
        if beside:
            weekdays = preferences.of_days(beside).weekdays
        days = day if isinstance(day, Days) else None
        when = days.hours if days else day
        if days or beside:
            wish = beside.hours if beside else replace(wish, day=None, last_day=None)
        elif day_is_repeated(when, wish):
            wish = replace(wish, day=None, last_day=None)
        when = together(when, wish)
        try:
            times.refuse_other_zone(when, now=self.context["now"])
        except times.Unsettled as error:
            raise coded({"date": error.code}) from None
        parts = beside.parts if beside else ()
        return {**attrs, "when": when, "days": days, "weekdays": weekdays, "parts": parts}

    def days_wished(self, said: str, *, is_understood: bool) -> Days | None:
        """The days, weekdays or parts of a day that stand among the hours. Where no date was said,
        words that say nothing of any are not the soonest: they are asked about."""
        if not said:
            return None
        with suppress(NotUnderstood):
            found = times.searcher(self.context["now"])(said)
            return found if isinstance(found, Days) else None
        is_anything = hearing.asks_soonest(said) or catalogue.is_anyone(said)
        if is_understood or is_anything or self.was_said("date"):
            return None
        raise coded({"date": f"day.{Reason.NOTHING_HEARD}"})


def day_is_repeated(when: When, wish: When) -> bool:
    return bool(when.day and wish.day and when.day.weekday() == wish.day.weekday())


class StartSerializer(ToolSerializer):
    """One day and one time, in `start` or in `date` and `time`; put together in `when`.

    What cannot be read of them is left out: what is missing then is asked for.
    """

    older_names = {"appointmentDate": "date", "appointmentTime": "time"}

    start = WhenField(
        required=False,
        default=When(),
        left_out=True,
        help_text=f"{WhenField.meaning} Or which of the times offered, such as “the second one”."
        " Or leave it out and give `date` and `time`.",
    )
    date = DateField(required=False, default=When(), left_out=True)
    time = ClockField(required=False, default=When(), left_out=True)

    # Whether the words may tell the time by a visit there is.
    by_visit = False

    def to_internal_value(self, data: Any) -> Any:
        """What `hearing` alone cannot judge is taken out first: a time told by the visit that
        moves, an offer taken by its place, and “the first you have”."""
        self.relative, self.offer, self.is_soonest = "", None, False
        words = self.words()
        self.choice = times.choice_in(words, now=self.context["now"])
        if self.by_visit and relative.is_by_reference(words):
            self.relative = words
            return super().to_internal_value(self.in_place_of(data, ""))
        if places.is_named(words):
            self.offer = self.taken(words)
        if self.offer:
            return super().to_internal_value(self.in_place_of(data, ""))
        if places.is_soonest(words):
            self.is_soonest = True
            data = self.in_place_of(data, places.without_soonest(words))
        elif hearing.asks_soonest(words):
            self.is_soonest = True
            data = self.in_place_of(data, "")
        return super().to_internal_value(data)

    def words(self) -> str:
        """What was said of day and time, in one text."""
        return ", ".join(self.parts())

    def parts(self) -> list[str]:
        said = (text_of(self.said(name)) for name in ("start", "date", "time"))
        return [part for part in said if part]

    def in_place_of(self, data: Any, words: str) -> Any:
        older = {old for old, new in self.older_names.items() if new in ("date", "time")}
        left = {name: value for name, value in data.items() if name not in older}
        return {**left, "start": words, "date": "", "time": ""}

    def taken(self, words: str) -> Offered | None:
        """The offer that is meant, if this call was offered any. Asked where it is not clear."""
        now = self.context["now"]
        offered = places.latest(
            self.context["heard"],
            conversation=self.context["conversation"],
            caller=self.context["caller"],
            now=now,
        )
        try:
            return places.taken(words, offered, now=now, hear=times.hearer(now))
        except NotUnderstood as error:
            argument = "date" if error.part == "day" else "time"
            raise coded({argument: f"{error.part}.{error.reason}"}) from None

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """`when`, with a day and a time; with a day, a wish for some hours, or with neither for
        the soonest, the caller is told what is free."""
        attrs = {**attrs, "relative": self.relative, **self.with_whom(attrs)}
        if self.relative:
            return {**attrs, "when": When()}
        if self.offer:
            return self.as_offered(attrs, self.offer)
        said = together(attrs["start"], self.today_or(attrs["date"]), attrs["time"])
        if said.time and any(map(denials.are_of_no_time_to_come, self.parts())):
            raise coded({"time": f"time.{Reason.AMBIGUOUS}"})
        if said.time and any(map(denials.leave_it_open, self.parts())):
            said = open_from(said)
        when = times.with_midnight(
            said, conversation=self.context["conversation"], now=self.context["now"]
        )
        is_enough = self.is_soonest or when.day is not None or times.is_wish(when)
        if not is_enough or (when.time and times.missing(when)):
            raise coded(dict.fromkeys(times.missing(when), "required"))
        return {**attrs, "when": when}

    def with_whom(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Who is named beside the time, “Tuesday at two with Dr. Lind”, where nobody is apart."""
        if attrs["practitioner"] != catalogue.ANYBODY:
            return {}
        people = places.people_named(self.words())
        return {"practitioner": Choice(people[0])} if len(people) == 1 else {}

    def as_offered(self, attrs: dict[str, Any], offer: Offered) -> dict[str, Any]:
        """At the time that was offered, and with whom; unless somebody else was named."""
        local = offer.start.astimezone(self.context["now"].tzinfo)
        named = attrs["practitioner"]
        if named == catalogue.ANYBODY:
            attrs = {**attrs, "practitioner": catalogue.with_key(offer.practitioner)}
        return {**attrs, "when": times.at(local)}

    def today_or(self, date: When) -> When:
        """A weekday named on that very day is today while the time, said apart, is to come."""
        now: datetime = self.context["now"]
        if date.day != now.date() + timedelta(days=7):
            return date
        region = self.context["organization"].phone_region
        try:
            both = hearing.when(
                f"{text_of(self.said('date'))} at {text_of(self.said('time'))}",
                now=now,
                region=region,
            )
        except NotUnderstood:
            return date
        return replace(date, day=both.day) if both.day == now.date() else date

    def problems(self) -> dict[str, str]:
        """What was not said about the time is asked for together with the rest."""
        is_told = self.was_said("start") or self.relative or self.offer or self.is_soonest
        unsaid = {
            name: "required" for name in ("date", "time") if not (is_told or self.was_said(name))
        }
        return {**unsaid, **super().problems()}


def open_from(said: When) -> When:
    """Of “maybe Tuesday at two” the hours from two on: what is free then is told, none is taken."""
    is_certain = said.other_time is None
    return replace(
        said, time=None, other_time=None, part=None, earliest=said.time if is_certain else None
    )


class BookAppointmentSerializer(StartSerializer):
    older_names = {
        **StartSerializer.older_names,
        "serviceType": "service",
        "patientName": "patient_name",
        "patientPhone": "patient_phone",
        "patientEmail": "patient_email",
        "dateOfBirth": "date_of_birth",
    }

    service = ServiceField()
    patient_name = NameField()
    patient_phone = PhoneField(required=False, default="")
    patient_email = EmailField(required=False, default=Address())
    email_confirmed = ConfirmedField(
        required=False,
        default=False,
        help_text="“yes” when the caller has said that the e-mail address an answer read back to"
        " them is right: then book the same visit once more with it. It stays one visit.",
    )
    date_of_birth = BirthDateField(required=False, default=None)
    practitioner = PractitionerField()
    notes = NotesField(required=False, default="")

    def validate_patient_phone(self, value: str) -> str:
        return signalled_unless(value, self.context)


CURRENT = (
    "Which appointment they mean, in their own words, if they said so: when it is, what it is for,"
    " or with whom, such as “the cleaning on Wednesday”."
)


class ReferenceField(TextField):
    """A reference as it is said: “7 Q 2 M K”, “7Q2MK.”, in small letters."""

    meaning = "The reference of the appointment, if the caller has it."

    def hear(self, text: str) -> str:
        return "".join(ch for ch in text.upper() if ch.isalnum())[:20]


class WhoseSerializer(ToolSerializer):
    """What tells one appointment, and whose it is, from another."""

    older_names: ClassVar[Mapping[str, str]] = {
        "appointment_id": "reference",
        "appointmentId": "reference",
        "patientName": "patient_name",
        "dateOfBirth": "date_of_birth",
    }

    patient_name = NameField(required=False, default="")
    date_of_birth = BirthDateField(required=False, default=None)
    reference = ReferenceField(required=False, default="")


class FindAppointmentsSerializer(WhoseSerializer):
    """Whose number it is says enough to look: a family is asked for the name."""

    current = RemarkField(
        required=False,
        default="",
        help_text="Which of them, if they asked for one, or “the rest”, in their own words.",
    )

    patient_name = NameField(required=False, default="", left_out=True)
    reference = ReferenceField(required=False, default="", left_out=True)


class CancelAppointmentSerializer(WhoseSerializer):
    current = TextField(required=False, default="", help_text=CURRENT)
    reason = RemarkField(required=False, default="", help_text="Why, if the caller said so.")


class RescheduleAppointmentSerializer(StartSerializer, WhoseSerializer):
    """`current` is when they have it; `start`, or `date` and `time`, when they want it."""

    older_names = {**WhoseSerializer.older_names, **StartSerializer.older_names}

    by_visit = True

    start = WhenField(
        required=False,
        default=When(),
        left_out=True,
        help_text="The new day and time in the caller's own words, also where they tell it by the"
        " visit: “an hour later”, “same time on Friday”. Or leave it out and give `date` and"
        " `time`.",
    )
    current = TextField(required=False, default="", help_text=CURRENT)
    practitioner = PractitionerField()


class RequestCallbackSerializer(ToolSerializer):
    older_names = {"patient_name": "name", "patient_phone": "phone"}

    name = NameField(help_text="First and last name of whoever is to be called back.")
    phone = PhoneField(required=False, default="")
    reason = RemarkField(room=500, required=False, default="", help_text="What it is about.")
    best_time = RemarkField(
        room=200, required=False, default="", help_text="When a call would suit them."
    )

    def validate_phone(self, value: str) -> str:
        """The clinic calls no satellite back, also where the call came from one."""
        phone = signalled_unless(value, self.context)
        if phones.is_costly(phone):
            raise serializers.ValidationError(code="costly", detail="unclear")
        return phone


class JoinWaitlistSerializer(ToolSerializer):
    older_names = {
        "serviceType": "service",
        "patientName": "patient_name",
        "patientPhone": "patient_phone",
    }

    service = ServiceField()
    patient_name = NameField()
    patient_phone = PhoneField(required=False, default="")
    date_of_birth = BirthDateField(required=False, default=None)
    practitioner = PractitionerField()
    days = WaitingField(required=False, default=Days())

    def validate_patient_phone(self, value: str) -> str:
        return signalled_unless(value, self.context)


class ClinicInfoSerializer(ToolSerializer):
    topic = RemarkField(
        required=False,
        default="",
        help_text="What the caller asks about, in their own words, with the day, the service or the"
        " practitioner they name: “parking”, “are you open on Saturday”, “who does root canals”.",
    )


class TransferToStaffSerializer(ToolSerializer):
    reason = RemarkField(required=False, default="", help_text="What they want to talk about.")


def signalled_unless(said: str, context: Mapping[str, Any]) -> str:
    """The number said, else the one that calls; asked for when there is neither."""
    phone = said or context["caller"]
    if not phone:
        raise serializers.ValidationError(code="required", detail="unclear")
    return str(phone)
