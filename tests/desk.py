"""Pages of the front desk, as a browser saves them: what is saved was opened before."""

from html.parser import HTMLParser
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission, User
from django.test import Client

from bookings.models import Appointment, Patient, Practitioner, ServiceType
from tenants.editing import KNOWN
from tenants.models import Organization
from tenants.passwords import ONE_TIME_PASSWORD
from tenants.versions import VERSION

# An appointment's page holds its history as a form that is empty.
HISTORY = {"changes-TOTAL_FORMS": "0", "changes-INITIAL_FORMS": "0"}


class SignedIn:
    """A browser at the front desk in which `user` is signed in."""

    def __init__(self, organization: Organization, user: User, **options: Any) -> None:
        self.organization, self.user = organization, user
        host = f"{organization.slug.replace('_', '-')}.localhost"
        self.client = Client(headers={"Host": host}, **options)
        self.client.force_login(user)

    def may_only(self, *rights: str) -> None:
        """From now on, somebody with these rights alone is signed in."""
        user, _ = get_user_model().objects.get_or_create(username="looks", is_staff=True)
        user.user_permissions.set(Permission.objects.filter(codename__in=rights))
        self.client.force_login(user)

    def answered(self, response: Any) -> Any:
        """A request leaves the organization, and the test goes on in it."""
        self.organization.activate()
        return response


class Desk(SignedIn):
    """A superuser's, whose pages are saved as a browser does it."""

    def __init__(self, organization: Organization) -> None:
        super().__init__(organization, get_user_model().objects.create_superuser("desk"))

    def get(self, path: str) -> Any:
        try:
            return self.client.get(f"/admin/{path}")
        finally:
            self.organization.activate()

    def post(self, path: str, data: dict[str, Any]) -> Any:
        """As a browser does: a page that is saved was opened before."""
        if path.endswith("/change/"):
            data = as_opened(self.get(path), data)
        try:
            return self.client.post(f"/admin/{path}", data)
        finally:
            self.organization.activate()

    def save(self, path: str, data: dict[str, Any]) -> str:
        """Saved all the same, where the page asks first; what it asked."""
        asked = self.post(path, data)
        known = known_in(asked)
        assert known, "the page did not ask"
        assert self.post(path, {**data, **known}).status_code == 302
        return str(asked.content.decode())


def form(patient: Patient, who: Practitioner, service: ServiceType, start: str) -> dict[str, Any]:
    day, time = start.split()
    return {
        "patient": str(patient.pk),
        "service": service.pk,
        "practitioner": who.pk,
        "start_0": day,
        "start_1": time,
        "notes": "",
    }


def act(desk: Desk, action: str, *rows: Appointment, **typed: str) -> Any:
    """Picked in the list; and confirmed, where the action asks."""
    picked = {"action": action, "_selected_action": [str(row.pk) for row in rows]}
    asked = desk.post("bookings/appointment/", picked)
    if asked.status_code == 200:
        desk.post("bookings/appointment/", {**picked, **fields_in(asked), **typed})
    return desk.get("bookings/appointment/?when=all").content.decode()


def settle(somebody: Any) -> None:
    """They have chosen a password of their own, as on any other day."""
    somebody.groups.remove(*somebody.groups.filter(name=ONE_TIME_PASSWORD))


def version_in(page: Any) -> str:
    """What the opened page carries; nothing, where nobody may save it."""
    return str((page.context or {}).get("version", ""))


def as_opened(page: Any, data: dict[str, Any]) -> dict[str, Any]:
    """`data` with the version of the page it was typed in, unless it says another."""
    return {VERSION: version_in(page), **data}


def fields_in(page: Any) -> dict[str, str]:
    """What the forms on the page would send as they stand."""
    return Fields(page.content.decode()).sent


class Fields(HTMLParser):
    """What a form on a page would send."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.sent: dict[str, str] = {}
        self.select = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        if tag == "select":
            self.select = said.get("name") or ""
        elif tag == "option" and self.select and ("selected" in said or said.get("value")):
            self.sent.setdefault(self.select, said.get("value") or "")
        elif said.get("type") in ("checkbox", "radio") and "checked" not in said:
            return
        elif tag in ("input", "textarea") and said.get("name"):
            unsaid = "on" if said.get("type") == "checkbox" else ""
            self.sent[str(said["name"])] = said.get("value") or unsaid


def known_in(page: Any) -> dict[str, str]:
    """What a page that asked sends back when it is saved all the same."""
    asked = (page.context or {}).get("asked")
    return {KNOWN: asked.known} if asked else {}
