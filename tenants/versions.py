"""Versions: a page carries the version of what it showed; a save over a newer one is refused.

A version is a signed digest of each field, so the refusal can name what has changed. Fields the
user did not touch then show the row as it is now, and what was typed stays: saving once more keeps
both. One mechanism for every page of the two admin sites.
"""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, cast

from django import forms
from django.contrib.admin.helpers import InlineAdminFormSet
from django.core import signing
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.forms.models import model_to_dict
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from tenants.moments import moment_in_words
from tenants.theme import Row

if TYPE_CHECKING:
    from tenants.editing import ModelAdmin

    Field = models.Field[object, object]
    Form = forms.ModelForm[models.Model]

VERSION = "_version"
SALT = "tenants.editing"

Digests = dict[str, str]
# Keyed by row: "" is the page's own row; an inline's row is its model's label and primary key.
Version = dict[str, Digests]


@dataclass(frozen=True, slots=True)
class LastChange:
    """`by`: a user name, or words such as "a caller", as staff read it."""

    by: str
    at: datetime


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


class PageVersion:
    """The versions of a row and its inline rows that the submitted page was showing."""

    def __init__(self, admin: "ModelAdmin[Row]", request: HttpRequest) -> None:
        self.admin: ModelAdmin = admin
        self.request = request

    def now(self, obj: models.Model) -> str:
        """The version that the page has to send back, as a hidden field."""
        return signing.dumps(self.digests(obj), salt=SALT, compress=True)

    def now_of(self, rows: Iterable[models.Model]) -> str:
        """As `now`, for a page that asks about several rows."""
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
