"""Finding: what staff type in one line is a name, a number and a birthday; and who it fits."""

from datetime import date

import pytest

from bookings import finding
from bookings.finding import Typed
from bookings.models import Patient

TODAY = date(2026, 11, 23)
BORN = date(1985, 3, 4)
PHONE = "+12025550177"


@pytest.mark.parametrize(
    ("text", "region", "typed"),
    [
        ("ben ode", "US", Typed("ben ode")),
        ("  Ben   Ode ", "US", Typed("Ben Ode")),
        ("Ben Ode (202) 555-0177", "US", Typed("Ben Ode", PHONE)),
        ("202.555.0177 Ben Ode", "US", Typed("Ben Ode", PHONE)),
        ("+1 202 555 0177", "DE", Typed("", PHONE)),
        ("Ben Ode 3/4/1985", "US", Typed("Ben Ode", "", BORN)),
        ("Ben Ode 4/3/1985", "GB", Typed("Ben Ode", "", BORN)),
        ("Ben Ode 3/4/1985", "GU", Typed("Ben Ode", "", BORN)),
        ("Ben Ode 04.03.1985", "US", Typed("Ben Ode", "", BORN)),
        ("Ben Ode 1985-03-04", "US", Typed("Ben Ode", "", BORN)),
        ("Ben Ode, 4 March 1985", "US", Typed("Ben Ode", "", BORN)),
        ("Ben Ode, Mar 4, 1985, 2025550177", "US", Typed("Ben Ode", PHONE, BORN)),
        ("25/12/1985", "US", Typed("", "", date(1985, 12, 25))),
        ("0177", "US", Typed("", "", None, "177", "0177")),
        ("Ben 555-01", "US", Typed("Ben", "", None, "55501", "555-01")),
        ("Ben 31/02/1985", "US", Typed("Ben", "", None, "31021985", "31/02/1985")),
        ("Ben 2027-01-01", "US", Typed("Ben", "", None, "20270101", "2027-01-01")),
        ("Ben Ode (202) 555-0177 ext. 4", "US", Typed("Ben Ode", PHONE, extension="ext. 4")),
        ("202-555-0177x12 Ben Ode", "US", Typed("Ben Ode", PHONE, extension="x12")),
        ("Ben Ode 202 555 0177 #4", "US", Typed("Ben Ode", PHONE, extension="#4")),
        ("Ben Ode Extension 4", "US", Typed("Ben Ode", extension="Extension 4")),
        ("Dexter 4/3/1985", "GB", Typed("Dexter", "", BORN)),
        ("", "US", Typed()),
        (" \0 ", "US", Typed()),
    ],
)
def test_a_line_is_read(text: str, region: str, typed: Typed) -> None:
    assert finding.read(text, region=region, today=TODAY) == typed


def test_a_number_that_is_not_whole_makes_no_patient() -> None:
    assert finding.read("Ben 2025550177", region="US", today=TODAY).names_somebody
    assert not finding.read("Ben 20255501", region="US", today=TODAY).names_somebody
    assert not finding.read("Ben 2025550177 ext. 4", region="US", today=TODAY).names_somebody
    assert not finding.read("2025550177", region="US", today=TODAY).names_somebody


@pytest.fixture
def people(elm: object) -> None:
    for name, phone, born in (
        ("Sinéad O\u2019Brien", "+12025550101", BORN),
        ("Anne-Marie Müller", "+12025550102", None),
        ("Ben Ode", "", BORN),
        ("Mo Abroad", "+4930901820", None),
    ):
        Patient.objects.create(name=name, phone=phone, date_of_birth=born)
    Patient.objects.create(
        name="Cat Ruiz", phone="", other_phones=["+12025550188"], other_names=["Cat Lopez"]
    )


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("obrien", ["Sinéad O\u2019Brien"]),
        ("O'BRIEN sinead", ["Sinéad O\u2019Brien"]),
        ("brien", []),
        ("anne marie", ["Anne-Marie Müller"]),
        ("mull", ["Anne-Marie Müller"]),
        ("lopez", ["Cat Ruiz"]),
        ("(202) 555-0188", ["Cat Ruiz"]),
        ("550188", ["Cat Ruiz"]),
        ("030 901820", ["Mo Abroad"]),
        ("+49 30 901820", ["Mo Abroad"]),
        ("3/4/1985", ["Ben Ode", "Sinéad O\u2019Brien"]),
        ("ben 3/4/1985", ["Ben Ode"]),
        ("ben 3/5/1985", []),
        ("01", []),
        ("%", []),
        ("", []),
    ],
)
def test_a_patient_is_found(text: str, names: list[str], people: None) -> None:
    typed = finding.read(text, region="US", today=TODAY)

    assert [row.name for row in finding.matching(typed, Patient.objects.all())] == names
