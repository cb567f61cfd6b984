"""Zones: the clinic's clock decides, whatever those of the server and the database say."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.contrib.auth import get_user_model
from django.test import Client

from bookings import appointments
from bookings.availability import conflicts, slots
from bookings.models import Appointment, Patient, Practitioner, ServiceType
from bookings.outcomes import Booked, SlotPassed
from tenants import organizations
from tenants.models import Organization
from tenants.versions import VERSION
from tests.conftest import NEW_YORK, Committed, at, manage
from tests.desk import version_in
from tests.free_times import free_times

# Clinics on Elm Street's hours, on both sides of UTC and of a clock change.
TRANSITIONS = {
    "America/New_York": ("2027-03-12", "2027-03-15", "2027-11-05", "2027-11-08"),
    "Europe/London": ("2027-03-26", "2027-03-29", "2027-10-29", "2027-11-01"),
    "Australia/Lord_Howe": ("2027-04-02", "2027-04-05", "2027-10-01", "2027-10-04"),
    "Africa/Cairo": ("2027-04-29", "2027-04-30", "2027-10-28", "2027-10-29"),
    "Africa/Casablanca": ("2027-02-05", "2027-02-08", "2027-03-12", "2027-03-15"),
    "Asia/Kathmandu": ("2027-03-12", "2027-03-15", "2027-11-05", "2027-11-08"),
}


def offered(service: ServiceType, who: Practitioner, day: str, now: datetime) -> list[datetime]:
    zone = slots.zone_of(now)
    found = free_times(
        service=service,
        practitioners=[who],
        start=at(f"{day} 00:00", zone),
        end=at(f"{day} 23:59", zone),
        now=now,
    )
    return [slot.start for slot in found]


def book(service: ServiceType, patient: Patient, start: datetime, now: datetime) -> Appointment:
    outcome = appointments.book(
        service=service, start=start, patient=patient, now=now, source=Appointment.Source.VOICE
    )
    assert isinstance(outcome, Booked)
    return outcome.appointment


@pytest.mark.parametrize("name", TRANSITIONS)
def test_hours_are_the_same_on_the_wall_on_every_side_of_a_clock_change(
    name: str, cleaning: ServiceType, ada: Practitioner
) -> None:
    """T03, T04: nine to noon and one to five, twenty-six visits, before, on and after."""
    zone = ZoneInfo(name)
    now = datetime(2026, 11, 23, 8, tzinfo=zone)

    for day in TRANSITIONS[name]:
        found = [start.astimezone(zone) for start in offered(cleaning, ada, day, now)]
        assert f"{found[0]:%H:%M} {found[10]:%H:%M} {found[11]:%H:%M}" == "09:00 11:30 13:00"
        assert (f"{found[-1]:%H:%M}", len(found)) == ("16:30", 26)


def test_what_is_booked_in_winter_for_summer_keeps_its_time_on_the_wall(
    cleaning: ServiceType, ben: Patient, monday: datetime
) -> None:
    """T04."""
    row = book(cleaning, ben, at("2027-07-01 09:00"), monday)

    row.refresh_from_db()
    assert row.start == datetime(2027, 7, 1, 13, tzinfo=UTC)
    assert f"{row.start.astimezone(NEW_YORK):%H:%M}" == "09:00"


def test_neither_the_servers_zone_nor_the_databases_counts(committed: Committed) -> None:
    """T10: the process stands in Tokyo, and the database would speak Los Angeles to it."""
    organization = organizations.get(committed().org)
    now = organization.now()
    monday = now.date() + timedelta(days=14 - now.weekday())
    start = at(f"{monday} 09:00")

    done = manage(
        "book_appointment",
        organization.slug,
        "--name=Ben Ode",
        "--phone=+12025550177",
        "--service=Cleaning",
        f"--start={monday}T09:00",
        TZ="Asia/Tokyo",
        PGTZ="America/Los_Angeles",
    )

    assert done.returncode == 0, done.stderr
    with organizations.within(organization):
        row = Appointment.objects.get()
        assert (row.start, row.blocked.lower) == (start, start)
        ada = Practitioner.objects.get(name="Dr. Ada Moss")
        assert start not in offered(row.service, ada, f"{monday}", now)


@pytest.mark.parametrize(
    ("instant", "first"),
    [
        ("2026-11-24T04:30:00+00:00", "2026-11-24 09:00"),  # Monday, 23:30 at the clinic
        ("2026-11-24T05:00:00+00:00", "2026-11-24 09:00"),  # midnight
        ("2026-11-24T14:30:00+00:00", "2026-11-24 09:45"),  # 9:30, which has begun
    ],
)
def test_today_is_the_clinics_today(
    instant: str, first: str, elm: Organization, cleaning: ServiceType, ada: Practitioner
) -> None:
    """T11: half past eleven on Monday night is Tuesday in UTC, and still Monday here."""
    with time_machine.travel(datetime.fromisoformat(instant), tick=False):
        now = elm.now()
    found = slots.calendar([ada], start=now, now=now).times(cleaning)

    assert next(found).start == at(first)


def test_what_begins_now_has_passed(cleaning: ServiceType, ben: Patient) -> None:
    now = at("2026-11-24 09:30")

    outcome = appointments.book(
        service=cleaning, start=now, patient=ben, now=now, source=Appointment.Source.VOICE
    )

    assert isinstance(outcome, SlotPassed)


# --- the rules of a zone, or the zone itself, are changed


def test_an_appointment_is_an_instant_when_the_rules_of_its_zone_change(
    cleaning: ServiceType, ada: Practitioner, ben: Patient, monday: datetime
) -> None:
    """T08: New York gives up summer time (Bogota's rules): the instant stays, and is listed."""
    row = book(cleaning, ben, at("2027-07-01 09:00"), monday)
    under_new_rules = monday.astimezone(ZoneInfo("America/Bogota"))

    row.refresh_from_db()
    assert row.start == datetime(2027, 7, 1, 13, tzinfo=UTC)
    assert conflicts.outside_hours([ada], now=monday) == []
    assert conflicts.outside_hours([ada], now=under_new_rules) == [row]


def test_a_clinic_that_changes_its_zone_is_told_what_happens(
    cleaning: ServiceType, ben: Patient, monday: datetime, elm: Organization
) -> None:
    """T09: the instants stay; the operator is warned, the front desk finds what is left outside."""
    row = book(cleaning, ben, at("2026-12-03 09:00"), monday)
    organizations.leave()
    operators = Client(headers={"Host": "localhost"})
    operators.force_login(get_user_model().objects.create_superuser("operator"))
    domain = elm.domains.get()
    path = f"/admin/tenants/organization/{elm.pk}/change/"

    response = operators.post(
        path,
        {
            VERSION: version_in(operators.get(path)),
            "name": elm.name,
            "status": elm.status,
            "timezone": "America/Los_Angeles",
            "phone_region": elm.phone_region,
            "domains-TOTAL_FORMS": 1,
            "domains-INITIAL_FORMS": 1,
            "domains-0-id": domain.pk,
            "domains-0-tenant": elm.pk,
            "domains-0-domain": domain.domain,
            "domains-0-is_primary": "on",
        },
        follow=True,
    )

    assert "Appointments stay at their instant" in response.content.decode()
    moved = Organization.objects.get(pk=elm.pk)
    with organizations.within(moved):
        row.refresh_from_db()
        assert row.start == at("2026-12-03 09:00")
        assert conflicts.outside_hours(Practitioner.objects.all(), now=moved.now()) == [row]
    elm.activate()


def test_a_day_of_twenty_five_hours_is_asked_about_as_a_whole(
    cleaning: ServiceType, ada: Practitioner, monday: datetime
) -> None:
    start, end = (slots.instant(at(f"2027-11-0{day} 00:00").date(), NEW_YORK) for day in (7, 8))

    assert end - start == timedelta(hours=25)
