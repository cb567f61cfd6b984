"""Outcomes of a tool: those of booking, and what a conversation adds to them."""

from dataclasses import dataclass
from datetime import date
from enum import Enum

from bookings.availability.hours import Period
from bookings.availability.slots import Slot
from bookings.models import Appointment
from bookings.outcomes import (
    AlikePatient,
    AlreadyBooked,
    Booked,
    Busy,
    Cancelled,
    NobodyOffers,
    NotChangeable,
    OutsideHours,
    Rescheduled,
    SlotPassed,
    SlotTaken,
    Stale,
    TooFarAhead,
    WhichPatient,
)
from bookings.preferences import ANY, Preference


@dataclass(frozen=True, slots=True)
class Unclear:
    """What was not said or not understood: the argument's name, and why, as a short code.

    A code is "required", a word of our own, or the part and the reason of `hearing.NotUnderstood`
    with a dot between them.
    """

    problems: dict[str, str]
    services: tuple[str, ...] = ()
    practitioners: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Openings:
    """Free times, three at most. `day` is the day asked about; None for "whenever".

    `colleague`: a sooner time with somebody else than the practitioner who was asked for. `wish` is
    what was searched, where it was more than one day.
    """

    service: str
    day: date | None
    slots: tuple[Slot, ...]
    colleague: Slot | None = None
    wish: Preference = ANY

    @property
    def offered(self) -> tuple[Slot, ...]:
        return (*self.slots, *filter(None, [self.colleague]))


@dataclass(frozen=True, slots=True)
class NoOpenings:
    """Nothing that was asked for; `following` are the next free times, if there are any.

    `day` to `last_day` are the days asked about; None for "whenever". `part`: only some hours of
    them were. `practitioner` is who was asked for by name; `colleague` and `wish` are as of
    Openings. `on_offer`: there are free times, but all of them are held for other callers.
    """

    service: str
    day: date | None
    following: tuple[Slot, ...]
    last_day: date | None = None
    part: bool = False
    practitioner: str = ""
    colleague: Slot | None = None
    wish: Preference = ANY
    on_offer: bool = False

    @property
    def next(self) -> tuple[Slot, ...]:
        """The slots of `following` that are told: only one, if a colleague's slot is told too."""
        return self.following[:1] if self.colleague else self.following

    @property
    def offered(self) -> tuple[Slot, ...]:
        return (*self.next, *filter(None, [self.colleague]))


@dataclass(frozen=True, slots=True)
class Found:
    """The caller's appointments still to come, the soonest first. `is_rest`: those that there was
    no room for in the answer before."""

    appointments: tuple[Appointment, ...]
    is_rest: bool = False


@dataclass(frozen=True, slots=True)
class NothingFound:
    """There is no visit that this caller may hear of. The sentence is the same if there is none at
    all, or if it is somebody else's."""


@dataclass(frozen=True, slots=True)
class NotProven:
    """An unknown reference, or one of somebody else. The sentence is that of NothingFound; it
    counts as a guess.

    `reference` is the one a birthday was said for, "" where none was."""

    reference: str = ""


@dataclass(frozen=True, slots=True)
class WhichAppointment:
    """`is_another`: the words fit none of them, and they are all the visits that the caller has to
    come. `is_several`: the words mean more than one of them."""

    appointments: tuple[Appointment, ...]
    is_another: bool = False
    is_several: bool = False


@dataclass(frozen=True, slots=True)
class OtherService:
    """The visit to be moved is for another service than `wanted`, and stays that."""

    appointment: Appointment
    wanted: str


@dataclass(frozen=True, slots=True)
class StillBooked:
    """The visit is not cancelled yet: the reason that was given puts it off, or sets a
    condition. `is_again`: that was said before, in the same words."""

    appointment: Appointment
    is_again: bool = False


@dataclass(frozen=True, slots=True)
class LeftAsItIs:
    """No visit is changed, as the caller says. `is_no_visit`: they spoke of a place on the waitlist
    or of a call back."""

    is_no_visit: bool = False


@dataclass(frozen=True, slots=True)
class WhichDay:
    """A weekday that may be one of these days. `is_choice`: the caller named them all."""

    days: tuple[date, ...]
    is_choice: bool = False


@dataclass(frozen=True, slots=True)
class WhoseAppointment:
    """The number is a family's."""


@dataclass(frozen=True, slots=True)
class ToldAgain:
    """It was done: `sentence` is what was said of it."""

    sentence: str


@dataclass(frozen=True, slots=True)
class NothingDone:
    """Nothing this call asked for has been done. `tried`: something was asked for."""

    tried: bool = False


@dataclass(frozen=True, slots=True)
class NeverDone:
    """The last request never arrived here, or nothing of it was stored. `before` is what was said
    of the thing done before it, as long as it holds, or ""."""

    before: str


@dataclass(frozen=True, slots=True)
class NotOnRecord:
    """Vapi named no call, so nothing tells what it asked for."""


@dataclass(frozen=True, slots=True)
class ChangedSince:
    """The earlier answer is no longer true, and the request is not carried out again.

    `appointment` is as it stands now. `was_cancelled`: the answer was that it is cancelled.
    """

    appointment: Appointment
    was_cancelled: bool = False


@dataclass(frozen=True, slots=True)
class CallbackRequested:
    """`phone` is the number staff will call, E.164; `callback` the key of the row."""

    phone: str
    callback: int | None = None


@dataclass(frozen=True, slots=True)
class CalledBack:
    """The callback that was asked for before is no longer to be made."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """The patient is on the waitlist for `service`; `entry` is the key of the row, and `wish` what
    days and hours it waits for."""

    service: str
    entry: int | None = None
    wish: Preference = ANY


@dataclass(frozen=True, slots=True)
class WaitingNoLonger:
    """The place on the waitlist that was asked for before is given up."""


class Whose(Enum):
    """Whose limit is reached."""

    CALLER = "the call or the number that calls"
    NUMBER_SAID = "the number that was said, in calls without one"
    WITHHELD = "all who call without a number, together"


@dataclass(frozen=True, slots=True)
class VisitsCapped:
    """The caller has as many visits as they may book. Nothing was booked."""

    whose: Whose


@dataclass(frozen=True, slots=True)
class WaitlistCapped:
    """The caller has as many places on the waitlist as they may take. Nothing was added."""

    whose: Whose


@dataclass(frozen=True, slots=True)
class CallbacksCapped:
    """As many call backs are open as may be. `is_known`: they are this call's or number's, so the
    clinic will call; else callers without a number have too many together.
    `can_put_through`: there is somebody the caller can be put through to now."""

    is_known: bool
    can_put_through: bool = False


@dataclass(frozen=True, slots=True)
class ClinicHours:
    """When the clinic is open on `day`, as instants; no periods: it is not open in the two weeks
    from `day` on.

    `asked` is the day that was asked about; `day` is a later one when the clinic is closed on it.
    With a `practitioner`, it is when that one works.
    """

    asked: date
    day: date
    periods: tuple[Period, ...]
    practitioner: str = ""


@dataclass(frozen=True, slots=True)
class ClinicDays:
    """When the clinic, or the `practitioner`, is there on each of several days, as instants."""

    days: tuple[tuple[date, tuple[Period, ...]], ...]
    practitioner: str = ""


@dataclass(frozen=True, slots=True)
class ClinicOffers:
    """Services with their minutes; those of the `practitioner`, where one was asked about."""

    services: tuple[tuple[str, int], ...]
    practitioner: str = ""


@dataclass(frozen=True, slots=True)
class ClinicPeople:
    """Who sees patients; for the `service`, where one was asked about."""

    names: tuple[str, ...]
    service: str = ""


@dataclass(frozen=True, slots=True)
class ClinicNote:
    """What staff wrote for callers; empty when they wrote nothing on what was asked."""

    text: str


@dataclass(frozen=True, slots=True)
class ClinicAnswers:
    """Answers to several questions, in their order. `is_whole`: to all that was asked."""

    answers: tuple["ClinicHours | ClinicDays | ClinicOffers | ClinicPeople | ClinicNote", ...]
    is_whole: bool = True


@dataclass(frozen=True, slots=True)
class AskedElsewhere:
    """It is not about the clinic: about free times, or about a visit of the caller's."""

    is_own_visit: bool


@dataclass(frozen=True, slots=True)
class Transfer:
    """`phone` to put the caller through to; "" when nobody can take the call now.

    `topics` are the reasons there are numbers for, where what the caller wants is none of them:
    `phone` is of the only one, and "" where there are several to choose from.
    `has_numbers`: whether the clinic has anybody to put a caller through to, at any time.
    """

    phone: str
    hours: ClinicHours
    topics: tuple[str, ...] = ()
    has_numbers: bool = True


@dataclass(frozen=True, slots=True)
class DayPassed:
    day: date


@dataclass(frozen=True, slots=True)
class UnknownTool:
    pass


@dataclass(frozen=True, slots=True)
class Garbled:
    """The arguments did not come through."""


@dataclass(frozen=True, slots=True)
class TooMuch:
    """The arguments are longer than what is read."""


@dataclass(frozen=True, slots=True)
class StillWorking:
    """Another request of this call has not ended yet."""


@dataclass(frozen=True, slots=True)
class Forgotten:
    """It was answered before, and what was said is kept no longer."""


@dataclass(frozen=True, slots=True)
class Fault:
    """Something of ours failed. Nothing was changed, by this request or an earlier copy of it."""


@dataclass(frozen=True, slots=True)
class Uncertain:
    """It may be done, or not: it is under way, or the database does not say how it ended."""


@dataclass(frozen=True, slots=True)
class NotLookedUp:
    """Something of ours failed while nothing but reading was asked for."""


# Each has a file of sentences in `speech`; together they are all that can happen.
VisitOutcome = (
    Booked
    | Rescheduled
    | Cancelled
    | NotChangeable
    | ChangedSince
    | Stale
    | Found
    | WhichAppointment
    | OtherService
    | StillBooked
    | LeftAsItIs
)
Refusal = AlreadyBooked | SlotTaken | OutsideHours | SlotPassed | TooFarAhead | NobodyOffers | Busy
OpeningsOutcome = Openings | NoOpenings | DayPassed | WhichDay
PersonOutcome = WhichPatient | AlikePatient | WhoseAppointment | NothingFound | NotProven
RequestOutcome = CallbackRequested | CalledBack | Waiting | WaitingNoLonger
LookingBackOutcome = ToldAgain | NothingDone | NeverDone | NotOnRecord
Capped = VisitsCapped | WaitlistCapped | CallbacksCapped
ClinicFact = ClinicHours | ClinicDays | ClinicOffers | ClinicPeople | ClinicNote
ClinicOutcome = ClinicFact | ClinicAnswers | AskedElsewhere | Transfer
FaultOutcome = (
    Unclear
    | UnknownTool
    | Garbled
    | TooMuch
    | StillWorking
    | Forgotten
    | Fault
    | Uncertain
    | NotLookedUp
)
ToolOutcome = (
    VisitOutcome
    | Refusal
    | OpeningsOutcome
    | PersonOutcome
    | RequestOutcome
    | LookingBackOutcome
    | Capped
    | ClinicOutcome
    | FaultOutcome
)


@dataclass(frozen=True, slots=True)
class WayOut:
    """What is offered when further questions would not help; at most one field is set.

    `own_number`: to take the number the caller calls from. `number`: where the clinic is reached
    (E.164), "" where no other number is known.
    """

    callback: bool = False
    transfer: bool = False
    own_number: bool = False
    number: str = ""


@dataclass(frozen=True, slots=True)
class AskedBefore:
    """The outcome asks about `subject`. `before`: how many times this call was asked about it
    before, at least once. `openings` are times to offer instead of the question."""

    subject: str
    before: int
    openings: Openings | NoOpenings | None
    way_out: WayOut


@dataclass(frozen=True, slots=True)
class EmailSaid:
    """What becomes of the e-mail address that was said with a booking.

    `address` is to be read back. `is_noted`: it is kept with the patient. Neither: it was not
    understood, and this call was asked for it `before`, so many times.
    """

    address: str = ""
    is_noted: bool = False
    before: int = 0

    @property
    def is_missed(self) -> bool:
        return not (self.address or self.is_noted)


@dataclass(frozen=True, slots=True)
class Answer:
    """An outcome, and what is said beside it.

    `day`: the words held a year that is past, and were taken to mean this day. `is_lost_again`:
    the time that was just taken is one of several this call has lost. `email`: an address was said
    with the booking. `question`: the outcome asks what this call was asked before.
    `is_one_of_several`: what was booked is one of several visits that were asked for.
    """

    outcome: ToolOutcome
    day: date | None = None
    is_lost_again: bool = False
    email: EmailSaid | None = None
    question: AskedBefore | None = None
    is_one_of_several: bool = False

    @classmethod
    def of(cls, result: "ToolResult") -> "Answer":
        return result if isinstance(result, Answer) else cls(result)


# What a tool may return.
ToolResult = Answer | ToolOutcome
