"""Where Django looks for an app's admin. The pages are in `bookings.desk`."""

from bookings.desk import appointments, feeds, hours, inbox, patients, practice, today, waiting

__all__ = ["appointments", "feeds", "hours", "inbox", "patients", "practice", "today", "waiting"]
