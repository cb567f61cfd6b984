"""Vapi's words for what became of a call, read into ours. What is odd counts as not told."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any
from urllib.parse import urlsplit

from assistants.vapi.shapes import cleaned, mapping, mappings, printable

DIRECTIONS = {
    "inboundPhoneCall": "inbound",
    "outboundPhoneCall": "outbound",
    "webCall": "web",
    "vapi.websocketCall": "web",
}
# What no call was, and no page can show.
YEARS = range(2000, 2200)
MOST_COST = 100_000
# A signed address holds a token of some 1,500 characters.
LONGEST_ADDRESS = 4000
MOST_OUTPUT_BYTES = 64 * 1024


@dataclass(frozen=True, slots=True)
class Told:
    """What one message tells of its call; empty or None is what it does not tell.

    `is_whole`: the report after the call, which knows better than what was told during it.
    `hung`: when the assistant stalled. Instants are UTC.
    """

    is_whole: bool = False
    direction: str = ""
    status: str = ""
    started: datetime | None = None
    ended: datetime | None = None
    ended_reason: str = ""
    summary: str = ""
    transcript: str = ""
    recording_url: str = ""
    structured_outputs: dict[str, Any] | None = None
    success: str = ""
    cost: Decimal | None = None
    prompt: str = ""
    hung: datetime | None = None


def told(message: Mapping[str, Any]) -> Told:
    match message.get("type"):
        case "status-update":
            return told_meanwhile(message)
        case "end-of-call-report":
            return told_afterwards(message)
        case "hang":
            return Told(direction=direction_of(message), hung=instant(message.get("timestamp")))
    return Told()


def told_meanwhile(message: Mapping[str, Any]) -> Told:
    """The status beside the message: the one inside its call is an old one."""
    status, sent = message.get("status"), instant(message.get("timestamp"))
    return Told(
        direction=direction_of(message),
        status=status if isinstance(status, str) else "",
        started=sent if status == "in-progress" else None,
        ended=sent if status == "ended" else None,
        ended_reason=line(message.get("endedReason")),
        prompt=prompt_of(message),
    )


def told_afterwards(message: Mapping[str, Any]) -> Told:
    """Artifact and analysis come first; older bodies say the same at the top."""
    artifact, analysis = mapping(message.get("artifact")), mapping(message.get("analysis"))
    return Told(
        is_whole=True,
        direction=direction_of(message),
        status="ended",
        started=instant(message.get("startedAt")),
        ended=instant(message.get("endedAt")),
        ended_reason=line(message.get("endedReason")),
        summary=first(map(text, (analysis.get("summary"), message.get("summary")))),
        transcript=first(map(text, (artifact.get("transcript"), message.get("transcript")))),
        recording_url=first(map(address, recordings(message, artifact))),
        structured_outputs=outputs(artifact.get("structuredOutputs")),
        success=line(analysis.get("successEvaluation")),
        cost=money(message.get("cost")),
        prompt=prompt_of(message),
    )


def direction_of(message: Mapping[str, Any]) -> str:
    kind = mapping(message.get("call")).get("type")
    return DIRECTIONS.get(kind, "") if isinstance(kind, str) else ""


def prompt_of(message: Mapping[str, Any]) -> str:
    """What the assistant was told, to the letter; else as the conversation begins with it."""
    model = mapping(mapping(message.get("assistant")).get("model"))
    artifact = mapping(message.get("artifact"))
    spoken = [*mappings(model.get("messages")), *mappings(artifact.get("messages"))]
    systems = [one for one in spoken if one.get("role") == "system"]
    return first(to_the_letter(one.get("content") or one.get("message")) for one in systems)


def recordings(message: Mapping[str, Any], artifact: Mapping[str, Any]) -> list[Any]:
    recording = mapping(artifact.get("recording"))
    return [
        artifact.get("recordingUrl"),
        mapping(recording.get("mono")).get("combinedUrl"),
        message.get("recordingUrl"),
        recording.get("stereoUrl"),
        artifact.get("stereoRecordingUrl"),
        message.get("stereoRecordingUrl"),
    ]


def outputs(value: Any) -> dict[str, Any] | None:
    """What was drawn from the call, by the id Vapi gave it: those that fit, in their order."""
    kept: dict[str, Any] = {}
    left = MOST_OUTPUT_BYTES
    for identifier, output in mapping(value).items():
        try:
            one = cleaned({identifier: output})
            left -= len(json.dumps(one))
        except (ValueError, RecursionError):
            continue
        if left < 0:
            break
        kept |= one
    return kept or None


def first(texts: Iterable[str]) -> str:
    return next(filter(None, texts), "")


def to_the_letter(value: Any) -> str:
    """Unchanged, or nothing where half a character is in it that nobody can encode."""
    is_whole = isinstance(value, str) and not any("\ud800" <= ch <= "\udfff" for ch in value)
    return value if is_whole else ""


def text(value: Any) -> str:
    """Text of several lines, without what cannot be stored."""
    if not isinstance(value, str):
        return ""
    return "\n".join(printable(one) for one in value.strip().splitlines())


def line(value: Any) -> str:
    """One short line. A yes, a no or a mark is one too."""
    if isinstance(value, bool | int | float):
        value = str(value).lower()
    return " ".join(text(value).split())[:200]


def address(value: Any) -> str:
    """Only what a browser may be sent to; a cut address would lead nowhere."""
    url = text(value)
    try:
        is_web = urlsplit(url).scheme in ("http", "https")
    except ValueError:
        return ""
    return url if is_web and len(url) <= LONGEST_ADDRESS and " " not in url else ""


def money(value: Any) -> Decimal | None:
    """Dollars, to the hundredth of a cent."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    try:
        amount = Decimal(str(value))
        return amount.quantize(Decimal("0.0001")) if 0 <= amount < MOST_COST else None
    except InvalidOperation:
        return None


def instant(value: Any) -> datetime | None:
    """ISO 8601, or milliseconds since 1970."""
    try:
        if isinstance(value, str):
            moment = datetime.fromisoformat(value)
        elif isinstance(value, int | float) and not isinstance(value, bool):
            moment = datetime.fromtimestamp(value / 1000, UTC)
        else:
            return None
        moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        moment = moment.astimezone(UTC)
    except (ValueError, OverflowError, OSError):
        return None
    return moment if moment.year in YEARS else None
