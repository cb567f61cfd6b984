"""Patients and appointments from a file: tried, imported whole or not at all, and never twice."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.admin.models import LogEntry
from django.contrib.auth import get_user_model
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from bookings.desk.importing import runs
from bookings.desk.importing.pages import LIMITS
from bookings.desk.importing.rows import Means
from bookings.desk.importing.runs import Kind
from bookings.desk.importing.sheets import Unreadable
from bookings.models import Appointment, Patient, Practitioner, ServiceType
from tenants import budgets, organizations
from tenants.models import Organization
from tenants.postgresql import deadlines
from tests.conftest import BEN, MONDAY, Committed, at
from tests.desk import Desk
from tests.visits import held_diary, row

HOST = "elm-street.localhost"
pytestmark = pytest.mark.usefixtures("monday")


def tried(desk: Desk, kind: str, text: str | bytes, **chosen: str) -> Any:
    data = text if isinstance(text, bytes) else text.encode()
    file = SimpleUploadedFile("file.csv", data, content_type="text/csv")
    return desk.post(f"import/{kind}/", {"file": file, "dates": "sure", **chosen})


def confirmed(desk: Desk, kind: str, trial: Any) -> Any:
    assert trial.context["kept"], refusals(trial)
    return desk.post(f"import/{kind}/", {"kept": trial.context["kept"]})


def refusals(trial: Any) -> list[tuple[int, str, str]]:
    found = trial.context["report"].refused
    return [(refusal.row, refusal.column, refusal.reason) for refusal in found]


def counts(trial: Any) -> tuple[int, int, int]:
    report = trial.context["report"]
    return report.made, len(report.changed), report.unchanged


PATIENTS = """name;Date_of_Birth;telephone;other phones;E-Mail;colour
Dee Park;1985-04-03;(202) 555-0101;"+1 202 555 0102; 202.555.0103";dee@example.com;red
"SMITH, JOHN";;2025550104;;;blue
"""


def test_patients_are_tried_then_made_and_a_second_time_nothing_changes(desk: Desk) -> None:
    trial = tried(desk, "patients", PATIENTS)
    assert counts(trial) == (2, 0, 0)
    assert "These columns are not read: colour" in trial.content.decode()
    assert not Patient.objects.exists()
    assert confirmed(desk, "patients", trial).status_code == 302

    dee, john = Patient.objects.order_by("name")
    assert (dee.phone, dee.other_phones) == ("+12025550101", ["+12025550102", "+12025550103"])
    assert (dee.email, str(dee.date_of_birth), dee.is_verified) == (
        "dee@example.com",
        "1985-04-03",
        True,
    )
    assert john.phone == "+12025550104"
    assert LogEntry.objects.filter(change_message="Added by an import.").count() == 2
    assert LogEntry.objects.latest("pk").change_message == (
        "Imported a file: 2 patients made, 0 changed, 0 unchanged."
    )

    again = tried(desk, "patients", PATIENTS.replace("SMITH, JOHN", "John Smith"))
    assert counts(again) == (0, 0, 2)
    confirmed(desk, "patients", again)
    assert Patient.objects.count() == 2


def test_a_known_patient_gets_what_was_missing_and_is_never_doubled(
    desk: Desk, ben: Patient
) -> None:
    text = "name,phone,date of birth,email\nBén  ode,202-555-0177,1985-04-03,ben@example.com\n"

    trial = tried(desk, "patients", text)
    assert counts(trial) == (0, 1, 0)
    confirmed(desk, "patients", trial)

    ben.refresh_from_db()
    assert (str(ben.date_of_birth), ben.email, ben.name) == (
        "1985-04-03",
        "ben@example.com",
        "Ben Ode",
    )
    assert Patient.objects.count() == 1
    # Also not by a number that the file itself has added.
    other = (
        "name,phone,other phones\nBen Ode,2025550178,2025550178;2025550177\nBen Ode,2025550178,\n"
    )
    confirmed(desk, "patients", tried(desk, "patients", other))
    assert Patient.objects.get().numbers == [BEN, "+12025550178"]
    # The son of the same name and number is another person.
    son = "name,phone,date of birth\nBen Ode,202-555-0177,2015-04-03\n"
    confirmed(desk, "patients", tried(desk, "patients", son))
    assert Patient.objects.count() == 2


def test_every_row_that_is_refused_is_named_and_nothing_is_written(
    desk: Desk, ben: Patient
) -> None:
    text = (
        "name,phone,date of birth,email\n"
        "Cat Ruiz,12,1985-04-03,\n"
        "Dee Park,2025550101,03/04/1985,no address\n"
        "\n"
        ",2025550102,,\n"
        "Ben Ode,,,\n"
        "Eve Fox,2025550103,2030-01-01,,too much\n"
        "Good One,2025550104,,\n"
    )

    trial = tried(desk, "patients", text)

    assert [(number, column) for number, column, _ in refusals(trial)] == [
        (2, "phone"),
        (3, "date of birth"),
        (3, "email"),
        (5, "name"),
        (6, "name"),
        (7, ""),
        (7, "date of birth"),
    ]
    assert trial.context["kept"] == ""
    assert "5 of 6 rows are refused" in trial.content.decode()
    assert Patient.objects.count() == 1
    order = tried(desk, "patients", "name,date of birth\nDee Park,03/04/1985\n", dates="day-first")
    assert counts(order) == (1, 0, 0)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"PK\x03\x04", "Excel workbook"),
        ("näme".encode("utf-16"), "UTF-16"),
        (b"name\n\x81\x8d", "neither UTF-8 nor Windows-1252"),
        (b"phone\n12\n", "Missing: name."),
        (b"name,Patient\nx,y\n", "Two columns are the same: name."),
        (b"name\n", "no rows"),
        (b"name," * 201 + b"x\ny\n", "more than 200 columns"),
        (b'name\n"x\n', "Row 2 cannot be read"),
        (b"name\n" + b"x\n" * 2_001, "more than 2,000 rows"),
        (b"name\n" + b"x" * 2_100_000, "more than 2,000,000 bytes"),
        (b"name\n" + b"x" * 3_200_000, "more than 2,000,000 bytes"),
    ],
)
def test_a_file_that_cannot_be_read_is_told_why(desk: Desk, data: bytes, said: str) -> None:
    page = tried(desk, "patients", data)

    assert page.status_code == 400
    assert said in page.context["problem"]


def test_a_windows_file_is_read_and_the_page_says_so(desk: Desk) -> None:
    trial = tried(desk, "patients", "name;phone\nZoë Müller;2025550101\n".encode("cp1252"))

    assert "it was read as Windows-1252" in trial.content.decode()
    assert "Zoë Müller" in trial.content.decode()
    confirmed(desk, "patients", trial)
    assert Patient.objects.get().name == "Zoë Müller"


def test_what_is_exported_can_be_imported_again(desk: Desk, elm: Organization) -> None:
    Patient.objects.create(name="=SUM(1)", phone="+12025550101", email="x@example.com")
    Patient.objects.create(name="O'Brien", phone="+4930123456", other_phones=["+12025550102"])
    Patient.objects.create(name="Una Bare")
    claimed = Patient.objects.create(name="Cat Ruiz", phone=BEN, claimed_by="+12025550199")
    answer = desk.get("bookings/patient/export/")
    file = b"".join(answer.streaming_content)
    elm.activate()

    same = tried(desk, "patients", file)
    assert counts(same) == (0, 0, 4), same.context["report"].changed
    before = list(Patient.objects.values_list("name", "phone", "other_phones", "email"))
    Patient.objects.exclude(pk=claimed.pk).delete()
    confirmed(desk, "patients", tried(desk, "patients", file))

    assert list(Patient.objects.values_list("name", "phone", "other_phones", "email")) == before


VISITS = """start,patient,phone,service,practitioner,status,minutes,notes
2026-12-03 14:30,Ben Ode,2025550177,cleaning,dr. ada moss,,,bring x-ray
2026-11-20 10:00,Dee Park,2025550101,Root canal,Dr. Ada Moss,fulfilled,60,
2026-11-20 10:30,Eve Fox,2025550102,Cleaning,Dr. Ada Moss,No-show,,
2026-11-20 10:00,Fay Gill,2025550103,Consultation,Dr. Bo Lind,Cancelled,,
"""


def test_visits_are_imported_as_they_are_and_were(desk: Desk, ben: Patient) -> None:
    trial = tried(desk, "appointments", VISITS)
    assert counts(trial) == (4, 0, 0)
    assert not Appointment.objects.exists()
    confirmed(desk, "appointments", trial)

    found = {visit.patient.name: visit for visit in Appointment.objects.select_related("patient")}
    assert found["Ben Ode"].start == at("2026-12-03 14:30")
    assert found["Ben Ode"].notes == "bring x-ray"
    assert found["Dee Park"].status == "fulfilled"
    assert (found["Dee Park"].end - found["Dee Park"].start).seconds == 3600
    assert [found[name].status for name in ("Eve Fox", "Fay Gill")] == ["noshow", "cancelled"]
    [change] = found["Dee Park"].changes.all()
    assert (change.by, change.overrides) == ("desk", ["length", "hours"])

    again = tried(desk, "appointments", VISITS)
    assert counts(again) == (0, 0, 4)
    confirmed(desk, "appointments", again)
    exported = b"".join(desk.get("bookings/appointment/export/?when=all").streaming_content)
    desk.organization.activate()
    assert counts(tried(desk, "appointments", exported)) == (0, 0, 4)
    assert (Appointment.objects.count(), Patient.objects.count()) == (4, 4)


def test_a_visit_never_goes_over_another_and_the_wall_says_why(
    desk: Desk, ben: Patient, ada: Practitioner
) -> None:
    row(patient=ben, practitioner=ada, start=at("2026-12-03 14:30")).save()
    row(patient=ben, practitioner=ada, start=at("2026-11-19 09:00")).save()
    text = (
        "start,name,phone,service,practitioner,status\n"
        "2026-12-03 14:30,Cat Ruiz,2025550188,Cleaning,Dr. Ada Moss,\n"
        "2026-12-03 14:30,Ben Ode,2025550177,Consultation,Dr. Bo Lind,\n"
        "2026-11-19 09:15,Cat Ruiz,2025550188,Cleaning,Dr. Ada Moss,fulfilled\n"
        "2026-12-04 09:00,Cat Ruiz,2025550188,Cleaning,Dr. Ada Moss,\n"
        "2026-12-04 09:15,Dee Park,2025550101,Cleaning,Dr. Ada Moss,\n"
        "2026-12-04 20:00,Dee Park,2025550101,Cleaning,Dr. Ada Moss,\n"
        "2026-12-04 10:00,Dee Park,2025550101,Massage,Dr. Nobody,fulfilled\n"
        "2026-12-04 10:00,Dee Park,2025550101,Cleaning,Dr. Ada Moss,fulfilled\n"
    )

    trial = tried(desk, "appointments", text)

    said = {number: (column, reason) for number, column, reason in refusals(trial)}
    assert said[2] == ("start", "This time is taken.")
    assert said[3][1].startswith("The patient has Cleaning at Thu 3 Dec 2026 14:30: ")
    assert said[4] == ("start", "This time is taken.")
    assert 5 not in said
    assert said[6] == ("start", "This time is taken.")  # by the row before it
    assert said[7] == (
        "start",
        "Dr. Ada Moss works 09:00 to 12:00 and 13:00 to 17:00 on Friday 4 December.",
    )
    assert {column for number, column, _ in refusals(trial) if number == 8} == {
        "service",
        "practitioner",
    }
    assert said[9][0] == "status"
    assert Appointment.objects.count() == 2
    assert not Patient.objects.filter(name="Dee Park").exists()

    one = "start,name,service,practitioner\n2026-12-04 20:00,Dee Park,Cleaning,Dr. Ada Moss\n"
    assert refusals(tried(desk, "appointments", one))
    assert counts(tried(desk, "appointments", one, by_choice="on")) == (1, 0, 0)


def test_all_that_is_wrong_with_a_visit_is_said_at_once(
    desk: Desk, ben: Patient, ada: Practitioner
) -> None:
    known = row(patient=ben, practitioner=ada, start=at("2026-12-03 14:30"))
    known.save()
    text = (
        "reference,start,name,phone,service,practitioner,status,minutes\n"
        f"{known.reference},2026-12-03 15:00,Ben Ode,2025550177,Consultation,Dr. Bo Lind,no-show,\n"
        ",2026-12-04 10:00,Dee Park,2025550101,Cleaning,Dr. Ada Moss,fulfilled,25\n"
        ",2026-12-04 10:00,Dee Park,12,Massage,Dr. Nobody,gone,1\n"
    )

    trial = tried(desk, "appointments", text)

    columns: dict[int, set[str]] = {}
    for number, column, _ in refusals(trial):
        columns.setdefault(number, set()).add(column)
    assert columns == {
        2: {"start", "service", "practitioner", "status"},
        3: {"status", "minutes"},
        4: {"phone", "service", "practitioner", "status", "minutes"},
    }


def test_if_a_slot_is_booked_after_the_trial_nothing_of_the_file_is_written(
    desk: Desk, ben: Patient, cat: Patient, ada: Practitioner, cleaning: ServiceType
) -> None:
    text = (
        "start,name,phone,service,practitioner\n"
        "2026-12-03 09:00,Dee Park,2025550101,Cleaning,Dr. Ada Moss\n"
        "2026-12-03 14:30,Ben Ode,2025550177,Cleaning,Dr. Ada Moss\n"
    )
    trial = tried(desk, "appointments", text)
    row(patient=cat, practitioner=ada, start=at("2026-12-03 14:30")).save()

    page = confirmed(desk, "appointments", trial)

    assert page.status_code == 409
    assert refusals(page) == [(3, "start", "This time is taken.")]
    assert [visit.patient.name for visit in Appointment.objects.all()] == ["Cat Ruiz"]
    assert not Patient.objects.filter(name="Dee Park").exists()


def test_what_would_be_done_differently_now_is_shown_again_first(desk: Desk) -> None:
    trial = tried(desk, "patients", "name,phone\nDee Park,2025550101\n")
    Patient.objects.create(name="Dee Park", phone="+12025550101")

    page = confirmed(desk, "patients", trial)

    assert page.status_code == 409
    assert "Something has changed since you looked" in page.context["problem"]
    assert confirmed(desk, "patients", page).status_code == 302


def test_a_trial_is_of_one_user_one_list_and_one_hour(desk: Desk, elm: Organization) -> None:
    trial = tried(desk, "patients", "name,phone\nDee Park,2025550101\n")
    colleague = Desk.__new__(Desk)
    colleague.organization, colleague.client = elm, Client(headers={"Host": HOST})
    colleague.client.force_login(get_user_model().objects.create_superuser("colleague"))

    assert confirmed(colleague, "patients", trial).status_code == 409
    assert desk.post("import/appointments/", {"kept": trial.context["kept"]}).status_code == 409
    with time_machine.travel(MONDAY + timedelta(minutes=61), tick=False):
        desk.client.force_login(get_user_model().objects.get(username="desk"))
        assert desk.post("import/patients/", {"kept": trial.context["kept"]}).status_code == 409
    assert not Patient.objects.exists()


def test_who_may_not_enter_patients_and_visits_imports_none(desk: Desk) -> None:
    desk.may_only("view_patient", "view_appointment")

    assert desk.get("import/patients/").status_code == 403
    assert "/admin/import" not in desk.get("bookings/patient/").content.decode()


def test_the_past_is_for_users_who_may_set_rules_aside(desk: Desk) -> None:
    desk.may_only("add_patient", "change_patient", "add_appointment", "view_appointment")

    trial = tried(desk, "appointments", VISITS)

    assert [number for number, _, reason in refusals(trial) if "may not set" in reason] == [3]


def test_a_record_that_a_caller_claims_is_neither_verified_nor_hidden_by_an_import(
    desk: Desk,
) -> None:
    claimed = Patient.objects.create(name="Ben Ode", phone=BEN, claimed_by="+12025550199")

    gone = tried(desk, "patients", "name,phone,verified\nDee Park,2025550101,no\n")
    assert [(number, column) for number, column, _ in refusals(gone)] == [(2, "verified")]
    confirmed(desk, "patients", tried(desk, "patients", "name,phone\nBen Ode,2025550177\n"))

    made = Patient.objects.get(claimed_by="")
    claimed.refresh_from_db()
    assert (claimed.may_be, claimed.claimed_by) == (made, "+12025550199")


def test_while_another_session_holds_a_diary_nothing_is_imported(
    committed: Committed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(budgets, "LOCK", 0.2)
    organization = organizations.get(committed().org)
    text = "start,name,service,practitioner\n2026-12-03 14:30,Dee Park,Cleaning,Dr. Ada Moss\n"
    with organizations.within(organization):
        desk = Desk(organization)
        trial = tried(desk, "appointments", text)
        with held_diary(organization.schema_name):
            page = confirmed(desk, "appointments", trial)

        assert page.status_code == 409
        assert "Nothing was imported" in page.context["problem"]
        assert not Patient.objects.exists()


def test_a_page_whose_time_is_over_imports_nothing(elm: Organization) -> None:
    sheet = runs.opened(b"name\nDee Park\n", Kind.PATIENTS, LIMITS[Kind.PATIENTS])
    means = Means(by="desk", now=elm.now(), zone=elm.zone, region=elm.phone_region)

    with deadlines.after(0), pytest.raises(Unreadable):
        runs.run(sheet, Kind.PATIENTS, means, commit=True)
    assert not Patient.objects.exists()

    runs.run(sheet, Kind.PATIENTS, means, commit=True)
    assert Patient.objects.get().name == "Dee Park"
