"""Events: what Vapi tells of a call, read into a CallUpdate. Unexpected values are ignored."""

import json
from collections.abc import Iterable
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from urllib.parse import urlsplit

from assistants.conversation import JSON, NOTHING_NEW, CallUpdate, JSONObject
from assistants.vapi.cleaning import cleaned_object, mapping, mappings, printable

DIRECTIONS = {
    "inboundPhoneCall": "inbound",
    "outboundPhoneCall": "outbound",
    "webCall": "web",
    "vapi.websocketCall": "web",
}
# No call was outside these years, and no page can show one.
YEARS = range(2000, 2200)
MOST_COST = 100_000
# A signed address holds a token of some 1,500 characters.
LONGEST_ADDRESS = 4000
MOST_OUTPUT_BYTES = 64 * 1024


def update(message: JSONObject) -> CallUpdate:
    match message.get("type"):
        case "status-update":
            return during_the_call(message)
        case "end-of-call-report":
            return after_the_call(message)
        case "hang":
            return CallUpdate(direction=direction_of(message), has_stalled=True)
    return NOTHING_NEW


def during_the_call(message: JSONObject) -> CallUpdate:
    """The status is the one beside the call: the one inside its call is an old one."""
    status, sent = message.get("status"), instant(message.get("timestamp"))
    return CallUpdate(
        direction=direction_of(message),
        status=status if isinstance(status, str) else "",
        started=sent if status == "in-progress" else None,
        ended=sent if status == "ended" else None,
        ended_reason=line(message.get("endedReason")),
        prompt=prompt_of(message),
    )


def after_the_call(message: JSONObject) -> CallUpdate:
    """Artifact and analysis come first; older bodies say the same at the top."""
    artifact, analysis = mapping(message.get("artifact")), mapping(message.get("analysis"))
    return CallUpdate(
        is_final=True,
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


def direction_of(message: JSONObject) -> str:
    kind = mapping(message.get("call")).get("type")
    return DIRECTIONS.get(kind, "") if isinstance(kind, str) else ""


def prompt_of(message: JSONObject) -> str:
    """The prompt of the assistant, unchanged; else the one that the history begins with."""
    model = mapping(mapping(message.get("assistant")).get("model"))
    artifact = mapping(message.get("artifact"))
    spoken = [*mappings(model.get("messages")), *mappings(artifact.get("messages"))]
    systems = [one for one in spoken if one.get("role") == "system"]
    return first(unchanged(one.get("content") or one.get("message")) for one in systems)


def recordings(message: JSONObject, artifact: JSONObject) -> list[JSON]:
    recording = mapping(artifact.get("recording"))
    return [
        artifact.get("recordingUrl"),
        mapping(recording.get("mono")).get("combinedUrl"),
        message.get("recordingUrl"),
        recording.get("stereoUrl"),
        artifact.get("stereoRecordingUrl"),
        message.get("stereoRecordingUrl"),
    ]


def outputs(value: JSON) -> JSONObject | None:
    """What Vapi's analysis found in the call, by its ids: in order, as many as there is room
    for."""
    kept: JSONObject = {}
    left = MOST_OUTPUT_BYTES
    for identifier, output in mapping(value).items():
        try:
            one = cleaned_object({identifier: output})
            left -= len(json.dumps(one))
        except (ValueError, RecursionError):
            continue
        if left < 0:
            break
        kept |= one
    return kept or None


def first(texts: Iterable[str]) -> str:
    return next(filter(None, texts), "")


def unchanged(value: JSON) -> str:
    """The text unchanged, or "" if it holds a lone surrogate, which cannot be encoded."""
    if not isinstance(value, str) or any("\ud800" <= ch <= "\udfff" for ch in value):
        return ""
    return value


def text(value: JSON) -> str:
    """Text of several lines, without what cannot be stored."""
    if not isinstance(value, str):
        return ""
    return "\n".join(printable(one) for one in value.strip().splitlines())


def line(value: JSON) -> str:
    """The value as one short line. A yes, a no or a number becomes a line, too."""
    if isinstance(value, bool | int | float):
        value = str(value).lower()
    return " ".join(text(value).split())[:200]


def address(value: JSON) -> str:
    """An address a browser can open; "" for one that is too long: a cut address leads nowhere."""
    url = text(value)
    try:
        is_web = urlsplit(url).scheme in ("http", "https")
    except ValueError:
        return ""
    return url if is_web and len(url) <= LONGEST_ADDRESS and " " not in url else ""


def money(value: JSON) -> Decimal | None:
    """Dollars, to the hundredth of a cent."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    try:
        amount = Decimal(str(value))
        return amount.quantize(Decimal("0.0001")) if 0 <= amount < MOST_COST else None
    except InvalidOperation:
        return None


def instant(value: JSON) -> datetime | None:
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
