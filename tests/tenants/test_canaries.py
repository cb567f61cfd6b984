"""Three clinics with the same keys, numbers and call ids; whatever is opened in one is its own.

Every clinic holds one of everything, and all its names carry the clinic's mark: the canary. Nothing
that is answered in one clinic may carry another's.
"""

import io
import json
from collections.abc import Iterator
from contextlib import redirect_stdout
from dataclasses import dataclass
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from assistants.provisioning.onboarding import Onboarded
from bookings.models import Appointment, Patient
from tenants import organizations
from tenants.models import Organization
from tenants.sites import front_desk
from tests.conftest import BEN, ELM_STREET, EVERY_WEEKDAY, Committed, Door, onboarded, tool_calls
from tests.desk import settle
from tests.everything import SAME, put_one_of_everything
from tests.tools import TOOLS, needed

pytestmark = pytest.mark.usefixtures("monday")

MARKS = ("Heron", "Osprey", "Wagtail")


@dataclass
class Clinic:
    """A clinic, its mark, and both doors to it."""

    organization: Organization
    mark: str
    door: Door
    desk: Client

    @property
    def foreign(self) -> set[str]:
        return set(MARKS) - {self.mark}

    def assert_own(self, text: str, where: str) -> None:
        assert not [mark for mark in self.foreign if mark.casefold() in text.casefold()], where


@pytest.fixture(scope="module")
def clinics(django_db_setup: None, django_db_blocker: Any) -> Iterator[list[Clinic]]:
    with onboarded(django_db_blocker) as make:
        yield [
            furnished(make(f"same_{mark.lower()}", clinic=described(mark)), mark) for mark in MARKS
        ]


def described(mark: str) -> dict[str, Any]:
    return {
        **ELM_STREET,
        "assistant": {"name": mark, "personality": f"You speak for {mark}."},
        "rooms": [{"name": f"Room {mark}"}],
        "services": [{"name": f"Cleaning {mark}", "minutes": 30, "aliases": ["cleaning"]}],
        "practitioners": [
            {
                "name": f"Dr. {mark}",
                "services": [f"Cleaning {mark}"],
                "hours": EVERY_WEEKDAY,
            }
        ],
    }


def furnished(made: Onboarded, mark: str) -> Clinic:
    """The org with one row of everything, with the same keys in all three orgs."""
    organization = organizations.get(made.org)
    with organizations.within(organization):
        put_one_of_everything(mark)
        staff = get_user_model().objects.get()
        staff.groups.clear()  # they chose a password of their own long ago
        desk = Client(headers={"Host": made.domain})
        settle(staff)
        desk.force_login(staff)
    return Clinic(organization, mark, Door(Client(), made.domain, made.secret), desk)


# --- the voice

ASKED: dict[str, dict[str, str]] = {
    "check_availability": {"service": "cleaning", "date": "2026-12-03"},
    "find_appointments": {},
    "reschedule_appointment": {"start": "2026-12-04T09:00", "reference": "SAME2"},
    "book_appointment": {
        "service": "cleaning", "start": "2026-12-07T09:00", "patient_name": "Ben New",
    },
    "cancel_appointment": {"reference": "SAME2"},
    "did_that_go_through": {},
    "request_callback": {"name": "Ben New"},
    "join_waitlist": {"service": "cleaning", "patient_name": "Ben New"},
    "clinic_info": {"topic": "practitioners"},
    "transfer_to_staff": {"reason": "billing"},
}  # fmt: skip
ASKED.update({tool: needed(tool) for tool in TOOLS if tool not in ASKED})


@pytest.mark.parametrize("number", range(3))
def test_every_tool_answers_with_the_clinics_own(number: int, clinics: list[Clinic]) -> None:
    """M01: the same call id, tool call ids and number at each of the three."""
    clinic = clinics[number]
    with organizations.within(clinic.organization):
        before = rows(others(clinics, number))
        for tool, said in ASKED.items():
            request = {"id": f"call_{tool}", "tool": tool, "arguments": said}
            answer = clinic.door.post(tool_calls(request, call_id="call-1")).json()
            [result] = answer["results"]
            clinic.assert_own(result["result"], tool)
            assert "trouble" not in result["result"]
    with organizations.within(clinic.organization):
        assert Appointment.objects.get(pk=SAME).status == "cancelled"
        assert Appointment.objects.filter(patient__name="Ben New").count() == 1
    assert rows(others(clinics, number)) == before


def others(clinics: list[Clinic], number: int) -> list[Clinic]:
    return [clinic for index, clinic in enumerate(clinics) if index != number]


def rows(clinics: list[Clinic]) -> list[list[str]]:
    """Everything that is written in these clinics."""
    found = []
    for clinic in clinics:
        with organizations.within(clinic.organization):
            found.append(
                [
                    f"{model.__name__} {row}"
                    for app in ("bookings", "assistants")
                    for model in apps.get_app_config(app).get_models()
                    for row in model._default_manager.order_by("pk").values()
                ]
            )
    return found


# --- the front desk

# What only the assistant writes.
NEVER_ADDED = {
    f"/admin/{model}/add/"
    for model in (
        "assistants/call",
        "assistants/clinicnumber",
        "assistants/promptversion",
        "assistants/toolcall",
    )
}
# What a clinic has one of: in place of a list is its form; the page to add one leads to it.
ONE = {f"/admin/{model}/add/" for model in ("assistants/reception", "bookings/bookingpolicy")}
ONE |= {
    f"/admin/{model}/"
    for model in (
        "accounts/signinpolicy",
        "assistants/callpolicy",
        "assistants/reception",
        "bookings/bookingpolicy",
    )
}


def pages() -> list[str]:
    """The pages of every model that staff see: the list, a search of it, the empty form, and each
    row's pages."""
    found = [reverse("admin:index", urlconf="config.urls")]
    for model, admin in front_desk._registry.items():
        options = model._meta
        base = f"/admin/{options.app_label}/{options.model_name}/"
        found += [f"{base}?when=all" if model is Appointment else base, f"{base}add/"]
        found += [f"{base}?q=e"] if admin.search_fields else []
        found += [f"{base}{row.pk}/change/" for row in model._default_manager.all()]
        found += [f"{base}{row.pk}/history/" for row in model._default_manager.all()]
    return found


@pytest.mark.parametrize("number", range(3))
def test_every_page_shows_the_clinics_own(number: int, clinics: list[Clinic]) -> None:
    """M01: every list, form, search, row and history of the front desk."""
    clinic = clinics[number]
    with organizations.within(clinic.organization):
        paths = pages()
    own = 0
    for path in paths:
        response = clinic.desk.get(path)
        expected = 403 if path in NEVER_ADDED else 302 if path in ONE else 200
        assert response.status_code == expected, path
        text = response.content.decode()
        clinic.assert_own(text, path)
        own += clinic.mark in text
    assert own > 20


# --- the commands


@pytest.mark.parametrize("number", range(3))
@pytest.mark.parametrize(
    ("command", "more"),
    [
        ("print_prompt", []),
        ("load_holidays", []),
        ("export_patients", []),
        ("rotate_secret", []),
        (
            "book_appointment",
            [
                "--name=Ben Shell",
                f"--phone={BEN}",
                "--service=cleaning",
                "--start=2026-12-08T09:00",
            ],
        ),
    ],
)
def test_every_command_works_in_the_clinic_it_names(
    command: str, more: list[str], number: int, clinics: list[Clinic]
) -> None:
    """M01."""
    clinic, written = clinics[number], io.StringIO()
    before = rows(others(clinics, number))

    with redirect_stdout(written):
        call_command(command, clinic.organization.slug, *more, stdout=written)

    clinic.assert_own(written.getvalue(), command)
    assert written.getvalue()
    assert rows(others(clinics, number)) == before


def test_one_number_is_a_patient_at_each_and_neither_reads_the_other(committed: Committed) -> None:
    """P05."""
    made = [committed(), committed()]
    for one, name in zip(made, ("Ben Heron", "Ben Osprey"), strict=True):
        door = Door(Client(), one.domain, one.secret)
        said = {"service": "cleaning", "start": "2026-12-03T14:30", "patient_name": name}
        with organizations.within(organizations.get(one.org)):
            for tool, arguments in (("book_appointment", said), ("find_appointments", {})):
                body = tool_calls({"id": tool, "tool": tool, "arguments": arguments})
                heard = json.dumps(door.post(body).json())
                assert heard.count("Thursday, December 3") == 1

    for one, name in zip(made, ("Ben Heron", "Ben Osprey"), strict=True):
        with organizations.within(organizations.get(one.org)):
            assert [(row.name, row.phone) for row in Patient.objects.all()] == [(name, BEN)]
