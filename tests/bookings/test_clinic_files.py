"""Clinic files: what is wrong in one is named by the path to it."""

from pathlib import Path

import pytest

from assistants.provisioning.clinic_files import ClinicFile
from bookings import clinic_files
from bookings.clinic_files import Table
from bookings.models import Practitioner, ServiceType
from tenants.organizations import Refused

SCALING = {"name": "Scaling", "minutes": 30}


@pytest.mark.usefixtures("elm")
@pytest.mark.parametrize(
    ("clinic", "sentence"),
    [
        (
            {"services": [SCALING, {"name": "Exam", "minutes": "30"}]},
            "services: Exam: minutes: A valid integer is required.",
        ),
        ({"services": [SCALING, {}]}, "services: number 2: name: This field is required."),
        (
            {"practitioners": [{"name": "Ada Roe", "aliases": ["Ada", 1]}]},
            "practitioners: Ada Roe: aliases: number 2: Not a valid string.",
        ),
        (
            {"practitioners": [{"name": "Ada Roe", "hours": {"friday": ["9-5"]}}]},
            "practitioners: Ada Roe: hours: friday: number 1: “9-5” is not a period like"
            " 09:00-12:30.",
        ),
        ({"rooms": [{"nam": "East"}]}, "rooms: number 1: nam: It is not one of name."),
        (
            {"assistant": []},
            "assistant: Invalid data. Expected a dictionary, but got list.",
        ),
        ({"organization": {"name": 3}}, "organization: name: Not a valid string."),
    ],
)
def test_what_is_wrong_is_named_by_the_path_to_it(clinic: Table, sentence: str) -> None:
    before = (ServiceType.objects.count(), Practitioner.objects.count())

    with pytest.raises(Refused) as refused:
        clinic_files.load(clinic, shape=ClinicFile)

    assert refused.value.reason == sentence
    assert (ServiceType.objects.count(), Practitioner.objects.count()) == before


def test_a_byte_order_mark_before_it_is_no_matter(tmp_path: Path) -> None:
    file = tmp_path / "clinic.toml"
    file.write_text('[organization]\nname = "Elm"', encoding="utf-8-sig")

    assert clinic_files.read(file) == {"organization": {"name": "Elm"}}
