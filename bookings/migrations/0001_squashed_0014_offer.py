import datetime
import uuid

import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
import django.core.validators
import django.db.models.deletion
import django.db.models.expressions
import django.utils.timezone
from django.db import migrations, models

import bookings.phones
import bookings.references


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Room",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=200, unique=True)),
                ("is_active", models.BooleanField(default=True, verbose_name="in use")),
            ],
            options={
                "ordering": ["name"],
            },
        ),
        migrations.CreateModel(
            name="BookingPolicy",
            fields=[
                (
                    "id",
                    models.BigIntegerField(
                        default=1, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "step_minutes",
                    models.PositiveSmallIntegerField(
                        default=15,
                        help_text="Counted from each opening.",
                        validators=[
                            django.core.validators.MinValueValidator(5),
                            django.core.validators.MaxValueValidator(60),
                        ],
                        verbose_name="a visit begins every (minutes)",
                    ),
                ),
                (
                    "notice_minutes",
                    models.PositiveSmallIntegerField(
                        default=0,
                        help_text="How long before a visit it has to be booked, at the least.",
                        validators=[django.core.validators.MaxValueValidator(10080)],
                        verbose_name="notice (minutes)",
                    ),
                ),
                (
                    "notice_days",
                    models.PositiveSmallIntegerField(
                        default=0,
                        help_text="The same in days at the clinic: with 1, visits are booked from tomorrow on.",
                        validators=[django.core.validators.MaxValueValidator(90)],
                        verbose_name="notice (days)",
                    ),
                ),
                (
                    "horizon_days",
                    models.PositiveSmallIntegerField(
                        default=365,
                        help_text="How many days ahead the diary is open; the last one is open as a whole.",
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(730),
                        ],
                        verbose_name="horizon (days)",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "booking policy",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("id", 1)), name="booking_policy_is_one"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("step_minutes__gte", 5), ("step_minutes__lte", 60)),
                        name="booking_policy_step_is_5_to_60",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("notice_minutes__gte", 0),
                            ("notice_minutes__lte", 10080),
                            ("notice_days__gte", 0),
                            ("notice_days__lte", 90),
                        ),
                        name="booking_policy_notice_is_short",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("horizon_days__gte", 1), ("horizon_days__lte", 730)),
                        name="booking_policy_horizon_is_1_to_730",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Callback",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=200)),
                ("phone", models.CharField(max_length=16, validators=[bookings.phones.validate])),
                ("reason", models.CharField(blank=True, max_length=500)),
                ("best_time", models.CharField(blank=True, max_length=200)),
                (
                    "status",
                    models.CharField(
                        choices=[("pending", "Pending"), ("done", "Done")],
                        default="pending",
                        max_length=7,
                    ),
                ),
                ("conversation", models.CharField(blank=True, editable=False, max_length=200)),
                (
                    "created",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
            ],
            options={
                "ordering": ["created"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("status__in", ["pending", "done"])),
                        name="callback_status_is_known",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Patient",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("name", models.CharField(max_length=200)),
                ("name_key", models.CharField(editable=False, max_length=400)),
                (
                    "phone",
                    models.CharField(
                        blank=True, max_length=16, validators=[bookings.phones.validate]
                    ),
                ),
                ("date_of_birth", models.DateField(blank=True, null=True)),
                ("email", models.EmailField(blank=True, max_length=254)),
                (
                    "created",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
            ],
            options={
                "ordering": ["name"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("phone", ""), _negated=True),
                        fields=("phone", "name_key", "date_of_birth"),
                        name="patient_is_known_once",
                        nulls_distinct=False,
                        violation_error_message="This patient is already known.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ServiceType",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=200, unique=True)),
                (
                    "minutes",
                    models.PositiveSmallIntegerField(
                        validators=[
                            django.core.validators.MinValueValidator(5),
                            django.core.validators.MaxValueValidator(480),
                        ],
                        verbose_name="duration (minutes)",
                    ),
                ),
                (
                    "minutes_before",
                    models.PositiveSmallIntegerField(
                        default=0,
                        validators=[django.core.validators.MaxValueValidator(120)],
                        verbose_name="buffer before (minutes)",
                    ),
                ),
                (
                    "minutes_after",
                    models.PositiveSmallIntegerField(
                        default=0,
                        validators=[django.core.validators.MaxValueValidator(120)],
                        verbose_name="buffer after (minutes)",
                    ),
                ),
                (
                    "aliases",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=200),
                        blank=True,
                        default=list,
                        help_text="Other words callers use for it.",
                        size=None,
                        verbose_name="also called",
                    ),
                ),
                ("is_active", models.BooleanField(default=True, verbose_name="offered")),
                (
                    "most_a_day",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        help_text="Of these with one practitioner, a day at the clinic. Empty: any number.",
                        null=True,
                        validators=[django.core.validators.MinValueValidator(1)],
                        verbose_name="at most (a day)",
                    ),
                ),
                (
                    "rooms",
                    models.ManyToManyField(
                        blank=True,
                        help_text="It needs one of these. None: it needs no room.",
                        related_name="services",
                        to="bookings.room",
                    ),
                ),
            ],
            options={
                "ordering": ["name"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("minutes__gte", 5), ("minutes__lte", 480)),
                        name="service_type_has_a_duration",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("minutes_after__lte", 120), ("minutes_before__lte", 120)
                        ),
                        name="service_type_buffers_are_short",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("most_a_day", None), ("most_a_day__gte", 1), _connector="OR"
                        ),
                        name="service_type_is_had_at_least_once_a_day",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Practitioner",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=200, unique=True)),
                (
                    "aliases",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=200),
                        blank=True,
                        default=list,
                        help_text="Other names callers use.",
                        size=None,
                        verbose_name="also called",
                    ),
                ),
                (
                    "is_active",
                    models.BooleanField(default=True, verbose_name="taking appointments"),
                ),
                (
                    "services",
                    models.ManyToManyField(
                        blank=True, related_name="practitioners", to="bookings.servicetype"
                    ),
                ),
            ],
            options={
                "ordering": ["name"],
            },
        ),
        migrations.CreateModel(
            name="Offer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("conversation", models.CharField(max_length=200)),
                ("caller", models.CharField(blank=True, max_length=16)),
                ("position", models.PositiveSmallIntegerField()),
                ("start", models.DateTimeField()),
                ("blocked", django.contrib.postgres.fields.ranges.DateTimeRangeField()),
                ("expires", models.DateTimeField()),
                (
                    "practitioner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="offers",
                        to="bookings.practitioner",
                    ),
                ),
                (
                    "room",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="offers",
                        to="bookings.room",
                    ),
                ),
                (
                    "service",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="offers",
                        to="bookings.servicetype",
                    ),
                ),
            ],
            options={
                "ordering": ["start"],
                "indexes": [models.Index(fields=["caller"], name="offer_caller")],
                "constraints": [
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[
                            ("practitioner", "="),
                            ("blocked", "&&"),
                            ("conversation", "<>"),
                        ],
                        name="offer_is_of_one_call",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        condition=models.Q(("room__isnull", False)),
                        expressions=[("room", "="), ("blocked", "&&"), ("conversation", "<>")],
                        name="offer_of_a_room_is_of_one_call",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("blocked__isempty", False),
                            ("blocked__lower_inf", False),
                            ("blocked__upper_inf", False),
                        ),
                        name="offer_blocks_a_bounded_period",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("conversation", ""), _negated=True), ("position__lt", 3)
                        ),
                        name="offer_is_of_a_call",
                    ),
                    models.UniqueConstraint(
                        fields=("conversation", "position"), name="offer_is_one_of_three_a_call"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Appointment",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                        verbose_name="UUID",
                    ),
                ),
                (
                    "reference",
                    models.CharField(
                        default=bookings.references.draw, editable=False, max_length=8, unique=True
                    ),
                ),
                ("start", models.DateTimeField()),
                ("end", models.DateTimeField(editable=False)),
                (
                    "blocked",
                    django.contrib.postgres.fields.ranges.DateTimeRangeField(editable=False),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("pending", "Pending"),
                            ("booked", "Booked"),
                            ("arrived", "Arrived"),
                            ("fulfilled", "Fulfilled"),
                            ("cancelled", "Cancelled"),
                            ("noshow", "No-show"),
                            ("entered-in-error", "Entered in error"),
                        ],
                        default="booked",
                        max_length=16,
                    ),
                ),
                (
                    "source",
                    models.CharField(
                        choices=[("voice", "Voice"), ("staff", "Staff")], max_length=5
                    ),
                ),
                ("notes", models.TextField(blank=True, max_length=2000)),
                (
                    "created",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="appointments",
                        to="bookings.patient",
                    ),
                ),
                (
                    "practitioner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="appointments",
                        to="bookings.practitioner",
                    ),
                ),
                (
                    "room",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="appointments",
                        to="bookings.room",
                    ),
                ),
                (
                    "service",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="appointments",
                        to="bookings.servicetype",
                    ),
                ),
            ],
            options={
                "ordering": ["start"],
                "indexes": [models.Index(fields=["start"], name="appointment_start")],
                "constraints": [
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        condition=models.Q(
                            ("status__in", ["pending", "booked", "arrived", "fulfilled"])
                        ),
                        expressions=[("practitioner", "="), ("blocked", "&&")],
                        name="appointment_no_double_booking",
                        violation_error_message="This time is taken.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("blocked__isempty", False),
                            ("blocked__lower_inc", True),
                            ("blocked__lower_inf", False),
                            ("blocked__upper_inc", False),
                            ("blocked__upper_inf", False),
                        ),
                        name="appointment_blocks_a_bounded_period",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("blocked__endswith__gte", models.F("end")),
                            ("blocked__startswith__lte", models.F("start")),
                        ),
                        name="appointment_blocks_at_least_itself",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("end__gt", models.F("start"))),
                        name="appointment_ends_after_it_starts",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "end__lte",
                                django.db.models.expressions.CombinedExpression(
                                    models.F("start"), "+", models.Value(datetime.timedelta(days=1))
                                ),
                            )
                        ),
                        name="appointment_ends_within_a_day",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "status__in",
                                [
                                    "pending",
                                    "booked",
                                    "arrived",
                                    "fulfilled",
                                    "cancelled",
                                    "noshow",
                                    "entered-in-error",
                                ],
                            )
                        ),
                        name="appointment_status_is_known",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(
                            ("status__in", ["pending", "booked", "arrived", "fulfilled"])
                        ),
                        fields=("patient", "service", "start"),
                        name="appointment_is_booked_once",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        condition=models.Q(
                            ("room__isnull", False),
                            ("status__in", ["pending", "booked", "arrived", "fulfilled"]),
                        ),
                        expressions=[("room", "="), ("blocked", "&&")],
                        name="appointment_no_double_booked_room",
                        violation_error_message="The room is taken at this time.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="WaitlistEntry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "weekdays",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.PositiveSmallIntegerField(
                            choices=[
                                (0, "Monday"),
                                (1, "Tuesday"),
                                (2, "Wednesday"),
                                (3, "Thursday"),
                                (4, "Friday"),
                                (5, "Saturday"),
                                (6, "Sunday"),
                            ]
                        ),
                        blank=True,
                        default=list,
                        size=None,
                    ),
                ),
                (
                    "parts",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("morning", "Morning"),
                                ("afternoon", "Afternoon"),
                                ("evening", "Evening"),
                            ],
                            max_length=9,
                        ),
                        blank=True,
                        default=list,
                        size=None,
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[("waiting", "Waiting"), ("done", "Done")],
                        default="waiting",
                        max_length=7,
                    ),
                ),
                (
                    "created",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="waiting",
                        to="bookings.patient",
                    ),
                ),
                (
                    "practitioner",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="waiting",
                        to="bookings.practitioner",
                    ),
                ),
                (
                    "service",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="waiting",
                        to="bookings.servicetype",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "waitlist",
                "ordering": ["created", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("status__in", ["waiting", "done"])),
                        name="waitlist_entry_status_is_known",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("status", "waiting")),
                        fields=("patient", "service"),
                        name="waitlist_entry_waits_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Opening",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("start", models.DateTimeField()),
                ("end", models.DateTimeField()),
                ("reason", models.CharField(blank=True, max_length=200)),
                (
                    "practitioner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="openings",
                        to="bookings.practitioner",
                    ),
                ),
            ],
            options={
                "ordering": ["start"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("end__gt", models.F("start"))),
                        name="opening_ends_after_it_starts",
                        violation_error_message="It has to end after it starts.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="AppointmentChange",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("booked", "Booked"),
                            ("rescheduled", "Rescheduled"),
                            ("cancelled", "Cancelled"),
                            ("marked", "Marked"),
                        ],
                        max_length=11,
                    ),
                ),
                ("at", models.DateTimeField()),
                ("by", models.CharField(blank=True, max_length=200)),
                ("start", models.DateTimeField()),
                ("end", models.DateTimeField()),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("pending", "Pending"),
                            ("booked", "Booked"),
                            ("arrived", "Arrived"),
                            ("fulfilled", "Fulfilled"),
                            ("cancelled", "Cancelled"),
                            ("noshow", "No-show"),
                            ("entered-in-error", "Entered in error"),
                        ],
                        max_length=16,
                    ),
                ),
                (
                    "appointment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="changes",
                        to="bookings.appointment",
                    ),
                ),
                (
                    "practitioner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="bookings.practitioner",
                    ),
                ),
            ],
            options={
                "verbose_name": "change",
                "ordering": ["at", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind__in", ["booked", "rescheduled", "cancelled", "marked"])
                        ),
                        name="appointment_change_kind_is_known",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Closure",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("start", models.DateTimeField()),
                ("end", models.DateTimeField()),
                ("reason", models.CharField(blank=True, max_length=200)),
                ("is_yearly", models.BooleanField(default=False, verbose_name="every year")),
                ("holiday", models.DateField(editable=False, null=True, unique=True)),
                (
                    "practitioner",
                    models.ForeignKey(
                        blank=True,
                        help_text="With neither practitioner nor room, the whole clinic is closed.",
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="closures",
                        to="bookings.practitioner",
                    ),
                ),
                (
                    "room",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="closures",
                        to="bookings.room",
                    ),
                ),
            ],
            options={
                "ordering": ["start"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("end__gt", models.F("start"))),
                        name="closure_ends_after_it_starts",
                        violation_error_message="It has to end after it starts.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("is_yearly", False),
                            (
                                "end__lt",
                                django.db.models.expressions.CombinedExpression(
                                    models.F("start"),
                                    "+",
                                    models.Value(datetime.timedelta(days=365)),
                                ),
                            ),
                            _connector="OR",
                        ),
                        name="closure_is_shorter_than_its_year",
                        violation_error_message="What comes every year has to end within one.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("practitioner", None), ("room", None), _connector="OR"),
                        name="closure_is_of_one",
                        violation_error_message="It is a practitioner's or a room's, not both.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Schedule",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "weekday",
                    models.PositiveSmallIntegerField(
                        choices=[
                            (0, "Monday"),
                            (1, "Tuesday"),
                            (2, "Wednesday"),
                            (3, "Thursday"),
                            (4, "Friday"),
                            (5, "Saturday"),
                            (6, "Sunday"),
                        ]
                    ),
                ),
                ("starts", models.TimeField()),
                ("ends", models.TimeField(help_text="Before the start: on the next day.")),
                (
                    "valid_from",
                    models.DateField(
                        blank=True, help_text="The first day, if it has one.", null=True
                    ),
                ),
                (
                    "valid_until",
                    models.DateField(
                        blank=True, help_text="The last day, if it has one.", null=True
                    ),
                ),
                (
                    "practitioner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="schedules",
                        to="bookings.practitioner",
                    ),
                ),
            ],
            options={
                "ordering": ["weekday", "starts"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_until__gte", models.F("valid_from")),
                            ("valid_from", None),
                            ("valid_until", None),
                            _connector="OR",
                        ),
                        name="schedule_is_valid_forwards",
                        violation_error_message="Its last day has to come after its first.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("weekday__lte", 6)), name="schedule_weekday_is_one"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("ends", models.F("starts")), _negated=True),
                        name="schedule_has_a_length",
                        violation_error_message="It has to end at another time than it starts.",
                    ),
                ],
            },
        ),
    ]
