"""A patient's page in a browser: booked again by touch, and merged with the other record."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from bookings.models import Appointment, Patient
from tenants import organizations
from tests.browser import enter
from tests.clicks import Clicks
from tests.desk_browser.conftest import FrontDesk


@pytest.fixture
def phone(browser: Browser, front: FrontDesk) -> Iterator[Page]:
    """A telephone that is signed in: 390 pixels wide, and without a mouse."""
    with browser.new_context(
        viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True
    ) as context:
        opened = context.new_page()
        enter(opened, front.address, front.made)
        yield opened


def test_a_patient_is_booked_again_by_touch(phone: Page, front: FrontDesk) -> None:
    patient = front.visits["Ben Ode"].patient_id
    phone.goto(f"{front.address}/admin/bookings/patient/{patient}/change/")
    expect(phone.get_by_role("heading", name="Past")).to_be_visible()
    assert phone.evaluate("document.documentElement.scrollWidth") == 390

    phone.get_by_role("button", name="Book again").tap()
    drawer = phone.get_by_role("dialog", name="Book a visit")
    expect(drawer.locator(".book-picked")).to_contain_text("Ben Ode")
    expect(drawer.get_by_role("button", name="Consultation")).to_have_attribute(
        "aria-pressed", "true"
    )
    drawer.locator(".book-soonest button").first.tap()

    expect(phone.get_by_role("status").filter(has_text="Booked: Ben Ode")).to_be_visible()
    with organizations.within(front.organization):
        assert Appointment.objects.filter(patient=patient).count() == 2


def test_a_visit_is_opened_by_touch(phone: Page, front: FrontDesk) -> None:
    visit = front.visits["Cat Ruiz"]
    phone.goto(f"{front.address}/admin/bookings/patient/{visit.patient_id}/change/")

    phone.get_by_role("link", name="Consultation with Dr. Ada Moss").tap()

    phone.wait_for_url(f"**/admin/bookings/appointment/{visit.pk}/change/**")


def test_a_patient_is_opened_by_touch_from_a_list_of_three_lines_a_visit(
    phone: Page, front: FrontDesk
) -> None:
    patient = front.visits["Cat Ruiz"].patient_id
    phone.goto(f"{front.address}/admin/bookings/appointment/")
    rows = phone.locator("#result_list tbody tr")
    expect(rows).to_have_count(3)
    assert max(rows.evaluate_all("all => all.map(one => one.offsetHeight)")) < 90

    phone.get_by_role("link", name="Cat Ruiz").tap()

    phone.wait_for_url(f"**/admin/bookings/patient/{patient}/change/")


def test_the_other_record_is_found_by_typing_and_merged_in_three_clicks(
    page: Page, front: FrontDesk
) -> None:
    with organizations.within(front.organization):
        Patient.objects.create(name="Benjamin Ode", phone="+12025550123")
    enter(page, front.address, front.made)
    patient = front.visits["Ben Ode"].patient_id
    page.goto(f"{front.address}/admin/bookings/patient/{patient}/change/")
    clicks = Clicks(page)

    page.get_by_role("link", name="Same person as").click()
    expect(page.get_by_label("Name, number or birthday")).to_be_focused()
    page.keyboard.type("benj")
    page.get_by_role("link", name="Benjamin Ode").click()
    expect(page.get_by_text("It cannot be undone.")).to_be_visible()
    page.locator("#content button[type=submit], #content input[type=submit]").click()

    expect(page.get_by_text("is one patient now")).to_be_visible()
    assert clicks.count() == 3
    with organizations.within(front.organization):
        assert not Patient.objects.filter(name="Benjamin Ode").exists()
