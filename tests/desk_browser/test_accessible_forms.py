"""The drawer, a patient's page and the pages of hours shut nobody out: axe, in either theme."""

import re
from datetime import timedelta
from typing import Literal

import pytest
from playwright.sync_api import Page, expect

from bookings.models import Patient, Practitioner
from tenants import organizations
from tests.accessibility import violations
from tests.browser import enter
from tests.desk_browser.conftest import FrontDesk
from tests.visits import insert, row

Scheme = Literal["light", "dark"]
SCHEMES = ("light", "dark")
GAP = "detail => document.dispatchEvent(new CustomEvent('desk:book', { detail }))"


def sign_in(page: Page, front: FrontDesk, scheme: Scheme) -> None:
    page.emulate_media(color_scheme=scheme)
    enter(page, front.address, front.made)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_the_drawer(scheme: Scheme, page: Page, front: FrontDesk) -> None:
    with organizations.within(front.organization):
        ada = Practitioner.objects.get(name="Dr. Ada Moss")
        Patient.objects.create(name="Cat Rue", claimed_by="+12025550144")
    sign_in(page, front, scheme)
    page.goto(f"{front.address}/admin/")
    page.keyboard.press("n")
    drawer = page.get_by_role("dialog", name="Book a visit")
    expect(drawer.get_by_label("Name, number or birthday")).to_be_focused()
    page.keyboard.type("cat ru")
    expect(drawer.get_by_role("button", name="Cat Rue")).to_be_visible()
    assert violations(page, "#desk-drawer") == []

    drawer.get_by_role("button", name="Cat Ruiz").click()
    drawer.get_by_role("button", name="Cleaning").click()
    drawer.get_by_label("Set the rules aside").check()
    expect(drawer.get_by_role("button", name="Book by choice")).to_be_visible()
    assert violations(page, "#desk-drawer") == []

    page.keyboard.press("Escape")
    page.get_by_role("button", name="Discard it").click()
    expect(drawer).to_be_hidden()
    night = (front.noon + timedelta(days=2)).replace(hour=4)
    page.evaluate(GAP, {"start": night.isoformat(), "practitioner": ada.pk})
    drawer.get_by_role("button", name="Cleaning").click()
    expect(drawer.get_by_text(re.compile("Dr. Ada Moss (works|does not work)"))).to_be_visible()
    assert violations(page, "#desk-drawer") == []


@pytest.mark.parametrize("scheme", SCHEMES)
def test_the_pages_of_hours(scheme: Scheme, page: Page, front: FrontDesk) -> None:
    day = front.noon + timedelta(days=9)
    with organizations.within(front.organization):
        bo = Practitioner.objects.get(name="Dr. Bo Lind")
        insert(row(patient=Patient.objects.get(name="Ben Ode"), start=day))
    sign_in(page, front, scheme)

    page.goto(f"{front.address}/admin/close/")
    page.get_by_label("First day", exact=True).fill(f"{day:%Y-%m-%d}")
    expect(page.get_by_text("1 affected")).to_be_visible()
    assert violations(page, "#main") == []

    page.goto(f"{front.address}/admin/week/{bo.pk}/")
    expect(page.get_by_role("button", name="Save", exact=True)).to_be_visible()
    assert violations(page, "#main") == []


@pytest.mark.parametrize("scheme", SCHEMES)
def test_a_patients_page(scheme: Scheme, page: Page, front: FrontDesk) -> None:
    patient = front.visits["Ben Ode"].patient
    for number, status in enumerate(("noshow", "cancelled", "fulfilled")):
        with organizations.within(front.organization):
            before = front.noon - timedelta(days=number + 1)
            insert(row(patient=patient, start=before, status=status))
    sign_in(page, front, scheme)

    page.goto(f"{front.address}/admin/bookings/patient/{patient.pk}/change/")
    expect(page.get_by_role("heading", name="Past")).to_be_visible()
    assert violations(page, ".patient-page") == []

    page.goto(f"{front.address}/admin/same/{patient.pk}/")
    page.get_by_label("Name, number or birthday").fill("ruiz")
    expect(page.get_by_role("link", name="Cat Ruiz")).to_be_visible()
    assert violations(page, "#main") == []
