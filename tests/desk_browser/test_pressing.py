"""A part of a page that is shown anew while a button in it is pressed: the click is not lost."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.browser import enter
from tests.desk_browser.conftest import FrontDesk

MOUSE = "mouse"
# Once htmx has done with the answer from this address, whether it has shown it or not.
DONE_WITH = """url => { window.doneWith = new Promise(done => addEventListener("htmx:afterRequest",
    event => event.detail.xhr.responseURL === url && done())) }"""


@contextmanager
def pressed(page: Page, button: Locator, *, answers: str, by: str = MOUSE) -> Iterator[None]:
    """The next answer from that address comes while the button is pressed, and the page has shown
    what it shows of it. The button is still pressed then."""
    held: list[Route] = []
    page.route(answers, lambda route: route.continue_() if held else held.append(route))
    with page.expect_request(answers):
        yield
    if by == MOUSE:
        button.hover()
        page.mouse.down()
    else:
        button.focus()
        page.keyboard.down(by)
    page.evaluate(DONE_WITH, held[0].request.url)
    held[0].continue_()
    page.evaluate("() => window.doneWith")


def typed_name(page: Page, front: FrontDesk) -> tuple[Locator, Locator]:
    """The drawer, and the button in it for a new patient whose name is typed."""
    enter(page, front.address, front.made)
    page.goto(f"{front.address}/admin/")
    expect(page.locator(".visit", has_text="Ben Ode")).to_be_visible()
    drawer = page.get_by_role("dialog", name="Book a visit")
    page.get_by_role("button", name="Walk-in").click()
    expect(drawer.get_by_label("Name, number or birthday")).to_be_focused()
    page.keyboard.type("Dan Fox")
    new = drawer.get_by_role("button", name="new Dan Fox")
    expect(new).to_be_visible()
    return drawer, new


@pytest.mark.parametrize("by", [MOUSE, "Space"])
def test_a_click_that_began_before_the_form_came_counts(
    page: Page, front: FrontDesk, by: str
) -> None:
    drawer, new = typed_name(page, front)
    cleaning = drawer.get_by_role("button", name="Cleaning")

    with pressed(page, cleaning, answers="**/admin/book/", by=by):
        new.click()
    if by == MOUSE:
        page.mouse.up()
    else:
        page.keyboard.up(by)

    expect(drawer.locator(".book-soonest button").first).to_be_visible()
    expect(drawer.locator(".book-picked")).to_contain_text("Dan Fox")


def test_who_lets_go_elsewhere_sees_the_form_that_came(page: Page, front: FrontDesk) -> None:
    drawer, new = typed_name(page, front)

    with pressed(page, drawer.get_by_role("button", name="Cleaning"), answers="**/admin/book/"):
        new.click()
    page.mouse.move(5, 5)
    page.mouse.up()

    expect(drawer.locator(".book-picked")).to_contain_text("Dan Fox")
    expect(drawer.locator(".book-soonest")).to_have_count(0)


def test_a_click_at_the_moment_that_the_form_came_counts(page: Page, front: FrontDesk) -> None:
    drawer, new = typed_name(page, front)
    click = "() => document.querySelector('.book-services button').click()"
    at_once = f"() => setTimeout({click}, 0)"
    page.evaluate(f"() => addEventListener('htmx:afterSwap', {at_once}, {{ once: true }})")

    new.click()

    expect(drawer.locator(".book-soonest button").first).to_be_visible()
    assert page.url == f"{front.address}/admin/"


def test_a_click_that_began_before_the_day_was_refreshed_counts(
    page: Page, front: FrontDesk
) -> None:
    enter(page, front.address, front.made)
    page.goto(f"{front.address}/admin/")
    ben = page.locator(".visit", has_text="Ben Ode")
    cat = page.locator(".visit", has_text="Cat Ruiz")

    with pressed(page, ben.get_by_role("button", name="Arrived"), answers="**/admin/?part=live*"):
        cat.get_by_role("button", name="Arrived").click()
        expect(page.get_by_role("status").filter(has_text="Arrived: Cat Ruiz")).to_be_visible()
    page.mouse.up()

    expect(page.get_by_role("status").filter(has_text="Arrived: Ben Ode")).to_be_visible()
    expect(cat).to_contain_text("waiting since")


@pytest.mark.parametrize(("key", "name"), [("n", "Book a visit"), ("Control+k", "Find")])
def test_text_is_selected_out_of_a_dialog_and_a_press_beside_it_closes_it(
    page: Page, front: FrontDesk, key: str, name: str
) -> None:
    enter(page, front.address, front.made)
    page.goto(f"{front.address}/admin/")
    expect(page.locator(".visit", has_text="Ben Ode")).to_be_visible()
    page.keyboard.press(key)
    dialog = page.get_by_role("dialog", name=name)
    field = dialog.get_by_label("Name, number")
    expect(field).to_be_focused()
    page.keyboard.type("Zoe Ray")

    field.hover()
    page.mouse.down()
    page.mouse.move(5, 5)
    page.mouse.up()
    expect(field).to_have_value("Zoe Ray")
    field.fill("")
    page.mouse.click(5, 5)

    expect(dialog).to_be_hidden()
