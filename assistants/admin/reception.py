"""The pages of what callers may be told, and whom they are put through to."""

from typing import ClassVar

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from unfold.widgets import UnfoldAdminTextareaWidget

from assistants.models import Reception, TransferNumber
from bookings.desk.columns import phone
from tenants.editing import ModelAdmin, SingleRowAdmin
from tenants.exporting import Column
from tenants.sites import front_desk


class ReceptionForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        widgets: ClassVar = {"notes": UnfoldAdminTextareaWidget}  # they are written in lines


@admin.register(Reception, site=front_desk)
class ReceptionAdmin(SingleRowAdmin):
    form = ReceptionForm

    def has_delete_permission(self, request: HttpRequest, obj: Reception | None = None) -> bool:
        return False


@admin.register(TransferNumber, site=front_desk)
class TransferNumberAdmin(ModelAdmin):
    columns = (Column("reason"), Column("phone", write=phone))
    list_display = ["__str__", "phone"]
