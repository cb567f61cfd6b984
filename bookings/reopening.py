"""Reopening: what a booking answered waits again when the booking is undone."""

from django.db import IntegrityError, transaction

from bookings.models import Appointment, Callback, WaitlistEntry

# The note of a callback that a booking made done.
BOOKED = "Booked."


def reopen(visit: Appointment) -> tuple[Callback | WaitlistEntry, ...]:
    """Open again what the booking of `visit` made done.

    What a colleague has opened or marked since is left as it is, and so is a place on the waitlist
    of a patient who by now has another one for the same service.
    """
    waiting = WaitlistEntry.objects.filter(appointment=visit, status=WaitlistEntry.Status.DONE)
    callbacks = Callback.objects.filter(appointment=visit, status=Callback.Status.DONE)
    rows = waiting.select_related("patient", "service").select_for_update(of=("self",))
    reopened = [row for row in rows if waits_again(row)]
    return (*reopened, *(call_again(row) for row in callbacks.select_for_update()))


def waits_again(row: WaitlistEntry) -> bool:
    row.status, row.appointment = WaitlistEntry.Status.WAITING, None
    try:
        with transaction.atomic():
            row.save(update_fields=["status", "appointment"])
    except IntegrityError:
        return False
    return True


def call_again(row: Callback) -> Callback:
    row.reopen()
    row.note = "" if row.note == BOOKED else row.note
    row.save()
    return row
