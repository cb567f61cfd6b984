"""What an org's host answers."""

from django.contrib import admin
from django.urls import path, re_path
from django.views.generic import RedirectView

from assistants.views import VapiView
from bookings.desk import feeds
from tenants.sites import front_desk

admin.autodiscover()

urlpatterns = [
    # With or without the slash: Vapi follows no redirect.
    re_path(r"^vapi/?$", VapiView.as_view(), name="vapi"),
    path("admin/", front_desk.urls),
    path("feeds/<str:secret>.ics", feeds.read, name="feed"),
    path("", RedirectView.as_view(url="/admin/")),
]
handler400 = "config.errors.bad_request"
handler403 = "config.errors.not_allowed"
handler404 = "config.errors.not_found"
handler500 = "config.errors.server_error"
