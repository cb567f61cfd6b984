"""A practitioner's morning in a browser, by keyboard, in the dark; nothing of a colleague in it."""

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from playwright.sync_api import Page, expect

from bookings.desk.own_diary import PRACTITIONER
from bookings.models import Appointment, Practitioner, PractitionerAccount
from tenants import organizations
from tests.accessibility import violations
from tests.browser import enter
from tests.desk_browser.conftest import FrontDesk


def test_a_practitioner_works_in_their_own_diary(page: Page, front: FrontDesk) -> None:
    with organizations.within(front.organization):
        user = get_user_model().objects.create_user("ada", is_staff=True)
        user.groups.set(Group.objects.filter(name=PRACTITIONER))
        ada = Practitioner.objects.get(name="Dr. Ada Moss")
        PractitionerAccount.objects.create(user=user, practitioner=ada)
    page.emulate_media(color_scheme="dark")
    enter(page, front.address, front.made, "ada")
    page.goto(f"{front.address}/admin/")
    ben = page.locator(".visit", has_text="Ben Ode")

    ben.get_by_role("button", name="Arrived").press("Enter")
    expect(ben).to_contain_text("waiting since")
    page.keyboard.press("Escape")
    page.keyboard.press("n")
    drawer = page.get_by_role("dialog", name="Book a visit")
    expect(drawer.get_by_label("Name, number or birthday")).to_be_focused()
    page.keyboard.type("dee")
    expect(drawer.get_by_text("None of your patients is found.")).to_be_visible()
    drawer.get_by_label("Name, number or birthday").fill("cat")
    expect(drawer.get_by_role("button", name="Cat Ruiz")).to_be_visible()
    page.keyboard.press("Enter")
    expect(drawer.get_by_role("button", name="Cleaning")).to_be_focused()
    page.keyboard.press("Enter")
    expect(drawer.locator("button[name=at]").first).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").filter(has_text="Booked: Cat Ruiz")).to_be_visible()

    with organizations.within(front.organization):
        booked = Appointment.objects.get(service__name="Cleaning")
    assert (booked.practitioner_id, front.now("Ben Ode").status) == (ada.pk, "arrived")
    found = []
    for path in ("", "calendar/", "inbox/", f"bookings/appointment/{booked.pk}/change/"):
        page.goto(f"{front.address}/admin/{path}")
        expect(page.get_by_text("Dee Park")).to_have_count(0)
        found += [f"{path}: {wrong}" for wrong in violations(page)]
    assert found == []
