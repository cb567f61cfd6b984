"""`import_csv`, as an operator runs it: tried, refused without naming anybody, and imported."""

from pathlib import Path

import pytest

from bookings.models import Appointment, Patient
from config.operations.scratch import CLINIC
from tenants import organizations
from tests import inside
from tests.conftest import Committed, manage


@pytest.fixture
def slug(committed: Committed) -> str:
    return committed(clinic=CLINIC).org


def test_a_file_is_tried_then_imported_and_a_refusal_names_nobody(
    slug: str, tmp_path: Path
) -> None:
    file = tmp_path / "visits.csv"
    titles = "start,name,phone,service,practitioner,status,colour\n"
    service, practitioner = CLINIC["services"][0]["name"], CLINIC["practitioners"][0]["name"]
    good = f"2020-01-06 09:00,Ben Ode,2025550177,{service},{practitioner},fulfilled,red\n"
    file.write_text(f"{titles}{good}2020-01-06 09:00,Dee Park,12,Nothing,{practitioner},,\n")

    refused = manage("import_csv", slug, "appointments", str(file), "--commit")

    assert refused.returncode == 1
    lines = refused.stderr.splitlines()
    assert lines[0].startswith("row 3, phone: ")
    assert lines[1].startswith("row 3, service: ")
    assert lines[2] == "CommandError: 1 of 2 rows are refused. Nothing was imported."
    assert "Dee" not in refused.stderr + refused.stdout

    file.write_text(f"{titles}{good}")
    tried = manage("import_csv", slug, "appointments", str(file))
    assert tried.returncode == 0
    assert "Nothing was imported: add --commit." in tried.stdout
    with organizations.within(organizations.get(slug)):
        assert not Patient.objects.exists()

    done = manage("import_csv", slug, "appointments", str(file), "--commit")
    assert done.stdout == (
        "Columns that are not read: colour.\n"
        "Imported: 1 appointment made, 0 unchanged; 1 new patient, 0 changed.\n"
    )
    with organizations.within(organizations.get(slug)):
        [change] = Appointment.objects.get(status="fulfilled").changes.all()
        assert change.by == "import_csv"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["patients", "nowhere.csv"], "CommandError: file: No such file or directory"),
        (["people", "a.csv"], "kind: invalid choice: 'people' (choose from 'patients', 'app"),
        (["patients", "a.csv", "--dates", "us"], "(choose from 'sure', 'day-first', 'month-first'"),
    ],
)
def test_a_wrong_argument_is_one_line(slug: str, arguments: list[str], said: str) -> None:
    done = inside.manage("import_csv", slug, *arguments)

    assert (done.returncode, len(done.stderr.splitlines()), said in done.stderr) == (1, 1, True)
