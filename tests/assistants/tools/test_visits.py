"""Which of a caller's visits is meant, by what they say of it; nothing said is a guess."""

from collections.abc import Callable

import pytest

from assistants.models import ToolCall
from bookings.models import Appointment, Patient, Practitioner, ServiceType
from tests.conftest import Booked, Call, at

pytestmark = pytest.mark.usefixtures("monday")

Have = Callable[..., Appointment]


@pytest.fixture
def have(ben: Patient) -> Have:
    """`have("Cleaning", "Ada", "2026-12-03 14:30")`: a visit of Ben's."""

    def book(service: str, who: str, start: str, patient: Patient = ben) -> Appointment:
        return Appointment.objects.create(
            practitioner=Practitioner.objects.get(name__contains=who),
            service=ServiceType.objects.get(name=service),
            patient=patient, start=at(start), source="voice",
        )  # fmt: skip

    return book


@pytest.fixture
def one(have: Have) -> Appointment:
    """Ben's only visit: a cleaning with Dr. Ada Moss on Wednesday, January 20 at four."""
    return have("Cleaning", "Ada", "2027-01-20 16:00")


@pytest.fixture
def three(have: Have) -> dict[str, Appointment]:
    return {
        "cleaning": have("Cleaning", "Ada", "2026-12-02 09:00"),
        "consultation": have("Consultation", "Bo", "2026-12-03 14:30"),
        "root canal": have("Root canal", "Ada", "2027-01-20 16:00"),
    }


@pytest.mark.parametrize(
    "said",
    [
        "my appointment", "my cleaning", "the one with Dr. Moss", "with Ada", "in January",
        "January 20 at 4:07", "January 20 at 4:30 pm", "the Wednesday one", "Wednesday",
        "my teeth cleaning on January 20th", "the 20th", "in the afternoon", "the one I booked",
        "the visit with Dr. Mos", "my only visit", "my next appointment", "at 4", "mi cita",
        "2027-01-20T16:00", "that one", "the cleaning I made last week", "my dental appointment",
        "yes, that's the one", "the one we just talked about", "la cita del miércoles",
        "der Termin am Mittwoch", "a consulta de quarta-feira", "el 20 de enero", "minha consulta",
        "mi cita del miércoles", "mein Termin am Mittwoch", "la cita que tengo el miércoles",
        "the cleaning I have on Wednesday", "it's for a cleaning in January", "Ben Ode's cleaning",
        "that appointment on Wednesday, I can't make it anymore", "Ben's cleaning", "Ben Ode",
        "my cleaning on January 20 because I'm sick", "my Wednesday visit, something came up",
        "the one coming up on Wednesday",
    ],
)  # fmt: skip
def test_the_only_visit_is_meant_by_all_that_fits_it(
    said: str, call: Call, one: Appointment
) -> None:
    heard = call("cancel_appointment", current=said)

    one.refresh_from_db()
    assert heard.startswith("I've cancelled it"), heard
    assert one.status == "cancelled"


@pytest.mark.parametrize(
    "said",
    [
        "my root canal", "the one with Dr. Lind", "in February", "January 20 at 2 pm",
        "the Thursday one", "in the morning", "my MRI", "January 21", "the 14th",
        "la cita del jueves", "am Donnerstag", "my wife's appointment", "Sam's cleaning",
        "tomorrow's", "next week's", "today's appointment", "Ben Ode Junior's cleaning",
        "Paula Ode's cleaning", "the other one",
    ],
)  # fmt: skip
def test_what_fits_nothing_names_what_there_is_and_is_no_guess(
    said: str, call: Call, one: Appointment
) -> None:
    known = (
        "I don't see that one. You have a cleaning on Wednesday, January 20 at 4:00 PM with"
        " Dr. Ada Moss."
    )
    heard = [call("cancel_appointment", current=said) for _ in range(7)]

    assert heard[0] == f"{known} Do you mean that one?"
    assert all(one.startswith(known) for one in heard)

    one.refresh_from_db()
    assert one.status == "booked"
    assert not ToolCall.objects.filter(outcome="NotProven").exists()
    assert call("cancel_appointment", current="my cleaning").startswith("I've cancelled it")


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("my cleaning", "cleaning"),
        ("the consult", "consultation"),
        ("the one with Dr. Lind", "consultation"),
        ("Dr. Moss in January", "root canal"),
        ("the Thursday one", "consultation"),
        ("the morning one", "cleaning"),
        ("in January", "root canal"),
        ("at 2:30", "consultation"),
        ("December 3rd at 2:40", "consultation"),
        ("the last one", "root canal"),
        ("my next appointment", "cleaning"),
        ("the second one", "consultation"),
        ("root canal with Dr. Moss", "root canal"),
        ("Wednesday at 9", "cleaning"),
        ("on the 20th", "root canal"),
        ("the January one", "root canal"),
        ("Dr. Lind's", "consultation"),
        ("la cita con el doctor Lind", "consultation"),
        ("la de las dos y media", "consultation"),
        ("el jueves a las 2 y media de la tarde", "consultation"),
    ],
)
def test_of_several_the_one_that_fits_is_meant(
    said: str, meant: str, call: Call, three: dict[str, Appointment]
) -> None:
    heard = call("cancel_appointment", current=said)

    assert heard.startswith("I've cancelled it"), heard
    assert list(Appointment.objects.filter(status="cancelled")) == [three[meant]]


@pytest.mark.parametrize("said", ["both", "all", "my two", "las dos", "zwei", "two please"])
def test_a_number_of_visits_is_no_time(said: str, call: Call, one: Appointment) -> None:
    call(
        "book_appointment", service="consultation", patient_name="Ben Ode", start="December 3 at 2"
    )

    asked = call("cancel_appointment", current=said)
    assert asked.startswith("One at a time, please. You have a consultation on")
    assert asked.endswith("Which one first?")
    assert Appointment.objects.occupying().count() == 2


def test_the_first_of_a_service_is_the_first_one(call: Call, one: Appointment) -> None:
    call("book_appointment", service="cleaning", patient_name="Ben Ode", start="January 27 at 4")

    assert "January 27" in call("cancel_appointment", current="the second cleaning")
    one.refresh_from_db()
    assert one.status == "booked"


def test_la_primera_is_a_place_and_no_day(call: Call, one: Appointment) -> None:
    call("book_appointment", service="cleaning", patient_name="Ben Ode", start="February 1 at 4")

    call("cancel_appointment", current="la primera")

    one.refresh_from_db()
    assert one.status == "cancelled"


def test_near_a_time_is_not_meant_where_another_visit_is_at_it(
    call: Call, one: Appointment, booked: Booked
) -> None:
    call(
        "book_appointment",
        service="consultation",
        patient_name="Ben Ode",
        start="January 20 at 4:30",
    )

    heard = call("cancel_appointment", current="the cleaning at 4:30")

    assert heard.startswith("I don't see that one")
    assert len(booked()) == 2


def test_la_consulta_is_not_the_cleaning_where_there_are_consultations(
    call: Call, one: Appointment
) -> None:
    assert call("cancel_appointment", current="la consulta").endswith("Do you mean that one?")
    one.refresh_from_db()
    assert one.status == "booked"


def test_somebody_elses_visit_is_not_the_one_of_who_is_named(call: Call, one: Appointment) -> None:
    call("cancel_appointment", current="Sam's cleaning", patient_name="Ben Ode")

    one.refresh_from_db()
    assert one.status == "booked"


def test_the_other_one_is_the_one_that_is_left(call: Call, three: dict[str, Appointment]) -> None:
    call("cancel_appointment", current="the root canal")
    call("cancel_appointment", current="the cleaning")

    heard = call("cancel_appointment", current="and the other one")

    assert heard.startswith("I've cancelled it: a consultation"), heard


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("the consultation and keep the cleaning", "consultation"),
        ("the cleaning, but please keep the consultation", "cleaning"),
        ("the root canal, not the cleaning", "root canal"),
        ("keep the cleaning and cancel the consultation", "consultation"),
        ("the consultation, I will keep the cleaning", "consultation"),
        ("I'd like to keep the cleaning but cancel the consultation", "consultation"),
        ("not the cleaning, cancel the one in January", "root canal"),
    ],
)
def test_the_one_that_stays_is_named_beside_it(
    said: str, meant: str, call: Call, three: dict[str, Appointment]
) -> None:
    call("cancel_appointment", current=said)

    assert list(Appointment.objects.filter(status="cancelled")) == [three[meant]]


@pytest.mark.parametrize(
    "said",
    ["the consultation and keep it", "my visit, and keep the cleaning", "not the cleaning",
     "the one with Dr. Moss and keep the consultation", "the cleaning, not the cleaning"],
)  # fmt: skip
def test_where_it_is_not_clear_which_stays_it_is_asked(
    said: str, call: Call, three: dict[str, Appointment]
) -> None:
    assert call("cancel_appointment", current=said).endswith("Which one do you mean?")
    assert Appointment.objects.occupying().count() == 3


@pytest.mark.parametrize(
    ("said", "asked"),
    [
        (
            "the one with Dr. Moss",
            "I see more than one: a cleaning on Wednesday, December 2 at 9:00 AM with Dr. Ada Moss;"
            " or a root canal on Wednesday, January 20 at 4:00 PM with Dr. Ada Moss. Which one do"
            " you mean?",
        ),
        (
            "my appointment on December 9",
            "I don't see that one. You have a cleaning on Wednesday, December 2 at 9:00 AM with"
            " Dr. Ada Moss; a consultation on Thursday, December 3 at 2:30 PM with Dr. Bo Lind;"
            " or a root canal on Wednesday, January 20 at 4:00 PM with Dr. Ada Moss. Which one do"
            " you mean?",
        ),
    ],
)
def test_what_fits_several_or_none_is_asked(
    said: str, asked: str, call: Call, three: dict[str, Appointment]
) -> None:
    assert call("cancel_appointment", current=said) == asked
    assert Appointment.objects.occupying().count() == 3


def test_a_wrong_reference_at_a_known_number_is_no_guess(call: Call, one: Appointment) -> None:
    for _ in range(7):
        heard = call("reschedule_appointment", reference="ZZZZZ", start="January 21 at 9 am")
        assert heard.startswith("I don't see that one. You have a cleaning on Wednesday")

    one.refresh_from_db()
    assert one.start == at("2027-01-20 16:00")
    assert not ToolCall.objects.filter(outcome="NotProven").exists()


def test_a_birthday_with_a_wrong_reference_is_a_guess_all_the_same(
    call: Call, one: Appointment
) -> None:
    """It could be of somebody else."""
    heard = call("cancel_appointment", reference="ZZZZZ", date_of_birth="1980-02-03")

    assert heard.startswith("I can't find an upcoming appointment with those details.")
    assert ToolCall.objects.get().outcome == "NotProven"


def test_a_strangers_words_open_nothing(call: Call, one: Appointment) -> None:
    heard = call("cancel_appointment", current="my cleaning", caller="+12025550188")

    assert heard.startswith("I can't find an upcoming appointment")


def test_the_visit_is_moved_that_is_meant(call: Call, three: dict[str, Appointment]) -> None:
    heard = call("reschedule_appointment", current="the consultation", start="an hour later")

    assert heard.startswith("I've moved it")
    three["consultation"].refresh_from_db()
    assert three["consultation"].start == at("2026-12-03 15:30")


# --- more than are told


@pytest.fixture
def seven(have: Have) -> list[Appointment]:
    return [have("Cleaning", "Ada", f"2026-12-{day:02} 09:00") for day in (1, 2, 3, 4, 7, 8, 9)]


def test_what_there_is_no_room_for_is_counted_and_told_next(
    call: Call, seven: list[Appointment]
) -> None:
    heard = [call("find_appointments") for _ in range(3)]

    assert heard[0].startswith("You have a cleaning on Tuesday, December 1 at 9:00 AM")
    assert heard[0].endswith("and five more. Shall I tell you the rest?")
    assert heard[1].startswith("You also have a cleaning on Thursday, December 3 at 9:00 AM")
    told = [row.reference for row in seven if row.reference in " ".join(heard)]
    assert len(told) == 7
    assert heard[2].endswith("Is it about that?")
    assert call("find_appointments") == heard[0]


@pytest.mark.parametrize("said", ["what else", "the others", "the rest please"])
def test_the_rest_is_asked_for(said: str, call: Call, seven: list[Appointment]) -> None:
    call("find_appointments")

    assert seven[2].reference in call("find_appointments", current=said)


def test_one_that_was_not_told_is_reached(call: Call, seven: list[Appointment]) -> None:
    asked = call("cancel_appointment")
    call("cancel_appointment", current="the one on December 9th")

    assert "and four more. Which one do you mean?" in asked
    assert [row.start.day for row in Appointment.objects.filter(status="cancelled")] == [9]


def test_one_of_them_is_found_by_what_is_said(call: Call, seven: list[Appointment]) -> None:
    assert call("find_appointments", current="on December 8") == (
        "You have a cleaning on Tuesday, December 8 at 9:00 AM with Dr. Ada Moss,"
        f" reference {seven[5].reference}. Is it about that?"
    )


# --- where the words may mean two visits


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("the first", "cleaning"),
        ("the third", None),  # Dec 3, or the third of the three
        ("third", None),
        ("the third one", "root canal"),
        ("on the third", "consultation"),
        ("la tercera", "root canal"),  # a visit is feminine in Spanish, and a day is not
        ("last", "root canal"),
        ("the last one I booked", None),  # the root canal is the last to come, and was first booked
        ("the latest one I made", None),
        ("the first one I booked", None),
    ],
)
def test_a_place_that_may_be_two_visits_is_asked_about(
    said: str, meant: str | None, call: Call, three: dict[str, Appointment]
) -> None:
    for days, name in enumerate(("root canal", "consultation", "cleaning"), 1):
        created = at(f"2026-11-{days + 10} 09:00")
        Appointment.objects.filter(pk=three[name].pk).update(created=created)

    heard = call("cancel_appointment", current=said)

    cancelled = [name for name, row in three.items() if is_cancelled(row)]
    assert cancelled == [meant] * bool(meant), heard


def is_cancelled(row: Appointment) -> bool:
    row.refresh_from_db()
    return row.status == "cancelled"
