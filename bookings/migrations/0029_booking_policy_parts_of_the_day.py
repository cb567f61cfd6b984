from datetime import time

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("bookings", "0028_appointment_override_permission"),
    ]

    operations = [
        migrations.AddField(
            model_name="bookingpolicy",
            name="afternoon_from",
            field=models.TimeField(
                blank=True,
                db_default=time(12, 0),
                default=time(12, 0),
                help_text=(
                    "Where a morning ends, for callers who ask for one, and an afternoon begins."
                ),
            ),
        ),
        migrations.AddField(
            model_name="bookingpolicy",
            name="evening_from",
            field=models.TimeField(blank=True, db_default=time(17, 0), default=time(17, 0)),
        ),
    ]
