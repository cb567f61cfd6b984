"""Closing: whole days on which the clinic, a practitioner or a room is closed.

Whom it affects is shown before it is saved, and saved is only what was shown.
"""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html

from bookings import diaries
from bookings.availability.slots import instant
from bookings.desk import concerns
from bookings.desk.calendar.clocks import YEARS
from bookings.models import Closure, Practitioner, Room, in_figures
from tenants import organizations
from tenants.editing import KNOWN, AskFirst
from tenants.sites import front_desk

EVERYBODY = "The whole clinic"


class ClosingForm(forms.Form):
    """Both days are closed, and those between. Without a last day, the first is the only one."""

    first_day = forms.DateField()
    last_day = forms.DateField(required=False)
    whom = forms.ChoiceField(required=False)
    reason = forms.CharField(required=False, max_length=200)
    is_yearly = forms.BooleanField(required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["whom"].choices = choices()  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        first, last = said.get("first_day"), said.get("last_day")
        for name, day in (("first_day", first), ("last_day", last)):
            if day and day.year not in YEARS:
                self.add_error(name, "Please check the year.")
        if first and last and last < first:
            self.add_error("last_day", "The last day has to come after the first.")
        return said

    def closure(self) -> Closure:
        """The closure, not saved. Raises ValidationError for what the clinic cannot have."""
        said = self.cleaned_data
        first: date = said["first_day"]
        last: date = said["last_day"] or first
        zone = organizations.current().zone
        kind, _, key = said["whom"].partition(":")
        closure = Closure(
            start=instant(first, zone),
            end=instant(last + timedelta(days=1), zone),
            reason=said["reason"],
            is_yearly=said["is_yearly"],
            **({f"{kind}_id": int(key)} if key else {}),
        )
        closure.full_clean()
        return closure


def choices() -> list[tuple[str, Any]]:
    """The whole clinic, and whoever is in use."""
    found: list[tuple[str, Any]] = [("", EVERYBODY)]
    for kind, rows in (
        ("practitioner", Practitioner.objects.filter(is_active=True)),
        ("room", Room.objects.filter(is_active=True)),
    ):
        found += [(f"{kind}:{row.pk}", row.name) for row in rows]
    return found


@front_desk.page("close/", name="close", permission="bookings.add_closure")
def close_days(request: HttpRequest) -> HttpResponse:
    """The form, with whom its days affect; a button named `save` closes them. Its address may say
    what is filled in."""
    form = ClosingForm(request.POST or request.GET or None)
    closure = closure_in(form)
    if closure and "save" in request.POST:
        return save(request, form, closure)
    return show(request, form, closure)


def closure_in(form: ClosingForm) -> Closure | None:
    if not form.is_valid():
        return None
    try:
        return form.closure()
    except ValidationError as error:
        form.add_error(None, error)
        return None


def show(
    request: HttpRequest, form: ClosingForm, closure: Closure | None, *, status: int = 200
) -> HttpResponse:
    asked = AskFirst(concerns.of_closure(closure)) if closure else None
    context = {"title": "Close days", "form": form, "closure": closure, "asked": asked}
    return front_desk.render(request, "bookings/desk/close.html", context, status)


def save(request: HttpRequest, form: ClosingForm, closure: Closure) -> HttpResponse:
    """Saves if the form has shown all whom it affects, as they are now."""
    lines = saved(request, closure)
    if lines is None:
        form.add_error(None, "Please look at whom this affects, and save once more.")
        return show(request, form, closure, status=409)
    said = f"Closed: {in_words(closure)}."
    if lines:
        said += f" {len(lines)} stay booked or open inside it."
    if lines and not closure.room:  # whose visits are within the hours
        strays = f"{reverse('admin:inbox')}#strays"
        said = format_html('{} <a class="desk-link" href="{}">Call them</a>', said, strays)
    messages.success(request, said)
    return redirect("admin:bookings_closure_changelist")


def saved(request: HttpRequest, closure: Closure) -> list[str] | None:
    """What it leaves behind; None if that is not what was shown, and then nothing is saved."""
    with diaries.writing():
        closure.save()
        asked = AskFirst(concerns.of_closure(closure))
        if asked.concerns and request.POST.get(KNOWN) != asked.known:
            transaction.set_rollback(True)
            closure.pk, closure._state.adding = None, True
            return None
        page = front_desk.get_model_admin(Closure)
        page.log_addition(request, closure, [{"added": {}}])
    return asked.concerns


def in_words(closure: Closure) -> str:
    """“Dr. Ada Moss, 24 Dec 2026 to 26 Dec 2026”."""
    zone, end = organizations.current().zone, closure.end - timedelta(days=1)
    first, last = (in_figures(at.astimezone(zone)) for at in (closure.start, end))
    whom = closure.practitioner or closure.room or "the whole clinic"
    return f"{whom}, {first} to {last}" if last != first else f"{whom}, {first}"
