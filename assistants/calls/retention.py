"""Retention: what was said in calls is let go of in time; that they were, and how, is kept."""

from dataclasses import dataclass
from datetime import datetime

from assistants.models import Call, CallQuerySet, ToolCall, ToolCallQuerySet
from bookings import diaries


@dataclass(frozen=True, slots=True)
class Forgotten:
    """How many rows lost their words."""

    calls: int
    tool_calls: int


def forget(*, before: datetime, now: datetime) -> Forgotten:
    """Let go of what was said in calls that were first heard of before the instant `before`."""
    calls, tool_calls = due(before)
    with diaries.writing():
        return Forgotten(calls.forget(now=now), tool_calls.forget(now=now))


def count(*, before: datetime) -> Forgotten:
    """What `forget` would let go of."""
    calls, tool_calls = due(before)
    return Forgotten(calls.count(), tool_calls.count())


def due(before: datetime) -> tuple[CallQuerySet, ToolCallQuerySet]:
    return (
        Call.objects.remembered().filter(received__lt=before),
        ToolCall.objects.remembered().filter(received__lt=before),
    )
