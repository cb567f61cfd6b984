"""Actions on appointments. Each can be undone; one that ends a visit asks for confirmation once."""

from collections.abc import Callable, Iterable
from datetime import datetime
from operator import itemgetter
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import PermissionDenied
from django.db.models import Max, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html, format_html_join

from bookings import appointments, attendance, undo
from bookings.availability.overrides import Overrides
from bookings.desk import answers, own_diary
from bookings.desk.calendar import clocks
from bookings.desk.refusals import NotDone, refusal
from bookings.models import Appointment, AppointmentChange, Callback, WaitlistEntry
from bookings.outcomes import Cancelled, CancelOutcome, Marked, MarkOutcome, Stale, Undone
from tenants import organizations, sight
from tenants.editing import ModelAdmin
from tenants.moments import moment_in_words
from tenants.sites import front_desk

Status = Appointment.Status
Verb = Callable[[Appointment, int | None, str], CancelOutcome | MarkOutcome]
LONGEST_KEY = 18  # digits of a BIGINT
OVERRIDE = "bookings.override_appointment"


class AskedActions(ModelAdmin):
    """The actions of the list of appointments, and the page that undoes one."""

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.undo)
        page = path("undo/<int:key>/", view, name="bookings_appointment_undo")
        return [page, *super().get_urls()]

    @admin.action(description="Mark as arrived", permissions=["change"])
    def mark_arrived(self, request: HttpRequest, queryset: QuerySet[Appointment]) -> None:
        self.mark(request, queryset, Status.ARRIVED)

    @admin.action(description="Mark as fulfilled", permissions=["change"])
    def mark_fulfilled(self, request: HttpRequest, queryset: QuerySet[Appointment]) -> None:
        self.mark(request, queryset, Status.FULFILLED)

    @admin.action(description="Confirm, or back to booked", permissions=["change"])
    def mark_booked(self, request: HttpRequest, queryset: QuerySet[Appointment]) -> None:
        self.mark(request, queryset, Status.BOOKED)

    @admin.action(description="Mark as no-show", permissions=["change"])
    def mark_no_show(
        self, request: HttpRequest, queryset: QuerySet[Appointment]
    ) -> HttpResponse | None:
        verb = marking(request, Status.NO_SHOW)
        question = "Mark these appointments as no-shows?"
        return self.end(request, queryset, question, "no-show", "mark_no_show", verb)

    @admin.action(description="Mark as entered in error", permissions=["change"])
    def mark_entered_in_error(
        self, request: HttpRequest, queryset: QuerySet[Appointment]
    ) -> HttpResponse | None:
        verb = marking(request, Status.ENTERED_IN_ERROR)
        question = "Mark these appointments as entered in error?"
        action = "mark_entered_in_error"
        return self.end(request, queryset, question, "entered in error", action, verb)

    @admin.action(description="Cancel", permissions=["change"])
    def cancel(self, request: HttpRequest, queryset: QuerySet[Appointment]) -> HttpResponse | None:
        def verb(row: Appointment, seen: int | None, reason: str) -> CancelOutcome:
            return appointments.cancel(
                row,
                now=organizations.current().now(),
                by=request.user.get_username(),
                reason=reason,
                seen=seen,
                overrides=Overrides(begun=request.user.has_perm(OVERRIDE)),
            )

        question = "Cancel these appointments?"
        return self.end(request, queryset, question, "cancelled", "cancel", verb)

    def mark(self, request: HttpRequest, queryset: QuerySet[Appointment], status: Status) -> None:
        verb = marking(request, status)
        outcomes = [verb(row, row.newest_change, "") for row in with_newest(queryset)]
        report(request, outcomes, f"marked as {status.label.lower()}")

    def end(
        self,
        request: HttpRequest,
        queryset: QuerySet[Appointment],
        question: str,
        done: str,
        action: str,
        verb: Verb,
    ) -> HttpResponse | None:
        """Asks once, with names and times. A row that has changed since is left as it is, and asked
        for again: with the reason that was typed."""
        said = request.POST
        reason = said.get("reason", "").replace("\0", "").strip()
        if said.get("post"):
            # Not of `queryset`: a visit may have left the list's filter since it was picked.
            picked = self.get_queryset(request).filter(pk__in=said.getlist(ACTION_CHECKBOX_NAME))
            outcomes = [verb(row, seen_in(said, row), reason) for row in with_newest(picked)]
            report(request, outcomes, done)
            for outcome in outcomes:
                if isinstance(outcome, Cancelled | Marked):
                    tell_who_waits(request, outcome.appointment)
            stale = [one.appointment.pk for one in outcomes if isinstance(one, Stale)]
            if not stale:
                return None
            queryset = self.get_queryset(request).filter(pk__in=stale)
        rows = queryset.select_related("patient", "service", "practitioner")
        context = {
            "title": question,
            "action": action,
            "appointments": with_newest(rows).order_by("start"),
            "action_checkbox_name": ACTION_CHECKBOX_NAME,
            "reason": reason,
        }
        return front_desk.render(request, "bookings/confirm.html", context)

    def undo(self, request: HttpRequest, key: int) -> HttpResponse:
        """Asks with a button, so that an address alone undoes nothing.

        A page's script posts here as well, and is answered in JSON.
        """
        if not self.has_change_permission(request):
            raise PermissionDenied
        rows = AppointmentChange.objects.select_related("appointment").filter(pk=key)
        change = sight.visible(rows, request.user).first()
        if change is None or not sight.sees(undo.state_before(change).practitioner, request.user):
            raise Http404
        if request.method != "POST":
            before = undo.state_before(change)
            context = {
                "title": "Undo",
                "change": change,
                "before": before,
                "status": Status(before.status).label.lower(),
            }
            return front_desk.render(request, "bookings/undo.html", context)
        now, by = organizations.current().now(), request.user.get_username()
        outcome = own_diary.as_shown(undo.undo(change, now=now, by=by), request.user)
        said = undone(request, outcome) if isinstance(outcome, Undone) else ""
        if answers.is_asked_for(request):
            return answers.of(outcome, said=said)
        if isinstance(outcome, Undone):
            messages.success(request, said)
            tell_who_waits(request, outcome.appointment)
        else:
            messages.error(request, refused(outcome, change.appointment))
        page = reverse("admin:bookings_appointment_change", args=[change.appointment_id])
        return HttpResponseRedirect(page)


def undone(request: HttpRequest, outcome: Undone) -> str:
    """How the visit stands now, and what waits again."""
    row, zone = outcome.appointment, organizations.current().zone
    place = f"{clocks.in_full(row.start, zone)} with {row.practitioner}"
    status = Status(row.status).label.lower()
    return f"Undone: {row.patient.name}, {place}, {status}.{record_reopened(request, outcome)}"


def record_reopened(request: HttpRequest, outcome: Undone) -> str:
    """Enter what waits again in its history, and say so."""
    said = ""
    for row in outcome.reopened:
        front_desk.log_change(request, row, "Open again: the booking was undone.")
        if isinstance(row, Callback):
            may_see = request.user.has_perm("bookings.view_callback")
            said += f" {row.name if may_see else 'Somebody'} is to be called back again."
        else:
            said += f" {row.patient.name} waits for {row.service} again."
    return said


def with_newest(rows: QuerySet[Appointment]) -> QuerySet[Any]:
    """Each with the key of its newest change, read together: who may see it now has seen that."""
    return rows.annotate(newest_change=Max("changes__pk"))


def seen_in(said: QueryDict, row: Any) -> int | None:
    """The newest change of `row` that the page showed; if it did not say, the newest there is."""
    shown = key_in(said.get(f"seen-{row.pk}", ""))
    return row.newest_change if shown is None else shown


def marking(request: HttpRequest, status: Status) -> Verb:
    now, by = organizations.current().now(), request.user.get_username()

    def verb(row: Appointment, seen: int | None, reason: str) -> MarkOutcome:
        return attendance.mark(row, status, now=now, by=by, reason=reason, seen=seen)

    return verb


def key_in(text: str) -> int | None:
    """The key in `text`, if it is a number. A number with more digits than a key can have is cut,
    and matches no row."""
    return int(text[:LONGEST_KEY]) if text.isdecimal() else None


def report(
    request: HttpRequest, outcomes: Iterable[CancelOutcome | MarkOutcome], done: str
) -> None:
    """Tells how many were changed, with a link to undo each, and why the others were not."""
    changed = []
    for outcome in outcomes:
        if isinstance(outcome, Cancelled | Marked):
            changed.append(outcome.appointment)
        else:
            messages.error(request, refused(outcome, getattr(outcome, "appointment", None)))
    if changed:
        links = format_html_join(" ", "{}", ([undo_link(row)] for row in changed))
        messages.success(request, format_html("{} {}. {}", len(changed), done, links))


def undo_link(row: Appointment) -> str:
    change = row.changes.last()
    if change is None:
        return ""
    return format_html(
        '<a class="underline" href="{}">Undo {}</a>', answers.undo_page(change), row.reference
    )


def refused(outcome: NotDone, row: Appointment | None) -> str:
    problem = refusal(outcome)
    text = next(iter(problem.values())) if isinstance(problem, dict) else problem
    return f"{row.reference}: {text}" if row else text


def tell_who_waits(request: HttpRequest, appointment: Appointment) -> None:
    """Tells staff who waits for the times that `appointment` freed, in order; a line a time."""
    by_slot: dict[tuple[datetime, str], list[WaitlistEntry]] = {}
    now = organizations.current().now()
    for match in own_diary.wanting(appointment, request.user, now=now):
        time = match.slot.start, match.slot.practitioner.name
        by_slot.setdefault(time, []).append(match.entry)
    for (start, practitioner), entries in sorted(by_slot.items(), key=itemgetter(0)):
        when = moment_in_words(start)
        who = "; ".join(f"{entry.patient} ({entry.service}, {entry.wants})" for entry in entries)
        messages.info(request, f"Waiting for {when} with {practitioner}, in order: {who}.")
