"""The pages of assistants, and of every prompt each has run with."""

from collections.abc import Sequence
from typing import Any, TypeGuard

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import URLPattern, path, reverse
from django.utils.decorators import method_decorator
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.views.decorators.http import require_POST
from unfold.decorators import action, display

from assistants.admin.records import RecordAdmin
from assistants.models import Assistant, PromptVersion
from assistants.prompts import authority, versions
from bookings.desk.actions import key_in
from bookings.desk.inlines import ReadOnlyInline
from tenants import organizations
from tenants.editing import ModelAdmin
from tenants.moments import moment_in_words
from tenants.organizations import Refused
from tenants.sites import front_desk

PUBLISH = "assistants.publish_assistant"
Context = dict[str, Any]  # of a template


@display(description="SHA-256")
def short_digest(version: PromptVersion) -> str:
    return version.digest[:12]


class PromptVersionInline(ReadOnlyInline):
    """The prompts that the assistant has run with, the newest first."""

    model = PromptVersion
    verbose_name_plural = "prompt versions"
    readonly_fields = ("created", "change", "author", short_digest)
    fields = readonly_fields
    ordering = ["-number"]
    per_page = 10
    show_change_link = True

    def get_queryset(self, request: HttpRequest) -> QuerySet[PromptVersion]:
        return super().get_queryset(request).defer("authority", "personality")


@admin.register(Assistant, site=front_desk)
class AssistantAdmin(ModelAdmin):
    """Who speaks. Beside the form is the prompt as it would be with what is typed."""

    not_exported = "Texts that are published, with versions of their own."
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

    def get_urls(self) -> list[URLPattern]:
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
            return JsonResponse({"prompt": authority.merged(organizations.current(), draft)})
        except authority.Unsafe as problem:
            return JsonResponse({"problem": str(problem)})

    @action(description="Publish", permissions=["publish"])
    def publish(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Asks with a button, so that an address alone publishes nothing."""
        from assistants.provisioning import publishing, telephone

        row, here = self.get_object(request, object_id), organizations.current()
        if row is None:
            raise Http404
        if request.method != "POST":
            outcome = publishing.compare(here, row)
            context = {
                "title": f"Publish {row}",
                "comparison": telephone.compared(outcome, may_publish=False),
                "can": not isinstance(outcome, publishing.NoKey),
            }
            return front_desk.render(request, "assistants/publish.html", context)
        try:
            level, text = telephone.published(publishing.publish(here))
        except Refused as refused:
            level, text = messages.ERROR, f"Not published: {refused.reason}. Please try again."
        messages.add_message(request, level, text)
        return HttpResponseRedirect(reverse("admin:assistants_assistant_change", args=[row.pk]))

    def has_publish_permission(self, request: HttpRequest, obj: Assistant | None = None) -> bool:
        return self.has_change_permission(request) and request.user.has_perm(PUBLISH)

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: Context | None = None,
    ) -> HttpResponse:
        """After a save, tells whether it is published. Vapi is asked once the row is stored."""
        response: HttpResponse = super().changeform_view(
            request, object_id, form_url, extra_context
        )
        if saved := vars(request).get("saved_assistant"):
            from assistants.provisioning import publishing, telephone

            outcome = publishing.compare(organizations.current(), saved)
            may_publish = self.has_publish_permission(request)
            messages.info(request, telephone.compared(outcome, may_publish=may_publish))
        return response

    def save_model(
        self, request: HttpRequest, obj: Assistant, form: forms.BaseForm, change: bool
    ) -> None:
        super().save_model(request, obj, form, change)
        here, who = organizations.current(), request.user.get_username()
        versions.record(here, obj, author=who, now=here.now())
        vars(request)["saved_assistant"] = obj if obj.is_active else None
        if Assistant.current() is None:
            messages.warning(request, "No assistant answers calls now.")

    def get_deleted_objects(
        self, objs: Sequence[Assistant] | QuerySet[Assistant], request: HttpRequest
    ) -> tuple[list[str], dict[str, int], set[str], list[str]]:
        """The last assistant that answers calls cannot be deleted. Prompt versions are kept."""
        to_delete, counted, lacking, protected = super().get_deleted_objects(objs, request)
        active = Assistant.objects.filter(is_active=True)
        going = [assistant for assistant in objs if assistant.is_active]
        if going and not active.exclude(pk__in=[row.pk for row in going]).exists():
            protected = [*protected, *(f"{row}, who answers the calls" for row in going)]
        return to_delete, counted, lacking, protected


@admin.register(PromptVersion, site=front_desk)
class PromptVersionAdmin(RecordAdmin):
    """A prompt as it was, how it differs from the one before, and a way back to it."""

    not_exported = "Whole prompts. The page of each shows what changed."
    list_display = ["__str__", "created", "change", "author", short_digest]
    list_filter = ["assistant"]
    search_fields = ["digest", "name", "author"]
    readonly_fields = (
        "created",
        "author",
        "change",
        "authority_version",
        "digest",
        "changes",
        "whole",
    )
    fields = readonly_fields
    change_form_before_template = "assistants/restore.html"

    class Media:
        css = {"all": ["assistants/prompts.css"]}

    @display(description="difference")
    def changes(self, version: PromptVersion) -> SafeString:
        lines = ((KINDS[sign], f"{sign} {text}") for sign, text in versions.difference(version))
        spans = format_html_join("", '<span class="{}">{}</span>', lines)
        return format_html('<div class="difference">{}</div>', spans)

    @display(description="prompt")
    def whole(self, version: PromptVersion) -> SafeString:
        return format_html('<div class="prompt">{}</div>', version.prompt)

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: Context | None = None,
    ) -> HttpResponse:
        if request.method == "POST" and "_restore" in request.POST:
            return self.restore(request, self.get_object(request, object_id))
        page: HttpResponse = super().change_view(request, object_id, form_url, extra_context)
        return page

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
        except authority.Unsafe as problem:
            messages.error(request, f"It cannot be restored. {problem}")
        return HttpResponseRedirect(
            reverse("admin:assistants_assistant_change", args=[version.assistant_id])
        )

    def beside(self, request: HttpRequest, obj: PromptVersion | None) -> Context:
        if not may_restore(obj, request):
            return {}
        return {"may_restore": True, "newest": versions.newest(obj.assistant)}


def changed_since(newest: PromptVersion | None) -> str:
    if newest is None:
        return "Nothing is restored: there is no version any more."
    by = f" by {newest.author}" if newest.author else ""
    at = moment_in_words(newest.created)
    return f"Nothing is restored. {newest} was written{by} on {at}: look at it, and choose again."


# How a line of a difference is shown; see prompts.css.
KINDS = {"+": "added", "-": "removed", " ": "kept", "…": "gap"}


def may_restore(version: PromptVersion | None, request: HttpRequest) -> TypeGuard[PromptVersion]:
    """Users who may change assistants may restore, if the assistant still exists."""
    return (
        version is not None
        and version.assistant_id is not None
        and request.user.has_perm("assistants.change_assistant")
    )
