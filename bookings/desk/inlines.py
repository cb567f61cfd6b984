"""Rows shown on the page of another."""

from django.db.models import Model
from django.http import HttpRequest

from tenants.editing import TabularInline


class ReadOnlyInline(TabularInline):
    """Rows to look at."""

    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False
