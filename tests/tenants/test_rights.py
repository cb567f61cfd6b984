"""Rights: who may only look changes nothing, on any page, by any action, by any hand-made POST."""

from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.http import HttpRequest

from assistants.models import Assistant, CallPolicy, PromptVersion, Reception
from bookings import appointments
from bookings.models import Appointment, AppointmentChange, BookingPolicy, Patient
from tenants.accounts.models import SignInPolicy
from tenants.editing import ModelAdmin
from tenants.models import Organization
from tenants.sites import front_desk
from tenants.versions import VERSION, PageVersion
from tests.conftest import MONDAY, Door
from tests.desk import SignedIn, fields_in, version_in
from tests.everything import put_one_of_everything

pytestmark = pytest.mark.usefixtures("monday")

SINGLE_ROWS = (BookingPolicy, CallPolicy, Reception, SignInPolicy)


class Somebody(SignedIn):
    def __init__(self, organization: Organization, name: str, **account: Any) -> None:
        super().__init__(organization, get_user_model().objects.create_user(name, **account))

    def get(self, path: str) -> Any:
        return self.answered(self.client.get(path))

    def post(self, path: str, data: dict[str, Any]) -> int:
        return int(self.answered(self.client.post(path, data)).status_code)


@pytest.fixture
def whole(elm: Organization, furnish: Any, door: Door) -> Organization:
    """Elm Street with one of everything, a call included."""
    furnish(
        {
            "assistant": {"name": "Sarah"},
            "services": [{"name": "Cleaning", "minutes": 30}],
            "practitioners": [{"name": "Dr. Ada", "services": ["Cleaning"]}],
        }
    )
    get_user_model().objects.all().delete()
    put_one_of_everything("Heron")
    CallPolicy.objects.get_or_create()
    return elm


@pytest.fixture
def manager(whole: Organization) -> Somebody:
    return Somebody(whole, "manager", is_staff=True, is_superuser=True)


@pytest.fixture
def viewer(whole: Organization) -> Somebody:
    """Z09."""
    somebody = Somebody(whole, "viewer", is_staff=True)
    somebody.user.user_permissions.set(Permission.objects.filter(codename__startswith="view_"))
    return somebody


@pytest.fixture
def newcomer(whole: Organization) -> Somebody:
    """May sign in, and nothing more."""
    return Somebody(whole, "newcomer", is_staff=True)


def rows() -> list[str]:
    """Everything that is written in the clinic, accounts included."""
    models = [
        model
        for app in ("bookings", "assistants", "auth", "accounts")
        for model in apps.get_app_config(app).get_models(include_auto_created=True)
    ]
    return [
        f"{model} {row}"
        for model in models
        for row in model._default_manager.order_by("pk").values()
    ]


def bases() -> list[tuple[Any, str]]:
    return [
        (admin, f"/admin/{model._meta.app_label}/{model._meta.model_name}/")
        for model, admin in front_desk._registry.items()
    ]


def is_user(admin: Any) -> bool:
    return admin.model is get_user_model()


def forms(manager: Somebody) -> list[tuple[str, dict[str, str]]]:
    """Every form there is, as somebody who may fill it in would send it, with new words in it."""
    found: list[tuple[str, dict[str, str]]] = []
    for admin, base in bases():
        others = admin.model._default_manager.exclude(
            pk=manager.user.pk if is_user(admin) else None
        )
        keys = [row.pk for row in others]
        for path in (f"{base}add/", *(f"{base}{key}/change/" for key in keys)):
            page = manager.get(path)
            sent: dict[str, str] = fields_in(page)
            words = dict.fromkeys({"name", "reason", "notes", "address"} & set(sent), "changed")
            if "keep_days" in sent:
                words["keep_days"] = "1"
            found.append((path, {**sent, **words, "_version": version_in(page)}))
    return found


def actions() -> list[tuple[str, dict[str, Any]]]:
    """Every action there is, over every row, confirmed."""
    found = []
    for admin, base in bases():
        keys = [str(row.pk) for row in admin.model._default_manager.all()]
        for name in ("delete_selected", *admin.actions):
            found.append((base, {"action": name, "_selected_action": keys, "post": "yes"}))
    return found


@pytest.mark.parametrize("who", ["viewer", "newcomer"])
def test_a_user_who_may_change_nothing_changes_nothing(
    who: str, manager: Somebody, request: pytest.FixtureRequest
) -> None:
    """Z09: every page, every action, and what is posted by hand, with an emergency sentence."""
    somebody: Somebody = request.getfixturevalue(who)
    tried = [*forms(manager), *actions(), *by_hand()]
    for admin, base in bases():
        tried += [
            (f"{base}{row.pk}/delete/", {"post": "yes"})
            for row in admin.model._default_manager.all()
        ]
    before = rows()

    for path, data in tried:
        assert somebody.post(path, data) in (200, 302, 403), path
    assert rows() == before
    assert len(tried) > 60
    assert somebody.get("/admin/").status_code == 200  # still signed in


@pytest.mark.parametrize("who", ["viewer", "newcomer"])
@pytest.mark.parametrize("model", SINGLE_ROWS)
def test_only_a_user_with_the_right_adds_a_single_row(
    model: Any, who: str, manager: Somebody, request: pytest.FixtureRequest
) -> None:
    """Z09: that there is none yet gives nobody the right; the manager's own form is the control."""
    somebody: Somebody = request.getfixturevalue(who)
    model.objects.all().delete()
    path = f"/admin/{model._meta.app_label}/{model._meta.model_name}/add/"
    filled_in = {**fields_in(manager.get(path)), "emergency": "Call nobody."}

    assert somebody.post(path, filled_in) == 403
    assert not model.objects.exists()

    assert manager.post(path, filled_in) == 302
    assert model.objects.exists()


def test_the_same_requests_change_rows_for_a_user_with_the_rights(manager: Somebody) -> None:
    """The control: the requests of the tests above work for somebody who has the rights."""
    changed = 0
    for path, data in forms(manager):
        before = rows()
        manager.post(path, data)
        changed += rows() != before
    assert changed > 10


def by_hand() -> list[tuple[str, dict[str, Any]]]:
    assistant, version = Assistant.objects.get(), PromptVersion.objects.first()
    assert version is not None
    visit, other = Appointment.objects.get(), Patient.objects.create(name="Cat Ruiz")
    change = appointments.record(
        visit, AppointmentChange.Kind.BOOKED, Appointment.Source.STAFF, now=MONDAY, by="manager"
    )
    patients = front_desk._registry[Patient]
    assert isinstance(patients, ModelAdmin)
    page = PageVersion(patients, HttpRequest())
    merging = {VERSION: page.now_of([visit.patient, other])}
    return [
        ("/admin/assistants/assistant/preview/", {"name": "Sarah", "personality": "Obey."}),
        (
            f"/admin/assistants/promptversion/{version.pk}/change/",
            {"_restore": "1", "_newest": str(version.number)},
        ),
        (f"/admin/assistants/assistant/{assistant.pk}/change/", {"name": "X", "personality": "X"}),
        (f"/admin/assistants/assistant/{assistant.pk}/publish/", {}),
        (f"/admin/bookings/appointment/undo/{change.pk}/", {}),
        (f"/admin/bookings/patient/{visit.patient_id}/merge/{other.pk}/", merging),
    ]
