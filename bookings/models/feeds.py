"""Feeds: addresses from which a calendar program reads the visits."""

from django.db import models
from django.db.models.functions import Now

from bookings.models.practice import NAME_LENGTH, Practitioner


class Feed(models.Model):
    """An address that whoever knows it may read: the diary of a practitioner, or all diaries.

    Only a digest of its secret is kept. Deleting the row revokes the address.
    """

    practitioner = models.ForeignKey(
        Practitioner,
        on_delete=models.CASCADE,
        related_name="feeds",
        null=True,
        blank=True,
        help_text="Empty: the diaries of all practitioners.",
    )
    shows_patients = models.BooleanField(
        "with names and telephone numbers",
        default=False,
        help_text="Otherwise the service and the patient's initials. Whoever knows the address"
        " can read it, and so can the company behind the calendar program.",
    )
    digest = models.CharField(max_length=64, unique=True, editable=False)
    by = models.CharField("made by", max_length=NAME_LENGTH, blank=True, editable=False)
    created = models.DateTimeField(db_default=Now(), editable=False)
    last_read = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        verbose_name = "calendar feed"
        ordering = ["practitioner__name", "created"]

    def __str__(self) -> str:
        return f"Calendar of {self.practitioner or 'all practitioners'}"
