"""The drawer in a browser: a visit in a few clicks, by the keyboard too, and once alone."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlencode, urlsplit
from uuid import uuid4

import pytest
from playwright.sync_api import Locator, Page, expect

from bookings.models import Appointment, Patient, Practitioner, ServiceType, WaitlistEntry
from tenants import organizations
from tests.browser import enter
from tests.clicks import Clicks
from tests.desk_browser.conftest import FrontDesk
from tests.visits import insert, row

GAP = "detail => document.dispatchEvent(new CustomEvent('desk:book', { detail }))"


@pytest.fixture
def drawer(page: Page, front: FrontDesk) -> Locator:
    """What opens over the start page, which is open."""
    enter(page, front.address, front.made)
    page.goto(f"{front.address}/admin/")
    expect(page.locator(".visit", has_text="Ben Ode")).to_be_visible()
    return page.get_by_role("dialog", name="Book a visit")


def begin(page: Page, drawer: Locator) -> None:
    """By the key; the cursor is in the field for the patient."""
    page.keyboard.press("n")
    expect(drawer.get_by_label("Name, number or birthday")).to_be_focused()


def walk_in(page: Page, drawer: Locator) -> None:
    """The same by a click."""
    page.get_by_role("button", name="Walk-in").click()
    expect(drawer.get_by_label("Name, number or birthday")).to_be_focused()


def choose_cleaning(page: Page, drawer: Locator, who: str) -> None:
    """Free times of a cleaning are shown, for a new patient."""
    begin(page, drawer)
    page.keyboard.type(who)
    drawer.get_by_role("button", name="Cleaning").click()
    expect(drawer.locator(".book-soonest button").first).to_be_visible()


def booked(front: FrontDesk, name: str) -> Appointment:
    """The visit of the patient called so: one alone."""
    with organizations.within(front.organization):
        rows = Appointment.objects.select_related("patient", "service", "practitioner")
        return rows.occupying().get(patient__name=name)


def test_a_walk_in_of_a_new_patient_is_four_clicks_and_the_name(
    page: Page, drawer: Locator, front: FrontDesk
) -> None:
    clicks = Clicks(page)

    walk_in(page, drawer)
    page.keyboard.type("Dan Fox")
    drawer.get_by_role("button", name="new Dan Fox").click()
    drawer.get_by_role("button", name="Cleaning").click()
    drawer.locator(".book-soonest button").first.click()

    expect(page.get_by_role("status").filter(has_text="Booked: Dan Fox, Cleaning")).to_be_visible()
    expect(drawer).to_be_hidden()
    assert clicks.count() == 4
    visit = booked(front, "Dan Fox")
    assert (visit.source, visit.patient.is_verified) == ("staff", True)


def test_a_walk_in_may_leave_the_name_unconfirmed(
    page: Page, drawer: Locator, front: FrontDesk
) -> None:
    clicks = Clicks(page)

    walk_in(page, drawer)
    page.keyboard.type("Dan Fox")
    drawer.get_by_role("button", name="Cleaning").click()
    drawer.locator(".book-soonest button").first.click()

    expect(page.get_by_role("status").filter(has_text="Booked: Dan Fox, Cleaning")).to_be_visible()
    assert clicks.count() == 3


def test_a_known_patient_has_the_next_free_cleaning_in_four_clicks(
    page: Page, drawer: Locator, front: FrontDesk
) -> None:
    clicks = Clicks(page)

    walk_in(page, drawer)
    page.keyboard.type("ruiz")
    drawer.get_by_role("button", name="Cat Ruiz").click()
    drawer.get_by_role("button", name="Cleaning").click()
    drawer.locator(".book-soonest button").first.click()

    expect(page.get_by_role("status").filter(has_text="Booked: Cat Ruiz, Cleaning")).to_be_visible()
    assert clicks.count() == 4
    with organizations.within(front.organization):
        assert Patient.objects.filter(name="Cat Ruiz").count() == 1


def test_the_keyboard_alone_books_and_takes_it_back(
    page: Page, drawer: Locator, front: FrontDesk
) -> None:
    clicks = Clicks(page)

    begin(page, drawer)
    page.keyboard.type("Dan Fox")
    page.keyboard.press("Enter")
    expect(drawer.get_by_role("button", name="Cleaning")).to_be_focused()
    page.keyboard.press("Enter")
    expect(drawer.locator(".book-soonest button").first).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").filter(has_text="Booked: Dan Fox, Cleaning")).to_be_visible()
    booked(front, "Dan Fox")
    page.keyboard.press("Control+z")
    expect(page.get_by_role("status").filter(has_text="Undone")).to_be_visible()

    assert clicks.count() == 0
    with organizations.within(front.organization):
        visit = Appointment.objects.get(patient__name="Dan Fox")
    assert visit.status == "entered-in-error"


def test_arrows_go_through_the_names_and_enter_takes_one(page: Page, drawer: Locator) -> None:
    begin(page, drawer)
    page.keyboard.type("c")
    expect(drawer.get_by_role("button", name="Cat Ruiz")).to_be_visible()

    page.keyboard.press("ArrowDown")
    expect(drawer.get_by_role("button", name="Cat Ruiz")).to_be_focused()
    page.keyboard.press("Enter")

    expect(drawer.locator(".book-picked")).to_contain_text("Cat Ruiz")


@pytest.mark.parametrize("path", ["?day={}", "calendar/?date={}"])
def test_on_another_day_times_of_that_day_are_offered_and_days_are_turned_by_enter(
    path: str, page: Page, drawer: Locator, front: FrontDesk
) -> None:
    day = front.next_monday
    page.goto(f"{front.address}/admin/{path.format(f'{day:%Y-%m-%d}')}")
    page.get_by_role("button", name="Book n", exact=True).wait_for()
    begin(page, drawer)
    page.keyboard.type("cat")
    drawer.get_by_role("button", name="Cat Ruiz").click()

    drawer.get_by_role("button", name="Cleaning").click()

    first = drawer.locator(".book-lane button").first
    expect(first).to_be_focused()
    expect(first).to_have_attribute("value", re.compile(f"^{day:%Y-%m-%d}T"))
    drawer.get_by_role("button", name="The day after").focus()
    for days in (1, 2):
        page.keyboard.press("Enter")
        other = day + timedelta(days=days)
        expect(drawer.get_by_role("heading", name=f"{other:%A} {other.day}")).to_be_visible()
        expect(drawer.get_by_role("button", name="The day after")).to_be_focused()


def test_escape_leaves_and_the_letter_n_in_a_field_is_a_letter(page: Page, drawer: Locator) -> None:
    page.keyboard.press("n")
    field = drawer.get_by_label("Name, number or birthday")
    expect(field).to_be_focused()
    page.keyboard.type("nan")
    expect(field).to_have_value("nan")

    page.keyboard.press("Escape")
    page.get_by_role("button", name="Discard it").click()

    expect(drawer).to_be_hidden()


def test_a_double_click_books_once(page: Page, drawer: Locator, front: FrontDesk) -> None:
    choose_cleaning(page, drawer, "Dan Fox")

    drawer.locator(".book-soonest button").first.dblclick()

    expect(page.get_by_role("status").filter(has_text="Booked: Dan Fox, Cleaning")).to_be_visible()
    booked(front, "Dan Fox")


def test_a_click_before_the_answer_to_the_last_one_loses_nothing(
    page: Page, drawer: Locator
) -> None:
    begin(page, drawer)
    page.keyboard.type("c")
    expect(drawer.get_by_role("button", name="Cat Ruiz")).to_be_visible()

    with page.expect_response("**/admin/book/"):
        page.evaluate("""() => {
          document.querySelector(".book-people button").click();
          document.querySelector(".book-services button").click();
        }""")

    expect(drawer.locator(".book-picked")).to_contain_text("Cat Ruiz")
    expect(drawer.get_by_role("button", name="Cleaning")).to_have_attribute("aria-pressed", "true")


def test_a_gap_that_is_too_short_offers_others(
    page: Page, drawer: Locator, front: FrontDesk
) -> None:
    start = front.next_monday
    with organizations.within(front.organization):
        ada = Practitioner.objects.get(name="Dr. Ada Moss")
        insert(
            row(start=start + timedelta(minutes=60), patient=Patient.objects.get(name="Ben Ode"))
        )
    page.evaluate(GAP, {"start": start.isoformat(), "practitioner": ada.pk})
    expect(drawer.get_by_text(f"{start:%H:%M} with Dr. Ada Moss")).to_be_visible()
    page.keyboard.type("ruiz")
    drawer.get_by_role("button", name="Cat Ruiz").click()

    drawer.get_by_role("button", name="Root canal").click()
    told = drawer.get_by_role("alert").filter(has_text="taken")
    expect(told.get_by_role("button")).to_have_count(3)
    drawer.get_by_role("button", name="Cleaning").click()
    expect(told).to_have_count(0)
    drawer.locator(".book-asked button").click()

    expect(page.get_by_role("status").filter(has_text="Booked: Cat Ruiz, Cleaning")).to_be_visible()
    with organizations.within(front.organization):
        assert Appointment.objects.filter(start=start, patient__name="Cat Ruiz").exists()


def test_the_loser_of_a_race_keeps_what_was_typed(
    page: Page, drawer: Locator, front: FrontDesk
) -> None:
    choose_cleaning(page, drawer, "Dan Fox 2025550143")
    drawer.get_by_label("Note").fill("brings a letter")
    first = drawer.locator(".book-soonest button").first
    start = datetime.fromisoformat((first.get_attribute("value") or "").split()[0])
    with organizations.within(front.organization):
        insert(row(start=start, patient=Patient.objects.get(name="Ben Ode")))

    first.click()
    told = drawer.get_by_role("alert").filter(has_text="This time is taken.")
    expect(told).to_be_visible()
    expect(drawer.locator(".book-picked")).to_contain_text("Dan Fox +12025550143")
    expect(drawer.get_by_label("Note")).to_have_value("brings a letter")
    told.get_by_role("button").first.click()

    expect(page.get_by_role("status").filter(has_text="Booked: Dan Fox, Cleaning")).to_be_visible()
    assert booked(front, "Dan Fox").notes == "brings a letter"


def test_rules_are_set_aside_by_one_switch(page: Page, drawer: Locator, front: FrontDesk) -> None:
    start = (front.noon + timedelta(days=2)).replace(hour=6)
    choose_cleaning(page, drawer, "Dan Fox")
    expect(drawer.get_by_role("button", name="Book by choice")).to_be_hidden()

    drawer.get_by_label("Set the rules aside").check()
    choice = drawer.get_by_role("group", name="A time by choice")
    choice.get_by_label("Day").fill(f"{start:%Y-%m-%d}")
    choice.get_by_label("Time").fill("06:00")
    drawer.get_by_label("Minutes").fill("45")
    drawer.get_by_role("button", name="Book by choice").click()

    expect(page.get_by_role("status").filter(has_text="Booked: Dan Fox")).to_be_visible()
    visit = booked(front, "Dan Fox")
    assert (visit.start, visit.end) == (start, start + timedelta(minutes=45))


def test_a_freed_time_is_booked_from_the_waitlist_in_three_clicks(
    page: Page, drawer: Locator, front: FrontDesk
) -> None:
    with organizations.within(front.organization):
        entry = WaitlistEntry.objects.create(
            patient=Patient.objects.create(name="Ann Lee", phone="+12025550188"),
            service=ServiceType.objects.get(name="Cleaning"),
        )
    clicks = Clicks(page)

    page.get_by_role("link", name="Inbox").first.click()
    page.get_by_role("button", name="Find a time").click()
    drawer.locator(".book-soonest button").first.click()

    expect(page.get_by_role("status").filter(has_text="Booked: Ann Lee, Cleaning")).to_be_visible()
    expect(page.get_by_text("Nobody waits for a time.")).to_be_visible()
    assert clicks.count() == 3
    with organizations.within(front.organization):
        entry.refresh_from_db()
    assert entry.status == "done"


def test_without_an_answer_it_is_said_and_nothing_is_lost(
    page: Page, drawer: Locator, front: FrontDesk
) -> None:
    choose_cleaning(page, drawer, "Dan Fox")
    first = drawer.locator(".book-soonest button").first
    expect(first).to_be_visible()

    page.route("**/admin/book/", lambda route: route.abort())
    first.click()
    expect(drawer.get_by_text("a visit is not booked twice")).to_be_visible()
    page.unroute("**/admin/book/")
    first.click()

    expect(page.get_by_role("status").filter(has_text="Booked: Dan Fox, Cleaning")).to_be_visible()
    booked(front, "Dan Fox")


def test_the_drawer_fits_a_telephone(page: Page, drawer: Locator) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    begin(page, drawer)
    page.keyboard.type("Dan Fox")
    drawer.get_by_role("button", name="Consultation").click()
    expect(drawer.locator(".book-soonest button").first).to_be_visible()

    box = drawer.bounding_box()

    assert box is not None
    assert (box["x"], box["width"]) == (0, 390)
    assert drawer.evaluate("one => one.scrollWidth") == 390


@pytest.mark.usefixtures("alone")
def test_a_form_that_is_posted_by_many_at_once_books_one_visit(
    page: Page, drawer: Locator, front: FrontDesk
) -> None:
    """Eight at once: one visit of one patient. With a key each, the others find it taken."""
    page.keyboard.press("n")
    token = drawer.locator("[name=csrfmiddlewaretoken]").input_value()
    with organizations.within(front.organization):
        service = ServiceType.objects.get(name="Cleaning").pk
        ada = Practitioner.objects.get(name="Dr. Ada Moss").pk
    key = str(uuid4())
    form = {
        "csrfmiddlewaretoken": token,
        "who": "Dan Fox",
        "patient": "new",
        "service": service,
        "at": f"{front.next_monday.isoformat()} {ada}",
    }

    same = send(page, front, [{**form, "key": key} for _ in range(8)])
    others = send(page, front, [{**form, "key": str(uuid4())} for _ in range(8)])

    assert same == [204] * 8
    assert others == [409] * 8
    booked(front, "Dan Fox")
    with organizations.within(front.organization):
        assert Patient.objects.filter(name="Dan Fox").count() == 1


def send(page: Page, front: FrontDesk, forms: list[dict[str, Any]]) -> list[int]:
    """The status of each answer; all are posted at once, with the cookies of the browser."""
    there = urlsplit(front.address)
    cookies = "; ".join(f"{one['name']}={one['value']}" for one in page.context.cookies())
    headers = {
        "Content-Type": "application/x-www-form-urlencoded",
        "Cookie": cookies,
        "Host": there.netloc,
        "HX-Request": "true",
    }

    def post(form: dict[str, Any]) -> int:
        http = HTTPConnection("127.0.0.1", there.port, timeout=30)
        http.request("POST", "/admin/book/", urlencode(form), headers)
        return http.getresponse().status

    with ThreadPoolExecutor(len(forms)) as threads:
        return list(threads.map(post, forms))
