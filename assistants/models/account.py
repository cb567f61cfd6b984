"""A clinic's account at Vapi: the ids of what was made there."""

from typing import ClassVar

from django.db import models


class VapiConnection(models.Model):
    """The clinic's credential at Vapi: one row, written by `sync_assistants`."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    credential_id = models.CharField(
        max_length=64,
        blank=True,
        help_text="Of the credential in Vapi's dashboard that holds the clinic's secret.",
    )

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="vapi_connection_is_one_row", condition=models.Q(id=1))
        ]

    def __str__(self) -> str:
        return "How Vapi reaches the clinic"

    @classmethod
    def current(cls) -> "VapiConnection":
        return cls.objects.first() or cls()


class VapiTool(models.Model):
    """A tool made at Vapi for this clinic. A name has several while one replaces another."""

    name = models.CharField(max_length=64)
    vapi_id = models.CharField("id at Vapi", max_length=64, unique=True)

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.name
