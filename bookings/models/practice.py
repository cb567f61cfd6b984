"""Practitioners, the services they offer and the rooms they need."""

from datetime import timedelta
from typing import ClassVar, TypeVar

from django.contrib.postgres.fields import ArrayField, DateTimeRangeField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Func, Q

from bookings import diaries
from tenants import memory
from tenants.postgresql.statements import Given, Statement

LONGEST = timedelta(hours=24)


NAME_LENGTH = 200


Diary = TypeVar("Diary", bound=models.Model)


class Between(Func):
    """From the first of two instants to the second, which is not in it."""

    function = "tstzrange"
    output_field = DateTimeRangeField()


class DiaryQuerySet(models.QuerySet[Diary]):
    """Rows that serve as diaries: practitioners, rooms and patients."""

    def lock(self) -> list[Diary]:
        """Wait for the other writers of these diaries, and lock them until the transaction ends.

        Rows are locked in the order of their keys, practitioners before rooms and rooms before
        patients, so that there is no deadlock. NO KEY is explained at `Bound.locking`, which a
        booking uses.
        """
        rows = list(self.select_for_update(no_key=True, of=("self",)).order_by("pk"))
        diaries.note(rows)
        return rows

    def lock_one(self, key: object) -> None:
        """As `lock`, for the row with this key, unless what is open has locked it already."""
        if not diaries.is_locked(self.model, key):
            self.filter(pk=key).lock()


class Room(models.Model):
    """Where some services take place. The row is also the room's diary."""

    name = models.CharField(max_length=NAME_LENGTH, unique=True)
    is_active = models.BooleanField("in use", default=True)

    objects = DiaryQuerySet["Room"].as_manager()

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class ServiceType(models.Model):
    """What an appointment is for, and how much of a diary it takes."""

    name = models.CharField(max_length=NAME_LENGTH, unique=True)
    minutes = models.PositiveSmallIntegerField(
        "duration (minutes)", validators=[MinValueValidator(5), MaxValueValidator(8 * 60)]
    )
    minutes_before = models.PositiveSmallIntegerField(
        "buffer before (minutes)", default=0, validators=[MaxValueValidator(120)]
    )
    minutes_after = models.PositiveSmallIntegerField(
        "buffer after (minutes)", default=0, validators=[MaxValueValidator(120)]
    )
    most_a_day = models.PositiveSmallIntegerField(
        "at most (a day)",
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text="Of these with one practitioner, a day at the clinic. Empty: any number.",
    )
    aliases = ArrayField(
        models.CharField(max_length=NAME_LENGTH),
        default=list,
        blank=True,
        verbose_name="also called",
        help_text="Other words callers use for it.",
    )
    rooms = models.ManyToManyField(
        Room,
        related_name="services",
        blank=True,
        help_text="It needs one of these. None: it needs no room.",
    )
    is_active = models.BooleanField("offered", default=True)

    class Meta:
        ordering = ["name"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="service_type_has_a_duration", condition=Q(minutes__gte=5, minutes__lte=480)
            ),
            models.CheckConstraint(
                name="service_type_buffers_are_short",
                condition=Q(minutes_before__lte=120, minutes_after__lte=120),
            ),
            models.CheckConstraint(
                name="service_type_is_had_at_least_once_a_day",
                condition=Q(most_a_day=None) | Q(most_a_day__gte=1),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def offered(cls) -> list["ServiceType"]:
        """Those that callers can have, by name. They must not be changed."""
        return [*memory.recall("services", lambda: tuple(cls.objects.filter(is_active=True)))]

    @classmethod
    def known(cls, key: int) -> "ServiceType | None":
        """The row, offered or not. It must not be changed."""
        return memory.recall(("service", key), lambda: cls.objects.filter(pk=key).first())

    @property
    def duration(self) -> timedelta:
        return timedelta(minutes=self.minutes)

    @property
    def buffer_before(self) -> timedelta:
        return timedelta(minutes=self.minutes_before)

    @property
    def buffer_after(self) -> timedelta:
        return timedelta(minutes=self.minutes_after)


class Practitioner(models.Model):
    """Who sees patients. The row is also the diary: a writer locks it."""

    name = models.CharField(max_length=NAME_LENGTH, unique=True)
    aliases = ArrayField(
        models.CharField(max_length=NAME_LENGTH),
        default=list,
        blank=True,
        verbose_name="also called",
        help_text="Other names callers use.",
    )
    services = models.ManyToManyField(ServiceType, related_name="practitioners", blank=True)
    is_active = models.BooleanField("taking appointments", default=True)

    objects = DiaryQuerySet["Practitioner"].as_manager()

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def working(cls) -> list["Practitioner"]:
        """Those who take appointments, by name. They must not be changed."""
        return [*memory.recall("practitioners", lambda: tuple(cls.objects.filter(is_active=True)))]

    @classmethod
    def known(cls, key: int) -> "Practitioner | None":
        """The row, whether they take appointments or not. It must not be changed."""
        return memory.recall(("practitioner", key), lambda: cls.objects.filter(pk=key).first())


PEOPLE = Statement(lambda: Practitioner.objects.filter(pk__any_of=Given("people")).order_by("pk"))
ROOMS = Statement(lambda: Room.objects.filter(Q(pk=Given("room")) | could_be_in()).order_by("pk"))


def could_be_in() -> Q:
    """The rooms of a service."""
    needed = ServiceType.rooms.through.objects.filter(servicetype=Given("service"))
    return Q(pk__in=needed.values("room"))
