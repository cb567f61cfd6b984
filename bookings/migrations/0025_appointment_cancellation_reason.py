from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("bookings", "0018_waitlist_entry_waits_once_says_why"),
    ]

    operations = [
        migrations.AddField(
            model_name="appointment",
            name="cancellation_reason",
            field=models.CharField(blank=True, editable=False, max_length=500),
        ),
    ]
