"""A clinic where it is noon now, with a day that is under way; and a colleague's browser."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Locator, Page

from assistants.provisioning.onboarding import Onboarded
from bookings.models import Appointment, Callback, Patient, Practitioner, ServiceType
from tenants import organizations
from tenants.models import Organization
from tests.browser import clear, enter, started, tab_of
from tests.conftest import Committed, Server
from tests.visits import insert, row

AN_HOUR = 72  # pixels in the drawing of the calendar


def zone_where_it_is_noon() -> str:
    """A zone without summer time in which it is noon now, or up to an hour later."""
    ahead = 12 - timezone.now().hour
    return f"Etc/GMT{-ahead:+d}" if ahead else "Etc/GMT"


@dataclass
class FrontDesk:
    """A clinic at noon, at its address."""

    made: Onboarded
    address: str
    noon: datetime
    visits: dict[str, Appointment] = field(default_factory=dict)

    @property
    def organization(self) -> Organization:
        return organizations.get(self.made.org)

    @property
    def next_monday(self) -> datetime:
        """At nine, not before tomorrow."""
        days = (7 - self.noon.weekday()) or 7
        return (self.noon + timedelta(days=days)).replace(hour=9)

    def add(self, name: str, minutes: int, who: str = "Dr. Ada Moss", **changes: object) -> None:
        """A visit that begins so many minutes after noon today."""
        with organizations.within(self.organization):
            number = f"+1202555{len(self.visits) + 100:04}"
            visit = row(
                patient=Patient.objects.create(name=name, phone=number),
                practitioner=Practitioner.objects.get(name=who),
                service=ServiceType.objects.get(name="Consultation"),
                start=self.noon + timedelta(minutes=minutes),
                **changes,
            )
            insert(visit)
        self.visits[name] = visit

    def now(self, name: str) -> Appointment:
        """The visit as it is now."""
        with organizations.within(self.organization):
            return Appointment.objects.get(pk=self.visits[name].pk)

    def ask(self, **said: Any) -> int:
        """Ann Lee asks to be called back; the key of the row."""
        with organizations.within(self.organization):
            row = Callback.objects.create(**{"name": "Ann Lee", "phone": "+12025550177", **said})
        return row.pk

    def callback(self, key: int) -> Callback:
        with organizations.within(self.organization):
            return Callback.objects.get(pk=key)


def visit(page: Page, name: str) -> Locator:
    """The visit of the patient called so, in the calendar."""
    return page.locator(".cal-event:not(.ec-preview):not(.ec-ghost)", has_text=name)


@pytest.fixture
def front(committed: Committed, server: Server) -> FrontDesk:
    made = committed(timezone=zone_where_it_is_noon())
    here = timezone.now().astimezone(ZoneInfo(zone_where_it_is_noon()))
    noon = here.replace(hour=12, minute=0, second=0, microsecond=0)
    front = FrontDesk(made, f"http://{made.domain}:{server.port}", noon)
    front.add("Ben Ode", -30)
    front.add("Cat Ruiz", 60)
    front.add("Dee Park", 90, who="Dr. Bo Lind", source="voice")
    return front


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """One for all files of this folder."""
    with started() as browser:
        yield browser


@pytest.fixture(scope="package")
def tab(browser: Browser) -> Iterator[Page]:
    with tab_of(browser) as tab:
        yield tab


@pytest.fixture
def colleague(browser: Browser, front: FrontDesk) -> Iterator[Page]:
    """Another browser that is signed in."""
    with browser.new_context() as context:
        opened = context.new_page()
        enter(opened, front.address, front.made)
        yield opened


@pytest.fixture(autouse=True)
def leave(page: Page, front: FrontDesk) -> Iterator[None]:
    """The page is left before its clinic is removed: it would ask for what is new."""
    yield
    clear(page)
