"""The first Tab of a page offers to skip the menu."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser import enter
from tests.desk_browser.conftest import FrontDesk

FIRST = {
    "calendar/": "#calendar-previous",
    "": ".desk-days a[rel=prev]",
    "bookings/patient/": "#searchbar-submit",
}


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("path", FIRST)
def test_the_first_tab_leads_past_the_menu(
    path: str, width: int, page: Page, front: FrontDesk
) -> None:
    page.set_viewport_size({"width": width, "height": 844})
    enter(page, front.address, front.made)
    page.goto(f"{front.address}/admin/{path}")
    page.wait_for_load_state("networkidle")
    address = page.url

    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    expect(page.get_by_role("link", name="Skip to the content")).to_be_in_viewport(ratio=1)
    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_be_focused()
    page.keyboard.press("Tab")

    expect(page.locator(FIRST[path])).to_be_focused()
    assert page.url == address, "the address stays one to give to a colleague"
