"""Editing: the base classes of the pages of both admin sites."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib.admin.utils import get_fields_from_path, unquote
from django.contrib.postgres.forms import SimpleArrayField
from django.core.exceptions import PermissionDenied
from django.db import models
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from tenants import history, organizations, sight
from tenants.exporting import Exporting
from tenants.history import Event
from tenants.theme import InlineRow, Row, ThemedInline
from tenants.versions import LastChange, PageVersion, VersionedForm, VersionedInlineForm, digest

if TYPE_CHECKING:
    InlineFormSet = forms.BaseInlineFormSet[
        models.Model, models.Model, forms.ModelForm[models.Model]
    ]

# Sent back by a form whose user has seen what the save leaves behind and saves anyway.
KNOWN = "_known"
# A day that is written so has one meaning everywhere. The first is what a field shows.
DAY_FORMATS = [
    "%Y-%m-%d", "%d.%m.%Y", "%d %b %Y", "%d %B %Y",
    "%b %d %Y", "%b %d, %Y", "%B %d %Y", "%B %d, %Y",
]  # fmt: skip


class AskFirst(Exception):
    """Raised to roll back a save: what it would leave behind, one line each, that its user has not
    seen yet."""

    def __init__(self, concerns: list[str]) -> None:
        super().__init__("asked first")
        self.concerns = concerns

    @property
    def known(self) -> str:
        return digest(self.concerns)


class SeenRows:
    """Shows the rows that the user sees, and offers no others in the fields of a form."""

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return sight.visible(super().get_queryset(request), request.user)  # type: ignore[misc]

    def get_field_queryset(
        self, db: str | None, db_field: Any, request: HttpRequest
    ) -> QuerySet[Any] | None:
        found: QuerySet[Any] | None = super().get_field_queryset(  # type: ignore[misc]
            db, db_field, request
        )
        if not sight.is_bound(request.user):
            return found
        rows = db_field.remote_field.model._default_manager.all() if found is None else found
        return sight.visible(rows, request.user)

    def formfield_for_dbfield(
        self, db_field: Any, request: HttpRequest, **kwargs: Any
    ) -> forms.Field | None:
        field: forms.Field | None = super().formfield_for_dbfield(  # type: ignore[misc]
            db_field, request, **kwargs
        )
        if isinstance(field, forms.SplitDateTimeField):
            read_as_written_here(field.fields[0])
        else:
            read_as_written_here(getattr(field, "base_field", field))
        return field


def read_as_written_here(field: forms.Field | None) -> None:
    """A day is typed as people of the clinic's country write it: 03/04/1985 is in April in London,
    and in March in New York."""
    if isinstance(field, forms.DateField):
        is_month_first = organizations.current().writes_month_first
        here = ["%m/%d/%Y", "%m/%d/%y"] if is_month_first else ["%d/%m/%Y", "%d/%m/%y"]
        field.input_formats = [*DAY_FORMATS, *here]
        field.error_messages["invalid"] = (
            "Write the day as 2026-12-31, or choose it in the calendar."
        )


class ModelAdmin(SeenRows, Exporting[Row]):
    """The base class of every admin page here.

    Fields named in `unversioned` may change while a page is open.
    """

    change_form_before_template = "tenants/version.html"
    object_history_template = "tenants/history.html"
    unversioned: tuple[str, ...] = ()
    # The title it is under in the sidebar; without one, the name of the app.
    menu_group = ""
    # The query of the list's address that shows all rows.
    all_rows = ""
    # What staff do with a row that others refer to, as it cannot be deleted.
    instead_of_deleting = ""

    def get_list_filter(self, request: HttpRequest) -> list[Any]:
        """Without those that name rows of another model, for who sees only some of these."""
        found = super().get_list_filter(request)
        is_bound = sight.is_bound(request.user)
        return [one for one in found if not is_bound or not self.names_rows(one)]

    def names_rows(self, chosen: Any) -> bool:
        """Whether the choices of this filter are rows."""
        field = chosen[0] if isinstance(chosen, list | tuple) else chosen
        return isinstance(field, str) and get_fields_from_path(self.model, field)[-1].is_relation

    def lock(self, obj: Row) -> Row | None:
        """The row as it is now, locked until the transaction ends; None if it is gone."""
        rows = self.model._base_manager.select_for_update(no_key=True, of=("self",))
        return rows.filter(pk=obj.pk).first()

    def last_change(self, obj: Row) -> LastChange | None:
        entry = history.entries(obj).last()
        return LastChange(entry.user.get_username(), entry.action_time) if entry else None

    def made_by(self, obj: Row) -> str:
        """Who made a row that was not added at the desk; "" if that is not known."""
        return ""

    def events(self, request: HttpRequest, obj: Row) -> list[Event]:
        """What happened to `obj`, the oldest first."""
        return [
            *history.added_elsewhere(obj, self.made_by(obj)),
            *history.events(history.entries(obj)),
        ]

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, object] | None = None
    ) -> HttpResponse:
        """Shows all that is stored about the row's past, not only the desk's log."""
        obj = self.get_object(request, unquote(object_id))
        events = [] if obj is None else self.events(request, obj)
        context = {"events": events, **(extra_context or {})}
        return super().history_view(request, object_id, context)

    def row_as_stored(self, obj: Row) -> Row:
        """The row from the database: a refused form has changed `obj`, but did not store it."""
        return self.model._base_manager.filter(pk=obj.pk).first() or obj

    def filled_in(self) -> Row | None:
        """The row that a page to add one begins with, where there can be but one."""
        return None

    def concerns(self, obj: Row) -> list[str]:
        """Problems of `obj` as it is stored now, one line each.

        If a save adds to them, the user is asked before it is kept.
        """
        return []

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, object] | None = None,
    ) -> HttpResponse:
        """A save that would leave something behind is rolled back, and the form asks first."""
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except AskFirst as asked:
            vars(request)["asked_first"] = asked
            return super().changeform_view(request, object_id, form_url, extra_context)

    def get_object(
        self, request: HttpRequest, object_id: str, from_field: str | None = None
    ) -> Row | None:
        obj = super().get_object(request, object_id, from_field)
        if obj is None and sight.is_bound(request.user):
            raise Http404
        if obj is not None:
            vars(obj)["reader"] = request.user
        if obj is not None and request.method == "POST":
            vars(request)["concerns_before"] = self.concerns(obj)
        return obj

    def get_deleted_objects(
        self, objs: "Sequence[Row] | QuerySet[Row]", request: HttpRequest
    ) -> tuple[list[str], dict[str, int], set[str], list[str]]:
        """What would be deleted. If other rows refer to one of `objs`, the page names this reason
        alone, and no missing rights."""
        found, counted, lacking, protected = super().get_deleted_objects(objs, request)
        if not protected:
            return found, counted, lacking, protected
        return found, counted, set(), [*protected, *filter(None, [self.instead_of_deleting])]

    def save_related(
        self,
        request: HttpRequest,
        form: "forms.ModelForm[Row]",
        formsets: "Iterable[InlineFormSet]",
        change: bool,
    ) -> None:
        super().save_related(request, form, formsets, change)
        if not sight.sees(form.instance, request.user):
            raise PermissionDenied
        before = getattr(request, "concerns_before", [])
        added = [line for line in self.concerns(form.instance) if line not in before]
        asked = AskFirst(added)
        if added and request.POST.get(KNOWN) != asked.known:
            raise asked

    def get_form(
        self, request: HttpRequest, obj: Row | None = None, change: bool = False, **kwargs: object
    ) -> "type[forms.ModelForm[Row]]":
        form = super().get_form(request, obj, change, **kwargs)
        page = PageVersion(self, request)
        versioned: type[forms.ModelForm[Row]] = type(
            form.__name__, (VersionedForm, form), {"page": page}
        )
        name_entries(versioned.base_fields.values())
        return versioned

    def render_change_form(
        self,
        request: HttpRequest,
        context: dict[str, Any],
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: Row | None = None,
    ) -> HttpResponse:
        context |= {"asked": getattr(request, "asked_first", None), **self.beside(request, obj)}
        shown = obj or self.filled_in()
        if shown is not None and self.has_change_permission(request, shown):
            page = PageVersion(self, request)
            context["version"] = page.now(self.row_as_stored(shown))
            page.show_untouched(context["inline_admin_formsets"])
        return super().render_change_form(request, context, add, change, form_url, obj)

    def beside(self, request: HttpRequest, obj: Row | None) -> dict[str, Any]:
        """What the template of the form shows beside it; `obj` is None where one is added."""
        return {}


def name_entries(fields: Iterable[forms.Field]) -> None:
    """Let the errors of a list field speak of an entry, not of an item in an array."""
    for field in fields:
        if isinstance(field, SimpleArrayField):
            field.error_messages["item_invalid"] = "Entry %(nth)s:"


class SingleRowAdmin(ModelAdmin[Row]):
    """An admin page for a model of which an org has at most one row: a form in place of a list.

    The page that adds it carries a version, too, of what it fills in: a colleague may have made the
    row since it was opened, and then a save is one over that row.
    """

    change_form_template = "tenants/single_row.html"
    show_add_link = False
    not_exported = "One row, which is a form and no list."

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, object] | None = None,
    ) -> HttpResponse:
        row = None if object_id else self.model._default_manager.first()
        if row is not None and request.method != "POST":
            return redirect(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", row.pk)
        key = str(row.pk) if row else object_id
        return super().changeform_view(request, key, form_url, extra_context)

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, object] | None = None
    ) -> HttpResponse:
        row = self.model._default_manager.first()
        page = f"admin:{self.opts.app_label}_{self.opts.model_name}"
        if row is not None and self.has_view_or_change_permission(request, row):
            return redirect(f"{page}_change", row.pk)
        if row is None and self.has_add_permission(request):
            return redirect(f"{page}_add")
        return super().changelist_view(request, extra_context)

    def filled_in(self) -> Row | None:
        return self.model()

    def beside(self, request: HttpRequest, obj: Row | None) -> dict[str, Any]:
        return {"show_save_and_add_another": False}

    def has_add_permission(self, request: HttpRequest) -> bool:
        return super().has_add_permission(request) and not self.model._default_manager.exists()


class TabularInline(SeenRows, ThemedInline[InlineRow, Row]):
    def get_formset(
        self, request: HttpRequest, obj: Row | None = None, **kwargs: object
    ) -> "type[forms.BaseInlineFormSet[InlineRow, Row, forms.ModelForm[InlineRow]]]":
        formset = super().get_formset(request, obj, **kwargs)
        formset.form = type(formset.form.__name__, (VersionedInlineForm, formset.form), {})
        name_columns(formset.form.base_fields)
        return formset


def name_columns(fields: Mapping[str, forms.Field]) -> None:
    """Name the fields of a row for screen readers: only the head of a column shows their labels."""
    for name, field in fields.items():
        label = str(field.label or name.replace("_", " "))
        field.widget.attrs.setdefault("aria-label", label[:1].upper() + label[1:])
