"""The subject: who works when, what can be had, for whom, and the appointment itself."""

import unicodedata
import uuid
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, ClassVar, Self, TypeVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateTimeRangeField, RangeOperators
from django.contrib.postgres.indexes import GinIndex
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import F, Func, Q
from django.db.models.functions import Now
from django.utils import timezone

from bookings import diaries, phones, references
from bookings.preferences import PartOfDay, Preference

LONGEST = timedelta(hours=24)
NAME_LENGTH = 200
NOON, FIVE = time(12), time(17)


class BookingPolicy(models.Model):
    """How the clinic takes bookings. One row at most: without it, the defaults count."""

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
        return cls.objects.first() or cls()

    def clean(self) -> None:
        """Left empty on the page, the defaults count."""
        self.afternoon_from = self.afternoon_from or NOON
        self.evening_from = self.evening_from or FIVE

    @property
    def step(self) -> timedelta:
        return timedelta(minutes=self.step_minutes)

    @property
    def notice(self) -> timedelta:
        return timedelta(minutes=self.notice_minutes)

    def part_at(self, at: time) -> "WaitlistEntry.Part":
        """The part of the clinic's day that a time on its wall falls into."""
        if at < self.afternoon_from:
            return WaitlistEntry.Part.MORNING
        is_evening = at >= self.evening_from
        return WaitlistEntry.Part.EVENING if is_evening else WaitlistEntry.Part.AFTERNOON

    def part_of_day(self, part: str) -> PartOfDay:
        """A part of the clinic's day with its hours on the wall."""
        hours = {
            WaitlistEntry.Part.MORNING: (None, self.afternoon_from),
            WaitlistEntry.Part.AFTERNOON: (self.afternoon_from, self.evening_from),
            WaitlistEntry.Part.EVENING: (self.evening_from, None),
        }
        return PartOfDay(part, *hours[WaitlistEntry.Part(part)])


Diary = TypeVar("Diary", bound=models.Model)


class DiaryQuerySet(models.QuerySet[Diary]):
    """Rows that are diaries: of practitioners, of rooms, and of patients."""

    def hold(self) -> list[Diary]:
        """Wait for the other writers of these diaries, and keep them until the transaction ends.

        Rows are taken in the order of their keys, practitioners before rooms and rooms before
        patients, so that nobody waits in a circle. NO KEY: an appointment's foreign key takes a
        share of the row, which this does not hinder.
        """
        return list(self.select_for_update(no_key=True, of=("self",)).order_by("pk"))


class RoomQuerySet(DiaryQuerySet["Room"]):
    pass


class Room(models.Model):
    """Where some services take place. The row is also the room's diary."""

    name = models.CharField(max_length=NAME_LENGTH, unique=True)
    is_active = models.BooleanField("in use", default=True)

    objects = RoomQuerySet.as_manager()

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

    @property
    def duration(self) -> timedelta:
        return timedelta(minutes=self.minutes)

    @property
    def buffer_before(self) -> timedelta:
        return timedelta(minutes=self.minutes_before)

    @property
    def buffer_after(self) -> timedelta:
        return timedelta(minutes=self.minutes_after)


class PractitionerQuerySet(DiaryQuerySet["Practitioner"]):
    pass


class Practitioner(models.Model):
    """Who sees patients. The row is also the diary: whoever writes in it holds the row."""

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

    objects = PractitionerQuerySet.as_manager()

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


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
    """A period a practitioner works besides their schedule, also where the clinic is closed.

    Closures of the practitioner's own are stronger.
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

    def __str__(self) -> str:
        return self.reason or "open"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Waits for whoever is booking in this diary, so that neither misses the other."""
        with diaries.writing():
            Practitioner.objects.filter(pk=self.practitioner_id).hold()
            super().save(*args, **kwargs)


class Closure(models.Model):
    """A period nobody is available, or one practitioner is not, or one room.

    One that comes every year stands between the same dates and times on the wall. 29 February is
    in leap years only: in others the day does not come, and nothing is closed for it.
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

    def __str__(self) -> str:
        return self.reason or "closed"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Waits for whoever is booking in these diaries, so that neither misses the other."""
        with diaries.writing():
            self.hold()
            super().save(*args, **kwargs)

    def hold(self) -> None:
        if self.room_id:
            Room.objects.filter(pk=self.room_id).hold()
        elif self.practitioner_id:
            Practitioner.objects.filter(pk=self.practitioner_id).hold()
        else:
            Practitioner.objects.hold()


class PatientQuerySet(DiaryQuerySet["Patient"]):
    def verified(self) -> Self:
        return self.filter(claimed_by="")

    def reached_at(self, *numbers: str) -> Self:
        """Those who have one of these numbers (E.164)."""
        return self.filter(Q(phone__in=numbers) | Q(other_phones__overlap=list(numbers)))


class Patient(models.Model):
    """Whom appointments are for. A phone may be a family's: a patient is a phone and a name.

    A patient is verified or claimed. Claimed is one whose details were given by a caller who has
    not proven them: `claimed_by` is the number signalled (E.164) or, when it was withheld, the id
    of the call. A claimed patient is nobody but that caller's, whatever `phone` says.
    """

    FROM_CALLERS = ("name", "phone", "date_of_birth", "email")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=NAME_LENGTH)
    name_key = models.CharField(max_length=NAME_LENGTH * 2, editable=False)
    phone = models.CharField(max_length=16, blank=True, validators=[phones.validate])
    # They open the patient's appointments exactly as `phone` does.
    other_phones = ArrayField(
        models.CharField(max_length=16, validators=[phones.validate]),
        default=list,
        blank=True,
        verbose_name="other phones",
        help_text="Who calls from one of them hears of the patient's appointments, too.",
    )
    # What a record that was merged into this one was called.
    other_names = ArrayField(
        models.CharField(max_length=NAME_LENGTH), default=list, blank=True, editable=False
    )
    date_of_birth = models.DateField(null=True, blank=True)
    # Whether the birthday proves who somebody is: staff wrote or checked it, or the patient's own
    # number gave it. One that came with a claimed record proves nothing, merged or accepted.
    birthday_proves = models.BooleanField(default=True, db_default=False, editable=False)
    email = models.EmailField(blank=True)
    claimed_by = models.CharField(max_length=NAME_LENGTH, blank=True, editable=False)
    # For staff: no answer to a caller depends on it.
    may_be = models.ForeignKey(
        "self", on_delete=models.SET_NULL, related_name="+", null=True, blank=True, editable=False
    )
    # The call that gave the fields named in `given`, and that may put them right.
    given_in = models.CharField(max_length=NAME_LENGTH, blank=True, editable=False)
    given = ArrayField(models.CharField(max_length=20), default=list, blank=True, editable=False)
    created = models.DateTimeField(default=timezone.now, editable=False)

    objects = PatientQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        indexes: ClassVar = [
            GinIndex(fields=["other_phones"], name="patient_other_phones"),
            models.Index(fields=["phone"], name="patient_phone"),
            models.Index(fields=["date_of_birth"], name="patient_date_of_birth"),
        ]
        constraints: ClassVar = [
            # Each caller's own: none is refused, or found, because of somebody else's record.
            models.UniqueConstraint(
                name="patient_is_known_once_to_each_caller",
                fields=["claimed_by", "phone", "name_key", "date_of_birth"],
                nulls_distinct=False,
                condition=~Q(phone=""),
                violation_error_message="This patient is already known.",
            ),
        ]

    def __str__(self) -> str:
        told = f"{self.name}, {self.phone}" if self.phone else self.name
        return told if self.is_verified else f"{told} (unverified)"

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.name_key = name_key(self.name)
        super().save(*args, **kwargs)

    def clean(self) -> None:
        self.name_key = name_key(self.name)

    @property
    def is_verified(self) -> bool:
        return not self.claimed_by

    @property
    def numbers(self) -> list[str]:
        """Every number that is the patient's, E.164."""
        return [number for number in (self.phone, *self.other_phones) if number]

    @property
    def names(self) -> list[str]:
        return [self.name, *self.other_names]

    def may_be_corrected(self, field: str, call: str) -> bool:
        """Whether this very call (its id) gave the field."""
        return bool(call) and self.given_in == call and field in self.given

    def hold(self) -> bool:
        """Keep the record until the transaction ends; False where it is not who it was read as: it
        was merged, erased, or given to somebody else meanwhile."""
        rows = Patient.objects.filter(pk=self.pk).hold()
        return bool(rows) and rows[0].identity == self.identity

    @property
    def identity(self) -> tuple[object, ...]:
        """What a caller is recognised by, but for a birthday, which is only ever added."""
        return self.name_key, self.claimed_by, self.phone, *sorted(self.other_phones)

    @property
    def email_or_placeholder(self) -> str:
        """For systems that insist on one. RFC 2606: nothing under .invalid can be reached."""
        return self.email or f"{self.id}@patient.invalid"


def name_key(name: str) -> str:
    """What the spellings of one name share: case, spacing and accents are the transcriber's."""
    plain = (ch for ch in unicodedata.normalize("NFKD", name) if not unicodedata.combining(ch))
    return " ".join("".join(plain).casefold().split())[: NAME_LENGTH * 2]


class AppointmentQuerySet(models.QuerySet["Appointment"]):
    def occupying(self) -> Self:
        """Those that take time in a diary, whatever their state otherwise."""
        return self.filter(status__in=Appointment.OCCUPYING)

    def blocking(self, start: datetime, end: datetime) -> Self:
        """Those whose blocked period touches [start, end)."""
        return self.occupying().filter(blocked__overlap=DateTimeTZRange(start, end))

    def seeing(self, patient: uuid.UUID, start: datetime, end: datetime | None = None) -> Self:
        """Those at which the patient is somewhere in [start, end): the visit, without buffers."""
        rows = self.occupying().filter(patient=patient, end__gt=start)
        return rows.filter(start__lt=end) if end else rows


class Appointment(models.Model):
    """A booked time. Instants are UTC; the end is excluded.

    Status codes are those of FHIR R5 (https://hl7.org/fhir/R5/valueset-appointmentstatus.html).
    """

    class Status(models.TextChoices):
        PENDING = "pending"
        BOOKED = "booked"
        ARRIVED = "arrived"
        FULFILLED = "fulfilled"
        CANCELLED = "cancelled"
        NO_SHOW = "noshow", "No-show"
        ENTERED_IN_ERROR = "entered-in-error", "Entered in error"

    class Source(models.TextChoices):
        VOICE = "voice"
        STAFF = "staff"

    OCCUPYING = (Status.PENDING, Status.BOOKED, Status.ARRIVED, Status.FULFILLED)

    id = models.UUIDField("UUID", primary_key=True, default=uuid.uuid4, editable=False)
    reference = models.CharField(max_length=8, unique=True, default=references.draw, editable=False)
    practitioner = models.ForeignKey(
        Practitioner, on_delete=models.PROTECT, related_name="appointments"
    )
    room = models.ForeignKey(
        Room,
        on_delete=models.PROTECT,
        related_name="appointments",
        null=True,
        blank=True,
        editable=False,
    )
    service = models.ForeignKey(ServiceType, on_delete=models.PROTECT, related_name="appointments")
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="appointments")
    start = models.DateTimeField()
    end = models.DateTimeField(editable=False)
    blocked = DateTimeRangeField(editable=False)
    status = models.CharField(max_length=16, choices=Status, default=Status.BOOKED)
    source = models.CharField(max_length=5, choices=Source)
    notes = models.TextField(blank=True, max_length=2000)
    # Another number that was said for this visit (E.164), for staff; it opens nothing.
    contact_phone = models.CharField(max_length=16, blank=True, editable=False)
    cancellation_reason = models.CharField(max_length=500, blank=True, editable=False)
    # Booked beside another visit of the patient when that was not refused yet; until it moves.
    overlap_is_kept = models.BooleanField(default=False, editable=False)
    created = models.DateTimeField(default=timezone.now, editable=False)

    objects = AppointmentQuerySet.as_manager()

    class Meta:
        ordering = ["start"]
        permissions: ClassVar = [
            ("override_appointment", "Can book over hours and holds, and change what has begun"),
        ]
        indexes: ClassVar = [models.Index(fields=["start"], name="appointment_start")]
        constraints: ClassVar = [
            ExclusionConstraint(
                name="appointment_no_double_booking",
                expressions=[
                    ("practitioner", RangeOperators.EQUAL),
                    ("blocked", RangeOperators.OVERLAPS),
                ],
                condition=Q(status__in=["pending", "booked", "arrived", "fulfilled"]),
                violation_error_message="This time is taken.",
            ),
            ExclusionConstraint(
                name="appointment_no_double_booked_room",
                expressions=[("room", RangeOperators.EQUAL), ("blocked", RangeOperators.OVERLAPS)],
                condition=Q(
                    room__isnull=False, status__in=["pending", "booked", "arrived", "fulfilled"]
                ),
                violation_error_message="The room is taken at this time.",
            ),
            ExclusionConstraint(
                name="appointment_no_patient_at_two_places",
                expressions=[
                    ("patient", RangeOperators.EQUAL),
                    (
                        Func(
                            "start", "end", function="TSTZRANGE", output_field=DateTimeRangeField()
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                condition=Q(
                    overlap_is_kept=False, status__in=["pending", "booked", "arrived", "fulfilled"]
                ),
                violation_error_message="The patient has another visit at this time.",
            ),
            # An empty period conflicts with nothing and an unbounded one with everything.
            models.CheckConstraint(
                name="appointment_blocks_a_bounded_period",
                condition=Q(
                    blocked__isempty=False,
                    blocked__lower_inf=False,
                    blocked__upper_inf=False,
                    blocked__lower_inc=True,
                    blocked__upper_inc=False,
                ),
            ),
            models.CheckConstraint(
                name="appointment_blocks_at_least_itself",
                condition=Q(blocked__startswith__lte=F("start"), blocked__endswith__gte=F("end")),
            ),
            models.CheckConstraint(
                name="appointment_ends_after_it_starts", condition=Q(end__gt=F("start"))
            ),
            models.CheckConstraint(
                name="appointment_ends_within_a_day",
                condition=Q(end__lte=F("start") + LONGEST),
            ),
            models.CheckConstraint(
                name="appointment_status_is_known",
                condition=Q(
                    status__in=[
                        "pending",
                        "booked",
                        "arrived",
                        "fulfilled",
                        "cancelled",
                        "noshow",
                        "entered-in-error",
                    ]
                ),
            ),
            # A caller who asks twice for the same visit has it once.
            models.UniqueConstraint(
                name="appointment_is_booked_once",
                fields=["patient", "service", "start"],
                condition=Q(status__in=["pending", "booked", "arrived", "fulfilled"]),
            ),
        ]

    def __str__(self) -> str:
        when = timezone.localtime(self.start)
        return f"{self.reference}, {self.patient.name}, {when:%a %d %b %Y %H:%M}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Holds the practitioner's diary, the room's and the patient's while it writes, so that
        every writer queues there."""
        if self._state.adding:
            self.take(self.service)
            while Appointment.objects.filter(reference=self.reference).exists():
                self.reference = references.draw()
        with transaction.atomic():
            Practitioner.objects.filter(pk=self.practitioner_id).hold()
            if self.room_id:
                Room.objects.filter(pk=self.room_id).hold()
            Patient.objects.filter(pk=self.patient_id).hold()
            super().save(*args, **kwargs)

    def take(self, service: ServiceType) -> None:
        """Set the end and the blocked period from the start and what `service` needs.

        In UTC: on the nights the clocks change, an hour added to local time is none or two.
        """
        self.start = self.start.astimezone(UTC)
        self.end = self.start + service.duration
        self.overlap_is_kept = False
        self.blocked = DateTimeTZRange(
            self.start - service.buffer_before, self.end + service.buffer_after
        )

    @property
    def occupies(self) -> bool:
        return self.status in self.OCCUPYING


class AppointmentChange(models.Model):
    """One thing that happened to an appointment, and how it stood afterwards. Only ever added to.

    `by` is the user name of who did it at the front desk, or the id of the call it was asked in.
    """

    class Kind(models.TextChoices):
        BOOKED = "booked"
        RESCHEDULED = "rescheduled"
        CANCELLED = "cancelled"
        MARKED = "marked"
        UNDONE = "undone"

    class Override(models.TextChoices):
        """A rule that staff set aside by an explicit choice."""

        HOURS = "hours", "over hours and rules"
        HOLDS = "holds", "over a held time"
        LENGTH = "length", "another length"
        BEGUN = "begun", "after it began"

    appointment = models.ForeignKey(Appointment, on_delete=models.PROTECT, related_name="changes")
    kind = models.CharField(max_length=11, choices=Kind)
    at = models.DateTimeField()
    source = models.CharField(
        max_length=5, choices=Appointment.Source, db_default=Appointment.Source.VOICE
    )
    by = models.CharField(max_length=NAME_LENGTH, blank=True)
    practitioner = models.ForeignKey(Practitioner, on_delete=models.PROTECT, related_name="+")
    start = models.DateTimeField()
    end = models.DateTimeField()
    status = models.CharField(max_length=16, choices=Appointment.Status)
    reason = models.CharField(max_length=500, blank=True)
    overrides = ArrayField(
        models.CharField(max_length=6, choices=Override), default=list, blank=True
    )

    class Meta:
        ordering = ["at", "pk"]
        verbose_name = "change"
        constraints: ClassVar = [
            models.CheckConstraint(
                name="appointment_change_kind_is_known",
                condition=Q(kind__in=["booked", "rescheduled", "cancelled", "marked", "undone"]),
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {timezone.localtime(self.at):%a %d %b %Y %H:%M}"


class OfferQuerySet(models.QuerySet["Offer"]):
    def standing(self) -> Self:
        """Those that have not run out, by the database's clock."""
        return self.filter(expires__gt=Now())

    def of_others(self, conversation: str, caller: str = "") -> Self:
        """Those of other calls, but for calls of the same number that proves who calls (E.164)."""
        own = Q(conversation=conversation) if conversation else Q(pk=None)
        return self.exclude(own | Q(caller=caller) if caller else own)


class Offer(models.Model):
    """A time that a call was just offered, and that nobody else is until it runs out.

    One that has run out is in nobody's way, whether or not its row is still there.
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
        return f"{self.service}, {timezone.localtime(self.start):%a %d %b %Y %H:%M}"


class Callback(models.Model):
    """Somebody staff promised to call back."""

    class Status(models.TextChoices):
        PENDING = "pending"
        DONE = "done"

    name = models.CharField(max_length=NAME_LENGTH)
    phone = models.CharField(max_length=16, validators=[phones.validate])
    # Whether the call came from `phone`, by the signalling; else it was only said. None: staff
    # wrote it, or it is from before that was kept.
    phone_is_proven = models.BooleanField(null=True, editable=False)
    reason = models.CharField(max_length=500, blank=True)
    best_time = models.CharField(max_length=NAME_LENGTH, blank=True)
    status = models.CharField(max_length=7, choices=Status, default=Status.PENDING)
    conversation = models.CharField(max_length=NAME_LENGTH, blank=True, editable=False)
    created = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["created"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="callback_status_is_known", condition=Q(status__in=["pending", "done"])
            )
        ]

    def __str__(self) -> str:
        return f"{self.name}, {self.phone}"


class WaitlistEntry(models.Model):
    """Who would like a time that becomes free. What is empty leaves all open: any weekday, any part
    of the day, from today on. Days and times are the org's; both days are included, and so is
    `starts_from`, but not `starts_before`."""

    class Status(models.TextChoices):
        WAITING = "waiting"
        DONE = "done"

    class Part(models.TextChoices):
        MORNING = "morning"
        AFTERNOON = "afternoon"
        EVENING = "evening"

    patient = models.ForeignKey(Patient, on_delete=models.CASCADE, related_name="waiting")
    service = models.ForeignKey(ServiceType, on_delete=models.CASCADE, related_name="waiting")
    practitioner = models.ForeignKey(
        Practitioner, on_delete=models.CASCADE, related_name="waiting", null=True, blank=True
    )
    weekdays = ArrayField(
        models.PositiveSmallIntegerField(choices=Schedule.Weekday), default=list, blank=True
    )
    parts = ArrayField(models.CharField(max_length=9, choices=Part), default=list, blank=True)
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
    conversation = models.CharField(max_length=NAME_LENGTH, blank=True, editable=False)
    status = models.CharField(max_length=7, choices=Status, default=Status.WAITING)
    created = models.DateTimeField(default=timezone.now, editable=False)

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
            [f"{word} {told}" for word, told in said if told] for said in (bounds, hours)
        )
        return ", ".join([*weekdays, *days, *self.parts, *times]) or "any time"

    def preference(self, policy: BookingPolicy) -> Preference:
        """What they wait for, by the clinic's parts of the day."""
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
        """Whether a visit at the org's local time with `practitioner` is what they wait for."""
        return not self.preference(policy).misses(local, practitioner.pk)


def in_figures(day: date | None) -> str:
    """“9 Sep 2027”."""
    return f"{day.day} {day:%b %Y}" if day else ""
