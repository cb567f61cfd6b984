"""The pages of calendar feeds: made here, shown once, revoked by deleting them."""

from django import forms
from django.contrib import admin, messages
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.views.decorators.http import require_safe

from bookings import feeds
from bookings.desk import own_diary
from bookings.models import Feed
from tenants import organizations, sight
from tenants.editing import ModelAdmin
from tenants.sites import front_desk


@require_safe
def read(request: HttpRequest, secret: str) -> HttpResponse:
    """Answers who knows the secret, without signing in."""
    now = organizations.current().now()
    feed = feeds.find(secret, now=now)
    if feed is None:
        raise Http404
    document = feeds.calendar(feed, organizations.current(), now=now)
    response = HttpResponse(document, content_type="text/calendar; charset=utf-8")
    response["Cache-Control"] = "private, no-store"
    return response


@admin.register(Feed, site=front_desk)
class FeedAdmin(ModelAdmin):
    menu_group = "Practice"
    not_exported = "Secret addresses. Each is made and revoked here."
    list_display = ["__str__", "shows_patients", "by", "created", "last_read"]
    fields = ["practitioner", "shows_patients"]

    def has_change_permission(self, request: HttpRequest, obj: Feed | None = None) -> bool:
        return False

    def get_form(
        self, request: HttpRequest, obj: Feed | None = None, change: bool = False, **kwargs: object
    ) -> "type[forms.ModelForm[Feed]]":
        """A feed of the whole clinic is for who sees the whole clinic."""
        form = super().get_form(request, obj, change, **kwargs)
        field = form.base_fields.get("practitioner")
        if field and sight.is_bound(request.user):
            field.required, field.help_text = True, ""
            field.initial = own_diary.own(request.user)
        return form

    def save_model(
        self, request: HttpRequest, obj: Feed, form: forms.BaseForm, change: bool
    ) -> None:
        made, secret = feeds.make(
            obj.practitioner,
            shows_patients=obj.shows_patients,
            by=request.user.get_username(),
        )
        obj.pk, obj._state.adding = made.pk, False
        vars(request)["feed_secret"] = secret

    def response_add(
        self, request: HttpRequest, obj: Feed, post_url_continue: str | None = None
    ) -> HttpResponse:
        """Shows the address. It is shown only now."""
        path = reverse("feed", args=[vars(request)["feed_secret"]])
        address = request.build_absolute_uri(path)
        messages.success(
            request,
            format_html(
                "{} is at <code>{}</code> Copy this address into your calendar program now: it is"
                " not shown again. Delete the feed to revoke it.",
                obj,
                address,
            ),
        )
        return self.response_post_save_add(request, obj)
