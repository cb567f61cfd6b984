"""Quick add: whom, what for, and a click on a free time. A drawer on every page of the front desk.

The form is posted with each step, so that what is typed never stands in an address. A button named
`at` books; any other shows the form again.
"""

import json
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.html import format_html

from bookings import appointments
from bookings.availability import hours
from bookings.availability.overrides import NONE, Overrides
from bookings.availability.slots import Slot
from bookings.desk import answers, entering, free_times, own_diary
from bookings.desk.actions import OVERRIDE, undo_link
from bookings.desk.answers import Done
from bookings.desk.calendar.clocks import YEARS
from bookings.desk.entering import Entry, Refused
from bookings.desk.refusals import NotDone, sentence
from bookings.desk.whom import Whom, of_callback, whom
from bookings.models import (
    Appointment,
    BookingPolicy,
    Callback,
    Practitioner,
    ServiceType,
    WaitlistEntry,
)
from bookings.outcomes import Booked, KnownAlready
from bookings.preferences import ANY
from tenants import organizations, sight
from tenants.moments import moment_in_words
from tenants.roles import Account
from tenants.sites import front_desk

CHOSEN = "chosen"  # as a button's time: the one in the fields, by choice


class YearsMixin:
    """Of another year, nothing was chosen."""

    def clean(self, value: Any) -> Any:
        found = super().clean(value)  # type: ignore[misc]
        return found if found and found.year in YEARS else None


class InstantField(YearsMixin, forms.DateTimeField):
    pass


class DayField(YearsMixin, forms.DateField):
    pass


class QuickAddForm(forms.Form):
    """What is typed and chosen so far. What is not understood counts as not chosen."""

    who = forms.CharField(required=False, max_length=300)
    patient = forms.CharField(required=False, max_length=36)
    service = forms.ModelChoiceField(ServiceType.objects.filter(is_active=True), required=False)
    practitioner = forms.ModelChoiceField(
        Practitioner.objects.filter(is_active=True), required=False
    )
    start = InstantField(required=False)
    day = DayField(required=False)
    waitlist = forms.ModelChoiceField(
        WaitlistEntry.objects.open().select_related("patient", "service"), required=False
    )
    callback = forms.ModelChoiceField(Callback.objects.open(), required=False)
    key = forms.UUIDField(required=False)
    notes = forms.CharField(required=False, max_length=2000)
    by_choice = forms.BooleanField(required=False)
    chosen_day = DayField(required=False)
    chosen_time = forms.TimeField(required=False)
    chosen_practitioner = forms.ModelChoiceField(
        Practitioner.objects.filter(is_active=True), required=False
    )
    minutes = forms.IntegerField(min_value=5, max_value=480, required=False)

    def __init__(self, *args: Any, reader: Account, **kwargs: Any) -> None:
        """Knows the rows that `reader` sees, and no others."""
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if isinstance(field, forms.ModelChoiceField) and field.queryset is not None:
                field.queryset = sight.visible(field.queryset, reader)


@dataclass(frozen=True, slots=True)
class Choice:
    """The fields of a time by choice, on the clinic's clock. `minutes` None: as the service."""

    day: date | None
    time: time | None
    practitioner: Practitioner | None
    minutes: int | None
    is_on: bool


@dataclass(frozen=True, slots=True)
class Draft:
    """The form as it stands. `start` and `practitioner` are the time asked for, by a gap or a
    button; `key` is that of the appointment to be."""

    key: UUID
    whom: Whom
    service: ServiceType | None
    practitioner: Practitioner | None
    start: datetime | None
    day: date | None
    waiting: WaitlistEntry | None
    callback: Callback | None
    notes: str
    choice: Choice

    @property
    def first_day(self) -> date | None:
        return self.day or (timezone.localtime(self.start).date() if self.start else None)


@dataclass(frozen=True, slots=True)
class Told:
    """On the time that was asked for: the slot, if it is free; else why not, and others."""

    slot: Slot | None = None
    said: str = ""
    alternatives: tuple[Slot, ...] = ()


@front_desk.page("book/", name="book", permission="bookings.add_appointment", by_sight=True)
def quick_add(request: HttpRequest) -> HttpResponse:
    now = organizations.current().now()
    draft = draft_of(request, now)
    if "at" not in request.POST:
        return show(request, draft, asked_time(request, draft, now), now=now)
    return book(request, draft, now)


def draft_of(request: HttpRequest, now: datetime) -> Draft:
    said = understood(request.POST if request.method == "POST" else request.GET, request.user)
    waiting, callback = said.get("waitlist"), said.get("callback")
    key, chosen = said.get("key") or uuid4(), said.get("patient", "")
    if request.method != "POST" and waiting:
        said["service"], chosen = waiting.service, str(waiting.patient_id)
    if request.method != "POST" and callback:
        who = of_callback(request, callback.name, callback.phone, key=key, now=now)
    else:
        who = whom(request, said.get("who", ""), chosen, key=key, now=now)
    return Draft(
        key=key,
        whom=who,
        waiting=waiting,
        callback=callback,
        notes=said.get("notes", ""),
        choice=choice_in(said),
        **{name: said.get(name) for name in ("service", "practitioner", "start", "day")},
    )


def understood(said: QueryDict, reader: Account) -> dict[str, Any]:
    """The values that are understood."""
    form = QuickAddForm(pressed(said), reader=reader)
    form.is_valid()
    return form.cleaned_data


def pressed(said: QueryDict) -> dict[str, str]:
    """What was sent, with the time of the button. Its `at` is a start, a space, a practitioner."""
    data = {name: str(value).replace("\0", "") for name, value in said.items()}
    if data.get("at", CHOSEN) != CHOSEN:
        data["start"], _, data["practitioner"] = data["at"].partition(" ")
    return data


def choice_in(said: dict[str, Any]) -> Choice:
    return Choice(
        said.get("chosen_day"),
        said.get("chosen_time"),
        said.get("chosen_practitioner"),
        said.get("minutes"),
        bool(said.get("by_choice")),
    )


def show(
    request: HttpRequest, draft: Draft, told: Told | None, *, now: datetime, status: int = 200
) -> HttpResponse:
    found = offered(request, draft, now)
    context = {
        "draft": draft,
        "told": told,
        "services": services_for(request, draft),
        "offered": found,
        "begins_in_lane": found is not None and not found.begins_soonest,
        "able": able_to(request, draft.service) if draft.service else [],
        "is_bound": sight.is_bound(request.user),
        "may_override": request.user.has_perm(OVERRIDE),
        "chosen_day": draft.choice.day or draft.first_day or now.date(),
        "today": now.date(),
        "is_typing": "typing" in request.POST,
    }
    return drawer(request, "bookings/desk/quick_add.html", context, "Book a visit", status=status)


def drawer(
    request: HttpRequest, template: str, context: dict[str, Any], title: str, *, status: int
) -> HttpResponse:
    """The form alone for the drawer, else in a page."""
    if request.headers.get("HX-Request") == "true":
        return TemplateResponse(request, template, context, status=status)
    page = {**context, "title": title, "form_template": template}
    return front_desk.render(request, "bookings/desk/book.html", page, status)


def able_to(request: HttpRequest, service: ServiceType) -> list[Practitioner]:
    """The practitioners who can be booked for it, and whom the user sees."""
    return sight.among(appointments.able_to(service), request.user)


def services_for(request: HttpRequest, draft: Draft) -> QuerySet[ServiceType]:
    """Those of the practitioner in whose gap or own diary it is; else all that are offered."""
    rows = ServiceType.objects.filter(is_active=True)
    gap = draft.practitioner.pk if draft.start and draft.practitioner else None
    whose = own_diary.only(request.user) if gap is None else gap
    return rows if whose is None else rows.filter(practitioners=whose)


def offered(request: HttpRequest, draft: Draft, now: datetime) -> free_times.Offered | None:
    if draft.service is None:
        return None
    wish = draft.waiting.preference(BookingPolicy.current()) if draft.waiting else ANY
    people = able_to(request, draft.service)
    return free_times.offer(
        draft.service,
        people,
        requester=free_times.requester(draft.whom.patient),
        day=draft.first_day,
        now=now,
        wish=wish,
    )


def asked_time(request: HttpRequest, draft: Draft, now: datetime) -> Told | None:
    if draft.start is None or draft.service is None:
        return None
    able = able_to(request, draft.service)
    found = free_times.look(
        draft.service, draft.practitioner, draft.start, able, patient=draft.whom.patient, now=now
    )
    if isinstance(found, Slot):
        return Told(slot=found)
    return refusal(own_diary.as_shown(found, request.user))


def refusal(outcome: Any) -> Told:
    return Told(said=sentence(outcome), alternatives=answers.alternatives(outcome))


def book(request: HttpRequest, draft: Draft, now: datetime) -> HttpResponse:
    """Books; or shows the form again with all that was typed, and what is in the way."""
    draft, overrides = at_chosen_time(request, draft)
    entry = entry_of(request, draft, overrides)
    match entered(request, entry, now):
        case Booked(appointment=row) if row.pk == draft.key:
            return booked(request, row)
        case Booked(appointment=row):
            said = f"Booked already, with {row.practitioner}: {row.reference}. Nothing changed."
            told = Told(said=said)
        case KnownAlready(patient=known):
            draft = replace(draft, whom=replace(draft.whom, patient=known))
            said = f"{known} is known already, and chosen now. Please press the time again."
            told = replace(asked_time(request, draft, now) or Told(), said=said)
        case Refused(said=said):
            told = replace(asked_time(request, draft, now) or Told(), said=said)
        case outcome:
            told = refusal(outcome)
    return show(request, draft, told, now=now, status=409)


def entered(
    request: HttpRequest, entry: Entry | Refused, now: datetime
) -> Done | NotDone | KnownAlready | Refused:
    """What came of it, as the user may see it."""
    if isinstance(entry, Refused):
        return entry
    outcome = entering.enter(request, entry, now=now)
    if isinstance(outcome, KnownAlready | Refused):
        return outcome
    return own_diary.as_shown(outcome, request.user)


def at_chosen_time(request: HttpRequest, draft: Draft) -> tuple[Draft, Overrides]:
    """The draft with the time in the fields, if the button for that was pressed, and the rules that
    are set aside for it: none, if the user may not."""
    choice = draft.choice
    if request.POST["at"] != CHOSEN:
        return draft, NONE
    if not (choice.day and choice.time):
        return replace(draft, start=None), NONE
    start = hours.instant(choice.day, choice.time, organizations.current().zone)
    draft = replace(draft, start=start, practitioner=choice.practitioner)
    if not (choice.is_on and request.user.has_perm(OVERRIDE)):
        return draft, NONE
    return draft, Overrides(hours=True, holds=True, minutes=choice.minutes)


def entry_of(request: HttpRequest, draft: Draft, overrides: Overrides) -> Entry | Refused:
    """What is to be booked, or what is missing."""
    patient, service = draft.whom.patient, draft.service
    if patient is None:
        return Refused("Please choose the patient first.")
    if service is None:
        return Refused("Please choose the service first.")
    if draft.start is None or draft.practitioner is None:
        return Refused("Please give the day, the time and the practitioner.")
    if request.POST.get("minutes") and draft.choice.minutes is None:
        return Refused("A visit takes 5 to 480 minutes.")
    if request.POST.get("waitlist") and draft.waiting is None:
        return Refused("A colleague has dealt with this place on the waitlist. Book all the same?")
    if request.POST.get("callback") and draft.callback is None:
        return Refused("A colleague has dealt with this callback. Book all the same?")
    return Entry(
        draft.key,
        patient,
        service,
        draft.practitioner,
        draft.start,
        draft.notes,
        draft.waiting,
        draft.callback,
        overrides,
    )


def booked(request: HttpRequest, row: Appointment) -> HttpResponse:
    when = moment_in_words(row.start, with_year=False)
    said = f"Booked: {row.patient.name}, {row.service}, {when} with {row.practitioner}."
    return finished(request, said, row)


def finished(request: HttpRequest, said: str, row: Appointment) -> HttpResponse:
    """The drawer is told by an event, and closes; a page leads to the start."""
    if request.headers.get("HX-Request") != "true":
        messages.success(request, format_html("{} {}", said, undo_link(row)))
        return redirect("admin:today")
    change = row.changes.last()
    answer = {"said": said, "undo": answers.undo_page(change) if change else None}
    return HttpResponse(status=204, headers={"HX-Trigger": json.dumps({"desk:booked": answer})})
