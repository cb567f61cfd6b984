"""Finding: a patient by name, number or birthday, and a visit by its reference, from any page.

Words are sent in the body of a request and never in an address, and nothing is kept of them. The
theme's own search is off: it keeps results by the user's key, which other orgs have as well.
"""

import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date, datetime
from itertools import permutations

from django.db.models import F, Func, OuterRef, Q, QuerySet, Subquery, Value
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils import timezone

from bookings import references
from bookings.desk import answers
from bookings.models import Appointment, Patient, name_key
from tenants import organizations
from tenants.sites import front_desk

SEES_VISITS, SEES_PATIENTS = "bookings.view_appointment", "bookings.view_patient"
MOST = 8
# Of those that match, so many are looked at for the best.
MOST_READ = 50
LONGEST = 100
FEWEST_DIGITS = 3
# Left out of names: “O'Brien” is obrien. And letters that are no others with an accent.
MARKS = "'\u2019\u2018`\u00b4.-"
LETTERS, PLAIN = "\u00f8\u0142\u0111\u0131\u00f0", "oldid"
NUMBER = re.compile(r"[+0-9 ()\-./]+")
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


@dataclass(frozen=True, slots=True)
class Found:
    """A result: where it leads, and two lines that say what it is."""

    title: str
    more: str
    link: str


@front_desk.page("find/", name="find", permission=SEES_VISITS)
def find(request: HttpRequest) -> HttpResponse:
    """What matches the words that are posted, for a script."""
    if request.method != "POST":
        return answers.bad_input("What is looked for is posted.")
    words = request.POST.get("words", "").replace("\0", "")[:LONGEST].strip()
    now = organizations.current().now()
    found = [
        *visits(words),
        *(patients(words, now) if request.user.has_perm(SEES_PATIENTS) else []),
    ]
    return JsonResponse({"found": [asdict(one) for one in found]})


def visits(words: str) -> Iterator[Found]:
    """The visit with this reference, however it is spaced: “k4 q7x”."""
    reference = re.sub(r"[\s-]", "", words).upper()
    if len(reference) != references.LENGTH:
        return
    rows = Appointment.objects.filter(reference=reference)
    for row in rows.select_related("patient", "service", "practitioner"):
        when = f"{timezone.localtime(row.start):%a %d %b %Y %H:%M}"
        yield Found(
            f"{row.reference}, {row.patient.name}",
            f"{row.service}, {when} with {row.practitioner}: {row.get_status_display().lower()}",
            reverse("admin:bookings_appointment_change", args=[row.pk]),
        )


def patients(words: str, now: datetime) -> Iterator[Found]:
    """The best first: names of which a word begins with what was typed, then by name."""
    wanted = matching(words)
    if wanted is None:
        return
    coming = Appointment.objects.occupying().filter(patient=OuterRef("pk"), end__gt=now)
    rows = named(Patient.objects.all()).filter(wanted)
    rows = rows.annotate(next_visit=Subquery(coming.order_by("start").values("start")[:1]))
    best = sorted(rows.order_by("name", "pk")[:MOST_READ], key=lambda row: rank(row, words))
    for row in best[:MOST]:
        link = reverse("admin:bookings_patient_change", args=[row.pk])
        yield Found(row.name, described(row, row.next_visit), link)


def named(rows: QuerySet[Patient]) -> QuerySet[Patient]:
    """With `folded`, the name as it is compared: see `folded`."""
    plain = Func(F("name_key"), Value(LETTERS + MARKS), Value(PLAIN), function="TRANSLATE")
    return rows.annotate(folded=plain)


def folded(name: str) -> str:
    """A name without case, accents, apostrophes, hyphens and full stops."""
    return name_key(name).translate(str.maketrans(LETTERS, PLAIN, MARKS))


def matching(words: str) -> Q | None:
    """The patients meant by these words; None if there are too few to tell."""
    if days := set(days_in(words)):
        return Q(date_of_birth__in=days)
    digits = "".join(ch for ch in words if ch.isdecimal()).lstrip("0")
    if NUMBER.fullmatch(words):
        if len(digits) < FEWEST_DIGITS:
            return None
        return Q(phone__contains=digits) | Q(other_phones__icontains=digits)
    parts = parts_of(words)
    wanted = Q()
    for part in parts:
        wanted &= Q(folded__contains=part) | Q(other_names__icontains=part)
    return wanted if parts else None


def parts_of(words: str) -> list[str]:
    """What has to be in the name. What was typed with a hyphen may be written without."""
    return folded(words.replace("-", " ")).split()


def rank(row: Patient, words: str) -> tuple[int, str]:
    name = folded(row.name).split()
    begins = all(any(one.startswith(part) for one in name) for part in parts_of(words))
    return (0 if begins else 1), row.name


def described(row: Patient, next_visit: datetime | None) -> str:
    born = f"born {row.date_of_birth.day} {row.date_of_birth:%b %Y}" if row.date_of_birth else ""
    visit = f"next visit {timezone.localtime(next_visit):%a %d %b %H:%M}" if next_visit else ""
    trust = "" if row.is_verified else "unverified"
    return " · ".join(filter(None, [born, row.phone, trust, visit]))


def days_in(words: str) -> Iterator[date]:
    """The days that are meant by “17.4.1988”, “4/17/1988”, “1988-04-17” or “17 Apr 1988”: a year of
    four digits, and any order that is a day."""
    parts = re.split(r"[\s./,-]+", words.strip().casefold())
    if len(parts) != 3:
        return
    for year, month, day in permutations(parts):
        is_a_year = len(year) == 4 and year.isdecimal()
        if is_a_year and day.isdecimal() and (number := month_in(month)):
            try:
                yield date(int(year), number, int(day))
            except ValueError:
                continue


def month_in(text: str) -> int | None:
    if text.isdecimal():
        return int(text)
    return MONTHS.index(text[:3]) + 1 if text[:3] in MONTHS else None
