"""Hard calls, run through the endpoint as Vapi sends them and graded on the rows at their end.

A call is a file of fixtures/transcripts: its turns with the caller's words, the tool and the
arguments a model made of them, what the answer must and must not say, and the rows there are when
the line is quiet. `wrong_rows` is what a fault would leave: grading has to refuse it.
"""

import json
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from bookings.models import Appointment, Callback, Patient, Practitioner, ServiceType, WaitlistEntry
from tests.conftest import NEW_YORK, Door, tool_calls
from tests.visits import have

pytestmark = pytest.mark.usefixtures("monday")

TRANSCRIPTS = sorted(Path("fixtures/transcripts").glob("*.json"))
Transcript = dict[str, Any]
Rows = dict[str, list[str]]


@pytest.mark.parametrize("path", TRANSCRIPTS, ids=lambda path: path.stem)
def test_a_hard_call_ends_in_the_right_rows(path: Path, door: Door) -> None:
    transcript = json.loads(path.read_text())
    arrange(transcript)

    heard = run(transcript, door)

    for turn, sentence in zip(transcript["turns"], heard, strict=True):
        assert faults(turn, sentence) == [], sentence
    assert rows() == transcript["rows"]
    assert rows() != transcript["wrong_rows"]


@pytest.mark.parametrize("path", TRANSCRIPTS, ids=lambda path: path.stem)
def test_a_transcript_is_whole(path: Path) -> None:
    transcript = json.loads(path.read_text())

    assert 5 <= len(transcript["turns"]) <= 10
    assert transcript["rows"].keys() == transcript["wrong_rows"].keys() == rows_of_nobody().keys()
    assert transcript["rows"] != transcript["wrong_rows"]
    assert all(turn["must_say"] for turn in transcript["turns"])


def test_there_are_six() -> None:
    assert len(TRANSCRIPTS) == 6


def test_what_was_not_said_and_what_was_are_faults() -> None:
    turn = {"must_say": ["booked"], "must_not_say": ["Walter"]}

    assert faults(turn, "You're booked.") == []
    assert faults(turn, "I see Walter.") == ["not said: booked", "said: Walter"]


def arrange(transcript: Transcript) -> None:
    """The visits there are before the call."""
    for visit in transcript["visits"]:
        born = visit.get("date_of_birth")
        patient, _ = Patient.objects.get_or_create(
            name=visit["patient"],
            phone=visit["phone"],
            defaults={"date_of_birth": date.fromisoformat(born) if born else None},
        )
        have(
            Practitioner.objects.get(name=visit["practitioner"]),
            ServiceType.objects.get(name=visit["service"]),
            patient,
            visit["start"],
            source="staff",
        )


def run(transcript: Transcript, door: Door) -> list[str]:
    """What the caller heard, turn by turn; their words go along as Vapi sends them."""
    spoken: list[dict[str, str]] = []
    for number, turn in enumerate(transcript["turns"], 1):
        spoken.append({"role": "user", "message": turn["caller"]})
        request = {"id": f"call_{number}", "tool": turn["tool"], "arguments": turn["arguments"]}
        body = tool_calls(request, call_id="hard-call", caller=transcript["caller"])
        body["message"]["artifact"] = {"messages": spoken}
        [answer] = door.post(body).json()["results"]
        assert answer["toolCallId"] == request["id"]
        assert 0 < len(answer["result"]) <= 350
        spoken.append({"role": "bot", "message": answer["result"]})
    return [turn["message"] for turn in spoken if turn["role"] == "bot"]


def faults(turn: dict[str, Any], sentence: str) -> list[str]:
    unsaid = [f"not said: {words}" for words in turn["must_say"] if words not in sentence]
    return unsaid + [f"said: {words}" for words in turn["must_not_say"] if words in sentence]


def rows_of_nobody() -> Rows:
    return {"appointments": [], "patients": [], "callbacks": [], "waitlist": []}


def rows() -> Rows:
    """Everything the clinic has when the line is quiet, in plain words."""
    visits = Appointment.objects.select_related("patient", "service", "practitioner")
    return {
        "appointments": [
            f"{local(row.start)}, {row.service} with {row.practitioner}, {row.patient.name},"
            f" {row.status}"
            for row in visits.order_by("start", "status")
        ],
        "patients": [
            f"{row.name}, {row.phone or row.claimed_by or 'no number'}, born {row.date_of_birth}"
            for row in Patient.objects.order_by("name", "phone")
        ],
        "callbacks": [f"{row.name}, {row.phone}" for row in Callback.objects.order_by("name")],
        "waitlist": [str(row.service) for row in WaitlistEntry.objects.order_by("pk")],
    }


def local(start: datetime) -> str:
    return f"{start.astimezone(NEW_YORK):%a %d %b %Y %H:%M}"
