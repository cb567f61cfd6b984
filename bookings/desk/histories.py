"""Histories: what is kept of an appointment, told to staff, with a way back from the newest."""

from typing import Any

from django.contrib.admin.models import ADDITION
from django.db.models import Exists, OuterRef, Q, QuerySet, Value
from django.http import HttpRequest

from bookings.desk.answers import undo_page
from bookings.desk.refusals import who
from bookings.models import Appointment, AppointmentChange, Practitioner
from tenants import history, sight
from tenants.history import Event
from tenants.moments import moment_in_words

Kind = AppointmentChange.Kind
# The names of these changes do not say which status they lead to.
NEW_STATUS = {Kind.MARKED, Kind.UNDONE}


def with_way_back(
    rows: QuerySet[AppointmentChange], request: HttpRequest
) -> QuerySet[AppointmentChange]:
    """The changes, each with `may_be_undone`: whether it is the newest change of its appointment,
    is not an undoing itself, and the user may change appointments. An undoing that could lead into
    a diary which the user does not see is not offered."""
    may_change = Value(request.user.has_perm("bookings.change_appointment"))
    later = AppointmentChange.objects.filter(
        Q(at__gt=OuterRef("at")) | Q(at=OuterRef("at"), pk__gt=OuterRef("pk")),
        appointment=OuterRef("appointment"),
    )
    may = Q(~Exists(later), may_change=True) & ~Q(kind=Kind.UNDONE)
    if sight.is_bound(request.user):
        seen = sight.visible(Practitioner.objects.all(), request.user).values("pk")
        elsewhere = AppointmentChange.objects.exclude(practitioner__in=seen)
        may &= ~Q(Exists(elsewhere.filter(appointment=OuterRef("appointment"))))
    return rows.annotate(may_change=may_change).annotate(may_be_undone=may)


def changes(request: HttpRequest, row: Appointment) -> list[Event]:
    found: Any = with_way_back(row.changes.select_related("practitioner"), request)
    return [
        Event(
            at=change.at,
            by=who(change),
            what=in_words(change),
            undo=undo_page(change) if change.may_be_undone else "",
        )
        for change in found
    ]


def typed(row: Appointment) -> list[Event]:
    """What the desk's log says of `row`, without its adding, which the row's own history tells."""
    return history.events(history.entries(row).exclude(action_flag=ADDITION))


def in_words(change: AppointmentChange) -> str:
    """What `change` did, and how the appointment was afterwards."""
    when = moment_in_words(change.start)
    status = f" Status: {status_of(change)}." if change.kind in NEW_STATUS else ""
    reason = f" Reason: {change.reason}." if change.reason else ""
    choice = f" By choice: {chosen(change)}." if change.overrides else ""
    done = f"{change.get_kind_display()}: {when} with {change.practitioner}."
    return f"{done}{status}{reason}{choice}"


def status_of(change: AppointmentChange) -> str:
    """“booked”; “in room” of a patient who arrived and went in."""
    is_in_room = change.status == Appointment.Status.ARRIVED and change.in_room_since
    return "in room" if is_in_room else change.get_status_display().lower()


def chosen(change: AppointmentChange) -> str:
    return ", ".join(AppointmentChange.Override(one).label for one in change.overrides)
