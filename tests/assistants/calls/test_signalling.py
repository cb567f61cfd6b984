"""The number a call shows, and whether it is a person's: withheld is withheld for every tool."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.conf import LazySettings
from django.contrib.admin.models import LogEntry
from django.contrib.auth import get_user_model
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from assistants.calls import signalling
from assistants.models import Assistant, ClinicNumber, ToolCall, TransferNumber
from assistants.provisioning import checkup
from bookings.models import Appointment, Callback, Offer, Patient, Practitioner, ServiceType
from tenants import organizations
from tenants.models import Organization
from tests.conftest import BEN, Call, Door, at, tool_calls

pytestmark = pytest.mark.usefixtures("monday")

ELM_STREET = "+12025550114"
BILLING = "+12025550115"
FALLBACK = "+12025550116"
NOTHING = "I can't find an upcoming appointment with those details."
NO_NUMBER = "I still need a phone number. Could you tell me?"
# What networks are known to signal.
SIGNALLED = ["+266696687", "+7378742833", "+86282452253", "+2562533", "+8656696"]
KEYPAD = [*SIGNALLED, *(f"+1{number[1:]}" for number in SIGNALLED)]
# "private", "no caller id" and "withheld", a forwarded call, and a company's line.
WITHHELD = [*KEYPAD, "+17748283", "+6622553743", "+94844353", ELM_STREET, BILLING, FALLBACK]
WITHHELD += ["+18005550123", "+10000000000", "+1001001"]

BOOKING: dict[str, Any] = {
    "service": "cleaning",
    "start": "2026-12-03T14:30",
    "patient_name": "Ben Ode",
}
WAIT: dict[str, Any] = {"service": "cleaning", "patient_name": "Ben Ode"}


@pytest.fixture(autouse=True)
def numbers(elm: object, settings: LazySettings) -> None:
    """Elm Street puts through to billing; the server to a number of its own."""
    TransferNumber.objects.create(reason="billing", phone=BILLING)
    settings.FALLBACK_NUMBER = FALLBACK


@pytest.fixture
def forwarded(door: Door) -> Callable[..., str]:
    """A tool asked on Elm Street's own number; the caller's may be that number as well."""

    def ask(tool: str, *, caller: str, call_id: str = "call-1", **said: Any) -> str:
        request = {"id": f"{call_id}-{tool}", "tool": tool, "arguments": said}
        body = on_the_line(tool_calls(request, call_id=call_id, caller=caller))
        [result] = door.post(body).json()["results"]
        return str(result["result"])

    return ask


def on_the_line(body: dict[str, Any], called: str = ELM_STREET) -> dict[str, Any]:
    """The message with the number that was called, as Vapi sends it beside the call."""
    body["message"]["phoneNumber"] = {"id": "22d7c3ef", "number": called, "provider": "vapi"}
    return body


def have(ada: Practitioner, cleaning: ServiceType, phone: str) -> Appointment:
    """A cleaning of a patient whose record holds this number, as one booked before may."""
    patient = Patient.objects.create(name="Ben Ode", phone=phone, date_of_birth=date(1988, 4, 17))
    return Appointment.objects.create(
        practitioner=ada,
        service=cleaning,
        patient=patient,
        start=at("2026-12-03 14:30"),
        source="voice",
    )


# --- what is withheld


@pytest.mark.parametrize("shown", WITHHELD)
def test_nobody_hears_moves_or_cancels_by_a_number_that_is_no_persons(
    shown: str, forwarded: Callable[..., str], ada: Practitioner, cleaning: ServiceType
) -> None:
    """Z01, Z02."""
    row = have(ada, cleaning, shown)

    for tool, more in (
        ("find_appointments", {}),
        ("cancel_appointment", {"patient_name": "Ben Ode"}),
        ("reschedule_appointment", {"start": "2026-12-04T09:00"}),
    ):
        assert forwarded(tool, caller=shown, **more).startswith(NOTHING)
    row.refresh_from_db()
    assert (row.start, row.status) == (at("2026-12-03 14:30"), "booked")


@pytest.mark.parametrize("shown", WITHHELD)
def test_such_a_number_is_nobodys_contact(shown: str, forwarded: Callable[..., str]) -> None:
    """Z01, Z02: a number is asked for."""
    assert forwarded("book_appointment", caller=shown, **BOOKING) == NO_NUMBER
    assert forwarded("join_waitlist", call_id="b", caller=shown, **WAIT) == NO_NUMBER
    assert forwarded("request_callback", call_id="c", caller=shown, name="Ben Ode") == NO_NUMBER
    assert not Patient.objects.exists()
    assert set(ToolCall.objects.values_list("caller", flat=True)) == {""}


@pytest.mark.parametrize("shown", WITHHELD)
def test_such_a_number_holds_and_is_kept_as_no_number(
    shown: str, forwarded: Callable[..., str]
) -> None:
    forwarded("check_availability", caller=shown, service="cleaning")

    assert set(Offer.objects.values_list("caller", flat=True)) == {""}


@pytest.mark.parametrize("shown", ["+266696687", ELM_STREET, BILLING])
def test_such_a_number_is_greeted_by_no_name(
    shown: str, door: Door, ada: Practitioner, cleaning: ServiceType
) -> None:
    have(ada, cleaning, shown)
    message = {"type": "assistant-request", "call": {"id": "c", "customer": {"number": shown}}}

    greeted = door.post(on_the_line({"message": message})).json()

    assert greeted["assistantOverrides"]["variableValues"]["caller_first_name"] == ""
    assert "Ben" not in greeted["assistantOverrides"]["firstMessage"]


@pytest.mark.parametrize("shown", ["+266696687", ELM_STREET])
def test_reference_and_birthday_prove_the_caller_all_the_same(
    shown: str, forwarded: Callable[..., str], ada: Practitioner, cleaning: ServiceType
) -> None:
    row = have(ada, cleaning, BEN)
    said = {"reference": row.reference, "date_of_birth": "1988-04-17"}

    assert row.reference in forwarded("find_appointments", caller=shown, **said)


@pytest.mark.parametrize(
    "shown",
    [
        BEN,
        "+4915112345678",
        "+442079460018",
        "+447012345678",  # a personal number of the United Kingdom
        "+12995550123",  # no area code of today
        "+5511912345678",
    ],
)
def test_a_persons_number_is_theirs(
    shown: str, forwarded: Callable[..., str], ada: Practitioner, cleaning: ServiceType
) -> None:
    """This includes a number that no numbering plan has yet."""
    row = have(ada, cleaning, shown)

    assert row.reference in forwarded("find_appointments", caller=shown)


def test_the_keys_of_a_word_are_those_of_a_telephone() -> None:
    assert {f"+{signalling.typed(word)}" for word in signalling.KEYPAD_WORDS} >= set(SIGNALLED)


# --- where the number stands


def shown_in(body: dict[str, Any], *, call: object, beside_it: object) -> dict[str, Any]:
    """The message with these numbers as the caller's, in the call and beside it."""
    body["message"]["call"]["customer"] = {"number": call}
    body["message"]["customer"] = {"number": beside_it}
    return body


def find() -> dict[str, Any]:
    return tool_calls({"id": "a", "tool": "find_appointments", "arguments": {}}, caller="")


@pytest.mark.parametrize("kind", ["webCall", "vapi.websocketCall", "of tomorrow", 7])
def test_a_number_is_proven_by_telephone_calls_alone(
    kind: object, door: Door, ada: Practitioner, cleaning: ServiceType
) -> None:
    """Whoever begins a call on the web may write any number in it."""
    have(ada, cleaning, BEN)
    body = shown_in(find(), call=BEN, beside_it=BEN)
    body["message"]["call"]["type"] = kind

    [result] = door.post(body).json()["results"]

    assert result["result"].startswith(NOTHING)
    assert ToolCall.objects.get().caller == ""


def test_a_chats_number_proves_nothing(
    door: Door, ada: Practitioner, cleaning: ServiceType
) -> None:
    have(ada, cleaning, BEN)
    body = find()
    del body["message"]["call"]
    body["message"] |= {"chat": {"id": "chat-1"}, "customer": {"number": BEN}}

    [result] = door.post(body).json()["results"]

    assert result["result"].startswith(NOTHING)


@pytest.mark.parametrize("kind", ["inboundPhoneCall", "outboundPhoneCall"])
def test_a_telephone_calls_number_is_proven_wherever_it_stands(
    kind: str, door: Door, ada: Practitioner, cleaning: ServiceType
) -> None:
    row = have(ada, cleaning, BEN)
    body = find()
    body["message"]["customer"] = {"number": BEN}
    body["message"]["call"]["type"] = kind

    [result] = door.post(body).json()["results"]

    assert row.reference in result["result"]


@pytest.mark.parametrize("shown", ["anonymous", "sip:ben@elm.example", "+12025550199", 7])
def test_two_numbers_that_differ_prove_nothing(
    shown: object, door: Door, ada: Practitioner, cleaning: ServiceType
) -> None:
    """One is a copy of the other; where it is not, nobody knows which is the caller's."""
    have(ada, cleaning, BEN)

    for numbers in ({"call": shown, "beside_it": BEN}, {"call": BEN, "beside_it": shown}):
        [result] = door.post(shown_in(find(), **numbers)).json()["results"]
        assert result["result"].startswith(NOTHING)


# --- the clinic's own numbers


@pytest.mark.parametrize("holder", ["message", "call"])
def test_the_number_that_was_called_is_the_clinics_from_then_on(
    holder: str, door: Door, call: Call, ada: Practitioner, cleaning: ServiceType
) -> None:
    """Z02: also on another line, and in a call that does not say where it came in."""
    have(ada, cleaning, ELM_STREET)
    body: dict[str, Any] = {"message": {"type": "status-update", "status": "in-progress"}}
    body["message"]["call"] = {"id": "an earlier one"}
    within = body["message"] if holder == "message" else body["message"]["call"]
    within["phoneNumber"] = {"number": ELM_STREET}
    door.post(body)

    assert [row.phone for row in ClinicNumber.objects.all()] == [ELM_STREET]
    assert call("find_appointments", caller=ELM_STREET).startswith(NOTHING)


def test_a_number_written_as_at_home_is_the_same(door: Door, call: Call) -> None:
    request = {"id": "a", "tool": "clinic_info", "arguments": {}}
    door.post(on_the_line(tool_calls(request), called="(202) 555-0114"))
    door.post(on_the_line(tool_calls({**request, "id": "b"}), called="sip:desk@elm.example"))

    assert [row.phone for row in ClinicNumber.objects.all()] == [ELM_STREET]


@pytest.mark.parametrize("kind", ["webCall", "chat"])
def test_a_number_written_in_a_call_on_the_web_is_not_learned(kind: str, door: Door) -> None:
    """Else anybody could have a patient's number taken for the clinic's."""
    body = on_the_line(find(), called=BEN)
    body["message"]["call"]["type"] = kind
    door.post(body)

    assert not ClinicNumber.objects.exists()


def test_a_number_is_learned_once(door: Door) -> None:
    request = {"id": "a", "tool": "clinic_info", "arguments": {}}
    door.post(on_the_line(tool_calls(request)))

    with CaptureQueriesContext(
        connection,
    ) as queries:
        door.post(on_the_line(tool_calls({**request, "id": "b"})))

    assert ClinicNumber.objects.count() == 1
    assert not [
        sql for sql in (query["sql"] for query in queries) if 'INTO "assistants_clinicn' in sql
    ]


def test_a_strangers_message_teaches_nothing(door: Door) -> None:
    Assistant.objects.update(vapi_id="ours")
    body = on_the_line(tool_calls({"id": "a", "tool": "clinic_info", "arguments": {}}))
    body["message"]["call"]["assistantId"] = "another"

    door.post(body)

    assert not ClinicNumber.objects.exists()


@pytest.mark.parametrize("said", [ELM_STREET, BILLING, FALLBACK, "202 555 0114"])
def test_the_clinics_number_said_is_asked_about(said: str, forwarded: Callable[..., str]) -> None:
    """It would be the contact of whoever says it, and the clinic would call itself."""
    asked = "I'm sorry. That is the clinic's own number. Which number can we reach you at?"

    for number, (tool, caller, said_of) in enumerate(
        (
            ("book_appointment", BEN, {**BOOKING, "patient_phone": said}),
            ("join_waitlist", ELM_STREET, {**WAIT, "patient_phone": said}),
            ("request_callback", "", {"name": "Ben Ode", "phone": said}),
        )
    ):
        assert forwarded(tool, call_id=f"call-{number}", caller=caller, **said_of) == asked
    assert not Patient.objects.exists()
    assert not Callback.objects.exists()


@pytest.mark.parametrize("said", [*KEYPAD, "+6622553743"])
def test_a_keypad_word_said_is_no_number(said: str, forwarded: Callable[..., str]) -> None:
    """A model may write the number signalled; some of them are somebody's."""
    heard = forwarded("book_appointment", caller=said, **BOOKING, patient_phone=said)

    assert heard.startswith("I'm sorry. I didn't get a full phone number.")
    assert not Patient.objects.exists()


# --- who was stored before such numbers were known


OLD = "+266696687"


def told_by_doctor(elm: Organization) -> list[str]:
    return [finding.sentence for finding in checkup.of_records(elm)]


def test_doctor_counts_who_is_verified_by_nobodys_number_and_a_command_mends_it(
    elm: Organization,
    ada: Practitioner,
    cleaning: ServiceType,
    call: Call,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Keypad words, the clinic's own numbers; nothing of a person is told."""
    ClinicNumber.objects.create(phone="+12025550199")
    born = date(1988, 4, 17)
    old, forwarded, written, real = (
        Patient.objects.create(name=f"Ben {number}", phone=phone, date_of_birth=born)
        for number, phone in enumerate((OLD, "+12025550199", "+12025550199", BEN))
    )
    user = get_user_model().objects.create(username="desk")
    LogEntry.objects.create(
        user=user,
        content_type=ContentType.objects.get_for_model(Patient),
        object_id=str(written.pk),
        action_flag=1,
    )
    row = Appointment.objects.create(
        practitioner=ada, service=cleaning, patient=old, start=at("2026-12-03 14:30")
    )
    proof = {"caller": "", "reference": row.reference, "date_of_birth": "1988-04-17"}
    assert row.reference in call("find_appointments", **proof)
    [told] = told_by_doctor(elm)
    assert told == (
        "patients verified by a number that is no person's: 2; manage.py unverify_patients"
        " elm_street"
    )

    for options in (["--dry-run"], []):
        organizations.leave()
        call_command("unverify_patients", "elm_street", *options)
        elm.activate()

    output = capsys.readouterr().out
    assert "Elm Street: 2 would be marked" in output
    assert "Elm Street: 2 marked as unverified." in output
    assert "Ben" not in output
    assert OLD not in output
    assert told_by_doctor(elm) == []
    verified = Patient.objects.verified()
    assert set(verified) == {written, real}
    assert {old, forwarded}.isdisjoint(verified)
    assert call("find_appointments", call_id="b", **proof).startswith("I can't find")
    assert row.patient_id == Appointment.objects.get().patient_id
