"""The pages of what callers may be told, and whom they are put through to."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from unfold.widgets import UnfoldAdminTextareaWidget

from assistants.models import (
    Reception,
    TransferNumber,
)
from tenants.editing import ModelAdmin, SingleRowAdmin
from tenants.sites import front_desk


@admin.register(Reception, site=front_desk)
class ReceptionAdmin(SingleRowAdmin):
    list_display = ["__str__", "address", "notes", "emergency", "closing"]

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Notes are written in lines."""
        if db_field.name == "notes":
            kwargs["widget"] = UnfoldAdminTextareaWidget
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False


@admin.register(TransferNumber, site=front_desk)
class TransferNumberAdmin(ModelAdmin):
    list_display = ["__str__", "phone"]
