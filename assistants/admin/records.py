"""Records: what calls leave behind. Nobody edits it."""

from django.db.models import Model
from django.http import HttpRequest

from tenants.editing import ModelAdmin


class RecordAdmin(ModelAdmin):
    """A page to look at."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False
