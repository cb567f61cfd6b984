"""The subject: who works when, what can be had, for whom, and the appointment itself."""

from bookings.models.accounts import PractitionerAccount
from bookings.models.appointments import Appointment, AppointmentChange, AppointmentQuerySet
from bookings.models.feeds import Feed
from bookings.models.holds import Offer, OfferQuerySet
from bookings.models.hours import Closure, Opening, Schedule
from bookings.models.patients import Patient, PatientQuerySet, folded, name_key
from bookings.models.policy import FIVE, NOON, BookingPolicy, Configuration, DayPart
from bookings.models.practice import (
    LONGEST,
    NAME_LENGTH,
    PEOPLE,
    ROOMS,
    Diary,
    DiaryQuerySet,
    Practitioner,
    Room,
    ServiceType,
)
from bookings.models.waiting import Callback, Look, WaitlistEntry, in_figures

__all__ = [
    "FIVE",
    "LONGEST",
    "NAME_LENGTH",
    "NOON",
    "PEOPLE",
    "ROOMS",
    "Appointment",
    "AppointmentChange",
    "AppointmentQuerySet",
    "BookingPolicy",
    "Callback",
    "Closure",
    "Configuration",
    "DayPart",
    "Diary",
    "DiaryQuerySet",
    "Feed",
    "Look",
    "Offer",
    "OfferQuerySet",
    "Opening",
    "Patient",
    "PatientQuerySet",
    "Practitioner",
    "PractitionerAccount",
    "Room",
    "Schedule",
    "ServiceType",
    "WaitlistEntry",
    "folded",
    "in_figures",
    "name_key",
]
