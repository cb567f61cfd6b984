"""System checks: what the front desk's pages load is there."""

from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.core import checks

CALENDAR = "event-calendar/event-calendar.min.js"


@checks.register(checks.Tags.staticfiles)
def calendar_is_installed(**_: object) -> list[checks.CheckMessage]:
    """A warning: all other pages work without it."""
    if has_calendar():
        return []
    problem = "The calendar page has nothing to draw with: run “make setup”, or “npm ci”."
    return [checks.Warning(problem, id="bookings.W001")]


def has_calendar() -> bool:
    """Whether it is in `node_modules`, or where `collectstatic` has put it."""
    return bool(finders.find(CALENDAR)) or Path(settings.STATIC_ROOT, CALENDAR).exists()
