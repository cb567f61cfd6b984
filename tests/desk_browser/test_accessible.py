"""Every page of the front desk, as axe-core judges it, in both themes; and on a telephone."""

from playwright.sync_api import Page, TimeoutError, ViewportSize

from assistants.models import Call, ToolCall
from bookings.models import Callback, Practitioner, ServiceType
from tenants import organizations
from tests.accessibility import violations
from tests.browser import enter
from tests.desk_browser.conftest import FrontDesk

PAGES = [
    "",
    "calendar/",
    "calendar/?view=week",
    "calendar/?view=month",
    "inbox/",
    "close/",
    "phone/",
    "book/",
    "import/patients/",
    "import/appointments/",
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
    "bookings/bookingpolicy/",
    "bookings/feed/",
    "bookings/feed/add/",
    "assistants/call/",
    "assistants/toolcall/",
    "assistants/assistant/",
    "assistants/reception/",
    "assistants/callpolicy/",
    "assistants/transfernumber/add/",
    "auth/user/",
    "accounts/signinpolicy/add/",
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
# The bar with *Save* lies over the foot of the window. In a tall one it covers nothing.
WHOLE: ViewportSize = {"width": 1280, "height": 2400}
TELEPHONE: ViewportSize = {"width": 390, "height": 844}
FITS = "document.documentElement.scrollWidth <= innerWidth"
# As the theme's own switch does, at once and not little by little.
SWITCH = """theme => {
    document.styleSheets[0].insertRule("* { transition: none !important }");
    document.documentElement.classList.toggle("dark", theme === "dark");
}"""
THEMES = ("dark", "light")


def test_axe_finds_nothing(page: Page, front: FrontDesk) -> None:
    enter(page, front.address, front.made)
    with organizations.within(front.organization):
        of_rows = pages_of_rows(front)
    page.set_viewport_size(WHOLE)

    found = []
    for path in [*PAGES, *of_rows]:
        page.goto(f"{front.address}/admin/{path}")
        for theme in THEMES:
            page.evaluate(SWITCH, theme)
            found += [f"{path} ({theme}): {wrong}" for wrong in violations(page)]
        found += [f"{path}: no icon {name}" for name in page.evaluate(LETTERS)]
        found += too_wide(page, path)

    assert not found, "\n".join(found)


def pages_of_rows(front: FrontDesk) -> list[str]:
    """A row of each kind, with words that are long; and its pages."""
    visit, said = front.visits["Ben Ode"], "a receipt for the treatment of my younger brother " * 3
    name, conversation = "Ann " + "Featherstonehaugh" * 2, "0190c5d8-72f6-7e3a-9f14-0b6f6d0c2a51"
    asked = Callback.objects.create(name=name, phone="+12025550177", reason=said)
    visit.patient.waiting.create(service=ServiceType.objects.get(name="Cleaning"))
    call = Call.objects.create(conversation=conversation, summary=said, transcript=f"User: {said}")
    ToolCall.objects.create(
        conversation=conversation,
        tool="book_appointment",
        outcome="Booked",
        sentence=said,
        arguments={"service": "cleaning", "patient_name": "Ben Ode"},
        appointment=visit,
    )
    ada = Practitioner.objects.get(name="Dr. Ada Moss").pk
    return [
        f"bookings/patient/{visit.patient_id}/change/",
        f"bookings/appointment/{visit.pk}/change/",
        f"bookings/appointment/{visit.pk}/history/",
        f"move/?visit={visit.pk}",
        f"bookings/callback/{asked.pk}/change/",
        f"bookings/practitioner/{ada}/change/",
        f"assistants/call/{call.pk}/change/",
        f"same/{visit.patient_id}/",
        f"week/{ada}/",
    ]


def too_wide(page: Page, path: str) -> list[str]:
    """Whether it reaches over the right edge of a telephone, once its plots are drawn anew."""
    page.set_viewport_size(TELEPHONE)
    try:
        page.wait_for_function(FITS, timeout=3_000)
    except TimeoutError:
        width = page.evaluate("document.documentElement.scrollWidth")
        return [f"{path}: is {width} pixels wide on a telephone"]
    finally:
        page.set_viewport_size(WHOLE)
    return []
