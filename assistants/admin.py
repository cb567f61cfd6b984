"""The front desk's view of the conversation: the assistant, and what it was answered."""

import json
import re
from typing import Any, TypeGuard

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.views.decorators.http import require_POST
from unfold.decorators import action, display
from unfold.widgets import UnfoldAdminTextareaWidget

from assistants import prompts, versions
from assistants.models import (
    Assistant,
    Call,
    CallPolicy,
    ClinicNumber,
    PromptVersion,
    Reception,
    ToolCall,
    TransferNumber,
)
from bookings.admin import AppointmentAdmin
from bookings.desk.actions import key_in
from bookings.models import Appointment
from tenants import organizations
from tenants.editing import ModelAdmin, SingleRowAdmin, TabularInline
from tenants.organizations import Refused
from tenants.sites import front_desk

PUBLISH = "assistants.publish_assistant"
# Who says it, and what: a line of a transcript.
TURN = re.compile(r"(\w[\w ]{0,30}): (.*)")


class PromptVersionInline(TabularInline):
    """What the assistant has run with, the newest first. Nobody edits a record."""

    model = PromptVersion
    verbose_name_plural = "prompt versions"
    fields = ["created", "change", "author", "short_digest"]
    readonly_fields = fields
    ordering = ["-number"]
    extra = 0
    per_page = 10
    can_delete = False
    show_change_link = True

    def get_queryset(self, request: HttpRequest) -> QuerySet[PromptVersion]:
        return super().get_queryset(request).defer("authority", "personality")  # type: ignore[no-any-return]

    @display(description="SHA-256")
    def short_digest(self, version: PromptVersion) -> str:
        return version.digest[:12]

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Assistant, site=front_desk)
class AssistantAdmin(ModelAdmin):
    """Who speaks; beside the form, the prompt as it would be with what is typed."""

    list_display = ["name", "first_message", "language", "is_active"]
    list_filter = ["is_active"]
    search_fields = ["name"]
    fieldsets = [
        (None, {"fields": ["name", "is_active", "first_message", "personality"]}),
        ("Voice", {"fields": ["language", "voice_provider", "voice_id"]}),
        ("Model", {"fields": ["model_provider", "model", "temperature", "max_tokens"]}),
    ]
    inlines = [PromptVersionInline]
    change_form_after_template = "assistants/prompt_preview.html"
    actions_detail = ["publish"]

    class Media:
        css = {"all": ["assistants/prompts.css"]}
        js = ["assistants/prompt_preview.js"]

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view(self.preview)
        return [path("preview/", view, name="assistants_assistant_preview"), *super().get_urls()]

    @method_decorator(require_POST)
    def preview(self, request: HttpRequest) -> JsonResponse:
        """The merged prompt of a draft, or why it is refused. Nothing is stored."""
        if not (self.has_change_permission(request) or self.has_add_permission(request)):
            raise PermissionDenied
        said = request.POST
        draft = Assistant(name=said.get("name", ""), personality=said.get("personality", ""))
        draft.tidy()
        try:
            return JsonResponse({"prompt": prompts.merged(organizations.current(), draft)})
        except prompts.Unsafe as problem:
            return JsonResponse({"problem": str(problem)})

    @action(description="Publish", permissions=["publish"])
    def publish(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Asks with a button, so that an address alone publishes nothing."""
        from assistants import (
            publishing,
            telephone,
        )  # the SDK: what serves callers has no use of it

        row, here = self.get_object(request, object_id), organizations.current()
        if row is None:
            raise Http404
        if request.method != "POST":
            outcome = publishing.compare(here, row)
            context = {
                **self.admin_site.each_context(request),
                "title": f"Publish {row}",
                "told": telephone.compared(outcome, may_publish=False),
                "can": not isinstance(outcome, publishing.NoKey),
            }
            return TemplateResponse(request, "assistants/publish.html", context)
        try:
            level, text = telephone.published(publishing.publish(here))
        except Refused as refused:
            level, text = messages.ERROR, f"Not published: {refused.reason}. Please try again."
        messages.add_message(request, level, text)
        return HttpResponseRedirect(reverse("admin:assistants_assistant_change", args=[row.pk]))

    def has_publish_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_change_permission(request) and request.user.has_perm(PUBLISH)

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """What is saved is said to be on the telephone, or not yet: asked once it is stored."""
        response = super().changeform_view(request, *args, **kwargs)
        if saved := vars(request).get("saved_assistant"):
            from assistants import publishing, telephone

            outcome = publishing.compare(organizations.current(), saved)
            told = telephone.compared(outcome, may_publish=self.has_publish_permission(request))
            messages.info(request, told)
        return response

    def save_model(self, request: HttpRequest, obj: Assistant, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        here, who = organizations.current(), request.user.get_username()
        versions.record(here, obj, author=who, now=here.now())
        vars(request)["saved_assistant"] = obj if obj.is_active else None
        if Assistant.current() is None:
            messages.warning(request, "No assistant answers calls now.")

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """The last one that answers calls stays. Versions outlive who they were of."""
        to_delete, counted, lacking, protected = super().get_deleted_objects(objs, request)
        active = Assistant.objects.filter(is_active=True)
        going = [assistant for assistant in objs if assistant.is_active]
        if going and not active.exclude(pk__in=[row.pk for row in going]).exists():
            protected = [*protected, *(f"{row}, who answers the calls" for row in going)]
        return to_delete, counted, lacking, protected


@admin.register(PromptVersion, site=front_desk)
class PromptVersionAdmin(ModelAdmin):
    """A prompt as it was, how it differs from the one before, and a way back to it."""

    list_display = ["__str__", "created", "change", "author", "short_digest"]
    list_filter = ["assistant"]
    search_fields = ["digest", "name", "author"]
    fields = ["created", "author", "change", "authority_version", "digest", "changes", "whole"]
    readonly_fields = fields
    change_form_before_template = "assistants/restore.html"

    class Media:
        css = {"all": ["assistants/prompts.css"]}

    @display(description="SHA-256")
    def short_digest(self, version: PromptVersion) -> str:
        return version.digest[:12]

    @display(description="difference")
    def changes(self, version: PromptVersion) -> SafeString:
        lines = ((KINDS[sign], f"{sign} {text}") for sign, text in versions.difference(version))
        spans = format_html_join("", '<span class="{}">{}</span>', lines)
        return format_html('<div class="difference">{}</div>', spans)

    @display(description="prompt")
    def whole(self, version: PromptVersion) -> SafeString:
        return format_html('<div class="prompt">{}</div>', version.prompt)

    def change_view(self, request: HttpRequest, object_id: str, *args: Any, **kw: Any) -> Any:
        if request.method == "POST" and "_restore" in request.POST:
            return self.restore(request, self.get_object(request, object_id))
        return super().change_view(request, object_id, *args, **kw)

    def restore(self, request: HttpRequest, version: PromptVersion | None) -> HttpResponse:
        if not may_restore(version, request):
            raise PermissionDenied
        here, who = organizations.current(), request.user.get_username()
        try:
            seen = key_in(request.POST.get("_newest", ""))
            restored = versions.restore(here, version, seen=seen, author=who, now=here.now())
            messages.success(request, f"Restored: {restored}.")
        except versions.Newer as newer:
            messages.error(request, changed_since(newer.newest))
        except prompts.Unsafe as problem:
            messages.error(request, f"It cannot be restored. {problem}")
        return HttpResponseRedirect(
            reverse("admin:assistants_assistant_change", args=[version.assistant_id])
        )

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kw: Any) -> Any:
        version = context.get("original")
        if may_restore(version, request):
            context |= {"may_restore": True, "newest": versions.newest(version.assistant)}
        return super().render_change_form(request, context, *args, **kw)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False


def changed_since(newest: PromptVersion | None) -> str:
    if newest is None:
        return "Nothing is restored: there is no version any more."
    by = f" by {newest.author}" if newest.author else ""
    at = f"{timezone.localtime(newest.created):%a %d %b %Y %H:%M}"
    return f"Nothing is restored. {newest} was written{by} on {at}: look at it, and choose again."


# How a line of a difference is shown; see prompts.css.
KINDS = {"+": "added", "-": "removed", " ": "kept", "…": "gap"}


def may_restore(version: PromptVersion | None, request: HttpRequest) -> TypeGuard[PromptVersion]:
    """Who may change assistants may; and the assistant has to be there still."""
    return (
        version is not None
        and version.assistant_id is not None
        and request.user.has_perm("assistants.change_assistant")
    )


class Record:
    """Nobody edits a record."""

    def has_add_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False


@admin.register(Call, site=front_desk)
class CallAdmin(Record, ModelAdmin):
    """What Vapi told of a call, what was asked and answered in it, and what came of it."""

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
    list_filter = ["direction", "status", "success"]
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
    def changed_diary(self, call: Any) -> bool:
        return bool(call.diary)

    @display(description="times the assistant hung")
    def times_hung(self, call: Call) -> int:
        return len(call.hangs)

    @display(description="appointments")
    def shown_appointments(self, call: Call) -> str:
        rows = call.appointments
        return format_html_join("", "<p>{}</p>", ([link(row, on=call)] for row in rows)) or "none"

    @display(description="tool calls")
    def shown_tool_calls(self, call: Call) -> str:
        told = ([link(row, on=call), row.sentence] for row in call.tool_calls)
        return format_html_join("", "<p><strong>{}</strong> {}</p>", told) or "none"

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
                f"The address expired on {timezone.localtime(expires):%d %b %Y at %H:%M}."
                f" The recording is at Vapi, with the call {call.conversation}."
            )
        return format_html(
            '<a href="{}" rel="noopener noreferrer" target="_blank">Listen at Vapi</a>',
            call.recording_url,
        )

    @display(description="structured outputs")
    def shown_outputs(self, call: Call) -> str:
        told = (named_output(*item) for item in (call.structured_outputs or {}).items())
        return format_html_join("", "<p><strong>{}</strong> {}</p>", told) or "none"


def named_output(identifier: str, output: Any) -> tuple[str, str]:
    """An output by its name at Vapi, and its result; as it came where it has neither."""
    named = output if isinstance(output, dict) else {}
    result = named.get("result", output)
    told = result if isinstance(result, str) else json.dumps(result, ensure_ascii=False)
    return str(named.get("name") or identifier), told


def turns(call: Call) -> list[tuple[str, str]]:
    """Who spoke, and what they said."""
    said = [(TURN.fullmatch(line), line) for line in call.transcript.splitlines()]
    return [(turn[1], turn[2]) if turn else ("", line) for turn, line in said]


def link(row: Call | ToolCall | Appointment, on: Any) -> str:
    """Of `row` on the page of `on`; its name alone for a reader who may not open it."""
    meta = row._meta
    if not on.reader.has_perm(f"{meta.app_label}.view_{meta.model_name}"):
        return str(row)
    page = reverse(f"admin:{meta.app_label}_{meta.model_name}_change", args=[row.pk])
    return format_html('<a href="{}">{}</a>', page, row)


def link_to_call(record: ToolCall, on: Any) -> str:
    call = Call.objects.filter(conversation=record.conversation).first()
    return link(call, on) if call else "a call that Vapi has not reported yet"


class NumberShown(admin.SimpleListFilter):
    """What callers without a number asked for shares one bound (`caps`)."""

    title = "caller shows a number"
    parameter_name = "number"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("no", "No, or one that is no person's"), ("yes", "Yes")]

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
class ToolCallAdmin(Record, ModelAdmin):
    """What was asked and what was answered."""

    list_display = ["received", "tool", "outcome", "sentence", "settled", "conversation"]
    list_filter = ["tool", "outcome", "settled", NumberShown]
    date_hierarchy = "received"
    search_fields = ["conversation", "sentence"]
    exclude = ["key"]
    readonly_fields = ["call", "caller"]

    @display(description="call")
    def call(self, record: ToolCall) -> str:
        return link_to_call(record, on=record)


front_desk.unregister(Appointment)


@admin.register(Appointment, site=front_desk)
class AppointmentWithCallsAdmin(AppointmentAdmin):
    """The diary knows of no calls; the conversation adds them to an appointment's page."""

    readonly_fields = [*AppointmentAdmin.readonly_fields, "calls"]

    class Media:
        css = {"all": ["bookings/front_desk.css"]}

    @display(description="asked for in calls")
    def calls(self, appointment: Appointment) -> str:
        records = appointment.tool_calls.order_by("received")
        told = (
            [link_to_call(record, appointment), link(record, appointment), record.sentence]
            for record in records
        )
        return format_html_join("", "<p>{}: {} {}</p>", told) or "none"


@admin.register(CallPolicy, site=front_desk)
class CallPolicyAdmin(SingleRowAdmin):
    list_display = ["__str__", "keep_days"]


@admin.register(Reception, site=front_desk)
class ReceptionAdmin(SingleRowAdmin):
    list_display = ["__str__", "address", "notes", "emergency", "closing"]

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Notes are written in lines."""
        if db_field.name == "notes":
            kwargs["widget"] = UnfoldAdminTextareaWidget
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False


@admin.register(TransferNumber, site=front_desk)
class TransferNumberAdmin(ModelAdmin):
    list_display = ["__str__", "phone"]


@admin.register(ClinicNumber, site=front_desk)
class ClinicNumberAdmin(ModelAdmin):
    """Learned from the calls themselves. One that the clinic gave up may be a person's one day."""

    list_display = ["phone", "learned"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False
