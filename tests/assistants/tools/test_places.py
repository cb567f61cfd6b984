"""An offer is taken by its place among those a call heard last, and “the first” is no date."""

import re
from datetime import datetime

import pytest
import time_machine

from bookings.models import Appointment, Closure, Offer, Patient, Practitioner, ServiceType
from tests.conftest import NEW_YORK, Booked, Call, at

pytestmark = pytest.mark.usefixtures("monday")

ASKED = {"service": "cleaning", "patient_name": "Ben Ode"}


@pytest.fixture
def offered(call: Call, monday: datetime) -> str:
    """9:00 AM, 1:30 PM, or 4:30 PM on Thursday, December 3."""
    heard = call("check_availability", service="cleaning", date="December 3")
    assert "9:00 AM, 1:30 PM, or 4:30 PM" in heard
    return heard


@pytest.mark.usefixtures("offered")
@pytest.mark.parametrize(
    ("said", "start"),
    [
        ({"start": "the first one"}, "09:00"),
        ({"start": "the second one please"}, "13:30"),
        ({"time": "the second one"}, "13:30"),
        ({"start": "the earliest of those"}, "09:00"),
        ({"start": "the last one"}, "16:30"),
        ({"start": "the third option"}, "16:30"),
        ({"start": "the later one"}, "16:30"),
        ({"date": "Thursday December 3", "time": "the first one"}, "09:00"),
        ({"start": "December 3 at 1:30, the second one"}, "13:30"),
        ({"start": "the morning one"}, "09:00"),
        ({"start": "the first"}, "09:00"),
        ({"start": "the second time you said"}, "13:30"),
        ({"start": "I'll take the first"}, "09:00"),
        ({"start": "okay, the second please"}, "13:30"),
        ({"start": "second"}, "13:30"),
        ({"start": "option 2"}, "13:30"),
        ({"start": "number three"}, "16:30"),
        ({"start": "the 4:30 one"}, "16:30"),
        ({"start": "the 4:30 PM slot"}, "16:30"),
        ({"start": "la segunda"}, "13:30"),
        ({"start": "la primera opción, por favor"}, "09:00"),
        ({"start": "ich nehme die zweite"}, "13:30"),
        ({"start": "le dernier"}, "16:30"),
        ({"start": "o segundo"}, "13:30"),
        ({"start": "the 1:30"}, "13:30"),
        ({"start": "1:30"}, "13:30"),
        ({"start": "one thirty"}, "13:30"),
        ({"time": "I said half past one"}, "13:30"),
        ({"start": "at nine"}, "09:00"),
        ({"start": "4:30 please"}, "16:30"),
    ],
)
def test_an_offer_is_booked_by_its_place(
    said: dict[str, str], start: str, call: Call, booked: Booked
) -> None:
    heard = call("book_appointment", **ASKED, **said)

    assert heard.startswith("You're booked: a cleaning on Thursday, December 3"), heard
    assert [row.start for row in booked()] == [at(f"2026-12-03 {start}")]


@pytest.mark.usefixtures("offered")
@pytest.mark.parametrize(
    "said",
    [
        {"start": "December 3 at 9, the second one"},
        {"start": "the first one on Friday"},
        {"start": "the afternoon one"},
        {"start": "the 2 pm one"},
        {"start": "earlier"},
        {"start": "the other one"},
        {"start": "option 7"},
    ],
)
def test_a_place_that_contradicts_the_rest_is_asked(
    said: dict[str, str], call: Call, booked: Booked
) -> None:
    assert call("book_appointment", **ASKED, **said).endswith("?")
    assert booked() == []


@pytest.mark.parametrize("said", ["the first one", "the second one", "the last one"])
def test_without_an_offer_nothing_is_taken(said: str, call: Call, booked: Booked) -> None:
    assert call("book_appointment", **ASKED, start=said).endswith("?")
    assert booked() == []


def test_the_offers_of_another_call_are_not_this_ones(
    offered: str, call: Call, booked: Booked
) -> None:
    heard = call("book_appointment", **ASKED, start="the first one", call_id="another", caller="")

    assert heard.endswith("?")
    assert booked() == []


def test_after_a_dropped_line_the_number_takes_its_offer_by_its_place(
    call: Call, booked: Booked
) -> None:
    call("check_availability", service="cleaning", date="December 3")
    stranger = call(
        "book_appointment", **ASKED, start="the second one", call_id="b", caller="+12025550188"
    )
    withheld = call(
        "book_appointment", **ASKED, start="the second one", call_id="c", caller="",
        patient_phone="+12025550177",
    )  # fmt: skip
    assert booked() == []
    assert not any(heard.startswith("You're booked") for heard in (stranger, withheld))

    again = call("book_appointment", **ASKED, start="the second one", call_id="again")

    assert again.startswith("You're booked: a cleaning on Thursday, December 3")
    assert [row.start for row in booked()] == [at("2026-12-03 13:30")]


def test_what_is_no_longer_kept_is_not_taken_by_its_place(call: Call, booked: Booked) -> None:
    call("check_availability", service="cleaning", date="December 3")
    with time_machine.travel(at("2026-11-23 08:04"), tick=False):
        heard = call("book_appointment", **ASKED, start="the second one", call_id="again")

    assert not heard.startswith("You're booked")
    assert booked() == []


def test_what_a_refusal_offered_is_taken_by_its_place(
    offered: str, call: Call, booked: Booked, ada: Practitioner, cleaning: ServiceType, cat: Patient
) -> None:
    """The latest offers count: those of the refusal, not the ones before it."""
    Appointment.objects.create(
        practitioner=ada, service=cleaning, patient=cat, start=at("2026-12-04 10:00"),
        source="staff",
    )  # fmt: skip
    refused = call("book_appointment", **ASKED, start="December 4 at 10 AM")
    assert "I have 9:30 AM, 10:30 AM, or 10:45 AM available" in refused

    call("book_appointment", **ASKED, start="the third one")

    assert [row.start for row in booked()] == [at("2026-12-04 10:00"), at("2026-12-04 10:45")]


@pytest.mark.parametrize(
    "said",
    [
        "the first you have", "the first available", "first available", "the earliest you have",
        "the next opening", "as soon as possible", "the soonest appointment", "your first opening",
        "the next available appointment", "whatever is first available",
    ],
)  # fmt: skip
def test_the_first_you_have_is_the_soonest_and_no_first_of_a_month(
    said: str, call: Call, booked: Booked
) -> None:
    heard = call("book_appointment", **ASKED, start=said)

    assert heard == (
        "For a cleaning today, Monday, November 23 I have 9:00 AM, 1:00 PM, or 4:00 PM."
        " Which would you like?"
    )
    assert booked() == []
    assert Offer.objects.count() == 3
    assert call("book_appointment", **ASKED, start="the first one").startswith("You're booked")


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"date": "next Monday"}, "For a cleaning on Monday, November 30 I have"),
        ({"start": "first available on Tuesday"}, "For a cleaning tomorrow, Tuesday, November 24"),
        ({"date": "Tuesday", "time": "first available"}, "For a cleaning tomorrow, Tuesday"),
        ({"date": "next week"}, "For a cleaning between Monday, November 30 and Sunday"),
        ({"date": "Friday", "time": "in the afternoon"}, "For a cleaning on Friday, November 27"),
        ({"date": "December 5"}, "I'm sorry, I have nothing open for a cleaning on Saturday"),
    ],
)
def test_a_day_without_a_time_is_answered_with_its_times(
    said: dict[str, str], told: str, call: Call, booked: Booked
) -> None:
    heard = call("book_appointment", **ASKED, **said)

    assert heard.startswith(told), heard
    assert heard.endswith("?")
    assert booked() == []
    assert Offer.objects.filter(conversation="call-1").count() == 3


def test_what_else_is_missing_is_asked_first(call: Call) -> None:
    assert call("book_appointment", service="cleaning", date="next Monday") == (
        "I still need the time and the patient's name. Could you tell me?"
    )


def test_midnight_is_not_read_into_a_day(call: Call, booked: Booked) -> None:
    heard = call("book_appointment", **ASKED, start="2026-12-03T00:00")

    assert heard.startswith("For a cleaning on Thursday, December 3 I have 9:00 AM")
    assert booked() == []


@pytest.mark.usefixtures("offered")
@pytest.mark.parametrize(
    "said",
    [
        "anything but the first one", "not the last one", "the first one is too early",
        "the second one is no good", "I hate the first one", "I can't do the first one",
        "not the morning one", "is the first one with Dr. Lind?", "the first one but with Dr. Lind",
        "the first one, no wait, the second one", "the first one with Dr. Lind",
        "don't take the first one", "the first one won't work", "not the first one, the second one",
    ],
)  # fmt: skip
def test_a_place_that_is_refused_is_asked_about(said: str, call: Call, booked: Booked) -> None:
    heard = call("book_appointment", **ASKED, start=said)

    assert booked() == []
    assert heard.endswith("?"), heard


@pytest.mark.usefixtures("offered")
@pytest.mark.parametrize("said", ["the first one with Dr. Moss", "the first one, with Ada Moss"])
def test_a_place_with_who_has_it_is_that_one(said: str, call: Call, booked: Booked) -> None:
    call("book_appointment", **ASKED, start=said)

    assert [row.start for row in booked()] == [at("2026-12-03 09:00")]


# --- what is taken by its place is what was said


@pytest.fixture
def busy(ada: Practitioner, cat: Patient, cleaning: ServiceType) -> Appointment:
    """Dr. Ada Moss has Cat at ten on Thursday; Dr. Bo Lind has not."""
    bo = Practitioner.objects.get(name__contains="Bo")
    bo.services.add(cleaning)
    return Appointment.objects.create(
        practitioner=ada, service=cleaning, patient=cat, start=at("2026-12-03 10:00"),
        source="staff",
    )  # fmt: skip


def times_in(heard: str) -> list[str]:
    return re.findall(r"\d{1,2}:\d\d [AP]M", heard.partition(". ")[2])


@pytest.mark.parametrize("number", [1, 2, 3])
def test_the_times_beside_a_colleagues_are_taken_as_they_were_said(
    number: int, call: Call, booked: Booked, busy: Appointment
) -> None:
    heard = call("book_appointment", **ASKED, start="2026-12-03T10:00", practitioner="Ada")
    said = times_in(heard)
    assert len(said) == 3, heard
    assert "Lind could see you" in heard

    call("book_appointment", **ASKED, start=f"the {['first', 'second', 'third'][number - 1]} one")

    [made] = [row for row in booked() if row.pk != busy.pk]
    assert f"{made.start.astimezone(NEW_YORK):%-I:%M %p}" == said[number - 1]
    assert ("Lind" in made.practitioner.name) == (number == 3)


def test_where_nothing_is_open_the_times_said_are_taken(
    call: Call, booked: Booked, busy: Appointment, ada: Practitioner
) -> None:
    Closure.objects.create(
        start=at("2026-12-03 00:00"), end=at("2026-12-04 00:00"), practitioner=ada
    )
    heard = call("check_availability", service="cleaning", practitioner="Ada", date="December 3")
    assert "could see you" in heard, heard
    said = times_in(heard)

    for word in ("third", "last but one"):
        call("book_appointment", **ASKED, start=f"the {word} one")
    assert booked() == [busy]
    call("book_appointment", **ASKED, start="the second one")

    [made] = [row for row in booked() if row.pk != busy.pk]
    assert f"{made.start.astimezone(NEW_YORK):%-I:%M %p}" == said[1]
    assert "Lind" in made.practitioner.name


def test_no_time_is_taken_that_was_not_said(call: Call, booked: Booked) -> None:
    """“You already have a cleaning …, or another time for this one?” tells none."""
    call("book_appointment", **ASKED, start="2026-12-03T10:00")
    heard = call(
        "book_appointment", service="consultation", patient_name="Ben Ode", start="2026-12-03T10:00"
    )
    assert heard.startswith("You already have")

    heard = call(
        "book_appointment", service="consultation", patient_name="Ben Ode", start="the second one"
    )

    assert heard.endswith("?")
    assert len(booked()) == 1


@pytest.mark.usefixtures("offered")
@pytest.mark.parametrize(
    ("said", "start"), [("at 2", "14:00"), ("10:30", "10:30"), ("half past two", "14:30")]
)
def test_a_time_that_was_not_offered_is_of_the_day_that_was(
    said: str, start: str, call: Call, booked: Booked
) -> None:
    call("book_appointment", **ASKED, start=said)

    assert [row.start for row in booked()] == [at(f"2026-12-03 {start}")]


@pytest.mark.usefixtures("offered")
@pytest.mark.parametrize("said", ["another day at 2", "some other date at 2 pm"])
def test_a_time_of_another_day_is_of_no_day(said: str, call: Call, booked: Booked) -> None:
    assert call("book_appointment", **ASKED, start=said).endswith("?")
    assert booked() == []


@pytest.mark.usefixtures("offered")
def test_the_day_told_before_something_was_booked_is_not_meant(call: Call) -> None:
    call("book_appointment", **ASKED, start="the first one")

    assert "the day" in call("book_appointment", **{**ASKED, "patient_name": "Cat Ruiz"}, start="2")


def test_a_time_is_of_no_day_where_several_were_told(call: Call, booked: Booked) -> None:
    call("check_availability", service="cleaning", date="December 3 or December 4")

    assert "the day" in call("book_appointment", **ASKED, start="at 2")
    assert booked() == []


@pytest.mark.usefixtures("offered")
@pytest.mark.parametrize(
    ("said", "start"),
    [
        ({"start": "the second at 1:30"}, "13:30"),
        ({"start": "I'll take the first, nine AM"}, "09:00"),
        ({"date": "the third", "time": "4:30"}, "16:30"),
        ({"start": "la primera a las nueve"}, "09:00"),
        ({"start": "el segundo a la una y media"}, "13:30"),
        ({"start": "die erste um neun"}, "09:00"),
    ],
)
def test_a_place_with_its_time_is_no_day_of_a_month(
    said: dict[str, str], start: str, call: Call, booked: Booked
) -> None:
    call("book_appointment", **ASKED, **said)

    assert [row.start for row in booked()] == [at(f"2026-12-03 {start}")]


@pytest.mark.usefixtures("offered")
def test_a_place_with_another_offers_time_is_asked(call: Call, booked: Booked) -> None:
    assert call("book_appointment", **ASKED, start="the second at 4:30").endswith("?")
    assert booked() == []


def test_a_place_is_among_the_times_for_that_service(call: Call, booked: Booked) -> None:
    call("check_availability", service="root canal", date="December 3")
    call("check_availability", service="cleaning", date="December 7")

    call("book_appointment", **{**ASKED, "service": "root canal", "start": "the first one"})

    assert [(row.service.name, row.start) for row in booked()] == [
        ("Root canal", at("2026-12-03 09:00"))
    ]


# --- with whom


@pytest.mark.parametrize(
    "said",
    [
        {"start": "tomorrow at 2 with Dr. Lind"},
        {"start": "Dr. Lind tomorrow at 2"},
        {"start": "tomorrow at 2 with Bo please"},
        {"date": "tomorrow with Dr. Lind", "time": "2 pm"},
        {"service": "consultation with Dr. Lind", "start": "tomorrow at 2"},
        {"service": "consultation with Bo", "start": "tomorrow at 2"},
        {"start": "tomorrow at 2 but Dr. Moss is rude"},
        {"start": "mañana a las 2 con el doctor Lind"},
        {"start": "con el Dr. Bo Lind mañana a las dos de la tarde"},
        {"start": "mañana a las 2 no con la doctora Moss"},
        {"start": "morgen um 14 Uhr bei Dr. Lind"},
        {"start": "demain à 14 h avec le docteur Lind"},
        {"date": "amanhã com o doutor Lind", "time": "14h"},
        {"start": "tomorrow at 2 with anyone but Dr. Moss"},
        {"date": "tomorrow with someone other than Dr. Moss", "time": "2 pm"},
        {"start": "tomorrow at 2 but not with Dr. Moss"},
        {"start": "tomorrow at 2 with Dr. Lind instead of Dr. Moss"},
        {"start": "tomorrow at 2 Bo Lind"},
        {"start": "bo lind tomorrow at two"},
        {"start": "tomorrow at 2, Lind please"},
        {"service": "consultation Bo Lind", "start": "tomorrow at 2"},
        {"start": "tomorrow at 2, Bo Lind as usual"},
        {"start": "tomorrow at 2, my dentist is Bo Lind"},
        {"start": "tomorrow at 2 with Dr. Lind", "practitioner": "any"},
        {"start": "tomorrow at 2", "doctor": "Dr. Lind"},
        {"start": "tomorrow at 2", "provider": "Lind"},
    ],
)
def test_who_is_named_beside_something_else_is_meant(
    said: dict[str, str], call: Call, booked: Booked, bo: Practitioner
) -> None:
    call("book_appointment", **{"service": "consultation", "patient_name": "Ben Ode", **said})

    assert [visit.practitioner for visit in booked()] == [bo]


@pytest.mark.parametrize(
    "said",
    [
        {"start": "tomorrow at 2 with Dr. Smith"},
        {"service": "consultation with Doctor Smith", "start": "tomorrow at 2"},
        {"start": "morgen um 14 Uhr bei Dr. Schmidt"},
        {"start": "tomorrow at 2 with Dr. Lind no sorry Dr. Moss"},
        {"start": "tomorrow at 2 with Dr. Lind, no wait, with Dr. Moss"},
        {"service": "cleaning with Dr. Lind", "start": "tomorrow at 2"},
        {"start": "tomorrow at 2 with Dr. Moss", "practitioner": "Dr. Lind"},
        {"start": "tomorrow at 2", "dentist": "Dr. Smith"},
    ],
)
def test_who_is_named_there_and_cannot_be_is_asked(
    said: dict[str, str], call: Call, booked: Booked
) -> None:
    wanted = {"service": "consultation", "patient_name": "Ben Ode", **said}
    asked = call("book_appointment", **wanted)
    assert asked.endswith(("Who would you like to see?", "Who will it be?"))
    assert booked() == []


@pytest.mark.parametrize(
    "said",
    [
        {"service": "doctor consultation", "start": "tomorrow at 2"},
        {"start": "tomorrow at 2 with my son"},
        {"start": "tomorrow at 2 for Bo Ode", "patient_name": "Bo Ode"},
        {"start": "tomorrow at 2, anyone but Bo Lind"},
        {"start": "tomorrow at 2, last name Lind"},
        {"start": "tomorrow at 2 (patient Lind)"},
        {"start": "tomorrow at 2 on Lind Street"},
        {"start": "tomorrow at 2, Lind or Moss"},
        {"start": "tomorrow at 2, I saw Bo Lind last time", "practitioner": "Dr. Moss"},
        {"start": "tomorrow at 2 with Dr. Lind", "practitioner": "Dr. Lind"},
        {"start": "tomorrow at 2 with Dr. Lind", "practitioner": "Dr. Lind or anyone"},
    ],
)
def test_words_that_name_no_practitioner_are_let_be(
    said: dict[str, str], call: Call, booked: Booked, ada: Practitioner
) -> None:
    call("book_appointment", **{"service": "consultation", "patient_name": "Ben Ode", **said})

    [visit] = booked()
    assert visit.practitioner == ada or "Lind" in said.get("practitioner", "")


def test_the_free_times_are_of_who_is_named_beside_the_day(call: Call, bo: Practitioner) -> None:
    Closure.objects.create(
        start=at("2026-11-24 08:00"), end=at("2026-11-24 13:00"), practitioner=bo
    )
    for said in ({"date": "tomorrow with Dr. Lind"}, {"service": "consultation with Dr. Lind"},
                 {"date": "tomorrow Bo Lind"}, {"provider_name": "Bo Lind"},
                 {"time_preference": "morning with Dr. Lind"}):  # fmt: skip
        heard = call(
            "check_availability", **{"service": "consultation", "date": "tomorrow", **said}
        )
        own = heard.partition("Dr. Ada Moss")[0]
        assert "1:00 PM" in own, heard
        assert "AM" not in own, heard


@pytest.mark.usefixtures("offered")
@pytest.mark.parametrize(
    "said", ["la segunda si puede ser", "me quedo con la segunda", "mejor la segunda"]
)
def test_a_place_is_taken_politely_in_spanish(said: str, call: Call, booked: Booked) -> None:
    call("book_appointment", **ASKED, start=said)

    assert [row.start for row in booked()] == [at("2026-12-03 13:30")]
