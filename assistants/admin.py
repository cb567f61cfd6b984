"""The front desk's view of the conversation: the assistant, and what it was answered."""

from django.contrib import admin
from django.http import HttpRequest
from unfold.admin import ModelAdmin

from assistants.models import Assistant, Reception, ToolCall, TransferNumber
from tenants.sites import front_desk


@admin.register(Assistant, site=front_desk)
class AssistantAdmin(ModelAdmin):
    list_display = ["name", "first_message"]
    search_fields = ["name"]


@admin.register(ToolCall, site=front_desk)
class ToolCallAdmin(ModelAdmin):
    """What was asked and what was answered. Nobody edits a record."""

    list_display = ["received", "tool", "outcome", "sentence", "settled", "conversation"]
    list_filter = ["tool", "outcome", "settled"]
    date_hierarchy = "received"
    search_fields = ["conversation", "sentence"]
    exclude = ["key"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False


@admin.register(Reception, site=front_desk)
class ReceptionAdmin(ModelAdmin):
    list_display = ["__str__", "address", "notes"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return not Reception.objects.exists()

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False


@admin.register(TransferNumber, site=front_desk)
class TransferNumberAdmin(ModelAdmin):
    list_display = ["__str__", "phone"]
