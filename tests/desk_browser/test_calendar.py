"""The calendar in a browser: dragged, by keyboard, on a phone, and by two at once."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from bookings import appointments
from bookings.models import Appointment, Closure, Practitioner
from tenants import organizations
from tests.accessibility import violations
from tests.browser import box_of, boxes_of, drag, enter
from tests.clicks import Clicks
from tests.conftest import Committed, Server
from tests.desk_browser.conftest import AN_HOUR, FrontDesk, visit

ADA, BO = "Dr. Ada Moss", "Dr. Bo Lind"
TWENTY_SECONDS = 20_000  # in milliseconds
Open = Callable[..., None]


def wednesday(front: FrontDesk) -> datetime:
    """Noon on a Wednesday to come, which both practitioners work."""
    return front.noon + timedelta(days=(2 - front.noon.weekday()) % 7 + 7)


@pytest.fixture
def day(front: FrontDesk) -> datetime:
    """That Wednesday, with visits at ten (Ada), at eleven (Bo) and at two (Ada, by telephone)."""
    noon = wednesday(front)
    before = int((noon - front.noon) / timedelta(minutes=1))
    front.add("Eve Stone", before - 120)
    front.add("Flo Berg", before - 60, who=BO)
    front.add("Gus Lake", before + 120, source="voice")
    with organizations.within(front.organization):
        for name in ("Eve Stone", "Flo Berg", "Gus Lake"):
            row, kind = front.visits[name], appointments.Kind.BOOKED
            appointments.record(row, kind, row.Source(row.source), now=front.noon, by="rosa")
    return noon


@pytest.fixture
def calendar(page: Page, front: FrontDesk, day: datetime) -> Page:
    open_calendar(page, front, day)
    return page


@pytest.fixture
def clocked(colleague: Page, front: FrontDesk, day: datetime) -> Page:
    """The calendar in a colleague's browser, whose clock the test may put forward."""
    colleague.clock.install()
    open_calendar(colleague, front, day)
    return colleague


def open_calendar(page: Page, front: FrontDesk, day: datetime) -> None:
    page.set_viewport_size({"width": 1280, "height": 1000})
    enter(page, front.address, front.made)
    page.goto(f"{front.address}/admin/calendar/?view=day&date={day:%Y-%m-%d}")
    expect(visit(page, "Gus Lake")).to_be_visible()


def column(page: Page) -> float:
    """The width of a practitioner's column."""
    return box_of(page.locator(".ec-body .ec-day").first)["width"]


def said(page: Page) -> Locator:
    return page.locator("#desk-toast")


def place(front: FrontDesk, name: str) -> tuple[str, str]:
    with organizations.within(front.organization):
        row = Appointment.objects.select_related("practitioner").get(pk=front.visits[name].pk)
        return f"{row.start.astimezone(front.noon.tzinfo):%H:%M}", row.practitioner.name


# --- by mouse


def test_a_visit_is_dragged_to_a_colleague_and_put_back(calendar: Page, front: FrontDesk) -> None:
    clicks = Clicks(calendar)

    drag(calendar, visit(calendar, "Eve Stone"), right=column(calendar), down=AN_HOUR * 3.5)
    expect(said(calendar)).to_contain_text("13:30 with Dr. Bo Lind")
    expect(visit(calendar, "Eve Stone")).to_contain_text("13:30-14:00")
    assert place(front, "Eve Stone") == ("13:30", BO)
    assert clicks.count() <= 1

    said(calendar).get_by_role("button", name="Undo").click()
    expect(visit(calendar, "Eve Stone")).to_contain_text("10:00-10:30")
    assert place(front, "Eve Stone") == ("10:00", ADA)


def test_ctrl_z_takes_back_the_last_change_on_the_next_page_as_well(
    calendar: Page, front: FrontDesk
) -> None:
    calendar.keyboard.press("Control+z")
    expect(said(calendar)).to_have_text(re.compile("There is nothing to undo."))
    drag(calendar, visit(calendar, "Eve Stone"), right=column(calendar), down=AN_HOUR * 3.5)
    expect(visit(calendar, "Eve Stone")).to_contain_text("13:30-14:00")
    calendar.reload()
    expect(visit(calendar, "Eve Stone")).to_contain_text("13:30-14:00")
    calendar.locator("#calendar-date").focus()
    calendar.keyboard.press("Control+z")
    calendar.locator("#calendar-date").blur()
    assert place(front, "Eve Stone") == ("13:30", BO), "in a field it is the field's"

    calendar.keyboard.press("Control+z")

    expect(said(calendar)).to_contain_text("Undone")
    expect(visit(calendar, "Eve Stone")).to_contain_text("10:00-10:30")
    assert place(front, "Eve Stone") == ("10:00", ADA)
    calendar.keyboard.press("Control+z")
    expect(said(calendar)).to_contain_text("There is nothing to undo.")


def test_ctrl_z_takes_nothing_back_that_was_done_long_ago(clocked: Page, front: FrontDesk) -> None:
    """A key that is pressed by chance in the afternoon undoes no booking of the morning."""
    drag(clocked, visit(clocked, "Eve Stone"), right=column(clocked), down=AN_HOUR * 3.5)
    expect(said(clocked)).to_contain_text("13:30 with Dr. Bo Lind")
    clocked.clock.fast_forward(5 * 60_000)

    clocked.keyboard.press("Control+z")

    expect(said(clocked)).to_contain_text("There is nothing to undo.")
    assert place(front, "Eve Stone") == ("13:30", BO)


def test_a_drag_onto_a_taken_time_snaps_back_and_offers_others(
    calendar: Page, front: FrontDesk
) -> None:
    drag(calendar, visit(calendar, "Eve Stone"), down=AN_HOUR * 4)

    expect(said(calendar)).to_contain_text("This time is taken.")
    expect(visit(calendar, "Eve Stone")).to_contain_text("10:00-10:30")
    assert place(front, "Eve Stone") == ("10:00", ADA)
    others = said(calendar).get_by_role("button", name=re.compile("with Dr"))
    expect(others).to_have_count(3)
    free = others.first.inner_text()
    others.first.click()
    expect(said(calendar)).to_contain_text(f"Moved to {free}.")
    assert place(front, "Eve Stone") == (free.split()[3], ADA)


def test_a_drag_outside_the_hours_can_be_insisted_on(calendar: Page, front: FrontDesk) -> None:
    drag(calendar, visit(calendar, "Eve Stone"), down=AN_HOUR * 2.25)

    expect(said(calendar)).to_contain_text("Dr. Ada Moss works 09:00 to 12:00")
    said(calendar).get_by_role("button", name="Move it there all the same").click()
    expect(said(calendar)).to_contain_text("12:15 with Dr. Ada Moss")
    assert place(front, "Eve Stone") == ("12:15", ADA)


def test_a_pull_at_the_end_gives_another_length(calendar: Page, front: FrontDesk) -> None:
    drag(calendar, visit(calendar, "Eve Stone"), down=AN_HOUR / 2, at=0.95)

    expect(said(calendar)).to_contain_text("It takes 60 minutes now.")
    expect(visit(calendar, "Eve Stone")).to_contain_text("10:00-11:00")


def test_a_visit_is_dragged_to_another_day_of_the_week(
    page: Page, front: FrontDesk, day: datetime
) -> None:
    open_calendar(page, front, day)
    page.get_by_role("link", name="Week").click()
    expect(page.locator("#calendar-title")).to_contain_text(" to ")
    expect(visit(page, "Eve Stone")).to_be_visible()

    drag(page, visit(page, "Eve Stone"), right=column(page), down=AN_HOUR)

    thursday = day + timedelta(days=1)
    expect(said(page)).to_contain_text(f"Thu {thursday.day} {thursday:%b} 11:00 with Dr. Ada Moss")
    assert front.now("Eve Stone").start == thursday.replace(hour=11)


def test_a_click_opens_the_visit(calendar: Page, front: FrontDesk) -> None:
    visit(calendar, "Gus Lake").click()

    expect(calendar).to_have_url(re.compile(str(front.visits["Gus Lake"].pk)))


def test_a_click_into_a_gap_opens_the_drawer_for_that_time(calendar: Page, day: datetime) -> None:
    box = box_of(visit(calendar, "Eve Stone"))

    calendar.mouse.click(box["x"] + column(calendar) + 40, box["y"] + AN_HOUR * 3 + 20)

    drawer = calendar.get_by_role("dialog", name="Book a visit")
    expect(drawer.locator("[name=start]")).to_have_value(re.compile(f"^{day:%Y-%m-%d}[T ]13:15"))


# --- by keyboard


def focus(page: Page, name: str) -> None:
    visit(page, name).focus()
    expect(visit(page, name)).to_be_focused()


def test_arrows_go_to_other_days_and_back(calendar: Page, day: datetime) -> None:
    calendar.keyboard.press("ArrowRight")

    following = day + timedelta(days=1)
    expect(calendar.locator("#calendar-title")).to_have_text(
        f"{following:%A} {following.day} {following:%B %Y}"
    )
    expect(calendar).to_have_url(re.compile(f"date={following:%Y-%m-%d}"))
    expect(visit(calendar, "Eve Stone")).to_be_hidden()
    calendar.go_back()
    expect(visit(calendar, "Eve Stone")).to_be_visible()


@pytest.mark.parametrize("view", ["day", "month"])
def test_a_date_is_typed_digit_by_digit(
    view: str, page: Page, front: FrontDesk, day: datetime
) -> None:
    """The year is 0002 and 0020 for a while, and the field is never lost."""
    enter(page, front.address, front.made)
    page.goto(f"{front.address}/admin/calendar/?view={view}&date={day:%Y-%m-%d}")
    page.get_by_label("Go to the day").focus()

    page.keyboard.type("02/14/2027", delay=150)

    title = "February 2027" if view == "month" else "Sunday 14 February 2027"
    expect(page.locator("#calendar-title")).to_have_text(title)
    expect(page.get_by_label("Go to the day")).to_have_value("2027-02-14")
    expect(page.get_by_label("Go to the day")).to_be_focused()


def test_arrows_go_from_visit_to_visit_and_enter_opens_it(calendar: Page, front: FrontDesk) -> None:
    focus(calendar, "Eve Stone")

    calendar.keyboard.press("ArrowDown")
    expect(visit(calendar, "Gus Lake")).to_be_focused()
    calendar.keyboard.press("ArrowUp")
    expect(visit(calendar, "Eve Stone")).to_be_focused()
    calendar.keyboard.press("Enter")

    expect(calendar).to_have_url(re.compile(str(front.visits["Eve Stone"].pk)))


def test_a_visit_is_moved_without_a_mouse(calendar: Page, front: FrontDesk) -> None:
    """`m` and the time, which is all that is typed. What is refused stays as it was typed."""
    clicks = Clicks(calendar)
    focus(calendar, "Eve Stone")
    calendar.keyboard.press("m")
    dialog = calendar.get_by_role("dialog", name="Move the visit")
    expect(dialog).to_contain_text("Eve Stone, Consultation, 10:00-10:30 with Dr. Ada Moss")
    expect(dialog.get_by_label("Time")).to_be_focused()

    dialog.get_by_label("Time").fill("14:00")
    calendar.keyboard.press("Enter")
    expect(dialog.get_by_role("alert")).to_contain_text("This time is taken.")
    expect(dialog.get_by_label("Time")).to_have_value("14:00")
    expect(dialog.get_by_role("alert").get_by_role("button")).to_have_count(3)
    dialog.get_by_label("Time").fill("15:00")
    calendar.keyboard.press("Enter")

    expect(dialog).to_be_hidden()
    expect(said(calendar)).to_contain_text("15:00 with Dr. Ada Moss")
    expect(visit(calendar, "Eve Stone")).to_contain_text("15:00-15:30")
    expect(visit(calendar, "Eve Stone")).to_be_focused()
    assert place(front, "Eve Stone") == ("15:00", ADA)
    assert clicks.count() == 0


def test_a_visit_that_is_over_says_so_and_stays(
    page: Page, front: FrontDesk, day: datetime
) -> None:
    with organizations.within(front.organization):
        Appointment.objects.filter(pk=front.visits["Eve Stone"].pk).update(status="arrived")
    open_calendar(page, front, day)
    focus(page, "Eve Stone")

    page.keyboard.press("m")

    expect(said(page)).to_contain_text("It is arrived, and stays where it is.")


def test_escape_leaves_the_visit_where_it_is(calendar: Page, front: FrontDesk) -> None:
    focus(calendar, "Eve Stone")
    calendar.keyboard.press("m")
    calendar.get_by_label("Time").fill("15:00")

    calendar.keyboard.press("Escape")
    calendar.get_by_role("button", name="Discard it").click()

    expect(calendar.get_by_role("dialog", name="Move the visit")).to_be_hidden()
    expect(visit(calendar, "Eve Stone")).to_be_focused()
    assert place(front, "Eve Stone") == ("10:00", ADA)


# --- two at once


def test_a_colleagues_change_is_seen_within_twenty_seconds(
    clocked: Page, page: Page, front: FrontDesk, day: datetime
) -> None:
    """And who was looking at a visit goes on looking at it."""
    open_calendar(page, front, day)
    focus(clocked, "Eve Stone")

    drag(page, visit(page, "Gus Lake"), down=AN_HOUR)
    expect(said(page)).to_contain_text("15:00 with Dr. Ada Moss")

    clocked.clock.fast_forward(TWENTY_SECONDS)
    expect(visit(clocked, "Gus Lake")).to_contain_text("15:00-15:30")
    expect(visit(clocked, "Eve Stone")).to_be_focused()


def test_the_loser_of_a_race_hears_why_and_keeps_what_they_typed(
    clocked: Page, page: Page, front: FrontDesk, day: datetime
) -> None:
    """Also if the calendar behind the dialog shows the other move by then."""
    focus(clocked, "Eve Stone")
    clocked.keyboard.press("m")
    clocked.get_by_label("Time").fill("15:00")
    open_calendar(page, front, day)
    drag(page, visit(page, "Eve Stone"), down=AN_HOUR)
    expect(said(page)).to_contain_text("11:00 with Dr. Ada Moss")

    clocked.clock.fast_forward(TWENTY_SECONDS)
    expect(visit(clocked, "Eve Stone")).to_contain_text("11:00-11:30")
    clocked.keyboard.press("Enter")

    dialog = clocked.get_by_role("dialog", name="Move the visit")
    expect(dialog.get_by_role("alert")).to_contain_text("It has been changed since you looked")
    expect(dialog.get_by_label("Time")).to_have_value("15:00")
    expect(dialog).to_contain_text("11:00-11:30 with Dr. Ada Moss")
    clocked.keyboard.press("Enter")
    expect(said(clocked)).to_contain_text("15:00 with Dr. Ada Moss")
    assert place(front, "Eve Stone") == ("15:00", ADA)


# --- phones, themes, paper

VIEWS = ("day", "week", "month")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("view", VIEWS)
def test_nothing_shuts_anybody_out(
    view: str, scheme: str, page: Page, front: FrontDesk, day: datetime
) -> None:
    """axe finds nothing, in either theme; nor in the dialog."""
    for status in ("pending", "arrived", "fulfilled", "noshow"):
        front.add(f"Ida {status}", int((day - front.noon) / timedelta(minutes=1)) + 180 +
                  30 * len(front.visits), status=status)  # fmt: skip
    with organizations.within(front.organization):
        Closure.objects.create(
            practitioner=Practitioner.objects.get(name=BO), start=day.replace(hour=14),
            end=day.replace(hour=16), reason="Training",
        )  # fmt: skip
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    enter(page, front.address, front.made)
    page.goto(f"{front.address}/admin/calendar/?view={view}&date={day:%Y-%m-%d}")
    if view != "month":
        expect(visit(page, "Gus Lake")).to_be_visible()

    assert violations(page, "#main") == []

    if view == "day":
        focus(page, "Gus Lake")
        page.keyboard.press("m")
        assert violations(page, "#calendar-move") == []


@pytest.mark.parametrize("view", VIEWS)
def test_it_fits_a_telephone(view: str, page: Page, front: FrontDesk, day: datetime) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    enter(page, front.address, front.made)

    page.goto(f"{front.address}/admin/calendar/?view={view}&date={day:%Y-%m-%d}")

    if view != "month":
        expect(visit(page, "Gus Lake")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") == 390


def test_on_a_telephone_a_day_is_of_the_practitioner_who_is_chosen(
    page: Page, front: FrontDesk, day: datetime
) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    enter(page, front.address, front.made)
    page.goto(f"{front.address}/admin/calendar/?date={day:%Y-%m-%d}")
    expect(visit(page, "Eve Stone")).to_be_visible()
    expect(visit(page, "Flo Berg")).to_be_hidden()

    page.get_by_label("Practitioner", exact=True).select_option(label=BO)
    expect(visit(page, "Flo Berg")).to_be_visible()
    expect(visit(page, "Eve Stone")).to_be_hidden()
    page.get_by_label("Practitioner", exact=True).select_option(label="Everybody")

    expect(visit(page, "Flo Berg")).to_be_visible()
    expect(visit(page, "Eve Stone")).to_be_attached()


def test_on_paper_there_is_the_day_and_nothing_to_press(calendar: Page) -> None:
    calendar.emulate_media(media="print")

    expect(visit(calendar, "Eve Stone")).to_be_visible()
    expect(calendar.locator("#calendar-title")).to_be_visible()
    expect(calendar.locator("#nav-sidebar")).to_be_hidden()
    expect(calendar.get_by_role("link", name="Week")).to_be_hidden()
    expect(calendar.get_by_text("16:00", exact=True)).to_be_visible()
    last, grid = boxes_of(visit(calendar, "Gus Lake"), calendar.locator(".ec-main"))
    assert last["y"] + last["height"] <= grid["y"] + grid["height"]
    assert grid["x"] < 50


# --- addresses


def test_the_address_says_what_is_shown(calendar: Page, front: FrontDesk, day: datetime) -> None:
    calendar.get_by_label("Practitioner", exact=True).select_option(label=BO)
    expect(visit(calendar, "Eve Stone")).to_be_hidden()
    calendar.get_by_role("link", name="Week").click()
    expect(calendar.locator("#calendar-title")).to_contain_text(" to ")

    address = calendar.url
    calendar.goto(f"{front.address}/admin/")
    calendar.goto(address)

    expect(visit(calendar, "Flo Berg")).to_be_visible()
    expect(visit(calendar, "Eve Stone")).to_be_hidden()


def test_a_practitioners_week_is_one_click_away(calendar: Page) -> None:
    clicks = Clicks(calendar)

    calendar.get_by_role("link", name="Week").click()

    expect(calendar.locator("#calendar-title")).to_contain_text(" to ")
    expect(visit(calendar, "Eve Stone")).to_be_visible()
    expect(visit(calendar, "Flo Berg")).to_be_hidden()
    assert clicks.count() == 1


def test_a_day_of_the_month_opens_it(page: Page, front: FrontDesk, day: datetime) -> None:
    enter(page, front.address, front.made)
    page.goto(f"{front.address}/admin/calendar/?view=month&date={day:%Y-%m-%d}")

    page.get_by_role("link", name=f"{day:%A} {day.day} {day:%B}, 3 visits").click()

    expect(visit(page, "Eve Stone")).to_be_visible()


def test_a_clinic_whose_clock_is_utc_has_its_line_too(
    page: Page, committed: Committed, server: Server
) -> None:
    """All of the day is drawn, so that the line is there at any time."""
    made = committed(timezone="Etc/GMT")
    noon = timezone.now().astimezone(UTC).replace(hour=12, minute=0, second=0, microsecond=0)
    front = FrontDesk(made, f"http://{made.domain}:{server.port}", noon)
    for name, hours in (("Eve Stone", -12), ("Cat Ruiz", 0), ("Flo Berg", 11)):
        front.add(name, 60 * hours)
    enter(page, front.address, made)

    page.goto(f"{front.address}/admin/calendar/")

    line, box = boxes_of(page.locator(".ec-now-indicator"), visit(page, "Cat Ruiz"))
    now = (timezone.now() - noon) / timedelta(hours=1)
    assert abs(line["y"] - (box["y"] + now * AN_HOUR)) <= 4


def test_today_has_a_line(page: Page, front: FrontDesk) -> None:
    """Where the clinic's clock is, and not the browser's."""
    enter(page, front.address, front.made)

    page.goto(f"{front.address}/admin/calendar/")

    expect(visit(page, "Cat Ruiz")).to_be_visible()
    line, cat = boxes_of(page.locator(".ec-now-indicator"), visit(page, "Cat Ruiz"))
    noon = cat["y"] - AN_HOUR  # Cat comes at one
    assert noon - 3 <= line["y"] <= noon + AN_HOUR + 3
