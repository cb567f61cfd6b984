"""Rows of the board as HTML. In Python, because a full day has 200 of them, and a template takes
several times as long."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.html import conditional_escape, escape, format_html
from django.utils.safestring import SafeString

from bookings.desk.board import Button, State, Step, Visit
from bookings.models import Appointment, in_figures

# What holds only our own words, keys and figures, and so nothing to escape.
Own = SafeString
NOTHING = Own("")
ROW = """
<li class="visit is-{kind}{over}" id="visit-{key}" data-version="{seen} {status}" data-name="{name}">
  <div class="what">
    <p class="who"><a class="time" href="{page}" aria-label="The visit of {name} at {start}">{start}</a>
      {patient}{unverified}{by_telephone}</p>
    <p class="more"><span class="state"><span class="sign" aria-hidden="true">{sign}</span> {state}{since}</span>
      <span class="service">{until}{service}{room}</span>{phone}{born}{reason}{notes}</p>
  </div>
  <div class="steps">{buttons}</div>
</li>"""  # noqa: E501
BUTTON = (
    '<button type="button" id="{id}-{key}" class="desk-button{css}" data-post="{address}"'
    ' data-seen="{seen}"{asks} aria-label="{label}: {name}, {start}" title="{label}">'
    "{shown}</button>"
)
ASKS = (
    ' data-ask="reason" data-ask-title="Cancel {name}, {start}?" data-ask-label="Reason"'
    ' data-ask-does="Cancel the visit"'
)
UNVERIFIED = Own(
    ' <span class="tag" title="The details were given by a caller without a proof">'
    "unverified</span>"
)
BY_TELEPHONE = Own(' <span class="tag" title="Booked by telephone">☎</span>')


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where the rows lead, looked up once for a page. `patients` is empty for who may not see
    them. `day` is the page that they stand in."""

    visits: str
    day: str
    patients: str
    steps: str
    zone: ZoneInfo


def addresses(day: date, zone: ZoneInfo, *, may_see_patients: bool) -> Addresses:
    return Addresses(
        day=f"{reverse('admin:today')}?day={day:%Y-%m-%d}",
        visits=reverse("admin:bookings_appointment_changelist"),
        patients=reverse("admin:bookings_patient_changelist") if may_see_patients else "",
        steps=reverse("admin:today") + "visit/",
        zone=zone,
    )


def row(visit: Visit, to: Addresses) -> SafeString:
    one, clock = visit.row, Clock(to.zone)
    # Escaped once, as they stand in it several times.
    often = {
        "key": Own(one.pk),
        "seen": Own(one.seen or 0),
        "name": escape(one.patient.name),
        "start": clock(one.start),
    }
    return format_html(
        ROW,
        **often,
        kind=Own(visit.kind),
        over=Own(" is-over" if visit.is_over else ""),
        status=Own(one.status),
        page=Own(f"{to.visits}{one.pk}/change/?next={to.day}"),
        until=NOTHING if visit.is_here else Own(f"until {clock(one.end)}, "),
        patient=patient(one, to),
        unverified=NOTHING if one.patient.is_verified else UNVERIFIED,
        by_telephone=BY_TELEPHONE if one.source == Appointment.Source.VOICE else NOTHING,
        sign=Own(visit.sign),
        state=Own(visit.state.value),
        since=since(visit, clock),
        service=one.service.name,
        room=f", {one.room.name}" if one.room else NOTHING,
        phone=phone(one.patient.phone),
        born=born(one),
        reason=note(one.cancellation_reason),
        notes=note(one.notes),
        buttons=joined(button(step, visit, to, often) for step in visit.buttons),
    )


@dataclass(frozen=True, slots=True)
class Clock:
    """An instant as the clinic's clock shows it."""

    zone: ZoneInfo

    def __call__(self, instant: datetime) -> SafeString:
        return Own(f"{instant.astimezone(self.zone):%H:%M}")


def patient(one: Any, to: Addresses) -> SafeString:
    name = one.patient.name
    if not to.patients:
        return format_html('<span class="name" dir="auto">{}</span>', name)
    page = f"{to.patients}{one.patient_id}/change/"
    return format_html('<a class="name" dir="auto" href="{}">{}</a>', page, name)


def since(visit: Visit, clock: Clock) -> SafeString:
    began = {State.WAITING: visit.row.arrived_at, State.IN_ROOM: visit.row.in_room_since}
    moment = began.get(visit.state)
    if moment is None:
        return NOTHING
    return format_html(
        ' <span class="since">since</span> <time data-since="{}">{}</time>',
        moment.isoformat(),
        clock(moment),
    )


def phone(number: str) -> SafeString:
    if not number:
        return NOTHING
    return format_html(' <a class="phone" href="tel:{}">{}</a>', number, number)


def born(one: Any) -> SafeString:
    day = one.patient.date_of_birth
    if day is None:
        return NOTHING
    return format_html(' <span class="on-paper">born {}</span>', in_figures(day))


def note(text: str) -> SafeString:
    if not text:
        return NOTHING
    return format_html(' <span class="note" title="{}">{}</span>', text, text)


def button(of: Button, visit: Visit, to: Addresses, often: dict[str, SafeString]) -> SafeString:
    step, is_cancel = of.step.value, of.step is Step.CANCEL
    return format_html(
        BUTTON,
        **often,
        id=Own("next" if of.is_next else step),
        css=Own(" next" if of.is_next else ""),
        address=Own(f"{to.steps}{visit.row.pk}/{step}/"),
        asks=format_html(ASKS, **often) if is_cancel else NOTHING,
        label=Own(of.label),
        shown=Own(of.shown),
    )


def joined(parts: Iterable[SafeString]) -> SafeString:
    return Own("".join(map(conditional_escape, parts)))
