"""Days off and weekly hours in a browser: few clicks, and whom it affects is seen before."""

from datetime import datetime, timedelta

from playwright.sync_api import Page, expect

from bookings.models import Closure, Patient, Practitioner
from tenants import organizations
from tests.browser import enter
from tests.clicks import Clicks
from tests.desk_browser.conftest import FrontDesk
from tests.visits import insert, row


def start(page: Page, front: FrontDesk) -> Clicks:
    enter(page, front.address, front.made)
    page.goto(f"{front.address}/admin/")
    return Clicks(page)


def book_ben(front: FrontDesk, at: datetime) -> None:
    with organizations.within(front.organization):
        insert(row(start=at, patient=Patient.objects.get(name="Ben Ode")))


def closures(front: FrontDesk) -> list[Closure]:
    with organizations.within(front.organization):
        return list(Closure.objects.select_related("practitioner"))


def test_a_day_is_closed_in_five_clicks_with_who_is_affected_before(
    page: Page, front: FrontDesk
) -> None:
    day = front.next_monday
    book_ben(front, day)
    clicks = start(page, front)

    page.get_by_role("link", name="Closures").click()
    page.get_by_role("link", name="Close days").click()
    first = page.get_by_label("First day", exact=True)
    expect(first).to_be_focused()
    page.keyboard.type(f"{day:%m%d%Y}")
    expect(page.get_by_text("1 affected")).to_be_visible()
    expect(page.get_by_role("listitem").filter(has_text="Ben Ode")).to_be_visible()
    assert closures(front) == []
    page.get_by_role("button", name="Close these days").click()

    expect(page.get_by_text("Closed: the whole clinic")).to_be_visible()
    assert clicks.count() <= 5
    [closure] = closures(front)
    midnight = day.replace(hour=0)
    assert (closure.start, closure.end) == (midnight, midnight + timedelta(days=1))


def test_a_practitioners_days_are_closed_by_keyboard(page: Page, front: FrontDesk) -> None:
    day = front.next_monday
    clicks = start(page, front)
    page.goto(f"{front.address}/admin/close/")
    expect(page.get_by_label("First day", exact=True)).to_be_focused()

    page.keyboard.type(f"{day:%m%d%Y}")
    page.get_by_role("combobox", name="Closed").focus()
    page.keyboard.type("Dr. Bo")
    page.get_by_label("Reason").focus()
    page.keyboard.type("Training")
    expect(page.get_by_text("Nobody is affected.")).to_be_visible()
    page.get_by_role("button", name="Close these days").focus()
    page.keyboard.press("Enter")

    expect(page.get_by_text("Closed: Dr. Bo Lind")).to_be_visible()
    assert clicks.count() == 0
    [closure] = closures(front)
    assert (str(closure.practitioner), closure.reason) == ("Dr. Bo Lind", "Training")


def test_a_visit_that_comes_meanwhile_is_shown_before_it_is_closed(
    page: Page, front: FrontDesk
) -> None:
    day = front.next_monday
    start(page, front)
    page.goto(f"{front.address}/admin/close/")
    page.get_by_label("First day", exact=True).fill(f"{day:%Y-%m-%d}")
    expect(page.get_by_text("Nobody is affected.")).to_be_visible()
    book_ben(front, day)

    page.get_by_role("button", name="Close these days").click()

    expect(page.get_by_text("Please look at whom this affects")).to_be_visible()
    expect(page.get_by_role("listitem").filter(has_text="Ben Ode")).to_be_visible()
    assert closures(front) == []


def test_a_practitioner_with_hours_is_twelve_clicks_and_the_name(
    page: Page, front: FrontDesk
) -> None:
    clicks = start(page, front)

    page.get_by_role("link", name="Practitioners").click()
    page.locator("a[href$='/practitioner/add/']").first.click()
    page.locator("#id_name").click()
    page.keyboard.type("Dr. Cy Vance")
    page.get_by_label("Cleaning").check()
    page.get_by_label("Consultation").check()
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_role("button", name="As Dr. Ada Moss").click()
    expect(page.get_by_label("Friday, stretch 2, until")).to_have_value("17:00")
    page.get_by_role("button", name="Save", exact=True).click()

    expect(page.get_by_text("Hours of Dr. Cy Vance: Mon-Fri 09:00-12:00")).to_be_visible()
    assert clicks.count() <= 12
    with organizations.within(front.organization):
        assert Practitioner.objects.get(name="Dr. Cy Vance").schedules.count() == 10


def test_the_week_is_changed_by_keyboard(page: Page, front: FrontDesk) -> None:
    with organizations.within(front.organization):
        bo = Practitioner.objects.get(name="Dr. Bo Lind")
    clicks = start(page, front)
    page.goto(f"{front.address}/admin/week/{bo.pk}/")

    page.get_by_label("Monday, stretch 2, until").focus()
    page.keyboard.type("0400PM")
    page.get_by_role("button", name="Same every day").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_label("Friday, stretch 2, until")).to_have_value("16:00")
    page.get_by_role("button", name="Save", exact=True).focus()
    page.keyboard.press("Enter")

    expect(
        page.get_by_text("Hours of Dr. Bo Lind: Mon-Fri 09:00-12:00, 13:00-16:00")
    ).to_be_visible()
    assert clicks.count() == 0


def test_both_fit_a_telephone(page: Page, front: FrontDesk) -> None:
    with organizations.within(front.organization):
        bo = Practitioner.objects.get(name="Dr. Bo Lind")
    start(page, front)
    page.set_viewport_size({"width": 390, "height": 844})

    for path in ("close/", f"week/{bo.pk}/"):
        page.goto(f"{front.address}/admin/{path}")
        expect(page.locator(".hours-form")).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth") == 390
