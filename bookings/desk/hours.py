"""The pages of closures and openings."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.contrib import admin
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from unfold.decorators import action, display
from unfold.widgets import UnfoldAdminSplitDateTimeWidget

from bookings.availability.slots import instant
from bookings.desk import columns, concerns
from bookings.models import Closure, Opening, in_figures
from tenants import organizations
from tenants.editing import ModelAdmin
from tenants.sites import front_desk


class DayAndTime(UnfoldAdminSplitDateTimeWidget):
    """A day of the clinic, without a time where it is closed from midnight or until midnight."""

    is_end = False

    def decompress(self, value: datetime | None) -> list[date | time | None]:
        day, clock = super().decompress(value)
        if clock != time.min:
            return [day, clock]
        return [day - timedelta(days=self.is_end), None]


class LastDayAndTime(DayAndTime):
    is_end = True


class DayField(forms.SplitDateTimeField):
    """Without a time it is the beginning of the day, or its end."""

    def __init__(self, *, widget: type[DayAndTime], help_text: str) -> None:
        super().__init__(require_all_fields=False, widget=widget, help_text=help_text)
        self.is_end = widget.is_end
        self.fields[0].error_messages["incomplete"] = "Please give the day."
        self.fields[1].required = False

    def compress(self, data_list: Any) -> Any:
        if not data_list or data_list[1] is not None:
            return super().compress(data_list)
        day = data_list[0] + timedelta(days=self.is_end)
        return instant(day, organizations.current().zone)


class ClosureForm(forms.ModelForm):  # type: ignore[type-arg]
    start = DayField(widget=DayAndTime, help_text="Without a time: from the beginning of that day.")
    end = DayField(widget=LastDayAndTime, help_text="Without a time: to the end of that day.")


@admin.register(Closure, site=front_desk)
class ClosureAdmin(ModelAdmin):
    menu_group = "Practice"
    form = ClosureForm
    columns = columns.CLOSURE
    list_display = ["named", "whom", "first", "last", "is_yearly"]
    list_filter = ["is_yearly", "practitioner", "room"]
    date_hierarchy = "start"
    list_select_related = ["practitioner", "room"]
    actions_list = ["close_days"]

    def get_fields(self, request: HttpRequest, obj: Closure | None = None) -> list[Any]:
        """Who may only look reads the days as in the list."""
        fields: list[Any] = [*super().get_fields(request, obj)]
        if obj is None or self.has_change_permission(request, obj):
            return fields
        shown = {"start": "first", "end": "last"}
        return [shown.get(name, name) for name in fields]

    @action(description="Close days", permissions=["add"], icon="event_busy")
    def close_days(self, request: HttpRequest) -> HttpResponse:
        """Whole days, on a page that shows first whom it affects."""
        return redirect("admin:close")

    @display(description="closure")
    def named(self, closure: Closure) -> str:
        return closure.title

    @display(description="closed")
    def whom(self, closure: Closure) -> str:
        return closure.whom

    @display(description="start", ordering="start")
    def first(self, closure: Closure) -> str:
        return day_or_time(timezone.localtime(closure.start))

    @display(description="end", ordering="end")
    def last(self, closure: Closure) -> str:
        """The last closed day, where it is closed until midnight."""
        end = timezone.localtime(closure.end)
        return day_or_time(end - timedelta(days=1) if end.time() == time.min else end)

    def concerns(self, obj: Closure) -> list[str]:
        return concerns.of_closure(obj)


def day_or_time(at: datetime) -> str:
    """Without the time, if that is midnight."""
    return in_figures(at) if at.time() == time.min else f"{in_figures(at)}, {at:%H:%M}"


@admin.register(Opening, site=front_desk)
class OpeningAdmin(ModelAdmin):
    menu_group = "Practice"
    columns = columns.OPENING
    list_display = ["named", "practitioner", "start", "end"]
    list_filter = ["practitioner"]
    date_hierarchy = "start"
    list_select_related = ["practitioner"]

    @display(description="opening")
    def named(self, opening: Opening) -> str:
        return opening.title

    def concerns(self, obj: Opening) -> list[str]:
        return concerns.of_opening(obj)

    def get_deleted_objects(
        self, objs: Sequence[Opening] | QuerySet[Opening], request: HttpRequest
    ) -> tuple[list[str], dict[str, int], set[str], list[str]]:
        """The page that asks for confirmation names every visit that would be outside the hours."""
        found, counted, lacking, protected = super().get_deleted_objects(objs, request)
        return [*found, *left_without(objs)], counted, lacking, protected


def left_without(openings: Sequence[Opening] | QuerySet[Opening]) -> list[str]:
    """Visits that would be outside the hours without these openings. Deletes them, and rolls
    back."""
    rows = list(openings)
    people = {row.practitioner for row in rows}
    before = concerns.outside(people)
    with transaction.atomic():
        Opening.objects.filter(pk__in=[row.pk for row in rows]).delete()
        after = concerns.outside(people)
        transaction.set_rollback(True)
    return [line for line in after if line not in before]
