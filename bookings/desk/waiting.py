"""The pages of callbacks and of the waitlist."""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.views.main import ChangeList
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from unfold.decorators import display
from unfold.widgets import (
    UnfoldAdminCheckboxSelectMultipleWidget,
    UnfoldAdminTextInputWidget,
)

from bookings import phones
from bookings.availability.slots import Slot
from bookings.desk import columns, own_diary
from bookings.desk.refusals import BY_TELEPHONE
from bookings.desk.search import PatientSearch, PhoneSearch
from bookings.models import (
    Callback,
    DayPart,
    Schedule,
    WaitlistEntry,
)
from tenants import organizations
from tenants.editing import ModelAdmin
from tenants.sites import front_desk


@transaction.atomic
def mark_as_done(
    page: ModelAdmin, request: HttpRequest, rows: QuerySet[Any], status: Callback.Status | Any
) -> None:
    """Mark rows as done. The history of each row that was not done yet keeps who did it and
    when."""
    locked = list(rows.exclude(status=status).order_by("pk").select_for_update(of=("self",)))
    for row in locked:
        row.status, row.appointment = status, None
        if isinstance(row, Callback):
            row.done_by, row.done_at = request.user.get_username(), organizations.current().now()
        row.save()
        page.log_change(request, row, "Marked as done.")
    messages.success(request, f"{len(locked)} done.")


def left_by(row: Callback | WaitlistEntry) -> str:
    return BY_TELEPHONE if row.conversation else ""


class CallbackForm(forms.ModelForm):  # type: ignore[type-arg]
    """Takes a number as people write it in the clinic's country."""

    phone = forms.CharField(max_length=40, widget=UnfoldAdminTextInputWidget)

    def clean_phone(self) -> str:
        text: str = self.cleaned_data["phone"]
        if phones.is_e164(text):
            return text
        return phones.canonical(text, organizations.current().phone_region)


@admin.register(Callback, site=front_desk)
class CallbackAdmin(PhoneSearch, ModelAdmin):
    menu_group = "Patients and visits"
    form = CallbackForm
    columns = columns.CALLBACK
    list_display = [
        "created",
        "name",
        "phone",
        "shown_proof",
        "reason",
        "best_time",
        "status",
        "owner",
        "note",
    ]
    list_filter = ["status"]
    search_fields = ["name", "phone", "reason"]
    date_hierarchy = "created"
    actions = ["mark_done"]
    readonly_fields = ["shown_proof", "owner", "done_by", "done_at"]

    def get_fields(self, request: HttpRequest, obj: Callback | None = None) -> list[Any]:
        """A new one has no history yet."""
        found = super().get_fields(request, obj)
        return [name for name in found if obj or name not in self.readonly_fields]

    def made_by(self, obj: Callback) -> str:
        return left_by(obj)

    @display(
        description="number",
        label={"The one that called": "success", "Said, not proven": "warning"},
    )
    def shown_proof(self, callback: Callback) -> str:
        if callback.phone_is_proven is None:
            return ""
        return "The one that called" if callback.phone_is_proven else "Said, not proven"

    def save_model(
        self, request: HttpRequest, obj: Callback, form: forms.BaseForm, change: bool
    ) -> None:
        if "phone" in form.changed_data:
            obj.phone_is_proven = None
        if "status" in form.changed_data:
            obj.appointment = None
        super().save_model(request, obj, form, change)

    @admin.action(description="Mark as done", permissions=["change"])
    def mark_done(self, request: HttpRequest, queryset: QuerySet[Callback]) -> None:
        mark_as_done(self, request, queryset, Callback.Status.DONE)


class WaitlistEntryForm(forms.ModelForm):  # type: ignore[type-arg]
    """Days, and parts of a day, are ticked."""

    weekdays = forms.TypedMultipleChoiceField(
        coerce=int,
        choices=Schedule.Weekday.choices,
        required=False,
        widget=UnfoldAdminCheckboxSelectMultipleWidget,
        help_text="None: any day.",
    )
    parts = forms.MultipleChoiceField(
        choices=DayPart.choices,
        required=False,
        widget=UnfoldAdminCheckboxSelectMultipleWidget,
        help_text="None: any part of the day.",
    )

    class Meta:
        model = WaitlistEntry
        fields = [
            "patient",
            "service",
            "practitioner",
            "weekdays",
            "parts",
            "first_day",
            "last_day",
            "only_days",
            "excluded_days",
            "starts_from",
            "starts_before",
            "status",
        ]
        help_texts: ClassVar[dict[str, Any]] = {
            "only_days": "These days and no others, such as 2026-12-31, with commas between them.",
            "excluded_days": "Days that do not suit, such as 2026-12-31, with commas between them.",
        }


@admin.register(WaitlistEntry, site=front_desk)
class WaitlistEntryAdmin(PatientSearch, ModelAdmin):
    """Who waits, in order, and what has become free for them."""

    menu_group = "Patients and visits"
    columns = columns.WAITLIST
    form = WaitlistEntryForm
    list_display = ["created", "patient", "service", "practitioner", "wants", "free_now", "status"]
    list_filter = ["status", "service", "practitioner"]
    list_select_related = ["patient", "service", "practitioner"]
    search_fields = ["patient__name", "patient__phone", "patient__other_phones"]
    autocomplete_fields = ["patient"]
    readonly_fields = ["contact_phone"]
    actions = ["mark_done"]

    def get_fields(self, request: HttpRequest, obj: WaitlistEntry | None = None) -> list[Any]:
        """Only a caller gives another number."""
        found = super().get_fields(request, obj)
        return [name for name in found if obj or name not in self.readonly_fields]

    def made_by(self, obj: WaitlistEntry) -> str:
        return left_by(obj)

    def get_changelist_instance(self, request: HttpRequest) -> ChangeList:
        """What has become free is looked up once for the page."""
        page: ChangeList = super().get_changelist_instance(request)
        freed = own_diary.given_back(request.user, now=organizations.current().now())
        for entry in page.result_list:
            entry.freed = freed.get(entry.pk)
        return page

    def save_model(
        self, request: HttpRequest, obj: WaitlistEntry, form: forms.BaseForm, change: bool
    ) -> None:
        if "status" in form.changed_data:
            obj.appointment = None
        super().save_model(request, obj, form, change)

    @display(description="wants")
    def wants(self, entry: WaitlistEntry) -> str:
        return entry.wants

    @display(description="has become free")
    def free_now(self, entry: WaitlistEntry) -> str:
        freed: Slot | None = getattr(entry, "freed", None)
        return f"{timezone.localtime(freed.start):%a %d %b %Y %H:%M}" if freed else ""

    @admin.action(description="Mark as done", permissions=["change"])
    def mark_done(self, request: HttpRequest, queryset: QuerySet[WaitlistEntry]) -> None:
        mark_as_done(self, request, queryset, WaitlistEntry.Status.DONE)
