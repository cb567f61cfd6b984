"""The theme's admin classes, with the types that django-stubs gives to Django's own.

The theme has no types, and Django's classes take no parameters when the program runs.
"""

from typing import TYPE_CHECKING, Any, Generic

from django.db.models import Model

if TYPE_CHECKING:
    from django.contrib.admin import ModelAdmin as ThemedAdmin
    from django.contrib.admin import TabularInline as ThemedInline
    from django.contrib.admin.options import InlineModelAdmin
    from django.contrib.admin.options import _FieldsetSpec as Fieldsets
    from django.contrib.admin.sites import AdminSite as ThemedSite
    from typing_extensions import TypeVar

    # The model of a page, and of a row edited in it. A class may leave them out.
    Row = TypeVar("Row", bound=Model, default=Any)
    InlineRow = TypeVar("InlineRow", bound=Model, default=Any)
    Inlines = list[type[InlineModelAdmin[Any, Any]]]
else:
    from typing import TypeVar

    from unfold.admin import ModelAdmin, TabularInline
    from unfold.sites import UnfoldAdminSite as ThemedSite

    Row, InlineRow = TypeVar("Row"), TypeVar("InlineRow")
    Fieldsets = Inlines = list

    class ThemedAdmin(ModelAdmin, Generic[Row]):
        pass

    class ThemedInline(TabularInline, Generic[InlineRow, Row]):
        pass


__all__ = ["Fieldsets", "InlineRow", "Inlines", "Row", "ThemedAdmin", "ThemedInline", "ThemedSite"]
