"""The export of a clinic's patients, as an operator runs it."""

import csv

import pytest

from bookings import erasure
from bookings.models import Patient
from config.operations.scratch import CLINIC
from tenants import organizations
from tests.conftest import BEN, Committed
from tests.inside import manage

DEE = "+12025550144"


@pytest.fixture
def slug(committed: Committed) -> str:
    made = committed(clinic=CLINIC)
    organization = organizations.get(made.org)
    with organizations.within(organization):
        Patient.objects.create(name="Ben Ode", phone=BEN, email="ben@example.com")
        Patient.objects.create(name='=HYPERLINK("x"), Dee', phone=DEE, other_phones=[BEN])
        Patient.objects.create(name="Una Proven", phone=DEE, claimed_by=DEE)
        gone = Patient.objects.create(name="Gone Away", phone=DEE)
        erasure.erase(gone, now=organization.now())
    return made.org


def exported(*arguments: str) -> list[dict[str, str]]:
    done = manage("export_patients", *arguments)
    assert (done.returncode, done.stderr) == (0, "")
    return list(csv.DictReader(done.stdout.splitlines()))


def test_every_patient_is_a_row_and_nobody_who_was_erased(slug: str) -> None:
    rows = {row["name"]: row for row in exported(slug)}

    assert set(rows) == {"Ben Ode", '\'=HYPERLINK("x"), Dee', "Una Proven"}
    assert rows["Ben Ode"]["phone"] == BEN
    assert rows["Ben Ode"]["email"] == "ben@example.com"
    assert rows["Ben Ode"]["verified"] == "yes"
    assert rows["Una Proven"]["verified"] == "no"
    assert rows["Una Proven"]["email"] == ""


def test_a_system_that_insists_on_an_address_gets_one_that_reaches_nobody(slug: str) -> None:
    rows = {row["name"]: row for row in exported(slug, "--email-for-all")}

    una = rows["Una Proven"]
    assert una["email"] == f"{una['id']}@patient.invalid"
    assert rows["Ben Ode"]["email"] == "ben@example.com"


def test_an_org_that_is_not_there_is_one_line(committed: object) -> None:
    done = manage("export_patients", "nowhere")

    assert done.returncode == 1
    assert done.stderr == "CommandError: org: there is no organization “nowhere”\n"
