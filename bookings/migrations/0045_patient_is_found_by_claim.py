from django.db import migrations, models


class Migration(migrations.Migration):
    """Without it every booking looks through all patients for those that its caller claimed."""

    dependencies = [("bookings", "0044_feed")]

    operations = [
        migrations.AddIndex(
            model_name="patient",
            index=models.Index(
                fields=["claimed_by"],
                condition=models.Q(("claimed_by", ""), _negated=True),
                name="patient_claimed_by",
            ),
        ),
    ]
