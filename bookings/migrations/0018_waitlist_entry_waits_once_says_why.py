from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("bookings", "0017_appointment_no_patient_at_two_places"),
    ]

    operations = [
        migrations.AlterConstraint(
            model_name="waitlistentry",
            name="waitlist_entry_waits_once",
            constraint=models.UniqueConstraint(
                condition=models.Q(("status", "waiting")),
                fields=("patient", "service"),
                name="waitlist_entry_waits_once",
                violation_error_message="This patient is waiting for this service already.",
            ),
        ),
    ]
