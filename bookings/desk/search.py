"""How the front desk finds a row."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest


class PhoneSearch:
    """A number is found however it is typed: “(415) 555-0123” is +14155550123."""

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        digits = "".join(ch for ch in search_term if ch.isdigit())
        written_as_a_number = not search_term.strip("+0123456789 ()-./")
        return super().get_search_results(  # type: ignore[misc,no-any-return]
            request, queryset, digits if written_as_a_number and digits else search_term
        )
