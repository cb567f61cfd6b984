"""What is typed at the desk is not lost, and no date is taken before it is whole."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from playwright.sync_api import Browser, Dialog, Locator, Page, expect

from bookings import appointments
from bookings.availability.overrides import Overrides
from tenants import organizations
from tests.browser import enter
from tests.desk_browser.conftest import FrontDesk

SIGNED_OUT = "You are signed out. Please sign in again"


def end_sessions(front: FrontDesk) -> None:
    with organizations.within(front.organization):
        Session.objects.all().delete()


def refresh(page: Page) -> None:
    """A live part asks for what is new, as it does every few seconds."""
    page.evaluate(
        """() => { const live = document.querySelector("[data-live]");
        htmx.ajax("GET", live.getAttribute("hx-get"), {source: live, target: live,
            swap: "outerHTML"}).catch(() => {}) }"""
    )


def typed_date(front: FrontDesk) -> tuple[str, str]:
    """A day next year that a digit of its month already makes a date of: its keys, and its
    address."""
    year = front.noon.year + 1
    return f"1203{year}", f"{year}-12-03"


def test_a_date_typed_on_today_is_taken_once_it_is_whole(page: Page, front: FrontDesk) -> None:
    enter(page, front.address, front.made)
    page.goto(f"{front.address}/admin/")
    keys, day = typed_date(front)
    page.evaluate(
        """() => { window.taken = [];
        HTMLFormElement.prototype.submit = function () { taken.push(this.day.value) } }"""
    )

    page.locator("input[name=day]").focus()
    page.keyboard.type(keys)
    assert page.evaluate("taken") == []
    page.keyboard.press("Enter")
    assert page.evaluate("taken") == [day]

    page.keyboard.press("Shift")  # to leave it backwards, or for a shortcut
    page.locator("input[name=day]").blur()
    assert page.evaluate("taken") == [day]


def test_a_form_does_not_warn_of_the_clock_of_the_browser(
    browser: Browser, front: FrontDesk
) -> None:
    with browser.new_context(timezone_id="Pacific/Chatham") as context:
        page = context.new_page()
        enter(page, front.address, front.made)
        page.goto(f"{front.address}/admin/bookings/closure/add/")

        expect(page.locator(".timezonewarning").first).to_be_attached()
        expect(page.locator(".timezonewarning:visible")).to_have_count(0)


def test_a_date_typed_in_the_drawer_is_taken_once_it_is_whole(page: Page, front: FrontDesk) -> None:
    enter(page, front.address, front.made)
    page.goto(f"{front.address}/admin/")
    asked: list[str] = []
    page.get_by_role("button", name="Walk-in").click()
    drawer = page.get_by_role("dialog", name="Book a visit")
    drawer.get_by_role("button", name="Cleaning").click()
    day = drawer.locator("input[name=day]")
    expect(day).to_be_visible()
    page.on("request", lambda sent: asked.append(sent.url))
    keys, _ = typed_date(front)

    day.focus()
    page.keyboard.type(keys)
    assert not [url for url in asked if url.endswith("/admin/book/")]
    page.keyboard.press("Enter")

    expect(drawer.get_by_role("heading", name="3 December")).to_be_visible()


# The drawer's form is not asked for before `letGo` is called.
HOLD = """() => {
    const ask = window.fetch;
    window.fetch = (url, ...more) => url.startsWith("/admin/book/")
        ? new Promise((answer) => { window.letGo = () => answer(ask(url, ...more)); })
        : ask(url, ...more);
}"""


def test_what_is_typed_before_the_drawer_is_there_is_in_it(page: Page, front: FrontDesk) -> None:
    """On a slow line: n, and the name at once."""
    enter(page, front.address, front.made)
    page.goto(f"{front.address}/admin/")
    expect(page.locator(".visit", has_text="Ben Ode")).to_be_visible()
    page.evaluate(HOLD)
    page.keyboard.press("n")
    page.wait_for_function("() => window.letGo")

    page.keyboard.type("nancy D")
    page.evaluate("() => window.letGo()")
    drawer = page.get_by_role("dialog", name="Book a visit")
    field = drawer.get_by_label("Name, number or birthday")
    expect(field).to_be_focused()
    page.keyboard.type("rew")

    expect(field).to_have_value("nancy Drew")
    expect(drawer.get_by_role("button", name="new nancy Drew")).to_be_visible()


def test_what_is_typed_in_the_drawer_stays_when_the_session_ends(
    page: Page, front: FrontDesk
) -> None:
    enter(page, front.address, front.made)
    page.goto(f"{front.address}/admin/")
    page.get_by_role("button", name="Walk-in").click()
    drawer = page.get_by_role("dialog", name="Book a visit")
    drawer.get_by_label("Name, number or birthday").fill("Dan Fox")
    note = drawer.get_by_label("Note")
    note.fill("walks with a stick")
    expect(drawer.get_by_role("button", name="new Dan Fox")).to_be_visible()
    end_sessions(front)

    drawer.get_by_role("button", name="Cleaning").click()

    expect(drawer.get_by_text(SIGNED_OUT)).to_be_visible()
    expect(note).to_have_value("walks with a stick")

    # Signed in again in another tab, the same click does what it would have done.
    enter(page, front.address, front.made)
    drawer.get_by_role("button", name="Cleaning").click()
    expect(drawer.locator(".book-soonest button").first).to_be_visible()
    expect(note).to_have_value("walks with a stick")


def test_a_note_in_the_inbox_stays_when_the_session_ends(page: Page, front: FrontDesk) -> None:
    front.ask()
    enter(page, front.address, front.made)
    page.goto(f"{front.address}/admin/inbox/")
    note = page.get_by_label("What came of it").first
    note.fill("rings again on Monday")
    end_sessions(front)

    refresh(page)

    expect(page.get_by_text(SIGNED_OUT)).to_be_visible()
    expect(note).to_have_value("rings again on Monday")


def test_who_signed_in_again_in_another_tab_goes_on_in_this_one(
    page: Page, front: FrontDesk
) -> None:
    """Signing in gives another token to all tabs."""
    enter(page, front.address, front.made)
    page.goto(f"{front.address}/admin/")
    board = page.url
    sign_in_in_another_tab(page, front)

    page.locator(".visit", has_text="Ben Ode").get_by_role("button", name="Arrived").click()

    expect(page.get_by_text("Arrived: Ben Ode")).to_be_visible()
    assert page.url == board
    assert front.now("Ben Ode").status == "arrived"


def test_a_form_that_was_open_is_saved_after_signing_in_again(page: Page, front: FrontDesk) -> None:
    enter(page, front.address, front.made)
    key = front.visits["Ben Ode"].pk
    page.goto(f"{front.address}/admin/bookings/appointment/{key}/change/")
    page.fill("#id_notes", "walks with a stick")
    sign_in_in_another_tab(page, front)

    page.get_by_role("button", name="Save", exact=True).click()

    expect(page).not_to_have_url(re.compile("change"))
    assert front.now("Ben Ode").notes == "walks with a stick"


def test_a_form_without_its_cookie_is_saved_after_going_back(
    colleague: Page, front: FrontDesk
) -> None:
    key = front.visits["Ben Ode"].pk
    colleague.goto(f"{front.address}/admin/bookings/appointment/{key}/change/")
    colleague.fill("#id_notes", "walks with a stick")
    colleague.context.clear_cookies(name=settings.CSRF_COOKIE_NAME)

    colleague.get_by_role("button", name="Save", exact=True).click()
    expect(colleague.get_by_role("heading", name="nothing was saved")).to_be_visible()
    assert front.now("Ben Ode").notes == ""
    colleague.go_back()
    expect(colleague.locator("#id_notes")).to_have_value("walks with a stick")
    colleague.get_by_role("button", name="Save", exact=True).click()

    expect(colleague).not_to_have_url(re.compile("change"))
    assert front.now("Ben Ode").notes == "walks with a stick"


def test_a_form_whose_session_has_ended_is_saved_after_going_back(
    colleague: Page, front: FrontDesk
) -> None:
    """Left open over night: the sign-in came instead, and what was typed was lost."""
    key = front.visits["Ben Ode"].pk
    colleague.goto(f"{front.address}/admin/bookings/appointment/{key}/change/")
    colleague.fill("#id_notes", "walks with a stick")
    end_sessions(front)

    colleague.get_by_role("button", name="Save", exact=True).click()
    expect(colleague.get_by_role("heading", name="nothing was saved")).to_be_visible()
    sign_in_in_another_tab(colleague, front)
    colleague.go_back()
    expect(colleague.locator("#id_notes")).to_have_value("walks with a stick")
    colleague.get_by_role("button", name="Save", exact=True).click()

    expect(colleague).not_to_have_url(re.compile("change"))
    assert front.now("Ben Ode").notes == "walks with a stick"


def test_a_button_without_its_cookie_works_the_second_time(
    colleague: Page, front: FrontDesk
) -> None:
    colleague.goto(f"{front.address}/admin/")
    arrived = colleague.locator(".visit", has_text="Ben Ode").get_by_role("button", name="Arrived")
    colleague.context.clear_cookies(name=settings.CSRF_COOKIE_NAME)

    arrived.click()
    expect(colleague.get_by_text("Nothing was changed; please try again.")).to_be_visible()
    arrived.click()

    expect(colleague.get_by_text("Arrived: Ben Ode")).to_be_visible()
    assert front.now("Ben Ode").status == "arrived"


def sign_in_in_another_tab(page: Page, front: FrontDesk) -> None:
    """With a new token, as Django gives one when somebody signs in."""
    enter(page, front.address, front.made)
    name = settings.CSRF_COOKIE_NAME
    page.context.add_cookies([{"name": name, "value": "n" * 32, "url": front.address}])


def test_a_step_on_the_page_of_a_visit_waits_for_what_is_typed(
    page: Page, front: FrontDesk
) -> None:
    enter(page, front.address, front.made)
    key = front.visits["Ben Ode"].pk
    page.goto(f"{front.address}/admin/bookings/appointment/{key}/change/")
    page.fill("#id_notes", "walks with a stick")

    page.get_by_role("button", name="Arrived").click()

    expect(page.get_by_text("What you typed on this page is not saved yet.")).to_be_visible()
    expect(page.locator("#id_notes")).to_have_value("walks with a stick")
    assert front.now("Ben Ode").status == "booked"


def test_undo_on_the_page_of_a_visit_waits_for_what_is_typed(page: Page, front: FrontDesk) -> None:
    enter(page, front.address, front.made)
    key = front.visits["Ben Ode"].pk
    page.goto(f"{front.address}/admin/bookings/appointment/{key}/change/")
    page.get_by_role("button", name="Arrived").click()
    expect(page.get_by_text("Arrived: Ben Ode")).to_be_visible()
    page.fill("#id_notes", "walks with a stick")

    page.get_by_role("button", name="Undo").click()

    expect(page.get_by_text("What you typed on this page is not saved yet.")).to_be_visible()
    expect(page.locator("#id_notes")).to_have_value("walks with a stick")
    assert front.now("Ben Ode").status == "arrived"


# By a link, by the browser's button, and anew.
LEAVING = [
    "document.querySelector('#nav-sidebar a').click()",
    "history.back()",
    "location.reload()",
]


def test_the_browser_asks_before_it_leaves_what_is_typed(page: Page, front: FrontDesk) -> None:
    """Not to dial, nor once it is saved, nor for what is looked for."""
    enter(page, front.address, front.made)
    page.goto(f"{front.address}/admin/")
    key = front.visits["Ben Ode"].pk
    page.goto(f"{front.address}/admin/bookings/appointment/{key}/change/")
    page.locator("#id_notes").press_sequentially("walks with a stick")

    for leaving in LEAVING:
        with page.expect_event("dialog") as asked:
            page.evaluate(f"setTimeout(() => {leaving})")
        asked.value.dismiss()
    expect(page.locator("#id_notes")).to_have_value("walks with a stick")

    asked_again: list[str] = []

    def let_go(dialog: Dialog) -> None:
        asked_again.append(dialog.type)
        dialog.accept()

    page.on("dialog", let_go)
    try:
        page.evaluate("document.body.insertAdjacentHTML('beforeend', '<a href=tel:+1>Dial</a>')")
        page.evaluate("document.querySelector('[href^=tel]').click()")
        page.get_by_role("button", name="Save", exact=True).click()
        expect(page).not_to_have_url(re.compile("change"))
        assert front.now("Ben Ode").notes == "walks with a stick"
        page.wait_for_load_state()
        page.keyboard.press("Control+k")
        page.get_by_role("combobox").press_sequentially("Ben")
        expect(page.get_by_role("option").first).to_be_visible()
        page.keyboard.press("Enter")
        expect(page).to_have_url(re.compile("change"))
    finally:  # the tab is used again, and a dialog that nobody answers stops it
        page.remove_listener("dialog", let_go)

    assert asked_again == []


def test_a_board_without_answers_says_so(page: Page, front: FrontDesk) -> None:
    enter(page, front.address, front.made)
    page.goto(f"{front.address}/admin/")

    page.route(re.compile("part=live"), lambda route: route.abort())
    refresh(page)

    expect(page.get_by_text("No answer from the server.")).to_be_visible()


# --- a dialog that is left


QUESTION = "What you typed here is not saved yet."


def leave_by_escape(page: Page) -> None:
    page.keyboard.press("Escape")


def leave_by_a_click_beside(page: Page) -> None:
    page.mouse.click(5, 5)


def leave_by_the_cross(page: Page) -> None:
    page.get_by_role("dialog").get_by_role("button", name="Close").click()


WAYS_OUT = [leave_by_escape, leave_by_a_click_beside, leave_by_the_cross]


@pytest.fixture
def drawer(page: Page, front: FrontDesk) -> Locator:
    """Open over the start page; the cursor is in the field for the patient."""
    enter(page, front.address, front.made)
    page.goto(f"{front.address}/admin/")
    page.get_by_role("button", name="Walk-in").click()
    shown = page.get_by_role("dialog", name="Book a visit")
    expect(shown.get_by_label("Name, number or birthday")).to_be_focused()
    return shown


@pytest.mark.parametrize("leave", WAYS_OUT)
def test_the_drawer_asks_before_it_loses_what_is_typed(
    leave: Callable[[Page], None], page: Page, drawer: Locator
) -> None:
    """Again and again, and the same field is typed in afterwards."""
    note = drawer.get_by_label("Note")
    note.fill("walks with a stick")
    question = page.get_by_role("dialog", name=QUESTION)

    for _ in range(2):
        leave(page)
        expect(question.get_by_role("button", name="Keep it")).to_be_focused()
        page.keyboard.press("Escape")
        expect(question).to_be_hidden()
        expect(note).to_have_value("walks with a stick")
        expect(drawer).to_be_visible()
    leave(page)
    question.get_by_role("button", name="Discard it").click()

    expect(drawer).to_be_hidden()


@pytest.mark.parametrize("leave", WAYS_OUT)
def test_the_drawer_closes_at_once_where_nothing_is_typed(
    leave: Callable[[Page], None], page: Page, drawer: Locator
) -> None:
    drawer.get_by_role("button", name="Cleaning").click()
    expect(drawer.locator(".book-soonest button").first).to_be_visible()

    leave(page)

    expect(drawer).to_be_hidden()


def test_the_drawer_closes_at_once_where_the_inbox_filled_it_in(
    page: Page, front: FrontDesk
) -> None:
    front.ask()
    enter(page, front.address, front.made)
    page.goto(f"{front.address}/admin/inbox/")
    page.get_by_role("button", name="Book for Ann Lee").click()
    drawer = page.get_by_role("dialog", name="Book a visit")
    expect(drawer.get_by_text("Ann Lee")).to_be_visible()

    page.keyboard.press("Escape")

    expect(drawer).to_be_hidden()


def test_a_name_typed_for_a_patient_who_is_chosen_is_not_lost(page: Page, drawer: Locator) -> None:
    page.keyboard.type("Dan Fox")
    drawer.get_by_role("button", name="new Dan Fox").click()
    expect(drawer.locator(".book-picked")).to_contain_text("Dan Fox")

    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog", name=QUESTION)).to_be_visible()
    page.keyboard.press("Enter")

    expect(drawer.locator(".book-picked")).to_contain_text("Dan Fox")


def test_a_reason_that_is_typed_is_not_lost(page: Page, front: FrontDesk) -> None:
    enter(page, front.address, front.made)
    page.goto(f"{front.address}/admin/")
    page.locator(".visit", has_text="Cat Ruiz").get_by_role("button", name="Cancel").click()
    reason = page.get_by_label("Reason")
    reason.fill("has the flu")

    page.keyboard.press("Escape")
    page.get_by_role("button", name="Keep it").click()

    expect(reason).to_have_value("has the flu")


@pytest.mark.parametrize("place", ["", "bookings/appointment/{key}/change/"])
def test_a_reason_is_kept_where_somebody_was_faster(
    place: str, page: Page, front: FrontDesk
) -> None:
    """On the board and on the page of the visit, which then show the visit as it is now."""
    cat = front.visits["Cat Ruiz"]
    enter(page, front.address, front.made)
    page.goto(f"{front.address}/admin/{place.format(key=cat.pk)}")
    cancel, reason = page.locator(f"[data-post*='{cat.pk}/cancel']"), page.get_by_label("Reason")
    cancel.press("Enter")  # a click may miss: what needs a look comes in above the board
    reason.fill("has the flu")
    with organizations.within(front.organization):
        start, anytime = front.noon + timedelta(minutes=75), Overrides(hours=True)
        appointments.reschedule(cat, start=start, now=front.noon, by="mila", overrides=anytime)

    page.get_by_role("button", name="Cancel the visit").click()
    said = page.get_by_role("status").filter(has_text="changed since you looked")
    expect(said).to_contain_text("by mila")
    cancel.and_(page.locator(f"[data-ask-title*='{start:%H:%M}']")).press("Enter")
    expect(reason).to_have_value("has the flu")
    page.get_by_role("button", name="Cancel the visit").click()

    expect(page.get_by_role("status").filter(has_text="Cancelled: Cat Ruiz")).to_be_visible()
    assert front.now("Cat Ruiz").cancellation_reason == "has the flu"
