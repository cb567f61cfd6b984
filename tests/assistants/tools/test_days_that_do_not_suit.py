"""Days and hours that do not suit are never waited for, nor offered: kept as said, or asked."""

import pytest

from bookings.models import WaitlistEntry
from tests.conftest import Call

pytestmark = pytest.mark.usefixtures("monday")

AFTER_NOON, NOT_TUESDAY, NOT_MONDAY = (
    {"parts": ["afternoon", "evening"]},
    {"weekdays": [0, 2, 3, 4, 5, 6]},
    {"weekdays": [1, 2, 3, 4, 5, 6]},
)
NOT_FRIDAY = {"weekdays": [0, 1, 2, 3]}


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("not in the morning", AFTER_NOON),
        ("no mornings please, afternoons", {"parts": ["afternoon"]}),
        ("afternoons only, never mornings", {"parts": ["afternoon"]}),
        (
            "Tuesday or Thursday, but not in the afternoon",
            {"weekdays": [1, 3], "parts": ["morning", "evening"]},
        ),
        ("weekdays except Friday", NOT_FRIDAY),
        ("any day but Tuesday", NOT_TUESDAY),
        ("never on a Monday", NOT_MONDAY),
        ("avoid Mondays", NOT_MONDAY),
        ("no por la mañana", AFTER_NOON),
        ("cualquier día menos el martes", NOT_TUESDAY),
        ("nunca los lunes", NOT_MONDAY),
        ("entre semana menos el viernes", NOT_FRIDAY),
        ("nicht morgens", AFTER_NOON),
        ("jeder Tag außer Dienstag", NOT_TUESDAY),
        ("wochentags außer Freitag", NOT_FRIDAY),
        ("nur nachmittags, nicht vormittags", {"parts": ["afternoon"]}),
        ("pas le matin", AFTER_NOON),
        ("n'importe quel jour sauf mardi", NOT_TUESDAY),
        ("en semaine sauf vendredi", NOT_FRIDAY),
        ("não de manhã", AFTER_NOON),
        ("qualquer dia menos terça-feira", NOT_TUESDAY),
        ("nunca às segundas", NOT_MONDAY),
        ("dias úteis exceto sexta-feira", NOT_FRIDAY),
    ],
)
def test_what_does_not_suit_is_kept_as_such(
    said: str, kept: dict[str, list[object]], call: Call
) -> None:
    call("join_waitlist", service="cleaning", patient_name="Ben Ode", days=said)

    entry = WaitlistEntry.objects.get()
    assert {name: getattr(entry, name) for name in kept} == kept


@pytest.mark.parametrize(
    ("said", "first", "before"),
    [
        ("after 5 pm", "17:00", None),
        ("before noon", None, "12:00"),
        ("después de las 5", "17:00", None),
        ("antes del mediodía", None, "12:00"),
        ("nach 17 Uhr", "17:00", None),
        ("avant midi", None, "12:00"),
        ("depois das 17 horas", "17:00", None),
        ("antes do meio-dia", None, "12:00"),
    ],
)
def test_hours_are_kept(said: str, first: str | None, before: str | None, call: Call) -> None:
    call("join_waitlist", service="cleaning", patient_name="Ben Ode", days=said)

    entry = WaitlistEntry.objects.get()
    ends = [at and f"{at:%H:%M}" for at in (entry.starts_from, entry.starts_before)]
    assert ends == [first, before]


NOT_THEN = [
    "I can't do evenings", "mornings don't work", "mornings are bad for me", "I work mornings",
    "I'm away next week", "I hate mornings", "por la mañana no", "vormittags kann ich nicht",
    "le matin je ne peux pas", "de manhã não", "mornings are no good",
]  # fmt: skip


@pytest.mark.parametrize("said", NOT_THEN)
def test_what_is_not_understood_is_asked(said: str, call: Call) -> None:
    heard = call("join_waitlist", service="cleaning", patient_name="Ben Ode", days=said)

    assert heard.endswith("?")
    assert not WaitlistEntry.objects.exists()
    for argument in ("date", "time_preference"):
        heard = call("check_availability", service="cleaning", **{argument: said})
        assert " I have " not in heard, (argument, heard)


@pytest.mark.parametrize(
    ("said", "never"),
    [
        ("afternoons, but Tuesday afternoons I can't", "Tuesday"),
        ("either Monday or Friday but Monday mornings don't work", "Monday"),
        ("Mondays won't work", "Monday"),
    ],
)
def test_a_day_that_is_refused_is_not_offered(said: str, never: str, call: Call) -> None:
    heard = call("check_availability", service="cleaning", time_preference=said)

    assert never not in heard.replace(f"any day but {never}", ""), heard
