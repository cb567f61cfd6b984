"""“ext. 4” behind a number, or in a name: it is refused and not lost, since nothing keeps it."""

import pytest

from bookings.models import Patient
from tests.desk import Desk

NO_ROOM = "There is no room for an extension here"


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("phone", "(202) 555-0177 ext. 4"),
        ("phone", "+1 202 555 0177 x4"),
        ("other_phones", "(202) 555-0177 ext. 4"),
        ("name", "Dan Fox ext. 4"),
    ],
)
def test_the_page_of_a_patient_refuses_an_extension(field: str, typed: str, desk: Desk) -> None:
    page = desk.post("bookings/patient/add/", {"name": "Dan Fox", "phone": "", field: typed})

    assert NO_ROOM in page.content.decode()
    assert typed in page.content.decode()
    assert not Patient.objects.exists()


def test_the_drawer_makes_no_patient_of_an_extension(desk: Desk) -> None:
    page = desk.post("book/", {"who": "Dan Fox (202) 555-0177 ext. 4"}).content.decode()

    assert "Leave “ext. 4” out, and write it in the note." in page
    assert 'value="Dan Fox (202) 555-0177 ext. 4"' in page
    assert 'value="new"' not in page


def test_the_drawer_finds_who_is_at_the_number(desk: Desk) -> None:
    Patient.objects.create(name="Dan Fox", phone="+12025550177")

    page = desk.post("book/", {"who": "Dan Fox 2025550177 ext. 4", "typing": "1"}).content.decode()

    assert "<strong>Dan Fox</strong>" in page
