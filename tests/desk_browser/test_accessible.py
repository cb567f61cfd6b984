"""Every page of the front desk, as axe-core judges it, in both themes; and on a telephone."""

from playwright.sync_api import Page

from bookings.models import Patient
from tenants import organizations
from tests.accessibility import violations
from tests.browser import enter
from tests.desk_browser.conftest import FrontDesk

PAGES = [
    "",
    "calendar/",
    "inbox/",
    "phone/",
    "book/",
    "bookings/appointment/",
    "bookings/appointment/add/",
    "bookings/callback/",
    "bookings/callback/add/",
    "bookings/waitlistentry/",
    "bookings/waitlistentry/add/",
    "bookings/patient/",
    "bookings/patient/add/",
    "bookings/practitioner/",
    "bookings/practitioner/add/",
    "bookings/servicetype/add/",
    "bookings/room/add/",
    "bookings/closure/",
    "bookings/closure/add/",
    "bookings/opening/add/",
    "bookings/bookingpolicy/add/",
    "bookings/feed/",
    "bookings/feed/add/",
    "assistants/call/",
    "assistants/toolcall/",
    "assistants/assistant/",
    "assistants/reception/add/",
    "assistants/callpolicy/add/",
    "assistants/transfernumber/add/",
    "auth/user/",
    "password_change/",
]
# An icon that the font does not have is drawn as the letters of its name.
LETTERS = """() => document.fonts.ready.then(() => [
    ...document.querySelectorAll(".material-symbols-outlined")].filter((icon) => {
        const text = document.createRange();
        text.selectNodeContents(icon);
        const size = parseFloat(getComputedStyle(icon).fontSize);
        return text.getBoundingClientRect().width > 1.5 * size;
    }).map((icon) => icon.textContent.trim()))"""
# As the theme's own switch does, at once and not little by little.
SWITCH = """theme => {
    document.styleSheets[0].insertRule("* { transition: none !important }");
    document.documentElement.classList.toggle("dark", theme === "dark");
}"""
THEMES = ("dark", "light")


def test_axe_finds_nothing(page: Page, front: FrontDesk) -> None:
    enter(page, front.address, front.made)
    with organizations.within(front.organization):
        patient = Patient.objects.get(name="Ben Ode")
        visit = front.visits["Ben Ode"]

    found = []
    for path in [
        *PAGES,
        f"bookings/patient/{patient.pk}/change/",
        f"bookings/appointment/{visit.pk}/change/",
        f"bookings/appointment/{visit.pk}/history/",
    ]:
        page.goto(f"{front.address}/admin/{path}")
        for theme in THEMES:
            page.evaluate(SWITCH, theme)
            found += [f"{path} ({theme}): {wrong}" for wrong in violations(page)]
        found += [f"{path}: no icon {name}" for name in page.evaluate(LETTERS)]

    assert not found, "\n".join(found)
