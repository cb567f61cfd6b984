"""Outcomes of a tool: those of booking, and what a conversation adds to them."""

from dataclasses import dataclass
from datetime import date
from enum import Enum

from bookings.hours import Period
from bookings.models import Appointment
from bookings.outcomes import (
    AlikePatient,
    BookOutcome,
    CancelOutcome,
    RescheduleOutcome,
    SlotTaken,
    WhichPatient,
)
from bookings.slots import Slot


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

    `colleague`: a sooner time with somebody else than the practitioner who was asked for.
    """

    service: str
    day: date | None
    slots: tuple[Slot, ...]
    colleague: Slot | None = None

    @property
    def told(self) -> tuple[Slot, ...]:
        return (*self.slots, *filter(None, [self.colleague]))


@dataclass(frozen=True, slots=True)
class NoOpenings:
    """Nothing that was asked for; `following` are the next free times, if there are any.

    `day` to `last_day` are the days asked about; None for "whenever". `part`: only some hours of
    them were. `practitioner` is who was asked for by name; `colleague` is as of Openings.
    """

    service: str
    day: date | None
    following: tuple[Slot, ...]
    last_day: date | None = None
    part: bool = False
    practitioner: str = ""
    colleague: Slot | None = None

    @property
    def told(self) -> tuple[Slot, ...]:
        return (*self.following, *filter(None, [self.colleague]))


@dataclass(frozen=True, slots=True)
class Found:
    """The caller's appointments still to come, the soonest first. `is_rest`: those that there was
    no room for in the answer before."""

    appointments: tuple[Appointment, ...]
    is_rest: bool = False


@dataclass(frozen=True, slots=True)
class NothingFound:
    """Nothing this caller may hear of. There may be none, or it is not theirs: it sounds alike."""


@dataclass(frozen=True, slots=True)
class NotProven:
    """A reference that is none, or not of this caller: a guess. It sounds like NothingFound."""


@dataclass(frozen=True, slots=True)
class WhichAppointment:
    """`is_another`: what was said fits none of them, which are all the caller has ahead."""

    appointments: tuple[Appointment, ...]
    is_another: bool = False


@dataclass(frozen=True, slots=True)
class WhichDay:
    """A weekday that may be one of these days."""

    days: tuple[date, date]


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
    """The last thing asked for has left no trace here. `before` is what was said of the thing
    done before it, as long as it holds, or ""."""

    before: str


@dataclass(frozen=True, slots=True)
class NotOnRecord:
    """Vapi named no call, so nothing tells what it asked for."""


@dataclass(frozen=True, slots=True)
class ChangedSince:
    """What was answered before holds no longer, and it is not done again.

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
    """The patient is on the waitlist for `service`; `entry` is the key of the row."""

    service: str
    entry: int | None = None


@dataclass(frozen=True, slots=True)
class WaitingNoLonger:
    """The place on the waitlist that was asked for before is given up."""


class Whose(Enum):
    """Who has as much as they may have."""

    CALLER = "the call or the number that calls"
    NUMBER_SAID = "the number that was said, in calls without one"
    WITHHELD = "all who call without a number, together"


@dataclass(frozen=True, slots=True)
class VisitsCapped:
    """As many visits as may be booked. Nothing was booked."""

    whose: Whose


@dataclass(frozen=True, slots=True)
class WaitlistCapped:
    """As many places on the waitlist as may be taken. Nothing was added."""

    whose: Whose


@dataclass(frozen=True, slots=True)
class CallbacksCapped:
    """As many call backs as may be open. `is_known`: they are this call's or number's, so the
    clinic will call; else callers without a number have too many together.
    `can_put_through`: there is somebody the caller can be put through to now."""

    is_known: bool
    can_put_through: bool = False


@dataclass(frozen=True, slots=True)
class ClinicHours:
    """When the clinic is open on `day`, as instants; no periods: not in the two weeks from there.

    `asked` is the day that was asked about; `day` is a later one when the clinic is closed on it.
    """

    asked: date
    day: date
    periods: tuple[Period, ...]


@dataclass(frozen=True, slots=True)
class ClinicOffers:
    """Services with their minutes."""

    services: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class ClinicNote:
    """What staff wrote for callers; empty when they wrote nothing."""

    text: str


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
class Understood:
    """The words held a year that is past: `outcome` is of `day`, and the caller is told so."""

    day: date
    outcome: "ToolOutcome"


@dataclass(frozen=True, slots=True)
class TakenAgain:
    """One time after another was taken before this call could have it: `outcome` is the latest."""

    outcome: SlotTaken


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


ToolOutcome = (
    BookOutcome
    | RescheduleOutcome
    | CancelOutcome
    | Found
    | NothingFound
    | NotProven
    | WhichAppointment
    | WhichDay
    | WhoseAppointment
    | ToldAgain
    | NothingDone
    | NeverDone
    | NotOnRecord
    | ChangedSince
    | CallbackRequested
    | CalledBack
    | Waiting
    | WaitingNoLonger
    | VisitsCapped
    | WaitlistCapped
    | CallbacksCapped
    | ClinicHours
    | ClinicOffers
    | ClinicNote
    | Transfer
    | WhichPatient
    | AlikePatient
    | Unclear
    | Openings
    | NoOpenings
    | DayPassed
    | Understood
    | TakenAgain
    | UnknownTool
    | Garbled
    | TooMuch
    | StillWorking
    | Forgotten
    | Fault
    | Uncertain
    | NotLookedUp
)
