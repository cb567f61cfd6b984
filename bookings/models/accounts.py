"""Accounts that belong to a practitioner."""

from django.conf import settings
from django.db import models

from bookings.models.practice import Practitioner


class PractitionerAccount(models.Model):
    """Whose diary an account of the role “Practitioner” sees. Several accounts may share one."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
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
