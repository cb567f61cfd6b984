"""Where Django looks for an app's admin. The pages are in `bookings.desk`."""

from bookings.desk import appointments, hours, inbox, patients, practice, today, waiting

__all__ = ["appointments", "hours", "inbox", "patients", "practice", "today", "waiting"]
