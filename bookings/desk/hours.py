"""The pages of closures and openings."""

from collections.abc import Sequence

from django.contrib import admin
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from unfold.decorators import action, display

from bookings.desk import columns, concerns
from bookings.models import (
    Closure,
    Opening,
)
from tenants.editing import ModelAdmin
from tenants.sites import front_desk


@admin.register(Closure, site=front_desk)
class ClosureAdmin(ModelAdmin):
    menu_group = "Practice"
    columns = columns.CLOSURE
    list_display = ["__str__", "whom", "start", "end", "is_yearly"]
    list_filter = ["is_yearly", "practitioner", "room"]
    date_hierarchy = "start"
    list_select_related = ["practitioner", "room"]
    actions_list = ["close_days"]

    @action(description="Close days", permissions=["add"], icon="event_busy")
    def close_days(self, request: HttpRequest) -> HttpResponse:
        """Whole days, on a page that shows first whom it affects."""
        return redirect("admin:close")

    @display(description="closed")
    def whom(self, closure: Closure) -> str:
        return str(closure.practitioner or closure.room or "the whole clinic")

    def concerns(self, obj: Closure) -> list[str]:
        return concerns.of_closure(obj)


@admin.register(Opening, site=front_desk)
class OpeningAdmin(ModelAdmin):
    menu_group = "Practice"
    columns = columns.OPENING
    list_display = ["__str__", "practitioner", "start", "end"]
    list_filter = ["practitioner"]
    date_hierarchy = "start"
    list_select_related = ["practitioner"]

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
