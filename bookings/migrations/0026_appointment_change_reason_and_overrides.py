import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("bookings", "0025_appointment_cancellation_reason"),
    ]

    operations = [
        migrations.AddField(
            model_name="appointmentchange",
            name="reason",
            field=models.CharField(blank=True, max_length=500),
        ),
        migrations.AddField(
            model_name="appointmentchange",
            name="overrides",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(
                    choices=[
                        ("hours", "over hours and rules"),
                        ("holds", "over a held time"),
                        ("length", "another length"),
                        ("begun", "after it began"),
                    ],
                    max_length=6,
                ),
                blank=True,
                default=list,
                size=None,
            ),
        ),
    ]
