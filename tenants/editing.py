"""Editing: a page carries the version of what it showed; a save over a newer one is refused.

A version is a signed digest of each field, so the refusal can name what has changed. Fields the
user did not touch then show the row as it is now, and what was typed stays: saving once more keeps
both. One mechanism for every page of the two admin sites.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.contrib.admin.utils import unquote
from django.contrib.postgres.forms import SimpleArrayField
from django.core import signing
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.forms.models import model_to_dict
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.crypto import salted_hmac
from unfold.admin import ModelAdmin as ThemedAdmin
from unfold.admin import TabularInline as ThemedInline

from tenants import history
from tenants.history import Event

VERSION = "_version"
# Carried back by a page that was told what its save leaves behind, and saves all the same.
KNOWN = "_known"
SALT = "tenants.editing"

Digests = dict[str, str]
# By row: "" for the row of the page itself, else the label of an inline's model and the key.
Version = dict[str, Digests]


@dataclass(frozen=True, slots=True)
class LastChange:
    """`by` as staff read it: a user name, or who else it was."""

    by: str
    at: datetime


class AskFirst(Exception):
    """What a save would leave behind, a line each, that its user was not told of yet."""

    def __init__(self, concerns: list[str]) -> None:
        super().__init__("asked first")
        self.concerns = concerns

    @property
    def known(self) -> str:
        return digest(self.concerns)


class ShownBoundField(forms.BoundField):
    """Shows a field nobody typed in as it stands now, although the form is bound."""

    def value(self) -> Any:
        if self.name in getattr(self.form, "untouched", ()):
            return self.field.prepare_value(self.initial)
        return super().value()


class VersionedForm(forms.ModelForm):  # type: ignore[type-arg]
    """Compares before it is cleaned any further, behind the lock of the row."""

    bound_field_class = ShownBoundField
    page: "PageVersion | None" = None
    untouched: frozenset[str] = frozenset()

    def clean(self) -> Any:
        if self.page:
            self.page.check(self)
        return super().clean()


class VersionedInlineForm(forms.ModelForm):  # type: ignore[type-arg]
    bound_field_class = ShownBoundField
    untouched: frozenset[str] = frozenset()


class ModelAdmin(ThemedAdmin):
    """Of every page of this project. `unversioned` fields may change under an open page."""

    change_form_before_template = "tenants/version.html"
    object_history_template = "tenants/history.html"
    unversioned: tuple[str, ...] = ()
    # What staff do with a row that others refer to, as it cannot be deleted.
    instead_of_deleting = ""

    def hold(self, obj: Any) -> Any:
        """The row as it is now, held until the transaction ends; None when it is gone."""
        rows = type(obj)._base_manager.select_for_update(no_key=True, of=("self",))
        return rows.filter(pk=obj.pk).first()

    def last_change(self, obj: Any) -> LastChange | None:
        entry = history.entries(obj).last()
        return LastChange(entry.user.get_username(), entry.action_time) if entry else None

    def made_by(self, obj: Any) -> str:
        """Who made a row that was not added at the desk; "" where nothing tells."""
        return ""

    def events(self, request: HttpRequest, obj: Any) -> list[Event]:
        """What happened to `obj`, the oldest first."""
        return [*history.added_elsewhere(obj, self.made_by(obj)), *history.at_the_desk(obj)]

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: Any = None
    ) -> HttpResponse:
        """Tells what is kept of the row, not only what the desk's log has."""
        obj = self.get_object(request, unquote(object_id))
        events = [] if obj is None else self.events(request, obj)
        context = {"events": events, **(extra_context or {})}
        page: HttpResponse = super().history_view(request, object_id, context)
        return page

    def row_as_stored(self, obj: Any) -> Any:
        """Without what a form that was refused has written into it."""
        return self.model._base_manager.filter(pk=obj.pk).first() or obj

    def filled_in(self) -> Any:
        """The row that a page to add one begins with, where there can be but one."""
        return None

    def concerns(self, obj: Any) -> list[str]:
        """What stands out at `obj` as it is stored, a line each. What a save adds to them is asked
        about before it is kept."""
        return []

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, *args: Any, **kwargs: Any
    ) -> Any:
        """A save that leaves something behind is undone, and the form asks about it."""
        try:
            return super().changeform_view(request, object_id, *args, **kwargs)
        except AskFirst as asked:
            vars(request)["asked_first"] = asked
            return super().changeform_view(request, object_id, *args, **kwargs)

    def get_object(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        obj = super().get_object(request, *args, **kwargs)
        if obj is not None:
            vars(obj)["reader"] = request.user
        if obj is not None and request.method == "POST":
            vars(request)["concerns_before"] = self.concerns(obj)
        return obj

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """Where others refer to a row, that is why it stays, and no lack of rights."""
        found, counted, lacking, protected = super().get_deleted_objects(objs, request)
        if not protected:
            return found, counted, lacking, protected
        return found, counted, set(), [*protected, *filter(None, [self.instead_of_deleting])]

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        before = getattr(request, "concerns_before", [])
        added = [line for line in self.concerns(form.instance) if line not in before]
        asked = AskFirst(added)
        if added and request.POST.get(KNOWN) != asked.known:
            raise asked

    def get_form(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, **kwargs)
        page = PageVersion(self, request)
        versioned: Any = type(form.__name__, (VersionedForm, form), {"page": page})
        name_entries(versioned.base_fields.values())
        return versioned

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> Any:
        context["asked"] = getattr(request, "asked_first", None)
        original = context.get("original")
        shown = self.filled_in() if original is None else original
        if shown is not None and self.has_change_permission(request, shown):
            page = PageVersion(self, request)
            context["version"] = page.now(self.row_as_stored(shown))
            page.show_untouched(context["inline_admin_formsets"])
        return super().render_change_form(request, context, *args, **kwargs)


def name_entries(fields: Iterable[forms.Field]) -> None:
    """What is wrong in a list is told of its entry, not of an item in an array."""
    for field in fields:
        if isinstance(field, SimpleArrayField):
            field.error_messages["item_invalid"] = "Entry %(nth)s:"


class SingleRowAdmin(ModelAdmin):
    """Of a model an org has one row of, at most.

    The page that adds it carries a version, too, of what it fills in: a colleague may have made the
    row since it was opened, and then a save is one over that row.
    """

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, *args: Any, **kwargs: Any
    ) -> Any:
        row = None if object_id else self.model._default_manager.first()
        if row is not None and request.method != "POST":
            return redirect(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", row.pk)
        return super().changeform_view(request, str(row.pk) if row else object_id, *args, **kwargs)

    def filled_in(self) -> Any:
        return self.model()

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> Any:
        context["show_save_and_add_another"] = False
        return super().render_change_form(request, context, *args, **kwargs)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return bool(
            super().has_add_permission(request) and not self.model._default_manager.exists()
        )


class TabularInline(ThemedInline):
    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        formset = super().get_formset(request, obj, **kwargs)
        formset.form = type(formset.form.__name__, (VersionedInlineForm, formset.form), {})
        return formset


class PageVersion:
    """What a request's page showed of a row and of the rows edited in it."""

    def __init__(self, admin: ModelAdmin, request: HttpRequest) -> None:
        self.admin, self.request = admin, request

    def now(self, obj: Any) -> str:
        """To be carried by the page."""
        return signing.dumps(self.digests(obj), salt=SALT, compress=True)

    def now_of(self, rows: Iterable[Any]) -> str:
        """To be carried by a page that asks about several rows."""
        digests = {name_of(row): digests_of(row, self.admin.unversioned) for row in rows}
        return signing.dumps(digests, salt=SALT, compress=True)

    def changed(self, rows: Iterable[Any]) -> str:
        """What of `rows` is otherwise than the page that asked about them showed it, "" where
        nothing is. To be called behind their locks."""
        return " ".join(filter(None, map(self.changed_in, rows)))

    def changed_in(self, row: Any) -> str:
        shown = (self.shown() or {}).get(name_of(row))
        if shown is None:
            return f"{row} was not on the page you opened."
        names = differing(shown, digests_of(row, self.admin.unversioned))
        if not names:
            return ""
        told = "; ".join(stands(row, name) for name in names)
        return f"{row} has changed since you opened the page{self.by_whom(row)}: {told}."

    def shown(self) -> Version | None:
        """None when the page carried none, or one that is not ours."""
        try:
            version: Version = signing.loads(self.request.POST.get(VERSION, ""), salt=SALT)
        except signing.BadSignature:
            return None
        return version

    def digests(self, obj: Any) -> Version:
        unversioned = self.admin.unversioned
        found = {"": digests_of(obj, unversioned)} if obj is not None else {}
        return found | {name: digests_of(row) for name, row in self.inline_rows(obj)}

    def inline_rows(self, obj: Any) -> Iterator[tuple[str, Any]]:
        """The rows that are edited in the page of `obj`."""
        for inline in self.admin.get_inline_instances(self.request, obj) if obj else ():
            if not inline.has_change_permission(self.request, obj):
                continue
            for row in inline.get_formset(self.request, obj)(instance=obj).get_queryset():
                yield name_of(row), row

    def check(self, form: VersionedForm) -> None:
        """Add an error to `form` for what its user has to know before it is saved."""
        if not form.instance._state.adding:
            self.compare(form)
        if hasattr(self.request, "asked_first"):
            form.add_error(None, "Please look at what this leaves behind, and save once more.")

    def compare(self, form: VersionedForm) -> None:
        """Add an error to `form` when its row, or one edited in its page, is newer."""
        shown, current = self.shown(), self.admin.hold(form.instance)
        if current is None:
            form.add_error(None, "It has been deleted since you opened this page.")
            return
        if shown is None:
            form.add_error(None, "Please save again: this page did not say what it showed.")
            return
        now = self.digests(current)
        if shown == now:
            return
        form.untouched = untouched(form, shown.get("", {}))
        form.initial = {**form.initial, **model_to_dict(current)}
        form.add_error(None, self.refusal(current, shown, now))

    def show_untouched(self, inlines: Iterable[Any]) -> None:
        """In the rows below as well: what nobody typed in is shown as it is now."""
        shown = self.shown() or {}
        for inline in inlines:
            for form in inline.formset.initial_forms if inline.formset.is_bound else ():
                row = form.instance
                form.untouched = untouched(form, shown.get(name_of(row), {}))

    def refusal(self, current: Any, shown: Version, now: Version) -> str:
        fields = [stands(current, name) for name in differing(shown.get("", {}), now.get("", {}))]
        rows = [name for name in {**shown, **now} if name and shown.get(name) != now.get(name)]
        told = "; ".join([*fields, *(["its rows below"] if rows else [])])
        return (
            f"Changed since you opened this page{self.by_whom(current)}: {told}. What you typed is"
            " kept, and all else is shown as it is now. Save again to keep both."
        )

    def by_whom(self, current: Any) -> str:
        change = self.admin.last_change(current)
        if change is None:
            return ""
        return f", by {change.by} on {timezone.localtime(change.at):%a %d %b %Y %H:%M}"


def name_of(row: Any) -> str:
    return f"{row._meta.label_lower} {row.pk}"


def digests_of(obj: Any, without: Iterable[str] = ()) -> Digests:
    """Of every stored field. A digest tells that a value changed, and not what it was."""
    fields = [*obj._meta.concrete_fields, *obj._meta.many_to_many]
    return {
        field.name: digest(stored(obj, field))
        for field in fields
        if field.name not in without and not field.primary_key
    }


def stored(obj: Any, field: Any) -> Any:
    if field.many_to_many:
        return sorted(str(pk) for pk in getattr(obj, field.name).values_list("pk", flat=True))
    return getattr(obj, field.attname)


def digest(value: Any) -> str:
    """Of what a browser sends, line ends and outer spaces are not the user's."""
    if isinstance(value, str):
        value = value.replace("\r\n", "\n").strip()
    text = json.dumps(value, cls=PlainEncoder, sort_keys=True)
    return salted_hmac(SALT, text).hexdigest()[:12]


class PlainEncoder(DjangoJSONEncoder):
    """Instants as UTC; what JSON does not know, as its text."""

    def default(self, o: Any) -> Any:
        if isinstance(o, datetime):
            return o.timestamp()
        try:
            return super().default(o)
        except TypeError:
            return str(o)


def untouched(form: "forms.ModelForm[Any]", shown: Mapping[str, str]) -> frozenset[str]:
    """The fields whose value is the one the page showed."""
    fields = {field.name: field for field in form._meta.model._meta.get_fields()}
    said = getattr(form, "cleaned_data", {})
    return frozenset(
        name
        for name, value in said.items()
        if name in shown and digest(as_stored(fields[name], value)) == shown[name]
    )


def as_stored(field: Any, value: Any) -> Any:
    if field.many_to_many:
        return sorted(str(row.pk) for row in value)
    return value.pk if isinstance(value, models.Model) else value


def differing(one: Digests, other: Digests) -> list[str]:
    return [name for name in other if one.get(name) != other[name]]


def stands(obj: Any, name: str) -> str:
    """“status is now Cancelled”; of what is long, secret or a list, only that it changed."""
    field = obj._meta.get_field(name)
    label = str(field.verbose_name)
    shown = getattr(obj, f"get_{name}_display", None)
    value = shown() if shown else (None if field.many_to_many else getattr(obj, name))
    if isinstance(value, datetime):
        value = f"{timezone.localtime(value):%a %d %b %Y %H:%M}"
    if isinstance(value, str) and 0 < len(value) <= 60 and name != "password":
        return f"{label} is now {value}"
    if isinstance(value, models.Model):
        return f"{label} is now {value}"
    return f"{label} changed"
