"""Questions: a thing that was not understood is never asked for in the same words twice."""

import itertools
import random
import threading
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from assistants.models import ToolCall, TransferNumber
from bookings.models import Appointment, Callback, Patient, Practitioner, ServiceType
from tenants import organizations
from tests.conftest import BEN, Call, Door, at, tool_calls
from tests.visits import have

pytestmark = pytest.mark.usefixtures("monday")
BOOKING = {"service": "cleaning", "patient_name": "Ben Ode", "start": "December 3rd at 2:30 PM"}
WAITING = {"service": "cleaning", "patient_name": "Ben Ode"}
CALLBACK = {"name": "Ben Ode", "phone": "202 555 0188"}
AS_A_DAY = (
    "Please say it as a day and a time, such as Tuesday the fourth at two thirty in the afternoon."
)
AS_A_TIME = "Please say it with its half of the day, such as two thirty in the afternoon."
AS_A_NAME = (
    "Please say the first name and spell it letter by letter, then the last name the same way."
)
AS_A_PHONE = "Please say the number we can reach you at digit by digit, area code first."
AS_A_BIRTHDAY = (
    "Please say the month, the day and the year, such as March the fourth, nineteen eighty-five."
)
ONE_OF_THOSE = "Please say one of those names, as I said it."
CALL_BACK = "Shall the clinic call you back?"


def test_the_second_question_says_how_and_the_third_offers_times(call: Call) -> None:
    said = {**BOOKING, "start": "blorp Tuesday or so Friday"}

    heard = [call("book_appointment", **said) for _ in range(3)]

    assert heard[0].endswith("?")
    assert heard[1].endswith(AS_A_DAY)
    assert heard[2] == (
        "Let me tell you what is free. For a cleaning today, Monday, November 23 I have 9:00 AM,"
        " 1:00 PM, or 4:00 PM. Which would you like?"
    )
    assert call("book_appointment", **{**BOOKING, "start": "the second one"}).startswith(
        "You're booked: a cleaning today, Monday, November 23, 2026 at 1:00 PM"
    )
    assert Appointment.objects.get()


def test_the_times_offered_then_are_of_the_day_that_was_understood(call: Call) -> None:
    said = {**BOOKING, "start": "Wednesday at half nine"}

    heard = [call("book_appointment", **said) for _ in range(3)]

    assert heard[2].startswith(
        "Let me tell you what is free. For a cleaning on Wednesday, November 25 I have 9:00 AM"
    )


@pytest.mark.parametrize(
    ("tool", "said", "first", "how", "third"),
    [
        (
            "book_appointment",
            {**BOOKING, "start": "", "date": "2026-12-03", "time": "blorp"},
            "I'm sorry. I didn't catch the time. What time would you like?",
            f"I'm sorry. I didn't catch the time. {AS_A_TIME}",
            "Let me tell you what is free. For a cleaning on Thursday, December 3 I have 9:00 AM,"
            " 1:30 PM, or 4:30 PM. Which would you like?",
        ),
        (
            "check_availability",
            {"service": "cleaning", "date": "2027-02-30"},
            "I'm sorry. That date isn't in the calendar. Which day did you mean?",
            f"I'm sorry. That date isn't in the calendar. {AS_A_DAY}",
            "Let me tell you what is free. For a cleaning today, Monday, November 23 I have"
            " 9:00 AM, 1:00 PM, or 4:00 PM. Which would you like?",
        ),
        (
            "book_appointment",
            {**BOOKING, "start": "2026-11-20T14:30"},
            "Friday, November 20, 2026 at 2:30 PM has already passed; today is Monday, November 23,"
            " 2026. Which day and time would you like instead?",
            "Friday, November 20, 2026 at 2:30 PM has already passed; today is Monday, November 23,"
            f" 2026. {AS_A_DAY}",
            "Let me tell you what is free. For a cleaning today, Monday, November 23 I have"
            " 9:00 AM, 1:00 PM, or 4:00 PM. Which would you like?",
        ),
        (
            "book_appointment",
            {**BOOKING, "patient_name": "12345"},
            "I'm sorry. I didn't catch the name. Could you spell the patient's full name for me?",
            f"I'm sorry. I didn't catch the name. {AS_A_NAME}",
            f"I'm sorry, I still don't have the name. {CALL_BACK}",
        ),
        (
            "join_waitlist",
            {"service": "cleaning"},
            "I still need the patient's name. Could you tell me?",
            f"I still need the patient's name. {AS_A_NAME}",
            f"I'm sorry, I still don't have the name. {CALL_BACK}",
        ),
        (
            "request_callback",
            {"name": "Ben Ode", "phone": "12"},
            "I'm sorry. I didn't get a full phone number. Could you say it with the area code?",
            f"I'm sorry. I didn't get a full phone number. {AS_A_PHONE}",
            "I'm sorry, I still don't have the phone number. Shall I take the number you are"
            " calling from?",
        ),
        (
            "book_appointment",
            {**BOOKING, "date_of_birth": "1990-02-30"},
            "I'm sorry. I didn't catch the date of birth. Could you say day, month and year?",
            f"I'm sorry. I didn't catch the date of birth. {AS_A_BIRTHDAY}",
            f"I'm sorry, I still don't have the date of birth. {CALL_BACK}",
        ),
        (
            "check_availability",
            {"service": "blorp"},
            "I'm not sure which visit that is. We offer Cleaning, Consultation, or Root canal."
            " Which is it?",
            "I'm not sure which visit that is. We offer Cleaning, Consultation, or Root canal."
            f" {ONE_OF_THOSE}",
            f"I'm sorry, I still don't have what the visit is for. {CALL_BACK}",
        ),
        (
            "join_waitlist",
            {},
            "I still need what the visit is for and the patient's name. Could you tell me?",
            "I still need what the visit is for and the patient's name. We offer Cleaning,"
            f" Consultation, or Root canal. {ONE_OF_THOSE}",
            f"I'm sorry, I still don't have what the visit is for. {CALL_BACK}",
        ),
        (
            "check_availability",
            {"service": "consultation", "practitioner": "Dr. Zed"},
            "I don't know that name. You can see Dr. Ada Moss or Dr. Bo Lind. Who will it be?",
            "I don't know that name. You can see Dr. Ada Moss or Dr. Bo Lind."
            " Please say one of those names, or say that anybody will do.",
            "I'm sorry, I still don't have who you would like to see. Shall I look for a time with"
            " anybody, or shall the clinic call you back?",
        ),
        (
            "book_appointment",
            {**BOOKING, "notes": "x" * 70_000},
            "I'm sorry, that was more than I can take in at once. Could you tell me what you need"
            " in a few words?",
            "I'm sorry, that was more than I can take in at once."
            " Please tell me one thing at a time.",
            f"I'm sorry, that was more than I can take in at once. {CALL_BACK}",
        ),
        (
            "cancel_appointment",
            {"reference": "ZZZZZ", "date_of_birth": "1980-01-01"},
            "I can't find an upcoming appointment with those details. Could you tell me the"
            " reference and the patient's date of birth, or shall the clinic call you back?",
            "I can't find an upcoming appointment with those details. Please say the reference"
            " letter by letter, and the date of birth with day, month and year.",
            f"I can't find an upcoming appointment with those details. {CALL_BACK}",
        ),
    ],
)
def test_each_thing_is_asked_for_in_other_words(
    tool: str, said: dict[str, Any], first: str, how: str, third: str, call: Call
) -> None:
    heard = [call(tool, **said) for _ in range(6)]

    assert heard[:4] == [first, how, third, how]
    assert all(one != other for one, other in itertools.pairwise(heard))
    assert not Appointment.objects.exists()


def test_which_visit_and_whose_is_asked_in_other_words(
    call: Call, ben: Patient, cat: Patient, ada: Practitioner, cleaning: ServiceType
) -> None:
    for day in (3, 4):
        have(ada, cleaning, ben, f"2026-12-0{day} 09:00")

    which = [call("cancel_appointment") for _ in range(3)]
    Patient.objects.filter(pk=cat.pk).update(phone=BEN)
    whose = [call("reschedule_appointment", start="December 8 at 10:00 AM") for _ in range(3)]

    assert which[0].endswith("Which one do you mean?")
    assert which[1] == which[0].replace(
        "Which one do you mean?", "Please say the day and the time of the one you mean."
    )
    assert which[2] == which[0].replace("Which one do you mean?", CALL_BACK)
    assert whose[0].startswith("Whose appointment is it?")
    assert whose[1].endswith(
        "Please say the first and the last name, and spell them letter by letter."
    )
    assert whose[2] == f"I'm sorry, I still don't have whose appointment it is. {CALL_BACK}"
    assert Appointment.objects.occupying().count() == 2


def test_each_argument_counts_by_itself_and_until_it_is_understood(call: Call) -> None:
    bad_name, bad_day = (
        {**BOOKING, "patient_name": "12345"},
        {**BOOKING, "start": "2027-02-30T9:00"},
    )

    name = call("book_appointment", **bad_name)
    day = call("book_appointment", **bad_day)
    day_again = call("book_appointment", **bad_day)
    name_anew = call("book_appointment", **bad_name)
    day_anew = call("check_availability", service="cleaning", date="2027-02-30")
    another_call = call("book_appointment", call_id="call-2", **bad_day)

    assert name.endswith("Could you spell the patient's full name for me?")
    assert day.endswith("Which day did you mean?")
    assert day_again.endswith(AS_A_DAY)
    assert name_anew == name  # it was understood meanwhile
    assert day_anew == day
    assert another_call == day


def test_a_call_that_goes_on_and_on_is_asked_in_turns(call: Call) -> None:
    heard = [call("check_availability", service="blorp") for _ in range(70)]

    assert all(one != other for one, other in itertools.pairwise(heard))


def test_a_thing_asked_for_by_one_tool_is_asked_otherwise_by_the_next(call: Call) -> None:
    first = call("check_availability", service="cleaning", date="2027-02-30")
    second = call("book_appointment", **{**BOOKING, "start": "2027-02-30T09:00"})

    assert first.endswith("Which day did you mean?")
    assert second.endswith(AS_A_DAY)


@pytest.mark.parametrize("tool", ["book_appointment", "check_availability"])
def test_the_same_request_once_more_is_answered_as_before(tool: str, call: Call) -> None:
    said = {"service": "blorp", "patient_name": "Ben Ode", "start": "December 3rd at 2:30 PM"}

    first = call(tool, id="a", **said)
    second = call(tool, id="b", **said)

    assert call(tool, id="a", **said) == first
    assert call(tool, id="b", **said) == second
    assert call(tool, id="b", **said) == second
    assert call(tool, id="c", **said).endswith(CALL_BACK)  # and none of those counted twice


def test_no_call_back_is_offered_to_whom_nobody_can_call(call: Call) -> None:
    said = {**CALLBACK, "phone": "12", "caller": ""}

    heard = [call("request_callback", **said) for _ in range(3)]
    TransferNumber.objects.create(phone="+12025550111")
    heard += [call("request_callback", **said) for _ in range(2)]

    assert heard[2] == (
        "I'm sorry, I still don't have the phone number. Please call the clinic again during its"
        " opening hours."
    )
    assert heard[4] == (  # it is eight in the morning, and nobody is there yet
        "I'm sorry, I still don't have the phone number."
        " Please call the clinic at plus 1 2 0 2 5 5 5 0 1 1 1."
    )
    assert not Callback.objects.exists()


def test_no_call_back_is_offered_where_one_more_would_be_refused(
    call: Call, cleaning: ServiceType
) -> None:
    for number in range(5):
        call("request_callback", name="Ben Ode", phone=f"202 555 01{number}1")

    heard = [call("check_availability", service="blorp") for _ in range(3)]

    assert heard[2].startswith("I'm sorry, I still don't have what the visit is for. Please call")


# Arguments that no tool understands, and those it does.
WORDS: dict[str, tuple[list[str], list[str]]] = {
    "start": (["2027-02-30T09:00", "Tuesday and Friday", "", "blorp"], ["December 3rd at 2:30 PM"]),
    "date": (["2027-02-30", "12-2026", "Monday, December 3rd"], ["2026-12-03"]),
    "time": (["blorp", "25:00"], ["14:30"]),
    "patient_name": (["12345", "", "me", "Mrs. Smith"], ["Ben Ode"]),
    "name": (["12345", ""], ["Ben Ode"]),
    "patient_phone": (["12", "555"], [""]),
    "phone": (["12", "no"], [""]),
    "date_of_birth": (["1990-02-30", "March"], ["", "1990-02-03"]),
    "service": (["blorp", ""], ["cleaning"]),
    "practitioner": (["Dr. Zed", "the tall one"], ["", "anyone"]),
    "reference": (["ZZZZZ"], [""]),
    "current": (["the one on the moon"], [""]),
    "patient_email": (["grace at", ""], [""]),
}
TOOLS = {
    "check_availability": ("service", "date", "practitioner"),
    "book_appointment": (
        "service", "start", "date", "time", "patient_name", "patient_phone", "date_of_birth",
        "practitioner", "patient_email",
    ),
    "reschedule_appointment": ("start", "current", "patient_name", "reference", "practitioner"),
    "cancel_appointment": ("current", "patient_name", "reference", "date_of_birth"),
    "find_appointments": ("patient_name", "reference", "date_of_birth"),
    "join_waitlist": ("service", "patient_name", "patient_phone", "practitioner"),
    "request_callback": ("name", "phone"),
}  # fmt: skip


def random_request(chance: random.Random, *, understood: float) -> tuple[str, dict[str, str]]:
    """A tool with arguments, of which a share is `understood`."""
    tool = chance.choice(list(TOOLS))
    names = [name for name in TOOLS[tool] if chance.random() < 0.7]
    return tool, {name: chance.choice(WORDS[name][chance.random() < understood]) for name in names}


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("understood", [0.0, 0.5])
def test_no_two_answers_about_a_thing_are_the_same_in_a_row(
    seed: int, understood: float, call: Call, ben: Patient, ada: Practitioner, cleaning: ServiceType
) -> None:
    """Over random requests; a thing that was understood meanwhile may be asked for anew."""
    chance = random.Random(seed)
    for day in (3, 4):
        start = at(f"2026-12-0{day} 09:00")
        Appointment.objects.create(patient=ben, practitioner=ada, service=cleaning, start=start)
    caller = chance.choice([BEN, ""])
    last: dict[str, str] = {}
    for _ in range(30):
        tool, said = random_request(chance, understood=understood)

        heard = call(tool, caller=caller, **said)

        told = ToolCall.objects.latest("pk").memory or {}
        subject = told.get("subject", "")
        assert not subject or last.get(subject) != heard, (tool, said)
        kept = {} if understood else last
        last = {**kept, subject: heard} if subject else {}


def test_two_requests_at_once_are_not_asked_the_same(committed: Any) -> None:
    """Real connections: while one of them has not committed its question, the other waits."""
    made = committed()
    heard: list[str] = []

    def ask(identifier: str) -> None:
        request = {
            "id": identifier,
            "tool": "check_availability",
            "arguments": {"service": "blorp"},
        }
        try:
            with organizations.within(organizations.get(made.org)):
                answer = Door(Client(), made.domain, made.secret).post(tool_calls(request))
            heard.append(answer.json()["results"][0]["result"])
        finally:
            connection.close()

    threads = [threading.Thread(target=ask, args=(str(number),)) for number in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(set(heard)) == 3


# --- times in place of the third question, where a visit is to move


@pytest.fixture
def visit(ben: Patient, bo: Practitioner, consultation: ServiceType) -> Appointment:
    start = at("2026-12-03 09:00")
    return Appointment.objects.create(
        patient=ben, practitioner=bo, service=consultation, start=start
    )


def test_the_third_question_on_a_new_time_offers_times_for_the_visit(
    call: Call, visit: Appointment
) -> None:
    said = {"start": "2027-02-30T09:00", "reference": visit.reference}

    heard = [call("reschedule_appointment", **said) for _ in range(3)]
    moved = call("reschedule_appointment", start="the first one")

    assert heard[2].startswith("Let me tell you what is free. For a consultation today")
    assert moved.startswith("I've moved it: a consultation today, Monday, November 23, 2026 at")
    visit.refresh_from_db()
    assert visit.practitioner.name == "Dr. Bo Lind"
    assert visit.start == at("2026-11-23 09:00")


@pytest.mark.parametrize("caller", ["", "+12025550188"])
def test_it_tells_nobody_whether_a_reference_is_right(
    caller: str, call: Call, visit: Appointment
) -> None:
    """What a stranger hears the third time is the same for the right one and for a wrong one."""
    Patient.objects.update(date_of_birth="1980-01-01")

    heard = [
        call(
            "reschedule_appointment", call_id=reference, caller=caller, reference=reference,
            date_of_birth="1980-01-01", start="2027-02-30T09:00",
        )
        for reference in (visit.reference, "ZZZZZ")
        for _ in range(3)
    ]  # fmt: skip

    assert heard[:3] == heard[3:]
    assert heard[2] == f"I'm sorry, I still don't have the day. {CALL_BACK}"
