"""The operators' admin: organizations and their domains. Onboarding is a command."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.contrib import admin, messages
from django.contrib.admin.models import LogEntry
from django.contrib.admin.utils import unquote
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import Group, Permission, User
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import ManyToManyField, Model, Q, QuerySet
from django.forms import BaseInlineFormSet, ModelForm, ModelMultipleChoiceField
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.utils.html import format_html
from unfold.forms import AdminPasswordChangeForm, UserChangeForm
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget

from tenants import organizations, roles, sign_in_links
from tenants.accounts.models import Link, SignInPolicy
from tenants.editing import ModelAdmin, SingleRowAdmin, TabularInline
from tenants.models import Domain, Organization
from tenants.roles import FRONT_DESK, Account
from tenants.sign_in_links import InvitationForm
from tenants.sites import Site, front_desk, operators
from tenants.theme import Fieldsets

if TYPE_CHECKING:
    OrganizationForm = ModelForm[Organization]
    GroupsField = ManyToManyField[Model, Model]
    DomainForms = BaseInlineFormSet[Domain, Organization, ModelForm[Domain]]
else:
    DomainForms = BaseInlineFormSet


class DomainFormSet(DomainForms):
    """Domains may be deleted one by one. One must stay, and one of those must be primary."""

    def clean(self) -> None:
        super().clean()
        kept = [form for form in self.forms if form.cleaned_data and form not in self.deleted_forms]
        if not kept:
            raise ValidationError("The last domain stays: without one, nobody reaches the clinic.")
        if not any(form.cleaned_data.get("is_primary") for form in kept):
            raise ValidationError(
                "One domain has to be the primary one, the host that others are told."
            )


class DomainInline(TabularInline):
    model = Domain
    formset = DomainFormSet
    extra = 0


@admin.register(Organization, site=operators)
class OrganizationAdmin(ModelAdmin[Organization]):
    list_display = ["name", "slug", "timezone", "phone_region", "status", "created"]
    list_filter = ["status", "phone_region"]
    search_fields = ["name", "slug", "domains__domain"]
    readonly_fields = ["slug", "schema_name", "uuid", "created"]
    fields = ["name", "status", "timezone", "phone_region", *readonly_fields]
    inlines = [DomainInline]

    def made_by(self, obj: Organization) -> str:
        return "a command"

    def save_model(
        self, request: HttpRequest, obj: Organization, form: "OrganizationForm", change: bool
    ) -> None:
        super().save_model(request, obj, form, change)
        if "timezone" in form.changed_data:
            for said in organizations.on_new_timezone:
                messages.warning(request, said(obj))

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False  # a form would make only the row; `onboard_org` makes the schema, too

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False


SUPERUSER = "is_superuser"


def lacked_by(user: Account) -> QuerySet[Permission]:
    """Permissions that `user`, who is not a superuser, does not have."""
    held = Q(group__user=user) | Q(user=user)
    return Permission.objects.exclude(pk__in=Permission.objects.filter(held))


def groups_within(user: Account) -> QuerySet[Group]:
    """Groups whose permissions are all held by `user`."""
    if user.is_superuser:
        return Group.objects.all()
    return Group.objects.exclude(permissions__in=lacked_by(user))


def is_within(account: User | None, user: Account) -> bool:
    """Whether `user` holds every permission of `account`.

    Django passes None to ask about accounts in general.
    """
    if account is None or user.is_superuser:
        return True
    more = Q(groups__permissions__in=lacked_by(user)) | Q(user_permissions__in=lacked_by(user))
    return not account.is_superuser and not User.objects.filter(more, pk=account.pk).exists()


def has_worked(account: User) -> bool:
    """Whether there may be something that `account` did: it is named by its user name, and the
    desk's log goes with the account."""
    return account.last_login is not None or LogEntry.objects.filter(user=account).exists()


class GroupsChoice(ModelMultipleChoiceField):  # type: ignore[type-arg]
    """The groups of an account: one role among them, unless each adds to the others."""

    def clean(self, value: object) -> "QuerySet[Group]":
        chosen: QuerySet[Group] = super().clean(value)
        if roles.clash(frozenset(group.name for group in chosen)):
            raise ValidationError("These roles contradict each other: please choose one of them.")
        return chosen


class StaffForm(UserChangeForm):
    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        if "password" in self.fields:
            self.fields["password"].help_text = format_html(
                '<a class="desk-link" href="{}">Make a sign-in link</a>, by which they choose a'
                ' password themselves, or <a class="desk-link" href="{}">choose one for them</a>.',
                "../link/",
                "../password/",
            )

    def clean(self) -> dict[str, object]:
        """Somebody stays who may manage the accounts."""
        said: dict[str, object] = super().clean() or self.cleaned_data
        switches = ("is_active", "is_staff", SUPERUSER)
        managers = User.objects.filter(**dict.fromkeys(switches, True))
        was_one = managers.filter(pk=self.instance.pk).exists()
        is_one = all(said.get(name, getattr(self.instance, name)) for name in switches)
        if was_one and not is_one and not managers.exclude(pk=self.instance.pk).exists():
            raise ValidationError(
                "Nobody else could manage this desk: make another superuser first."
            )
        return said


@admin.register(SignInPolicy, site=operators)
@admin.register(SignInPolicy, site=front_desk)
class SignInPolicyAdmin(SingleRowAdmin[SignInPolicy]):
    menu_group = "Accounts"


@admin.register(User, site=operators)
@admin.register(User, site=front_desk)
class StaffAdmin(UserAdmin, ModelAdmin):  # type: ignore[misc, type-arg]
    """Permissions come from groups. Single permissions are not shown.

    Who has signed in is switched off, not deleted, and keeps their user name: the history of what
    they did names them by it.
    """

    admin_site: Site
    menu_group = "Accounts"
    not_exported = "Who may sign in, and with which rights, is for this page alone."
    form = StaffForm
    add_form = InvitationForm
    add_form_template = None
    change_password_form = AdminPasswordChangeForm
    # A new user needs both: `is_staff` to sign in, and a group to see anything.
    add_fieldsets = [
        (
            None,
            {
                "classes": ["wide"],
                "fields": ["username", "email", "first_name", "last_name"],
                "description": "No password: the next page shows a link, by which they choose one.",
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

    def get_fieldsets(self, request: HttpRequest, obj: User | None = None) -> Fieldsets:
        """The form's fields. Only a superuser sees the switch that makes a superuser."""
        found = super().get_fieldsets(request, obj)
        if request.user.is_superuser:
            return found
        return [
            (name, {**options, "fields": [one for one in options["fields"] if one != SUPERUSER]})
            for name, options in found
        ]

    def formfield_for_manytomany(
        self, db_field: "GroupsField", request: HttpRequest, **kwargs: object
    ) -> "ModelMultipleChoiceField[Model] | None":
        """Users may only assign groups whose permissions they hold themselves."""
        if db_field.name == "groups":
            kwargs["queryset"] = groups_within(request.user)
            kwargs["form_class"] = GroupsChoice
            kwargs["help_text"] = (
                "The role gives its rights. “One-time password”: a password of their own is"
                " asked for at the next sign-in."
            )
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Users may edit only accounts that have no more permissions than they have.

        That holds for the page, the password and the switches.
        """
        return super().has_change_permission(request, obj) and is_within(obj, request.user)

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return super().has_delete_permission(request, obj) and is_within(obj, request.user)

    def save_related(
        self, request: HttpRequest, form: "ModelForm[User]", formsets: Any, change: bool
    ) -> None:
        """A link that was made for an account with other rights, or another address, is over."""
        super().save_related(request, form, formsets, change)
        if {"is_superuser", "groups", "email"} & {*form.changed_data}:
            Link.objects.filter(user=form.instance).delete()

    def get_urls(self) -> list[URLPattern]:
        link = self.admin_site.admin_view(self.link_view)
        return [path("<path:object_id>/link/", link, name="auth_user_link"), *super().get_urls()]

    def link_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Asks first, since a new link ends the one before it."""
        account = self.get_object(request, unquote(object_id))
        if account is None or not self.has_change_permission(request, account):
            raise PermissionDenied
        if request.method == "POST":
            return self.linked(request, account)
        return sign_in_links.asked(self.admin_site, request, account)

    def linked(self, request: HttpRequest, account: User) -> HttpResponse:
        """Shows a new link, if the account could be used with it."""
        if account.is_active and account.is_staff:
            return sign_in_links.made(self.admin_site, request, account)
        messages.warning(
            request,
            f"{account} may not sign in, so there is no link: switch “Active” and “Staff status” on"
            " first.",
        )
        return redirect(f"{self.admin_site.name}:auth_user_change", account.pk)

    def add_view(
        self,
        request: HttpRequest,
        form_url: str = "",
        extra_context: dict[str, object] | None = None,
    ) -> HttpResponse:
        """Adds an account, and shows its link when that is committed."""
        answer = super().add_view(request, form_url, extra_context)
        invited = vars(request).get("invited")
        return self.linked(request, invited) if invited else answer

    def beside(self, request: HttpRequest, obj: User | None) -> dict[str, Any]:
        """A new account is saved by one button: the page of its link comes next."""
        others = ("show_save_and_add_another", "show_save_and_continue")
        return dict.fromkeys(others, False) if obj is None else {}

    def response_add(
        self, request: HttpRequest, obj: User, post_url_continue: str | None = None
    ) -> HttpResponse:
        vars(request)["invited"] = obj
        return redirect(f"{self.admin_site.name}:auth_user_changelist")

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> list[str]:
        found = super().get_readonly_fields(request, obj)
        return [*found, "username"] if obj and has_worked(obj) else [*found]

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, object] | None = None
    ) -> HttpResponse:
        account = self.get_object(request, unquote(object_id))
        if account and self.has_delete_permission(request, account) and has_worked(account):
            messages.error(
                request,
                f"{account} has signed in here. What they did stays on record under this account:"
                " switch “Active” off instead, and they cannot sign in any more.",
            )
            return redirect(f"{self.admin_site.name}:auth_user_change", account.pk)
        return super().delete_view(request, object_id, extra_context)

    def get_deleted_objects(
        self, objs: "Sequence[User] | QuerySet[User]", request: HttpRequest
    ) -> tuple[list[str], dict[str, int], set[str], list[str]]:
        """The objects that deleting these users would delete; a user who has signed in is
        protected."""
        found, counted, lacking, protected = super().get_deleted_objects(objs, request)
        kept = [
            f"{account}, who has signed in here: switch “Active” off instead"
            for account in objs
            if has_worked(account)
        ]
        return found, counted, set() if kept else lacking, [*protected, *kept]

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, object]:  # type: ignore[override]
        """A colleague works at the front desk."""
        groups = Group.objects.filter(name=FRONT_DESK)
        return {"is_staff": True, "groups": [group.pk for group in groups]}
