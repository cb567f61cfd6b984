"""The inbox in a browser: a callback in two clicks, and what is being typed stays."""

from playwright.sync_api import Page, expect

from bookings import appointments
from bookings.models import Callback, Patient, ServiceType
from tenants import organizations
from tests.browser import NO_TELEPHONE, enter
from tests.clicks import Clicks
from tests.desk_browser.conftest import FrontDesk


def test_a_callback_is_two_clicks_dial_and_done_with_a_note(page: Page, front: FrontDesk) -> None:
    key = front.ask(reason="Severe pain")
    enter(page, front.address, front.made)
    page.goto(f"{front.address}/admin/inbox/")
    ann, clicks = page.locator(".item", has_text="Ann Lee"), Clicks(page)
    expect(ann).to_contain_text("! urgent")
    page.evaluate(NO_TELEPHONE)

    ann.get_by_role("link", name="Call Ann Lee").click()
    page.keyboard.type("Comes on Friday")
    ann.get_by_role("button", name="Done").click()
    expect(page.get_by_text("Done: Ann Lee.")).to_be_visible()
    expect(page.get_by_text("Nobody waits for a call.")).to_be_visible()

    assert clicks.count() == 2
    row = front.callback(key)
    assert (row.status, row.note, row.done_by) == (
        "done", "Comes on Friday", front.made.admin_email,
    )  # fmt: skip
    page.get_by_role("button", name="Undo").click()
    expect(ann).to_be_visible()
    assert front.callback(key).status == "pending"


def test_a_callback_by_keyboard_alone(page: Page, front: FrontDesk) -> None:
    key = front.ask()
    enter(page, front.address, front.made)
    page.goto(f"{front.address}/admin/inbox/")
    page.evaluate(NO_TELEPHONE)

    page.get_by_role("link", name="Call Ann Lee").focus()
    page.keyboard.press("Enter")
    page.keyboard.type("No answer")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Nobody waits for a call.")).to_be_visible()

    assert front.callback(key).note == "No answer"


def test_a_visit_is_booked_from_the_waitlist_in_three_clicks(page: Page, front: FrontDesk) -> None:
    front.add("Gus Moor", 24 * 60)
    with organizations.within(front.organization) as organization:
        ann = Patient.objects.create(name="Ann Lee", phone="+12025550188")
        entry = ann.waiting.create(service=ServiceType.objects.get(name="Consultation"))
        ready_hours(front)
        appointments.cancel(front.visits["Gus Moor"], now=organization.now(), by="rosa")
    enter(page, front.address, front.made)
    page.goto(f"{front.address}/admin/")
    clicks = Clicks(page)

    page.get_by_role("link", name="1 patient on the waitlist").click()
    page.get_by_role("button", name="Book this time").click()
    page.locator(".book-asked button").click()
    expect(page.get_by_role("status").filter(has_text="Booked: Ann Lee")).to_be_visible()
    expect(page.get_by_text("Nobody waits for a time.")).to_be_visible()

    assert clicks.count() == 3
    with organizations.within(front.organization):
        entry.refresh_from_db()
        visit = ann.appointments.get()
    assert (entry.status, visit.start) == ("done", front.visits["Gus Moor"].start)


def test_a_callback_opens_the_drawer_for_who_asked(page: Page, front: FrontDesk) -> None:
    front.ask()
    enter(page, front.address, front.made)
    page.goto(f"{front.address}/admin/inbox/")

    page.get_by_role("button", name="Book for Ann Lee").click()

    expect(page.get_by_role("dialog", name="Book a visit")).to_contain_text("Ann Lee")


def ready_hours(front: FrontDesk) -> None:
    """Dr. Ada works every day, so that what was freed can be booked."""
    ada = front.visits["Gus Moor"].practitioner
    ada.schedules.all().delete()
    for day in range(7):
        ada.schedules.create(weekday=day, starts="08:00", ends="18:00")


def test_what_is_being_typed_is_not_refreshed_away(
    page: Page, colleague: Page, front: FrontDesk
) -> None:
    front.ask()
    key = front.ask(name="Bob Roe", phone="+12025550199")
    enter(page, front.address, front.made)
    page.goto(f"{front.address}/admin/inbox/")
    note = page.locator(".item", has_text="Ann Lee").get_by_placeholder("What came of it")
    note.fill("She will c")
    with organizations.within(front.organization):
        Callback.objects.filter(pk=key).update(status="done")

    with page.expect_response(lambda response: "part=live" in response.url, timeout=30_000):
        page.evaluate("document.dispatchEvent(new CustomEvent('desk:changed'))")
    expect(note).to_have_value("She will c")
    expect(note).to_be_focused()
    note.fill("")
    page.evaluate("document.dispatchEvent(new CustomEvent('desk:changed'))")

    expect(page.get_by_role("link", name="Bob Roe", exact=True)).to_have_count(0)


def test_the_inbox_fits_a_telephone_and_shows_who_is_called(page: Page, front: FrontDesk) -> None:
    key = front.ask(reason="wants a receipt for the treatment of her younger brother " * 2)
    for number in range(5):
        front.ask(name="Bob Roe", phone=f"+1202555020{number}")
    enter(page, front.address, front.made)
    page.set_viewport_size({"width": 390, "height": 844})

    page.goto(f"{front.address}/admin/inbox/#note-{key}")

    expect(page.get_by_label("What came of it, Ann Lee")).to_be_focused()
    expect(page.get_by_role("link", name="Ann Lee", exact=True)).to_be_in_viewport(ratio=1)
    assert page.evaluate("document.documentElement.scrollWidth") == 390
