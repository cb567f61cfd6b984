"""A patient's page: what was, what comes, and what to do next; above the form of the record."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from bookings import finding, patients
from bookings.desk.whom import MOST_FOUND, patients_of
from bookings.models import Appointment, Callback, Patient, WaitlistEntry
from tenants import organizations, sight
from tenants.roles import Account
from tenants.sites import front_desk

Status = Appointment.Status
MOST_PAST, MOST_CALLS = 20, 10
OVER = [Status.CANCELLED, Status.NO_SHOW]


@dataclass(frozen=True, slots=True)
class CallLine:
    """A call as the page lists it. `page` is its address."""

    at: datetime
    said: str
    page: str


@dataclass(frozen=True, slots=True)
class Overview:
    """What the reader may see of a patient. `booking` is what the drawer begins with, as JSON."""

    patient: Patient
    coming: list[Appointment]
    past: list[Appointment]
    earlier: int
    no_shows: int
    cancelled: int
    waiting: list[WaitlistEntry]
    messages: list[Callback]
    calls: list[CallLine]
    booking: str
    may_book: bool
    may_merge: bool


# Calls of a patient, the newest first. Other modules add their functions.
calls_of: list[Callable[[HttpRequest, Patient], list[CallLine]]] = []


def overview(request: HttpRequest, patient: Patient, *, now: datetime) -> Overview:
    may = request.user.has_perm
    known = visits_of(patient) if may("bookings.view_appointment") else Appointment.objects.none()
    visits = sight.visible(known, request.user)
    coming = list(visits.filter(end__gt=now).exclude(status__in=OVER).order_by("start"))
    others = visits.exclude(pk__in=[row.pk for row in coming]).order_by("-start")
    past = list(others[:MOST_PAST])
    counted = counts(others)
    last = next((row for row in [*reversed(coming), *past] if row.occupies), None)
    return Overview(
        patient,
        coming,
        past,
        earlier=counted["all"] - len(past),
        no_shows=counted["no_shows"],
        cancelled=counted["cancelled"],
        waiting=waiting_of(patient, request.user) if may("bookings.view_waitlistentry") else [],
        messages=messages_of(patient) if may("bookings.view_callback") else [],
        calls=[line for find in calls_of for line in find(request, patient)][:MOST_CALLS],
        booking=json.dumps(
            {"patient": str(patient.pk), "service": last.service_id if last else None}
        ),
        may_book=may("bookings.add_appointment"),
        may_merge=may("bookings.change_patient"),
    )


def visits_of(patient: Patient) -> QuerySet[Appointment]:
    rows = patient.appointments.exclude(status=Status.ENTERED_IN_ERROR)
    return rows.select_related("service", "practitioner")


def counts(visits: QuerySet[Appointment]) -> dict[str, Any]:
    return visits.aggregate(
        all=Count("pk"),
        no_shows=Count("pk", filter=Q(status=Status.NO_SHOW)),
        cancelled=Count("pk", filter=Q(status=Status.CANCELLED)),
    )


def waiting_of(patient: Patient, user: Account) -> list[WaitlistEntry]:
    rows = sight.visible(patient.waiting.open(), user)
    return list(rows.select_related("service", "practitioner"))


def messages_of(patient: Patient) -> list[Callback]:
    """What was asked for from one of the patient's numbers. A number may be a family's."""
    return list(
        Callback.objects.filter(phone__in=patient.numbers).order_by("-created")[:MOST_CALLS]
    )


@front_desk.page("same/<uuid:key>/", name="same_person", permission="bookings.change_patient")
def same_person(request: HttpRequest, key: UUID) -> HttpResponse:
    """Finds the other record of one person. The page that merges the two asks once more."""
    patient = get_object_or_404(patients_of(request), pk=key)
    who = request.POST.get("who", "").replace("\0", "")
    today = organizations.current().now().date()
    typed = finding.read(who, region=organizations.current().phone_region, today=today)
    known = patients_of(request).exclude(pk=patient.pk)
    context = {
        "title": f"Same person as {patient.name}",
        "patient": patient,
        "who": who,
        "found": finding.matching(typed, known)[:MOST_FOUND],
        "alike": [] if who else alike(patient, known),
    }
    return front_desk.render(request, "bookings/desk/same_person.html", context)


def alike(patient: Patient, known: QuerySet[Patient]) -> list[Patient]:
    """Those marked as maybe the same, and those with a number or birthday and a name in common."""
    marked = [row.pk for row in patients.may_be_the_same([patient])]
    shared = Q(pk__in=Patient.objects.reached_at(*patient.numbers))
    if patient.date_of_birth:
        shared |= Q(date_of_birth=patient.date_of_birth)
    rows = known.filter(shared | Q(pk__in=marked)).order_by("name", "pk")
    return [row for row in rows if row.pk in marked or patients.is_like(row, patient)][:MOST_FOUND]
