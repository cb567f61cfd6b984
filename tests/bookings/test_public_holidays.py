"""Public holidays: loaded once, left as staff made them, and said."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime

import pytest
from django.db import connection, transaction

from bookings import public_holidays
from bookings.models import BookingPolicy, Closure, Patient, Practitioner, ServiceType
from tenants import organizations
from tenants.models import Organization
from tenants.organizations import Refused
from tests.conftest import Committed, at, wait_until, waiters
from tests.inside import manage
from tests.visits import have


def test_the_holidays_to_come_are_closures_of_whole_days(
    elm: Organization, monday: datetime
) -> None:
    loaded = public_holidays.load(elm, years=[2026], now=monday)

    assert [closure.holiday for closure in loaded.added] == [date(2026, 11, 26), date(2026, 12, 25)]
    thanksgiving = Closure.objects.get(holiday=date(2026, 11, 26))
    assert thanksgiving.reason == "Thanksgiving Day"
    assert (thanksgiving.start, thanksgiving.end) == (
        at("2026-11-26 00:00"),
        at("2026-11-27 00:00"),
    )


def test_without_a_year_it_is_as_far_as_the_diary_is_open(
    elm: Organization, monday: datetime
) -> None:
    public_holidays.load(elm, now=monday)

    assert set(Closure.objects.values_list("holiday__year", flat=True)) == {2026, 2027}


def test_a_second_time_changes_nothing(elm: Organization, monday: datetime) -> None:
    """The loaded rows stay, and so do changes that staff made: half a day on Christmas."""
    public_holidays.load(elm, years=[2026], now=monday)
    Closure.objects.filter(holiday=date(2026, 12, 25)).update(start=at("2026-12-25 12:00"))
    before = list(Closure.objects.values())

    loaded = public_holidays.load(elm, years=[2026], now=monday)

    assert (loaded.added, loaded.known) == ((), 2)
    assert list(Closure.objects.values()) == before


def test_a_deleted_one_comes_back(elm: Organization, monday: datetime) -> None:
    """Documented: to work on a holiday, shorten it or open on it."""
    public_holidays.load(elm, years=[2026], now=monday)
    Closure.objects.filter(holiday=date(2026, 12, 25)).delete()

    loaded = public_holidays.load(elm, years=[2026], now=monday)

    assert [closure.holiday for closure in loaded.added] == [date(2026, 12, 25)]


def test_what_is_booked_on_one_is_named(
    elm: Organization, ada: Practitioner, cleaning: ServiceType, ben: Patient, monday: datetime
) -> None:
    row = have(ada, cleaning, ben, "2026-12-25 09:00", source="staff")

    assert public_holidays.load(elm, years=[2026], now=monday).booked_inside == (row,)


@pytest.mark.parametrize("country", ["AC", "IO"])
def test_a_country_without_any_is_refused(
    country: str, elm: Organization, monday: datetime
) -> None:
    elm.phone_region = country

    with pytest.raises(Refused, match=f"no public holidays are known for the country {country}"):
        public_holidays.load(elm, now=monday)


def test_the_command_says_what_it_did(committed: Committed) -> None:
    made = committed(phone_region="GB", timezone="Europe/London")

    first = manage("load_holidays", made.org, "--year", "2099", "--json")
    again = manage("load_holidays", made.org, "--year", "2099")

    assert first.returncode == 0, first.stderr
    added = json.loads(first.stdout)["added"]
    assert {"date": "2099-12-25", "name": "Christmas Day"} in added
    assert f"closed on no more public holidays; {len(added)} were there already." in again.stdout
    with organizations.within(organizations.get(made.org)):
        assert Closure.objects.count() == len(added)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nobody"], "there is no organization “nobody”"),
        (["elm_street", "--year", "12"], "--year: 12 is not from 1970 to 2200"),
        (["elm_street", "--year", "soon"], "invalid int value"),
    ],
)
def test_what_is_wrong_is_one_line(arguments: list[str], said: str, committed: Committed) -> None:
    done = manage("load_holidays", *arguments)

    assert done.returncode == 1
    assert said in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_loaded_twice_at_the_same_time_each_holiday_is_closed_once(committed: Committed) -> None:
    """Cron and a person: the second waits for the first, and changes nothing."""
    organization = organizations.get(committed().org)

    def load() -> public_holidays.Loaded:
        try:
            with organizations.within(organization):
                return public_holidays.load(organization, years=[2031], now=organization.now())
        finally:
            connection.close()

    with organizations.within(organization), ThreadPoolExecutor(1) as threads:
        BookingPolicy.objects.update_or_create(pk=1, defaults={"horizon_days": 730})
        with transaction.atomic():
            first = public_holidays.load(organization, years=[2031], now=organization.now())
            second = threads.submit(load)
            wait_until(lambda: bool(waiters(connection.connection)))
        loaded = second.result(timeout=30)

        assert (loaded.added, loaded.known) == ((), len(first.added))
        assert Closure.objects.count() == len(first.added) > 5
