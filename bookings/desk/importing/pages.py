"""The page that imports a file: it is chosen, tried, and then imported as it was tried."""

from functools import partial
from typing import cast

from django import forms
from django.contrib import messages
from django.contrib.admin.models import ADDITION, CHANGE, LogEntry
from django.contrib.admin.options import get_content_type_for_model
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from bookings.desk.actions import OVERRIDE
from bookings.desk.importing import keeping, runs
from bookings.desk.importing.cells import Order
from bookings.desk.importing.keeping import Kept
from bookings.desk.importing.rows import Means
from bookings.desk.importing.runs import Kind, Report
from bookings.desk.importing.sheets import Limits, Unreadable
from bookings.desk.inbox import counted
from bookings.models import Appointment, Patient
from tenants import organizations
from tenants.sites import front_desk

# What is imported within the time of a page (budgets.DESK). Callers wait for the diaries while
# visits to come are booked, a hundred in about a second.
OTHERWISE = "Please split it, or ask your operator to import it."
LIMITS = {
    Kind.PATIENTS: Limits(bytes=2_000_000, rows=2_000, otherwise=OTHERWISE),
    Kind.APPOINTMENTS: Limits(bytes=2_000_000, rows=500, otherwise=OTHERWISE),
}
MODELS = {Kind.PATIENTS: Patient, Kind.APPOINTMENTS: Appointment}
RIGHTS = {
    Kind.PATIENTS: ["bookings.add_patient", "bookings.change_patient"],
    Kind.APPOINTMENTS: [
        "bookings.add_patient",
        "bookings.change_patient",
        "bookings.add_appointment",
    ],
}
ORDERS = [
    (Order.SURE, "2026-12-31, or where only one day can be meant"),
    (Order.DAY_FIRST, "31/12/2026, the day first"),
    (Order.MONTH_FIRST, "12/31/2026, the month first"),
]
TOO_OLD = "An hour has passed, or you have signed in again. Please choose the file once more."
NOT_AS_SHOWN = "Something has changed since you looked. Nothing was imported: please look again."


class ImportForm(forms.Form):
    file = forms.FileField(error_messages={"required": "Please choose a file."})
    dates = forms.ChoiceField(choices=ORDERS)
    by_choice = forms.BooleanField(required=False)


@front_desk.page("import/<str:kind>/", name="import", permission="bookings.add_patient")
def import_file(request: HttpRequest, kind: str) -> HttpResponse:
    """A file that is sent is tried; what was tried, and is sent back with `kept`, is imported."""
    if kind not in list(Kind):
        raise Http404
    what = Kind(kind)
    if not request.user.has_perms(RIGHTS[what]):
        raise PermissionDenied
    if "kept" in request.POST:
        return import_kept(request, what)
    form = ImportForm(request.POST or None, request.FILES or None)
    return try_out(request, what, form) if request.method == "POST" else show(request, what, form)


def show(
    request: HttpRequest,
    kind: Kind,
    form: ImportForm,
    report: Report | None = None,
    *,
    problem: str = "",
    kept: str = "",
    status: int = 200,
) -> HttpResponse:
    context = {
        "title": f"Import {kind}",
        "form": form,
        "kind": kind,
        "columns": dict.fromkeys(runs.SUBJECTS[kind].COLUMNS.values()),
        "needed": runs.SUBJECTS[kind].NEEDED,
        "limits": LIMITS[kind],
        "may_override": request.user.has_perm(OVERRIDE),
        "report": report,
        "problem": problem,
        "kept": kept,
        "list": list_of(kind),
    }
    return front_desk.render(request, "bookings/desk/import.html", context, status)


def list_of(kind: Kind) -> str:
    return reverse(f"admin:bookings_{MODELS[kind]._meta.model_name}_changelist")


def try_out(request: HttpRequest, kind: Kind, form: ImportForm) -> HttpResponse:
    if is_too_long(request, LIMITS[kind]):
        problem = f"The file has more than {LIMITS[kind].bytes:,} bytes. {OTHERWISE}"
        return show(request, kind, ImportForm(), problem=problem, status=400)
    if not form.is_valid():
        problem = " ".join(str(error) for errors in form.errors.values() for error in errors)
        return show(request, kind, form, problem=problem, status=400)
    file = form.cleaned_data["file"]
    file.seek(0)
    aside = bool(form.cleaned_data["by_choice"]) and request.user.has_perm(OVERRIDE)
    kept = Kept(file.read(), Order(form.cleaned_data["dates"]), aside, "")
    return try_kept(request, kind, form, kept)


def is_too_long(request: HttpRequest, limits: Limits) -> bool:
    """A longer file is not taken in (FILE_UPLOAD_HANDLERS), so the form would miss it."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    return not request.FILES and int(length) > limits.bytes


def try_kept(
    request: HttpRequest, kind: Kind, form: ImportForm, kept: Kept, problem: str = ""
) -> HttpResponse:
    """The trial's page, with a button to import if nothing is refused."""
    try:
        sheet = runs.opened(kept.data, kind, LIMITS[kind])
        report = runs.run(sheet, kind, means_of(request, kept), commit=False)
    except Unreadable as unreadable:
        return show(request, kind, form, problem=str(unreadable), status=400)
    shown = Kept(kept.data, kept.order, kept.sets_rules_aside, report.plan)
    sealed = "" if report.refused else keeping.seal(request, kind, shown)
    status = 409 if problem else 200
    return show(request, kind, form, report, problem=problem, kept=sealed, status=status)


def means_of(request: HttpRequest, kept: Kept) -> Means:
    organization, may_override = organizations.current(), request.user.has_perm(OVERRIDE)
    return Means(
        by=request.user.get_username(),
        now=organization.now(),
        zone=organization.zone,
        region=organization.phone_region,
        order=kept.order,
        sets_rules_aside=kept.sets_rules_aside and may_override,
        may_enter_past=may_override,
    )


def import_kept(request: HttpRequest, kind: Kind) -> HttpResponse:
    """Import what was tried; or show the trial anew if it would not be the same now."""
    kept = keeping.unseal(request, kind, request.POST["kept"])
    if kept is None:
        return show(request, kind, ImportForm(), problem=TOO_OLD, status=409)
    form = ImportForm({"dates": kept.order, "by_choice": kept.sets_rules_aside})
    log = partial(log_import, request)
    try:
        sheet = runs.opened(kept.data, kind, LIMITS[kind])
        means = means_of(request, kept)
        report = runs.run(sheet, kind, means, commit=True, plan=kept.plan, after=log)
    except Unreadable as unreadable:
        return show(request, kind, form, problem=str(unreadable), status=409)
    if not report.is_written:
        return try_kept(request, kind, form, kept, NOT_AS_SHOWN)
    messages.success(request, f"Imported: {summary(report)}.")
    return redirect(list_of(kind))


def summary(report: Report) -> str:
    """“12 appointments made, 3 unchanged; 4 new patients, 1 changed”."""
    made = f"{counted(report.made, report.kind.removesuffix('s'))} made"
    changed, unchanged = f"{len(report.changed)} changed", f"{report.unchanged} unchanged"
    if report.kind == Kind.PATIENTS:
        return f"{made}, {changed}, {unchanged}"
    return f"{made}, {unchanged}; {counted(len(report.patients), 'new patient')}, {changed}"


def log_import(request: HttpRequest, report: Report) -> None:
    """The history of each patient, and a line for the whole. Visits have histories of their own."""
    user, patients = cast("int", request.user.pk), get_content_type_for_model(Patient)
    lines = [(patient, ADDITION, "Added by an import.") for patient in report.patients]
    lines += [
        (patient, CHANGE, f"Changed by an import: {', '.join(names)}.")
        for _, patient, names in report.changed
    ]
    LogEntry.objects.bulk_create(
        LogEntry(
            user_id=user,
            content_type=patients,
            object_id=str(patient.pk),
            object_repr=str(patient)[:200],
            action_flag=flag,
            change_message=said,
        )
        for patient, flag, said in lines
    )
    LogEntry.objects.create(
        user_id=user,
        content_type=get_content_type_for_model(MODELS[report.kind]),
        object_repr=str(report.kind).capitalize(),
        action_flag=CHANGE,
        change_message=f"Imported a file: {summary(report)}.",
    )
