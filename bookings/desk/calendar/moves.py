"""Moving a visit in the calendar: by a drag, by a pull at its end, or in a dialog."""

from datetime import datetime
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_POST

from bookings import appointments
from bookings.availability.overrides import NONE, Overrides
from bookings.desk import answers, free_times, own_diary
from bookings.desk.actions import OVERRIDE
from bookings.desk.calendar import clocks
from bookings.desk.calendar.pages import CHANGE, in_a_year_that_is_drawn, seen, visible
from bookings.desk.refusals import sentence
from bookings.models import Appointment, Practitioner
from bookings.outcomes import OutsideHours, Rescheduled, SlotPassed, SlotTaken, TooFarAhead
from tenants import organizations
from tenants.sites import front_desk

NOT_FROM_HERE = "The calendar did not understand this. Please reload the page and try again."
NOT_THE_LENGTH = "Your account may not give a visit another length than its service has."


class Move(forms.Form):
    """Where a visit shall be. `start` is the clinic's wall time, or has an offset; `minutes` is
    said where the length is changed; `seen` is the newest change that the page showed, or 0."""

    visit = forms.ModelChoiceField(Appointment.objects.none())
    practitioner = forms.ModelChoiceField(Practitioner.objects.all())
    start = forms.CharField(max_length=40)
    minutes = forms.IntegerField(min_value=5, max_value=480, required=False)
    seen = forms.IntegerField(min_value=0)
    over_hours = forms.BooleanField(required=False)
    over_holds = forms.BooleanField(required=False)

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if not self.errors:
            said["start"] = start_of(said["visit"], said["start"])
        return said


def start_of(visit: Appointment, text: str) -> datetime:
    """The instant. Of an hour that clocks show twice it is the first one, unless the visit is in
    the second. Raises ValidationError."""
    zone = organizations.current().zone
    try:
        start = clocks.instant(text, zone, fold=visit.start.astimezone(zone).fold)
    except (ValueError, OverflowError) as error:
        raise forms.ValidationError("no time") from error
    in_a_year_that_is_drawn(start)
    return start


@front_desk.page("calendar/move/", name="calendar_move", permission=CHANGE, by_sight=True)
@require_POST
def calendar_move(request: HttpRequest) -> HttpResponse:
    """Answered as desk.js expects. `insist` names the rule in the way that the user may set aside,
    by its field; "" if there is none."""
    asked = Move(request.POST)
    asked.fields["visit"].queryset = visible(request)  # type: ignore[attr-defined]
    asked.fields["practitioner"].queryset = seen(request)  # type: ignore[attr-defined]
    if not asked.is_valid():
        return answers.bad_input(NOT_FROM_HERE)
    said, may_override = asked.cleaned_data, request.user.has_perm(OVERRIDE)
    visit: Appointment = said["visit"]
    if said["minutes"] not in (None, appointments.minutes_of(visit)) and not may_override:
        return answers.not_allowed(NOT_THE_LENGTH)
    made = appointments.reschedule_as_shown(
        visit,
        seen=said["seen"],
        start=said["start"],
        practitioner=said["practitioner"],
        now=organizations.current().now(),
        by=request.user.get_username(),
        overrides=overrides(said, visit) if may_override else NONE,
    )
    outcome = own_diary.as_shown(made, request.user)
    if isinstance(outcome, Rescheduled):
        return answers.of(outcome, said=moved(outcome, visit))
    others = answers.alternatives(outcome)
    found = tuple(slot for slot in others if not free_times.is_there(visit, slot))
    body = answers.body(sentence(outcome), refused=True, slots=found)
    insist = in_the_way(outcome) if may_override else ""
    return JsonResponse({**body, "insist": insist}, status=409)


def overrides(said: dict[str, Any], visit: Appointment) -> Overrides:
    """What is chosen. A visit keeps a length that is not its service's."""
    length = said["minutes"] or appointments.minutes_of(visit)
    hours, holds = said["over_hours"], said["over_holds"]
    return Overrides(hours=hours, holds=holds, begun=True, minutes=length)


def in_the_way(outcome: object) -> str:
    match outcome:
        case OutsideHours() | SlotPassed() | TooFarAhead():
            return "over_hours"
        case SlotTaken(on_offer=True):
            return "over_holds"
        case _:
            return ""


def moved(outcome: Rescheduled, before: Appointment) -> str:
    """Where it is now, and how long it takes if that is another length."""
    now, zone = outcome.appointment, organizations.current().zone
    if not outcome.moved:
        return "It is there already. Nothing was changed."
    place = f"{clocks.in_full(now.start, zone)} with {now.practitioner}"
    length = appointments.minutes_of(now)
    if length == appointments.minutes_of(before):
        return f"Moved to {place}."
    if (now.start, now.practitioner_id) == (before.start, before.practitioner_id):
        return f"It takes {length} minutes now."
    return f"Moved to {place}. It takes {length} minutes now."
