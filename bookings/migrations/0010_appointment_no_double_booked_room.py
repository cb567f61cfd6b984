import django.contrib.postgres.constraints
from django.db import migrations, models


class Migration(migrations.Migration):
    """No appointment has a room yet: the index it builds is empty."""

    dependencies = [("bookings", "0009_appointment_room")]

    operations = [
        migrations.AddConstraint(
            model_name="appointment",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                condition=models.Q(
                    ("room__isnull", False),
                    ("status__in", ["pending", "booked", "arrived", "fulfilled"]),
                ),
                expressions=[("room", "="), ("blocked", "&&")],
                name="appointment_no_double_booked_room",
                violation_error_message="The room is taken at this time.",
            ),
        ),
    ]
