import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("bookings", "0016_keep_overlaps_there_are")]

    operations = [
        migrations.AddConstraint(
            model_name="appointment",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                condition=models.Q(
                    ("overlap_is_kept", False),
                    ("status__in", ["pending", "booked", "arrived", "fulfilled"]),
                ),
                expressions=[
                    ("patient", "="),
                    (
                        models.Func(
                            "start",
                            "end",
                            function="TSTZRANGE",
                            output_field=django.contrib.postgres.fields.ranges.DateTimeRangeField(),
                        ),
                        "&&",
                    ),
                ],
                name="appointment_no_patient_at_two_places",
                violation_error_message="The patient has another visit at this time.",
            ),
        ),
    ]
