"""A browser, headless Chromium; and who is signed in in it."""

import shutil

from django.conf import settings
from django.contrib.auth import get_user_model
from django.test import Client
from playwright.sync_api import ConsoleMessage, Locator, Page

from assistants.provisioning.onboarding import Onboarded
from tenants import organizations
from tests.desk import settle

CHROMIUM = shutil.which("chromium")
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


def drag(page: Page, from_: Locator, *, right: float = 0, down: float = 0, at: float = 0.5) -> None:
    """Pull it by so many pixels; `at` is where it is held, from its top (0) to its end (1)."""
    box = box_of(from_)
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] * at
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + right / 2, y + down / 2, steps=5)
    page.mouse.move(x + right, y + down, steps=5)
    page.mouse.up()
