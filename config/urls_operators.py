"""What the operators' host answers."""

from django.urls import path
from django.views.generic import RedirectView

from tenants.sites import operators

urlpatterns = [
    path("admin/", operators.urls),
    path("", RedirectView.as_view(url="/admin/")),
]
handler404 = "config.errors.not_found"
handler500 = "config.errors.server_error"
