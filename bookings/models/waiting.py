"""Patients who wait: for a call back, or for a time that becomes free."""

from datetime import date, datetime
from typing import ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from bookings import phones
from bookings.models.appointments import Appointment
from bookings.models.hours import Schedule
from bookings.models.patients import Patient
from bookings.models.policy import BookingPolicy, DayPart
from bookings.models.practice import NAME_LENGTH, Practitioner, ServiceType
from bookings.preferences import Preference


def answered_by() -> "models.ForeignKey[Appointment | None, Appointment | None]":
    return models.ForeignKey(
        Appointment, models.SET_NULL, null=True, blank=True, editable=False, related_name="+"
    )


class CallbackQuerySet(models.QuerySet["Callback"]):
    def open(self) -> Self:
        return self.filter(status=Callback.Status.PENDING)


class Callback(models.Model):
    """A call back that was promised."""

    class Status(models.TextChoices):
        PENDING = "pending"
        DONE = "done"

    name = models.CharField(max_length=NAME_LENGTH)
    phone = models.CharField(max_length=16, validators=[phones.validate])
    # Whether the call came from `phone` (by the signalling), or the number was only said. None:
    # staff wrote it, or the row is older than this field.
    phone_is_proven = models.BooleanField(null=True, editable=False)
    reason = models.CharField(max_length=500, blank=True)
    best_time = models.CharField(max_length=NAME_LENGTH, blank=True)
    status = models.CharField(max_length=7, choices=Status, default=Status.PENDING)
    conversation = models.CharField(max_length=NAME_LENGTH, blank=True, editable=False)
    # Who of staff has taken it on, and who called back, by user name; and what came of it.
    owner = models.CharField(max_length=NAME_LENGTH, blank=True, db_default="", editable=False)
    done_by = models.CharField(max_length=NAME_LENGTH, blank=True, db_default="", editable=False)
    done_at = models.DateTimeField(null=True, blank=True, editable=False)
    note = models.CharField(max_length=500, blank=True, db_default="")
    # The visit whose booking made it done; none where it was marked by hand.
    appointment = answered_by()
    created = models.DateTimeField(db_default=Now(), editable=False)

    objects = CallbackQuerySet.as_manager()

    class Meta:
        ordering = ["created"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="callback_status_is_known", condition=Q(status__in=["pending", "done"])
            )
        ]

    def __str__(self) -> str:
        return phones.beside(self.name, self.phone)

    def finish(self, *, by: str, now: datetime, visit: Appointment | None = None) -> None:
        """Done, by this user of staff. Not saved."""
        self.status, self.done_by, self.done_at = self.Status.DONE, by, now
        self.appointment = visit

    def reopen(self) -> None:
        """Not done after all. Not saved."""
        self.status, self.done_by, self.done_at = self.Status.PENDING, "", None
        self.appointment = None


class Look(models.Model):
    """When somebody of staff, by user name, last looked at what callers changed."""

    reader = models.CharField(max_length=NAME_LENGTH, unique=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.reader}, {self.at}"


class WaitlistEntryQuerySet(models.QuerySet["WaitlistEntry"]):
    def open(self) -> Self:
        return self.filter(status=WaitlistEntry.Status.WAITING)


class WaitlistEntry(models.Model):
    """A patient who would like a time that becomes free. An empty field allows all: any weekday,
    any part of the day, from today on. Days and times are the org's. `first_day`, `last_day` and
    `starts_from` are included, `starts_before` is not."""

    class Status(models.TextChoices):
        WAITING = "waiting"
        DONE = "done"

    patient = models.ForeignKey(Patient, on_delete=models.CASCADE, related_name="waiting")
    service = models.ForeignKey(ServiceType, on_delete=models.CASCADE, related_name="waiting")
    practitioner = models.ForeignKey(
        Practitioner, on_delete=models.CASCADE, related_name="waiting", null=True, blank=True
    )
    weekdays = ArrayField(
        models.PositiveSmallIntegerField(choices=Schedule.Weekday), default=list, blank=True
    )
    parts = ArrayField(models.CharField(max_length=9, choices=DayPart), default=list, blank=True)
    first_day = models.DateField(
        "not before", null=True, blank=True, help_text="The first day that suits. Empty: any."
    )
    last_day = models.DateField(
        "not after", null=True, blank=True, help_text="The last day that suits. Empty: any."
    )
    starts_from = models.TimeField(
        "from",
        null=True,
        blank=True,
        help_text="The earliest a visit may begin, on the clinic's clock.",
    )
    starts_before = models.TimeField(
        "before", null=True, blank=True, help_text="A visit has to begin before it."
    )
    only_days = ArrayField(
        models.DateField(),
        default=list,
        db_default=[],
        blank=True,
        help_text="These days and no others, with commas between them.",
    )
    excluded_days = ArrayField(
        models.DateField(),
        default=list,
        db_default=[],
        blank=True,
        help_text="Days that do not suit, with commas between them.",
    )
    # A number that the caller gave to be called at, if it is not the patient's.
    contact_phone = models.CharField(max_length=16, blank=True, db_default="", editable=False)
    conversation = models.CharField(max_length=NAME_LENGTH, blank=True, editable=False)
    status = models.CharField(max_length=7, choices=Status, default=Status.WAITING)
    # The visit whose booking made it done; none where it was marked by hand.
    appointment = answered_by()
    created = models.DateTimeField(db_default=Now(), editable=False)

    objects = WaitlistEntryQuerySet.as_manager()

    class Meta:
        ordering = ["created", "pk"]
        verbose_name_plural = "waitlist"
        constraints: ClassVar = [
            models.CheckConstraint(
                name="waitlist_entry_status_is_known", condition=Q(status__in=["waiting", "done"])
            ),
            models.CheckConstraint(
                name="waitlist_entry_days_are_in_order",
                condition=Q(first_day=None) | Q(last_day=None) | Q(last_day__gte=F("first_day")),
                violation_error_message="The last day has to come after the first.",
            ),
            models.CheckConstraint(
                name="waitlist_entry_hours_are_in_order",
                condition=Q(starts_from=None)
                | Q(starts_before=None)
                | Q(starts_before__gt=F("starts_from")),
                violation_error_message="The hours have to end after they begin.",
            ),
            models.UniqueConstraint(
                name="waitlist_entry_waits_once",
                fields=["patient", "service"],
                condition=Q(status="waiting"),
                violation_error_message="This patient is waiting for this service already.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.patient} for {self.service}"

    @property
    def wants(self) -> str:
        """“Tuesday, morning, until 9 Sep 2027”, for staff."""
        weekdays = [Schedule.Weekday(day).label for day in self.weekdays]
        bounds = (
            ("only", " or ".join(map(in_figures, self.only_days))),
            ("from", in_figures(self.first_day)),
            ("until", in_figures(self.last_day)),
            ("not", " or ".join(map(in_figures, self.excluded_days))),
        )
        hours = (
            ("from", f"{self.starts_from:%H:%M}" if self.starts_from else ""),
            ("before", f"{self.starts_before:%H:%M}" if self.starts_before else ""),
        )
        days, times = (
            [f"{word} {value}" for word, value in pairs if value] for pairs in (bounds, hours)
        )
        return ", ".join([*weekdays, *days, *self.parts, *times]) or "any time"

    def preference(self, policy: BookingPolicy) -> Preference:
        """What is waited for, with the clinic's parts of the day."""
        return Preference(
            self.starts_from,
            self.starts_before,
            frozenset(self.weekdays),
            self.practitioner_id,
            self.first_day,
            self.last_day,
            frozenset(self.only_days),
            frozenset(self.excluded_days),
            tuple(policy.part_of_day(part) for part in self.parts),
        )

    def would_like(
        self, local: datetime, practitioner: Practitioner, policy: BookingPolicy
    ) -> bool:
        """Whether a visit at `local`, the org's time, with `practitioner` is what is waited for."""
        return not self.preference(policy).misses(local, practitioner.pk)


def in_figures(day: date | None) -> str:
    """“9 Sep 2027”."""
    return f"{day.day} {day:%b %Y}" if day else ""
