"""How the front desk finds a row."""

from typing import Any, TypeVar

from django.contrib import admin
from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest

from bookings import finding
from bookings.finding import Typed
from bookings.models import Patient
from tenants import organizations
from tenants.editing import ModelAdmin

Row = TypeVar("Row", bound=Model)


class ChoiceFilter(admin.SimpleListFilter):
    """`offered` are its choices: the values in the address, and what the list calls them."""

    offered: list[tuple[str, str]]

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return self.offered


class PhoneSearch(ModelAdmin):
    """A number is found however it is typed: “(415) 555-0123” is +14155550123."""

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Row], search_term: str
    ) -> tuple[QuerySet[Row], bool]:
        typed = read(search_term)
        number = "" if typed.name or typed.birthday else typed.phone or typed.digits
        found: tuple[QuerySet[Row], bool] = super().get_search_results(
            request, queryset, number or search_term
        )
        return found


class PatientSearch(PhoneSearch):
    """A row is found by its patient as well, as *Find* finds one: “obrien” is O'Brien."""

    whose = "patient"

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Row], search_term: str
    ) -> tuple[QuerySet[Row], bool]:
        found, may_repeat = super().get_search_results(request, queryset, search_term)
        if not search_term.strip():
            return found, may_repeat
        theirs = finding.matching(read(search_term), Patient.objects.all())
        either = Q(pk__in=found.values("pk")) | Q(**{f"{self.whose}__in": theirs.values("pk")})
        return queryset.filter(either), False


def read(words: str) -> Typed:
    clinic = organizations.current()
    return finding.read(words, region=clinic.phone_region, today=clinic.now().date())
