"""Appointments, and the history of each."""

import uuid
from datetime import UTC, datetime
from typing import ClassVar, Self, TypeAlias, Unpack

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateTimeRangeField, RangeOperators
from django.db import models
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import F, Func, Q
from django.db.models.functions import Now

from bookings import diaries, references
from bookings.models.patients import Patient
from bookings.models.practice import LONGEST, NAME_LENGTH, Between, Practitioner, Room, ServiceType
from bookings.models.saving import SaveOptions, Written
from tenants.moments import moment_in_words
from tenants.postgresql.statements import Given, Statement


class AppointmentStatus(models.TextChoices):
    """Codes of FHIR R5 (https://hl7.org/fhir/R5/valueset-appointmentstatus.html)."""

    PENDING = "pending"
    BOOKED = "booked"
    ARRIVED = "arrived"
    FULFILLED = "fulfilled"
    CANCELLED = "cancelled"
    NO_SHOW = "noshow", "No-show"
    ENTERED_IN_ERROR = "entered-in-error", "Entered in error"


# Those of an appointment that takes time in a diary, whatever its state otherwise.
OCCUPYING = [
    AppointmentStatus.PENDING,
    AppointmentStatus.BOOKED,
    AppointmentStatus.ARRIVED,
    AppointmentStatus.FULFILLED,
]


class AppointmentQuerySet(models.QuerySet["Appointment"]):
    def occupying(self) -> Self:
        """The appointments that take time in a diary."""
        return self.filter(status__in=Appointment.OCCUPYING)

    def blocking(self, start: datetime | Given, end: datetime | Given) -> Self:
        """The appointments whose blocked period touches [start, end)."""
        return self.occupying().filter(blocked__overlap=Between(start, end))

    def seeing(
        self, patient: uuid.UUID | Given, start: datetime | Given, end: datetime | None = None
    ) -> Self:
        """The patient's that touch [start, end), without buffers."""
        rows = self.occupying().filter(patient=patient, end__gt=start)
        return rows.filter(start__lt=end) if end else rows


class Appointment(Written):
    """A booked time. Instants are UTC; the end is excluded."""

    Status: TypeAlias = AppointmentStatus
    OCCUPYING = OCCUPYING
    has_own_reference = False  # whether a new one is known to have one that no other has

    class Source(models.TextChoices):
        VOICE = "voice"
        STAFF = "staff"

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
    # Another number that was said for this visit (E.164). For staff: it proves nothing.
    contact_phone = models.CharField(max_length=16, blank=True, editable=False)
    cancellation_reason = models.CharField(max_length=500, blank=True, editable=False)
    # It overlapped another visit of the patient before that was forbidden. Cleared when it moves.
    overlap_is_kept = models.BooleanField(default=False, editable=False)
    # Where the patient is: while “arrived”, waiting or in the room. FHIR says the latter of an
    # encounter, not of an appointment, so it is no status.
    arrived_at = models.DateTimeField(null=True, blank=True, editable=False)
    in_room_since = models.DateTimeField(null=True, blank=True, editable=False)
    created = models.DateTimeField(db_default=Now(), editable=False)

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
                condition=Q(status__in=OCCUPYING),
                violation_error_message="This time is taken.",
            ),
            ExclusionConstraint(
                name="appointment_no_double_booked_room",
                expressions=[("room", RangeOperators.EQUAL), ("blocked", RangeOperators.OVERLAPS)],
                condition=Q(room__isnull=False, status__in=OCCUPYING),
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
                condition=Q(overlap_is_kept=False, status__in=OCCUPYING),
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
                condition=Q(status__in=AppointmentStatus.values),
            ),
            # A caller who asks twice for the same visit has it once.
            models.UniqueConstraint(
                name="appointment_is_booked_once",
                fields=["patient", "service", "start"],
                condition=Q(status__in=OCCUPYING),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reference}, {self.patient.name}, {moment_in_words(self.start)}"

    def save(self, **options: Unpack[SaveOptions]) -> None:
        """Locks the diaries of the practitioner, the room and the patient while it writes, so that
        all writers queue there."""
        if self._state.adding:
            self.take(self.service)
            while not self.has_own_reference and OF_REFERENCE(reference=self.reference):
                self.reference = references.draw()
        with diaries.part():
            Practitioner.objects.lock_one(self.practitioner_id)
            if self.room_id:
                Room.objects.lock_one(self.room_id)
            Patient.objects.lock_one(self.patient_id)
            super().save(**options)

    def take(self, service: ServiceType) -> None:
        """Set the end and the blocked period from the start and what `service` needs.

        In UTC: on the nights when clocks change, an hour of local time is none or two.
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


OF_REFERENCE = Statement(
    lambda: Appointment.objects.filter(reference=Given("reference")).values_list("pk", flat=True)
)


class AppointmentChange(Written):
    """One change of an appointment, with its fields afterwards. Rows are only ever added.

    `by` is the user name at the front desk, or the id of the call in which it was asked for.
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
    arrived_at = models.DateTimeField(null=True, blank=True)
    in_room_since = models.DateTimeField(null=True, blank=True)
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
        return f"{self.get_kind_display()}, {moment_in_words(self.at)}"
