"""Fields: an argument of a tool, which is text that a model wrote, understood as a value.

A field's error is a short code (`Unclear.problems`); `speech` words it. `meaning`, or `help_text`
where one is given, is what the model reads of an argument (`definitions`).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

from rest_framework import serializers
from rest_framework.fields import empty

from assistants import hearing
from assistants.calls import signalling
from assistants.conversation import Caller
from assistants.hearing import Days, NotUnderstood, Reason, When
from assistants.tools import addresses, catalogue, denials, others, preferences, times
from assistants.tools.addresses import Address
from assistants.tools.catalogue import Choice
from bookings import phones
from bookings.models import ServiceType
from tenants.models import Organization

if TYPE_CHECKING:
    from rest_framework.fields import _Empty

JSON: TypeAlias = "bool | int | float | str | list[JSON] | dict[str, JSON] | None"
Value = TypeVar("Value")

# What models write for what was not said: such words, a form that nobody filled in.
NOTHING = re.compile(
    r"(?:null|none|undefined|n ?a|unknown|nil|unspecified|tb[ad]|to be determined"
    r"|not (?:yet )?(?:provided|given|specified|stated|mentioned|said|supplied|available|applicable"
    r"|known|set)|0000 00 00|00 00 0000|yyyy mm dd|(?:mm dd|dd mm) yyyy)?"
)
TEMPLATE = re.compile(r"\{\{.*\}\}")
LONGEST = 2000


@dataclass(frozen=True, slots=True)
class CallContext:
    """What the arguments of a request are understood with, and what is noticed meanwhile.

    `now` is the organization's local time. `normalised` collects the names of arguments whose value
    is not what was written: values never reach a log. `candidates` collects, for an argument, the
    names that may be meant by it.
    """

    organization: Organization
    now: datetime
    caller: Caller
    normalised: set[str] = field(default_factory=set)
    candidates: dict[str, Sequence[str]] = field(default_factory=dict)

    @property
    def region(self) -> str:
        return self.organization.phone_region


def is_nothing(data: JSON) -> bool:
    """Models write “null”, “(not specified)”, “-”, false, [] and {} for what was not said."""
    if isinstance(data, str) and len(data) <= LONGEST:
        said = " ".join(re.split(r"[\W_]+", data.casefold())).strip()
        return bool(NOTHING.fullmatch(said) or TEMPLATE.fullmatch(data.strip()))
    return data is None or data is False or data in ([], {})


def text_of(data: JSON) -> str | None:
    """Text, a number a model left unquoted, or the one of them in a list; None for all else."""
    if isinstance(data, list) and len(data) == 1:
        [data] = data
    if isinstance(data, bool) or not isinstance(data, str | int | float):
        return None
    return str(data).strip()


def refused(code: str) -> serializers.ValidationError:
    return serializers.ValidationError(code=code, detail="unclear")


class TextField(serializers.Field[Value | None, JSON, Value | None, None]):
    """Text, or what can be read as one (`text_of`). Nothing said is the same as not given.

    `left_out`: the tool does as well without it, so what is not text counts as not given. The
    caller is asked about all other arguments: to leave out whose visit, which day or what number
    would be a guess. `subject` is what a question about the argument is about (`questions`), and
    `asked_for` what the argument is called when a caller is asked for it.
    """

    meaning = "In the caller's own words."
    left_out = False
    subject = ""
    asked_for = ""

    def __init__(
        self,
        *,
        default: "Value | _Empty | None" = empty,
        left_out: bool | None = None,
        subject: str = "",
        asked_for: str = "",
        help_text: str | None = None,
    ) -> None:
        """An argument. With a `default` it is optional."""
        super().__init__(default=default, help_text=help_text)
        self.left_out = type(self).left_out if left_out is None else left_out
        self.subject = subject or type(self).subject
        self.asked_for = asked_for or type(self).asked_for

    @property
    def call(self) -> CallContext:
        call: CallContext = self.context["call"]
        return call

    def run_validation(self, data: "JSON | _Empty" = empty) -> Value:
        is_given = data is not empty and not is_nothing(data)
        value: Value = super().run_validation(data if is_given else empty)
        return value

    def to_internal_value(self, data: JSON) -> Value | None:
        text = text_of(data)
        if text is None or len(text) > LONGEST:
            if self.left_out:
                return self.default
            raise refused("unclear")
        name = self.field_name or ""
        try:
            value = self.hear(text)
        except NotUnderstood as error:
            raise refused(f"{error.part}.{error.reason}") from None
        except catalogue.Unresolved as error:
            self.call.candidates[name] = error.candidates
            raise refused(error.code) from None
        if not self.is_same(value, text):
            self.call.normalised.add(name)
        return value

    def to_representation(self, value: Value | None) -> Value | None:
        return value

    def hear(self, text: str) -> Value:
        """What `text` means. Raises NotUnderstood, Unresolved and ValidationError."""
        raise NotImplementedError

    def is_same(self, value: Value, text: str) -> bool:
        return str(value) == text

    def beside(self, name: str) -> str:
        """The text of another argument of the tool, called `name`."""
        text = getattr(self.parent, "text", None)
        return text(name) if text else ""


AnyField: TypeAlias = TextField[Any]


class WordsField(TextField[str]):
    """The caller's own words as they are."""

    def hear(self, text: str) -> str:
        return text


class ServiceField(TextField[ServiceType]):
    meaning = "What the visit is for, as the caller calls it."
    subject = "service"
    asked_for = "what the visit is for"

    def hear(self, text: str) -> ServiceType:
        found = catalogue.service(text, practitioner=self.beside("practitioner"))
        named = set(catalogue.words(" ".join([found.name, *found.aliases])))
        if denials.refuse(" ".join(word for word in text.split() if word.casefold() not in named)):
            raise catalogue.Unresolved("unknown")
        return found


class PractitionerField(TextField[Choice]):
    meaning = (
        "Whom the caller wants to see, if they named somebody, in their own words, such as “anyone"
        " but Dr. Cheng”."
    )
    subject = "practitioner"

    def __init__(self, *, has_one: bool = False) -> None:
        """`has_one`: for a visit that is with somebody already, so that “somebody else” is
        understood."""
        super().__init__(default=catalogue.ANYBODY)
        self.has_one = has_one

    def hear(self, text: str) -> Choice:
        if self.has_one and catalogue.is_another(text):
            return Choice(is_another=True)
        return catalogue.practitioner(text, service=self.beside("service"))


class WhenField(TextField[When]):
    meaning = (
        "A day and a time in the caller's own words, such as “next Thursday at half past two”."
    )
    subject = "day"
    asked_for = "the day and time"

    def __init__(self, *, left_out: bool | None = None, help_text: str | None = None) -> None:
        super().__init__(default=When(), left_out=left_out, help_text=help_text)

    def hear(self, text: str) -> When:
        return times.hearer(self.call.now)(text)

    def is_same(self, value: When, text: str) -> bool:
        return is_written_so(value, text)


def is_written_so(value: When, text: str) -> bool:
    day = value.day.isoformat() if value.day else ""
    time = value.time.isoformat("minutes") if value.time else ""
    return text in {day, time, f"{day}T{time}"}


class DateField(WhenField):
    meaning = "A day in the caller's own words, such as “next Tuesday” or “December 3rd”."
    asked_for = "the day"

    def hear(self, text: str) -> When:
        """A number alone is a time to `hearing`; here it is not clear. A part of the day is
        accepted as a wish."""
        when = super().hear(text)
        if when.day is None and not times.is_wish(when):
            raise NotUnderstood("day", Reason.AMBIGUOUS)
        return when


class ClockField(WhenField):
    """“Whenever” is understood, and names no time."""

    meaning = "A time in the caller's own words, such as “half past two”."
    subject = "time"
    asked_for = "the time"

    def hear(self, text: str) -> When:
        try:
            return super().hear(text)
        except NotUnderstood as error:
            if error.reason is Reason.NOTHING_HEARD and hearing.asks_soonest(text):
                return When()
            raise


class RemarkField(WordsField):
    """For people to read, whatever a model writes, and no longer than `room` characters."""

    left_out = True

    def __init__(
        self, *, room: int = LONGEST, subject: str = "", help_text: str | None = None
    ) -> None:
        super().__init__(default="", subject=subject, help_text=help_text)
        self.room = room

    def to_internal_value(self, data: JSON) -> str | None:
        if data is True:
            return self.default
        if isinstance(data, list):
            data = ", ".join(map(str, data))
        elif isinstance(data, dict):
            data = ", ".join(f"{name}: {value}" for name, value in data.items())
        return str(data).strip()[: self.room]


class NotesField(RemarkField):
    meaning = "Anything the clinic should know before the visit, if the caller said so."


class DayField(TextField[When | Days]):
    """A day, or days to search among. Words for the soonest name none; others are asked about."""

    meaning = (
        "The day or days asked about, in the caller's own words, such as “by Friday”, “Tuesday or"
        " Wednesday after three” or “any day but Monday”; leave it out for the soonest."
    )
    subject = "day"
    asked_for = "the day"

    def hear(self, text: str) -> When | Days:
        left = others.without(text)
        if not left:
            return When()
        try:
            return times.searcher(self.call.now)(left)
        except NotUnderstood as error:
            if error.reason is Reason.NOTHING_HEARD and hearing.asks_soonest(text):
                return When()
            raise

    def is_same(self, value: When | Days, text: str) -> bool:
        return isinstance(value, When) and is_written_so(value, text)


class PreferenceField(WhenField):
    """A preference that we do not understand counts as none: it only ranks what is offered."""

    meaning = (
        "When in the day suits the caller, such as “after five” or “mornings”; “other times” if"
        " none of those you told suits."
    )
    left_out = True
    subject = ""

    def hear(self, text: str) -> When:
        return preferences.hours_in(text, now=self.call.now)


class WaitingField(TextField[Days]):
    """The days and hours somebody waits for. All of it is kept; what is not understood is asked."""

    meaning = (
        "Which days and times suit, in the caller's own words, such as “Tuesdays in the morning”,"
        " “before September 10” or “after 3 pm on weekdays”; leave it out for any."
    )

    def to_internal_value(self, data: JSON) -> Days | None:
        if isinstance(data, list) and data and all(isinstance(one, str) for one in data):
            data = ", ".join(map(str, data))
        return super().to_internal_value(data)

    def hear(self, text: str) -> Days:
        if hearing.asks_soonest(text) or catalogue.is_anyone(text):
            return Days()
        try:
            return self.kept(text)
        except times.Unsettled as error:
            raise refused(error.code) from None

    def is_same(self, value: Days, text: str) -> bool:
        return False

    def kept(self, said: str) -> Days:
        """Raises NotUnderstood, also for a time alone: a place is kept for a part of the day."""
        found = hearing.days_in(said, now=self.call.now, region=self.call.region, every=True)
        if found.hours.time:
            raise NotUnderstood("time", Reason.AMBIGUOUS)
        times.refuse_other_zone(found.hours, now=self.call.now)
        return found


class PhoneField(TextField[str]):
    meaning = "Another number to reach them at; leave it out for the one they call from."
    subject = "phone"
    asked_for = "a phone number"

    def __init__(self) -> None:
        super().__init__(default="")

    def hear(self, text: str) -> str:
        """“The number I'm calling from” is no number said: the one signalled is used, if any was.

        The clinic's own number reaches no patient, and a keypad word, which a model may have from
        the signalling, nobody: another number is asked for.
        """
        if catalogue.is_this_number(text):
            if not self.call.caller.number:
                raise refused("unseen")
            return ""
        said = hearing.phone(text, region=self.call.region).e164
        if denials.refuse(text):
            raise NotUnderstood("phone", Reason.AMBIGUOUS)
        if said in signalling.KEYPAD_NUMBERS:
            raise NotUnderstood("phone", Reason.NOT_A_NUMBER)
        if signalling.is_the_clinics(said):
            raise refused("the_clinics")
        if phones.is_costly(said):
            raise refused("costly")
        return said


class NameField(TextField[str]):
    meaning = "First and last name of the patient, as the caller gave it."
    subject = "name"
    asked_for = "the patient's name"

    def hear(self, text: str) -> str:
        """“Mrs. Smith” may be one of several at a number: the whole name is asked for. The name of
        a service is nobody's."""
        name = hearing.person_name(text)
        is_half = len(name.split()) == 1 and catalogue.has_title(text)
        if is_half or catalogue.is_service(name):
            raise NotUnderstood("name", Reason.AMBIGUOUS)
        return name


class EmailField(TextField[Address]):
    """An address is optional: `addresses` decides what becomes of one that was spoken, or not
    understood, and nothing waits for it."""

    meaning = (
        "An e-mail address in the caller's own words, if they offer one. One that was spoken is"
        " read back by the answer, and kept once it is confirmed with `email_confirmed`."
    )
    left_out = True
    subject = "email"

    def __init__(self) -> None:
        super().__init__(default=Address())

    def hear(self, text: str) -> Address:
        return addresses.heard(text)


class ConfirmedField(TextField[bool]):
    """Whether it is a yes. Models also write `true`; everything else is not a yes."""

    left_out = True

    def __init__(self, *, help_text: str) -> None:
        super().__init__(default=False, help_text=help_text)

    def to_internal_value(self, data: JSON) -> bool:
        return data is True or addresses.is_yes(text_of(data) or "")


class BirthDateField(TextField[date]):
    meaning = "The patient's date of birth, if it was said."
    subject = "birth_date"
    asked_for = "the date of birth"

    def __init__(self) -> None:
        super().__init__(default=None)

    def hear(self, text: str) -> date:
        if denials.refuse(text):
            raise NotUnderstood("birth_date", Reason.AMBIGUOUS)
        return hearing.birth_date(text, now=self.call.now, region=self.call.region)


class ReferenceField(TextField[str]):
    """A reference as it is said: “7 Q 2 M K”, “7q2mk.”, “seven Q as in queen …”."""

    meaning = "The reference of the appointment, if the caller has it."
    subject = "reference"

    def hear(self, text: str) -> str:
        return hearing.reference(text)[:20]
