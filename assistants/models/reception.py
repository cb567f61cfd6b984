"""Reception: what callers may hear about the clinic, and numbers for transfers."""

from itertools import chain
from typing import ClassVar

from django.core.exceptions import ValidationError
from django.db import models

from assistants.prompts import emergencies
from bookings import phones
from tenants import memory


class Reception(models.Model):
    """What callers may hear about the clinic: one row, written by staff."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    address = models.CharField(max_length=300, blank=True, help_text="As it should be said.")
    notes = models.CharField(
        max_length=2000,
        blank=True,
        help_text="Told when asked. A line for each subject, with its heading and a colon, such as "
        "“Parking: behind the house.” A caller who asks about parking hears that line. More "
        "subjects: Insurance, Payment, Prices, Languages, Access, What to bring, Reminders, "
        "Children, New patients, Contact, Cancellations; or a heading of your own, which is found "
        "by its words. Up to 250 characters a line can be said at once.",
    )
    emergency = models.CharField(
        max_length=300,
        blank=True,
        help_text="What a caller in danger is told first. Empty: to hang up and call the "
        "country's emergency number.",
    )
    closing = models.CharField(
        "goodbye",
        max_length=300,
        blank=True,
        default="",
        db_default="",
        help_text="What a caller hears last, before the assistant hangs up. Empty: “Thank you for "
        "calling. Goodbye.”",
    )

    class Meta:
        verbose_name_plural = "reception"
        constraints: ClassVar = [
            models.CheckConstraint(name="reception_is_one_row", condition=models.Q(id=1))
        ]

    def __str__(self) -> str:
        return "What callers are told"

    def clean(self) -> None:
        """Limits the emergency sentence, so that the sentence about the booking still fits."""
        if len(self.emergency) > emergencies.MOST:
            raise ValidationError({"emergency": emergencies.TOO_LONG})

    @classmethod
    def current(cls) -> "Reception":
        return memory.recall("reception", lambda: cls.objects.first() or cls())


class TransferNumber(models.Model):
    """A number for transfers, for one reason or, without a reason, for all."""

    reason = models.CharField(
        max_length=60, blank=True, unique=True, help_text="A word callers use; empty: any reason."
    )
    phone = models.CharField(max_length=16, validators=[phones.validate])

    class Meta:
        ordering = ["reason"]

    def __str__(self) -> str:
        return self.reason or "any reason"

    @classmethod
    def known(cls) -> "list[TransferNumber]":
        """All of them, by reason. They must not be changed."""
        return [*memory.recall("transfer numbers", lambda: tuple(cls.objects.all()))]

    @classmethod
    def for_reason(cls, *said: str) -> "TransferNumber | None":
        """The number whose reason is among the words, else the one for any reason.

        The first of several texts that names a reason counts.
        """
        rows = cls.known()
        named = (row for words in said for row in rows if row.is_named_in(words))
        anyones = (row for row in rows if not row.reason)
        return next(chain(named, anyones), None)

    def is_named_in(self, words: str) -> bool:
        return bool(self.reason) and self.reason.casefold() in words.casefold()
