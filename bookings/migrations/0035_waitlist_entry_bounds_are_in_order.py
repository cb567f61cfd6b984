from django.db import migrations, models
from django.db.models import F, Q


class Migration(migrations.Migration):
    dependencies = [
        ("bookings", "0034_waitlist_entry_days_and_hours"),
    ]

    operations = [
        migrations.AddConstraint(
            model_name="waitlistentry",
            constraint=models.CheckConstraint(
                condition=Q(first_day=None) | Q(last_day=None) | Q(last_day__gte=F("first_day")),
                name="waitlist_entry_days_are_in_order",
                violation_error_message="The last day has to come after the first.",
            ),
        ),
        migrations.AddConstraint(
            model_name="waitlistentry",
            constraint=models.CheckConstraint(
                condition=Q(starts_from=None)
                | Q(starts_before=None)
                | Q(starts_before__gt=F("starts_from")),
                name="waitlist_entry_hours_are_in_order",
                violation_error_message="The hours have to end after they begin.",
            ),
        ),
    ]
