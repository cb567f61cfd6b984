"""The pages of calls and of the requests in them."""

import json
import re
import textwrap
from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.contrib import admin
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from unfold.decorators import display

from assistants import figures
from assistants.admin.records import RecordAdmin
from assistants.calls import alarms
from assistants.models import Call, CallPolicy, ClinicNumber, ToolCall
from bookings.desk import inbox, patient_page, today
from bookings.desk.appointments import extra_fields
from bookings.desk.columns import phone
from bookings.desk.patient_page import MOST_CALLS, CallLine
from bookings.desk.search import ChoiceFilter
from bookings.desk.today import Notice
from bookings.models import Appointment, Patient
from tenants import organizations, sight
from tenants.editing import ModelAdmin, SingleRowAdmin
from tenants.exporting import Column
from tenants.moments import moment_in_words
from tenants.sites import front_desk

# Who says it, and what: a line of a transcript.
TURN = re.compile(r"(\w[\w ]{0,30}): (.*)")


class WhatCame(ChoiceFilter):
    title = "what came of it"
    parameter_name = "came"
    offered = [(str(what), str(what.label)) for what in figures.What]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Call]) -> QuerySet[Call] | None:
        chosen = [what for what in figures.What if what == self.value()]
        return queryset.filter(figures.of(chosen[0])) if chosen else None


class HeardLast(admin.SimpleListFilter):
    """Set by a link from the page of the phone assistant; only what is chosen is shown."""

    title = "caller hung up after"
    parameter_name = "hung_up_after"

    def lookups(
        self, request: HttpRequest, model_admin: "admin.ModelAdmin[Call]"
    ) -> list[tuple[str, str]]:
        chosen = request.GET.get(self.parameter_name, "")
        return [(chosen, chosen)] if chosen else []

    def queryset(self, request: HttpRequest, queryset: QuerySet[Call]) -> QuerySet[Call] | None:
        outcome = self.value()
        return queryset.filter(figures.ended_on(outcome)) if outcome else None


class FailedFilter(ChoiceFilter):
    """Calls that an error ended, or in which the assistant hung."""

    title = "how it went"
    parameter_name = "failed"
    offered = [("today", "Failed today"), ("yes", "Failed")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Call]) -> QuerySet[Call] | None:
        match self.value():
            case "today":
                return failed(queryset, since=organizations.current().now())
            case "yes":
                return failed(queryset)
        return None


def failed(calls: QuerySet[Call], since: datetime | None = None) -> QuerySet[Call]:
    """`since`: from the beginning of that day on, as the clinic's clock says."""
    found = calls.filter(
        Q(ended_reason__icontains="error") | Q(ended_reason__icontains="failed") | ~Q(hangs=[])
    )
    if since is None:
        return found
    return found.filter(received__gte=since.replace(hour=0, minute=0, second=0, microsecond=0))


@admin.register(Call, site=front_desk)
class CallAdmin(RecordAdmin):
    """What Vapi reported of a call, the requests and answers in it, and what came of it."""

    # What was said is left out: it is erased here after a while, and a file would keep it.
    columns = (
        Column("received"),
        Column("call", "conversation"),
        Column("direction"),
        Column("status"),
        Column("started"),
        Column("ended"),
        Column("ended reason"),
        Column("success"),
        Column("cost"),
        Column("changed an appointment", "diary"),
    )

    list_display = [
        "received",
        "direction",
        "shown_status",
        "duration",
        "ended_reason",
        "success",
        "cost",
        "changed_diary",
    ]
    list_filter = [WhatCame, FailedFilter, HeardLast, "direction", "status", "success"]
    date_hierarchy = "received"
    search_fields = ["conversation", "summary", "transcript"]
    fieldsets = [
        (None, {"fields": ["summary", "shown_appointments", "shown_tool_calls"]}),
        ("What was said", {"fields": ["shown_transcript", "shown_recording", "shown_outputs"]}),
        (
            "How it went",
            {
                "fields": [
                    "direction", "status", "started", "ended", "duration", "ended_reason",
                    "success", "cost", "times_hung",
                ]
            },
        ),
        (
            "Record",
            {"fields": ["conversation", "received", "prompt_hash", "forgotten", "erased"]},
        ),
    ]  # fmt: skip
    readonly_fields = [
        "shown_appointments", "shown_tool_calls", "shown_transcript", "shown_recording",
        "shown_outputs", "duration", "times_hung",
    ]  # fmt: skip

    class Media:
        css = {"all": ["bookings/front_desk.css"]}

    def get_queryset(self, request: HttpRequest) -> QuerySet[Call]:
        changes = ToolCall.objects.exclude(appointment=None)
        in_the_call = changes.filter(conversation=OuterRef("conversation"))
        calls: QuerySet[Call] = super().get_queryset(request).annotate(diary=Exists(in_the_call))
        return calls

    @display(description="status", ordering="status", label={"Ended": "info"})
    def shown_status(self, call: Call) -> str:
        return "Erased" if call.erased else call.get_status_display()

    @display(description="appointment", boolean=True)
    def changed_diary(self, call: Call) -> bool:
        return bool(getattr(call, "diary", False))

    @display(description="times the assistant hung")
    def times_hung(self, call: Call) -> int:
        return len(call.hangs)

    @display(description="appointments")
    def shown_appointments(self, call: Call) -> str:
        rows = call.appointments
        return format_html_join("", "<p>{}</p>", ([link(row, on=call)] for row in rows)) or "none"

    @display(description="tool calls")
    def shown_tool_calls(self, call: Call) -> str:
        lines = ([link(row, on=call), row.sentence] for row in call.tool_calls)
        return format_html_join("", "<p><strong>{}</strong> {}</p>", lines) or "none"

    @display(description="transcript")
    def shown_transcript(self, call: Call) -> str:
        return format_html_join("", "<p><strong>{}</strong> {}</p>", turns(call)) or "none"

    @display(description="recording")
    def shown_recording(self, call: Call) -> str:
        if not call.recording_url:
            return "none"
        expires = call.recording_expires
        if expires and expires <= organizations.current().now():
            return (
                f"The address expired on {moment_in_words(expires)}."
                f" The recording is at Vapi, with the call {call.conversation}."
            )
        return format_html(
            '<a href="{}" rel="noopener noreferrer" target="_blank">Listen at Vapi</a>',
            call.recording_url,
        )

    @display(description="structured outputs")
    def shown_outputs(self, call: Call) -> str:
        outputs = (named_output(*item) for item in (call.structured_outputs or {}).items())
        return format_html_join("", "<p><strong>{}</strong> {}</p>", outputs) or "none"


def named_output(identifier: str, output: Any) -> tuple[str, str]:
    """An output by its name at Vapi, and its result; as it came where it has neither."""
    named = output if isinstance(output, dict) else {}
    result = named.get("result", output)
    text = result if isinstance(result, str) else json.dumps(result, ensure_ascii=False)
    return str(named.get("name") or identifier), text


def turns(call: Call) -> list[tuple[str, str]]:
    """The turns of the call: who spoke, and what they said."""
    said = [(TURN.fullmatch(line), line) for line in call.transcript.splitlines()]
    return [(turn[1], turn[2]) if turn else ("", line) for turn, line in said]


def link(row: Call | ToolCall | Appointment, on: Any) -> str:
    """A link to `row` for the page `on`; only its name for a reader who may not open it."""
    meta = row._meta
    if not on.reader.has_perm(f"{meta.app_label}.view_{meta.model_name}"):
        return str(row)
    page = reverse(f"admin:{meta.app_label}_{meta.model_name}_change", args=[row.pk])
    return format_html('<a href="{}">{}</a>', page, row)


def link_to_call(call: Call | None, on: Any) -> str:
    return link(call, on) if call else "a call that Vapi has not reported yet"


class NumberShown(ChoiceFilter):
    """Callers without a number share one limit (`caps`)."""

    title = "caller shows a number"
    parameter_name = "number"
    offered = [("no", "No, or one that is no person's"), ("yes", "Yes")]

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[ToolCall]
    ) -> QuerySet[ToolCall] | None:
        remembered = queryset.filter(forgotten=None)
        match self.value():
            case "no":
                return remembered.filter(caller="")
            case "yes":
                return remembered.exclude(caller="")
        return None


@admin.register(ToolCall, site=front_desk)
class ToolCallAdmin(RecordAdmin):
    """The page of tool calls: what was asked, and what was answered."""

    not_exported = "Callers' words as raw JSON, which are erased here after a while."
    list_display = ["received", "tool", "outcome", "sentence", "settled", "conversation"]
    list_filter = ["tool", "outcome", "settled", NumberShown]
    date_hierarchy = "received"
    search_fields = ["conversation", "sentence"]
    exclude = ["key"]
    readonly_fields = ["call", "caller"]

    @display(description="call")
    def call(self, record: ToolCall) -> str:
        return link_to_call(Call.objects.filter(conversation=record.conversation).first(), record)


@display(description="asked for in calls")
def calls(appointment: Appointment) -> str:
    """Shown on the appointment's page, which knows nothing of calls."""
    rows: QuerySet[ToolCall] = appointment.tool_calls.order_by("received")
    records = list(sight.visible(rows, vars(appointment)["reader"]))
    known = Call.objects.in_bulk({one.conversation for one in records}, field_name="conversation")
    lines = (
        [
            link_to_call(known.get(one.conversation), appointment),
            link(one, appointment),
            one.sentence,
        ]
        for one in records
    )
    return format_html_join("", "<p>{}: {} {}</p>", lines) or "none"


extra_fields.append(calls)


def call_pages(request: HttpRequest, conversations: Collection[str]) -> dict[str, str]:
    """The addresses of the pages of these calls, for the inbox."""
    if not request.user.has_perm("assistants.view_call"):
        return {}
    rows = Call.objects.filter(conversation__in=conversations).values_list("conversation", "pk")
    return {conversation: page_of(pk) for conversation, pk in rows}


def calls_of_patient(request: HttpRequest, patient: Patient) -> list[CallLine]:
    """The calls from one of the patient's numbers, and those that changed a visit of theirs."""
    if not request.user.has_perm("assistants.view_call"):
        return []
    asked = ToolCall.objects.filter(Q(appointment__patient=patient) | Q(caller__in=patient.numbers))
    rows = Call.objects.filter(conversation__in=asked.values("conversation"))
    return [
        CallLine(row.received, short(row.summary), page_of(row.pk))
        for row in rows.order_by("-received")[:MOST_CALLS]
    ]


def page_of(key: int) -> str:
    return reverse("admin:assistants_call_change", args=[key])


def short(text: str) -> str:
    """The first words of a summary."""
    return textwrap.shorten(text, 160, placeholder=" …")


def calls_that_failed(request: HttpRequest, now: datetime) -> Notice | None:
    if not request.user.has_perm("assistants.view_call"):
        return None
    number = failed(Call.objects.remembered(), since=now).count()
    page = f"{reverse('admin:assistants_call_changelist')}?failed=today"
    return Notice(f"{inbox.counted(number, 'call')} failed today", page) if number else None


inbox.call_pages.append(call_pages)
patient_page.calls_of.append(calls_of_patient)
inbox.is_alarming.append(alarms.is_raised)
today.notices.append(calls_that_failed)


@admin.register(CallPolicy, site=front_desk)
class CallPolicyAdmin(SingleRowAdmin):
    pass


@admin.register(ClinicNumber, site=front_desk)
class ClinicNumberAdmin(ModelAdmin):
    """Learned from incoming calls. Staff may delete a number that the clinic has given up."""

    columns = (Column("phone", write=phone), Column("first called", "learned"))
    list_display = ["phone", "learned"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: ClinicNumber | None = None) -> bool:
        return False
