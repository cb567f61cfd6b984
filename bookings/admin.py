"""The front desk: the diary and what fills it. Booking, moving and cancelling are domain verbs."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from functools import partial
from operator import attrgetter
from typing import Any, ClassVar
from uuid import UUID

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.forms import SimpleArrayField
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import ManyToManyField, QuerySet, Value
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from unfold.contrib.forms.widgets import ArrayWidget
from unfold.decorators import display
from unfold.widgets import (
    UnfoldAdminCheckboxSelectMultipleWidget,
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminSplitDateTimeWidget,
    UnfoldAdminTextInputWidget,
    UnfoldBooleanSwitchWidget,
)

from bookings import appointments, erasure, patients, phones, strays, waitlist
from bookings.desk import concerns, erasing, histories, trust
from bookings.desk.actions import OVERRIDE, AskedActions, tell_who_waits, undo_link, undo_page
from bookings.desk.refusals import BY_TELEPHONE, refusal, who
from bookings.desk.trust import ChangedSince
from bookings.models import (
    Appointment,
    AppointmentChange,
    BookingPolicy,
    Callback,
    Closure,
    Opening,
    Patient,
    Practitioner,
    Room,
    Schedule,
    ServiceType,
    WaitlistEntry,
    name_key,
)
from bookings.outcomes import (
    Accepted,
    Booked,
    Busy,
    Erased,
    KnownAlready,
    MergeClash,
    Merged,
    MergeOutcome,
    Rescheduled,
    RescheduleOutcome,
    StillComing,
)
from bookings.overrides import NONE, Overrides
from bookings.slots import Slot, instant
from tenants import organizations
from tenants.editing import LastChange, ModelAdmin, PageVersion, SingleRowAdmin, TabularInline
from tenants.history import Event
from tenants.sites import front_desk

WRITTEN_AS_A_LIST: dict[Any, Any] = {ArrayField: {"widget": ArrayWidget}}


class ScheduleInline(TabularInline):
    model = Schedule
    extra = 0


@admin.register(Practitioner, site=front_desk)
class PractitionerAdmin(ModelAdmin):
    instead_of_deleting = "Please switch “Taking appointments” off instead."
    list_display = ["name", "offers", "is_active"]
    list_filter = ["is_active", "services"]
    search_fields = ["name", "aliases"]
    formfield_overrides = {
        **WRITTEN_AS_A_LIST,
        ManyToManyField: {"widget": UnfoldAdminCheckboxSelectMultipleWidget},
    }
    inlines = [ScheduleInline]

    class Media:
        css = {"all": ["bookings/front_desk.css"]}

    def get_queryset(self, request: HttpRequest) -> QuerySet[Practitioner]:
        return super().get_queryset(request).prefetch_related("services")  # type: ignore[no-any-return]

    def concerns(self, obj: Practitioner) -> list[str]:
        """Saving the practitioner holds the diary, so that the schedules are changed behind it."""
        return concerns.of_practitioner(obj)

    @display(description="services")
    def offers(self, practitioner: Practitioner) -> str:
        return ", ".join(service.name for service in practitioner.services.all())


@admin.register(ServiceType, site=front_desk)
class ServiceTypeAdmin(ModelAdmin):
    instead_of_deleting = "Please switch “Offered” off instead."
    list_display = ["name", "minutes", "minutes_before", "minutes_after", "most_a_day", "is_active"]
    list_filter = ["is_active"]
    search_fields = ["name", "aliases"]
    formfield_overrides = {
        **WRITTEN_AS_A_LIST,
        ManyToManyField: {"widget": UnfoldAdminCheckboxSelectMultipleWidget},
    }

    def hold(self, obj: ServiceType) -> ServiceType | None:
        """Behind the diaries of who offers it, and of its rooms, where bookings of it queue."""
        Practitioner.objects.filter(services=obj).hold()
        Room.objects.filter(services=obj).hold()
        held: ServiceType | None = super().hold(obj)
        return held

    def concerns(self, obj: ServiceType) -> list[str]:
        return concerns.of_service(obj)

    def save_model(self, request: HttpRequest, obj: ServiceType, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if obj.is_active and not obj.practitioners.exists():
            messages.warning(request, f"Nobody offers “{obj}” yet: choose it at a practitioner.")


@admin.register(Room, site=front_desk)
class RoomAdmin(ModelAdmin):
    instead_of_deleting = "Please switch “In use” off instead."
    list_display = ["name", "is_active"]
    list_filter = ["is_active"]
    search_fields = ["name"]

    def concerns(self, obj: Room) -> list[str]:
        return concerns.of_room(obj)


@admin.register(BookingPolicy, site=front_desk)
class BookingPolicyAdmin(SingleRowAdmin):
    list_display = ["__str__", "step_minutes", "notice_minutes", "notice_days", "horizon_days"]


@admin.register(Closure, site=front_desk)
class ClosureAdmin(ModelAdmin):
    list_display = ["__str__", "whom", "start", "end", "is_yearly"]
    list_filter = ["is_yearly", "practitioner", "room"]
    date_hierarchy = "start"
    list_select_related = ["practitioner", "room"]

    @display(description="closed")
    def whom(self, closure: Closure) -> str:
        return str(closure.practitioner or closure.room or "the whole clinic")

    def concerns(self, obj: Closure) -> list[str]:
        return concerns.of_closure(obj)


@admin.register(Opening, site=front_desk)
class OpeningAdmin(ModelAdmin):
    list_display = ["__str__", "practitioner", "start", "end"]
    list_filter = ["practitioner"]
    date_hierarchy = "start"
    list_select_related = ["practitioner"]

    def concerns(self, obj: Opening) -> list[str]:
        return concerns.of_opening(obj)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """The page that asks names every visit that would be outside the hours."""
        found, counted, lacking, protected = super().get_deleted_objects(objs, request)
        return [*found, *left_without(objs)], counted, lacking, protected


def left_without(openings: Iterable[Opening]) -> list[str]:
    """What lies outside the hours without these openings. Tried, and undone."""
    rows = list(openings)
    people = {row.practitioner for row in rows}
    before = concerns.outside(people)
    with transaction.atomic():
        Opening.objects.filter(pk__in=[row.pk for row in rows]).delete()
        after = concerns.outside(people)
        transaction.set_rollback(True)
    return [line for line in after if line not in before]


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


class PatientForm(forms.ModelForm):  # type: ignore[type-arg]
    """Takes a number as people write it in the clinic's country."""

    phone = forms.CharField(max_length=40, required=False, widget=UnfoldAdminTextInputWidget)
    other_phones = SimpleArrayField(
        forms.CharField(max_length=40),
        required=False,
        widget=ArrayWidget,
        help_text="Who calls from one of them hears of the patient's appointments, too.",
    )

    class Meta:
        model = Patient
        fields = ["name", "phone", "other_phones", "date_of_birth", "email"]

    def clean_phone(self) -> str:
        text = self.cleaned_data["phone"]
        return phones.canonical(text, organizations.current().phone_region) if text else ""

    def clean_other_phones(self) -> list[str]:
        region = organizations.current().phone_region
        return [phones.canonical(text, region) for text in self.cleaned_data["other_phones"]]

    def clean(self) -> dict[str, Any]:
        super().clean()
        said = self.cleaned_data
        known = Patient.objects.filter(
            name_key=name_key(said.get("name", "")),
            phone=said.get("phone", ""),
            date_of_birth=said.get("date_of_birth"),
            claimed_by=self.instance.claimed_by,
        ).exclude(pk=self.instance.pk)
        if said.get("phone") and known.exists():
            raise ValidationError("A patient of this name, number and date of birth is known.")
        return said


class ReadOnlyInline(TabularInline):
    """Rows to look at."""

    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class PatientAppointments(ReadOnlyInline):
    """What a patient has had and will have."""

    model = Appointment
    fields = ["start", "service", "practitioner", "status", "reference"]
    readonly_fields = fields
    show_change_link = True


class TrustFilter(admin.SimpleListFilter):
    """What staff may want to look at."""

    title = "to look at"
    parameter_name = "trust"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("unverified", "Unverified"), ("same", "May be the same person")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Patient]) -> QuerySet[Patient]:
        match self.value():
            case "unverified":
                return queryset.exclude(claimed_by="")
            case "same":
                return queryset.exclude(may_be=None)
            case _:
                return queryset


@admin.register(Patient, site=front_desk)
class PatientAdmin(PhoneSearch, ModelAdmin):
    form = PatientForm
    instead_of_deleting = "Please erase the patient instead, by the action of the list."
    list_display = [
        "name",
        "shown_trust",
        "phone",
        "date_of_birth",
        "email",
        "same_person",
        "created",
    ]
    list_filter = [TrustFilter]
    list_select_related = ["may_be"]
    search_fields = ["name", "phone", "other_phones", "other_names", "email"]
    inlines = [PatientAppointments]
    actions = ["accept", "merge", "check_birthday", "erase"]
    readonly_fields = ["shown_trust", "given_by", "shown_birthday", "same_people", "shown_names"]
    # What follows from the rest, or is not who somebody is.
    unversioned = ("name_key", "given", "given_in", "may_be")

    def get_fieldsets(self, request: HttpRequest, obj: Patient | None = None) -> Any:
        known = [] if obj is None else self.readonly_fields
        return [(None, {"fields": [*PatientForm.Meta.fields, *known]})]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Patient]:
        """With whether who looks at them may merge them."""
        may_merge = Value(self.has_change_permission(request))
        return super().get_queryset(request).annotate(may_merge=may_merge)  # type: ignore[no-any-return]

    def get_urls(self) -> list[Any]:
        page = self.admin_site.admin_view(self.merge_page)
        own = path("<uuid:one>/merge/<uuid:other>/", page, name="bookings_patient_merge")
        return [own, *super().get_urls()]

    def save_model(self, request: HttpRequest, obj: Patient, form: Any, change: bool) -> None:
        """What staff wrote is not for a call to correct that may still be going on."""
        obj.given_in, obj.given = "", []
        if "date_of_birth" in form.changed_data:
            obj.birthday_proves = True
        super().save_model(request, obj, form, change)

    @display(description="record", label={"Verified": "success", "Unverified": "warning"})
    def shown_trust(self, patient: Patient) -> str:
        return "Verified" if patient.is_verified else "Unverified"

    @display(description="details given by")
    def given_by(self, patient: Patient) -> str:
        """Who claimed an unverified patient."""
        if patient.is_verified:
            return ""
        is_a_number = phones.is_e164(patient.claimed_by)
        return f"a caller at {patient.claimed_by}" if is_a_number else "a caller without a number"

    @display(description="date of birth proves who calls")
    def shown_birthday(self, patient: Patient) -> str:
        if not patient.date_of_birth:
            return ""
        return "Yes" if patient.birthday_proves else "No: a caller said it, and nobody checked it"

    @display(description="also known as")
    def shown_names(self, patient: Patient) -> str:
        return ", ".join(patient.other_names)

    @display(description="may be the same person")
    def same_person(self, patient: Patient) -> str:
        return links_to_same(patient, [patient.may_be] if patient.may_be else [])

    @display(description="may be the same person")
    def same_people(self, patient: Patient) -> str:
        """Whom the patient may be, and who may be the patient."""
        return links_to_same(patient, patients.may_be_the_same([patient]))

    @admin.action(description="Accept as a patient of their own", permissions=["change"])
    def accept(self, request: HttpRequest, queryset: QuerySet[Patient]) -> HttpResponse | None:
        """Staff know who it is. Asked once, with what is accepted."""
        rows = queryset.order_by("created", "pk")
        if not request.POST.get("post"):
            question = "Accept these as patients of their own? Their numbers open their visits."
            return trust.ask(self, request, rows, "accept", question)
        for patient in rows:
            self.after_accept(request, self.as_shown(request, patient, patients.accept))
        return None

    def after_accept(self, request: HttpRequest, outcome: Any) -> None:
        match outcome:
            case Accepted(patient=accepted):
                self.log_change(request, accepted, "Accepted as a patient of their own.")
                told = f"{accepted.name} is verified: a call from {accepted.phone or 'nowhere'}"
                messages.success(request, f"{told} hears of their appointments.")
            case KnownAlready(patient=known):
                messages.error(request, f"{known} is verified already: merge the two.")
            case _:
                messages.error(request, not_trusted(outcome))

    @admin.action(description="Date of birth was checked", permissions=["change"])
    def check_birthday(
        self, request: HttpRequest, queryset: QuerySet[Patient]
    ) -> HttpResponse | None:
        if not request.POST.get("post"):
            question = "Did you check these dates of birth? They prove who calls from now on."
            return trust.ask(self, request, queryset, "check_birthday", question)
        outcomes = {row: self.as_shown(request, row, patients.check_birthday) for row in queryset}
        for patient, outcome in outcomes.items():
            if outcome is True:
                self.log_change(request, patient, "Date of birth checked.")
            elif outcome is not False:
                messages.error(request, not_trusted(outcome))
        checked = sum(outcome is True for outcome in outcomes.values())
        messages.success(request, f"{checked} dates of birth prove who calls from now on.")
        return None

    def as_shown(self, request: HttpRequest, row: Patient, verb: Callable[[Patient], Any]) -> Any:
        return trust.as_shown(PageVersion(self, request), [row], lambda: verb(row))

    @admin.action(description="Merge two", permissions=["change"])
    def merge(
        self, request: HttpRequest, queryset: QuerySet[Patient]
    ) -> HttpResponseRedirect | None:
        chosen = list(queryset[:3])
        if len(chosen) == 2:
            return redirect("admin:bookings_patient_merge", *(row.pk for row in chosen))
        messages.error(request, "Please choose two patients to merge.")
        return None

    def merge_page(self, request: HttpRequest, one: UUID, other: UUID) -> HttpResponse:
        """Asked once, with what moves: it is final."""
        if one == other or not self.has_change_permission(request):
            raise PermissionDenied
        pair = list(Patient.objects.filter(pk__in=[one, other]))
        if len(pair) < 2:
            messages.error(request, "One of the two is gone: merged by a colleague, or deleted.")
            return redirect("admin:bookings_patient_changelist")
        if request.method == "POST":
            outcome = self.merge_as_shown(request, pair)
            if not isinstance(outcome, ChangedSince):
                return self.after_merge(request, outcome)
            messages.error(request, f"{outcome.told} Nothing was merged: please look again.")
            pair = list(Patient.objects.filter(pk__in=[one, other]))
        return TemplateResponse(request, "bookings/merge.html", self.merge_context(request, pair))

    def merge_as_shown(self, request: HttpRequest, pair: list[Patient]) -> Any:
        """Only a number that is named in the form is kept."""
        verb = partial(
            patients.merge,
            *pair,
            with_numbers=request.POST.getlist("with_numbers"),
            birthday_is_checked="birthday_is_checked" in request.POST,
        )
        return trust.as_shown(PageVersion(self, request), pair, verb)

    def merge_context(self, request: HttpRequest, pair: list[Patient]) -> dict[str, Any]:
        kept, gone = patients.to_be_kept(*pair)
        return {
            **self.admin_site.each_context(request),
            "title": "Merge two patients",
            "kept": kept,
            "gone": gone,
            "version": PageVersion(self, request).now_of(pair),
            "is_unproven": is_unproven(kept, gone),
            "numbers": [number for number in gone.numbers if number not in kept.numbers],
            "visits": gone.appointments.order_by("start"),
            "waiting": gone.waiting.select_related("service"),
        }

    def after_merge(self, request: HttpRequest, outcome: MergeOutcome) -> HttpResponse:
        match outcome:
            case Merged(patient=patient, moved=moved):
                visits = ", ".join(row.reference for row in moved) or "none"
                self.log_change(
                    request, patient, f"Merged with another patient. Visits moved: {visits}."
                )
                messages.success(request, f"{patient} is one patient now. Visits moved: {visits}.")
                return redirect("admin:bookings_patient_change", patient.pk)
            case _:
                messages.error(request, not_merged(outcome))
                return redirect("admin:bookings_patient_changelist")

    @admin.action(description="Erase", permissions=["delete"])
    def erase(self, request: HttpRequest, queryset: QuerySet[Patient]) -> TemplateResponse | None:
        """For who asks to be forgotten. Asked once more before anything is gone."""
        now = organizations.current().now()
        if not request.POST.get("post"):
            context = {
                **self.admin_site.each_context(request),
                **erasing.asked(queryset, now=now),
                "title": "Erase patients",
                "action_checkbox_name": ACTION_CHECKBOX_NAME,
            }
            return TemplateResponse(request, "bookings/erase.html", context)
        chosen = request.POST.getlist("chosen")
        outcomes = [erasure.erase(patient, chosen=chosen, now=now) for patient in queryset]
        for outcome in outcomes:
            if isinstance(outcome, StillComing):
                messages.error(request, still_coming(outcome))
        if done := sum(isinstance(outcome, Erased) for outcome in outcomes):
            messages.success(request, f"{done} erased.")
        return None


def links_to_same(patient: Patient, others: Iterable[Patient]) -> str:
    """Two links each: to the page of the other patient, and, for who may, to merge them on."""
    link = '<a class="underline" href="{}">{}</a>'
    if getattr(patient, "may_merge", False):
        link += ' (<a class="underline" href="{}">merge</a>)'
    return format_html_join(
        "; ",
        link,
        (
            (
                reverse("admin:bookings_patient_change", args=[other.pk]),
                other,
                reverse("admin:bookings_patient_merge", args=[patient.pk, other.pk]),
            )
            for other in others
        ),
    )


def is_unproven(kept: Patient, gone: Patient) -> bool:
    """Whether the birthday of the two, merged, proves nothing unless it was checked."""
    same = kept.date_of_birth in (None, gone.date_of_birth)
    proves = gone.birthday_proves or (kept.birthday_proves and kept.date_of_birth is not None)
    return bool(gone.date_of_birth) and same and not proves


def not_trusted(outcome: Any) -> str:
    """Why a record was not accepted, nor its birthday taken for checked."""
    if isinstance(outcome, ChangedSince):
        return f"{outcome.told} Please look at it, and choose again."
    return "Someone else is writing there. Please try again."


def not_merged(outcome: MergeOutcome) -> str:
    match outcome:
        case MergeClash(appointments=rows):
            visits = "; ".join(map(str, rows))
            return f"Both have something at the same time: {visits}. Please cancel or move one."
        case Busy():
            return "Someone else is writing there. Nothing was changed. Please try again."
        case _:
            return "Neither of them is verified, or one is gone. Please accept one of them first."


def still_coming(outcome: StillComing) -> str:
    ahead = "; ".join(row.reference for row in outcome.appointments)
    return f"{outcome.patient.name} has appointments to come: {ahead}. Please cancel them first."


class AppointmentForm(forms.ModelForm):  # type: ignore[type-arg]
    """Books or moves while it is validated, so that a lost race is an error of the form."""

    by = ""  # the user name of who fills it in
    may_override = False

    minutes = forms.IntegerField(
        min_value=5,
        max_value=480,
        required=False,
        widget=UnfoldAdminIntegerFieldWidget,
        help_text="Only where it is another length than the service's.",
    )
    over_hours = forms.BooleanField(
        required=False,
        widget=UnfoldBooleanSwitchWidget,
        help_text="Outside hours and steps, in a closure, too soon, too far ahead, or past.",
    )
    over_holds = forms.BooleanField(
        required=False,
        widget=UnfoldBooleanSwitchWidget,
        help_text="A time that a caller is being offered; they will hear that it was just taken.",
    )

    class Meta:
        model = Appointment
        fields = ["patient", "service", "practitioner", "start", "notes"]
        widgets = {"start": UnfoldAdminSplitDateTimeWidget}

    def clean(self) -> dict[str, Any]:
        super().clean()
        if not self.errors:
            outcome = self.change() if self.is_a_move() else self.book()
            self.accept(outcome)
        return self.cleaned_data

    def clean_start(self) -> datetime:
        """Years the calendar itself cannot reckon with are somebody's slip."""
        start: datetime = self.cleaned_data["start"]
        if not 2000 <= start.year <= 2200:
            raise ValidationError("Please check the year.")
        return start

    def is_a_move(self) -> bool:
        return not self.instance._state.adding

    def overrides(self) -> Overrides:
        """What was chosen, by who may choose it: the switches are not shown to others."""
        said = self.cleaned_data
        if not self.may_override:
            return NONE
        return Overrides(
            hours=bool(said.get("over_hours")),
            holds=bool(said.get("over_holds")),
            begun=True,
            minutes=said.get("minutes"),
        )

    def book(self) -> RescheduleOutcome:
        said = self.cleaned_data
        return appointments.book(
            service=said["service"],
            start=said["start"],
            patient=said["patient"],
            practitioner=said["practitioner"],
            notes=said["notes"],
            source=Appointment.Source.STAFF,
            by=self.by,
            now=organizations.current().now(),
            overrides=self.overrides(),
        )

    def change(self) -> RescheduleOutcome:
        said = self.cleaned_data
        if not {"start", "practitioner", "minutes"} & set(self.changed_data):
            return Rescheduled(Appointment.objects.get(pk=self.instance.pk))
        return appointments.reschedule(
            Appointment.objects.get(pk=self.instance.pk),
            start=said["start"],
            practitioner=said["practitioner"],
            by=self.by,
            now=organizations.current().now(),
            overrides=self.overrides(),
        )

    def accept(self, outcome: RescheduleOutcome) -> None:
        match outcome:
            case Booked(appointment=appointment, again=True):
                who = appointment.practitioner
                reference = appointment.reference
                raise ValidationError(f"Already booked, with {who}: {reference}. Nothing changed.")
            case Booked(appointment=appointment) | Rescheduled(appointment=appointment):
                notes = self.cleaned_data["notes"]
                if appointment.notes != notes:
                    appointment.notes = notes
                    appointment.save(update_fields=["notes"])
                self.instance = appointment
            case _:
                raise ValidationError(refusal(outcome))

    def _post_clean(self) -> None:
        """The verbs wrote what was validated; there is nothing left to copy into the instance."""


class WhenFilter(admin.SimpleListFilter):
    """The days a front desk asks for, as the clinic counts them."""

    title = "when"
    parameter_name = "when"
    # Days from today, the first included and the last excluded; None is open.
    STRETCHES: ClassVar[dict[str, tuple[str, int | None, int | None]]] = {
        "today": ("Today", 0, 1),
        "tomorrow": ("Tomorrow", 1, 2),
        "week": ("The next seven days", 0, 7),
        "ahead": ("From today on", 0, None),
        "past": ("Before today", None, 0),
    }

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(name, label) for name, (label, _, _) in self.STRETCHES.items()]

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[Appointment]
    ) -> QuerySet[Appointment]:
        if self.value() not in self.STRETCHES:
            return queryset
        _, first, last = self.STRETCHES[str(self.value())]
        today, zone = organizations.current().now().date(), organizations.current().zone
        if first is not None:
            queryset = queryset.filter(start__gte=instant(today + timedelta(days=first), zone))
        if last is not None:
            queryset = queryset.filter(start__lt=instant(today + timedelta(days=last), zone))
        return queryset


class HoursFilter(admin.SimpleListFilter):
    title = "hours"
    parameter_name = "hours"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("outside", "Outside the hours")]

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[Appointment]
    ) -> QuerySet[Appointment]:
        if self.value() != "outside":
            return queryset
        now = organizations.current().now()
        outside = strays.outside_hours(Practitioner.objects.all(), now=now)
        return queryset.filter(pk__in=[row.pk for row in outside])


class ChangesInline(ReadOnlyInline):
    """What happened to an appointment: a part of it, for all who may look at it."""

    model = AppointmentChange
    verbose_name_plural = "history"
    hide_title = True
    fields = [
        "at", "kind", "start", "practitioner", "status", "done_by", "reason", "chosen", "way_back",
    ]  # fmt: skip
    readonly_fields = fields

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return True

    def get_queryset(self, request: HttpRequest) -> QuerySet[AppointmentChange]:
        """With whether who looks at them may take the newest one back."""
        return histories.with_way_back(super().get_queryset(request), request)

    @display(description="by")
    def done_by(self, change: AppointmentChange) -> str:
        return who(change)

    @display(description="by choice")
    def chosen(self, change: AppointmentChange) -> str:
        return histories.chosen(change)

    @display(description="")
    def way_back(self, change: Any) -> str:
        if not change.may_be_undone:
            return ""
        return format_html('<a class="underline" href="{}">Undo</a>', undo_page(change))


@admin.register(Appointment, site=front_desk)
class AppointmentAdmin(PhoneSearch, AskedActions, ModelAdmin):
    form = AppointmentForm
    list_display = [
        "start",
        "shown_end",
        "name",
        "phone",
        "service",
        "practitioner",
        "shown_status",
        "source",
        "reference",
    ]
    list_display_links = ["start", "reference"]
    list_filter = [
        WhenFilter,
        "status",
        "practitioner",
        "service",
        "room",
        "source",
        HoursFilter,
    ]
    list_select_related = ["patient", "service", "practitioner"]
    date_hierarchy = "start"
    search_fields = [
        "patient__name",
        "patient__phone",
        "patient__other_phones",
        "contact_phone",
        "reference",
        "practitioner__name",
    ]
    autocomplete_fields = ["patient"]
    actions = [
        "mark_arrived",
        "mark_fulfilled",
        "mark_booked",
        "mark_no_show",
        "cancel",
        "mark_entered_in_error",
    ]
    readonly_fields = [
        "contact_phone", "room", "reference", "status", "cancellation_reason", "source", "created",
    ]  # fmt: skip

    def get_fieldsets(self, request: HttpRequest, obj: Appointment | None = None) -> Any:
        asked = ["patient", "service", "practitioner", "start", "notes"]
        known = [] if obj is None else self.readonly_fields
        chosen = [("By choice", {"fields": ["minutes", "over_hours", "over_holds"]})]
        may = request.user.has_perm(OVERRIDE)
        return [(None, {"fields": [*asked, *known]}), *(chosen if may else [])]

    def get_readonly_fields(self, request: HttpRequest, obj: Appointment | None = None) -> Any:
        """Another patient or service is another appointment: cancel this one and book it."""
        return (
            self.readonly_fields if obj is None else [*self.readonly_fields, "patient", "service"]
        )

    def get_inlines(self, request: HttpRequest, obj: Appointment | None) -> list[Any]:
        return [] if obj is None else [ChangesInline]

    def get_form(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, **kwargs)
        form.by = request.user.get_username()
        form.may_override = request.user.has_perm(OVERRIDE)
        return form

    def hold(self, obj: Appointment) -> Appointment:
        """Behind the diaries, where every writer of an appointment queues."""
        return appointments.held(obj)

    def last_change(self, obj: Appointment) -> LastChange | None:
        """Its own history also knows what callers changed."""
        change, edited = obj.changes.last(), super().last_change(obj)
        if change is None or (edited and edited.at > change.at):
            return edited
        return LastChange(who(change), change.at)

    def events(self, request: HttpRequest, obj: Appointment) -> list[Event]:
        """Booked, moved and the like are kept in its own history; the rest in the desk's log."""
        found = [*histories.changes(request, obj), *histories.typed(obj)]
        return sorted(found, key=attrgetter("at"))

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        return {}  # nothing is filled in from an address

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False  # what was booked is cancelled, and stays on record

    def save_model(self, request: HttpRequest, obj: Appointment, form: Any, change: bool) -> None:
        """The form has done it: see AppointmentForm. What it left behind, others may wait for."""
        if change and {"start", "practitioner", "minutes"} & set(form.changed_data):
            messages.success(request, format_html("Moved. {}", undo_link(obj)))
            tell_who_waits(request, obj)

    @display(description="end", ordering="end")
    def shown_end(self, appointment: Appointment) -> str:
        return f"{timezone.localtime(appointment.end):%H:%M}"

    @display(description="patient", ordering="patient__name")
    def name(self, appointment: Appointment) -> str:
        patient = appointment.patient
        return patient.name if patient.is_verified else f"{patient.name} (unverified)"

    @display(description="phone", ordering="patient__phone")
    def phone(self, appointment: Appointment) -> str:
        return appointment.patient.phone

    @display(
        description="status",
        ordering="status",
        label={
            "Booked": "info",
            "Pending": "warning",
            "Arrived": "success",
            "Fulfilled": "success",
            "Cancelled": "danger",
            "No-show": "danger",
        },
    )
    def shown_status(self, appointment: Appointment) -> str:
        return appointment.get_status_display()


@transaction.atomic
def mark_as_done(
    page: ModelAdmin, request: HttpRequest, rows: QuerySet[Any], status: Callback.Status | Any
) -> None:
    """Of each that was not done yet, its history keeps by whom and when."""
    held = list(rows.exclude(status=status).order_by("pk").select_for_update(of=("self",)))
    for row in held:
        row.status = status
        row.save(update_fields=["status"])
        page.log_change(request, row, "Marked as done.")
    messages.success(request, f"{len(held)} done.")


def left_by(row: Callback | WaitlistEntry) -> str:
    return BY_TELEPHONE if row.conversation else ""


@admin.register(Callback, site=front_desk)
class CallbackAdmin(ModelAdmin):
    list_display = ["created", "name", "phone", "shown_proof", "reason", "best_time", "status"]
    list_filter = ["status"]
    search_fields = ["name", "phone"]
    date_hierarchy = "created"
    actions = ["mark_done"]
    readonly_fields = ["shown_proof"]

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

    def save_model(self, request: HttpRequest, obj: Callback, form: Any, change: bool) -> None:
        if "phone" in form.changed_data:
            obj.phone_is_proven = None
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
        choices=WaitlistEntry.Part.choices,
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
class WaitlistEntryAdmin(ModelAdmin):
    """Who waits, in order, and what has become free for them."""

    form = WaitlistEntryForm
    list_display = ["created", "patient", "service", "practitioner", "wants", "free_now", "status"]
    list_filter = ["status", "service", "practitioner"]
    list_select_related = ["patient", "service", "practitioner"]
    search_fields = ["patient__name", "patient__phone", "patient__other_phones"]
    autocomplete_fields = ["patient"]
    actions = ["mark_done"]

    def made_by(self, obj: WaitlistEntry) -> str:
        return left_by(obj)

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        """What has become free is looked up once for the page."""
        page = super().get_changelist_instance(request)
        freed = waitlist.given_back(now=organizations.current().now())
        for entry in page.result_list:
            entry.freed = freed.get(entry.pk)
        return page

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
