"""Times that are held for a call while it decides."""

from datetime import datetime
from typing import ClassVar, Self

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from bookings.models.practice import NAME_LENGTH, Between, Practitioner, Room, ServiceType
from tenants.moments import moment_in_words
from tenants.postgresql.statements import Given


class OfferQuerySet(models.QuerySet["Offer"]):
    def unexpired(self) -> Self:
        """The holds that have not expired by the database's clock."""
        return self.filter(expires__gt=Now())

    def blocking(self, start: datetime | Given, end: datetime | Given) -> Self:
        """The holds whose blocked period touches [start, end)."""
        return self.filter(blocked__overlap=Between(start, end))

    def of_others(self, conversation: str | Given, caller: str | Given) -> Self:
        """The holds of other calls. Calls from the same `caller`, a proven number (E.164), are left
        out."""
        own = Q(conversation=conversation) if conversation else Q(pk=None)
        return self.exclude(own | Q(caller=caller) if caller else own)


class Offer(models.Model):
    """A hold: a time that was offered in a call, and that nobody else is offered until it expires.

    An expired hold no longer blocks anybody, even if its row still exists.
    """

    MOST_A_CALL = 3

    conversation = models.CharField(max_length=NAME_LENGTH)
    caller = models.CharField(max_length=16, blank=True)
    position = models.PositiveSmallIntegerField()
    practitioner = models.ForeignKey(Practitioner, on_delete=models.CASCADE, related_name="offers")
    room = models.ForeignKey(
        Room, on_delete=models.CASCADE, related_name="offers", null=True, blank=True
    )
    service = models.ForeignKey(ServiceType, on_delete=models.CASCADE, related_name="offers")
    start = models.DateTimeField()
    blocked = DateTimeRangeField()
    expires = models.DateTimeField()

    objects = OfferQuerySet.as_manager()

    class Meta:
        ordering = ["start"]
        indexes: ClassVar = [models.Index(fields=["caller"], name="offer_caller")]
        constraints: ClassVar = [
            # The times of one call may overlap: it will take one of them.
            ExclusionConstraint(
                name="offer_is_of_one_call",
                expressions=[
                    ("practitioner", RangeOperators.EQUAL),
                    ("blocked", RangeOperators.OVERLAPS),
                    ("conversation", RangeOperators.NOT_EQUAL),
                ],
            ),
            ExclusionConstraint(
                name="offer_of_a_room_is_of_one_call",
                expressions=[
                    ("room", RangeOperators.EQUAL),
                    ("blocked", RangeOperators.OVERLAPS),
                    ("conversation", RangeOperators.NOT_EQUAL),
                ],
                condition=Q(room__isnull=False),
            ),
            models.CheckConstraint(
                name="offer_blocks_a_bounded_period",
                condition=Q(
                    blocked__isempty=False, blocked__lower_inf=False, blocked__upper_inf=False
                ),
            ),
            models.CheckConstraint(
                name="offer_is_of_a_call", condition=~Q(conversation="") & Q(position__lt=3)
            ),
            models.UniqueConstraint(
                name="offer_is_one_of_three_a_call", fields=["conversation", "position"]
            ),
        ]

    def __str__(self) -> str:
        return f"{self.service}, {moment_in_words(self.start)}"
