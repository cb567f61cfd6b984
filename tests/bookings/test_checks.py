"""System checks of the front desk's pages."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.contrib.staticfiles.finders import get_finder
from django.core.management import call_command
from django.test import Client

from bookings import checks
from tenants.models import Organization


@pytest.fixture
def lose_the_package(settings: Any, tmp_path: Path) -> Iterator[Callable[[], None]]:
    """As if npm had fetched nothing."""

    forget: Callable[[], None] = get_finder.cache_clear  # type: ignore[attr-defined]

    def lose() -> None:
        settings.STATICFILES_DIRS = [("event-calendar", tmp_path / "node_modules")]
        settings.STATIC_ROOT = tmp_path / "static"
        forget()

    yield lose
    forget()


def test_the_calendars_package_is_installed_and_served(elm: Organization) -> None:
    served: Any = Client(headers={"Host": "elm-street.localhost"}).get(f"/static/{checks.CALENDAR}")

    assert checks.calendar_is_installed() == []
    assert b"EventCalendar" in b"".join(served.streaming_content)


def test_without_the_package_one_line_says_what_to_run(
    lose_the_package: Callable[[], None], capsys: Any
) -> None:
    lose_the_package()

    call_command("check")

    assert [line for line in capsys.readouterr().err.splitlines() if "W001" in line] == [
        "?: (bookings.W001) The calendar page has nothing to draw with: run “make setup”, or "
        "“npm ci”."
    ]


def test_collected_files_are_enough(
    lose_the_package: Callable[[], None], settings: Any, tmp_path: Path
) -> None:
    settings.STATIC_ROOT = tmp_path / "static"
    call_command("collectstatic", interactive=False, verbosity=0)

    lose_the_package()

    assert checks.calendar_is_installed() == []
