"""Accounts that belong to a practitioner."""

from typing import Any

from django.conf import settings
from django.db import connections, models
from django_tenants.utils import get_public_schema_name

from bookings.models.practice import Practitioner


def cascade_in_an_org(collector: Any, field: Any, rows: Any, using: str) -> None:
    """As CASCADE. Operators have accounts too, and in `public` there is no such table."""
    here: Any = connections[using]
    if here.schema_name != get_public_schema_name():
        models.CASCADE(collector, field, rows, using)


# No rows are read before it is called.
cascade_in_an_org.lazy_sub_objs = True  # type: ignore[attr-defined]


class PractitionerAccount(models.Model):
    """Whose diary an account of the role “Practitioner” sees. Several accounts may share one."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        on_delete=cascade_in_an_org,
        related_name="+",
        help_text="With the role Practitioner it sees this diary and its patients, and no others.",
    )
    practitioner = models.ForeignKey(
        Practitioner, on_delete=models.CASCADE, related_name="accounts"
    )

    class Meta:
        verbose_name = "account"

    def __str__(self) -> str:
        return f"{self.user}, {self.practitioner}"
