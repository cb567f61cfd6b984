"""A receptionist's first morning, as docs/first-morning.md tells it, with a picture of each step.

`make pictures` keeps the pictures, with the page that shows them.
"""

import os
import re
from datetime import timedelta
from pathlib import Path

from playwright.sync_api import Page, expect

from bookings.models import Practitioner
from tenants import organizations
from tests.browser import NO_TELEPHONE, drag, enter
from tests.conftest import ROOT
from tests.desk_browser.conftest import AN_HOUR, FrontDesk, visit

DOCUMENT = ROOT / "docs" / "first-morning.md"
# “picture: name: what it shows”, in a comment: a reader of the document itself sees no picture.
PICTURE = re.compile(r"<!-- picture: ([a-z-]+): (.+) -->")


class Album:
    """Takes pictures of a page into a folder."""

    def __init__(self, page: Page, folder: Path) -> None:
        self.page, self.folder = page, folder
        self.taken: list[str] = []

    def take(self, name: str) -> None:
        self.page.screenshot(path=self.folder / f"{name}.png", animations="disabled")
        self.taken.append(name)

    def bind(self) -> None:
        """The document with its pictures, beside them."""
        text = PICTURE.sub(r"![\2](\1.png)", DOCUMENT.read_text())
        text = text.replace("](front-desk.md)", "](../front-desk.md)")
        (self.folder / DOCUMENT.name).write_text(text)


def fill(front: FrontDesk) -> None:
    """A morning that is under way."""
    bo = "Dr. Bo Lind"
    front.add("Grace Kim", -150, status="fulfilled")
    front.add("Omar Haddad", -60, status="arrived", arrived_at=front.noon - timedelta(minutes=63),
              in_room_since=front.noon - timedelta(minutes=55))  # fmt: skip
    front.add("Liam O'Brien", -45, who=bo, status="arrived",
              arrived_at=front.noon - timedelta(minutes=50))  # fmt: skip
    front.add("Yuki Tanaka", 150, source="voice")
    front.add("Priya Raman", 180, who=bo)
    with organizations.within(front.organization):
        work_every_day()
    front.ask(reason="Severe pain", phone_is_proven=True)


def work_every_day() -> None:
    for who in Practitioner.objects.all():
        who.schedules.all().delete()
        for day in range(7):
            who.schedules.create(weekday=day, starts="08:00", ends="18:00")


def test_a_receptionists_first_morning(page: Page, front: FrontDesk, tmp_path: Path) -> None:
    folder = Path(os.environ.get("PICTURES") or tmp_path)
    folder.mkdir(parents=True, exist_ok=True)
    album = Album(page, folder)
    fill(front)
    page.set_viewport_size({"width": 1280, "height": 800})
    enter(page, front.address, front.made)

    look_at_the_day(page, front, album)
    say_who_arrived(page, album)
    book_a_walk_in(page, album)
    call_back(page, album)
    move_a_visit(page, front, album)
    look_on_a_telephone_and_in_the_dark(page, front, album)

    assert album.taken == [name for name, _ in PICTURE.findall(DOCUMENT.read_text())]
    album.bind()


def look_at_the_day(page: Page, front: FrontDesk, album: Album) -> None:
    page.goto(f"{front.address}/admin/")
    expect(page.get_by_text("1 callback, 1 urgent")).to_be_visible()
    album.take("today")


def say_who_arrived(page: Page, album: Album) -> None:
    page.get_by_role("button", name="Arrived: Ben Ode").click()
    expect(page.locator(".visit", has_text="Ben Ode")).to_contain_text("waiting since")
    expect(page.get_by_role("button", name="Undo")).to_be_visible()
    album.take("arrived")


def book_a_walk_in(page: Page, album: Album) -> None:
    page.get_by_role("button", name="Walk-in").click()
    drawer = page.get_by_role("dialog", name="Book a visit")
    expect(drawer.get_by_label("Name, number or birthday")).to_be_focused()
    page.keyboard.type("Dan Fox 202 555 0143")
    drawer.get_by_role("button", name="Cleaning").click()
    expect(drawer.locator(".book-soonest button").first).to_be_visible()
    album.take("walk-in")
    drawer.locator(".book-soonest button").first.click()
    expect(page.get_by_role("status").filter(has_text="Booked: Dan Fox")).to_be_visible()


def call_back(page: Page, album: Album) -> None:
    page.evaluate(NO_TELEPHONE)
    page.get_by_role("link", name="Call Ann Lee").click()
    note = page.get_by_label("What came of it, Ann Lee")
    expect(note).to_be_focused()
    page.keyboard.type("Comes at three")
    album.take("callback")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Done: Ann Lee.")).to_be_visible()


def move_a_visit(page: Page, front: FrontDesk, album: Album) -> None:
    page.set_viewport_size({"width": 1280, "height": 1000})
    page.goto(f"{front.address}/admin/calendar/")
    drag(page, visit(page, "Cat Ruiz"), down=AN_HOUR * 2.5)
    expect(page.locator("#desk-toast")).to_contain_text("15:30 with Dr. Ada Moss")
    expect(visit(page, "Cat Ruiz")).to_contain_text("15:30-16:00")
    album.take("moved")


def look_on_a_telephone_and_in_the_dark(page: Page, front: FrontDesk, album: Album) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{front.address}/admin/")
    expect(page.get_by_text("Ben Ode")).to_be_visible()
    album.take("telephone")
    page.set_viewport_size({"width": 1280, "height": 800})
    page.emulate_media(color_scheme="dark")
    page.reload()
    expect(page.get_by_text("Ben Ode")).to_be_visible()
    album.take("dark")
