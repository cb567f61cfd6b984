"""Where Django looks for an app's admin. The pages are in `bookings.desk`."""

from bookings.desk import (
    appointments,
    closing,
    feeds,
    finding,
    hours,
    inbox,
    moving,
    patients,
    practice,
    quick_add,
    today,
    waiting,
    week,
)
from bookings.desk.calendar import moves, pages
from bookings.desk.importing import pages as importing

__all__ = [
    "appointments",
    "closing",
    "feeds",
    "finding",
    "hours",
    "importing",
    "inbox",
    "moves",
    "moving",
    "pages",
    "patients",
    "practice",
    "quick_add",
    "today",
    "waiting",
    "week",
]
