"""The pages of appointments. Booking, moving and cancelling are domain verbs."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from operator import attrgetter
from typing import Any, ClassVar, cast
from urllib.parse import urlsplit

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.views.main import SEARCH_VAR, ChangeList
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.http import url_has_allowed_host_and_scheme
from unfold.decorators import action, display
from unfold.widgets import (
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminSplitDateTimeWidget,
    UnfoldBooleanSwitchWidget,
)

from bookings import appointments
from bookings.availability import conflicts
from bookings.availability.overrides import NONE, Overrides
from bookings.availability.slots import instant
from bookings.desk import answers, board, columns, histories, own_diary
from bookings.desk.actions import OVERRIDE, AskedActions, tell_who_waits, undo_link
from bookings.desk.answers import Done, undo_page
from bookings.desk.calendar import clocks
from bookings.desk.inlines import ReadOnlyInline
from bookings.desk.refusals import NotDone, refusal, who
from bookings.desk.search import ChoiceFilter, PatientSearch
from bookings.models import Appointment, AppointmentChange, Practitioner
from bookings.outcomes import Booked, Rescheduled, RescheduleOutcome
from tenants import organizations
from tenants.editing import ModelAdmin
from tenants.history import Event
from tenants.roles import Account
from tenants.sites import front_desk
from tenants.theme import Fieldsets, Inlines
from tenants.versions import LastChange


class AppointmentForm(forms.ModelForm):  # type: ignore[type-arg]
    """Books or moves during validation, so that a lost race is an error of the form."""

    by: Account  # the user who fills it in
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

    def clean(self) -> None:
        super().clean()
        if not self.errors:
            outcome = self.change() if self.is_a_move() else self.book()
            self.accept(own_diary.as_shown(outcome, self.by))

    def clean_start(self) -> datetime:
        start: datetime = self.cleaned_data["start"]
        if start.year not in clocks.YEARS:
            raise ValidationError("Please check the year.")
        return start

    def is_a_move(self) -> bool:
        return not self.instance._state.adding

    def overrides(self) -> Overrides:
        """The rules that the user set aside; none if they may not. Others do not see the
        switches."""
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
            by=self.by.get_username(),
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
            by=self.by.get_username(),
            now=organizations.current().now(),
            overrides=self.overrides(),
        )

    def accept(self, outcome: Done | NotDone) -> None:
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
                vars(appointment)["reader"] = self.by
                self.instance = appointment
            case _:
                raise ValidationError(refusal(outcome))

    def _post_clean(self) -> None:
        """The verbs have stored it already. Nothing is left to copy into the instance."""


# The filter that the list opens with: today, or all days where somebody searches.
USUAL = "usual"


class WhenFilter(ChoiceFilter):
    """Days in the clinic's zone."""

    title = "when"
    parameter_name = "when"
    # Days from today, the first included and the last excluded; None is open.
    STRETCHES: ClassVar[dict[str, tuple[str, int | None, int | None]]] = {
        "today": ("Today", 0, 1),
        "tomorrow": ("Tomorrow", 1, 2),
        "week": ("The next seven days", 0, 7),
        "ahead": ("From today on", 0, None),
        "past": ("Before today", None, 0),
        "all": ("All days", None, None),
    }
    offered = [(name, label) for name, (label, _, _) in STRETCHES.items()]

    def __init__(self, request: HttpRequest, *args: Any) -> None:
        self.usual = "all" if request.GET.get(SEARCH_VAR) else "today"
        super().__init__(request, *args)

    def value(self) -> str | None:
        said: str | None = super().value()
        return self.usual if said == USUAL else said

    def choices(self, changelist: ChangeList) -> Iterator[Any]:
        """Without Django's own “All”: an address without a filter opens today."""
        yield from list(super().choices(changelist))[1:]

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


# Where the session keeps the filter of the list.
FILTER = "filter of appointments"
# What is not kept: what was looked for may name a patient, and a date or a page is of one moment.
MOMENTARY = {"q", "p", "e", "all"}


def kept_of(said: QueryDict) -> str:
    """The part of a list's address that is kept."""
    kept = QueryDict(mutable=True)
    for name, values in said.lists():
        if name not in MOMENTARY and not name.startswith(("_", "start__")):
            kept.setlist(name, values)
    return kept.urlencode()


def days_shown(said: QueryDict) -> str:
    """The days of which the list is, or over which it is searched; nothing for a list of all, or
    where a date is chosen, which the list shows itself."""
    searches = bool(said.get(SEARCH_VAR))
    stretches = WhenFilter.STRETCHES
    when = said.get("when", "")
    when = when if when in stretches else "all" if searches else "today"
    if any(name.startswith("start__") for name in said) or (when == "all" and not searches):
        return ""
    label, _, _ = stretches[when]
    return label.lower()


class HoursFilter(ChoiceFilter):
    title = "hours"
    parameter_name = "hours"
    offered = [("outside", "Outside the hours")]

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[Appointment]
    ) -> QuerySet[Appointment]:
        if self.value() != "outside":
            return queryset
        now = organizations.current().now()
        outside = conflicts.outside_hours(Practitioner.objects.all(), now=now)
        return queryset.filter(pk__in=[row.pk for row in outside])


class ChangesInline(ReadOnlyInline):
    """What happened to an appointment: a part of it, for all who may look at it."""

    model = AppointmentChange
    verbose_name_plural = "history"
    hide_title = True
    readonly_fields = (
        "at",
        "kind",
        "start",
        "practitioner",
        "status",
        "done_by",
        "reason",
        "chosen",
        "way_back",
    )
    fields = readonly_fields

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return True

    def get_queryset(self, request: HttpRequest) -> QuerySet[AppointmentChange]:
        """The changes, each with whether this user may undo it."""
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


# What other apps show at the end of an appointment's page: each adds a function in its admin.
extra_fields: list[Callable[[Appointment], str]] = []
# The stubs know only names; Django takes functions, too.
ShownFields = list[Any]


@admin.register(Appointment, site=front_desk)
class AppointmentAdmin(PatientSearch, AskedActions, ModelAdmin):
    menu_group = "Patients and visits"
    columns = columns.APPOINTMENT
    form = AppointmentForm
    list_display = [
        "shown_start",
        "shown_end",
        "name",
        "phone",
        "service",
        "practitioner",
        "shown_status",
        "source",
        "reference",
    ]
    list_display_links = ["shown_start", "reference"]
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
    actions_list = ["import_file"]
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

    list_before_template = "bookings/desk/searched.html"
    all_rows = "when=all"
    change_form_outer_before_template = "bookings/desk/visit_steps.html"

    class Media:
        css = {"all": ["bookings/front_desk.css"]}

    def beside(self, request: HttpRequest, obj: Appointment | None) -> dict[str, Any]:
        """The steps of the visit, as on the board; and whether it may be moved."""
        if obj is None or not self.has_change_permission(request, obj):
            return {}
        now, may_override = organizations.current().now(), request.user.has_perm(OVERRIDE)
        return {
            "visit_steps": board.steps_of(obj, now=now, may_override=may_override),
            "seen": answers.seen(obj),
            "may_move": appointments.is_changeable(obj, Overrides(begun=may_override), now=now),
        }

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Opens on today, or as the user last had it filtered. A link of the list itself that has
        no filter leads back to today."""
        is_bare = request.method == "GET" and not request.GET
        if is_bare:
            came_from = urlsplit(request.headers.get("Referer", "")).path
            kept = "" if came_from == request.path else request.session.get(FILTER, "")
            return HttpResponseRedirect(f"{request.path}?{kept or f'when={USUAL}'}")
        if request.method == "GET" and request.session.get(FILTER) != kept_of(request.GET):
            request.session[FILTER] = kept_of(request.GET)
        extra_context = {**(extra_context or {}), "days": days_shown(request.GET)}
        return super().changelist_view(request, extra_context)

    def get_list_display(self, request: HttpRequest) -> list[Any]:
        """The patient is a link for users who may see patients."""
        name = "linked_name" if request.user.has_perm("bookings.view_patient") else "name"
        return [name if column == "name" else column for column in self.list_display]

    def get_fieldsets(self, request: HttpRequest, obj: Appointment | None = None) -> Fieldsets:
        asked = ["patient", "service", "practitioner", "start", "notes"]
        known: ShownFields = [*self.readonly_fields, *extra_fields] if obj else []
        if not request.user.has_perm(OVERRIDE):
            return [(None, {"fields": [*asked, *known]})]
        chosen: ShownFields = ["minutes", "over_hours", "over_holds"]
        return [(None, {"fields": [*asked, *known]}), ("By choice", {"fields": chosen})]

    def get_readonly_fields(
        self, request: HttpRequest, obj: Appointment | None = None
    ) -> ShownFields:
        """Another patient or service is another appointment: cancel this one and book it."""
        shown: ShownFields = [*self.readonly_fields, *extra_fields]
        return shown if obj is None else [*shown, "patient", "service"]

    def get_inlines(self, request: HttpRequest, obj: Appointment | None) -> Inlines:
        return [] if obj is None else [ChangesInline]

    def get_form(
        self,
        request: HttpRequest,
        obj: Appointment | None = None,
        change: bool = False,
        **kwargs: Any,
    ) -> type[AppointmentForm]:
        form = cast("type[AppointmentForm]", super().get_form(request, obj, change, **kwargs))
        form.by = request.user
        form.may_override = request.user.has_perm(OVERRIDE)
        return form

    def lock(self, obj: Appointment) -> Appointment:
        """Locks the diaries, where every writer of an appointment queues."""
        return appointments.locked(obj)

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

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, str | list[str]]:
        return {}  # nothing is filled in from an address

    def has_delete_permission(self, request: HttpRequest, obj: Appointment | None = None) -> bool:
        return False  # what was booked is cancelled, and stays on record

    def save_model(
        self, request: HttpRequest, obj: Appointment, form: AppointmentForm, change: bool
    ) -> None:
        """The form has saved it: see AppointmentForm. Tells who waits for the time that it
        freed."""
        if change and {"start", "practitioner", "minutes"} & set(form.changed_data):
            messages.success(request, format_html("Moved. {}", undo_link(obj)))
            tell_who_waits(request, obj)

    def response_post_save_change(
        self, request: HttpRequest, obj: Appointment
    ) -> HttpResponseRedirect:
        """Back to the page where the visit was opened; from the list, to the list."""
        page, here = request.GET.get("next", ""), {request.get_host()}
        if url_has_allowed_host_and_scheme(page, here, require_https=request.is_secure()):
            return HttpResponseRedirect(page)
        return super().response_post_save_change(request, obj)

    @display(description="start", ordering="start")
    def shown_start(self, appointment: Appointment) -> str:
        """With the year, unless it is this one."""
        start = timezone.localtime(appointment.start)
        this_year = organizations.current().now().year
        year = "" if start.year == this_year else f" {start.year}"
        return f"{start:%a} {start.day} {start:%b}{year}, {start:%H:%M}"

    @action(description="Import", permissions=["import"], icon="upload")
    def import_file(self, request: HttpRequest) -> HttpResponse:
        return redirect("admin:import", "appointments")

    def has_import_permission(self, request: HttpRequest) -> bool:
        patients = ["bookings.add_patient", "bookings.change_patient"]
        return self.has_add_permission(request) and request.user.has_perms(patients)

    @display(description="end", ordering="end")
    def shown_end(self, appointment: Appointment) -> str:
        return f"{timezone.localtime(appointment.end):%H:%M}"

    @display(description="patient", ordering="patient__name")
    def name(self, appointment: Appointment) -> str:
        patient = appointment.patient
        return patient.name if patient.is_verified else f"{patient.name} (unverified)"

    @display(description="patient", ordering="patient__name")
    def linked_name(self, appointment: Appointment) -> str:
        """As `name`, with a link to the patient's page."""
        page = reverse("admin:bookings_patient_change", args=[appointment.patient_id])
        return format_html('<a href="{}">{}</a>', page, self.name(appointment))

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
