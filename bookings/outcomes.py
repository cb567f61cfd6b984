"""Outcomes: all results of the booking verbs, as values. Pages and `speech` put them into words."""

from dataclasses import dataclass
from datetime import datetime

from bookings.availability.slots import Slot
from bookings.models import Appointment, AppointmentChange, Callback, Patient, WaitlistEntry


@dataclass(frozen=True, slots=True)
class Wanted:
    """What was asked for. `practitioner` is None for "any"; `start` is an instant."""

    service: str
    start: datetime
    practitioner: str | None = None


@dataclass(frozen=True, slots=True)
class Booked:
    """It is in the diary. `again`: it already was, from an earlier request for the same thing.

    `corrected`: a detail of the patient that this call gave before was corrected.
    """

    appointment: Appointment
    again: bool = False
    corrected: bool = False


@dataclass(frozen=True, slots=True)
class Rescheduled:
    """`moved` is False if it was there already; `was` is the start it had before."""

    appointment: Appointment
    moved: bool = True
    was: datetime | None = None


@dataclass(frozen=True, slots=True)
class Cancelled:
    """`again`: it already was."""

    appointment: Appointment
    again: bool = False


@dataclass(frozen=True, slots=True)
class Marked:
    """The appointment has the status that was asked for. `again`: it already had."""

    appointment: Appointment
    again: bool = False


# How many alternatives are named beside a colleague's time: three times in all.
MOST_BESIDE = 2


def beside(alternatives: tuple[Slot, ...], colleague: Slot | None) -> tuple[Slot, ...]:
    """The times that a caller is offered, in this order, and may choose from by their place."""
    return (*alternatives[:MOST_BESIDE], colleague) if colleague else alternatives


@dataclass(frozen=True, slots=True)
class SlotTaken:
    """`on_offer`: it is not booked, but held for another call. `colleague`: a time then or soon,
    with another practitioner than the one asked for."""

    wanted: Wanted
    alternatives: tuple[Slot, ...]
    on_offer: bool = False
    colleague: Slot | None = None

    @property
    def offered(self) -> tuple[Slot, ...]:
        return beside(self.alternatives, self.colleague)


@dataclass(frozen=True, slots=True)
class OutsideHours:
    """No visit can begin then: nobody works, the time is not on the grid, the notice is too short,
    or the day's limit for the service is reached. `is_day_off`: none of those asked for works on
    that day. `colleague` is as in SlotTaken."""

    wanted: Wanted
    alternatives: tuple[Slot, ...]
    is_day_off: bool = False
    colleague: Slot | None = None

    @property
    def offered(self) -> tuple[Slot, ...]:
        return beside(self.alternatives, self.colleague)


@dataclass(frozen=True, slots=True)
class AlreadyBooked:
    """The patient has another visit then, `appointment`. `alternatives` are free for the
    patient."""

    wanted: Wanted
    appointment: Appointment
    alternatives: tuple[Slot, ...]


@dataclass(frozen=True, slots=True)
class SlotPassed:
    wanted: Wanted


@dataclass(frozen=True, slots=True)
class TooFarAhead:
    """`last` is the last instant the diary is open for."""

    wanted: Wanted
    last: datetime


@dataclass(frozen=True, slots=True)
class NobodyOffers:
    """The service is not offered, or not by this practitioner; `practitioners` offer it."""

    wanted: Wanted
    practitioners: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NotChangeable:
    """It is cancelled, past or otherwise over, and cannot be changed."""

    appointment: Appointment


@dataclass(frozen=True, slots=True)
class Stale:
    """It has been changed since the page was shown. `change` is the newest of its history."""

    appointment: Appointment
    change: AppointmentChange


@dataclass(frozen=True, slots=True)
class Undone:
    """The appointment is again what it was before the change. `reopened`: what its booking had
    answered, which waits again."""

    appointment: Appointment
    reopened: tuple[Callback | WaitlistEntry, ...] = ()


@dataclass(frozen=True, slots=True)
class Busy:
    """Others were writing in the diary for too long. Nothing was changed.

    `is_another`: the patient's record was merged, erased or given to another person meanwhile.
    """

    is_another: bool = False


@dataclass(frozen=True, slots=True)
class Erased:
    """Nothing that identifies the patient is stored any more."""

    patient: Patient


@dataclass(frozen=True, slots=True)
class StillComing:
    """The patient has `appointments` to come, and cannot be erased before them."""

    patient: Patient
    appointments: tuple[Appointment, ...]


@dataclass(frozen=True, slots=True)
class WhichPatient:
    """Several patients share this phone and name; a date of birth tells them apart."""

    name: str


@dataclass(frozen=True, slots=True)
class AlikePatient:
    """The caller has a `patient` with a name so similar that it may be the same person."""

    patient: Patient


@dataclass(frozen=True, slots=True)
class Merged:
    """`patient` is the record that stays; `moved` are the appointments of the other one."""

    patient: Patient
    moved: tuple[Appointment, ...]


@dataclass(frozen=True, slots=True)
class MergeClash:
    """Both have visits at overlapping times: `appointments`, in pairs."""

    appointments: tuple[Appointment, ...]


@dataclass(frozen=True, slots=True)
class NotMergeable:
    """Neither of two patients is verified, or one of them is gone."""


@dataclass(frozen=True, slots=True)
class Accepted:
    patient: Patient


@dataclass(frozen=True, slots=True)
class KnownAlready:
    """A verified patient has the same name, number and date of birth."""

    patient: Patient


BookOutcome = (
    Booked
    | AlreadyBooked
    | SlotTaken
    | OutsideHours
    | SlotPassed
    | TooFarAhead
    | NobodyOffers
    | Busy
)
RescheduleOutcome = Rescheduled | NotChangeable | BookOutcome
MergeOutcome = Merged | MergeClash | NotMergeable | Busy
CancelOutcome = Cancelled | NotChangeable | Stale | Busy
MarkOutcome = Marked | SlotTaken | NotChangeable | Stale | Busy
UndoOutcome = Undone | SlotTaken | NotChangeable | Stale | Busy
