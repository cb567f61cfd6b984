"""A browser, headless Chromium; and who is signed in in it."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.test import Client
from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, sync_playwright

from assistants.provisioning.onboarding import Onboarded
from tenants import organizations
from tests.desk import settle

# The shell, which has no windows, takes a seventh less CPU (Chromium 150).
CHROMIUM = shutil.which("chromium-headless-shell") or shutil.which("chromium")
# Offline, and as root in a container.
SWITCHES = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

# The machine has none that a link could open.
NO_TELEPHONE = """addEventListener("click", (event) => {
  if (event.target.closest("[href^=tel]")) event.preventDefault();
})"""


@contextmanager
def started() -> Iterator[Browser]:
    if CHROMIUM is None:
        if os.environ.get("CI"):
            pytest.fail("CI installs chromium-headless-shell")
        pytest.skip("Debian's chromium is not installed")
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        # Playwright keeps an event loop in this thread; the ORM is used beside it, never within.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=SWITCHES)
        yield opened
        opened.close()


@contextmanager
def tab_of(browser: Browser) -> Iterator[Page]:
    """A tab for many tests, one after the other, each of which clears it.

    A page in a new tab takes 1.0 s of CPU, in an old one 0.3 s (Chromium 156): there its process
    runs already, and has our scripts and styles.
    """
    with browser.new_context(timezone_id="America/New_York") as context:
        yield context.new_page()


def clear(page: Page) -> None:
    """As a new tab: on no page, with nothing stored, nobody signed in, of the usual size."""
    if page.url.startswith("http"):
        page.wait_for_load_state()
        page.evaluate("localStorage.clear(); sessionStorage.clear()")
    page.goto("about:blank")
    page.context.clear_cookies()
    page.unroute_all()
    page.set_viewport_size({"width": 1280, "height": 720})
    page.emulate_media(media="null", color_scheme="null")


def is_refused(said: ConsoleMessage) -> bool:
    """Whether the browser kept to the policy of the page, and left something out."""
    return "Content Security Policy" in said.text


def is_broken(status: int) -> bool:
    """A refusal is an answer that a page expects."""
    return status >= 400 and status != 409


def enter(page: Page, address: str, made: Onboarded, user: str = "") -> None:
    """Signed in already, with a password of their own, as on any other day; the first account of
    the clinic, or another one."""
    with organizations.within(organizations.get(made.org)):
        desk = Client(headers={"Host": made.domain})
        somebody = get_user_model().objects.get(username=user or made.admin_email)
        settle(somebody)
        desk.force_login(somebody)
    cookie = desk.cookies[settings.SESSION_COOKIE_NAME]
    page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": address}])


def box_of(one: Locator) -> dict[str, float]:
    """Where it is; it is waited for, since it may be drawn anew."""
    box: dict[str, float] = one.evaluate("element => element.getBoundingClientRect().toJSON()")
    return box


def boxes_of(*these: Locator) -> list[dict[str, float]]:
    """Where they are at one and the same moment: a page may move between two questions."""
    measured = """these => these.every((one) => one.isConnected)
        && these.map((one) => one.getBoundingClientRect().toJSON())"""
    while True:
        handles = [one.element_handle() for one in these]
        if boxes := these[0].page.evaluate(measured, handles):  # else drawn anew meanwhile
            return list(boxes)


def drag(page: Page, from_: Locator, *, right: float = 0, down: float = 0, at: float = 0.5) -> None:
    """Pull it by so many pixels; `at` is where it is held, from its top (0) to its end (1)."""
    box = box_of(from_)
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] * at
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + right / 2, y + down / 2, steps=5)
    page.mouse.move(x + right, y + down, steps=5)
    page.mouse.up()
