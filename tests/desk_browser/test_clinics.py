"""The operators' start page in a browser, at their own host: in both themes, and on a telephone."""

from collections.abc import Iterator

import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.test import Client
from playwright.sync_api import Page, expect

from tenants import organizations
from tests.accessibility import violations
from tests.desk_browser.conftest import FrontDesk


@pytest.fixture
def address(page: Page, front: FrontDesk) -> Iterator[str]:
    """Of the operators' admin, where an operator is signed in."""
    organizations.leave()
    address = front.address.replace(front.made.domain, settings.OPERATORS_HOST)
    operator = get_user_model().objects.create_superuser("operator")
    client = Client(headers={"Host": settings.OPERATORS_HOST})
    client.force_login(operator)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": address}])
    yield f"{address}/admin/"
    organizations.leave()
    operator.delete()


def test_a_clinic_is_looked_over_and_opened(page: Page, front: FrontDesk, address: str) -> None:
    page.goto(address)
    clinic = page.locator(f"#clinic-{front.organization.pk}")
    expect(clinic).to_contain_text("never asked")

    clinic.get_by_role("button", name="Look over").click()
    expect(page.get_by_text("was looked over. Wrong: nothing.")).to_be_visible()
    expect(clinic).to_contain_text("✓ nothing is wrong")
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        page.reload()
        assert violations(page) == []
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    page.keyboard.press("n")  # which opens the drawer at a clinic's desk
    expect(page.get_by_role("dialog")).to_have_count(0)

    clinic.get_by_role("link", name=front.organization.name).click()
    expect(page.locator("#id_name")).to_have_value(front.organization.name)
