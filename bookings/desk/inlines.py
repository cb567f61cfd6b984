"""Rows shown on the page of another."""

from typing import Any

from django.http import HttpRequest

from tenants.editing import TabularInline


class ReadOnlyInline(TabularInline):
    """Rows to look at."""

    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
