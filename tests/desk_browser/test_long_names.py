"""Names without a space, and in other scripts: nothing leaves the page or its box."""

import pytest
from playwright.sync_api import Locator, Page, expect

from bookings.models import Practitioner, ServiceType, WaitlistEntry
from tenants import organizations
from tests.browser import boxes_of, enter
from tests.desk_browser.conftest import FrontDesk, visit

LATIN, ARABIC = "W" * 80, "عبدالرحمن_" * 8
SCREENS = [(390, LATIN), (390, ARABIC), (1280, LATIN)]


@pytest.fixture(params=SCREENS, ids=["telephone", "arabic", "screen"])
def screen(request: pytest.FixtureRequest, page: Page) -> str:
    """So wide; and what somebody is called."""
    width, name = request.param
    page.set_viewport_size({"width": width, "height": 844})
    return str(name)


@pytest.fixture
def name(screen: str, page: Page, front: FrontDesk) -> str:
    """Of a practitioner, and of a patient who is late, waits, and wants to be called back."""
    long = screen
    with organizations.within(front.organization):
        Practitioner.objects.filter(name="Dr. Ada Moss").update(name=long)
    front.add(long, -60, who=long)
    front.ask(name=long)
    with organizations.within(front.organization):
        WaitlistEntry.objects.create(
            patient=front.visits[long].patient, service=ServiceType.objects.get(name="Consultation")
        )
    enter(page, front.address, front.made)
    return long


def fits(page: Page) -> bool:
    """Whether nothing has to be scrolled to from side to side."""
    return bool(page.evaluate("document.scrollingElement.scrollWidth <= innerWidth"))


def holds(box: Locator) -> bool:
    """Whether all in the box is within it, and the box is within the page."""
    return bool(
        box.evaluate(
            """box => { const own = box.getBoundingClientRect();
            return own.left >= 0 && own.right <= innerWidth
                && [box, ...box.querySelectorAll("*")].every((one) =>
                    getComputedStyle(one).overflowX !== "visible"
                    || one.scrollWidth <= one.clientWidth + 4
                    || getComputedStyle(one).display === "inline") }"""
        )
    )


def test_no_page_is_wider_than_the_screen(page: Page, name: str, front: FrontDesk) -> None:
    with organizations.within(front.organization):
        waiting = WaitlistEntry.objects.get().pk
    patient = front.visits[name].patient_id
    visit_page = f"bookings/appointment/{front.visits[name].pk}/change/"

    wide = []
    for path in (
        "",
        "inbox/",
        "close/",
        "calendar/?view=month",
        f"bookings/waitlistentry/{waiting}/change/",
        f"bookings/patient/{patient}/change/",
        visit_page,
    ):
        page.goto(f"{front.address}/admin/{path}")
        page.wait_for_load_state("networkidle")
        if not fits(page):
            wide.append(path)

    assert wide == []


def test_what_is_said_and_asked_of_a_visit_fits(page: Page, name: str, front: FrontDesk) -> None:
    page.goto(f"{front.address}/admin/")
    late = page.locator(".visit", has_text=name)
    assert holds(page.locator(".lane", has_text=name))

    late.get_by_role("button", name="Cancel").click()
    question = page.locator(".desk-dialog[open]")
    expect(question).to_be_visible()
    assert holds(question)
    page.keyboard.press("Escape")
    late.get_by_role("button", name="Arrived").click()
    said = page.locator("#desk-toast .desk-said")
    expect(said).to_contain_text("Arrived")
    assert holds(said)
    page.keyboard.press("Escape")
    page.keyboard.press("Control+k")
    page.keyboard.type(name)
    found = page.locator("#desk-find")
    expect(found.get_by_role("option").first).to_be_visible()
    assert holds(found)


def is_whole(text: Locator) -> bool:
    """Whether nothing of it is cut."""
    return bool(
        text.evaluate(
            """text => text.scrollWidth <= text.clientWidth + 1
            && text.scrollHeight <= text.clientHeight + 1
            || getComputedStyle(text).display === "inline" """
        )
    )


@pytest.mark.parametrize("width", [390, 1280])
def test_who_when_and_with_whom_is_whole(width: int, page: Page, front: FrontDesk) -> None:
    long = "Maria de los Ángeles Fernández y García de la Vega"
    front.add(long, 15)
    enter(page, front.address, front.made)
    page.set_viewport_size({"width": width, "height": 844})

    page.goto(f"{front.address}/admin/")
    assert is_whole(page.locator(".visit .name", has_text=long))

    page.goto(f"{front.address}/admin/bookings/appointment/")
    row = page.locator("#result_list tbody tr", has_text=long)
    for part in ("linked_name", "shown_start", "service", "practitioner"):
        assert is_whole(row.locator(f".field-{part}")), part


@pytest.mark.parametrize(
    ("minutes", "parts"),
    [(10, [".cal-name"]), (20, [".cal-name"]), (30, [".cal-name", ".cal-what"])],
)
def test_a_short_visit_of_the_week_says_whose_it_is(
    minutes: int, parts: list[str], page: Page, front: FrontDesk
) -> None:
    long = "Maria de los Ángeles Fernández y García de la Vega"
    with organizations.within(front.organization):
        ServiceType.objects.filter(name="Consultation").update(minutes=minutes)
    front.add(long, 15)
    enter(page, front.address, front.made)
    page.set_viewport_size({"width": 1440, "height": 844})

    page.goto(f"{front.address}/admin/calendar/?view=week")

    for part in parts:
        shown, text = boxes_of(visit(page, long), visit(page, long).locator(part))
        assert shown["y"] - 1 <= text["y"]
        assert text["y"] + text["height"] <= shown["y"] + shown["height"] + 1
        assert text["width"] > 50


def test_a_name_that_is_cut_is_cut_at_its_end(page: Page, name: str, front: FrontDesk) -> None:
    page.goto(f"{front.address}/admin/")

    first_letter, box = page.locator(".visit .name", has_text=name).evaluate(
        """link => { const letter = document.createRange();
        letter.setStart(link.firstChild, 0);
        letter.setEnd(link.firstChild, 1);
        return [letter, link].map((one) => one.getBoundingClientRect().toJSON()) }"""
    )

    assert box["left"] <= first_letter["left"] + 1
    assert first_letter["right"] <= box["right"] + 1


def test_what_is_booked_for_somebody_fits(page: Page, name: str, front: FrontDesk) -> None:
    page.goto(f"{front.address}/admin/")
    page.get_by_role("button", name="Walk-in").click()
    drawer = page.get_by_role("dialog", name="Book a visit")
    form = drawer.locator(".book-form")

    drawer.get_by_label("Name, number or birthday").fill(name)
    expect(drawer.locator(".book-people button").first).to_contain_text(name)
    assert holds(form)
    drawer.locator(".book-people button").first.click()
    drawer.get_by_role("button", name="Consultation").click()
    expect(drawer.locator(".book-soonest button").first).to_be_visible()
    assert holds(form)


def test_the_dialog_that_moves_a_visit_fits(page: Page, name: str, front: FrontDesk) -> None:
    with organizations.within(front.organization):
        who = Practitioner.objects.get(name=name).pk
    page.goto(f"{front.address}/admin/calendar/?practitioner={who}")

    visit(page, name).first.focus()
    page.keyboard.press("m")

    dialog = page.locator("#calendar-move")
    expect(dialog).to_be_visible()
    assert holds(dialog)


def test_the_number_of_who_is_late_is_whole_on_a_telephone(page: Page, front: FrontDesk) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    enter(page, front.address, front.made)
    page.goto(f"{front.address}/admin/")
    late = page.locator(".visit.is-late", has_text="Ben Ode")

    number, room = boxes_of(late.locator(".phone"), late.locator(".what"))

    assert number["right"] <= room["right"]
    assert number["bottom"] <= room["bottom"]


@pytest.mark.parametrize("name", ["Ben Ode", "محمد الأحمد"])
def test_the_plus_of_a_number_stands_before_it(name: str, page: Page, front: FrontDesk) -> None:
    front.add(name, 15)
    enter(page, front.address, front.made)
    page.goto(f"{front.address}/admin/bookings/patient/{front.visits[name].patient_id}/change/")

    plus, digit = page.locator("h1 *", has_text=name).last.evaluate(
        """heading => { const text = heading.lastChild.textContent, plus = text.indexOf("+");
        return [plus, plus + 1].map((at) => { const letter = document.createRange();
            letter.setStart(heading.lastChild, at);
            letter.setEnd(heading.lastChild, at + 1);
            return letter.getBoundingClientRect().left }) }"""
    )

    assert plus < digit
