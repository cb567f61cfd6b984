"""Finding in a browser: Ctrl-K from any page, by keyboard or by two clicks."""

from playwright.sync_api import Page, expect

from tests.browser import enter
from tests.clicks import Clicks
from tests.desk_browser.conftest import FrontDesk


def test_ctrl_k_finds_a_patient_without_the_mouse(page: Page, front: FrontDesk) -> None:
    enter(page, front.address, front.made)
    page.goto(f"{front.address}/admin/")
    clicks = Clicks(page)

    page.keyboard.press("Control+k")
    page.keyboard.type("ruiz")
    expect(page.get_by_role("option", name="Cat Ruiz")).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Enter")

    page.wait_for_url("**/bookings/patient/*/change/")
    expect(page.locator("#id_name")).to_have_value("Cat Ruiz")
    assert clicks.count() == 0


def test_it_opens_over_a_field_and_closes_again(page: Page, front: FrontDesk) -> None:
    enter(page, front.address, front.made)
    page.goto(f"{front.address}/admin/bookings/patient/add/")
    page.fill("#id_name", "Half a na")

    page.keyboard.press("Control+k")
    expect(page.get_by_role("combobox", name="Name, number")).to_be_focused()
    page.keyboard.type("nobody of that name")
    expect(page.get_by_text("Nothing found.")).to_be_visible()
    page.keyboard.press("Escape")

    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.locator("#id_name")).to_be_focused()
    expect(page.locator("#id_name")).to_have_value("Half a na")


def test_a_visit_is_found_by_its_reference_by_two_clicks(page: Page, front: FrontDesk) -> None:
    enter(page, front.address, front.made)
    page.goto(f"{front.address}/admin/inbox/")
    visit, clicks = front.visits["Dee Park"], Clicks(page)

    page.get_by_role("button", name="Find").click()
    page.keyboard.type(visit.reference.lower())
    page.get_by_role("option", name="Dee Park").click()

    page.wait_for_url(f"**/bookings/appointment/{visit.pk}/change/")
    assert clicks.count() == 2


def test_arrows_choose_and_wrap_around(page: Page, front: FrontDesk) -> None:
    front.add("Cat Zane", 120)
    enter(page, front.address, front.made)
    page.goto(f"{front.address}/admin/")
    page.keyboard.press("Control+k")
    page.keyboard.type("cat")
    expect(page.get_by_role("option")).to_have_count(2)

    page.keyboard.press("ArrowUp")

    expect(page.get_by_role("option", name="Cat Zane")).to_have_attribute("aria-selected", "true")


def test_the_search_of_the_list_finds_a_visit_of_another_day(page: Page, front: FrontDesk) -> None:
    front.add("Eve Stone", 60 * 24 * 8)
    enter(page, front.address, front.made)
    page.goto(f"{front.address}/admin/bookings/appointment/")
    expect(page.get_by_role("link", name="Ben Ode")).to_be_visible()

    page.locator("#searchbar").fill("stone")
    page.keyboard.press("Enter")

    expect(page.get_by_role("link", name="Eve Stone")).to_be_visible()
    expect(page.get_by_text("Searched: all days.")).to_be_visible()
