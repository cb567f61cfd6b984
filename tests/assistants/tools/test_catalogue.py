"""Practitioners and services, by the words that callers use around their names."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from assistants.speech import wording
from bookings.models import Appointment, Closure, Practitioner, ServiceType, WaitlistEntry
from tests.conftest import EVERY_WEEKDAY, Booked, Call, at

pytestmark = pytest.mark.usefixtures("monday")

GENERAL, BONES = "General practice", "Orthopaedics"
WHO_DOES_WHAT = {
    "Dr. Wei Cheng": [GENERAL],
    "Dr. Amara Okafor": [GENERAL],
    "Dr. Ben Castillo": [GENERAL],
    "Dr. Ana Iglesias": [GENERAL],
    "Dr. Marco Iglesias": [BONES],
    "Dr. Jörg Bauer": [BONES],
    "Sean O'Neill": [BONES],
}
OAK: dict[str, Any] = {
    "assistant": {"name": "Sarah"},
    "services": [{"name": GENERAL, "minutes": 30}, {"name": BONES, "minutes": 30}],
    "practitioners": [
        {"name": name, "services": services, "hours": EVERY_WEEKDAY}
        for name, services in WHO_DOES_WHAT.items()
    ],
}
WANTED = {"start": "2026-12-03T14:00", "patient_name": "Ben Ode"}


@pytest.fixture
def oak(furnish: Callable[[dict[str, Any]], None]) -> None:
    """Where seven people work, two of them called Iglesias."""
    furnish(OAK)


def who(booked: Booked) -> list[str]:
    return [row.practitioner.name for row in booked()]


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("Castilo", "Dr. Ben Castillo"),
        ("Dr. Okafo", "Dr. Amara Okafor"),
        ("doctora Castillo", "Dr. Ben Castillo"),
        ("don Castillo", "Dr. Ben Castillo"),
        ("Dr. Cheng instead", "Dr. Wei Cheng"),
        ("Dr. Cheng if possible", "Dr. Wei Cheng"),
        ("preferably with Dr. Cheng", "Dr. Wei Cheng"),
        ("Dr. Cheng, or anyone", "Dr. Wei Cheng"),
        ("Dr. Castillo, not Dr. Cheng", "Dr. Ben Castillo"),
        ("not Dr. Cheng but Dr. Castillo", "Dr. Ben Castillo"),
        ("Iglesias", "Dr. Ana Iglesias"),
        ("Iglesia", "Dr. Ana Iglesias"),
        ("Ana", "Dr. Ana Iglesias"),
    ],
)
def test_a_practitioner_is_known_by_what_callers_say(
    said: str, meant: str, oak: None, call: Call, booked: Booked
) -> None:
    heard = call("book_appointment", service="general practice", practitioner=said, **WANTED)

    assert heard.startswith("You're booked"), heard
    assert who(booked) == [meant]


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("Iglesia", "Dr. Marco Iglesias"),
        ("Joerg", "Dr. Jörg Bauer"),
        ("Frau Doktor Jorg Bauer", "Dr. Jörg Bauer"),
        ("Oneill", "Sean O'Neill"),
        ("Mr. O Neill", "Sean O'Neill"),
        ("O\u2019Neil", "Sean O'Neill"),
    ],
)
def test_accents_apostrophes_and_the_service_tell_who_it_is(
    said: str, meant: str, oak: None, call: Call, booked: Booked
) -> None:
    heard = call("book_appointment", service="orthopedics", practitioner=said, **WANTED)

    assert heard.startswith("You're booked: an orthopaedics visit on Thursday"), heard
    assert who(booked) == [meant]


@pytest.mark.parametrize(
    "said",
    [
        "any provider", "whoever's available", "Whoever\u2019s free first", "anyone is fine",
        "I don't mind", "no preference", "any doctor will do", "somebody", "cualquiera",
        "whoever you have", "the first available",
    ],
)  # fmt: skip
def test_anybody_is_meant(said: str, oak: None, call: Call, booked: Booked) -> None:
    heard = call("book_appointment", service="general practice", practitioner=said, **WANTED)

    assert heard.startswith("You're booked: a general practice visit on Thursday"), heard
    assert len(booked()) == 1


def test_of_two_with_one_name_the_candidates_are_told(
    oak: None, call: Call, booked: Booked
) -> None:
    Practitioner.objects.get(name="Dr. Marco Iglesias").services.add(
        ServiceType.objects.get(name=GENERAL)
    )

    heard = call("book_appointment", service="general practice", practitioner="Iglesias", **WANTED)

    assert heard == (
        "More than one has that name. You can see Dr. Ana Iglesias or Dr. Marco Iglesias."
        " Who will it be?"
    )
    assert booked() == []


def test_an_unknown_name_names_those_who_do_it(oak: None, call: Call, booked: Booked) -> None:
    heard = call("book_appointment", service="orthopaedics", practitioner="Dr. Whitlock", **WANTED)

    assert heard == (
        "I don't know that name. You can see Dr. Jörg Bauer, Dr. Marco Iglesias, or Sean O'Neill."
        " Who will it be?"
    )
    assert booked() == []


@pytest.mark.parametrize("said", ["someone who speaks Japanese", "a female doctor"])
def test_what_cannot_be_honoured_is_said(said: str, oak: None, call: Call) -> None:
    heard = call("check_availability", service="orthopaedics", practitioner=said)

    assert heard.startswith("I can't choose a practitioner by that. You can see Dr. Jörg Bauer")


@pytest.mark.parametrize("said", ["Ross", "Lin", "Dr. Chan", "Amara Jones", "hers"])
def test_a_short_word_and_another_name_are_no_slips(
    said: str, oak: None, call: Call, booked: Booked
) -> None:
    heard = call("book_appointment", service="general practice", practitioner=said, **WANTED)

    assert heard.startswith("I don't know that name")
    assert booked() == []


@pytest.mark.parametrize(
    "said", ["anyone but Dr. Cheng", "not Dr. Cheng", "anybody except Cheng", "not Cheng, please"]
)
def test_an_excluded_practitioner_is_neither_offered_nor_booked(
    said: str, oak: None, call: Call, booked: Booked
) -> None:
    """With all others away only Dr. Cheng has the time."""
    for person in Practitioner.objects.exclude(name__in=["Dr. Wei Cheng", "Dr. Ben Castillo"]):
        close(person, "2026-11-20 00:00", days=60)
    castillo = Practitioner.objects.get(name="Dr. Ben Castillo")
    close(castillo, "2026-12-03 00:00", days=1)
    said_all = {"service": "general practice", "practitioner": said}

    offered = call("check_availability", date="December 3", **said_all)
    refused = call("book_appointment", **said_all, **WANTED)
    call("book_appointment", **said_all, **{**WANTED, "start": "2026-12-04T14:00"})

    assert offered.startswith("I'm sorry, I have nothing open for a general practice visit")
    assert "isn't in" in refused or "nobody is here" in refused
    assert who(booked) == ["Dr. Ben Castillo"]


def test_with_everybody_excluded_who_there_is_is_said(oak: None, call: Call) -> None:
    Practitioner.objects.exclude(name__in=["Dr. Wei Cheng"]).update(is_active=False)

    heard = call(
        "book_appointment", service="general practice", practitioner="anyone but Cheng", **WANTED
    )

    assert heard == (
        "For a general practice visit there is only Dr. Wei Cheng. Who would you like to see?"
    )


def close(person: Practitioner, start: str, *, days: int) -> None:
    begins = at(start)
    Closure.objects.create(practitioner=person, start=begins, end=begins + timedelta(days=days))


@pytest.mark.parametrize("said", ["Dr. Cheng, or anyone", "Dr. Cheng if possible"])
def test_anybody_else_will_do_where_that_was_said(
    said: str, oak: None, call: Call, booked: Booked
) -> None:
    close(Practitioner.objects.get(name="Dr. Wei Cheng"), "2026-12-03 00:00", days=1)

    heard = call("book_appointment", service="general practice", practitioner=said, **WANTED)

    assert heard.startswith("You're booked")
    assert who(booked) == ["Dr. Amara Okafor"]


@pytest.mark.parametrize("said", ["Dr. Cheng or Dr. Castillo", "either Dr. Cheng or Castilo"])
def test_one_of_two_is_one_of_these(said: str, oak: None, call: Call, booked: Booked) -> None:
    close(Practitioner.objects.get(name="Dr. Wei Cheng"), "2026-12-03 00:00", days=1)

    call("book_appointment", service="general practice", practitioner=said, **WANTED)

    assert who(booked) == ["Dr. Ben Castillo"]


def test_a_doctor_who_is_out_has_a_next_time_and_a_colleague(
    oak: None, call: Call, booked: Booked
) -> None:
    close(Practitioner.objects.get(name="Dr. Wei Cheng"), "2026-12-03 00:00", days=1)

    heard = call("book_appointment", service="general practice", practitioner="Cheng", **WANTED)

    assert booked() == []
    assert "Dr. Amara Okafor could see you on Thursday, December 3 at 2:00 PM." in heard
    assert "Their next is" in heard


def test_a_doctor_who_is_away_for_weeks_has_a_next_time_and_a_colleague(
    oak: None, call: Call, booked: Booked
) -> None:
    close(Practitioner.objects.get(name="Dr. Wei Cheng"), "2026-11-20 00:00", days=30)
    said = {"service": "general practice", "practitioner": "Cheng"}

    soonest = call("check_availability", **said)
    on_a_day = call("check_availability", date="December 3", **said)
    refused = call("book_appointment", **said, **WANTED)

    assert soonest == (
        "For a general practice visit on Monday, December 21 I have 9:00 AM or 1:00 PM. Sooner,"
        " Dr. Amara Okafor could see you today, Monday, November 23 at 9:00 AM."
        " Which would you like?"
    )
    assert on_a_day == (
        "I'm sorry, I have nothing open for a general practice visit with Dr. Wei Cheng on"
        " Thursday, December 3. The next I have is Monday, December 21 at 9:00 AM. Dr. Amara Okafor"
        " could see you on Thursday, December 3 at 9:00 AM. Would that work for you?"
    )
    assert "Their next is Monday, December 21 at" in refused
    assert "Dr. Amara Okafor could see you on Thursday, December 3 at 2:00 PM." in refused


@pytest.mark.parametrize(
    ("out_from", "said", "answer"),
    [
        # The whole day.
        (
            "2026-12-03 00:00",
            "December 3 at 2 pm",
            " The next I have is Friday, December 4 at 9:00 AM. Dr. Amara Okafor could see you on"
            " Thursday, December 3 at 2:00 PM. Would that work for you?",
        ),
        # That afternoon.
        (
            "2026-12-03 12:00",
            "December 3 at 2 pm",
            "on Thursday, December 3 I have 11:15 AM or 11:30 AM. Dr. Amara Okafor could see you on"
            " Thursday, December 3 at 2:00 PM. Which would you like?",
        ),
        (
            "2026-12-03 00:00",
            "on or before December 3, from December 3",
            " The nearest I have is Wednesday, December 2 at 4:00 PM or 4:15 PM. Dr. Amara Okafor"
            " could see you on Thursday, December 3 at 9:00 AM. Would that work for you?",
        ),
    ],
)
def test_a_colleague_has_the_time_that_was_asked_for(
    out_from: str, said: str, answer: str, oak: None, call: Call
) -> None:
    start = at(out_from)
    Closure.objects.create(
        practitioner=Practitioner.objects.get(name="Dr. Wei Cheng"),
        start=start,
        end=at("2026-12-04 00:00"),
    )

    heard = call("check_availability", service="general practice", practitioner="Cheng", date=said)

    assert heard.endswith(answer)


def test_within_a_bound_a_colleague_is_named_beside_who_is_away(oak: None, call: Call) -> None:
    close(Practitioner.objects.get(name="Dr. Wei Cheng"), "2026-11-20 00:00", days=30)

    heard = call(
        "check_availability", service="general practice", practitioner="Cheng", date="by Friday"
    )

    assert heard == (
        "I'm sorry, I have nothing open for a general practice visit with Dr. Wei Cheng by Friday,"
        " November 27. The nearest I have is Monday, December 21 at 9:00 AM or 1:00 PM. Dr. Amara"
        " Okafor could see you today, Monday, November 23 at 9:00 AM. Would that work for you?"
    )


def test_anybody_who_will_do_is_waited_for(oak: None, call: Call) -> None:
    call(
        "join_waitlist",
        service="general practice",
        patient_name="Ben Ode",
        practitioner="Dr. Cheng, or anyone",
    )

    assert WaitlistEntry.objects.get().practitioner is None


def test_a_colleague_who_was_offered_can_be_booked(oak: None, call: Call, booked: Booked) -> None:
    close(Practitioner.objects.get(name="Dr. Wei Cheng"), "2026-11-20 00:00", days=30)
    call("check_availability", service="general practice", practitioner="Cheng", date="December 3")

    heard = call(
        "book_appointment",
        service="general practice",
        practitioner="Dr. Okafor",
        patient_name="Ben Ode",
        start="December 3 at 9 AM",
    )

    assert heard.startswith("You're booked")
    assert who(booked) == ["Dr. Amara Okafor"]


def test_a_visit_is_moved_to_anybody_where_that_was_said(
    oak: None, call: Call, booked: Booked
) -> None:
    call("book_appointment", service="general practice", practitioner="Cheng", **WANTED)
    close(Practitioner.objects.get(name="Dr. Wei Cheng"), "2026-12-04 00:00", days=1)

    kept = call("reschedule_appointment", start="December 4 at 2 PM")
    moved = call("reschedule_appointment", start="December 4 at 2 PM", practitioner="anyone")

    assert "Dr. Amara Okafor could see you on Friday, December 4 at 2:00 PM." in kept
    assert moved.startswith("I've moved it")
    assert [(row.practitioner.name, row.start) for row in booked()] == [
        ("Dr. Amara Okafor", at("2026-12-04 14:00"))
    ]


def test_a_wish_that_the_waitlist_cannot_keep_is_asked_about(oak: None, call: Call) -> None:
    heard = call(
        "join_waitlist",
        service="orthopaedics",
        patient_name="Ben Ode",
        practitioner="anyone but Sean",
    )

    assert heard == (
        "I can't choose a practitioner by that. You can see Dr. Marco Iglesias or Dr. Jörg Bauer."
        " Who will it be?"
    )
    assert not WaitlistEntry.objects.exists()


@pytest.mark.usefixtures("monday")
def test_nobody_waits_for_who_does_not_do_the_service(call: Call, bo: Practitioner) -> None:
    heard = call(
        "join_waitlist", service="cleaning", patient_name="Ben Ode", practitioner="Dr. Lind"
    )

    assert heard.startswith("Dr. Bo Lind isn't taking appointments for a cleaning.")
    assert not WaitlistEntry.objects.exists()


# --- services


@pytest.mark.usefixtures("monday")
@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("follow-up consultation", "Consultation"),
        ("consultation for dentures", "Consultation"),
        ("consultation, second opinion", "Consultation"),
        ("six month follow-up cleaning", "Cleaning"),
        ("a cleaning, I have a question about insurance", "Cleaning"),
        ("cleaning; had scaling last year", "Cleaning"),
    ],
)
def test_a_word_that_makes_it_no_other_service_is_let_be(
    said: str, meant: str, call: Call, elm: object
) -> None:
    call("book_appointment", service=said, patient_name="Ben Ode", start="November 27 at 10")
    assert [visit.service.name for visit in Appointment.objects.all()] == [meant]


@pytest.mark.usefixtures("monday")
@pytest.mark.parametrize(
    ("said", "asked"),
    [
        ("root canal consult", "That fits more than one. We offer Root canal or Consultation."),
        ("second opinion on a root canal", "I'm not sure which visit that is."),
        ("deep cleaning", "I'm not sure which visit that is."),
        ("root canal follow-up", "I'm not sure which visit that is."),
    ],
)
def test_a_word_that_makes_it_another_service_is_asked_about(
    said: str, asked: str, call: Call, elm: object
) -> None:
    heard = call(
        "book_appointment", service=said, patient_name="Ben Ode", start="November 27 at 10"
    )
    assert heard.startswith(asked), heard
    assert not Appointment.objects.exists()


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("cleening", "Cleaning"),
        ("get my teeth cleaned", "Cleaning"),
        ("consultaton", "Consultation"),
        ("the root canal please", "Root canal"),
        ("rootcanal", "Root canal"),
    ],
)
def test_a_service_is_known_with_a_slip(said: str, meant: str, call: Call, booked: Booked) -> None:
    heard = call("book_appointment", service=said, **WANTED)

    assert heard.startswith("You're booked"), heard
    assert [row.service.name for row in booked()] == [meant]


@pytest.mark.parametrize("said", ["my tooth hurts", "an appointment", "bleaching"])
def test_what_is_no_service_is_asked(said: str, call: Call, booked: Booked) -> None:
    heard = call("book_appointment", service=said, **WANTED)

    assert heard == (
        "I'm not sure which visit that is. We offer Cleaning, Consultation, or Root canal."
        " Which is it?"
    )
    assert booked() == []


def test_a_service_is_told_by_who_does_it(call: Call, booked: Booked, bo: Practitioner) -> None:
    deep = ServiceType.objects.create(name="Deep scaling", minutes=30)
    ServiceType.objects.create(name="Light scaling", minutes=30)
    bo.services.add(deep)

    asked = call("book_appointment", service="a scaling", **WANTED)
    call("book_appointment", service="a scaling", practitioner="Dr. Lind", **WANTED)

    assert asked == (
        "That fits more than one. We offer Deep scaling or Light scaling. Which is it?"
    )
    assert [row.service for row in booked()] == [deep]


@pytest.mark.parametrize("said", ["a consultation about a root canal", "root canal consultation"])
def test_of_two_services_named_the_longer_name_is_not_the_one(
    said: str, call: Call, booked: Booked
) -> None:
    heard = call("book_appointment", service=said, **WANTED)

    assert heard == "That fits more than one. We offer Consultation or Root canal. Which is it?"
    assert booked() == []


@pytest.mark.parametrize(
    ("service", "start"),
    [
        ("cleaning", "Friday at 2, actually a consultation"),
        ("cleaning", "Friday at 2 for a root canal"),
        ("consultation", "a cleaning on Friday at 2"),
    ],
)
def test_another_service_in_the_words_for_the_time_is_asked_about(
    service: str, start: str, call: Call, booked: Booked
) -> None:
    heard = call("book_appointment", service=service, start=start, patient_name="Ben Ode")

    assert heard.startswith("That fits more than one. We offer "), heard
    assert booked() == []


def test_its_own_service_may_stand_beside_the_time(call: Call, booked: Booked) -> None:
    ServiceType.objects.create(name="Deep cleaning", minutes=30)
    start = "my teeth cleaning on Friday at 2 pm"

    call("book_appointment", service="cleaning", start=start, patient_name="Ben Ode")

    assert [row.service.name for row in booked()] == ["Cleaning"]


def test_a_name_within_another_is_not_named_by_itself(call: Call, booked: Booked) -> None:
    for name in ("Deep cleaning", "Deep cleaning with polish"):
        service = ServiceType.objects.create(name=name, minutes=30)
        service.practitioners.add(Practitioner.objects.get(name="Dr. Ada Moss"))

    asked = call("book_appointment", service="deep", **WANTED)
    call("book_appointment", service="a deep cleaning", **WANTED)

    assert asked.startswith("That fits more than one. We offer Deep cleaning or Deep cleaning with")
    assert [row.service.name for row in booked()] == ["Deep cleaning"]


AN_APPOINTMENT = [
    "an appointment", "a visit", "I'd like an appointment please", "book a time", "una cita",
    "quiero una cita por favor", "einen Termin", "un rendez-vous", "quero marcar uma hora", "rdv",
]  # fmt: skip


@pytest.mark.parametrize("said", AN_APPOINTMENT)
def test_where_there_is_one_service_it_is_the_one(said: str, call: Call, booked: Booked) -> None:
    ServiceType.objects.exclude(name="Cleaning").update(is_active=False)

    call("book_appointment", service=said, **WANTED)

    assert [row.service.name for row in booked()] == ["Cleaning"]


@pytest.mark.parametrize("said", [*AN_APPOINTMENT, "my tooth hurts", "me duele una muela"])
def test_where_there_are_several_an_appointment_is_none_of_them(
    said: str, call: Call, booked: Booked
) -> None:
    assert "We offer Cleaning" in call("book_appointment", service=said, **WANTED)
    assert booked() == []


def test_pain_is_no_service_even_where_there_is_one(call: Call, booked: Booked) -> None:
    ServiceType.objects.exclude(name="Cleaning").update(is_active=False)

    heard = call("book_appointment", service="my tooth hurts", **WANTED)

    assert heard == "I'm not sure which visit that is. We offer Cleaning. Which is it?"
    assert booked() == []


@pytest.mark.parametrize(
    ("name", "told"), [("General practice", "a general practice"), ("Physio", "a physio")]
)
def test_a_field_of_medicine_is_booked_and_told(
    name: str, told: str, call: Call, booked: Booked, ada: Practitioner
) -> None:
    ada.services.add(ServiceType.objects.create(name=name, minutes=30))

    heard = call("book_appointment", service=f"{told} visit", **WANTED)

    assert heard.startswith(f"You're booked: {told}"), heard
    assert [row.service.name for row in booked()] == [name]


def test_a_service_may_be_called_appointment(call: Call, booked: Booked, ada: Practitioner) -> None:
    plain = ServiceType.objects.create(name="Appointment", minutes=30)
    ada.services.add(plain)

    call("book_appointment", service="an appointment", **WANTED)
    call(
        "book_appointment", service="a cleaning appointment", **{**WANTED, "start": "Dec 4 at 9am"}
    )

    assert [row.service.name for row in booked()] == ["Appointment", "Cleaning"]


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("General practice", "a general practice visit"),
        ("Orthopaedics", "an orthopaedics visit"),
        ("Physiotherapy", "a physiotherapy visit"),
        ("Cardiology", "a cardiology visit"),
        ("Blood tests", "a blood tests visit"),
        ("Root canal", "a root canal"),
        ("Check-up", "a check-up"),
        ("Diagnosis", "a diagnosis"),
        ("X-ray", "an x-ray"),
        ("Pap smear", "a pap smear"),
    ],
)
def test_nobody_has_a_general_practice(name: str, told: str) -> None:
    assert wording.article(name) == told
