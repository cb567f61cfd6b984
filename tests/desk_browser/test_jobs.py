"""The jobs of a receptionist, from the start page, by mouse and by keyboard: how many clicks each.

Here are those that are done nowhere else. The others:

walk-in, known patient, from the waitlist: test_quick_add; move: test_calendar; arrived to done,
no-show, cancel: test_today; days off, weekly hours: test_hours; a callback in the inbox, a freed
time: test_inbox; find: test_finding.
"""

from datetime import timedelta

from playwright.sync_api import Page, expect

from bookings.models import Patient, Practitioner, ServiceType
from tenants import organizations
from tests.browser import NO_TELEPHONE, enter
from tests.clicks import Clicks
from tests.desk_browser.conftest import FrontDesk


def start(page: Page, front: FrontDesk) -> Clicks:
    """The day is seen without a click: it is the start page."""
    enter(page, front.address, front.made)
    page.goto(f"{front.address}/admin/")
    expect(page.locator(".visit", has_text="Ben Ode")).to_be_visible()
    return Clicks(page)


def test_a_practitioners_week_is_one_click_or_a_key(page: Page, front: FrontDesk) -> None:
    clicks = start(page, front)
    week = page.get_by_role("link", name="Dr. Ada Moss", exact=True)

    week.click()
    expect(page.locator("#calendar-title")).to_contain_text(" to ")
    expect(page.locator(".cal-event", has_text="Ben Ode")).to_be_visible()
    expect(page.locator(".cal-event", has_text="Dee Park")).to_have_count(0)
    assert clicks.count() == 1
    page.go_back()
    week.focus()
    page.keyboard.press("Enter")

    expect(page.locator("#calendar-title")).to_contain_text(" to ")
    assert clicks.count() == 1


def test_a_callback_is_two_clicks_from_the_start_page(page: Page, front: FrontDesk) -> None:
    front.ask(name="Bob Roe", phone="+12025550199")
    key = front.ask(reason="Severe pain")
    clicks = start(page, front)
    page.evaluate(NO_TELEPHONE)

    page.get_by_role("link", name="Call Ann Lee").click()
    page.wait_for_url("**/inbox/**")
    expect(page.get_by_label("What came of it, Ann Lee")).to_be_focused()
    page.keyboard.type("Comes on Friday")
    page.locator(".item", has_text="Ann Lee").get_by_role("button", name="Done").click()
    expect(page.get_by_text("Done: Ann Lee.")).to_be_visible()

    assert clicks.count() == 2
    row = front.callback(key)
    assert (row.note, row.owner) == ("Comes on Friday", front.made.admin_email)


def test_a_callback_by_keyboard_from_the_start_page(page: Page, front: FrontDesk) -> None:
    key = front.ask()
    clicks = start(page, front)
    page.evaluate(NO_TELEPHONE)

    page.get_by_role("link", name="Call Ann Lee").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_label("What came of it, Ann Lee")).to_be_focused()
    page.keyboard.type("No answer")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Nobody waits for a call.")).to_be_visible()

    assert (clicks.count(), front.callback(key).note) == (0, "No answer")


def test_the_waitlist_is_booked_from_and_waits_again_by_keyboard(
    page: Page, front: FrontDesk
) -> None:
    with organizations.within(front.organization):
        ann = Patient.objects.create(name="Ann Lee", phone="+12025550188")
        entry = ann.waiting.create(service=ServiceType.objects.get(name="Cleaning"))
    clicks = start(page, front)
    page.get_by_role("link", name="Inbox").first.focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Find a time").focus()
    page.keyboard.press("Enter")
    drawer = page.get_by_role("dialog", name="Book a visit")
    expect(drawer.locator(".book-soonest button").first).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").filter(has_text="Booked: Ann Lee")).to_be_visible()
    expect(page.get_by_text("Nobody waits for a time.")).to_be_visible()

    page.keyboard.press("Control+z")
    expect(page.get_by_text("Ann Lee waits for Cleaning again.")).to_be_visible()
    expect(page.locator(".item", has_text="Ann Lee")).to_be_visible()

    assert clicks.count() == 0
    with organizations.within(front.organization):
        entry.refresh_from_db()
    assert entry.status == "waiting"


def test_a_caller_moves_a_visit_from_its_page_in_four_clicks(page: Page, front: FrontDesk) -> None:
    clicks = start(page, front)
    page.get_by_role("link", name="The visit of Cat Ruiz").click()
    page.get_by_role("button", name="Move", exact=True).click()
    drawer = page.get_by_role("dialog", name="Move the visit")
    expect(drawer.get_by_label("Day", exact=True)).to_be_focused()
    drawer.get_by_role("button", name="The day after").click()
    tomorrow = front.noon + timedelta(days=1)
    expect(drawer.get_by_role("heading", name=f"{tomorrow:%A}")).to_be_visible()
    drawer.locator(".book-lane button").last.click()

    expect(page.get_by_role("status").filter(has_text="Cat Ruiz: Moved to")).to_be_visible()
    expect(page.locator("[name=start_0]")).to_have_value(f"{tomorrow:%Y-%m-%d}")
    assert clicks.count() == 4
    assert front.now("Cat Ruiz").start.astimezone(front.noon.tzinfo).date() == tomorrow.date()


def test_the_next_cleaning_of_a_known_patient_by_keyboard(page: Page, front: FrontDesk) -> None:
    clicks = start(page, front)
    page.keyboard.press("n")
    drawer = page.get_by_role("dialog", name="Book a visit")
    expect(drawer.get_by_label("Name, number or birthday")).to_be_focused()
    page.keyboard.type("ruiz")
    expect(drawer.get_by_role("button", name="Cat Ruiz")).to_be_visible()
    page.keyboard.press("Enter")
    expect(drawer.get_by_role("button", name="Cat Ruiz")).to_be_focused()
    page.keyboard.press("Enter")
    expect(drawer.get_by_role("button", name="Cleaning")).to_be_focused()
    page.keyboard.press("Enter")
    expect(drawer.locator(".book-soonest button").first).to_be_focused()
    page.keyboard.press("Enter")

    expect(page.get_by_role("status").filter(has_text="Booked: Cat Ruiz, Cleaning")).to_be_visible()
    assert clicks.count() == 0


def test_a_visit_is_cancelled_and_another_not_come_by_keyboard(
    page: Page, front: FrontDesk
) -> None:
    clicks = start(page, front)
    page.get_by_role("button", name="No-show: Ben Ode").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").filter(has_text="No-show: Ben Ode")).to_be_visible()
    page.get_by_role("button", name="Cancel: Cat Ruiz").focus()
    page.keyboard.press("Enter")
    page.keyboard.type("has a cold")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").filter(has_text="Cancelled: Cat Ruiz")).to_be_visible()

    assert clicks.count() == 0
    assert front.now("Ben Ode").status == "noshow"
    assert front.now("Cat Ruiz").cancellation_reason == "has a cold"


def test_a_visit_of_any_day_is_cancelled_from_its_page(page: Page, front: FrontDesk) -> None:
    """Two clicks and the reason, and Undo is still there when the page has been loaded anew."""
    front.add("Gus Moor", 3 * 24 * 60)
    start(page, front)
    visit = front.visits["Gus Moor"].pk
    page.goto(f"{front.address}/admin/bookings/appointment/{visit}/change/")
    clicks = Clicks(page)

    page.get_by_role("button", name="Cancel", exact=True).click()
    page.keyboard.type("moved away")
    page.get_by_role("button", name="Cancel the visit").click()
    said = page.get_by_role("status").filter(has_text="Cancelled: Gus Moor")
    expect(said).to_be_visible()
    assert clicks.count() == 2
    assert front.now("Gus Moor").cancellation_reason == "moved away"
    page.get_by_role("button", name="Undo", exact=True).click()

    expect(page.get_by_role("status").filter(has_text="Undone")).to_be_visible()
    expect(page.get_by_role("button", name="Cancel", exact=True)).to_be_visible()
    assert front.now("Gus Moor").status == "booked"


def test_a_practitioner_with_hours_by_keyboard(page: Page, front: FrontDesk) -> None:
    clicks = start(page, front)
    page.get_by_role("link", name="Practitioners").focus()
    page.keyboard.press("Enter")
    page.locator("a[href$='/practitioner/add/']").first.focus()
    page.keyboard.press("Enter")
    page.locator("#id_name").focus()
    page.keyboard.type("Dr. Cy Vance")
    page.get_by_label("Cleaning").focus()
    page.keyboard.press("Space")
    page.locator("#id_name").focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="As Dr. Ada Moss").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_label("Friday, stretch 2, until")).to_have_value("17:00")
    page.get_by_role("button", name="Save", exact=True).focus()
    page.keyboard.press("Enter")

    expect(page.get_by_text("Hours of Dr. Cy Vance: Mon-Fri 09:00-12:00")).to_be_visible()
    assert clicks.count() == 0
    with organizations.within(front.organization):
        cy = Practitioner.objects.get(name="Dr. Cy Vance")
        assert [str(one) for one in cy.services.all()] == ["Cleaning"]


def test_a_visit_that_is_saved_leads_back_to_where_it_was_opened(
    page: Page, front: FrontDesk
) -> None:
    """To the calendar at that day, to the board, and to the page of the patient."""
    enter(page, front.address, front.made)
    front.add("Eve Stone", 60 * 24 * 8)
    patient = front.visits["Cat Ruiz"].patient_id
    day = front.noon + timedelta(days=8)
    places = {
        f"calendar/?view=day&date={day:%Y-%m-%d}": page.locator(".cal-event", has_text="Eve Stone"),
        f"?day={front.noon:%Y-%m-%d}": page.get_by_role("link", name="The visit of Cat Ruiz"),
        f"bookings/patient/{patient}/change/": page.locator(".patient-list .is-booked a"),
    }

    for place, visit in places.items():
        page.goto(f"{front.address}/admin/{place}")
        visit.click()
        page.fill("#id_notes", f"opened from {place}")
        page.get_by_role("button", name="Save", exact=True).click()

        expect(page).to_have_url(f"{front.address}/admin/{place}")
        expect(page.get_by_text("was changed successfully")).to_be_visible()
