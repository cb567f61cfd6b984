"""The page of the phone assistant, drawn."""

from datetime import timedelta

from playwright.sync_api import Page, expect

from assistants.figures import HUNG_UP
from assistants.models import Call, ToolCall
from tenants import organizations
from tests.browser import enter
from tests.desk_browser.conftest import FrontDesk

# How many points of the plot are not empty.
DRAWN = """canvas => canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data
    .filter((value, index) => index % 4 == 3 && value > 0).length"""


def put_calls(front: FrontDesk) -> None:
    """Three a day in the last weeks: one that booked, one that failed, one that hung up."""
    with organizations.within(front.organization):
        for number in range(60):
            received = front.noon - timedelta(days=number // 3, hours=number % 3)
            outcome = ("Booked", "Fault", "Openings")[number % 3]
            Call.objects.create(
                conversation=str(number),
                received=received,
                started=received,
                ended=received + timedelta(minutes=2),
                cost="0.30",
                ended_reason=HUNG_UP,
            )
            ToolCall.objects.create(
                conversation=str(number),
                tool="any",
                outcome=outcome,
                sentence="The next free times are Tuesday at 9, 10 and 11 AM. Which suits you?",
                received=received,
                appointment=front.visits["Ben Ode"] if outcome == "Booked" else None,
            )


def test_the_manager_opens_the_calls_behind_a_figure(front: FrontDesk, page: Page) -> None:
    put_calls(front)
    enter(page, front.address, front.made)
    page.goto(f"{front.address}/admin/")

    page.get_by_role("link", name="Phone assistant").click()

    expect(page.get_by_text("2.0 a call")).to_be_visible()
    for canvas in page.locator("canvas.chart").all():
        expect(canvas).to_be_visible()
        assert canvas.evaluate(DRAWN) > 100
    page.get_by_role("link", name="calls: Failed").click()
    expect(page.locator("#result_list tbody tr")).to_have_count(20)
