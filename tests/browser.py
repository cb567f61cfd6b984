"""A browser, headless Chromium; and who is signed in in it."""

import shutil

from django.conf import settings
from django.contrib.auth import get_user_model
from django.test import Client
from playwright.sync_api import ConsoleMessage, Page

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
