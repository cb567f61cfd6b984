"""Whom a visit is for: a patient who is found, or made, of what is typed in one field."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpRequest

from bookings import finding
from bookings.finding import Typed
from bookings.models import Patient, name_key
from tenants import organizations
from tenants.sites import front_desk

NEW = "new"  # stands for the key of a patient who has no row yet
MOST_FOUND = 8


@dataclass(frozen=True, slots=True)
class Whom:
    """`who` is what was typed, `found` whom it fits. `patient` is who was chosen: one of them, or a
    new one without a row."""

    who: str
    typed: Typed
    found: tuple[Patient, ...]
    has_more: bool
    may_be_new: bool
    patient: Patient | None = None

    @property
    def has_options(self) -> bool:
        return bool(self.found) or self.may_be_new


def whom(request: HttpRequest, who: str, chosen: str, *, key: UUID, now: datetime) -> Whom:
    """`chosen` is the key of a patient, “new”, or "". A new patient gets the key `key`. If one
    person alone fits what was typed, nobody needs to choose; but not while it is being typed."""
    typed = finding.read(who, region=organizations.current().phone_region, today=now.date())
    found = finding.matching(typed, patients_of(request))[: MOST_FOUND + 1]
    may_be_new = typed.names_somebody and request.user.has_perm("bookings.add_patient")
    options = Whom(who, typed, tuple(found[:MOST_FOUND]), len(found) > MOST_FOUND, may_be_new)
    if {"typing", "change"} & set(request.POST):
        return options
    patient = by_key(request, chosen) or new_or_only(options, chosen, key)
    return replace(options, patient=patient)


def patients_of(request: HttpRequest) -> QuerySet[Patient]:
    """The patients whom this user may find: those of their list of patients."""
    page = front_desk.get_model_admin(Patient)
    if not page.has_view_permission(request):
        return Patient.objects.none()
    found: QuerySet[Patient] = page.get_queryset(request)
    return found


def by_key(request: HttpRequest, chosen: str) -> Patient | None:
    try:
        return patients_of(request).filter(pk=UUID(chosen)).first()
    except ValueError:
        return None


def new_or_only(options: Whom, chosen: str, key: UUID) -> Patient | None:
    is_unasked = not chosen and bool(options.who)
    if options.may_be_new and (chosen == NEW or (is_unasked and not options.found)):
        return new(options.typed, key)
    is_the_only = is_unasked and len(options.found) == 1 and not options.may_be_new
    return options.found[0] if is_the_only else None


def new(typed: Typed, key: UUID) -> Patient:
    """As the page of a patient makes one: staff know who it is."""
    return Patient(
        id=key,
        name=typed.name,
        name_key=name_key(typed.name),
        phone=typed.phone,
        date_of_birth=typed.birthday,
    )


def of_callback(request: HttpRequest, name: str, phone: str, *, key: UUID, now: datetime) -> Whom:
    """Who asked for a call: the patient of this name and number, if there is one. Else all at the
    number are shown; nobody is made without being chosen."""
    said = whom(request, f"{name} {phone}", "", key=key, now=now)
    if len(said.found) == 1:
        return replace(said, patient=said.found[0])
    at_number = patients_of(request).filter(pk__in=Patient.objects.reached_at(phone))
    return replace(said, found=said.found or tuple(at_number[:MOST_FOUND]), patient=None)
