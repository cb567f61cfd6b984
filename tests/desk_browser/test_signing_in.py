"""From an invitation to the second sign-in, in a browser, at a clinic that requires two steps."""

import os

from playwright.sync_api import Page, expect

from tenants import organizations
from tenants.accounts.models import SignInPolicy
from tests.accessibility import violations
from tests.codes import code
from tests.desk_browser.conftest import FrontDesk

PASSWORD = "sunrise over elm"
THEME = "dark => document.documentElement.classList.toggle('dark', dark)"
WIDTH = "document.documentElement.scrollWidth"


def looked_at(page: Page, name: str) -> None:
    """By axe in both themes, and on a telephone. SCREENSHOTS names a folder to keep pictures in."""
    for theme in ("light", "dark"):
        page.evaluate(THEME, theme == "dark")
        assert violations(page) == [], name
        kept(page, f"{name}-{theme}")
    size = page.viewport_size
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate(WIDTH) == 390, name
    kept(page, f"{name}-phone")
    page.set_viewport_size(size or {"width": 1280, "height": 720})
    page.evaluate(THEME, False)


def kept(page: Page, name: str) -> None:
    if folder := os.environ.get("SCREENSHOTS"):
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)


def test_from_the_invitation_to_the_second_sign_in(
    page: Page, colleague: Page, front: FrontDesk
) -> None:
    # A manager invites Rosa.
    colleague.goto(f"{front.address}/admin/auth/user/add/")
    looked_at(colleague, "add")
    colleague.get_by_label("Username").fill("rosa")
    with colleague.expect_navigation():
        colleague.keyboard.press("Enter")
    link = colleague.get_by_label("Link").input_value()
    colleague.get_by_role("button", name="Copy").press("Enter")
    expect(colleague.get_by_role("status").first).to_contain_text("Cop")
    looked_at(colleague, "link")
    with organizations.within(front.organization):
        SignInPolicy.objects.create(requires_second_step=True)

    # She chooses a password.
    page.goto(link)
    looked_at(page, "welcome")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")

    # She is led to the second step, from everywhere.
    page.wait_for_url("**/admin/second-step/")
    page.goto(f"{front.address}/admin/calendar/")
    page.wait_for_url("**/admin/second-step/")
    looked_at(page, "without")
    page.get_by_role("button", name="Set it up").press("Enter")
    key = page.locator(".account-key").inner_text().replace(" ", "")
    looked_at(page, "picture")
    page.get_by_role("textbox", name="Code").fill(code(key))
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.locator(".account-codes li")).to_have_count(10)
    looked_at(page, "codes")
    page.get_by_role("link", name="I have kept them").press("Enter")
    expect(page.get_by_text("Ben Ode").first).to_be_visible()

    # She signs out, and in again.
    page.get_by_text("rosa", exact=True).first.click()
    with page.expect_navigation():
        page.get_by_role("button", name="Log out").click()
    page.goto(f"{front.address}/admin/calendar/")
    looked_at(page, "sign-in")
    page.get_by_label("Username").fill("rosa")
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/admin/login/code/")
    looked_at(page, "code")
    page.keyboard.type("000000")
    page.keyboard.press("Enter")
    expect(page.get_by_text("This code is not right")).to_be_visible()
    looked_at(page, "wrong")
    page.wait_for_timeout(1_000)
    page.get_by_role("textbox", name="Code").fill(code(key, 1))
    page.keyboard.press("Enter")
    page.wait_for_url("**/admin/calendar/")
    page.goto(f"{front.address}/admin/second-step/")
    looked_at(page, "own")
