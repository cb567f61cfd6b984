"""Outcomes: everything that can come of a booking verb, as values the doors translate."""

from dataclasses import dataclass
from datetime import datetime

from bookings.availability.slots import Slot
from bookings.models import Appointment, AppointmentChange, Patient


@dataclass(frozen=True, slots=True)
class Wanted:
    """What was asked for. `practitioner` is None for "any"; `start` is an instant."""

    service: str
    start: datetime
    practitioner: str | None = None


@dataclass(frozen=True, slots=True)
class Booked:
    """It is in the diary. `again`: it already was, from an earlier request for the same thing.

    `corrected`: something that this call had said of the patient before was put right.
    """

    appointment: Appointment
    again: bool = False
    corrected: bool = False


@dataclass(frozen=True, slots=True)
class Rescheduled:
    """`moved` is False when it was there already; `was` is the start it had until now."""

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
    """Its status says how it went."""

    appointment: Appointment


# Beside a colleague's time, so that all of them are heard.
MOST_BESIDE = 2


def beside(alternatives: tuple[Slot, ...], colleague: Slot | None) -> tuple[Slot, ...]:
    """What a caller is told, in this order, and may choose from by its place."""
    return (*alternatives[:MOST_BESIDE], colleague) if colleague else alternatives


@dataclass(frozen=True, slots=True)
class SlotTaken:
    """`on_offer`: nobody has it yet, but another call is being offered it. `colleague`: a time
    with somebody else than the practitioner who was asked for, then or soon."""

    wanted: Wanted
    alternatives: tuple[Slot, ...]
    on_offer: bool = False
    colleague: Slot | None = None

    @property
    def told(self) -> tuple[Slot, ...]:
        return beside(self.alternatives, self.colleague)


@dataclass(frozen=True, slots=True)
class OutsideHours:
    """No visit can begin then: nobody works, no step falls there, the notice is too short, or
    there are as many of them that day as there may be. `is_day_off`: nobody asked for works on
    that day at all. `colleague` is as of SlotTaken."""

    wanted: Wanted
    alternatives: tuple[Slot, ...]
    is_day_off: bool = False
    colleague: Slot | None = None

    @property
    def told(self) -> tuple[Slot, ...]:
        return beside(self.alternatives, self.colleague)


@dataclass(frozen=True, slots=True)
class AlreadyBooked:
    """The patient is elsewhere then, at `appointment`; `alternatives` are in nobody's way."""

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
    """Cancelled, past or otherwise over: nothing about it can be moved."""

    appointment: Appointment


@dataclass(frozen=True, slots=True)
class Stale:
    """Somebody has changed it since it was looked at: `change` is the newest of its history."""

    appointment: Appointment
    change: AppointmentChange


@dataclass(frozen=True, slots=True)
class Undone:
    """The appointment stands again as it did before the change."""

    appointment: Appointment


@dataclass(frozen=True, slots=True)
class Busy:
    """The diary was being written by others for too long. Nothing was changed.

    `is_another`: the patient's record was merged, erased or given to somebody else meanwhile.
    """

    is_another: bool = False


@dataclass(frozen=True, slots=True)
class Erased:
    """Nothing is kept that says who the patient was."""

    patient: Patient


@dataclass(frozen=True, slots=True)
class StillComing:
    """The patient has something booked ahead, and is needed for it."""

    patient: Patient
    appointments: tuple[Appointment, ...]


@dataclass(frozen=True, slots=True)
class WhichPatient:
    """Several patients share this phone and name; a date of birth tells them apart."""

    name: str


@dataclass(frozen=True, slots=True)
class AlikePatient:
    """The caller has a `patient` whose name is so like the one said that they may be one person."""

    patient: Patient


@dataclass(frozen=True, slots=True)
class Merged:
    """`patient` has everything now; `moved` are the appointments that were the other's."""

    patient: Patient
    moved: tuple[Appointment, ...]


@dataclass(frozen=True, slots=True)
class MergeClash:
    """Both have something at overlapping times: `appointments`, in pairs."""

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
