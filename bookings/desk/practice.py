"""The pages of practitioners, services, rooms, and how the clinic takes bookings."""

from django import forms
from django.contrib import admin, messages
from django.contrib.postgres.fields import ArrayField
from django.db.models import ManyToManyField, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from unfold.contrib.forms.widgets import ArrayWidget
from unfold.decorators import action, display
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget

from bookings.desk import columns, concerns
from bookings.models import (
    BookingPolicy,
    Practitioner,
    PractitionerAccount,
    Room,
    Schedule,
    ServiceType,
)
from tenants.editing import ModelAdmin, SingleRowAdmin, TabularInline
from tenants.sites import front_desk

WRITTEN_AS_A_LIST: dict[type, dict[str, type[forms.Widget]]] = {ArrayField: {"widget": ArrayWidget}}


class ScheduleInline(TabularInline):
    model = Schedule
    extra = 0


class AccountInline(TabularInline):
    """Whose accounts see this diary. Only who manages accounts sees them."""

    model = PractitionerAccount
    extra = 0
    verbose_name_plural = "accounts"


@admin.register(Practitioner, site=front_desk)
class PractitionerAdmin(ModelAdmin):
    menu_group = "Practice"
    columns = columns.PRACTITIONER
    instead_of_deleting = "Please switch “Taking appointments” off instead."
    list_display = ["name", "offers", "is_active"]
    list_filter = ["is_active", "services"]
    search_fields = ["name", "aliases"]
    formfield_overrides = {
        **WRITTEN_AS_A_LIST,
        ManyToManyField: {"widget": UnfoldAdminCheckboxSelectMultipleWidget},
    }
    inlines = [ScheduleInline, AccountInline]
    actions_detail = ["weekly_hours"]
    actions_row = ["weekly_hours"]

    class Media:
        css = {"all": ["bookings/front_desk.css"]}

    def get_queryset(self, request: HttpRequest) -> QuerySet[Practitioner]:
        return super().get_queryset(request).prefetch_related("services")

    @action(description="Weekly hours", permissions=["change"], icon="schedule")
    def weekly_hours(self, request: HttpRequest, object_id: int) -> HttpResponse:
        return redirect("admin:week", object_id)

    def response_add(
        self, request: HttpRequest, obj: Practitioner, post_url_continue: str | None = None
    ) -> HttpResponse:
        """Who has no hours yet is given some next."""
        is_next = "_save" in request.POST and not obj.schedules.exists()
        if is_next and self.has_change_permission(request, obj):
            return redirect("admin:week", obj.pk)
        return super().response_add(request, obj, post_url_continue)

    def concerns(self, obj: Practitioner) -> list[str]:
        """Saving the practitioner locks the diary, so that its schedules change under that lock."""
        return concerns.of_practitioner(obj)

    @display(description="services")
    def offers(self, practitioner: Practitioner) -> str:
        return ", ".join(service.name for service in practitioner.services.all())


@admin.register(ServiceType, site=front_desk)
class ServiceTypeAdmin(ModelAdmin):
    menu_group = "Practice"
    columns = columns.SERVICE
    instead_of_deleting = "Please switch “Offered” off instead."
    list_display = ["name", "minutes", "minutes_before", "minutes_after", "most_a_day", "is_active"]
    list_filter = ["is_active"]
    search_fields = ["name", "aliases"]
    formfield_overrides = {
        **WRITTEN_AS_A_LIST,
        ManyToManyField: {"widget": UnfoldAdminCheckboxSelectMultipleWidget},
    }

    def lock(self, obj: ServiceType) -> ServiceType | None:
        """Locks the diaries of its practitioners and rooms, so that no booking of it runs
        meanwhile."""
        Practitioner.objects.filter(services=obj).lock()
        Room.objects.filter(services=obj).lock()
        locked: ServiceType | None = super().lock(obj)
        return locked

    def concerns(self, obj: ServiceType) -> list[str]:
        return concerns.of_service(obj)

    def save_model(
        self, request: HttpRequest, obj: ServiceType, form: forms.BaseForm, change: bool
    ) -> None:
        super().save_model(request, obj, form, change)
        if obj.is_active and not obj.practitioners.exists():
            messages.warning(request, f"Nobody offers “{obj}” yet: choose it at a practitioner.")


@admin.register(Room, site=front_desk)
class RoomAdmin(ModelAdmin):
    menu_group = "Practice"
    columns = columns.ROOM
    instead_of_deleting = "Please switch “In use” off instead."
    list_display = ["name", "is_active"]
    list_filter = ["is_active"]
    search_fields = ["name"]

    def concerns(self, obj: Room) -> list[str]:
        return concerns.of_room(obj)


@admin.register(BookingPolicy, site=front_desk)
class BookingPolicyAdmin(SingleRowAdmin):
    menu_group = "Practice"
