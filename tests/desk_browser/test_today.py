"""Today in a browser: a click a step, Undo, and two desks that see each other."""

from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.browser import enter
from tests.clicks import Clicks
from tests.desk_browser.conftest import FrontDesk


def test_a_visit_is_taken_through_the_day_by_a_click_each(page: Page, front: FrontDesk) -> None:
    enter(page, front.address, front.made)
    page.goto(f"{front.address}/admin/")
    ben, clicks = page.locator(".visit", has_text="Ben Ode"), Clicks(page)
    expect(ben).to_contain_text("not here yet")

    ben.get_by_role("button", name="Arrived").click()
    expect(ben).to_contain_text("waiting since")
    ben.get_by_role("button", name="In room").click()
    expect(ben).to_contain_text("in room since")
    ben.get_by_role("button", name="Done").click()
    expect(ben).to_be_hidden()
    expect(page.get_by_role("button", name="1 finished")).to_be_visible()

    assert clicks.count() == 3
    assert front.now("Ben Ode").status == "fulfilled"


def test_a_step_is_undone_by_a_click(page: Page, front: FrontDesk) -> None:
    enter(page, front.address, front.made)
    page.goto(f"{front.address}/admin/")
    ben, clicks = page.locator(".visit", has_text="Ben Ode"), Clicks(page)

    ben.get_by_role("button", name="No-show").click()
    expect(page.get_by_role("status").filter(has_text="No-show: Ben Ode")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("status").filter(has_text="Undone")).to_be_visible()
    expect(ben).to_contain_text("not here yet")

    assert clicks.count() == 2
    assert front.now("Ben Ode").status == "booked"


def test_the_keyboard_does_it_too_and_keeps_its_place(page: Page, front: FrontDesk) -> None:
    enter(page, front.address, front.made)
    page.goto(f"{front.address}/admin/")
    ben, clicks = page.locator(".visit", has_text="Ben Ode"), Clicks(page)

    ben.get_by_role("button", name="Arrived").focus()
    page.keyboard.press("Enter")
    expect(ben.get_by_role("button", name="In room")).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("button", name="Arrived: Cat Ruiz")).to_be_focused()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    expect(ben).to_contain_text("in room since")
    page.keyboard.press("Control+z")
    expect(ben).to_contain_text("waiting since")

    assert clicks.count() == 0
    assert front.now("Ben Ode").in_room_since is None


def test_a_visit_is_cancelled_by_two_clicks_and_a_reason(page: Page, front: FrontDesk) -> None:
    enter(page, front.address, front.made)
    page.goto(f"{front.address}/admin/")
    cat, clicks = page.locator(".visit", has_text="Cat Ruiz"), Clicks(page)

    cat.get_by_role("button", name="Cancel").click()
    page.keyboard.type("has a cold")
    page.get_by_role("button", name="Cancel the visit").click()
    expect(page.get_by_role("status").filter(has_text="Cancelled: Cat Ruiz")).to_be_visible()

    assert clicks.count() == 2
    row = front.now("Cat Ruiz")
    assert (row.status, row.cancellation_reason) == ("cancelled", "has a cold")
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("status").filter(has_text="Undone")).to_be_visible()
    assert front.now("Cat Ruiz").status == "booked"


def test_escape_leaves_a_question_and_nothing_is_cancelled(page: Page, front: FrontDesk) -> None:
    enter(page, front.address, front.made)
    page.goto(f"{front.address}/admin/")
    cancel = page.get_by_role("button", name="Cancel: Cat Ruiz")

    cancel.click()
    page.keyboard.type("has a cold")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Discard it").click()

    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(cancel).to_be_focused()
    assert front.now("Cat Ruiz").status == "booked"


def test_a_colleague_sees_it_within_twenty_seconds_and_the_slower_is_refused(
    page: Page, colleague: Page, front: FrontDesk
) -> None:
    enter(page, front.address, front.made)
    page.goto(f"{front.address}/admin/")
    colleague.clock.install()
    colleague.goto(f"{front.address}/admin/")
    theirs = colleague.locator(".visit", has_text="Ben Ode")
    expect(theirs).to_contain_text("not here yet")

    page.get_by_role("button", name="Arrived: Ben Ode").click()
    expect(page.locator(".visit", has_text="Ben Ode")).to_contain_text("waiting since")
    theirs.get_by_role("button", name="Arrived").click()
    expect(
        colleague.get_by_role("status").filter(has_text="changed since you looked")
    ).to_be_visible()
    expect(theirs).to_contain_text("waiting since")
    page.get_by_role("button", name="In room: Ben Ode").click()
    expect(page.locator(".visit", has_text="Ben Ode")).to_contain_text("in room since")

    expect(theirs).to_contain_text("waiting since")
    colleague.clock.fast_forward(20_000)
    expect(theirs).to_contain_text("in room since")
    expect(theirs).to_have_class("visit is-in-room changed")
    expect(colleague.locator("#live-news")).to_have_text("Changed: Ben Ode.")


def test_the_board_fits_a_telephone_and_a_visit_is_two_lines(page: Page, front: FrontDesk) -> None:
    front.add("Eve Hall", -120, status="fulfilled")
    front.add("Flo Berg", -90, status="arrived", arrived_at=timezone.now())
    enter(page, front.address, front.made)
    page.set_viewport_size({"width": 390, "height": 844})

    page.goto(f"{front.address}/admin/")

    expect(page.get_by_text("Dee Park")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    assert max(heights(page, ".lane .counts")) < 30, "a line, and no word is broken"
    waits = page.locator(".is-waiting .more")
    assert waits.evaluate("one => one.scrollWidth <= one.clientWidth"), "nothing is cut"
    _, late, *others = heights(page, ".visit:not(.is-over) .what")
    assert len(others) == 2
    assert max(others) < 50
    assert late < 65, "with the number, which has a line of its own"


def heights(page: Page, selector: str) -> list[int]:
    measured = "all => all.map(one => one.offsetHeight)"
    return list(page.locator(selector).evaluate_all(measured))


def test_the_print_is_a_sheet_of_the_whole_day(page: Page, front: FrontDesk) -> None:
    front.add("Eve Hall", -120, status="fulfilled")
    enter(page, front.address, front.made)
    page.goto(f"{front.address}/admin/")
    expect(page.get_by_text("Eve Hall")).to_be_hidden()

    page.emulate_media(media="print")

    expect(page.get_by_text("Eve Hall")).to_be_visible()
    expect(page.get_by_role("button", name="Arrived: Ben Ode")).to_be_hidden()
    expect(page.locator("#nav-sidebar")).to_be_hidden()
    expect(page.get_by_role("heading", name="Dr. Ada Moss")).to_be_visible()
