"""A caller in danger hears the clinic's emergency sentence first, whatever was asked."""

from typing import Any

import pytest
import time_machine

from assistants import speech
from assistants.calls import alarms
from assistants.models import Reception, ToolCall, TransferNumber
from bookings.models import Callback
from tests.breaking import broken
from tests.conftest import Booked, Call, Door, at, tool_calls
from tests.tools import TOOLS

pytestmark = pytest.mark.usefixtures("monday")

CALL_911 = "If this is an emergency, please hang up and call 911 now."
DANGER = {
    "en": [
        "I can't breathe properly", "I can\u2019t breathe", "he's having trouble breathing",
        "severe bleeding that won't stop", "my gum is bleeding and it won't stop",
        "chest pain", "a pain in my chest", "I think she had a stroke", "my husband passed out",
        "my son is unconscious", "he took too many pills", "I want to kill myself",
        "shortness of breath since this morning", "EMERGENCY", "this is a dental emergency",
        "her throat is swelling", "he is choking", "having a seizure", "I don't want to live",
        "I'm coughing up blood", "please call an ambulance",
        "my daughter is dying", "she swallowed bleach", "he drank some of the drain cleaner",
        "he's bleeding to death",
    ],
    "es": [
        "no puedo respirar", "es una emergencia", "me duele mucho el pecho", "sangra mucho",
        "no para de sangrar", "mi padre está inconsciente", "le cuesta respirar",
        "tuvo un infarto", "me quiero suicidar", "se desmayó", "dolor fuerte en el pecho",
        "me quiero matar", "mi hija se está muriendo", "se tragó lejía", "tomó veneno",
        "me estoy desangrando", "se me hinchó la garganta", "no respiro bien",
    ],
    "fr": [
        "c'est une urgence", "je n'arrive plus à respirer", "il a du mal à respirer",
        "douleur dans la poitrine", "il saigne beaucoup", "ma mère a perdu connaissance",
        "il s'est évanoui", "j'ai envie de mourir", "un AVC", "elle ne respire plus",
    ],
    "de": [
        "das ist ein Notfall", "ich bekomme keine Luft", "er kann nicht atmen",
        "Schmerzen in der Brust", "sie blutet sehr stark", "er ist bewusstlos", "ein Herzinfarkt",
        "Schlaganfall", "es hört nicht auf zu bluten", "ich will mich umbringen",
        "ich bringe mich um", "ich blute stark", "er stirbt",
    ],
    "pt": [
        "é uma emergência", "não consigo respirar", "dor no peito", "está sangrando muito",
        "meu pai desmaiou", "falta de ar", "não para de sangrar", "ela está inconsciente",
        "quero morrer",
    ],
}  # fmt: skip
NO_DANGER = [
    "a cleaning", "it's not an emergency", "emergency contact is my wife", "next Tuesday at 9",
    "Dr. Brust", "my gums bleed when I brush", "I lost my filling", "Ana Marsh", "I'm a bit early",
    "allergic to penicillin", "the parking", "me duele una muela", "mañana por la mañana",
    "Ich habe Zahnschmerzen", "j'ai mal aux dents", "dor de dente", "Faith Drummond",
    "breathe easy", "urgent", "urgente", "a blood test", "Blutabnahme", "prise de sang",
    "mi contacto de emergencia", "no es una emergencia", "ce n'est pas une urgence",
    "contact d'urgence", "Notfallkontakt", "kein Notfall", "contato de emergência",
    "não é uma emergência", "emergency contact", "a non-emergency visit",
    "my phone is dying", "I swallowed my filling", "me voy a tomar un café", "la lejía no sale",
]  # fmt: skip


@pytest.mark.parametrize(
    ("language", "words"), [(name, text) for name, texts in DANGER.items() for text in texts]
)
def test_words_of_danger_are_known(language: str, words: str) -> None:
    assert alarms.is_raised({"reason": words})


@pytest.mark.parametrize(
    "words",
    [
        "I had an emergency appointment in 2019", "what's your emergency number policy",
        "une situation d'urgence", "I was short of breath last year, it's fine now",
    ],
)  # fmt: skip
def test_rather_once_too_often(words: str) -> None:
    assert alarms.is_raised({"topic": words})


@pytest.mark.parametrize("words", NO_DANGER)
def test_other_words_are_not(words: str) -> None:
    assert not alarms.is_raised({"reason": words, "none": None, "number": 4})


@pytest.mark.parametrize(
    "said",
    [
        {"tool": "clinic_info", "topic": "emergency"},
        {"tool": "transfer_to_staff", "reason": "I can't breathe properly"},
        {"tool": "check_availability", "service": "chest pain"},
        {"tool": "check_availability", "service": "cleaning", "date": "now, I am bleeding a lot"},
        {"tool": "find_appointments", "patient_name": "I can't breathe"},
        {"tool": "cancel_appointment", "reason": "my father is unconscious"},
        {"tool": "reschedule_appointment", "start": "my chest hurts"},
        {"tool": "join_waitlist", "service": "cleaning", "days": "I want to kill myself"},
        {"tool": "did_that_go_through", "anything": ["he is choking"]},
        {"tool": "no_such_tool", "anything": {"said": "emergencia"}},
    ],
)
def test_the_emergency_sentence_comes_first_whatever_the_tool(
    said: dict[str, str], call: Call
) -> None:
    tool, *_ = said.values()

    heard = call(**said)

    assert heard.startswith(CALL_911)
    assert len(heard) > len(CALL_911)
    assert ToolCall.objects.get(tool=tool).sentence == heard


@pytest.mark.parametrize("tool", [*TOOLS, "transferCall"])
@pytest.mark.parametrize("words", [texts[0] for texts in DANGER.values()])
def test_no_tool_answers_without_it_in_any_language(tool: str, words: str, call: Call) -> None:
    known = TOOLS[tool].serializer.text_fields() if tool in TOOLS else {}
    argument = next(iter(known), "reason")

    heard = call(tool, **{argument: words})

    assert heard.startswith(f"{CALL_911} "), heard


@pytest.mark.parametrize("tool", TOOLS)
def test_every_argument_of_every_tool_is_listened_to(tool: str, call: Call) -> None:
    for argument in TOOLS[tool].serializer.text_fields():
        assert call(tool, **{argument: "my father is unconscious"}).startswith(CALL_911), argument
        assert not call(tool, **{argument: "my father is waiting"}).startswith(CALL_911), argument


@pytest.mark.parametrize(
    ("now", "kind"), [("2026-11-23 10:00", "destination"), ("2026-11-23 23:00", "error")]
)
def test_a_caller_hears_it_before_being_put_through(
    now: str, kind: str, call: Call, door: Door
) -> None:
    """Vapi says the message before it dials; its request may repeat the model's words or hold
    none."""
    TransferNumber.objects.create(reason="", phone="+14155550102")
    spoken = wish("she is not breathing, it's an emergency")
    with time_machine.travel(at(now), tick=False):
        calm = said_of(door.post(wish("a question on a bill")).json(), kind)
        alarmed = said_of(door.post(spoken).json(), kind)
        call("transfer_to_staff", reason="I can't breathe properly")
        told = said_of(door.post(wish("")).json(), kind)

    assert alarmed == told == f"{CALL_911} {calm}"


def wish(reason: str) -> dict[str, Any]:
    body = tool_calls()
    message = {
        "type": "transfer-destination-request",
        "functionCall": {"name": "transferCall", "parameters": {"reason": reason}},
        "call": body["message"]["call"],
    }
    return {"message": message}


def said_of(answer: dict[str, Any], kind: str) -> str:
    sentence: str = answer[kind]["message"] if kind == "destination" else answer[kind]
    return sentence


def test_at_night_a_transfer_begins_with_it(call: Call) -> None:
    with time_machine.travel(at("2026-11-23 23:00"), tick=False):
        heard = call("transfer_to_staff", reason="I can't breathe properly")

    assert heard == (
        f"{CALL_911} I'm sorry, I can't put calls through from here."
        " Shall the clinic call you back?"
    )


def test_what_was_asked_is_done_all_the_same(call: Call, booked: Booked) -> None:
    noted = call("request_callback", name="Ben Ode", reason="severe bleeding that won't stop")
    heard = call(
        "book_appointment", service="cleaning", start="2026-12-03T14:00", patient_name="Ben Ode",
        notes="he had chest pain yesterday",
    )  # fmt: skip

    assert noted.startswith(f"{CALL_911} I've asked the clinic to call you back")
    assert heard.startswith(f"{CALL_911} You're booked: a cleaning on Thursday")
    assert Callback.objects.get().reason == "severe bleeding that won't stop"
    assert len(booked()) == 1


def test_what_staff_wrote_is_said_and_what_has_no_room_is_left_out_whole(call: Call) -> None:
    written = "Hang up and call 911 at once. " + "Stay where you are and open the door. " * 5
    Reception.objects.create(emergency=written[:290].strip())

    heard = call("clinic_info", topic="an emergency, are you open")

    assert heard.startswith("Hang up and call 911 at once.")
    assert heard.endswith((".", "?"))
    assert "…" not in heard


def test_it_is_said_when_the_tool_fails(call: Call) -> None:
    with broken("bookings_appointment"):
        heard = call("check_availability", service="cleaning", date="Thursday", notes="chest pain")

    assert heard == f"{CALL_911} {speech.NOT_LOOKED_UP}"


def test_sentences_are_left_out_whole() -> None:
    urgent = "x" * 290
    booked = "You're booked with Dr. Ada Moss at 2:00 PM. Your reference is AB123."

    assert speech.first(urgent, booked) == f"{urgent} You're booked with Dr. Ada Moss at 2:00 PM."
