"""Wording: how names of services are said."""

from typing import Any

import pytest
import typeguard

from assistants.speech import wording
from assistants.speech.wording import article


@pytest.mark.parametrize(
    ("service", "said"),
    [
        ("Root canal", "a root canal"),
        ("Eye exam", "an eye exam"),
        ("X-ray", "an x-ray"),
        ("MRI", "an MRI"),
        ("MRI scan", "an MRI scan"),
        ("STI test", "an STI test"),
        ("HIV test", "an HIV test"),
        ("UV treatment", "a UV treatment"),
        ("UV", "a UV"),
        ("CT scan", "a CT scan"),
        ("LASIK surgery", "a LASIK surgery"),
        ("SPA DAY", "a SPA DAY"),
        ("Hour-long massage", "an hour-long massage"),
        ("Honest talk", "an honest talk"),
        ("European facial", "a european facial"),
        ("Uterine check", "a uterine check"),
        ("Ultrasound", "an ultrasound"),
        ("One-on-one session", "a one-on-one session"),
        ("6-month recall", "a 6-month recall"),
        ("8-week check", "an 8-week check"),
        ("11-year check", "an 11-year check"),
        ("18 week scan", "an 18 week scan"),
        ("80-minute massage", "an 80-minute massage"),
        ("A1c test", "an A1c test"),
    ],
)
def test_a_service_has_the_article_it_is_said_with(service: str, said: str) -> None:
    assert article(service) == said


def is_compiled_anew(function: Any) -> bool:
    return any(name.startswith("check_") for name in function.__code__.co_names)


def test_no_second_goes_by_with_checking_the_functions_of_inflect() -> None:
    assert not is_compiled_anew(type(wording.english()).a)


def test_typeguard_would_compile_them_anew() -> None:
    """The negative control."""

    @typeguard.typechecked
    def a(text: str) -> str:
        return text

    assert is_compiled_anew(a)
