"""Public holidays: those of the org's country, loaded as closures that staff may change."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time

from bookings import diaries
from bookings.availability import conflicts, hours, slots
from bookings.models import NAME_LENGTH, Appointment, BookingPolicy, Closure
from tenants.models import Organization
from tenants.organizations import Refused


@dataclass(frozen=True, slots=True)
class Loaded:
    """The closures added, how many there were already, and the visits inside the added ones."""

    added: tuple[Closure, ...]
    known: int
    booked_inside: tuple[Appointment, ...]


def load(organization: Organization, *, years: Iterable[int] = (), now: datetime) -> Loaded:
    """Close the clinic on the holidays to come of `years`; by default, as far as the diary is open.

    A holiday that is there already is not changed; one that staff deleted is added again. Raises
    Refused for a country whose holidays the library does not know.
    """
    last = slots.bookable(BookingPolicy.current(), now)[1].astimezone(slots.zone_of(now))
    named = on(organization.phone_region, list(years) or range(now.year, last.year + 1))
    coming = {day: name for day, name in named.items() if day >= now.date()}
    with diaries.writing():
        closed = [close(day, name, now=now) for day, name in sorted(coming.items())]
    added = tuple(closure for closure, is_new in closed if is_new)
    inside = tuple(row for closure in added for row in conflicts.inside(closure, now=now))
    return Loaded(added, len(closed) - len(added), inside)


def close(day: date, name: str, *, now: datetime) -> tuple[Closure, bool]:
    """The closure of that holiday, and whether it is new. A row that another process is adding at
    the same time is waited for, and found."""
    zone = slots.zone_of(now)
    return Closure.objects.get_or_create(
        holiday=day,
        defaults={
            "start": hours.instant(day, time.min, zone),
            "end": hours.instant(day + hours.DAY, time.min, zone),
            "reason": name[:NAME_LENGTH],
        },
    )


def on(country: str, years: Iterable[int]) -> dict[date, str]:
    """The holidays of the whole country, by day."""
    import holidays  # takes most of a second to load

    found: dict[date, str] = {}
    if country in holidays.list_supported_countries():
        found = dict(holidays.country_holidays(country, years=list(years), language="en_US"))
    if not found:
        raise Refused("org", f"no public holidays are known for the country {country}")
    return found
