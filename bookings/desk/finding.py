"""Finding: a patient by name, number or birthday, and a visit by its reference, from any page.

Words are sent in the body of a request and never in an address, and nothing is kept of them. The
theme's own search is off: it keeps results by the user's key, which other orgs have as well.
"""

import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime

from django.db.models import OuterRef, Subquery
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse

from bookings import finding, references
from bookings.desk import answers
from bookings.models import Appointment, Patient, in_figures
from tenants import organizations, sight
from tenants.moments import moment_in_words
from tenants.roles import Account
from tenants.sites import front_desk

SEES_VISITS, SEES_PATIENTS = "bookings.view_appointment", "bookings.view_patient"
MOST = 8
LONGEST = 100


@dataclass(frozen=True, slots=True)
class Found:
    """A result: where it leads, and two lines that say what it is."""

    title: str
    more: str
    link: str


@front_desk.page("find/", name="find", permission=SEES_VISITS, by_sight=True, only_reads=True)
def find(request: HttpRequest) -> HttpResponse:
    """What matches the words that are posted, for a script."""
    if request.method != "POST":
        return answers.bad_input("What is looked for is posted.")
    words = request.POST.get("words", "").replace("\0", "")[:LONGEST].strip()
    now = organizations.current().now()
    found = [
        *visits(words, request.user),
        *(patients(words, request.user, now) if request.user.has_perm(SEES_PATIENTS) else []),
    ]
    return JsonResponse({"found": [asdict(one) for one in found]})


def visits(words: str, user: Account) -> Iterator[Found]:
    """The visit with this reference, however it is spaced: “k4 q7x”."""
    reference = re.sub(r"[\s-]", "", words).upper()
    if len(reference) != references.LENGTH:
        return
    rows = sight.visible(Appointment.objects.filter(reference=reference), user)
    for row in rows.select_related("patient", "service", "practitioner"):
        when = moment_in_words(row.start)
        yield Found(
            f"{row.reference}, {row.patient.name}",
            f"{row.service}, {when} with {row.practitioner}: {row.get_status_display().lower()}",
            reverse("admin:bookings_appointment_change", args=[row.pk]),
        )


def patients(words: str, user: Account, now: datetime) -> Iterator[Found]:
    """The patients whom all that was typed fits, each with the next visit."""
    typed = finding.read(words, region=organizations.current().phone_region, today=now.date())
    ahead = Appointment.objects.occupying().filter(patient=OuterRef("pk"), end__gt=now)
    coming = sight.visible(ahead, user)
    rows = finding.matching(typed, sight.visible(Patient.objects.all(), user)).annotate(
        next_visit=Subquery(coming.order_by("start").values("start")[:1])
    )
    for row in rows[:MOST]:
        link = reverse("admin:bookings_patient_change", args=[row.pk])
        yield Found(row.name, described(row, row.next_visit), link)


def described(row: Patient, next_visit: datetime | None) -> str:
    born = f"born {in_figures(row.date_of_birth)}" if row.date_of_birth else ""
    visit = f"next visit {moment_in_words(next_visit, with_year=False)}" if next_visit else ""
    trust = "" if row.is_verified else "unverified"
    return " · ".join(filter(None, [born, row.phone, trust, visit]))
