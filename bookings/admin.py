"""Where Django looks for an app's admin. The pages are in `bookings.desk`."""

from bookings.desk import appointments, hours, patients, practice, today, waiting
from bookings.desk.calendar import moves, pages

__all__ = ["appointments", "hours", "moves", "pages", "patients", "practice", "today", "waiting"]
