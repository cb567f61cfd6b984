"""`clinic_info` answers what was asked, from the rows or staff's notes, and nothing else."""

import pytest

from assistants.models import Reception
from assistants.tools import notes, topics
from assistants.tools.topics import Topic
from bookings.models import Practitioner, Schedule
from tenants.models import Organization
from tests.conftest import Call
from tests.desk import Desk

pytestmark = pytest.mark.usefixtures("monday")

ADDRESS = "Twelve Elm Street, by the park."
NOTES = """Parking: behind the house, free for two hours.
Insurance and payment: we take Delta Dental, cards and cash.
Wi-Fi: the network is Elm Guest
Holiday hours: closed from December 24 to January 1.
Late arrivals: after fifteen minutes we may have to move you
Dogs are welcome in the waiting room."""
TODAY = "The clinic is open today, Monday, November 23 from 9:00 AM"
SATURDAY = "The clinic is closed on Saturday, November 28. It is open on Monday, November 30"
UNKNOWN = "I don't know that, I'm afraid. Shall the clinic call you back about it?"
PARKING = "Parking: behind the house, free for two hours. Is there anything else?"
PAYING = "Insurance and payment: we take Delta Dental, cards and cash. Is there anything else?"
WHERE = "Twelve Elm Street, by the park. Is there anything else?"
SERVICES = "We offer Cleaning, 30 minutes; Consultation, 30 minutes; and Root canal, 90 minutes."
ROOT_CANAL = "We offer Root canal, 90 minutes. Would you like to book one?"
EVERYBODY = "Dr. Ada Moss, Dr. Bo Lind. Is there anything else?"
CANAL_DOCTOR = "For a root canal you can see Dr. Ada Moss. Is there anything else?"
CONSULTANTS = "For a consultation you can see Dr. Ada Moss or Dr. Bo Lind."
WEEK = (
    "The clinic is open today, Monday, November 23 to Friday, November 27 from 9:00 AM to 12:00 PM"
    " and from 1:00 PM to 5:00 PM. The clinic is closed Saturday, November 28 to Sunday,"
    " November 29."
)
NEXT_WEEK = "The clinic is open Monday, November 30 to Friday, December 4 from 9:00 AM"
FREE_TIMES = "I can look for free times. What is the visit for?"
OWN = "I can look up your appointments for that. Shall I?"

SAID = {
    PARKING: [
        "parking", "where can I park?", "Is there a car park", "do you have parking at the clinic",
        "Where do I park my car", "PARKING?", "parking please", "¿dónde puedo estacionar?",
        "hay estacionamiento", "Gibt es Parkplätze?", "wo kann ich parken", "où se garer",
        "tem estacionamento?", "is there a garage nearby",
    ],
    PAYING: [
        "insurance", "do you take my insurance", "what insurance do you accept",
        "which insurances do you offer services for", "Do you accept Delta Dental?",
        "are you in network with Cigna", "aceptan mi seguro", "¿Qué seguros aceptan?",
        "nehmen Sie Kassenpatienten", "vous prenez la mutuelle", "aceitam convênio?",
        "can I pay by credit card", "payment methods", "se puede pagar con tarjeta",
        "do you take Medicaid",
    ],
    WHERE: [
        "address", "address, please", "the address of the clinic", "where are you",
        "where are you located?", "Where is your office", "how do I get there", "directions",
        "¿dónde están ustedes?", "la dirección por favor", "Wo sind Sie?", "votre adresse",
        "qual é o endereço", "location", "what street are you on", "your exact address please",
    ],
    UNKNOWN: [
        "do you send reminders", "reminders", "when do you send appointment reminders",
        "mandan recordatorios", "do you do text message reminders", "wheelchair access",
        "is there an elevator", "do you speak Spanish", "hablan español?", "what languages",
        "does Dr. Moss speak Japanese", "how much is a cleaning", "cuánto cuesta una limpieza",
        "price of a root canal", "was kostet eine Konsultation", "do you see children",
        "are you accepting new patients", "what's your email address", "your fax number",
        "can I bring my cat", "where is the restroom", "who is the manager", "who owns the place",
        "is there a female doctor", "do you do prescription refills", "is the water safe",
        "what should I bring", "bus stop", "how do I become a member", "the gift shop",
        "do you have a female dentist", "how long do I wait", "emailed invoice",
        "do you have music on Saturday", "xyzzy",
    ],
    TODAY: [
        "", "hours", "opening hours", "what are your hours", "are you open", "when do you close",
        "open today?", "what time do you close today", "horario", "¿a qué hora abren?",
        "Öffnungszeiten", "vos horaires", "que horas fecham", "when are you open", "today",
        "do you close for lunch", "hours today please", "hoy",
    ],
    SATURDAY: [
        "and on a Saturday?", "are you open on Saturday", "Saturday", "Saturdays", "on Saturdays",
        "do you work every Saturday", "what about Saturday morning", "saturday hours",
        "abren los sábados", "¿y el sábado?", "sind Sie samstags offen", "ouvert le samedi",
        "abrem no sábado?", "is the clinic open saturday?",
    ],
    WEEK: [
        "this week", "hours this week", "what are your hours this week", "are you open this week",
        "opening hours for this week please",
    ],
    NEXT_WEEK: ["next week", "hours next week", "are you open next week?"],
    SERVICES: [
        "services", "what services do you offer", "what do you offer", "treatments",
        "which treatments do you do", "servicios", "¿qué servicios ofrecen?", "Leistungen",
        "quels soins proposez-vous", "que serviços vocês oferecem",
    ],
    ROOT_CANAL: [
        "how long does a root canal take", "do you do root canals?", "do you offer a root canal",
        "how long is a root canal", "root canal", "do you offer root canals on Friday",
    ],
    EVERYBODY: [
        "who works there", "doctors", "who are your doctors", "which doctors do you have",
        "who are the dentists", "the names of the practitioners", "quiénes son los doctores",
        "welche Ärzte arbeiten da", "quels médecins", "list of providers", "who will see me",
    ],
    CANAL_DOCTOR: [
        "which doctor does root canals", "who does root canals?", "which dentist does a root canal",
        "what doctor do I see for a root canal", "does Dr. Lind do root canals",
        "does Dr. Moss do root canals", "who performs root canal", "who handles the canal",
    ],
    CONSULTANTS: ["which doctor does consultations", "who does a consultation"],
    FREE_TIMES: ["do you have any openings", "availability", "next available"],
    OWN: ["when is my appointment", "what time is my appointment", "cuándo es mi cita",
        "do I have an appointment",
    ],
}  # fmt: skip


@pytest.fixture
def reception(elm: object) -> Reception:
    return Reception.objects.create(address=ADDRESS, notes=NOTES)


@pytest.mark.usefixtures("reception")
@pytest.mark.parametrize(
    ("question", "said"), [(text, said) for said, texts in SAID.items() for text in texts]
)
def test_what_was_asked_is_answered_and_nothing_else(question: str, said: str, call: Call) -> None:
    heard = call("clinic_info", topic=question)

    assert heard.startswith(said), heard
    others = {text for text in (PARKING, PAYING, WHERE, TODAY, SERVICES, EVERYBODY) if text != said}
    assert not any(text.removesuffix(" Is there anything else?") in heard for text in others)


@pytest.mark.usefixtures("reception")
@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("do you do braces", SERVICES),
        ("¿ofrecen blanqueamiento?", SERVICES),
        ("do you do teeth whitening", "We offer Cleaning, 30 minutes."),
        ("do you do cleanings and whitening", "We offer Cleaning, 30 minutes."),
    ],
)
def test_a_service_we_do_not_know_of_is_said_not_to_be_known(
    question: str, said: str, call: Call
) -> None:
    rest = "The rest I don't know, I'm afraid. Shall the clinic call you back about it?"

    assert call("clinic_info", topic=question) == f"{said} {rest}"


@pytest.mark.usefixtures("reception")
@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("Wi-Fi", "Wi-Fi: the network is Elm Guest. Is there anything else?"),
        ("do you have wifi?", "Wi-Fi: the network is Elm Guest. Is there anything else?"),
        ("can I bring my dog", "Dogs are welcome in the waiting room. Is there anything else?"),
        ("what if I'm running late", "Late arrivals: after fifteen minutes we may have to move"),
        ("your holiday hours", "Holiday hours: closed from December 24 to January 1. Is there"),
        (
            "parking and the address",
            "Parking: behind the house, free for two hours. Twelve Elm Street, by the park. Is",
        ),
        (
            "what's your address and do you have reminders",
            "Twelve Elm Street, by the park. The rest I don't know, I'm afraid. Shall the clinic",
        ),
        ("who can do my whitening", "I'm not sure which visit that is. We offer Cleaning"),
        ("which doctor does braces", "I'm not sure which visit that is. We offer Cleaning"),
        ("what does Dr. Lind do", "Dr. Bo Lind does Consultation, 30 minutes. Would you like"),
        ("when does Dr. Moss work", "Dr. Ada Moss is here today, Monday, November 23 from 9:00"),
        ("is Dr. Lind in on Saturday", "Dr. Bo Lind is away on Saturday, November 28. They are"),
        ("which days does Dr. Moss work this week", "Dr. Ada Moss is here today, Monday, November"),
        ("are you open on Christmas Eve", "The clinic is open on Thursday, December 24 from 9:00"),
        ("hours for Thanksgiving", "The clinic is open on Thursday, November 26 from 9:00 AM to"),
        ("Saturday or Sunday", "The clinic is closed Saturday, November 28 to Sunday, November"),
        ("on weekends", "The clinic is closed Saturday, November 28 to Sunday, November 29."),
        ("were you open yesterday", "Sunday, November 22, 2026 has already passed"),
        ("were you open last Monday", "Monday, November 16, 2026 has already passed"),
        ("are you open on the 31st", "I'm sorry. That date isn't in the calendar."),
        ("hours on the thirty first", "I'm sorry. That date isn't in the calendar."),
        ("open on February 30th", "I'm sorry. That date isn't in the calendar."),
        ("June 31", "I'm sorry. That date isn't in the calendar."),
        ("are you open December 24 and 31", "I'm sorry. I didn't catch the day."),
        ("when is my next appointment", "I can look up your appointments for that."),
        ("2027-02-30", "I'm sorry. That date isn't in the calendar."),
        ("December 4", "The clinic is open on Friday, December 4 from"),
        ("yesterday", "Sunday, November 22, 2026 has already passed"),
        ("early", "I don't know that"),
        ("haben Sie am 31. geöffnet", "I'm sorry. That date isn't in the calendar."),
        ("están abiertos el 31", "I'm sorry. I didn't catch the day."),
        ("are you open on the 45th", "I'm sorry. I didn't catch the day."),
        ("are you open at 5", "The clinic is open today"),
        (
            "how much is parking",
            "Parking: behind the house, free for two hours. The rest I don't know, I'm afraid.",
        ),
        ("do your doctors speak Spanish", UNKNOWN),
        ("which doctors take Delta Dental", "Insurance and payment: we take Delta Dental"),
        ("Dr. Lind's hours on Friday", "Dr. Bo Lind is here on Friday, November 27 from 9:00 AM"),
        ("quels sont vos horaires demain", "The clinic is open tomorrow, Tuesday, November 24"),
        ("onde fica a clínica", WHERE),
        ("what days are you open", "The clinic is open today, Monday, November 23 to Friday, Nov"),
        (
            "which doctors are available on Tuesday",
            "Dr. Ada Moss is here tomorrow, Tuesday, November 24 from 9:00 AM to 12:00 PM and from"
            " 1:00 PM to 5:00 PM. Dr. Bo Lind is here tomorrow",
        ),
        ("parking and services", "Parking: behind the house, free for two hours. We offer Clean"),
        ("when are you open over the holidays", "I'm sorry. I didn't catch the day."),
    ],
)
def test_particular_questions(question: str, said: str, call: Call) -> None:
    heard = call("clinic_info", topic=question)

    assert heard.startswith(said), heard


def test_days_with_their_own_hours_are_told_apart(call: Call) -> None:
    Schedule.objects.filter(weekday=4).delete()

    assert call("clinic_info", topic="this week") == (
        "The clinic is open today, Monday, November 23 to Thursday, November 26 from 9:00 AM to"
        " 12:00 PM and from 1:00 PM to 5:00 PM. The clinic is closed Friday, November 27 to"
        " Sunday, November 29."
    )


def test_a_name_that_is_a_word_of_a_topic_is_a_name_behind_a_title(
    call: Call, bo: Practitioner, reception: Reception
) -> None:
    Practitioner.objects.filter(pk=bo.pk).update(name="Dr. Su Park")

    assert call("clinic_info", topic="where can I park") == PARKING
    assert call("clinic_info", topic="what does Dr. Park do").startswith("Dr. Su Park does Cons")


@pytest.mark.parametrize(
    ("written", "question", "said"),
    [
        ("Parking is behind the house", "parking", "Parking is behind the house. Is there"),
        ("Parking is behind the house", "can I bring my dog", UNKNOWN),
        ("Parking is behind the house. We take Aetna.", "insurance?", "We take Aetna. Is there"),
        ("Parking: behind. Insurance: Aetna only.", "my insurance", "Insurance: Aetna only. Is"),
        ("Opens: at 9:30 on Fridays", "fee", UNKNOWN),
        ("", "parking", UNKNOWN),
        ("Address: the red house", "address", "Address: the red house. Is there"),
    ],
)
def test_notes_are_found_by_heading_or_sentence(
    written: str, question: str, said: str, call: Call
) -> None:
    Reception.objects.create(notes=written)

    assert call("clinic_info", topic=question).startswith(said)


def test_a_colon_in_a_time_or_an_address_of_a_page_is_no_heading() -> None:
    text = "Doors open at 8:30. See https://elm.example for more"

    assert [section.heading for section in notes.sections(text)] == ["", ""]


def test_staff_write_notes_in_lines_and_are_told_how(call: Call, elm: Organization) -> None:
    desk = Desk(elm)
    page = desk.get("assistants/reception/add/").content.decode()
    written = {
        "address": "",
        "emergency": "",
        "closing": "",
        "notes": "Parking: behind\r\nPets: no",
    }

    saved = desk.post("assistants/reception/add/", written)

    assert saved.status_code == 302
    assert '<textarea name="notes"' in page
    assert "with its heading and a colon" in page
    assert call("clinic_info", topic="pets") == "Pets: no. Is there anything else?"
    assert call("clinic_info", topic="parking") == "Parking: behind. Is there anything else?"


def test_each_word_belongs_to_one_topic() -> None:
    listed = [phrase for text in topics.CLEAR.values() for phrase in topics.phrases(text)]

    assert sorted(listed) == sorted(set(listed))
    assert all(topics.plain(phrase) == phrase for phrase in listed)
    assert topics.clear_in("the parking") == (Topic.PARKING,)
