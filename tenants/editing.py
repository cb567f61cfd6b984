"""Editing: a page carries the version of what it showed; a save over a newer one is refused.

A version is a signed digest of each field, so the refusal can name what has changed. Fields the
user did not touch then show the row as it is now, and what was typed stays: saving once more keeps
both. One mechanism for every page of the two admin sites.
"""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.contrib.admin.helpers import InlineAdminFormSet
from django.contrib.admin.utils import get_fields_from_path, unquote
from django.contrib.postgres.forms import SimpleArrayField
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import QuerySet
from django.forms.models import model_to_dict
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.crypto import salted_hmac

from tenants import history, organizations, sight
from tenants.exporting import Exporting
from tenants.history import Event
from tenants.moments import moment_in_words
from tenants.theme import InlineRow, Row, ThemedInline

if TYPE_CHECKING:
    Field = models.Field[object, object]
    Form = forms.ModelForm[models.Model]
    InlineFormSet = forms.BaseInlineFormSet[models.Model, models.Model, Form]

VERSION = "_version"
# Sent back by a form whose user has seen what the save leaves behind and saves anyway.
KNOWN = "_known"
SALT = "tenants.editing"
# A day that is written so has one meaning everywhere. The first is what a field shows.
DAY_FORMATS = [
    "%Y-%m-%d", "%d.%m.%Y", "%d %b %Y", "%d %B %Y",
    "%b %d %Y", "%b %d, %Y", "%B %d %Y", "%B %d, %Y",
]  # fmt: skip

Digests = dict[str, str]
# Keyed by row: "" is the page's own row; an inline's row is its model's label and primary key.
Version = dict[str, Digests]


@dataclass(frozen=True, slots=True)
class LastChange:
    """`by`: a user name, or words such as "a caller", as staff read it."""

    by: str
    at: datetime


class AskFirst(Exception):
    """Raised to roll back a save: what it would leave behind, one line each, that its user has not
    seen yet."""

    def __init__(self, concerns: list[str]) -> None:
        super().__init__("asked first")
        self.concerns = concerns

    @property
    def known(self) -> str:
        return digest(self.concerns)


class ShownBoundField(forms.BoundField):
    """Shows the current value of an unchanged field, although the form is bound."""

    def value(self) -> object:
        if self.name in getattr(self.form, "untouched", ()):
            return self.field.prepare_value(self.initial)
        return super().value()


class VersionedForm(forms.ModelForm):  # type: ignore[type-arg]
    """Compares versions first in `clean`, while it holds the row's lock."""

    bound_field_class = ShownBoundField
    page: "PageVersion | None" = None
    untouched: frozenset[str] = frozenset()

    def clean(self) -> dict[str, object] | None:
        if self.page:
            self.page.check(self)
        return super().clean()


class VersionedInlineForm(forms.ModelForm):  # type: ignore[type-arg]
    bound_field_class = ShownBoundField
    untouched: frozenset[str] = frozenset()


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


class PageVersion:
    """The versions of a row and its inline rows that the submitted page was showing."""

    def __init__(self, admin: ModelAdmin[Row], request: HttpRequest) -> None:
        self.admin: ModelAdmin = admin
        self.request = request

    def now(self, obj: models.Model) -> str:
        """The version that the page has to send back, as a hidden field."""
        return signing.dumps(self.digests(obj), salt=SALT, compress=True)

    def now_of(self, rows: Iterable[models.Model]) -> str:
        """The same for a page that asks about several rows."""
        digests = {name_of(row): digests_of(row, self.admin.unversioned) for row in rows}
        return signing.dumps(digests, salt=SALT, compress=True)

    def changed(self, rows: Iterable[models.Model]) -> str:
        """What of `rows` has changed since the page that asked about them was opened, or "".

        Call it while the rows are locked.
        """
        return " ".join(filter(None, map(self.changed_in, rows)))

    def changed_in(self, row: models.Model) -> str:
        shown = (self.shown() or {}).get(name_of(row))
        if shown is None:
            return f"{row} was not on the page you opened."
        names = differing(shown, digests_of(row, self.admin.unversioned))
        if not names:
            return ""
        changes = "; ".join(described(row, name) for name in names)
        return f"{row} has changed since you opened the page{self.by_whom(row)}: {changes}."

    def shown(self) -> Version | None:
        """The version that was sent back; None if it is missing or its signature is wrong."""
        try:
            version: Version = signing.loads(self.request.POST.get(VERSION, ""), salt=SALT)
        except signing.BadSignature:
            return None
        return version

    def digests(self, obj: models.Model | None) -> Version:
        unversioned = self.admin.unversioned
        found = {"": digests_of(obj, unversioned)} if obj is not None else {}
        return found | {name: digests_of(row) for name, row in self.inline_rows(obj)}

    def inline_rows(self, obj: models.Model | None) -> Iterator[tuple[str, models.Model]]:
        """The rows that are edited in the page of `obj`."""
        for inline in self.admin.get_inline_instances(self.request, obj) if obj else ():
            if not inline.has_change_permission(self.request, obj):
                continue
            for row in inline.get_formset(self.request, obj)(instance=obj).get_queryset():
                yield name_of(row), row

    def check(self, form: VersionedForm) -> None:
        """Adds an error to `form` if its user must confirm something before it is saved."""
        if not form.instance._state.adding:
            self.compare(form)
        if hasattr(self.request, "asked_first"):
            form.add_error(None, "Please look at what this leaves behind, and save once more.")

    def compare(self, form: VersionedForm) -> None:
        """Adds an error to `form` if its row, or one edited in its page, has changed."""
        shown, current = self.shown(), self.admin.lock(form.instance)
        if current is None:
            form.add_error(None, "It has been deleted since you opened this page.")
            return
        if shown is None:
            form.add_error(None, "Please save again: this page did not say what it showed.")
            return
        now = self.digests(current)
        if shown == now:
            return
        form.untouched = untouched_fields(form, shown.get("", {}))
        form.initial = {**form.initial, **model_to_dict(current)}
        typed = form.cleaned_data.keys() - form.untouched
        form.add_error(None, self.refusal(current, shown, now, typed))

    def show_untouched(self, inlines: Iterable[InlineAdminFormSet]) -> None:
        """Also in the inline rows: unchanged fields show their current values."""
        shown = self.shown() or {}
        for inline in inlines:
            for form in inline.formset.initial_forms if inline.formset.is_bound else ():
                untouched = untouched_fields(form, shown.get(name_of(form.instance), {}))
                vars(form)["untouched"] = untouched

    def refusal(
        self, current: models.Model, shown: Version, now: Version, typed: Collection[str]
    ) -> str:
        """`typed` are the fields that the user changed: the next save replaces what others wrote
        in them."""
        names = differing(shown.get("", {}), now.get("", {}))
        fields = [described(current, name) for name in names]
        rows = [name for name in {**shown, **now} if name and shown.get(name) != now.get(name)]
        changes = "; ".join([*fields, *(["its rows below"] if rows else [])])
        replaced = [label_of(current, name) for name in names if name in typed]
        again = f"replace {', '.join(replaced)} by yours" if replaced else "keep both"
        return (
            f"Changed since you opened this page{self.by_whom(current)}: {changes}. What you typed"
            f" is kept, and all else is shown as it is now. Save again to {again}."
        )

    def by_whom(self, current: models.Model) -> str:
        change = self.admin.last_change(current)
        if change is None:
            return ""
        return f", by {change.by} on {moment_in_words(change.at)}"


def name_of(row: models.Model) -> str:
    return f"{row._meta.label_lower} {row.pk}"


def fields_of(obj: models.Model) -> "list[Field]":
    """The fields of `obj` that are stored, with its many-to-many fields."""
    return [*obj._meta.concrete_fields, *obj._meta.many_to_many]


def digests_of(obj: models.Model, without: Iterable[str] = ()) -> Digests:
    """A digest of every stored field: it shows that a value changed, and not what it was."""
    return {
        field.name: digest(stored(obj, field))
        for field in fields_of(obj)
        if field.name not in without and not field.primary_key
    }


def stored(obj: models.Model, field: "Field") -> object:
    if field.many_to_many:
        return sorted(str(pk) for pk in getattr(obj, field.name).values_list("pk", flat=True))
    return getattr(obj, field.attname)


def digest(value: object) -> str:
    """Line ends and outer spaces are normalised, because browsers change them."""
    if isinstance(value, str):
        value = value.replace("\r\n", "\n").strip()
    text = json.dumps(value, cls=PlainEncoder, sort_keys=True)
    return salted_hmac(SALT, text).hexdigest()[:12]


class PlainEncoder(DjangoJSONEncoder):
    """Instants as UTC; a value that JSON does not know as its text."""

    def default(self, o: object) -> object:
        if isinstance(o, datetime):
            return o.timestamp()
        try:
            return super().default(o)
        except TypeError:
            return str(o)


def untouched_fields(form: "Form", shown: Mapping[str, str]) -> frozenset[str]:
    """The fields whose value is the one the page showed."""
    fields = {field.name: field for field in fields_of(form.instance)}
    said = getattr(form, "cleaned_data", {})
    return frozenset(
        name
        for name, value in said.items()
        if name in shown and digest(as_stored(fields[name], value)) == shown[name]
    )


def as_stored(field: "Field", value: object) -> object:
    if field.many_to_many:
        return sorted(str(row.pk) for row in cast("Iterable[models.Model]", value))
    return value.pk if isinstance(value, models.Model) else value


def differing(one: Digests, other: Digests) -> list[str]:
    return [name for name in other if one.get(name) != other[name]]


def field_of(obj: models.Model, name: str) -> "Field":
    [field] = (field for field in fields_of(obj) if field.name == name)
    return field


def label_of(obj: models.Model, name: str) -> str:
    return str(field_of(obj, name).verbose_name)


def described(obj: models.Model, name: str) -> str:
    """“status is now Cancelled”; for a long or secret value or a list, only that it changed."""
    field, label = field_of(obj, name), label_of(obj, name)
    shown = getattr(obj, f"get_{name}_display", None)
    value = shown() if shown else (None if field.many_to_many else getattr(obj, name))
    if isinstance(value, datetime):
        value = moment_in_words(value)
    if isinstance(value, str) and 0 < len(value) <= 60 and name != "password":
        return f"{label} is now {value}"
    if isinstance(value, models.Model):
        return f"{label} is now {value}"
    return f"{label} changed"
