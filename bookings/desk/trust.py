"""Trust: what staff accept, check and merge is what the page showed them of the records.

A caller may correct a record while staff look at it: a number that was not shown must not open
anybody's visits, nor a birthday that was not shown prove who somebody is.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeVar

from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.http import HttpRequest
from django.template.response import TemplateResponse

from bookings.appointments import writes_diary
from bookings.models import Patient
from tenants.editing import ModelAdmin
from tenants.sites import front_desk
from tenants.versions import PageVersion

Outcome = TypeVar("Outcome")


@dataclass(frozen=True, slots=True)
class ChangedSince:
    """A record has changed since it was shown. `sentence` says how, for staff. Nothing was done."""

    sentence: str


@writes_diary
def as_shown(
    page: PageVersion, rows: Iterable[Patient], verb: Callable[[], Outcome]
) -> Outcome | ChangedSince:
    """Locks the records, and runs `verb` if they are still as the page showed them."""
    locked = Patient.objects.filter(pk__in=[row.pk for row in rows]).lock()
    sentence = page.changed(locked)
    return ChangedSince(sentence) if sentence else verb()


def ask(
    admin: ModelAdmin, request: HttpRequest, rows: Iterable[Patient], action: str, question: str
) -> TemplateResponse:
    """A page that asks for confirmation, and sends back what it showed."""
    patients = list(rows)
    context = {
        "title": question,
        "question": question,
        "patients": patients,
        "action": action,
        "version": PageVersion(admin, request).now_of(patients),
        "action_checkbox_name": ACTION_CHECKBOX_NAME,
    }
    return front_desk.render(request, "bookings/trust.html", context)
