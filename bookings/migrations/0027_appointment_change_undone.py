from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("bookings", "0026_appointment_change_reason_and_overrides"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="appointmentchange", name="appointment_change_kind_is_known"
        ),
        migrations.AlterField(
            model_name="appointmentchange",
            name="kind",
            field=models.CharField(
                choices=[
                    ("booked", "Booked"),
                    ("rescheduled", "Rescheduled"),
                    ("cancelled", "Cancelled"),
                    ("marked", "Marked"),
                    ("undone", "Undone"),
                ],
                max_length=11,
            ),
        ),
        migrations.AddConstraint(
            model_name="appointmentchange",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    kind__in=["booked", "rescheduled", "cancelled", "marked", "undone"]
                ),
                name="appointment_change_kind_is_known",
            ),
        ),
    ]
