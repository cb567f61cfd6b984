"""How the front desk finds a row."""

from typing import Any, TypeVar

from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest

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
        digits = "".join(ch for ch in search_term if ch.isdigit())
        written_as_a_number = not search_term.strip("+0123456789 ()-./")
        term = digits if written_as_a_number and digits else search_term
        found: tuple[QuerySet[Row], bool] = super().get_search_results(request, queryset, term)
        return found
