from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("bookings", "0030_booking_policy_evening_follows_afternoon"),
    ]

    operations = [
        migrations.AddField(
            model_name="patient",
            name="birthday_proves",
            field=models.BooleanField(db_default=False, default=True, editable=False),
        ),
    ]
