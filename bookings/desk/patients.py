"""The pages of patients: found, accepted, merged, erased."""

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any, TypeVar
from uuid import UUID

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.postgres.forms import SimpleArrayField
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet, Value
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html_join
from unfold import decorators as theme
from unfold.contrib.forms.widgets import ArrayWidget
from unfold.decorators import display
from unfold.widgets import UnfoldAdminTextInputWidget

from bookings import erasure, merging, patients, phones
from bookings.desk import columns, erasing, patient_page, trust
from bookings.desk.search import ChoiceFilter, PatientSearch
from bookings.desk.trust import ChangedSince
from bookings.models import Patient, name_key
from bookings.outcomes import (
    Accepted,
    Busy,
    Erased,
    KnownAlready,
    MergeClash,
    Merged,
    MergeOutcome,
    StillComing,
)
from tenants import organizations, sight
from tenants.editing import ModelAdmin
from tenants.sites import front_desk
from tenants.theme import Fieldsets
from tenants.versions import PageVersion

Outcome = TypeVar("Outcome")


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

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        if phones.EXTENSION.search(name):
            raise ValidationError(phones.NO_ROOM)
        return name

    def clean_phone(self) -> str:
        text = self.cleaned_data["phone"]
        return phones.canonical(text, organizations.current().phone_region) if text else ""

    def clean_other_phones(self) -> list[str]:
        region = organizations.current().phone_region
        return [phones.canonical(text, region) for text in self.cleaned_data["other_phones"]]

    def clean(self) -> None:
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


class TrustFilter(ChoiceFilter):
    """Records that staff may want to look at."""

    title = "record"
    parameter_name = "trust"
    offered = [("unverified", "Unverified"), ("same", "May be the same person")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Patient]) -> QuerySet[Patient]:
        match self.value():
            case "unverified":
                return queryset.exclude(claimed_by="")
            case "same":
                return queryset.exclude(may_be=None)
            case _:
                return queryset


@admin.register(Patient, site=front_desk)
class PatientAdmin(PatientSearch, ModelAdmin):
    menu_group = "Patients and visits"
    columns = columns.PATIENT
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
    actions_list = ["import_file"]
    search_fields = ["name", "phone", "other_phones", "other_names", "email"]
    whose = "pk"
    change_form_outer_before_template = "bookings/desk/patient.html"
    actions = ["accept", "merge", "check_birthday", "erase"]
    readonly_fields = ["shown_trust", "given_by", "shown_birthday", "same_people", "shown_names"]
    # Left out of the comparison: derived fields, and those that do not identify a person.
    unversioned = ("name_key", "given", "given_in", "may_be")

    class Media:
        css = {"all": ["bookings/patient.css"]}

    def beside(self, request: HttpRequest, obj: Patient | None) -> dict[str, Any]:
        """What was and what comes."""
        now = organizations.current().now()
        return {"overview": patient_page.overview(request, obj, now=now)} if obj else {}

    def get_fieldsets(self, request: HttpRequest, obj: Patient | None = None) -> Fieldsets:
        hidden = self.hidden(request)
        known = [] if obj is None else [one for one in self.readonly_fields if one not in hidden]
        return [(None, {"fields": [*PatientForm.Meta.fields, *known]})]

    def get_list_display(self, request: HttpRequest) -> list[Any]:
        return [name for name in self.list_display if name not in self.hidden(request)]

    def hidden(self, request: HttpRequest) -> set[str]:
        """What names patients whom the user may not see."""
        return {"same_person", "same_people"} if sight.is_bound(request.user) else set()

    def get_queryset(self, request: HttpRequest) -> QuerySet[Patient]:
        """Adds whether the current user may merge patients."""
        may_merge = Value(self.has_change_permission(request))
        return super().get_queryset(request).annotate(may_merge=may_merge)  # type: ignore[no-any-return]

    def get_urls(self) -> list[URLPattern]:
        page = self.admin_site.admin_view(self.merge_page)
        own = path("<uuid:one>/merge/<uuid:other>/", page, name="bookings_patient_merge")
        return [own, *super().get_urls()]

    def save_model(
        self, request: HttpRequest, obj: Patient, form: PatientForm, change: bool
    ) -> None:
        """A call that is still under way may not correct what staff wrote."""
        obj.given_in, obj.given = "", []
        if "date_of_birth" in form.changed_data:
            obj.birthday_proves = True
        super().save_model(request, obj, form, change)

    @theme.action(description="Import", permissions=["import"], icon="upload")
    def import_file(self, request: HttpRequest) -> HttpResponse:
        return redirect("admin:import", "patients")

    def has_import_permission(self, request: HttpRequest) -> bool:
        return self.has_add_permission(request) and self.has_change_permission(request)

    @display(description="record", label={"Verified": "success", "Unverified": "warning"})
    def shown_trust(self, patient: Patient) -> str:
        return "Verified" if patient.is_verified else "Unverified"

    @display(description="details given by")
    def given_by(self, patient: Patient) -> str:
        """Who claimed an unverified patient, in words; "" for a verified one."""
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
        """The patients who may be the same person as this one."""
        return links_to_same(patient, patients.may_be_the_same([patient]))

    @admin.action(description="Accept as a patient of their own", permissions=["change"])
    def accept(self, request: HttpRequest, queryset: QuerySet[Patient]) -> HttpResponse | None:
        """Verify patients whom staff know. Asks once and shows who is accepted."""
        rows = queryset.order_by("created", "pk")
        if not request.POST.get("post"):
            question = "Accept these as patients of their own? Their numbers open their visits."
            return trust.ask(self, request, rows, "accept", question)
        for patient in rows:
            self.after_accept(request, self.as_shown(request, patient, merging.accept))
        return None

    def after_accept(
        self, request: HttpRequest, outcome: Accepted | KnownAlready | ChangedSince | Busy
    ) -> None:
        match outcome:
            case Accepted(patient=accepted):
                self.log_change(request, accepted, "Accepted as a patient of their own.")
                verified = f"{accepted.name} is verified: a call from {accepted.phone or 'nowhere'}"
                messages.success(request, f"{verified} hears of their appointments.")
            case KnownAlready(patient=known):
                messages.error(request, f"{known} is verified already: merge the two.")
            case ChangedSince() | Busy():
                messages.error(request, not_trusted(outcome))

    @admin.action(description="Date of birth was checked", permissions=["change"])
    def check_birthday(
        self, request: HttpRequest, queryset: QuerySet[Patient]
    ) -> HttpResponse | None:
        if not request.POST.get("post"):
            question = "Did you check these dates of birth? They prove who calls from now on."
            return trust.ask(self, request, queryset, "check_birthday", question)
        outcomes = {row: self.as_shown(request, row, merging.check_birthday) for row in queryset}
        for patient, outcome in outcomes.items():
            if outcome is True:
                self.log_change(request, patient, "Date of birth checked.")
            elif not isinstance(outcome, bool):
                messages.error(request, not_trusted(outcome))
        checked = sum(outcome is True for outcome in outcomes.values())
        messages.success(request, f"{checked} dates of birth prove who calls from now on.")
        return None

    def as_shown(
        self, request: HttpRequest, row: Patient, verb: Callable[[Patient], Outcome]
    ) -> Outcome | ChangedSince | Busy:
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
        """The page that asks before a merge and shows what moves, because a merge is final."""
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
            messages.error(request, f"{outcome.sentence} Nothing was merged: please look again.")
            pair = list(Patient.objects.filter(pk__in=[one, other]))
        return self.ask_to_merge(request, pair)

    def merge_as_shown(
        self, request: HttpRequest, pair: list[Patient]
    ) -> MergeOutcome | ChangedSince:
        """Merge the two patients, if they are as the page showed them. The form names the numbers
        to keep."""
        verb = partial(
            merging.merge,
            *pair,
            with_numbers=request.POST.getlist("with_numbers"),
            birthday_is_checked="birthday_is_checked" in request.POST,
        )
        return trust.as_shown(PageVersion(self, request), pair, verb)

    def ask_to_merge(self, request: HttpRequest, pair: list[Patient]) -> TemplateResponse:
        kept, gone = merging.to_be_kept(*pair)
        context = {
            "title": "Merge two patients",
            "kept": kept,
            "gone": gone,
            "version": PageVersion(self, request).now_of(pair),
            "is_unproven": is_unproven(kept, gone),
            "numbers": [number for number in gone.numbers if number not in kept.numbers],
            "visits": gone.appointments.order_by("start"),
            "waiting": gone.waiting.select_related("service"),
        }
        return front_desk.render(request, "bookings/merge.html", context)

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
        """Erase patients who ask to be forgotten. Asks once before anything is erased."""
        now = organizations.current().now()
        if not request.POST.get("post"):
            context = {
                **erasing.asked(queryset, now=now),
                "title": "Erase patients",
                "action_checkbox_name": ACTION_CHECKBOX_NAME,
            }
            return front_desk.render(request, "bookings/erase.html", context)
        chosen = request.POST.getlist("chosen")
        outcomes = [erasure.erase(patient, chosen=chosen, now=now) for patient in queryset]
        for outcome in outcomes:
            if isinstance(outcome, StillComing):
                messages.error(request, still_coming(outcome))
        if done := sum(isinstance(outcome, Erased) for outcome in outcomes):
            messages.success(request, f"{done} erased.")
        return None


def links_to_same(patient: Patient, others: Iterable[Patient]) -> str:
    """Links to the other patient and, for users who may merge, to the page that merges the two."""
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
    """Whether the birthday of the merged record proves nothing unless staff have checked it."""
    same = kept.date_of_birth in (None, gone.date_of_birth)
    proves = gone.birthday_proves or (kept.birthday_proves and kept.date_of_birth is not None)
    return bool(gone.date_of_birth) and same and not proves


def not_trusted(outcome: ChangedSince | Busy) -> str:
    """The message if a record was not accepted, or its birthday not marked as checked."""
    if isinstance(outcome, ChangedSince):
        return f"{outcome.sentence} Please look at it, and choose again."
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
