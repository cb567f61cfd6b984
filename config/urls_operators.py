"""What the operators' host answers."""

from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

from tenants.sites import operators

admin.autodiscover()

urlpatterns = [
    path("admin/", operators.urls),
    path("api/", include("config.openapi")),
    path("", RedirectView.as_view(url="/admin/")),
]
handler400 = "config.errors.bad_request"
handler403 = "config.errors.not_allowed"
handler404 = "config.errors.not_found"
handler500 = "config.errors.server_error"
