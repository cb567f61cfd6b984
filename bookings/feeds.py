"""Feeds: the visits as iCalendar (RFC 5545), for the calendar programs of the staff."""

from datetime import UTC, datetime, timedelta

from django.contrib.auth.models import User
from django.db.models import Max
from icalendar import Calendar, Event

from bookings.models import Appointment, Feed, Practitioner
from tenants import sight, tokens
from tenants.models import Organization

PAST, AHEAD = timedelta(days=30), timedelta(days=366)
# How often the programs are asked to read it again, and the least time between two notes that they
# did.
REFRESH = timedelta(minutes=15)
NOTED = timedelta(hours=1)


def make(practitioner: Practitioner | None, *, shows_patients: bool, by: str) -> tuple[Feed, str]:
    """A new feed, and its secret. The secret is not stored: it cannot be shown again."""
    secret = tokens.draw()
    feed = Feed.objects.create(
        practitioner=practitioner,
        shows_patients=shows_patients,
        by=by,
        digest=tokens.digest(secret),
    )
    return feed, secret


def find(secret: str, *, now: datetime) -> Feed | None:
    """The feed with this secret, while who made it may see it. Notes that it is read."""
    feed = Feed.objects.select_related("practitioner").filter(digest=tokens.digest(secret)).first()
    if feed is None or not is_seen_by_its_maker(feed):
        return None
    if feed.last_read is None or feed.last_read < now - NOTED:
        Feed.objects.filter(pk=feed.pk).update(last_read=now)
    return feed


def is_seen_by_its_maker(feed: Feed) -> bool:
    """Whether the account that made it still works here, and sees so much of the diary. Accounts
    that have worked keep their user name."""
    maker = User.objects.filter(username=feed.by, is_active=True, is_staff=True).first()
    return maker is not None and maker.has_perm("bookings.view_feed") and sight.sees(feed, maker)


def calendar(feed: Feed, organization: Organization, *, now: datetime) -> bytes:
    """The visits of the last 30 days and the year ahead. Cancelled ones are left out: a program
    removes what is not there any more."""
    whose = feed.practitioner.name if feed.practitioner else "all"
    document = Calendar()
    document.add("prodid", "-//clinic-booking//EN")
    document.add("version", "2.0")
    document.add("x-wr-calname", f"{organization.name}, {whose}")
    document.add("refresh-interval", REFRESH, parameters={"value": "DURATION"})
    document.add("x-published-ttl", REFRESH, parameters={"value": "DURATION"})
    for row in visits(feed, now=now):
        document.add_component(event(row, feed, organization))
    return bytes(document.to_ical())


def visits(feed: Feed, *, now: datetime) -> list[Appointment]:
    rows = Appointment.objects.occupying().filter(start__gte=now - PAST, start__lt=now + AHEAD)
    if feed.practitioner_id:
        rows = rows.filter(practitioner=feed.practitioner_id)
    rows = rows.select_related("patient", "service", "practitioner", "room")
    return list(rows.annotate(changed=Max("changes__at")).order_by("start", "pk"))


def event(row: Appointment, feed: Feed, organization: Organization) -> Event:
    """One visit; in UTC, which every program turns into its own time."""
    found = Event()
    patient = row.patient.name if feed.shows_patients else initials(row.patient.name)
    who = "" if feed.practitioner_id else f" ({row.practitioner.name})"
    found.add("uid", f"{row.pk}@{organization.slug}")
    found.add("dtstamp", (getattr(row, "changed", None) or row.created).astimezone(UTC))
    found.add("dtstart", row.start.astimezone(UTC))
    found.add("dtend", row.end.astimezone(UTC))
    found.add("summary", f"{row.service.name}, {patient}{who}")
    if row.room:
        found.add("location", row.room.name)
    if feed.shows_patients:
        told = [row.reference, row.patient.phone, row.notes]
        found.add("description", "\n".join(line for line in told if line))
    return found


def initials(name: str) -> str:
    """“Ben van der Ode” is “B. O.”: of the first and the last word."""
    words = name.split()
    letters = dict.fromkeys([0, len(words) - 1]) if words else {}
    return " ".join(f"{words[place][0]}." for place in letters)
