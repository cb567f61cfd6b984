"""Trust: what staff accept, check and merge is what the page showed them of the records.

A caller may correct a record while staff look at it: a number that was not shown must not open
anybody's visits, nor a birthday that was not shown prove who somebody is.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, TypeVar

from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.http import HttpRequest
from django.template.response import TemplateResponse

from bookings.appointments import writes_diary
from bookings.models import Patient
from tenants.editing import ModelAdmin, PageVersion

Outcome = TypeVar("Outcome")


@dataclass(frozen=True, slots=True)
class ChangedSince:
    """A record is otherwise than it was shown: `told` says how, for staff. Nothing was done."""

    told: str


@writes_diary
def as_shown(
    page: PageVersion, rows: Iterable[Patient], verb: Callable[[], Outcome]
) -> Outcome | ChangedSince:
    """Do `verb` where the records are still what the page showed; they are held meanwhile."""
    held = Patient.objects.filter(pk__in=[row.pk for row in rows]).hold()
    told = page.changed(held)
    return ChangedSince(told) if told else verb()


def ask(
    admin: ModelAdmin, request: HttpRequest, rows: Iterable[Patient], action: str, question: str
) -> TemplateResponse:
    """The page that asks once, and carries what it shows."""
    patients = list(rows)
    context: dict[str, Any] = {
        **admin.admin_site.each_context(request),
        "title": question,
        "question": question,
        "patients": patients,
        "action": action,
        "version": PageVersion(admin, request).now_of(patients),
        "action_checkbox_name": ACTION_CHECKBOX_NAME,
    }
    return TemplateResponse(request, "bookings/trust.html", context)
