"""The start page on its first visit: no more than 300 kB over the wire, with 200 visits today."""

import re
import time
from pathlib import Path

import unfold
from django.contrib.auth import get_user_model
from django.test import Client
from playwright.sync_api import Page, expect

from bookings.models import Appointment, Patient, Practitioner, ServiceType
from tenants import organizations
from tests.browser import enter
from tests.conftest import ROOT
from tests.desk_browser.conftest import FrontDesk
from tests.visits import row

KILOBYTE = 1000
ICONS = ROOT / "tenants/icons.txt"


def fill(front: FrontDesk) -> None:
    """Ten practitioners with twenty visits each, today."""
    with organizations.within(front.organization):
        service = ServiceType.objects.get(name="Consultation")
        for number in range(10):
            person = Practitioner.objects.create(name=f"Dr. {number}")
            people = Patient.objects.bulk_create(
                Patient(name=f"Patient {number} {place}", name_key=f"patient {number} {place}")
                for place in range(20)
            )
            Appointment.objects.bulk_create(
                row(
                    patient=patient,
                    practitioner=person,
                    service=service,
                    start=front.noon.replace(hour=place, minute=0),
                    reference=f"T{number}{place:02}",  # drawn, two might be the same
                )
                for place, patient in enumerate(people)
            )


def test_the_first_visit_weighs_at_most_300_kilobytes(page: Page, front: FrontDesk) -> None:
    fill(front)
    enter(page, front.address, front.made)
    wire = page.context.new_cdp_session(page)
    wire.send("Network.enable")
    wire.send("Network.setCacheDisabled", {"cacheDisabled": True})
    sizes: dict[str, int] = {}
    names: dict[str, str] = {}
    wire.on(
        "Network.responseReceived", lambda e: names.update({e["requestId"]: e["response"]["url"]})
    )
    wire.on(
        "Network.loadingFinished", lambda e: sizes.update({e["requestId"]: e["encodedDataLength"]})
    )

    page.goto(f"{front.address}/admin/", wait_until="networkidle")
    wire.detach()

    expect(page.locator(".visit")).to_have_count(203)
    by_name = {names.get(key, key): size for key, size in sizes.items()}
    assert len(by_name) > 10
    assert sum(by_name.values()) <= 300 * KILOBYTE, sorted(by_name.items(), key=lambda one: -one[1])


def seconds(client: Client, address: str) -> float:
    start = time.perf_counter()
    assert client.get(address).status_code == 200
    return time.perf_counter() - start


def test_a_full_day_takes_at_most_three_times_an_empty_page(front: FrontDesk) -> None:
    """In one run, on one machine: beside the page of an empty list."""
    fill(front)
    with organizations.within(front.organization):
        user = get_user_model().objects.get(username=front.made.admin_email)
        user.groups.clear()
        desk = Client(headers={"Host": front.made.domain})
        desk.force_login(user)

    # In turns, and the shortest of each: what the server needs when nothing else runs. On a busy
    # machine that takes more turns.
    full = empty = float("inf")
    for turn in range(60):
        full = min(full, seconds(desk, "/admin/"))
        empty = min(empty, seconds(desk, "/admin/bookings/room/"))
        if turn > 6 and full <= 3 * empty:
            break

    assert full <= 3 * empty, f"{full / empty:.1f} times"


def test_every_icon_that_is_used_is_in_the_font() -> None:
    """The font holds the icons of icons.txt and no others: 11 kB in place of 290."""
    known = set(ICONS.read_text().split())
    theme = Path(unfold.__path__[0]) / "templates"
    templates = [*theme.rglob("*.html"), *(ROOT / "templates").rglob("*.html")]
    in_templates = re.compile(r"material-symbols-outlined[^>]*>\s*([a-z_0-9]+)")
    in_code = re.compile(r'\bicon="([a-z_]+)"')
    used = {name for file in templates for name in in_templates.findall(file.read_text())}
    for folder in ("assistants", "bookings", "tenants"):
        for file in (ROOT / folder).rglob("*.py"):
            used.update(in_code.findall(file.read_text()))

    assert len(used) > 30
    assert used - known == set()
