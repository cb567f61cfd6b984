"""The pages of callbacks and of the waitlist."""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.views.main import ChangeList
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from unfold.decorators import display
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget, UnfoldAdminTextInputWidget

from bookings import phones
from bookings.availability.slots import Slot
from bookings.desk import columns, own_diary
from bookings.desk.refusals import BY_TELEPHONE
from bookings.desk.search import PatientSearch, PhoneSearch
from bookings.models import Callback, DayPart, Schedule, WaitlistEntry
from tenants import organizations
from tenants.editing import ModelAdmin
from tenants.moments import moment_in_words
from tenants.sites import front_desk


class WaitingAdmin(ModelAdmin):
    """What a booking makes done. Done by hand, it is of no visit."""

    menu_group = "Patients and visits"
    actions = ["mark_done"]

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        """A new one has nothing yet of what only a caller or time adds."""
        found = super().get_fields(request, obj)
        return [name for name in found if obj or name not in self.readonly_fields]

    def made_by(self, obj: Any) -> str:
        return BY_TELEPHONE if obj.conversation else ""

    def save_model(
        self, request: HttpRequest, obj: Any, form: forms.BaseForm, change: bool
    ) -> None:
        if "status" in form.changed_data:
            self.set_status(request, obj, obj.status)
        super().save_model(request, obj, form, change)

    def set_status(self, request: HttpRequest, row: Any, status: str) -> None:
        row.status, row.appointment = status, None

    @admin.action(description="Mark as done", permissions=["change"])
    @transaction.atomic
    def mark_done(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        """The history of each row that was not done yet keeps who did it and when."""
        rows = queryset.exclude(status="done").order_by("pk").select_for_update(of=("self",))
        for row in rows:
            self.set_status(request, row, "done")
            row.save()
            self.log_change(request, row, "Marked as done.")
        messages.success(request, f"{len(rows)} done.")


class CallbackForm(forms.ModelForm):  # type: ignore[type-arg]
    """Takes a number as people write it in the clinic's country."""

    phone = forms.CharField(max_length=40, widget=UnfoldAdminTextInputWidget)

    def clean_phone(self) -> str:
        text: str = self.cleaned_data["phone"]
        if phones.is_e164(text):
            return text
        return phones.canonical(text, organizations.current().phone_region)


@admin.register(Callback, site=front_desk)
class CallbackAdmin(PhoneSearch, WaitingAdmin):
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
    readonly_fields = ["shown_proof", "owner", "done_by", "done_at"]

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
        super().save_model(request, obj, form, change)

    def set_status(self, request: HttpRequest, row: Callback, status: str) -> None:
        if status == Callback.Status.DONE:
            row.finish(by=request.user.get_username(), now=organizations.current().now())
        else:
            row.reopen()


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
class WaitlistEntryAdmin(PatientSearch, WaitingAdmin):
    """Who waits, in order, and what has become free for them."""

    columns = columns.WAITLIST
    form = WaitlistEntryForm
    list_display = ["created", "patient", "service", "practitioner", "wants", "free_now", "status"]
    list_filter = ["status", "service", "practitioner"]
    list_select_related = ["patient", "service", "practitioner"]
    search_fields = ["patient__name", "patient__phone", "patient__other_phones"]
    autocomplete_fields = ["patient"]
    readonly_fields = ["contact_phone"]

    def get_changelist_instance(self, request: HttpRequest) -> ChangeList:
        """What has become free is looked up once for the page."""
        page: ChangeList = super().get_changelist_instance(request)
        freed = own_diary.given_back(request.user, now=organizations.current().now())
        for entry in page.result_list:
            entry.freed = freed.get(entry.pk)
        return page

    @display(description="wants")
    def wants(self, entry: WaitlistEntry) -> str:
        return entry.wants

    @display(description="has become free")
    def free_now(self, entry: WaitlistEntry) -> str:
        freed: Slot | None = getattr(entry, "freed", None)
        return moment_in_words(freed.start) if freed else ""
