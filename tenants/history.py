"""History: what happened to a row, and who did it, as the page called History tells it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.admin.models import ADDITION, CHANGE, LogEntry
from django.contrib.admin.options import get_content_type_for_model
from django.db.models import QuerySet

# Who made a row that was not added at the desk: a call, a command or a clinic file.
ELSEWHERE = "not the front desk"

# Begins what a command did: the log wants an account, and a command has none.
BY_COMMAND = "By a command: "


@dataclass(frozen=True, slots=True)
class Event:
    """`by` as staff read it. `undo` is the address of the page that takes it back, or empty."""

    at: datetime
    by: str
    what: str
    undo: str = ""


def entries(obj: Any) -> QuerySet[LogEntry]:
    """What the desk's own log has of `obj`, the oldest first."""
    found = LogEntry.objects.filter(
        content_type=get_content_type_for_model(obj), object_id=str(obj.pk)
    )
    return found.select_related("user").order_by("action_time", "pk")


def note(obj: Any, *, by: Any, what: str) -> None:
    """Enter in the desk's log what the user `by` did to `obj`."""
    LogEntry.objects.create(
        user_id=by.pk,
        content_type=get_content_type_for_model(obj),
        object_id=str(obj.pk),
        object_repr=str(obj)[:200],
        action_flag=CHANGE,
        change_message=what,
    )


def note_of_command(account: Any, what: str) -> None:
    """Enter in the desk's log what an operator's command did to an account."""
    note(account, by=account, what=f"{BY_COMMAND}{what}")


def events(found: QuerySet[LogEntry]) -> list[Event]:
    return [event(entry) for entry in found]


def event(entry: LogEntry) -> Event:
    what = entry.get_change_message()
    by = "an operator's command" if what.startswith(BY_COMMAND) else entry.user.get_username()
    return Event(entry.action_time, by, what.removeprefix(BY_COMMAND))


def added_elsewhere(obj: Any, by: str) -> Iterator[Event]:
    """How `obj` came to be, where the desk's log does not know and the row says when."""
    created = getattr(obj, "created", None)
    if created and not entries(obj).filter(action_flag=ADDITION).exists():
        yield Event(created, by or ELSEWHERE, "Added.")
