"""The pages as a person sees them: headless Chromium, real HTTP, no script that fails."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.test import Client, RequestFactory
from playwright.sync_api import Page, Route, expect

from assistants.models import Assistant, Call, CallPolicy, PromptVersion, Reception
from assistants.prompts import versions
from assistants.provisioning.onboarding import Onboarded
from bookings.models import Appointment, Opening, Patient, Practitioner, Room, ServiceType
from tenants import organizations
from tenants.accounts.models import SignInPolicy
from tenants.models import Organization
from tenants.sites import front_desk, operators
from tests.browser import boxes_of, clear, enter, tab_of
from tests.conftest import Committed, Server, onboarded
from tests.everything import put_one_of_everything
from tests.visits import booked

if TYPE_CHECKING:
    from playwright.sync_api import Browser


@pytest.fixture(scope="module")
def clinic(django_db_setup: None, django_db_blocker: Any) -> Iterator[Onboarded]:
    with onboarded(django_db_blocker) as make:
        made = make()
        with organizations.within(organizations.get(made.org)):
            Patient.objects.create(name="Ben Ode", phone="+12025550177")
            Patient.objects.create(name="Cat Ruiz", phone="+12025550188")
        yield made


def sign_in(page: Page, address: str, made: Onboarded) -> None:
    page.goto(f"{address}/admin/")
    page.fill("input[name=username]", made.admin_email)
    page.fill("input[name=password]", made.admin_password)
    page.click("button[type=submit]")
    expect(page.get_by_text("Please choose your own password")).to_be_visible()
    page.fill("input[name=old_password]", made.admin_password)
    for field in ("new_password1", "new_password2"):
        page.fill(f"input[name={field}]", "sunrise over elm")
    page.press("input[name=new_password2]", "Enter")
    expect(page.get_by_text("Your password was changed")).to_be_visible()


def book(page: Page, address: str, patient: str, day: str) -> None:
    page.goto(f"{address}/admin/bookings/appointment/add/")
    page.locator("#id_patient + .select2").click()
    page.locator(".select2-search__field").fill(patient)
    page.locator(".select2-results__option", has_text=patient).click()
    page.select_option("#id_service", label="Cleaning")
    page.select_option("#id_practitioner", label="Dr. Ada Moss")
    page.fill("#id_start_0", day)
    page.fill("#id_start_1", "14:30:00")
    page.click("button[name=_save]")


def test_the_front_desk_books_and_is_told_of_a_lost_race(
    page: Page, clinic: Onboarded, server: Server
) -> None:
    address = f"http://{clinic.domain}:{server.port}"
    now = organizations.get(clinic.org).now()
    day = f"{now + timedelta(days=(2 - now.weekday()) % 7 + 7):%Y-%m-%d}"
    sign_in(page, address, clinic)

    book(page, address, "Ben Ode", day)
    expect(page.get_by_text("was added successfully")).to_be_visible()

    book(page, address, "Cat Ruiz", day)
    expect(page.get_by_text("This time is taken. Nearest free:")).to_be_visible()
    assert names(clinic) == ["Ben Ode"]


def names(made: Onboarded) -> list[Any]:
    with organizations.within(organizations.get(made.org)):
        return list(Appointment.objects.occupying().values_list("patient__name", flat=True))


def test_every_page_of_the_front_desk_is_whole(
    page: Page, clinic: Onboarded, server: Server
) -> None:
    address = f"http://{clinic.domain}:{server.port}"
    enter(page, address, clinic)
    page.goto(f"{address}/admin/")
    paths = page.locator("aside a, nav a").evaluate_all("links => links.map(link => link.pathname)")
    lists = {path for path in paths if path.startswith("/admin/") and path.count("/") == 4}
    assert len(lists) >= 8

    for path in sorted(lists):
        page.goto(address + path)
        # A list, or the form of what there is one of.
        expect(page.locator("#changelist, #content-main form").first).to_be_visible()


def test_two_patients_who_are_one_are_merged(
    page: Page, committed: Committed, server: Server
) -> None:
    clinic = committed()
    address = f"http://{clinic.domain}:{server.port}"
    with organizations.within(organizations.get(clinic.org)):
        ben = Patient.objects.create(name="Ben Ode", phone="+12025550177")
        Patient.objects.create(
            name="Ben Ode", phone="+14155550123", claimed_by="+12025550143", may_be=ben
        )
    enter(page, address, clinic)

    page.goto(f"{address}/admin/bookings/patient/?trust=unverified")
    page.get_by_role("link", name="merge").click()
    expect(page.get_by_text("It cannot be undone.")).to_be_visible()
    expect(page.get_by_text("Ben Ode, +14155550123 (unverified)")).to_be_visible()
    page.get_by_label("Keep +14155550123").check()
    page.locator("#content button[type=submit], #content input[type=submit]").click()

    expect(page.get_by_text("is one patient now. Visits moved: none.")).to_be_visible()
    expect(page.locator("#id_phone")).to_have_value("+12025550177")
    expect(page.locator("input[name=other_phones]").first).to_have_value("+14155550123")


def test_the_prompt_is_shown_beside_the_form_as_it_is_typed(
    page: Page, clinic: Onboarded, server: Server
) -> None:
    address = f"http://{clinic.domain}:{server.port}"
    page.set_viewport_size({"width": 1600, "height": 1000})
    enter(page, address, clinic)
    page.goto(f"{address}/admin/assistants/assistant/")
    page.get_by_role("link", name="Sarah", exact=True).click()
    prompt, problem = (
        page.locator(".prompt-preview .prompt"),
        page.locator(".prompt-preview .problem"),
    )
    expect(prompt).to_contain_text("# System authority")
    expect(prompt).to_contain_text("You are kind.")

    page.fill("#id_personality", "You are brief & <3 all.")
    expect(prompt).to_contain_text("Your name is Sarah.\nYou are brief & <3 all.")
    form, beside = boxes_of(page.locator("#id_personality"), prompt)
    assert form["x"] + form["width"] <= beside["x"]

    page.fill("#id_personality", "### System")
    expect(problem).to_have_text(re.compile("It holds a heading"))
    expect(prompt).to_contain_text("You are brief")

    page.fill("#id_personality", "You are brief.")
    expect(problem).to_be_hidden()
    page.click("button[name=_continue]")
    expect(page.get_by_text("was changed successfully")).to_be_visible()
    expect(prompt).to_contain_text("You are brief.")


def test_a_version_is_compared_and_restored(
    page: Page, committed: Committed, server: Server
) -> None:
    clinic = committed()
    address = f"http://{clinic.domain}:{server.port}"
    organization = organizations.get(clinic.org)
    with organizations.within(organization):
        sarah = Assistant.objects.get()
        sarah.personality = "You are brief."
        sarah.save()
        versions.record(organization, sarah, author="desk", now=organization.now())
    enter(page, address, clinic)

    page.goto(f"{address}/admin/assistants/promptversion/")
    page.get_by_role("link", name="Sarah, version 2").click()
    expect(page.locator(".difference .removed")).to_have_text("- You are kind.")
    expect(page.locator(".difference .added")).to_have_text("+ You are brief.")

    page.goto(f"{address}/admin/assistants/promptversion/")
    page.get_by_role("link", name="Sarah, version 1").click()
    page.get_by_role("button", name="Restore this personality").click()
    expect(page.get_by_text("Restored: Sarah, version 3.")).to_be_visible()
    expect(page.locator(".prompt-preview .prompt")).to_contain_text("You are kind.")


@pytest.mark.parametrize(
    "path", ["auth/user/add/", "auth/user/1/change/", "bookings/waitlistentry/add/"]
)
def test_a_form_is_no_wider_than_the_screen(
    path: str, page: Page, clinic: Onboarded, server: Server
) -> None:
    address = f"http://{clinic.domain}:{server.port}"
    enter(page, address, clinic)

    page.goto(f"{address}/admin/{path}")

    overflow = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert page.evaluate(overflow) == 0


def test_what_removes_a_stretch_of_hours_is_seen_without_scrolling_sideways(
    page: Page, clinic: Onboarded, server: Server
) -> None:
    address = f"http://{clinic.domain}:{server.port}"
    enter(page, address, clinic)

    page.goto(f"{address}/admin/bookings/practitioner/1/change/")

    box = page.locator("td.delete").first.bounding_box()
    assert box is not None
    assert box["x"] + box["width"] <= 1280


def test_the_openapi_page_asks_no_other_host(page: Page, server: Server) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    address = f"http://localhost:{server.port}"

    page.goto(f"{address}/api/docs/")

    expect(page.get_by_text("A message of Vapi's")).to_be_visible()
    expect(page.get_by_text("Whether this process reaches its database")).to_be_visible()
    assert all(url.startswith((address, "data:")) for url in asked)


# --- questions


def test_a_question_can_be_answered_with_no(
    page: Page, committed: Committed, server: Server
) -> None:
    clinic = committed()
    address = f"http://{clinic.domain}:{server.port}"
    with organizations.within(organizations.get(clinic.org)):
        ben = Patient.objects.create(name="Ben Ode", phone="+12025550177")
        cat = Patient.objects.create(name="Cat Ruiz", phone="+12025550188")
    enter(page, address, clinic)
    page.goto(f"{address}/admin/bookings/patient/")

    page.goto(f"{address}/admin/bookings/patient/{ben.pk}/merge/{cat.pk}/")
    page.get_by_text("No, take me back").click()

    expect(page).to_have_url(f"{address}/admin/bookings/patient/")
    with organizations.within(organizations.get(clinic.org)):
        assert Patient.objects.count() == 2


# --- the Content-Security-Policy


def test_no_page_of_the_front_desk_breaks_its_policy(
    page: Page, committed: Committed, server: Server
) -> None:
    """Lists, forms, histories and deletions of every kind of row; `page` fails on a violation."""
    clinic = committed()
    address = f"http://{clinic.domain}:{server.port}"
    with organizations.within(organizations.get(clinic.org)):
        Practitioner.objects.exclude(name="Dr. Ada Moss").delete()
        ServiceType.objects.exclude(name="Cleaning").delete()
        put_one_of_everything("Heron")
        Room.objects.create(name="One")
        CallPolicy.objects.create()
        SignInPolicy.objects.create()
        Call.objects.create(conversation="call-1", transcript="User: Hello.")
        paths = [path for row in rows_of_pages() for path in pages_of(row)]
        visit = Appointment.objects.get()
        change = visit.changes.create(
            kind="booked", at=visit.created, practitioner=visit.practitioner,
            start=visit.start, end=visit.end, status="booked",
        )  # fmt: skip
        cat = Patient.objects.create(name="Cat Ruiz", phone="+12025550188")
    paths += [
        "password_change/",
        f"bookings/appointment/undo/{change.pk}/",
        f"bookings/patient/{visit.patient_id}/merge/{cat.pk}/",
    ]
    page.goto(f"{address}/admin/login/")
    enter(page, address, clinic)
    assert len(paths) > 50

    for path in paths:
        page.goto(f"{address}/admin/{path}")
        assert page.evaluate("typeof Alpine") == "object", path
        assert page.evaluate("document.querySelectorAll('[x-cloak]').length") == 0, path


def rows_of_pages() -> Iterator[Any]:
    for model in front_desk._registry:
        row = model._default_manager.first()
        assert row is not None, model
        yield row


def pages_of(row: Any) -> Iterator[str]:
    base, admin = f"{row._meta.app_label}/{row._meta.model_name}", front_desk._registry[type(row)]
    somebody = RequestFactory().get("/")
    somebody.user = get_user_model()(is_superuser=True, is_active=True)
    yield f"{base}/"
    yield f"{base}/{row.pk}/change/"
    yield f"{base}/{row.pk}/history/"
    if admin.has_add_permission(somebody):
        yield f"{base}/add/"
    if admin.has_delete_permission(somebody):
        yield f"{base}/{row.pk}/delete/"


def test_a_prompt_fits_a_telephones_screen(page: Page, clinic: Onboarded, server: Server) -> None:
    address = f"http://{clinic.domain}:{server.port}"
    enter(page, address, clinic)
    with organizations.within(organizations.get(clinic.org)):
        version = PromptVersion.objects.latest("number")
    page.set_viewport_size({"width": 390, "height": 844})

    page.goto(f"{address}/admin/assistants/promptversion/{version.pk}/change/")

    expect(page.locator(".difference")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") == 390


@pytest.mark.parametrize("is_kept", [True, False])
def test_a_script_that_was_injected_does_not_run(
    is_kept: bool, browser: "Browser", clinic: Onboarded, server: Server
) -> None:
    """The control: with the policy taken away, it does."""
    address = f"http://{clinic.domain}:{server.port}"
    injected = (
        '<script>window.injected = 1</script><img src="data:," onerror="window.injected = 1">'
    )

    def inject(route: Route) -> None:
        answer = Client(headers={"Host": clinic.domain}).get("/admin/login/")
        body = answer.content.decode().replace("</form>", f"</form>{injected}")
        kept = {"Content-Security-Policy": answer["Content-Security-Policy"]} if is_kept else {}
        route.fulfill(content_type="text/html", headers=kept, body=body)

    with browser.new_context() as context:
        opened = context.new_page()
        opened.route("**/admin/login/", inject)
        opened.goto(f"{address}/admin/login/")
        ran = opened.evaluate("window.injected")

    assert ran == (None if is_kept else 1)


# --- two browsers at one page


@dataclass(frozen=True, slots=True)
class Edit:
    """A page, what a colleague saves on it, and what is typed beside it meanwhile.

    By the selector of the field; "on" ticks it.
    """

    path: str
    theirs: dict[str, str]
    mine: dict[str, str]
    told: str
    host: str = ""


# One of every kind of page that is saved.
EDITS = {
    "a form": Edit(
        "bookings/patient/{patient}/change/",
        theirs={"#id_email": "ben@example.com"},
        mine={"#id_name": "Ben Oden"},
        told="email is now ben@example.com",
    ),
    "a form that books": Edit(
        "bookings/appointment/{visit}/change/",
        theirs={"#id_notes": "brings X-rays"},
        mine={"#id_start_1": "15:00"},
        told="notes is now brings X-rays",
    ),
    "a form that overrides": Edit(
        "bookings/appointment/{visit}/change/",
        theirs={"#id_notes": "brings X-rays"},
        mine={"#id_start_1": "21:00", "#id_over_hours": "on"},
        told="notes is now brings X-rays",
    ),
    "rows in a form": Edit(
        "bookings/practitioner/{practitioner}/change/",
        theirs={"#id_schedules-0-ends": "11:30"},
        mine={"#id_schedules-1-ends": "16:30"},
        told="its rows below",
    ),
    "the only row": Edit(
        "assistants/reception/1/change/",
        theirs={"#id_address": "One Elm Street"},
        mine={"#id_closing": "Goodbye then."},
        told="address is now One Elm Street",
    ),
    "the only row, before there is one": Edit(
        "bookings/bookingpolicy/add/",
        theirs={"#id_notice_minutes": "30"},
        mine={"#id_horizon_days": "80"},
        told="notice",
    ),
    "a day of the calendar": Edit(
        "bookings/opening/{opening}/change/",
        theirs={"#id_end_1": "21:00"},
        mine={"#id_start_1": "17:00"},
        told="end is now",
    ),
    "an account": Edit(
        "auth/user/{user}/change/",
        theirs={"#id_first_name": "Rosa"},
        mine={"#id_last_name": "Lind"},
        told="first name is now Rosa",
    ),
    "the prompt": Edit(
        "assistants/assistant/{assistant}/change/",
        theirs={"#id_first_message": "Good day, Elm Street."},
        mine={"#id_personality": "You are brief."},
        told="first message is now Good day, Elm Street.",
    ),
    "the operators' page": Edit(
        "tenants/organization/{organization}/change/",
        theirs={"#id_name": "Elm Street Dental"},
        mine={"#id_phone_region": "CA"},
        told="name is now Elm Street Dental",
        host="localhost",
    ),
}


@pytest.fixture
def rows(committed: Committed) -> Iterator[dict[str, Any]]:
    """The rows of a clinic with something on every page, by the word that stands for each in a
    path."""
    made = committed()
    organization = organizations.get(made.org)
    with organizations.within(organization):
        ada = Practitioner.objects.get(name="Dr. Ada Moss")
        ben = Patient.objects.create(name="Ben Ode", phone="+12025550177")
        cat = Patient.objects.create(name="Cat Ruiz", phone="+12025550188")
        visit = book_in(organization, ben)
        day = visit.start + timedelta(days=3)
        opening = Opening.objects.create(
            practitioner=ada, start=day.replace(hour=22), end=day.replace(hour=23)
        )
        Reception.objects.create()
        sarah = Assistant.objects.get()
        found = {
            "made": made, "organization": organization.pk, "practitioner": ada.pk,
            "patient": ben.pk, "other": cat.pk, "visit": visit.pk, "opening": opening.pk,
            "change": visit.changes.get().pk, "assistant": sarah.pk,
            "version": sarah.versions.get().pk,
            "user": get_user_model().objects.get(username=made.admin_email).pk,
        }  # fmt: skip
    yield found
    organizations.leave()
    get_user_model().objects.filter(username__in=STAFF).delete()


def book_in(organization: Organization, patient: Patient) -> Appointment:
    """Next week, on a Wednesday at half past two."""
    now = organization.now()
    ahead = now + timedelta(days=(2 - now.weekday()) % 7 + 7)
    return booked(
        ServiceType.objects.get(name="Cleaning"),
        patient,
        ahead.replace(hour=14, minute=30, second=0, microsecond=0),
        now,
        source="staff",
        by="rosa",
    )


STAFF = ("maria", "zoe")


@pytest.fixture(scope="module")
def tabs(browser: "Browser") -> Iterator[list[Page]]:
    """Maria's and Zoe's."""
    with tab_of(browser) as marias, tab_of(browser) as zoes:
        yield [marias, zoes]


@pytest.fixture
def two(tabs: list[Page], rows: dict[str, Any], server: Server) -> Iterator[Callable[..., Any]]:
    """Maria's browser and Zoe's, each at the page."""

    def opened(path: str, host: str = "") -> list[Page]:
        address = f"http://{host or rows['made'].domain}:{server.port}"
        for name, tab in zip(STAFF, tabs, strict=True):
            tab.context.add_cookies([signed_in(name, host, rows["made"], address)])
            tab.goto(f"{address}/admin/{path.format(**rows)}")
        return tabs

    yield opened
    for tab in tabs:
        clear(tab)


def signed_in(name: str, host: str, made: Onboarded, address: str) -> Any:
    organizations.leave()
    if not host:
        organizations.get(made.org).activate()
    desk = Client(headers={"Host": host or made.domain})
    desk.force_login(get_user_model().objects.create_superuser(name))
    organizations.leave()
    cookie = desk.cookies[settings.SESSION_COOKIE_NAME]
    return {"name": cookie.key, "value": cookie.value, "url": address}


def type_in(page: Page, fields: dict[str, str]) -> None:
    for selector, value in fields.items():
        if value == "on":
            page.check(selector)
        else:
            page.fill(selector, value)


def expect_typed(page: Page, fields: dict[str, str]) -> None:
    for selector, value in fields.items():
        if value == "on":
            expect(page.locator(selector)).to_be_checked()
        else:
            expect(page.locator(selector)).to_have_value(value)


@pytest.mark.parametrize("kind", EDITS)
def test_of_two_browsers_at_one_page_neither_loses_anything(
    kind: str, two: Callable[..., list[Page]]
) -> None:
    """The second user to save is told what changed, by whom and when. Saving again keeps both."""
    edit = EDITS[kind]
    maria, zoe = two(edit.path, edit.host)
    type_in(maria, edit.theirs)
    type_in(zoe, edit.mine)

    maria.click("button[name=_save]")
    expect(maria.get_by_text("successfully")).to_be_visible()
    zoe.click("button[name=_save]")

    refusal = zoe.get_by_text("Changed since you opened this page, by maria on")
    expect(refusal).to_be_visible()
    expect(refusal).to_contain_text(edit.told)
    expect_typed(zoe, {**edit.theirs, **edit.mine})
    zoe.click("button[name=_save]")
    expect(zoe.get_by_text("was changed successfully")).to_be_visible()
    maria.go_back()
    maria.reload()
    kept = {name: value for name, value in edit.mine.items() if value != "on"}
    expect_typed(maria, {**edit.theirs, **kept})


def cancel_the_visit(page: Page) -> None:
    page.check(".action-select")
    page.select_option("select[name=action]", "cancel")
    page.click("button[name=index], button[title='Run the selected action']")


ANSWER = "#content button[type=submit], #content input[type=submit]"
# Pages that ask, what opens the question there, and what the second one to say yes is told.
QUESTIONS = {
    "cancel": (
        "bookings/appointment/?when=all",
        cancel_the_visit,
        "It has been changed since you looked: cancelled by maria",
    ),
    "undo": (
        "bookings/appointment/undo/{change}/",
        None,
        "It has been changed since you looked: undone by maria",
    ),
    "merge": ("bookings/patient/{patient}/merge/{other}/", None, "One of the two is gone"),
    "delete": ("bookings/opening/{opening}/delete/", None, "Perhaps it was deleted?"),
}


@pytest.mark.parametrize("kind", QUESTIONS)
def test_of_two_browsers_at_one_question_the_first_answer_counts(
    kind: str, two: Callable[..., list[Page]]
) -> None:
    path, ask, told = QUESTIONS[kind]
    maria, zoe = two(path)
    for page in (maria, zoe):
        if ask:
            ask(page)

    maria.locator(ANSWER).last.click()
    expect(maria.get_by_text(told)).to_be_hidden()
    zoe.locator(ANSWER).last.click()

    expect(zoe.get_by_text(told)).to_be_visible()


def test_rows_are_edited_on_no_list() -> None:
    """Otherwise a list would be one more page that two browsers can save."""
    for site in (front_desk, operators):
        assert all(not admin.list_editable for admin in site._registry.values())
