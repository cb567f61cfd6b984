"""Roles: a practitioner sees their own diary and patients; who only reads changes nothing.

The walks go to every address there is (tests/walk.py). Dr. Cy is Dr. Ada's colleague, and Zora
Heron is Dr. Cy's patient: her name, her number and her visits are what Dr. Ada may not see.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import pytest
from django.apps import apps
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, User
from django.test import Client

from assistants.models import Call, CallPolicy, ClinicNumber, Reception, ToolCall, TransferNumber
from bookings.desk.own_diary import NOT_LINKED, PRACTITIONER
from bookings.models import (
    Appointment,
    AppointmentChange,
    BookingPolicy,
    Callback,
    Closure,
    Feed,
    Opening,
    Patient,
    Practitioner,
    PractitionerAccount,
    Room,
    ServiceType,
    WaitlistEntry,
)
from tenants import sight
from tenants.accounts.models import SignInPolicy
from tenants.models import Organization
from tenants.roles import FRONT_DESK, MANAGER, READ_ONLY
from tenants.sites import front_desk
from tests.conftest import at
from tests.desk import SignedIn, fields_in
from tests.visits import row
from tests.walk import Address, addresses

pytestmark = pytest.mark.usefixtures("monday")

FIRST_KEY = 900_000  # of what is not Dr. Ada's; no other number is as high
NUMBER = "+12025550199"
WHEN = "2026-12-03 14:30"
SECRETS = ("heron", "2025550199", "555-0199", "HERN2", "HERN3", "HERN4")
STATES = (403, 404)
# What the clinic offers, and where; how its accounts sign in.
SHARED = {ServiceType, Room, SignInPolicy}
CHANGED_BY_READING = {"password_change"}  # the user's own


class Staff(SignedIn):
    def get(self, path: str) -> Any:
        return self.answered(self.client.get(path, follow=True))

    def post(self, path: str, data: dict[str, Any], **headers: str) -> Any:
        return self.answered(self.client.post(path, data, headers=headers))


def account(name: str, *roles: str) -> User:
    user: User = get_user_model().objects.create_user(name, is_staff=True)
    user.groups.set(Group.objects.filter(name__in=roles))
    return user


def signed_in(elm: Organization, user: User) -> Staff:
    return Staff(elm, user, raise_request_exception=False)


@pytest.fixture
def dr_ada(elm: Organization, ada: Practitioner) -> Staff:
    user = account("ada", PRACTITIONER)
    PractitionerAccount.objects.create(user=user, practitioner=ada)
    return signed_in(elm, user)


@pytest.fixture
def reader(elm: Organization) -> Staff:
    return signed_in(elm, account("reader", READ_ONLY))


@pytest.fixture
def clerk(elm: Organization) -> Staff:
    return signed_in(elm, account("clerk", FRONT_DESK))


@pytest.fixture
def mine(elm: Organization, ada: Practitioner, ben: Patient) -> Appointment:
    return saved(Appointment(id=UUID(int=1), reference="BENN2"), ben, ada, at(WHEN))


def saved(
    visit: Appointment, patient: Patient, who: Practitioner, start: datetime, **more: Any
) -> Appointment:
    filled = row(patient=patient, practitioner=who, start=start, **more)
    filled.pk, filled.reference = visit.pk, visit.reference
    filled.save(force_insert=True)
    return filled


@pytest.fixture
def keys() -> Iterator[int]:
    return iter(range(FIRST_KEY, FIRST_KEY + 1_000))


@pytest.fixture
def cy(elm: Organization, cleaning: ServiceType, keys: Iterator[int]) -> Practitioner:
    who = Practitioner.objects.create(pk=next(keys), name="Dr. Cy Vance")
    who.services.add(cleaning)
    who.schedules.create(pk=next(keys), weekday=3, starts="09:00", ends="17:00")
    return who


@pytest.fixture
def zora(elm: Organization) -> Patient:
    return Patient.objects.create(id=UUID(int=100), name="Zora Heron", phone=NUMBER)


@pytest.fixture
def theirs(cy: Practitioner, zora: Patient, keys: Iterator[int]) -> Appointment:
    visit = saved(
        Appointment(id=UUID(int=101), reference="HERN2"), zora, cy, at(WHEN), notes="Heron"
    )
    changed(visit, next(keys))
    return visit


def changed(visit: Appointment, key: int, **more: Any) -> AppointmentChange:
    said: dict[str, Any] = {
        "kind": "booked",
        "source": "voice",
        "at": visit.start - timedelta(days=12),
        "practitioner": visit.practitioner,
        "start": visit.start,
        "end": visit.end,
        "status": "booked",
        **more,
    }
    return AppointmentChange.objects.create(pk=key, appointment=visit, **said)


@pytest.fixture
def whole(
    mine: Appointment,
    theirs: Appointment,
    ada: Practitioner,
    cy: Practitioner,
    ben: Patient,
    zora: Patient,
    cleaning: ServiceType,
    keys: Iterator[int],
) -> None:
    """One of everything that is not Dr. Ada's, wherever it touches what is."""
    elsewhere = Appointment(id=UUID(int=102), reference="HERN3")
    saved(elsewhere, ben, cy, at("2026-12-10 09:00"), notes="Heron")
    freed = Appointment(id=UUID(int=2), reference="FREE2")
    saved(freed, ben, ada, at("2026-12-03 10:00"), status="cancelled")
    Patient.objects.filter(pk=ben.pk).update(may_be=zora)
    Callback.objects.create(pk=next(keys), name="Zora Heron", phone=NUMBER, reason="Heron")
    WaitlistEntry.objects.create(pk=next(keys), patient=zora, service=cleaning)
    WaitlistEntry.objects.create(pk=next(keys), patient=ben, service=cleaning, practitioner=cy)
    stretch = {"start": at("2026-12-08 09:00"), "end": at("2026-12-08 10:00")}
    for model in (Closure, Opening):
        model.objects.create(pk=next(keys), practitioner=cy, reason="Heron", **stretch)
    Feed.objects.create(pk=next(keys), practitioner=cy, digest="1", by="Heron")
    Feed.objects.create(pk=next(keys), digest="2", by="Heron")
    Room.objects.create(pk=next(keys), name="Room 1")
    BookingPolicy.objects.get_or_create()
    CallPolicy.objects.get_or_create()
    Reception.objects.create(notes="Ask for Heron")
    TransferNumber.objects.create(pk=next(keys), reason="Heron", phone=NUMBER)
    ClinicNumber.objects.create(pk=next(keys), phone=NUMBER)
    Call.objects.create(pk=next(keys), conversation="call-1", transcript="User: Zora Heron")
    for number, visit in enumerate((mine, theirs)):
        ToolCall.objects.create(
            pk=next(keys), key=str(number), conversation="call-1", tool="book_appointment",
            appointment=visit, sentence="Zora Heron, you're booked.",
        )  # fmt: skip


def not_mine() -> dict[Any, list[Any]]:
    """The keys of every row that is not Dr. Ada's, by model."""
    own = {"Dr. Ada Moss", "Ben Ode, +12025550177", "ada"}
    found: dict[Any, list[Any]] = {}
    for model in set(every_model()) - SHARED:
        keys = [one.pk for one in model._default_manager.all() if str(one) not in own]
        is_listed = model in front_desk._registry
        found[model] = [key for key in keys if is_not_mine(key, is_listed)]
    return found


def is_not_mine(key: Any, is_listed: bool) -> bool:
    """A row without pages of its own is known by its high key."""
    if isinstance(key, UUID):
        return key.int >= 100
    return is_listed or (isinstance(key, int) and key >= FIRST_KEY)


def every_model() -> list[Any]:
    return [
        model
        for app in ("bookings", "assistants", "auth")
        for model in apps.get_app_config(app).get_models()
    ]


def rows_of(keys: dict[Any, list[Any]]) -> list[str]:
    return [
        f"{model} {one}"
        for model, found in keys.items()
        for one in model._default_manager.filter(pk__in=found).order_by("pk").values()
    ]


# --- what is asked for


def asked(cy: Practitioner, cleaning: ServiceType) -> dict[str, str]:
    """What addresses and forms may ask for, all at once."""
    return {
        "day": "2026-12-03", "date": "2026-12-03", "view": "day", "from": "2026-12-01",
        "to": "2026-12-14", "when": "all", "days": "30", "service": str(cleaning.pk),
        "patient": str(UUID(int=100)), "waitlist": str(FIRST_KEY + 4),
        "callback": str(FIRST_KEY + 3), "app_label": "bookings", "model_name": "appointment",
        "field_name": "patient", "term": "zora", "practitioner": str(cy.pk),
        "start": "2026-12-03T16:00:00-05:00", "visit": str(UUID(int=101)),
    }  # fmt: skip


def queries(said: dict[str, str]) -> list[str]:
    others = {name: value for name, value in said.items() if name != "practitioner"}
    nobody = {name: value for name, value in others.items() if name not in ("waitlist", "callback")}
    asked_for = [{}, {"q": "zora"}, {"when": "all"}, said, others, nobody]
    return [f"?{urlencode(one)}" if one else "" for one in asked_for]


def forms(said: dict[str, str]) -> list[dict[str, Any]]:
    """What a hand-made form may send to any page."""
    start = said["start"]
    sent: dict[str, Any] = {
        **said, "words": "zora", "who": "zora", "seen": FIRST_KEY + 2,
        "until": start, "first_day": "2026-12-03", "whom": f"practitioner:{said['practitioner']}",
        "save": "1", "post": "yes", "_selected_action": [str(UUID(int=100)), str(UUID(int=101))],
        "action": "mark_arrived", "reason": "x", "start_0": "2026-12-03", "start_1": "15:30",
    }  # fmt: skip
    reference = {**sent, "words": "HERN2", "action": "cancel"}
    again = {**sent, "key": str(UUID(int=101)), "at": f"{start} {said['practitioner']}"}
    return [sent, reference, again]


def told(response: Any) -> list[str]:
    text = response.getvalue().decode().casefold()  # a file comes in pieces
    return [secret for secret in SECRETS if secret.casefold() in text]


def opened(staff: Staff, page: Address, asking: list[str]) -> Iterator[str]:
    """What is wrong with what is answered at an address, asked in each of these ways."""
    for query in asking if not page.names_a_row else [""]:
        response = staff.get(f"{page.path}{query}")
        if secrets := told(response):
            yield f"{page.path}{query} tells {secrets}"
        elif page.names_a_row and response.status_code not in STATES:
            yield f"{page.path}: {response.status_code}"
        elif response.status_code == 500:
            yield f"{page.path}{query} broke"


def sent(staff: Staff, page: Address, said: dict[str, str]) -> Iterator[str]:
    for form in forms(said)[: 1 if page.names_a_row else None]:
        response = staff.post(page.path, form)
        if secrets := told(response):
            yield f"{page.path}, posted, tells {secrets}"
        elif page.names_a_row and response.status_code not in (*STATES, 302):
            yield f"{page.path}, posted: {response.status_code}"
        elif response.status_code == 500:
            yield f"{page.path}, posted, broke"


# --- the walks


def test_a_practitioner_gets_nothing_of_a_colleague_at_any_address(
    whole: None, dr_ada: Staff, cy: Practitioner, cleaning: ServiceType
) -> None:
    foreign, said = not_mine(), asked(cy, cleaning)
    pages, before = addresses(foreign), rows_of(foreign)
    assert len(pages) > 200
    assert all(foreign.get(one) for one in {*front_desk._registry} - SHARED), "add it to `whole`"

    wrong = [one for page in pages for one in opened(dr_ada, page, queries(said))]
    wrong += [one for page in pages for one in sent(dr_ada, page, said)]

    assert wrong == []
    assert rows_of(foreign) == before


def test_without_the_rule_the_walk_finds_the_colleagues_patients(
    whole: None,
    dr_ada: Staff,
    cy: Practitioner,
    cleaning: ServiceType,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The control: the same walk, by somebody who is not bound to a diary."""
    monkeypatch.setattr(sight, "is_bound", lambda user: False)
    foreign, said = not_mine(), asked(cy, cleaning)
    before = rows_of(foreign)

    wrong: set[str] = set()
    for page in addresses(foreign):
        if page.name not in wrong and (
            any(opened(dr_ada, page, queries(said)[-1:])) or any(sent(dr_ada, page, said))
        ):
            wrong.add(page.name)

    assert wrong >= {
        "today", "calendar_events", "find", "inbox", "book", "move",
        "visit_step", "autocomplete", "bookings_appointment_undo", "bookings_feed_delete",
        "bookings_patient_changelist", "bookings_patient_change", "bookings_patient_history",
        "bookings_appointment_changelist", "bookings_appointment_change",
        "bookings_waitlistentry_changelist", "bookings_waitlistentry_change",
    }  # fmt: skip
    assert rows_of(foreign) != before


# What the front desk opens to change something, and who only reads does not.
TO_CHANGE = ("_add", "_delete", "book", "move", "close", "close_days", "week", "weekly_hours",
             "undo", "same_person", "_merge", "import", "import_file")  # fmt: skip


def test_who_only_reads_changes_nothing_and_sees_what_the_front_desk_sees(
    whole: None, reader: Staff, clerk: Staff, cy: Practitioner, cleaning: ServiceType
) -> None:
    """Each POST is refused, but those that change nothing; and nothing on a page would send one."""
    everything = {model: keys_of(model) for model in every_model()}
    before, said = rows_of(everything), asked(cy, cleaning)
    pages = [page for page in addresses(everything) if not is_open(reader, page)]

    taken = {page.name for page in pages if not refused(reader, page, said)}
    shown = [page for page in pages if not page.name.endswith(TO_CHANGE) and opens(clerk, page)]
    wrong = [one for page in shown for one in read(reader, page)]

    assert taken == {"find", "password_change", "own_second_step", "second_step"}
    assert wrong == []
    assert len(shown) > 40
    assert rows_of(everything) == before


def is_open(staff: Staff, page: Address) -> bool:
    """Whether it is a page for whoever comes, such as the one to sign in."""
    stranger = Client(headers={"Host": "elm-street.localhost"})
    answer = staff.answered(stranger.get(page.path))
    return not str(answer.headers.get("Location", "")).startswith("/admin/login/")


def opens(staff: Staff, page: Address) -> bool:
    return bool(staff.get(page.path).status_code == 200)


def keys_of(model: Any) -> list[Any]:
    return [one.pk for one in model._default_manager.all()[:1]]


def refused(staff: Staff, page: Address, said: dict[str, str]) -> bool:
    return bool(staff.post(page.path, forms(said)[0]).status_code == 403)


def read(staff: Staff, page: Address) -> Iterator[str]:
    """What is wrong with a page for somebody who only reads: it is missing, or would send
    something that changes a row."""
    response = staff.get(page.path)
    if response.status_code != 200:
        yield f"{page.path}: {response.status_code}"
    text = "" if page.name in CHANGED_BY_READING else response.getvalue().decode()
    for sign in ("data-post", "data-book", 'name="_save"', 'name="action"', "data-done", "/add/"):
        if sign in text:
            yield f"{page.path}: {sign}"


# --- the own diary


def step(staff: Staff, visit: Appointment, name: str, **said: Any) -> Any:
    newest = visit.changes.last()
    sent = {"seen": newest.pk if newest else 0, **said}
    return staff.post(f"/admin/visit/{visit.pk}/{name}/", sent, Accept="application/json")


def test_a_practitioner_works_in_their_own_diary(
    mine: Appointment, theirs: Appointment, dr_ada: Staff, ben: Patient, cleaning: ServiceType
) -> None:
    """Looked at, booked, moved, cancelled, taken back, with a note; on the pages of the desk."""
    changed(mine, FIRST_KEY + 50)
    for page in (
        "?day=2026-12-03",
        f"bookings/patient/{ben.pk}/change/",
        "bookings/appointment/?when=all",
    ):
        assert "Ben Ode" in dr_ada.get(f"/admin/{page}").content.decode(), page
    drawn = dr_ada.get("/admin/calendar/events/?from=2026-12-03&to=2026-12-04").json()
    assert [who["name"] for who in drawn["practitioners"]] == ["Dr. Ada Moss"]

    time = "2026-12-04T10:00:00-05:00"
    booking = {"patient": str(ben.pk), "service": cleaning.pk}
    at_time = {**booking, "at": f"{time} {mine.practitioner_id}"}
    assert dr_ada.post("/admin/book/", at_time).status_code == 302
    booked = Appointment.objects.get(start=time)
    where = {"visit": str(booked.pk), "practitioner": booked.practitioner_id}
    moving = {**where, "start": "2026-12-04T11:00", "seen": booked.changes.last().pk}  # type: ignore[union-attr]
    assert dr_ada.post("/admin/calendar/move/", moving).status_code == 200
    cancelled = step(dr_ada, booked, "cancel", reason="ill")
    assert cancelled.status_code == 200
    assert dr_ada.post(cancelled.json()["undo"], {}, Accept="application/json").status_code == 200

    booked.refresh_from_db()
    assert (booked.status, booked.start) == ("booked", at("2026-12-04 11:00"))


def test_a_practitioner_writes_a_note_and_moves_nothing_to_a_colleague(
    mine: Appointment, cy: Practitioner, ada: Practitioner, dr_ada: Staff
) -> None:
    page = f"/admin/bookings/appointment/{mine.pk}/change/"
    form = {**fields_in(dr_ada.get(page)), "notes": "Allergic to latex"}
    assert str(cy.pk) not in dr_ada.get(page).content.decode()

    assert dr_ada.post(page, form).status_code == 302
    mine.refresh_from_db()
    assert mine.notes == "Allergic to latex"

    form = {**fields_in(dr_ada.get(page)), "practitioner": str(cy.pk)}
    moving = {"visit": str(mine.pk), "practitioner": cy.pk, "start": "2026-12-03T15:00", "seen": 0}
    booking = {"patient": str(mine.patient_id), "service": mine.service_id}
    assert dr_ada.post(page, form).status_code == 200
    assert dr_ada.post("/admin/calendar/move/", moving).status_code == 400
    at_time = {**booking, "at": f"2026-12-03T15:00:00-05:00 {cy.pk}"}
    assert dr_ada.post("/admin/book/", at_time).status_code == 409
    mine.refresh_from_db()
    assert mine.practitioner == ada
    assert not cy.appointments.exists()


def test_a_visit_that_came_from_a_colleague_is_not_sent_back_by_undo(
    mine: Appointment, cy: Practitioner, dr_ada: Staff
) -> None:
    changed(mine, FIRST_KEY + 50, practitioner=cy)
    changed(mine, FIRST_KEY + 51, kind="rescheduled", source="staff")
    address = f"/admin/bookings/appointment/undo/{FIRST_KEY + 51}/"

    assert dr_ada.post(address, {}).status_code == 404
    page = dr_ada.get(f"/admin/bookings/appointment/{mine.pk}/change/").content.decode()
    assert address not in page


def test_a_visit_with_a_colleague_is_in_the_way_and_not_told(
    mine: Appointment, cy: Practitioner, ada: Practitioner, dr_ada: Staff, ben: Patient
) -> None:
    """The patient cannot be at two places; with whom, and what for, is not Dr. Ada's to know."""
    saved(Appointment(id=UUID(int=102), reference="HERN3"), ben, cy, at("2026-12-04 10:00"))
    moving = {"visit": str(mine.pk), "practitioner": ada.pk, "start": "2026-12-04T10:00", "seen": 0}

    answer = dr_ada.post("/admin/calendar/move/", moving)

    assert answer.status_code == 409
    assert answer.json()["said"] == "The patient has another visit then."


def test_a_practitioner_makes_a_feed_of_their_own_diary_only(
    cy: Practitioner, ada: Practitioner, dr_ada: Staff
) -> None:
    for whose in ("", cy.pk):
        refusal = dr_ada.post("/admin/bookings/feed/add/", {"practitioner": whose})
        assert refusal.status_code == 200
    assert not Feed.objects.exists()

    assert dr_ada.post("/admin/bookings/feed/add/", {"practitioner": ada.pk}).status_code == 302
    assert Feed.objects.get().practitioner == ada


def test_an_export_of_services_names_no_colleague(
    dr_ada: Staff, clerk: Staff, ada: Practitioner, cy: Practitioner
) -> None:
    def exported(staff: Staff) -> str:
        answer = staff.get("/admin/bookings/servicetype/export/")
        text = b"".join(answer.streaming_content).decode()
        staff.organization.activate()
        return text

    assert ada.name in exported(dr_ada)
    assert cy.name not in exported(dr_ada)
    assert cy.name in exported(clerk)


def test_who_belongs_to_no_practitioner_sees_nothing_and_is_told_why(
    mine: Appointment, elm: Organization
) -> None:
    nobody = signed_in(elm, account("nobody", PRACTITIONER))

    for page in ("", "calendar/", "bookings/appointment/?when=all", "find/"):
        answer = nobody.get(f"/admin/{page}")
        assert answer.status_code == 403
        assert NOT_LINKED.split("“")[0] in answer.content.decode()
        assert "Ben Ode" not in answer.content.decode()
    assert nobody.get("/admin/password_change/").status_code == 200


def test_two_roles_that_contradict_each_other_open_nothing(
    mine: Appointment, elm: Organization, ada: Practitioner
) -> None:
    user = account("both", PRACTITIONER, FRONT_DESK)
    PractitionerAccount.objects.create(user=user, practitioner=ada)
    both = signed_in(elm, user)

    assert both.get("/admin/bookings/callback/").status_code == 403
    assert "several roles" in both.get("/admin/").content.decode()


def test_a_manager_gives_roles_and_diaries(
    elm: Organization, ada: Practitioner, cleaning: ServiceType
) -> None:
    """On the account's page, and on the practitioner's; the front desk does neither."""
    manager, clerk = (signed_in(elm, account(role, role)) for role in (MANAGER, FRONT_DESK))
    user = account("new", FRONT_DESK)
    page = f"/admin/auth/user/{user.pk}/change/"
    keys = {group.name: str(group.pk) for group in Group.objects.all()}
    form = fields_in(manager.get(page))

    both = manager.post(page, {**form, "groups": [keys[PRACTITIONER], keys[FRONT_DESK]]})
    assert "contradict each other" in both.content.decode()
    manager.post(page, {**form, "groups": [keys[PRACTITIONER]]})
    assert [group.name for group in user.groups.all()] == [PRACTITIONER]

    page = f"/admin/bookings/practitioner/{ada.pk}/change/"
    assert "accounts-TOTAL_FORMS" not in fields_in(clerk.get(page))
    form = fields_in(manager.get(page))
    services = {"services": [one.pk for one in ada.services.all()]}
    linked = {"accounts-TOTAL_FORMS": "1", "accounts-0-user": str(user.pk)}
    assert manager.post(page, {**form, **services, **linked}).status_code == 302
    assert PractitionerAccount.objects.get(user=user).practitioner == ada
