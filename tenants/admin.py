"""The operators' admin: organizations and their domains. Onboarding is a command."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import Group, User
from django.core.exceptions import ValidationError
from django.db.models import ManyToManyField
from django.forms import BaseInlineFormSet
from django.http import HttpRequest
from unfold.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget

from tenants.editing import ModelAdmin, TabularInline
from tenants.models import Domain, Organization
from tenants.sites import FRONT_DESK, front_desk, operators


class DomainFormSet(BaseInlineFormSet):  # type: ignore[type-arg]
    """Domains may go, one by one; the clinic stays reachable, at a host that is told."""

    def clean(self) -> None:
        super().clean()
        kept = [form for form in self.forms if form.cleaned_data and form not in self.deleted_forms]
        if not kept:
            raise ValidationError("The last domain stays: without one, nobody reaches the clinic.")
        if not any(form.cleaned_data.get("is_primary") for form in kept):
            raise ValidationError(
                "One domain has to be the primary one, the host that Vapi is told."
            )


class DomainInline(TabularInline):
    model = Domain
    formset = DomainFormSet
    extra = 0


@admin.register(Organization, site=operators)
class OrganizationAdmin(ModelAdmin):
    list_display = ["name", "slug", "timezone", "phone_region", "status", "created"]
    list_filter = ["status", "phone_region"]
    search_fields = ["name", "slug", "domains__domain"]
    readonly_fields = ["slug", "schema_name", "uuid", "created"]
    fields = ["name", "status", "timezone", "phone_region", *readonly_fields]
    inlines = [DomainInline]

    def save_model(self, request: HttpRequest, obj: Organization, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if "timezone" in form.changed_data:
            messages.warning(
                request,
                f"Hours are now {obj.timezone} time. Appointments stay at their instant: what lies"
                " outside the hours is listed at the front desk under hours, outside.",
            )

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False  # `onboard_org` makes it whole; a form would leave half of it

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False


@admin.register(User, site=operators)
@admin.register(User, site=front_desk)
class StaffAdmin(UserAdmin, ModelAdmin):  # type: ignore[type-arg]
    """What one may do is a group's matter: nobody picks single permissions."""

    form = UserChangeForm
    add_form = UserCreationForm
    change_password_form = AdminPasswordChangeForm
    # Without these two a new colleague could not sign in, or see nothing when they did.
    add_fieldsets = [
        (
            None,
            {
                "classes": ["wide"],
                "fields": ["username", "password1", "password2"],
            },
        ),
        ("May sign in here", {"fields": ["is_staff", "groups"]}),
    ]
    fieldsets = [
        (None, {"fields": ["username", "password", "first_name", "last_name", "email"]}),
        ("May sign in here", {"fields": ["is_active", "is_staff", "is_superuser", "groups"]}),
        ("Dates", {"fields": ["last_login", "date_joined"]}),
    ]
    readonly_fields = ["last_login", "date_joined"]
    unversioned = ("last_login",)
    filter_horizontal = []
    formfield_overrides = {ManyToManyField: {"widget": UnfoldAdminCheckboxSelectMultipleWidget}}

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        front_desk_group = Group.objects.filter(name=FRONT_DESK)
        return {"is_staff": True, "groups": [group.pk for group in front_desk_group]}
