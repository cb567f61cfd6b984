"""When a clinic and its practitioners can be seen: schedules, openings and closures."""

from datetime import time, timedelta
from typing import ClassVar, Unpack

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from bookings import diaries
from bookings.models.practice import NAME_LENGTH, Practitioner, Room
from bookings.models.saving import SaveOptions
from tenants.moments import day_in_words, moment_in_words


class Schedule(models.Model):
    """A stretch of a weekday a practitioner works, in the org's wall-clock time.

    One that ends before it starts ends on the next day.
    """

    class Weekday(models.IntegerChoices):
        MONDAY = 0
        TUESDAY = 1
        WEDNESDAY = 2
        THURSDAY = 3
        FRIDAY = 4
        SATURDAY = 5
        SUNDAY = 6

    practitioner = models.ForeignKey(
        Practitioner, on_delete=models.CASCADE, related_name="schedules"
    )
    weekday = models.PositiveSmallIntegerField(choices=Weekday)
    starts = models.TimeField()
    ends = models.TimeField(help_text="Before the start: on the next day.")
    valid_from = models.DateField(null=True, blank=True, help_text="The first day, if it has one.")
    valid_until = models.DateField(null=True, blank=True, help_text="The last day, if it has one.")

    class Meta:
        ordering = ["weekday", "starts"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="schedule_has_a_length",
                condition=~Q(ends=F("starts")),
                violation_error_message="It has to end at another time than it starts.",
            ),
            models.CheckConstraint(
                name="schedule_is_valid_forwards",
                condition=Q(valid_until__gte=F("valid_from"))
                | Q(valid_from=None)
                | Q(valid_until=None),
                violation_error_message="Its last day has to come after its first.",
            ),
            models.CheckConstraint(name="schedule_weekday_is_one", condition=Q(weekday__lte=6)),
        ]

    def __str__(self) -> str:
        return f"{self.get_weekday_display()} {self.starts:%H:%M} to {self.ends:%H:%M}"


class Opening(models.Model):
    """A period a practitioner works besides their schedule, even if the clinic is closed.

    A closure of this practitioner overrides it.
    """

    practitioner = models.ForeignKey(
        Practitioner, on_delete=models.CASCADE, related_name="openings"
    )
    start = models.DateTimeField()
    end = models.DateTimeField()
    reason = models.CharField(max_length=NAME_LENGTH, blank=True)

    class Meta:
        ordering = ["start"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="opening_ends_after_it_starts",
                condition=Q(end__gt=F("start")),
                violation_error_message="It has to end after it starts.",
            ),
        ]

    @property
    def title(self) -> str:
        return self.reason or "open"

    def __str__(self) -> str:
        return f"{self.title}, {self.practitioner}, {in_words(self)}"

    def save(self, **options: Unpack[SaveOptions]) -> None:
        """Waits for bookings in this diary, so that neither misses the other."""
        with diaries.writing():
            Practitioner.objects.filter(pk=self.practitioner_id).lock()
            super().save(**options)


class Closure(models.Model):
    """A period in which the clinic, one practitioner or one room is not available.

    A yearly closure is between the same dates and local times each year. One on 29 February closes
    nothing in a year without that day.
    """

    practitioner = models.ForeignKey(
        Practitioner,
        on_delete=models.CASCADE,
        related_name="closures",
        null=True,
        blank=True,
        help_text="With neither practitioner nor room, the whole clinic is closed.",
    )
    room = models.ForeignKey(
        Room, on_delete=models.CASCADE, related_name="closures", null=True, blank=True
    )
    start = models.DateTimeField()
    end = models.DateTimeField()
    is_yearly = models.BooleanField("every year", default=False)
    reason = models.CharField(max_length=NAME_LENGTH, blank=True)
    # The public holiday it was loaded for, however staff changed it since.
    holiday = models.DateField(null=True, unique=True, editable=False)

    class Meta:
        ordering = ["start"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="closure_ends_after_it_starts",
                condition=Q(end__gt=F("start")),
                violation_error_message="It has to end after it starts.",
            ),
            models.CheckConstraint(
                name="closure_is_of_one",
                condition=Q(practitioner=None) | Q(room=None),
                violation_error_message="It is a practitioner's or a room's, not both.",
            ),
            models.CheckConstraint(
                name="closure_is_shorter_than_its_year",
                condition=Q(is_yearly=False) | Q(end__lt=F("start") + timedelta(days=365)),
                violation_error_message="What comes every year has to end within one.",
            ),
        ]

    @property
    def title(self) -> str:
        return self.reason or "closed"

    @property
    def whom(self) -> str:
        return str(self.practitioner or self.room or "the whole clinic")

    def __str__(self) -> str:
        return f"{self.title}, {self.whom}, {in_words(self)}"

    def save(self, **options: Unpack[SaveOptions]) -> None:
        """Waits for bookings in these diaries, so that neither misses the other."""
        with diaries.writing():
            self.lock()
            super().save(**options)

    def lock(self) -> None:
        if self.room_id:
            Room.objects.filter(pk=self.room_id).lock()
        elif self.practitioner_id:
            Practitioner.objects.filter(pk=self.practitioner_id).lock()
        else:
            Practitioner.objects.lock()


def in_words(period: Opening | Closure) -> str:
    """From when to when; whole days without a time, the last one included."""
    first, end = timezone.localtime(period.start), timezone.localtime(period.end)
    if not first.time() == end.time() == time.min:
        return f"{moment_in_words(first)} to {moment_in_words(end)}"
    last = end.date() - timedelta(days=1)
    days = day_in_words(first)
    return days if last == first.date() else f"{days} to {day_in_words(last)}"
