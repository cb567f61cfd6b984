"""Emergencies: no caller is told a number that is not one."""

import phonenumbers
import pytest

from assistants.prompts import emergencies


@pytest.mark.parametrize(("region", "number"), emergencies.NUMBERS.items())
def test_every_number_is_an_emergency_number_of_its_country(region: str, number: str) -> None:
    assert phonenumbers.is_emergency_number(number, region)


@pytest.mark.parametrize(
    ("region", "told"),
    [
        ("US", "If this is an emergency, please hang up and call 911 now."),
        ("GB", "If this is an emergency, please hang up and call 999 now."),
        ("DE", "If this is an emergency, please hang up and call 112 now."),
        ("TV", "If this is an emergency, please hang up and call your local emergency number now."),
    ],
)
def test_the_sentence_names_the_countrys_number_or_none(region: str, told: str) -> None:
    assert emergencies.sentence(region) == told
