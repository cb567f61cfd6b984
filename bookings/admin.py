"""Where Django looks for an app's admin. The pages are in `bookings.desk`."""

from bookings.desk import (
    appointments,
    closing,
    finding,
    hours,
    inbox,
    patients,
    practice,
    quick_add,
    today,
    waiting,
    week,
)
from bookings.desk.calendar import moves, pages

__all__ = [
    "appointments",
    "closing",
    "finding",
    "hours",
    "inbox",
    "moves",
    "pages",
    "patients",
    "practice",
    "quick_add",
    "today",
    "waiting",
    "week",
]
