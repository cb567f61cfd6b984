"""The floor of a benchmark: an empty DRF view behind django-tenants' middleware, and one query.

It is served as we are, by the same workers over the same database: what is above it is ours.
"""

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.db import connection
from django.urls import path
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

import config.wsgi  # noqa: F401 - Django is set up by it
from assistants.provisioning import rehearsal

SENTENCE = "Nothing was asked."


class Floor(APIView):
    def post(self, request: Request) -> Response:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            cursor.fetchone()
        return Response(rehearsal.answered(request.data, SENTENCE))


urlpatterns = [path("vapi/", Floor.as_view())]

settings.MIDDLEWARE = ["django_tenants.middleware.main.TenantMainMiddleware"]
settings.ROOT_URLCONF = __name__
application = WSGIHandler()
