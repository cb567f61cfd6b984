"""Moving: the times to which a visit can be moved, in the drawer. A click on one moves it."""

from datetime import date, datetime

from django import forms
from django.http import Http404, HttpRequest, HttpResponse

from bookings import appointments
from bookings.availability.overrides import NONE, Overrides
from bookings.availability.reading import Requester
from bookings.desk import answers, free_times, own_diary, quick_add
from bookings.desk.actions import OVERRIDE
from bookings.desk.calendar.moves import moved
from bookings.desk.calendar.pages import CHANGE, seen, visible
from bookings.desk.quick_add import DayField, InstantField, Told
from bookings.models import Appointment, Practitioner
from bookings.outcomes import Rescheduled
from bookings.preferences import ANY, Preference
from tenants import organizations
from tenants.sites import front_desk


class MoveForm(forms.Form):
    """`day` is the one that is shown. `start` and `practitioner` are those of the button that was
    pressed. `seen` is the newest change of the visit that the drawer showed, or 0."""

    visit = forms.ModelChoiceField(Appointment.objects.none())
    day = DayField(required=False)
    start = InstantField(required=False)
    practitioner = forms.ModelChoiceField(Practitioner.objects.none(), required=False)
    seen = forms.IntegerField(min_value=0, required=False)


@front_desk.page("move/", name="move", permission=CHANGE, by_sight=True)
def move(request: HttpRequest) -> HttpResponse:
    form = MoveForm(quick_add.pressed(request.POST or request.GET))
    form.fields["visit"].queryset = visible(request)  # type: ignore[attr-defined]
    form.fields["practitioner"].queryset = seen(request)  # type: ignore[attr-defined]
    form.is_valid()
    said = form.cleaned_data
    if "visit" not in said:
        raise Http404
    visit, now = said["visit"], organizations.current().now()
    is_whole = said.get("start") and said.get("practitioner") and said.get("seen") is not None
    if request.method != "POST" or not is_whole:
        return show(request, visit, said.get("day"), None, now=now)
    made = appointments.reschedule_as_shown(
        visit,
        seen=said["seen"],
        start=said["start"],
        practitioner=said["practitioner"],
        now=now,
        by=request.user.get_username(),
        overrides=set_aside(request, visit),
    )
    outcome = own_diary.as_shown(made, request.user)
    if isinstance(outcome, Rescheduled):
        row = outcome.appointment
        return quick_add.finished(request, f"{row.patient.name}: {moved(outcome, visit)}", row)
    visit.refresh_from_db()
    told = quick_add.refusal(outcome)
    return show(request, visit, said.get("day"), told, now=now, status=409)


def set_aside(request: HttpRequest, visit: Appointment) -> Overrides:
    """A visit keeps a length that is not its service's, and moves once it has begun, if the user
    may do that."""
    if not request.user.has_perm(OVERRIDE):
        return NONE
    return Overrides(begun=True, minutes=appointments.minutes_of(visit))


def show(
    request: HttpRequest,
    visit: Appointment,
    day: date | None,
    told: Told | None,
    *,
    now: datetime,
    status: int = 200,
) -> HttpResponse:
    """The drawer, opened on the day of the visit. Its practitioner comes first, and the soonest
    times are theirs, unless they do not see anybody for this any more."""
    service, own = set_aside(request, visit).of_length(visit.service), visit.practitioner
    able = quick_add.able_to(request, visit.service)
    offered = free_times.offer(
        service,
        sorted(able, key=lambda person: person != own),
        requester=Requester(visit, patient=visit.patient_id),
        day=day or max(now.date(), visit.start.astimezone(now.tzinfo).date()),
        now=now,
        wish=Preference(practitioner=own.pk) if own in able else ANY,
    )
    context = {
        "visit": visit,
        "seen": answers.seen(visit),
        "offered": offered,
        "told": told,
        "today": now.date(),
    }
    title = "Move the visit"
    return quick_add.drawer(request, "bookings/desk/moving.html", context, title, status=status)
