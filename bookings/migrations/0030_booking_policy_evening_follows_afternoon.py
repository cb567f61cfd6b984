from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("bookings", "0029_booking_policy_parts_of_the_day"),
    ]

    operations = [
        migrations.AddConstraint(
            model_name="bookingpolicy",
            constraint=models.CheckConstraint(
                condition=models.Q(("evening_from__gt", models.F("afternoon_from"))),
                name="booking_policy_evening_follows_afternoon",
                violation_error_message="The evening has to begin after the afternoon.",
            ),
        ),
    ]
