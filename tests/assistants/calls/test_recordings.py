"""Recordings: when a signed address stops working, and what the desk sees then."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine

from assistants.calls import recordings
from assistants.models import Call
from tests.conftest import Door, at
from tests.desk import Desk
from tests.payloads import report

pytestmark = pytest.mark.usefixtures("monday")

AMAZON = (
    "https://bucket.s3.amazonaws.com/call.wav?X-Amz-Algorithm=AWS4-HMAC-SHA256"
    "&X-Amz-Date=20261123T150000Z&X-Amz-Expires=3600&X-Amz-Signature=aa"
)


@pytest.mark.parametrize(
    ("address", "expires"),
    [
        (AMAZON, "2026-11-23T16:00"),
        (AMAZON.casefold().replace("20261123t150000z", "20261123T150000Z"), "2026-11-23T16:00"),
        (
            "https://storage.googleapis.com/b/c.wav?X-Goog-Date=20261123T150000Z"
            "&X-Goog-Expires=60&X-Goog-Signature=aa",
            "2026-11-23T15:01",
        ),
        ("https://b.s3.amazonaws.com/c.wav?Expires=1795446000&Signature=a", "2026-11-23T15:00"),
        ("https://b.blob.core.windows.net/c?se=2026-11-23T15%3A00%3A00Z&sig=a", "2026-11-23T15:00"),
        ("https://b.blob.core.windows.net/c?se=2026-11-23&sig=a", "2026-11-23T00:00"),
    ],
)
def test_a_signed_address_says_when_it_expires(address: str, expires: str) -> None:
    assert recordings.expiry(address) == datetime.fromisoformat(expires).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "https://storage.vapi.ai/019a7c31-mono.wav",
        "https://storage.vapi.ai/c.wav?Expires=soon&Signature=a",
        "https://storage.vapi.ai/c.wav?Expires=9999999999999999999&Signature=a",
        "https://storage.vapi.ai/c.wav?X-Amz-Date=yesterday&X-Amz-Expires=60",
        "https://storage.vapi.ai/c.wav?X-Amz-Date=20261123T150000Z&X-Amz-Expires=99999999999999",
        "https://storage.vapi.ai/c.wav?X-Amz-Expires=60",
        "https://storage.vapi.ai/c.wav?expires=1795446000",
        "https://[",
    ],
)
def test_an_address_that_does_not_say_lasts(address: str) -> None:
    assert recordings.expiry(address) is None


def told(door: Door, artifact: dict[str, Any], **changes: Any) -> Call:
    response = door.post(report(artifact=artifact, **{"recordingUrl": None, **changes}))
    assert (response.status_code, response.json()) == (200, {})
    return Call.objects.get()


STEREO = "https://storage.vapi.ai/stereo.wav"
MONO = "https://storage.vapi.ai/mono.wav"


@pytest.mark.parametrize(
    ("artifact", "changes", "kept"),
    [
        ({"stereoRecordingUrl": STEREO}, {}, STEREO),
        ({}, {"stereoRecordingUrl": STEREO}, STEREO),
        ({"stereoRecordingUrl": STEREO}, {"recordingUrl": MONO}, MONO),
        ({"stereoRecordingUrl": STEREO, "recordingUrl": MONO}, {}, MONO),
        ({"stereoRecordingUrl": ["x"]}, {}, ""),
        ({"recordingUrl": f"{AMAZON}&X-Amz-Security-Token={'x' * 3000}"}, {}, None),
    ],
)
def test_the_stereo_recording_is_kept_where_there_is_no_other(
    artifact: dict[str, Any], changes: dict[str, Any], kept: str | None, door: Door
) -> None:
    expected = artifact["recordingUrl"] if kept is None else kept

    assert told(door, artifact, **changes).recording_url == expected


@pytest.mark.parametrize(
    ("moment", "is_dead"), [("2026-11-23 10:59", False), ("2026-11-23 11:00", True)]
)
def test_an_expired_address_is_no_link(moment: str, is_dead: bool, door: Door, desk: Desk) -> None:
    """It expires at 16:00 UTC, which is eleven at the clinic."""
    call = told(door, {"recordingUrl": AMAZON})

    with time_machine.travel(at(moment), tick=False):
        shown = desk.get(f"assistants/call/{call.pk}/change/").content.decode()

    assert ("Listen at Vapi" in shown) is not is_dead
    said = (
        "The address expired on Mon 23 Nov 2026 11:00."
        f" The recording is at Vapi, with the call {call.conversation}."
    )
    assert (said in shown) is is_dead
    assert ("bucket.s3.amazonaws.com" in shown) is not is_dead


# --- what Vapi drew from a call

OUTPUTS = {"so-1": {"name": "Intake", "result": {"wants": "cleaning"}}, "so-2": {"result": True}}


def test_structured_outputs_are_kept_and_shown(door: Door, desk: Desk) -> None:
    call = told(door, {"structuredOutputs": OUTPUTS})

    assert call.structured_outputs == OUTPUTS
    shown = desk.get(f"assistants/call/{call.pk}/change/").content.decode()
    assert "<strong>Intake</strong> {&quot;wants&quot;: &quot;cleaning&quot;}" in shown
    assert "<strong>so-2</strong> true" in shown


def test_a_report_without_outputs_takes_none_away(door: Door) -> None:
    told(door, {"structuredOutputs": OUTPUTS})

    assert told(door, {}).structured_outputs == OUTPUTS


ODD: list[Any] = [None, "", [], {}, 7, True, "x", [{"name": "a"}]]


def nested(depth: int) -> Any:
    value: Any = 1
    for _ in range(depth):
        value = [value]
    return value


@pytest.mark.parametrize(
    ("odd", "kept"),
    [
        *[(odd, None) for odd in ODD],
        ({"a": "b\x00c"}, {"a": "b c"}),
        ({"a\x00": {"\ud800": "\ud800"}}, {"a ": {" ": " "}}),
        ({"a": 1, "b": "x" * 70_000, "c": 2}, {"a": 1}),
        ({"a": nested(400), "b": 2}, {"a": nested(400), "b": 2}),
    ],
)
def test_odd_outputs_are_kept_as_far_as_they_can_be(odd: Any, kept: Any, door: Door) -> None:
    assert told(door, {"structuredOutputs": odd}).structured_outputs == kept


def test_outputs_nested_beyond_reading_are_no_fault(door: Door) -> None:
    body = report(artifact={"structuredOutputs": {"a": "DEEP"}})
    text = json.dumps(body).replace('"DEEP"', "[" * 700 + "]" * 700)

    assert door.post(text).status_code in (200, 400)
