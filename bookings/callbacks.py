"""Callbacks: taken on by one of staff, and done with a note. Done can be taken back."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from bookings.models import Appointment, Callback

Status = Callback.Status
LONGEST_NOTE = 500


@dataclass(frozen=True, slots=True)
class Changed:
    """The callback is as asked for."""

    callback: Callback


@dataclass(frozen=True, slots=True)
class DoneAlready:
    """Somebody called back before: `callback.done_by`, at `callback.done_at`."""

    callback: Callback


@dataclass(frozen=True, slots=True)
class DoneAnew:
    """It was done at another time than the page showed, so it is not reopened."""

    callback: Callback


@dataclass(frozen=True, slots=True)
class TakenBy:
    """A colleague has it: `callback.owner`."""

    callback: Callback


@transaction.atomic
def take(key: int, *, by: str) -> Changed | DoneAlready | TakenBy:
    """Take on a callback that nobody has. Raises Callback.DoesNotExist."""
    row = locked(key)
    if row.status == Status.DONE:
        return DoneAlready(row)
    if row.owner not in ("", by):
        return TakenBy(row)
    row.owner = by
    return saved(row)


@transaction.atomic
def release(key: int) -> Changed | DoneAlready:
    """Leave it to whoever takes it next. Raises Callback.DoesNotExist."""
    row = locked(key)
    if row.status == Status.DONE:
        return DoneAlready(row)
    row.owner = ""
    return saved(row)


@transaction.atomic
def finish(
    key: int, *, by: str, note: str, now: datetime, visit: Appointment | None = None
) -> Changed | DoneAlready:
    """Record that the caller was called back, or that `visit` was booked for them. The first 500
    characters of `note` are kept. Raises Callback.DoesNotExist."""
    row = locked(key)
    if row.status == Status.DONE:
        return DoneAlready(row)
    row.finish(by=by, now=now, visit=visit)
    row.note = note[:LONGEST_NOTE]
    return saved(row)


@transaction.atomic
def reopen(key: int, *, done_at: datetime | None) -> Changed | DoneAnew:
    """Take back that it is done, if that is what was done at `done_at`. The note stays. Raises
    Callback.DoesNotExist."""
    row = locked(key)
    if row.status == Status.DONE and row.done_at != done_at:
        return DoneAnew(row)
    row.reopen()
    return saved(row)


def locked(key: int) -> Callback:
    return Callback.objects.select_for_update().get(pk=key)


def saved(row: Callback) -> Changed:
    row.save()
    return Changed(row)
