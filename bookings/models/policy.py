"""How a clinic takes bookings."""

import uuid
from datetime import time, timedelta
from typing import ClassVar, Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q

from bookings.preferences import PartOfDay
from tenants import memory

NOON, FIVE = time(12), time(17)


class DayPart(models.TextChoices):
    """What callers and clinics call the parts of a day."""

    MORNING = "morning"
    AFTERNOON = "afternoon"
    EVENING = "evening"


class BookingPolicy(models.Model):
    """How the clinic takes bookings. At most one row; without it, the defaults apply."""

    id = models.BigIntegerField(primary_key=True, default=1, editable=False)
    step_minutes = models.PositiveSmallIntegerField(
        "a visit begins every (minutes)",
        default=15,
        validators=[MinValueValidator(5), MaxValueValidator(60)],
        help_text="Counted from each opening.",
    )
    notice_minutes = models.PositiveSmallIntegerField(
        "notice (minutes)",
        default=0,
        validators=[MaxValueValidator(7 * 24 * 60)],
        help_text="How long before a visit it has to be booked, at the least.",
    )
    notice_days = models.PositiveSmallIntegerField(
        "notice (days)",
        default=0,
        validators=[MaxValueValidator(90)],
        help_text="The same in days at the clinic: with 1, visits are booked from tomorrow on.",
    )
    horizon_days = models.PositiveSmallIntegerField(
        "horizon (days)",
        default=365,
        validators=[MinValueValidator(1), MaxValueValidator(730)],
        help_text="How many days ahead the diary is open; the last one is open as a whole.",
    )
    afternoon_from = models.TimeField(
        default=NOON,
        db_default=NOON,
        blank=True,
        help_text="Where a morning ends, for callers who ask for one, and an afternoon begins.",
    )
    evening_from = models.TimeField(default=FIVE, db_default=FIVE, blank=True)

    class Meta:
        verbose_name_plural = "booking policy"
        constraints: ClassVar = [
            models.CheckConstraint(name="booking_policy_is_one", condition=Q(id=1)),
            models.CheckConstraint(
                name="booking_policy_step_is_5_to_60",
                condition=Q(step_minutes__gte=5, step_minutes__lte=60),
            ),
            models.CheckConstraint(
                name="booking_policy_notice_is_short",
                condition=Q(notice_minutes__gte=0, notice_minutes__lte=7 * 24 * 60)
                & Q(notice_days__gte=0, notice_days__lte=90),
            ),
            models.CheckConstraint(
                name="booking_policy_horizon_is_1_to_730",
                condition=Q(horizon_days__gte=1, horizon_days__lte=730),
            ),
            models.CheckConstraint(
                name="booking_policy_evening_follows_afternoon",
                condition=Q(evening_from__gt=F("afternoon_from")),
                violation_error_message="The evening has to begin after the afternoon.",
            ),
        ]

    def __str__(self) -> str:
        return "Booking policy"

    @classmethod
    def current(cls) -> Self:
        return memory.recall("booking policy", lambda: cls.objects.first() or cls())

    def clean(self) -> None:
        """A field left empty on the page gets its default."""
        self.afternoon_from = self.afternoon_from or NOON
        self.evening_from = self.evening_from or FIVE

    @property
    def step(self) -> timedelta:
        return timedelta(minutes=self.step_minutes)

    @property
    def notice(self) -> timedelta:
        return timedelta(minutes=self.notice_minutes)

    def part_at(self, at: time) -> DayPart:
        """The part of the clinic's day that a local time is in."""
        if at < self.afternoon_from:
            return DayPart.MORNING
        is_evening = at >= self.evening_from
        return DayPart.EVENING if is_evening else DayPart.AFTERNOON

    def part_of_day(self, part: str) -> PartOfDay:
        """A part of the clinic's day with its local hours."""
        hours = {
            DayPart.MORNING: (None, self.afternoon_from),
            DayPart.AFTERNOON: (self.afternoon_from, self.evening_from),
            DayPart.EVENING: (self.evening_from, None),
        }
        return PartOfDay(part, *hours[DayPart(part)])


class Configuration(models.Model):
    """The version of all that staff have configured: one row, written as such a change commits
    (`tenants.postgresql.configuration`)."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    version = models.UUIDField(default=uuid.uuid4, editable=False)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="configuration_is_one_row", condition=Q(id=1))
        ]

    def __str__(self) -> str:
        return str(self.version)
