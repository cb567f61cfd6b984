from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("bookings", "0021_appointment_contact_phone"),
    ]

    operations = [
        migrations.AddField(
            model_name="waitlistentry",
            name="conversation",
            field=models.CharField(blank=True, editable=False, max_length=200),
        ),
    ]
